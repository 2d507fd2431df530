/* Heads and scalars of msgpack. See msgpack_write.h. */
#include "util/msgpack_write.h"

#include <endian.h>
#include <math.h>
#include <string.h>

enum {
    FIXMAP = 0x80,
    FIXARRAY = 0x90,
    FIXSTR = 0xa0,
    FALSE = 0xc2,
    TRUE = 0xc3,
    BIN8 = 0xc4,
    BIN16 = 0xc5,
    BIN32 = 0xc6,
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

uint8_t *msgpack_write_text_head(uint8_t *at, size_t length)
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

uint8_t *msgpack_write_bytes_head(uint8_t *at, size_t length)
{
    if (length <= UINT8_MAX)
        return write_8(at, BIN8, (uint8_t)length);
    return length <= UINT16_MAX ? write_16(at, BIN16, (uint16_t)length)
                                : write_32(at, BIN32, (uint32_t)length);
}

uint8_t *msgpack_write_bool(uint8_t *at, bool value)
{
    *at = value ? TRUE : FALSE;
    return at + 1;
}
