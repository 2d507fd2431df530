/* The msgpack decoder of commands: tokens (util/msgpack_read) made into a tree in the arena. */
#include "serve/unpack.h"

#include <errno.h>

#include "util/msgpack_read.h"

struct unpacker {
    struct reader reader;
    struct arena *arena;
    size_t values; /* made so far */
};

static int unpack_one(struct unpacker *unpacker, unsigned depth, struct command_value *ret_value);

static int unpack_text(struct unpacker *unpacker, struct slice bytes,
                       struct command_value *ret_value)
{
    *ret_value = (struct command_value){.type = COMMAND_TEXT, .count = bytes.length};
    ret_value->text = arena_copy(unpacker->arena, (const char *)bytes.data, bytes.length);
    return ret_value->text ? 0 : -ENOMEM;
}

static int unpack_list(struct unpacker *unpacker, size_t count, unsigned depth,
                       struct command_value *ret_value)
{
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

static int unpack_one(struct unpacker *unpacker, unsigned depth, struct command_value *ret_value)
{
    struct msgpack_token token;
    *ret_value = (struct command_value){.type = COMMAND_NULL};
    int error = msgpack_read_token(&unpacker->reader, &token);
    if (error)
        return error;
    if (unpacker->values++ >= COMMAND_VALUES)
        return -E2BIG;
    switch (token.type) {
    case MSGPACK_NIL:
    case MSGPACK_EXTENSION: break;
    case MSGPACK_BOOLEAN:
        *ret_value = (struct command_value){.type = COMMAND_BOOLEAN, .boolean = token.boolean};
        break;
    case MSGPACK_INTEGER:
        *ret_value = (struct command_value){.type = COMMAND_INTEGER, .integer = token.integer};
        break;
    case MSGPACK_UNSIGNED:
        *ret_value =
            (struct command_value){.type = COMMAND_NUMBER, .number = (double)token.number_unsigned};
        break;
    case MSGPACK_NUMBER:
        *ret_value = (struct command_value){.type = COMMAND_NUMBER, .number = token.number};
        break;
    case MSGPACK_TEXT:
    case MSGPACK_BYTES: return unpack_text(unpacker, token.bytes, ret_value);
    case MSGPACK_LIST: return unpack_list(unpacker, token.count, depth, ret_value);
    case MSGPACK_MAP: return unpack_map(unpacker, token.count, depth, ret_value);
    }
    return 0;
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
