/* Maps of the protocol as tables: a row says which key a member of a plain struct has and of what
 * kind it is. Parsing and writing come from the same rows. A block's struct begins with `present`:
 * one bit a key, set where the member was there (or is to be written). Input: msgpack, tolerant of
 * what other writers do: any width of numbers, floats for integers, keys twice (the first counts),
 * unknown keys. Borrowed, nothing is allocated. */
#ifndef NORN_PROTOCOL_PROTOCOL_BLOCK_H
#define NORN_PROTOCOL_PROTOCOL_BLOCK_H

#include <stddef.h>

#include "util/buffer.h"
#include "util/msgpack_read.h"

enum protocol_kind {
    PROTOCOL_BOOLEAN, /* bool; numbers but 0 are true */
    PROTOCOL_UINT,    /* uint64_t */
    PROTOCOL_SIGNED,  /* int32_t; on the wire 32 bits of two's complement, without a sign */
    PROTOCOL_REAL,    /* double */
    PROTOCOL_TEXT,    /* struct protocol_text */
    PROTOCOL_BINARY,  /* struct protocol_bytes */
    PROTOCOL_LIST,    /* struct protocol_list */
    PROTOCOL_BLOCK,   /* a struct of the row's table, inline */
};

struct protocol_text {
    const char *text; /* no NUL at its end */
    size_t length;
};

struct protocol_bytes {
    const uint8_t *bytes;
    size_t length;
};

/* The values of an array, still packed; read with protocol_list_*(). */
struct protocol_list {
    const uint8_t *bytes;
    size_t length;
    uint32_t count;
};

struct protocol_table;

struct protocol_field {
    uint8_t key; /* 0 to 63 */
    uint8_t kind;
    uint16_t offset;
    const struct protocol_table *table; /* PROTOCOL_BLOCK */
};

struct protocol_table {
    const struct protocol_field *fields;
    size_t count;
    size_t size; /* of the struct */
};

#define PROTOCOL_BIT(key) (1ull << (key))

/* Reads a map into a struct, which is zeroed first. False when the bytes are no map or cut off;
 * what was read before stays. An empty reader is an empty map. */
bool protocol_block_parse(const struct protocol_table *table, struct reader *reader,
                          void *ret_block);

/* Appends the map of a struct's members: those that are present, and those that are not zero. */
void protocol_block_write(const struct protocol_table *table, const void *block,
                          struct buffer *buffer);

/* The next text, or the next block, of a list; false at its end. Texts that are none are empty. */
bool protocol_list_text(struct protocol_list *list, struct protocol_text *ret_text);
bool protocol_list_block(struct protocol_list *list, const struct protocol_table *table,
                         void *ret_block);

/* A list being packed; all zeroes to begin with. */
struct protocol_list_writer {
    struct buffer bytes;
    uint32_t count;
};

void protocol_list_add_text(struct protocol_list_writer *writer, const char *text);
void protocol_list_add_block(struct protocol_list_writer *writer,
                             const struct protocol_table *table, const void *block);

/* What was packed so far, borrowed from the writer until it is written to again; empty when memory
 * is lacking. */
struct protocol_list protocol_list_written(const struct protocol_list_writer *writer);

/* Empties the list and keeps its memory; gives the memory back. */
void protocol_list_clear(struct protocol_list_writer *writer);
void protocol_list_done(struct protocol_list_writer *writer);

/* A C string (NULL: an empty one), or what a buffer holds, as a slice. */
static inline struct protocol_text protocol_text_of(const char *text)
{
    return (struct protocol_text){text, text ? strlen(text) : 0};
}

static inline struct protocol_text protocol_text_over(const struct buffer *buffer)
{
    return (struct protocol_text){(const char *)buffer->data, buffer->length};
}

/* Copies a slice into an array as valid UTF-8 without control bytes, cut where it is too long. */
void protocol_text_copy(struct protocol_text text, char *ret_text, size_t room);

#endif
