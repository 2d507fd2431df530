/* The msgpack decoder of commands, over the checked reader. msgpack specification, "Formats". */
#include "serve/unpack.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"

struct unpacker {
    struct reader reader;
    struct arena *arena;
    size_t values; /* made so far */
};

static int unpack_one(struct unpacker *unpacker, unsigned depth, struct command_value *ret_value);

static int unpack_text(struct unpacker *unpacker, size_t length, struct command_value *ret_value)
{
    const uint8_t *bytes = reader_bytes(&unpacker->reader, length);
    if (!bytes)
        return -EINVAL;
    *ret_value = (struct command_value){.type = COMMAND_TEXT, .count = length};
    ret_value->text = arena_copy(unpacker->arena, (const char *)bytes, length);
    return ret_value->text ? 0 : -ENOMEM;
}

static int unpack_list(struct unpacker *unpacker, size_t count, unsigned depth,
                       struct command_value *ret_value)
{
    if (count > reader_left(&unpacker->reader))
        return -EINVAL;
    if (depth >= COMMAND_DEPTH || count > COMMAND_VALUES - unpacker->values)
        return -E2BIG;
    struct command_value *items = arena_new(unpacker->arena, count * sizeof *items);
    if (!items)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        int error = unpack_one(unpacker, depth + 1, &items[i]);
        if (error)
            return error;
    }
    *ret_value = (struct command_value){.type = COMMAND_LIST, .count = count, .items = items};
    return 0;
}

static int unpack_map(struct unpacker *unpacker, size_t count, unsigned depth,
                      struct command_value *ret_value)
{
    if (count > reader_left(&unpacker->reader) / 2)
        return -EINVAL;
    if (depth >= COMMAND_DEPTH || count > (COMMAND_VALUES - unpacker->values) / 2)
        return -E2BIG;
    struct command_member *members = arena_new(unpacker->arena, count * sizeof *members);
    size_t kept = 0;
    if (!members)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct command_value key;
        int error = unpack_one(unpacker, depth + 1, &key);
        if (!error)
            error = unpack_one(unpacker, depth + 1, &members[kept].value);
        if (error)
            return error;
        if (key.type != COMMAND_TEXT)
            continue;
        members[kept].key = key.text;
        members[kept++].key_length = key.count;
    }
    *ret_value = (struct command_value){.type = COMMAND_MAP, .count = kept, .members = members};
    return 0;
}

static struct command_value integer_value(int64_t integer)
{
    return (struct command_value){.type = COMMAND_INTEGER, .integer = integer};
}

static struct command_value unsigned_value(uint64_t number)
{
    if (number <= INT64_MAX)
        return integer_value((int64_t)number);
    return (struct command_value){.type = COMMAND_NUMBER, .number = (double)number};
}

static struct command_value float_value(uint64_t bits, bool is_double)
{
    double number;
    if (is_double) {
        memcpy(&number, &bits, sizeof number);
    } else {
        uint32_t narrow = (uint32_t)bits;
        float single;
        memcpy(&single, &narrow, sizeof single);
        number = (double)single;
    }
    return (struct command_value){.type = COMMAND_NUMBER, .number = number};
}

/* Lengths come as 1, 2 or 4 octets: `step` 0, 1, 2. */
static size_t read_length(struct reader *reader, unsigned step)
{
    return step == 0 ? reader_u8(reader) : step == 1 ? reader_be16(reader) : reader_be32(reader);
}

static int skip_extension(struct unpacker *unpacker, size_t length)
{
    reader_skip(&unpacker->reader, 1);
    reader_skip(&unpacker->reader, length);
    return unpacker->reader.failed ? -EINVAL : 0;
}

/* First octets 0xc0 to 0xdf. */
static int unpack_long(struct unpacker *unpacker, uint8_t first, unsigned depth,
                       struct command_value *ret_value)
{
    struct reader *reader = &unpacker->reader;
    switch (first) {
    case 0xc0: return 0;
    case 0xc2:
    case 0xc3:
        *ret_value = (struct command_value){.type = COMMAND_BOOLEAN, .boolean = first == 0xc3};
        return 0;
    case 0xc4:
    case 0xc5:
    case 0xc6: return unpack_text(unpacker, read_length(reader, first - 0xc4u), ret_value);
    case 0xc7:
    case 0xc8:
    case 0xc9: return skip_extension(unpacker, read_length(reader, first - 0xc7u));
    case 0xca: *ret_value = float_value(reader_be32(reader), false); return 0;
    case 0xcb: *ret_value = float_value(reader_be64(reader), true); return 0;
    case 0xcc: *ret_value = integer_value(reader_u8(reader)); return 0;
    case 0xcd: *ret_value = integer_value(reader_be16(reader)); return 0;
    case 0xce: *ret_value = integer_value(reader_be32(reader)); return 0;
    case 0xcf: *ret_value = unsigned_value(reader_be64(reader)); return 0;
    case 0xd0: *ret_value = integer_value((int8_t)reader_u8(reader)); return 0;
    case 0xd1: *ret_value = integer_value((int16_t)reader_be16(reader)); return 0;
    case 0xd2: *ret_value = integer_value((int32_t)reader_be32(reader)); return 0;
    case 0xd3: *ret_value = integer_value((int64_t)reader_be64(reader)); return 0;
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: return skip_extension(unpacker, (size_t)1 << (first - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb: return unpack_text(unpacker, read_length(reader, first - 0xd9u), ret_value);
    case 0xdc:
    case 0xdd: return unpack_list(unpacker, read_length(reader, first - 0xdbu), depth, ret_value);
    case 0xde:
    case 0xdf: return unpack_map(unpacker, read_length(reader, first - 0xddu), depth, ret_value);
    default: return -EINVAL;
    }
}

static int unpack_one(struct unpacker *unpacker, unsigned depth, struct command_value *ret_value)
{
    uint8_t first = reader_u8(&unpacker->reader);
    int error = unpacker->reader.failed ? -EINVAL : 0;
    *ret_value = (struct command_value){.type = COMMAND_NULL};
    if (error)
        return error;
    if (unpacker->values++ >= COMMAND_VALUES)
        return -E2BIG;
    if (first < 0x80)
        *ret_value = integer_value(first);
    else if (first < 0x90)
        error = unpack_map(unpacker, first & 15, depth, ret_value);
    else if (first < 0xa0)
        error = unpack_list(unpacker, first & 15, depth, ret_value);
    else if (first < 0xc0)
        error = unpack_text(unpacker, first & 31, ret_value);
    else if (first >= 0xe0)
        *ret_value = integer_value((int8_t)first);
    else
        error = unpack_long(unpacker, first, depth, ret_value);
    return !error && unpacker->reader.failed ? -EINVAL : error;
}

int unpack_value(const void *bytes, size_t length, struct arena *arena,
                 struct command_value *ret_value)
{
    struct unpacker unpacker = {.reader = reader_over(bytes, length), .arena = arena};
    struct command_value value;
    int error = unpack_one(&unpacker, 0, &value);
    if (!error)
        *ret_value = value;
    return error;
}
