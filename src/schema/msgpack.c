/* msgpack tokens. See msgpack.h for the specification and the rules kept. */
#include "schema/msgpack.h"

#include <endian.h>
#include <math.h>

#include "schema/number.h"
#include "util/text.h"

enum {
    FIXMAP = 0x80,
    FIXARRAY = 0x90,
    FIXSTR = 0xa0,
    FLOAT32 = 0xca,
    FLOAT64 = 0xcb,
    UINT8 = 0xcc,
    UINT16 = 0xcd,
    UINT32 = 0xce,
    UINT64 = 0xcf,
    INT8 = 0xd0,
    INT16 = 0xd1,
    INT32 = 0xd2,
    INT64 = 0xd3,
    STR8 = 0xd9,
    STR16 = 0xda,
    STR32 = 0xdb,
    ARRAY16 = 0xdc,
    ARRAY32 = 0xdd,
    MAP16 = 0xde,
    MAP32 = 0xdf,
};

static uint8_t *write_8(uint8_t *at, uint8_t code, uint8_t number)
{
    at[0] = code;
    at[1] = number;
    return at + 2;
}

static uint8_t *write_16(uint8_t *at, uint8_t code, uint16_t number)
{
    uint16_t big = htobe16(number);
    at[0] = code;
    memcpy(at + 1, &big, 2);
    return at + 3;
}

static uint8_t *write_32(uint8_t *at, uint8_t code, uint32_t number)
{
    uint32_t big = htobe32(number);
    at[0] = code;
    memcpy(at + 1, &big, 4);
    return at + 5;
}

static uint8_t *write_64(uint8_t *at, uint8_t code, uint64_t number)
{
    uint64_t big = htobe64(number);
    at[0] = code;
    memcpy(at + 1, &big, 8);
    return at + 9;
}

uint8_t *msgpack_write_u64(uint8_t *at, uint64_t number)
{
    if (number < 0x80) {
        *at = (uint8_t)number;
        return at + 1;
    }
    if (number <= UINT8_MAX)
        return write_8(at, UINT8, (uint8_t)number);
    if (number <= UINT16_MAX)
        return write_16(at, UINT16, (uint16_t)number);
    if (number <= UINT32_MAX)
        return write_32(at, UINT32, (uint32_t)number);
    return write_64(at, UINT64, number);
}

uint8_t *msgpack_write_i64(uint8_t *at, int64_t number)
{
    if (number >= 0)
        return msgpack_write_u64(at, (uint64_t)number);
    if (number >= -32) {
        *at = (uint8_t)number;
        return at + 1;
    }
    if (number >= INT8_MIN)
        return write_8(at, INT8, (uint8_t)number);
    if (number >= INT16_MIN)
        return write_16(at, INT16, (uint16_t)number);
    if (number >= INT32_MIN)
        return write_32(at, INT32, (uint32_t)number);
    return write_64(at, INT64, (uint64_t)number);
}

uint8_t *msgpack_write_boolean(uint8_t *at, bool yes)
{
    *at = yes ? 0xc3 : 0xc2;
    return at + 1;
}

uint8_t *msgpack_write_float64(uint8_t *at, double number)
{
    uint64_t bits;
    if (!isfinite(number))
        number = 0;
    memcpy(&bits, &number, sizeof bits);
    return write_64(at, FLOAT64, bits);
}

uint8_t *msgpack_write_float32(uint8_t *at, float number)
{
    uint32_t bits;
    if (!isfinite(number))
        number = 0;
    memcpy(&bits, &number, sizeof bits);
    return write_32(at, FLOAT32, bits);
}

uint8_t *msgpack_write_number(uint8_t *at, double number)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    if (number < exact && number > -exact) {
        int64_t whole = (int64_t)number;
        if ((double)whole == number)
            return msgpack_write_i64(at, whole);
    } else if (!isfinite(number)) {
        *at = 0;
        return at + 1;
    }
    return msgpack_write_float64(at, number);
}

uint8_t *msgpack_write_array(uint8_t *at, uint32_t count)
{
    if (count < 16) {
        *at = (uint8_t)(FIXARRAY | count);
        return at + 1;
    }
    return count <= UINT16_MAX ? write_16(at, ARRAY16, (uint16_t)count)
                               : write_32(at, ARRAY32, count);
}

uint8_t *msgpack_write_map(uint8_t *at, uint32_t count)
{
    if (count < 16) {
        *at = (uint8_t)(FIXMAP | count);
        return at + 1;
    }
    return count <= UINT16_MAX ? write_16(at, MAP16, (uint16_t)count) : write_32(at, MAP32, count);
}

