/* Tables of members at work. See protocol_block.h. */
#include "protocol/protocol_block.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "util/msgpack_read.h"
#include "util/msgpack_write.h"

static const struct protocol_member *find_member(const struct protocol_block *block,
                                                 const struct msgpack_token *key)
{
    for (size_t i = 0; key->type == MSGPACK_INTEGER && i < block->count; i++)
        if (block->members[i].key == key->integer)
            return &block->members[i];
    return NULL;
}

/* An integer, or the whole part of a float that has one, as 64 bits of two's complement. */
static bool take_integer(const struct msgpack_token *token, uint64_t *ret_bits)
{
    switch (token->type) {
    case MSGPACK_INTEGER: *ret_bits = (uint64_t)token->integer; return true;
    case MSGPACK_UNSIGNED: *ret_bits = token->number_unsigned; return true;
    case MSGPACK_NUMBER:
        if (!(fabs(token->number) < 0x1p63))
            return false;
        *ret_bits = (uint64_t)(int64_t)token->number;
        return true;
    default: return false;
    }
}

static bool take_number(const struct msgpack_token *token, double *ret_number)
{
    switch (token->type) {
    case MSGPACK_INTEGER: *ret_number = (double)token->integer; return true;
    case MSGPACK_UNSIGNED: *ret_number = (double)token->number_unsigned; return true;
    case MSGPACK_NUMBER:
        if (!isfinite(token->number))
            return false;
        *ret_number = token->number;
        return true;
    default: return false;
    }
}

/* Takes a scalar for a member; false when it is of another kind. */
static bool take_scalar(enum protocol_kind kind, const struct msgpack_token *token, void *ret_value)
{
    uint64_t bits;
    bool whole = take_integer(token, &bits);
    switch (kind) {
    case MEMBER_TEXT:
    case MEMBER_BYTES:
        if (token->type != MSGPACK_TEXT && token->type != MSGPACK_BYTES)
            return false;
        *(struct slice *)ret_value = token->bytes;
        return true;
    case MEMBER_BOOL:
        if (!whole && token->type != MSGPACK_BOOLEAN)
            return false;
        *(bool *)ret_value = whole ? bits != 0 : token->boolean;
        return true;
    case MEMBER_U32:
    case MEMBER_I32:
        if (whole)
            *(uint32_t *)ret_value = (uint32_t)bits;
        return whole;
    case MEMBER_U64:
        if (whole)
            *(uint64_t *)ret_value = bits;
        return whole;
    case MEMBER_FLOAT32:
    case MEMBER_FLOAT64: return take_number(token, ret_value);
    default: return false;
    }
}

static int parse_list(struct reader *reader, const struct msgpack_token *head,
                      struct protocol_list *ret_list)
{
    size_t begin = reader->offset;
    if (msgpack_read_skip_rest(reader, head) < 0)
        return -EPROTO;
    ret_list->values = (struct slice){reader->data + begin, reader->offset - begin};
    ret_list->count = (uint32_t)head->count;
    return 0;
}

static int parse_map(const struct protocol_block *block, struct reader *reader, size_t count,
                     void *ret_record);

/* The value of a key. Sets the key's bit in `has` when it was taken. */
static int parse_value(const struct protocol_member *member, struct reader *reader, uint64_t *has,
                       void *record)
{
    struct msgpack_token token;
    if (msgpack_read_token(reader, &token) < 0)
        return -EPROTO;
    if (!member || *has & UINT64_C(1) << member->key)
        return msgpack_read_skip_rest(reader, &token) < 0 ? -EPROTO : 0;
    uint64_t bit = UINT64_C(1) << member->key;
    void *value = (uint8_t *)record + member->offset;
    if (member->kind == MEMBER_BLOCK && token.type == MSGPACK_MAP) {
        *has |= bit;
        return parse_map(member->block, reader, token.count, value);
    }
    if (member->kind == MEMBER_LIST && token.type == MSGPACK_LIST) {
        *has |= bit;
        return parse_list(reader, &token, value);
    }
    if (take_scalar(member->kind, &token, value))
        *has |= bit;
    return msgpack_read_skip_rest(reader, &token) < 0 ? -EPROTO : 0;
}

