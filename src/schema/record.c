/* Rows of records: finding them by name, reading the value behind one, and the text of device
 * keys (both halves byte-swapped, upper-case hex without padding: reference, device keys). */
#include "schema/record.h"

#include <errno.h>
#include <string.h>

#include "schema/number.h"

/* Eight hex digits in capitals, the first one in the lowest byte: the nibbles are spread to a byte
 * each, and those above 9 moved on to the letters. */
static uint64_t hex_digits(uint32_t number)
{
    const uint64_t every = 0x0101010101010101;
    uint64_t spread = __builtin_bswap32(number);
    spread = (spread | spread << 16) & 0x0000ffff0000ffff;
    spread = (spread | spread << 8) & 0x00ff00ff00ff00ff;
    spread = (spread >> 4 | spread << 8) & (every * 0x0f);
    uint64_t letters = (spread + every * 6) >> 4 & every;
    return spread + every * '0' + letters * ('A' - '0' - 10);
}

/* Without leading zeroes. Writes as many bytes as a number of 16 digits takes. */
static size_t write_half(char *at, uint64_t number)
{
    uint64_t digits[4] = {hex_digits((uint32_t)(number >> 32)), hex_digits((uint32_t)number)};
    size_t length = number ? (67 - (size_t)__builtin_clzll(number)) / 4 : 1;
    memcpy(at, (const char *)digits + 16 - length, 16);
    return length;
}

size_t device_key_write(struct device_key key, char ret_text[DEVICE_KEY_TEXT])
{
    size_t length = write_half(ret_text, __builtin_bswap64(key.phy));
    ret_text[length++] = '_';
    length += write_half(ret_text + length, __builtin_bswap64(key.mac));
    ret_text[length] = '\0';
    return length;
}

/* One to sixteen hex digits. 0, or -EINVAL. */
static int parse_half(const char *text, size_t length, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!length || length > 16)
        return -EINVAL;
    for (size_t i = 0; i < length; i++) {
        char digit = text[i], letter = (char)(digit | 0x20);
        if (digit >= '0' && digit <= '9')
            number = number << 4 | (uint64_t)(digit - '0');
        else if (letter >= 'a' && letter <= 'f')
            number = number << 4 | (uint64_t)(letter - 'a' + 10);
        else
            return -EINVAL;
    }
    *ret_number = number;
    return 0;
}

int device_key_parse(const char *text, size_t length, struct device_key *ret_key)
{
    const char *middle = length ? memchr(text, '_', length) : NULL;
    uint64_t phy, mac;
    if (!middle || parse_half(text, (size_t)(middle - text), &phy))
        return -EINVAL;
    if (parse_half(middle + 1, length - (size_t)(middle - text) - 1, &mac))
        return -EINVAL;
    *ret_key = (struct device_key){__builtin_bswap64(phy), __builtin_bswap64(mac)};
    return 0;
}

const struct field *record_find(const struct record_type *type, const char *name, size_t length)
{
    for (size_t i = 0; type && i < type->count; i++) {
        const char *row = type->fields[i].name;
        if (strlen(row) == length && memcmp(row, name, length) == 0)
            return &type->fields[i];
    }
    return NULL;
}

/* The plain member at `at` as a value; `ret` has its type set. */
static void read_member(const struct field *field, const void *at, struct value *ret)
{
    const struct string *string;
    switch (field->type) {
    case FIELD_STRING:
        string = *(const struct string *const *)at;
        ret->text = string_text(string);
        ret->length = string_length(string);
        break;
    case FIELD_TEXT:
        ret->text = *(const char *const *)at;
        ret->length = ret->text ? strlen(ret->text) : 0;
        break;
    case FIELD_INT8: ret->integer = *(const int8_t *)at; break;
    case FIELD_BOOLEAN:
    case FIELD_UINT8: ret->natural = *(const uint8_t *)at; break;
    case FIELD_INT16: ret->integer = *(const int16_t *)at; break;
    case FIELD_UINT16: ret->natural = *(const uint16_t *)at; break;
    case FIELD_INT32: ret->integer = *(const int32_t *)at; break;
    case FIELD_UINT32: ret->natural = *(const uint32_t *)at; break;
    case FIELD_INT64: ret->integer = *(const int64_t *)at; break;
    case FIELD_UINT64: ret->natural = *(const uint64_t *)at; break;
    case FIELD_FLOAT: ret->number = *(const float *)at; break;
    case FIELD_DOUBLE: ret->number = *(const double *)at; break;
    case FIELD_MAC: ret->mac = *(const struct macaddr *)at; break;
    case FIELD_UUID: ret->uuid = *(const struct uuid *)at; break;
    case FIELD_KEY: ret->key = *(const struct device_key *)at; break;
    case FIELD_BYTES: ret->bytes = *(const struct bytes *)at; break;
    case FIELD_POINT: ret->point = *(const struct point *)at; break;
    case FIELD_SERIES:
        ret->numbers = at;
        ret->count = field->count;
        break;
    case FIELD_RECORD: ret->record = *(const void *const *)at; break;
    case FIELD_INLINE: ret->record = at; break;
    default: ret->absent = true; break; /* lists and maps have no value */
    }
}

/* Zero, NULL or empty: what an OPTIONAL row leaves out. */
static bool is_empty(const struct value *value)
{
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT: return !value->length;
    case FIELD_FLOAT:
    case FIELD_DOUBLE: return value->number == 0;
    case FIELD_MAC: return macaddr_is_zero(value->mac);
    case FIELD_UUID: return uuid_equal(value->uuid, (struct uuid){{0}});
    case FIELD_KEY: return !value->key.phy && !value->key.mac;
    case FIELD_BYTES: return !value->bytes.length;
    case FIELD_POINT: return value->point.longitude == 0 && value->point.latitude == 0;
    case FIELD_SERIES: return !value->count;
    case FIELD_RECORD:
    case FIELD_INLINE: return !value->record;
    default: return !value->natural;
    }
}

void record_value(const struct field *field, const void *record, struct view *view,
                  struct value *ret)
{
    *ret = (struct value){.type = field->type};
    if (field->next)
        ret->absent = true;
    else if (field->get)
        field->get(record, view, ret);
    else
        read_member(field, (const uint8_t *)record + field->offset, ret);
    if (ret->absent)
        return;
    bool is_record = ret->type == FIELD_RECORD || ret->type == FIELD_INLINE;
    if ((is_record || field->flags & FIELD_OPTIONAL) && is_empty(ret))
        ret->absent = true;
}