static uint8_t *write_text_head(uint8_t *at, size_t length)
{
    if (length < 32) {
        *at = (uint8_t)(FIXSTR | length);
        return at + 1;
    }
    if (length <= UINT8_MAX)
        return write_8(at, STR8, (uint8_t)length);
    return length <= UINT16_MAX ? write_16(at, STR16, (uint16_t)length)
                                : write_32(at, STR32, (uint32_t)length);
}

/* A text with invalid bytes: measured, then written with U+FFFD in their places. */
static uint8_t *write_mended(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    size_t bad = 0;
    for (size_t done = 0; done < length; done++, bad++) {
        done += text_utf8_valid(text + done, length - done);
        if (done >= length)
            break;
    }
    at = emit_room(buffer, at, length + 2 * bad + 5);
    if (!at)
        return NULL;
    at = write_text_head(at, length + 2 * bad);
    for (size_t done = 0; done < length; done++) {
        size_t valid = text_utf8_valid(text + done, length - done);
        memcpy(at, text + done, valid);
        at += valid;
        done += valid;
        if (done >= length)
            break;
        memcpy(at, "\xef\xbf\xbd", 3);
        at += 3;
    }
    return at;
}

static bool is_ascii(const char *text, size_t length)
{
    uint64_t word, any = 0;
    size_t done = 0;
    for (; done + 8 <= length; done += 8) {
        memcpy(&word, text + done, 8);
        any |= word;
    }
    for (; done < length; done++)
        any |= (uint8_t)text[done];
    return !(any & 0x8080808080808080);
}

uint8_t *msgpack_write_text(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    if (!is_ascii(text, length) && text_utf8_valid(text, length) != length)
        return write_mended(buffer, at, text, length);
    at = emit_room(buffer, at, length + 5);
    if (!at)
        return NULL;
    at = write_text_head(at, length);
    if (length)
        memcpy(at, text, length);
    return at + length;
}

uint8_t *msgpack_write_bytes(struct buffer *buffer, uint8_t *at, struct bytes bytes)
{
    at = emit_room(buffer, at, 2 * bytes.length + 5);
    if (!at)
        return NULL;
    at = write_text_head(at, 2 * bytes.length);
    return number_write_hex(at, bytes.data, bytes.length);
}

uint8_t *msgpack_write_series(struct buffer *buffer, uint8_t *at, const double *numbers,
                              size_t count)
{
    at = emit_room(buffer, at, 9 * count + 5);
    if (!at)
        return NULL;
    at = msgpack_write_array(at, (uint32_t)count);
    for (size_t i = 0; i < count;) {
        if (i + 8 <= count && number_zeroes(numbers + i)) {
            memset(at, 0, 8);
            at += 8;
            i += 8;
            continue;
        }
        at = msgpack_write_number(at, numbers[i++]);
    }
    return at;
}

uint8_t *msgpack_write_mac(uint8_t *at, struct macaddr mac)
{
    *at++ = FIXSTR | (MACADDR_TEXT - 1);
    for (int i = 0; i < 6; i++, at += 3) {
        number_write_hex(at, &mac.octet[i], 1);
        at[2] = ':';
    }
    return at - 1;
}

uint8_t *msgpack_write_uuid(uint8_t *at, struct uuid uuid)
{
    at = write_text_head(at, UUID_TEXT - 1);
    uuid_write(uuid, (char *)at);
    return at + UUID_TEXT - 1;
}

uint8_t *msgpack_write_key(uint8_t *at, struct device_key key)
{
    char text[DEVICE_KEY_TEXT];
    size_t length = device_key_write(key, text);
    at = write_text_head(at, length);
    memcpy(at, text, length);
    return at + length;
}

uint8_t *msgpack_reserve(uint8_t *at, uint32_t most)
{
    return at + (most < 16 ? 1 : 3);
}

/* The head at offset `head` takes a container of `count`: `fix` the code of its one-byte form,
 * `code` of its 16-bit one; the 32-bit one is the next. An empty one shrinks to a byte. */
static uint8_t *patch(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                      uint32_t count, uint8_t fix, uint8_t code)
{
    uint8_t *place = buffer->data + head;
    if (most < 16 || !count) {
        *place = (uint8_t)(fix | count);
        return count ? at : place + 1;
    }
    if (count <= UINT16_MAX) {
        write_16(place, code, (uint16_t)count);
        return at;
    }
    at = emit_room(buffer, at, 2);
    if (!at)
        return NULL;
    place = buffer->data + head;
    memmove(place + 5, place + 3, (size_t)(at - place) - 3);
    write_32(place, (uint8_t)(code + 1), count);
    return at + 2;
}

uint8_t *msgpack_patch_array(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                             uint32_t count)
{
    return patch(buffer, at, head, most, count, FIXARRAY, ARRAY16);
}

uint8_t *msgpack_patch_map(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                           uint32_t count)
{
    return patch(buffer, at, head, most, count, FIXMAP, MAP16);
}