static int parse_map(const struct protocol_block *block, struct reader *reader, size_t count,
                     void *ret_record)
{
    uint64_t *has = ret_record;
    while (count--) {
        struct msgpack_token key;
        if (msgpack_read_token(reader, &key) < 0 || msgpack_read_skip_rest(reader, &key) < 0)
            return -EPROTO;
        int result = parse_value(find_member(block, &key), reader, has, ret_record);
        if (result < 0)
            return result;
    }
    return 0;
}

int protocol_block_parse(const struct protocol_block *block, struct reader *reader,
                         void *ret_record)
{
    struct msgpack_token head;
    if (msgpack_read_token(reader, &head) < 0 || head.type != MSGPACK_MAP)
        return -EPROTO;
    return parse_map(block, reader, head.count, ret_record);
}

static bool is_written(const struct protocol_member *member, const void *record);

static uint32_t count_written(const struct protocol_block *block, const void *record)
{
    uint32_t count = 0;
    for (size_t i = 0; i < block->count; i++)
        count += is_written(&block->members[i], record);
    return count;
}

static bool is_written(const struct protocol_member *member, const void *record)
{
    const void *value = (const uint8_t *)record + member->offset;
    if (*(const uint64_t *)record & UINT64_C(1) << member->key)
        return true;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_BYTES: return ((const struct slice *)value)->length != 0;
    case MEMBER_BOOL: return *(const bool *)value;
    case MEMBER_U32:
    case MEMBER_I32: return *(const uint32_t *)value != 0;
    case MEMBER_U64: return *(const uint64_t *)value != 0;
    case MEMBER_FLOAT32:
    case MEMBER_FLOAT64: return *(const double *)value != 0;
    case MEMBER_LIST: return ((const struct protocol_list *)value)->count != 0;
    case MEMBER_BLOCK: return count_written(member->block, value) != 0;
    }
    return false;
}

static uint8_t *write_scalar(enum protocol_kind kind, const void *value, uint8_t *at)
{
    switch (kind) {
    case MEMBER_BOOL: return msgpack_write_bool(at, *(const bool *)value);
    case MEMBER_U32:
    case MEMBER_I32: return msgpack_write_u64(at, *(const uint32_t *)value);
    case MEMBER_U64: return msgpack_write_u64(at, *(const uint64_t *)value);
    case MEMBER_FLOAT32: return msgpack_write_float32(at, (float)*(const double *)value);
    case MEMBER_FLOAT64: return msgpack_write_float64(at, *(const double *)value);
    case MEMBER_TEXT: return msgpack_write_text_head(at, ((const struct slice *)value)->length);
    case MEMBER_BYTES: return msgpack_write_bytes_head(at, ((const struct slice *)value)->length);
    case MEMBER_LIST: return msgpack_write_array(at, ((const struct protocol_list *)value)->count);
    case MEMBER_BLOCK: break;
    }
    return at;
}

/* Key and value; of texts, bytes and lists the head, then what they hold. */
static void write_member(const struct protocol_member *member, const void *record,
                         struct buffer *buffer)
{
    const void *value = (const uint8_t *)record + member->offset;
    uint8_t *room = buffer_room(buffer, 1 + MSGPACK_HEAD);
    if (!room)
        return;
    uint8_t *at = msgpack_write_u64(room, member->key);
    at = write_scalar(member->kind, value, at);
    buffer_advance(buffer, (size_t)(at - room));
    if (member->kind == MEMBER_BLOCK) {
        protocol_block_write(member->block, value, buffer);
    } else if (member->kind == MEMBER_TEXT || member->kind == MEMBER_BYTES) {
        const struct slice *slice = value;
        buffer_add(buffer, slice->data, slice->length);
    } else if (member->kind == MEMBER_LIST) {
        const struct protocol_list *list = value;
        buffer_add(buffer, list->values.data, list->values.length);
    }
}

void protocol_block_write(const struct protocol_block *block, const void *record,
                          struct buffer *buffer)
{
    uint8_t *room = buffer_room(buffer, MSGPACK_HEAD);
    if (!room)
        return;
    uint8_t *at = msgpack_write_map(room, count_written(block, record));
    buffer_advance(buffer, (size_t)(at - room));
    for (size_t i = 0; i < block->count; i++)
        if (is_written(&block->members[i], record))
            write_member(&block->members[i], record, buffer);
}
