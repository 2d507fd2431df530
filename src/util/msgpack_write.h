/* Number and container tokens of msgpack in their smallest forms (the msgpack specification, 2013
 * form with str and bin). Each writes at `at`, at most MSGPACK_NUMBER bytes, and gives the place
 * after its last byte. Inline: they are the inner loop of every msgpack reply. */
#ifndef NORN_UTIL_MSGPACK_WRITE_H
#define NORN_UTIL_MSGPACK_WRITE_H

#include <endian.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { MSGPACK_NUMBER = 9 };

/* First octets. */
enum {
    MSGPACK_FIXMAP = 0x80,
    MSGPACK_FIXARRAY = 0x90,
    MSGPACK_FIXSTR = 0xa0,
    MSGPACK_NIL = 0xc0,
    MSGPACK_FALSE = 0xc2,
    MSGPACK_TRUE = 0xc3,
    MSGPACK_BIN8 = 0xc4,
    MSGPACK_BIN32 = 0xc6,
    MSGPACK_FLOAT32 = 0xca,
    MSGPACK_FLOAT64 = 0xcb,
    MSGPACK_UINT8 = 0xcc,
    MSGPACK_UINT16 = 0xcd,
    MSGPACK_UINT32 = 0xce,
    MSGPACK_UINT64 = 0xcf,
    MSGPACK_INT8 = 0xd0,
    MSGPACK_INT16 = 0xd1,
    MSGPACK_INT32 = 0xd2,
    MSGPACK_INT64 = 0xd3,
    MSGPACK_STR8 = 0xd9,
    MSGPACK_STR16 = 0xda,
    MSGPACK_STR32 = 0xdb,
    MSGPACK_ARRAY16 = 0xdc,
    MSGPACK_ARRAY32 = 0xdd,
    MSGPACK_MAP16 = 0xde,
    MSGPACK_MAP32 = 0xdf,
};

static inline uint8_t *msgpack_write_8(uint8_t *at, uint8_t code, uint8_t number)
{
    at[0] = code;
    at[1] = number;
    return at + 2;
}

static inline uint8_t *msgpack_write_16(uint8_t *at, uint8_t code, uint16_t number)
{
    uint16_t big = htobe16(number);
    at[0] = code;
    memcpy(at + 1, &big, 2);
    return at + 3;
}

static inline uint8_t *msgpack_write_32(uint8_t *at, uint8_t code, uint32_t number)
{
    uint32_t big = htobe32(number);
    at[0] = code;
    memcpy(at + 1, &big, 4);
    return at + 5;
}

static inline uint8_t *msgpack_write_64(uint8_t *at, uint8_t code, uint64_t number)
{
    uint64_t big = htobe64(number);
    at[0] = code;
    memcpy(at + 1, &big, 8);
    return at + 9;
}

static inline uint8_t *msgpack_write_u64(uint8_t *at, uint64_t number)
{
    if (number < 0x80) {
        *at = (uint8_t)number;
        return at + 1;
    }
    if (number <= UINT8_MAX)
        return msgpack_write_8(at, MSGPACK_UINT8, (uint8_t)number);
    if (number <= UINT16_MAX)
        return msgpack_write_16(at, MSGPACK_UINT16, (uint16_t)number);
    if (number <= UINT32_MAX)
        return msgpack_write_32(at, MSGPACK_UINT32, (uint32_t)number);
    return msgpack_write_64(at, MSGPACK_UINT64, number);
}

static inline uint8_t *msgpack_write_i64(uint8_t *at, int64_t number)
{
    if (number >= 0)
        return msgpack_write_u64(at, (uint64_t)number);
    if (number >= -32) {
        *at = (uint8_t)number;
        return at + 1;
    }
    if (number >= INT8_MIN)
        return msgpack_write_8(at, MSGPACK_INT8, (uint8_t)number);
    if (number >= INT16_MIN)
        return msgpack_write_16(at, MSGPACK_INT16, (uint16_t)number);
    if (number >= INT32_MIN)
        return msgpack_write_32(at, MSGPACK_INT32, (uint32_t)number);
    return msgpack_write_64(at, MSGPACK_INT64, (uint64_t)number);
}

static inline uint8_t *msgpack_write_boolean(uint8_t *at, bool yes)
{
    *at = yes ? MSGPACK_TRUE : MSGPACK_FALSE;
    return at + 1;
}

static inline uint8_t *msgpack_write_float64(uint8_t *at, double number)
{
    uint64_t bits;
    if (!isfinite(number))
        number = 0;
    memcpy(&bits, &number, sizeof bits);
    return msgpack_write_64(at, MSGPACK_FLOAT64, bits);
}

static inline uint8_t *msgpack_write_float32(uint8_t *at, float number)
{
    uint32_t bits;
    if (!isfinite(number))
        number = 0;
    memcpy(&bits, &number, sizeof bits);
    return msgpack_write_32(at, MSGPACK_FLOAT32, bits);
}

static inline uint8_t *msgpack_write_number(uint8_t *at, double number)
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

static inline uint8_t *msgpack_write_array(uint8_t *at, uint32_t count)
{
    if (count < 16) {
        *at = (uint8_t)(MSGPACK_FIXARRAY | count);
        return at + 1;
    }
    return count <= UINT16_MAX ? msgpack_write_16(at, MSGPACK_ARRAY16, (uint16_t)count)
                               : msgpack_write_32(at, MSGPACK_ARRAY32, count);
}

static inline uint8_t *msgpack_write_map(uint8_t *at, uint32_t count)
{
    if (count < 16) {
        *at = (uint8_t)(MSGPACK_FIXMAP | count);
        return at + 1;
    }
    return count <= UINT16_MAX ? msgpack_write_16(at, MSGPACK_MAP16, (uint16_t)count)
                               : msgpack_write_32(at, MSGPACK_MAP32, count);
}

#endif
