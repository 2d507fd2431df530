/* The tokens of msgpack, by first octet. See msgpack_read.h. */
#include "util/msgpack_read.h"

#include <errno.h>
#include <string.h>

/* Lengths come as 1, 2 or 4 octets: `step` 0, 1, 2. */
static size_t read_length(struct reader *reader, unsigned step)
{
    return step == 0 ? reader_u8(reader) : step == 1 ? reader_be16(reader) : reader_be32(reader);
}

static struct msgpack_token read_bytes(struct reader *reader, enum msgpack_type type, size_t length)
{
    const uint8_t *bytes = reader_bytes(reader, length);
    return (struct msgpack_token){.type = type, .bytes = {bytes, bytes ? length : 0}};
}

static struct msgpack_token read_extension(struct reader *reader, size_t length)
{
    reader_skip(reader, 1);
    return read_bytes(reader, MSGPACK_EXTENSION, length);
}

/* The head of a container; each value takes a byte at least. */
static struct msgpack_token read_container(struct reader *reader, enum msgpack_type type,
                                           size_t count)
{
    if (count > reader_left(reader) / (type == MSGPACK_MAP ? 2 : 1))
        reader->failed = true;
    return (struct msgpack_token){.type = type, .count = count};
}

static struct msgpack_token integer_token(int64_t integer)
{
    return (struct msgpack_token){.type = MSGPACK_INTEGER, .integer = integer};
}

static struct msgpack_token unsigned_token(uint64_t number)
{
    if (number <= INT64_MAX)
        return integer_token((int64_t)number);
    return (struct msgpack_token){.type = MSGPACK_UNSIGNED, .number_unsigned = number};
}

static struct msgpack_token float32_token(uint32_t bits)
{
    float number;
    memcpy(&number, &bits, sizeof number);
    return (struct msgpack_token){.type = MSGPACK_NUMBER, .number = (double)number};
}

static struct msgpack_token float64_token(uint64_t bits)
{
    struct msgpack_token token = {.type = MSGPACK_NUMBER};
    memcpy(&token.number, &bits, sizeof token.number);
    return token;
}

/* First octets 0xc0 to 0xdf. */
static struct msgpack_token read_long(struct reader *reader, uint8_t first)
{
    switch (first) {
    case 0xc0: return (struct msgpack_token){.type = MSGPACK_NIL};
    case 0xc2:
    case 0xc3: return (struct msgpack_token){.type = MSGPACK_BOOLEAN, .boolean = first == 0xc3};
    case 0xc4:
    case 0xc5:
    case 0xc6: return read_bytes(reader, MSGPACK_BYTES, read_length(reader, first - 0xc4u));
    case 0xc7:
    case 0xc8:
    case 0xc9: return read_extension(reader, read_length(reader, first - 0xc7u));
    case 0xca: return float32_token(reader_be32(reader));
    case 0xcb: return float64_token(reader_be64(reader));
    case 0xcc: return integer_token(reader_u8(reader));
    case 0xcd: return integer_token(reader_be16(reader));
    case 0xce: return integer_token(reader_be32(reader));
    case 0xcf: return unsigned_token(reader_be64(reader));
    case 0xd0: return integer_token((int8_t)reader_u8(reader));
    case 0xd1: return integer_token((int16_t)reader_be16(reader));
    case 0xd2: return integer_token((int32_t)reader_be32(reader));
    case 0xd3: return integer_token((int64_t)reader_be64(reader));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: return read_extension(reader, (size_t)1 << (first - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb: return read_bytes(reader, MSGPACK_TEXT, read_length(reader, first - 0xd9u));
    case 0xdc:
    case 0xdd: return read_container(reader, MSGPACK_LIST, read_length(reader, first - 0xdbu));
    case 0xde:
    case 0xdf: return read_container(reader, MSGPACK_MAP, read_length(reader, first - 0xddu));
    default: reader->failed = true; return (struct msgpack_token){.type = MSGPACK_NIL};
    }
}

static struct msgpack_token read_token(struct reader *reader)
{
    uint8_t first = reader_u8(reader);
    if (first < 0x80)
        return integer_token(first);
    if (first < 0x90)
        return read_container(reader, MSGPACK_MAP, first & 15);
    if (first < 0xa0)
        return read_container(reader, MSGPACK_LIST, first & 15);
    if (first < 0xc0)
        return read_bytes(reader, MSGPACK_TEXT, first & 31);
    if (first >= 0xe0)
        return integer_token((int8_t)first);
    return read_long(reader, first);
}

int msgpack_read_token(struct reader *reader, struct msgpack_token *ret_token)
{
    struct msgpack_token token = read_token(reader);
    if (reader->failed)
        return -EINVAL;
    *ret_token = token;
    return 0;
}

static size_t values_behind(const struct msgpack_token *token)
{
    if (token->type == MSGPACK_MAP)
        return 2 * token->count;
    return token->type == MSGPACK_LIST ? token->count : 0;
}

/* Each value has a byte at least, so the number of those to come stays far from wrapping. */
static int skip_values(struct reader *reader, size_t count)
{
    while (count && count <= reader_left(reader)) {
        struct msgpack_token token = read_token(reader);
        count += values_behind(&token) - 1;
    }
    if (count)
        reader->failed = true;
    return reader->failed ? -EINVAL : 0;
}

int msgpack_read_skip(struct reader *reader)
{
    return skip_values(reader, 1);
}

int msgpack_read_skip_rest(struct reader *reader, const struct msgpack_token *head)
{
    return skip_values(reader, values_behind(head));
}
