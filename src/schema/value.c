/* Scalars by themselves: their order for sorting, their text for search and regex. Declared in
 * projection.h, whose paths find them. */
#include <math.h>

#include "schema/number.h"
#include "schema/projection.h"
#include "util/text.h"

/* Kinds of values that compare with each other, in their order. */
enum kind { KIND_ABSENT, KIND_NUMBER, KIND_TEXT, KIND_MAC, KIND_UUID, KIND_KEY, KIND_OTHER };

static enum kind kind_of(const struct value *value)
{
    if (value->absent)
        return KIND_ABSENT;
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT: return KIND_TEXT;
    case FIELD_MAC: return KIND_MAC;
    case FIELD_UUID: return KIND_UUID;
    case FIELD_KEY: return KIND_KEY;
    case FIELD_BYTES: return KIND_TEXT;
    default: return value->type <= FIELD_DOUBLE ? KIND_NUMBER : KIND_OTHER;
    }
}

static bool is_natural(const struct value *value)
{
    return value->type == FIELD_UINT8 || value->type == FIELD_UINT16 ||
           value->type == FIELD_UINT32 || value->type == FIELD_UINT64 ||
           value->type == FIELD_BOOLEAN;
}

static bool is_decimal(const struct value *value)
{
    return value->type == FIELD_FLOAT || value->type == FIELD_DOUBLE;
}

static long double number_of(const struct value *value)
{
    if (is_decimal(value)) /* not a number sorts before all numbers */
        return isnan(value->number) ? -HUGE_VALL : value->number;
    return is_natural(value) ? (long double)value->natural : (long double)value->integer;
}

static int compare_numbers(const struct value *a, const struct value *b)
{
    if (is_decimal(a) || is_decimal(b)) {
        long double left = number_of(a), right = number_of(b);
        return (left > right) - (left < right);
    }
    bool a_below = !is_natural(a) && a->integer < 0, b_below = !is_natural(b) && b->integer < 0;
    if (a_below != b_below)
        return a_below ? -1 : 1;
    if (a_below)
        return (a->integer > b->integer) - (a->integer < b->integer);
    return (a->natural > b->natural) - (a->natural < b->natural);
}

static int compare_bytes(const void *a, size_t a_length, const void *b, size_t b_length)
{
    size_t shared = a_length < b_length ? a_length : b_length;
    int order = shared ? memcmp(a, b, shared) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static const void *bytes_of(const struct value *value, size_t *ret_length)
{
    bool text = value->type != FIELD_BYTES;
    *ret_length = text ? value->length : value->bytes.length;
    return text ? (const void *)value->text : value->bytes.data;
}

static int compare_keys(struct device_key a, struct device_key b)
{
    if (a.phy != b.phy)
        return a.phy > b.phy ? 1 : -1;
    return (a.mac > b.mac) - (a.mac < b.mac);
}

int value_compare(const struct value *a, const struct value *b)
{
    enum kind kind = kind_of(a);
    if (kind != kind_of(b))
        return kind > kind_of(b) ? 1 : -1;
    size_t a_length, b_length;
    const void *a_bytes, *b_bytes;
    switch (kind) {
    case KIND_NUMBER: return compare_numbers(a, b);
    case KIND_TEXT:
        a_bytes = bytes_of(a, &a_length);
        b_bytes = bytes_of(b, &b_length);
        return compare_bytes(a_bytes, a_length, b_bytes, b_length);
    case KIND_MAC: return memcmp(&a->mac, &b->mac, sizeof a->mac);
    case KIND_UUID: return memcmp(&a->uuid, &b->uuid, sizeof a->uuid);
    case KIND_KEY: return compare_keys(a->key, b->key);
    default: return 0;
    }
}

static void add_number(const struct value *value, struct buffer *buffer)
{
    uint8_t *at = buffer_room(buffer, NUMBER_ANY);
    if (!at)
        return;
    uint8_t *end = is_decimal(value)   ? number_write_double(at, value->number)
                   : is_natural(value) ? number_write_u64(at, value->natural)
                                       : number_write_i64(at, value->integer);
    buffer_advance(buffer, (size_t)(end - at));
}

void value_text(const struct value *value, struct buffer *buffer)
{
    char text[UUID_TEXT];
    if (value->absent)
        return;
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
        if (value->length)
            buffer_add(buffer, value->text, value->length);
        break;
    case FIELD_MAC:
        macaddr_write(value->mac, text);
        buffer_add_text(buffer, text);
        break;
    case FIELD_UUID:
        uuid_write(value->uuid, text);
        buffer_add_text(buffer, text);
        break;
    case FIELD_KEY: buffer_add(buffer, text, device_key_write(value->key, text)); break;
    case FIELD_BYTES:
        if (value->bytes.length)
            text_add_hex(buffer, value->bytes.data, value->bytes.length);
        break;
    default:
        if (value->type <= FIELD_DOUBLE)
            add_number(value, buffer);
        break;
    }
}
