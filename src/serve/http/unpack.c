/* From the tokens of msgpack to the values of commands. See unpack.h. */
#include "serve/http/unpack.h"

#include <errno.h>
#include <string.h>

#include "util/msgpack_read.h"

struct unpacker {
    struct reader reader;
    struct arena *arena;
    size_t values; /* made so far */
};

static int unpack_one(struct unpacker *unpacker, unsigned depth, struct command_value *ret_value);

static int unpack_text(struct unpacker *unpacker, const struct msgpack_token *token,
                       struct command_value *ret_value)
{
    *ret_value = (struct command_value){.type = COMMAND_TEXT, .count = token->length};
    ret_value->text = arena_copy(unpacker->arena, (const char *)token->bytes, token->length);
    return ret_value->text ? 0 : -ENOMEM;
}

/* Reads past so many values, whatever is in them: they are nested too deep to be kept. */
static int skip(struct unpacker *unpacker, size_t count)
{
    for (; count; count--) {
        struct msgpack_token token = msgpack_read(&unpacker->reader);
        if (unpacker->reader.failed)
            return -EINVAL;
        bool is_map = token.kind == MSGPACK_IS_MAP, is_array = token.kind == MSGPACK_IS_ARRAY;
        if (unpacker->values++ >= COMMAND_VALUES ||
            ((is_map || is_array) && token.count > COMMAND_VALUES))
            return -E2BIG;
        count += is_map ? 2 * (size_t)token.count : is_array ? token.count : 0;
    }
    return 0;
}

static int unpack_list(struct unpacker *unpacker, size_t count, unsigned depth,
                       struct command_value *ret_value)
{
    if (count > COMMAND_VALUES - unpacker->values)
        return -E2BIG;
    if (depth >= COMMAND_DEPTH)
        return skip(unpacker, count);
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
    if (count > (COMMAND_VALUES - unpacker->values) / 2)
        return -E2BIG;
    if (depth >= COMMAND_DEPTH)
        return skip(unpacker, 2 * count);
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
    struct msgpack_token token = msgpack_read(&unpacker->reader);
    *ret_value = (struct command_value){.type = COMMAND_NULL};
    if (unpacker->reader.failed)
        return -EINVAL;
    if (unpacker->values++ >= COMMAND_VALUES)
        return -E2BIG;
    switch (token.kind) {
    case MSGPACK_IS_NIL:
    case MSGPACK_IS_EXTENSION: return 0;
    case MSGPACK_IS_BOOLEAN:
        *ret_value = (struct command_value){.type = COMMAND_BOOLEAN, .boolean = token.boolean};
        return 0;
    case MSGPACK_IS_INTEGER:
        *ret_value = (struct command_value){.type = COMMAND_INTEGER, .integer = token.integer};
        return 0;
    case MSGPACK_IS_UNSIGNED:
        *ret_value = (struct command_value){.type = COMMAND_NUMBER, .number = (double)token.number};
        return 0;
    case MSGPACK_IS_FLOAT:
        *ret_value = (struct command_value){.type = COMMAND_NUMBER, .number = token.real};
        return 0;
    case MSGPACK_IS_TEXT:
    case MSGPACK_IS_BINARY: return unpack_text(unpacker, &token, ret_value);
    case MSGPACK_IS_ARRAY: return unpack_list(unpacker, token.count, depth, ret_value);
    case MSGPACK_IS_MAP: return unpack_map(unpacker, token.count, depth, ret_value);
    }
    return -EINVAL;
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
