/* The tokens of msgpack (its specification, "Formats"). See msgpack_read.h. */
#include "util/msgpack_read.h"

#include <math.h>

#include "util/msgpack_write.h"

static struct msgpack_token integer(int64_t number)
{
    return (struct msgpack_token){.kind = MSGPACK_IS_INTEGER, .integer = number};
}

static struct msgpack_token natural(uint64_t number)
{
    if (number <= INT64_MAX)
        return integer((int64_t)number);
    return (struct msgpack_token){.kind = MSGPACK_IS_UNSIGNED, .number = number};
}

static struct msgpack_token real(double number)
{
    return (struct msgpack_token){.kind = MSGPACK_IS_FLOAT, .real = number};
}

static struct msgpack_token read_float(struct reader *reader)
{
    uint32_t bits = reader_be32(reader);
    float number;
    memcpy(&number, &bits, sizeof number);
    return real((double)number);
}

static struct msgpack_token read_double(struct reader *reader)
{
    uint64_t bits = reader_be64(reader);
    double number;
    memcpy(&number, &bits, sizeof number);
    return real(number);
}

static struct msgpack_token read_run(struct reader *reader, enum msgpack_kind kind, size_t length)
{
    const uint8_t *bytes = reader_bytes(reader, length);
    return (struct msgpack_token){
        .kind = bytes ? kind : MSGPACK_IS_NIL, .bytes = bytes, .length = bytes ? length : 0};
}

/* A container whose values cannot all follow is a fault: each takes a byte at least. */
static struct msgpack_token container(struct reader *reader, enum msgpack_kind kind, uint32_t count)
{
    size_t least = kind == MSGPACK_IS_MAP ? (size_t)count * 2 : count;
    if (least > reader_left(reader)) {
        reader->failed = true;
        return (struct msgpack_token){.kind = MSGPACK_IS_NIL};
    }
    return (struct msgpack_token){.kind = kind, .count = count};
}

/* Lengths come as 1, 2 or 4 octets: `step` 0, 1, 2. */
static uint32_t read_length(struct reader *reader, unsigned step)
{
    return step == 0 ? reader_u8(reader) : step == 1 ? reader_be16(reader) : reader_be32(reader);
}

static struct msgpack_token pass_extension(struct reader *reader, size_t length)
{
    reader_skip(reader, 1);
    reader_skip(reader, length);
    return (struct msgpack_token){.kind = MSGPACK_IS_EXTENSION};
}

static struct msgpack_token read_number(struct reader *reader, uint8_t first)
{
    switch (first) {
    case MSGPACK_FLOAT32: return read_float(reader);
    case MSGPACK_FLOAT64: return read_double(reader);
    case MSGPACK_UINT8: return integer(reader_u8(reader));
    case MSGPACK_UINT16: return integer(reader_be16(reader));
    case MSGPACK_UINT32: return integer(reader_be32(reader));
    case MSGPACK_UINT64: return natural(reader_be64(reader));
    case MSGPACK_INT8: return integer((int8_t)reader_u8(reader));
    case MSGPACK_INT16: return integer((int16_t)reader_be16(reader));
    case MSGPACK_INT32: return integer((int32_t)reader_be32(reader));
    default: return integer((int64_t)reader_be64(reader));
    }
}

