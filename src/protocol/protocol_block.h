/* Blocks of messages: msgpack maps with small numbers for keys, read into and written from plain
 * structs by one table of rows each, as the records of the API are. Every such struct begins with
 * `uint64_t has`: bit KEY is set for each key that was read, also when its value is zero. */
#ifndef NORN_PROTOCOL_PROTOCOL_BLOCK_H
#define NORN_PROTOCOL_PROTOCOL_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/bytes.h"

/* What a member is, and as what it is written; what else is taken for it stands behind. */
enum protocol_kind {
    MEMBER_TEXT,    /* struct slice as str; bin */
    MEMBER_BYTES,   /* struct slice as bin; str */
    MEMBER_BOOL,    /* bool; integers */
    MEMBER_U32,     /* uint32_t; every width, floats */
    MEMBER_U64,     /* uint64_t; the same */
    MEMBER_I32,     /* int32_t as the uint32_t of the same bits; the same */
    MEMBER_FLOAT32, /* double as float32; float64, integers */
    MEMBER_FLOAT64, /* double as float64; float32, integers */
    MEMBER_LIST,    /* struct protocol_list as an array */
    MEMBER_BLOCK,   /* another block's struct as a map */
};

struct protocol_member {
    uint8_t key; /* below 64 */
    enum protocol_kind kind;
    size_t offset;
    const struct protocol_block *block;
};

struct protocol_block {
    const struct protocol_member *members;
    size_t count;
};

/* `count` msgpack values, one behind the other: texts, blocks or dwells (protocol_list.h). */
struct protocol_list {
    struct slice values;
    uint32_t count;
};

/* Reads a map into the struct at `ret_record`, which is zeroed before. Keys that have no row or
 * come again, and values that cannot be taken for the member's kind, are passed over. 0, or
 * -EPROTO (`ret_record` is partly filled) when no whole map is there. */
int protocol_block_parse(const struct protocol_block *block, struct reader *reader,
                         void *ret_record);

/* Appends the map of what is not zero or has its bit set. */
void protocol_block_write(const struct protocol_block *block, const void *record,
                          struct buffer *buffer);

#endif