/* First octets 0xc0 to 0xdf. */
static struct msgpack_token read_long(struct reader *reader, uint8_t first)
{
    enum { EXT8 = 0xc7, FIXEXT1 = 0xd4, FIXEXT16 = 0xd8 };
    if (first == MSGPACK_NIL)
        return (struct msgpack_token){.kind = MSGPACK_IS_NIL};
    if (first == MSGPACK_FALSE || first == MSGPACK_TRUE)
        return (struct msgpack_token){.kind = MSGPACK_IS_BOOLEAN, .boolean = first == MSGPACK_TRUE};
    if (first >= MSGPACK_BIN8 && first <= MSGPACK_BIN32)
        return read_run(reader, MSGPACK_IS_BINARY, read_length(reader, first - MSGPACK_BIN8));
    if (first >= EXT8 && first < MSGPACK_FLOAT32)
        return pass_extension(reader, read_length(reader, first - (unsigned)EXT8));
    if (first >= MSGPACK_FLOAT32 && first <= MSGPACK_INT64)
        return read_number(reader, first);
    if (first >= FIXEXT1 && first <= FIXEXT16)
        return pass_extension(reader, (size_t)1 << (first - FIXEXT1));
    if (first >= MSGPACK_STR8 && first <= MSGPACK_STR32)
        return read_run(reader, MSGPACK_IS_TEXT, read_length(reader, first - MSGPACK_STR8));
    if (first == MSGPACK_ARRAY16 || first == MSGPACK_ARRAY32)
        return container(reader, MSGPACK_IS_ARRAY,
                         read_length(reader, first - MSGPACK_ARRAY16 + 1u));
    if (first == MSGPACK_MAP16 || first == MSGPACK_MAP32)
        return container(reader, MSGPACK_IS_MAP, read_length(reader, first - MSGPACK_MAP16 + 1u));
    reader->failed = true; /* 0xc1 is no token */
    return (struct msgpack_token){.kind = MSGPACK_IS_NIL};
}

struct msgpack_token msgpack_read(struct reader *reader)
{
    uint8_t first = reader_u8(reader);
    struct msgpack_token token = {.kind = MSGPACK_IS_NIL};
    if (reader->failed)
        return token;
    if (first < MSGPACK_FIXMAP)
        token = integer(first);
    else if (first < MSGPACK_FIXARRAY)
        token = container(reader, MSGPACK_IS_MAP, first & 15);
    else if (first < MSGPACK_FIXSTR)
        token = container(reader, MSGPACK_IS_ARRAY, first & 15);
    else if (first < MSGPACK_NIL)
        token = read_run(reader, MSGPACK_IS_TEXT, first & 31);
    else if (first >= 0xe0)
        token = integer((int8_t)first);
    else
        token = read_long(reader, first);
    return reader->failed ? (struct msgpack_token){.kind = MSGPACK_IS_NIL} : token;
}

void msgpack_skip_rest(struct reader *reader, const struct msgpack_token *token)
{
    uint64_t values = token->kind == MSGPACK_IS_ARRAY ? token->count
                      : token->kind == MSGPACK_IS_MAP ? (uint64_t)token->count * 2
                                                      : 0;
    while (values && !reader->failed) {
        struct msgpack_token next = msgpack_read(reader);
        values--;
        if (next.kind == MSGPACK_IS_ARRAY)
            values += next.count;
        else if (next.kind == MSGPACK_IS_MAP)
            values += (uint64_t)next.count * 2;
    }
}

void msgpack_skip(struct reader *reader)
{
    struct msgpack_token token = msgpack_read(reader);
    msgpack_skip_rest(reader, &token);
}

int64_t msgpack_integer(const struct msgpack_token *token)
{
    switch (token->kind) {
    case MSGPACK_IS_BOOLEAN: return token->boolean;
    case MSGPACK_IS_INTEGER: return token->integer;
    case MSGPACK_IS_UNSIGNED: return INT64_MAX;
    case MSGPACK_IS_FLOAT:
        return fabs(token->real) < 9.2e18 ? (int64_t)token->real : 0; /* NaN too */
    default: return 0;
    }
}

double msgpack_real(const struct msgpack_token *token)
{
    switch (token->kind) {
    case MSGPACK_IS_BOOLEAN: return token->boolean;
    case MSGPACK_IS_INTEGER: return (double)token->integer;
    case MSGPACK_IS_UNSIGNED: return (double)token->number;
    case MSGPACK_IS_FLOAT: return isfinite(token->real) ? token->real : 0;
    default: return 0;
    }
}
