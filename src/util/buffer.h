/* A growing run of output bytes with a ceiling. A write that would pass the ceiling, or for
 * which memory is lacking, marks the buffer failed and writes nothing; check `failed` once. */
#ifndef NORN_UTIL_BUFFER_H
#define NORN_UTIL_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
    size_t ceiling; /* never grows past this; 0 stands for BUFFER_CEILING */
    bool failed;
};

enum { BUFFER_CEILING = 64 * 1024 * 1024 };

/* Makes room for `more` bytes after `length`; false (and failed) at the ceiling. */
bool buffer_grow(struct buffer *buffer, size_t more);

/* Gives back the memory; the buffer is empty and usable again, its ceiling kept. */
void buffer_done(struct buffer *buffer);

/* Room for `more` bytes: where to write them, or NULL. Advance with buffer_advance(). */
static inline uint8_t *buffer_room(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->length < more && !buffer_grow(buffer, more))
        return NULL;
    return buffer->data + buffer->length;
}

static inline void buffer_advance(struct buffer *buffer, size_t written)
{
    buffer->length += written;
}

static inline void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    uint8_t *room = length ? buffer_room(buffer, length) : NULL;
    if (room) {
        memcpy(room, bytes, length);
        buffer->length += length;
    }
}

static inline void buffer_add_byte(struct buffer *buffer, uint8_t byte)
{
    uint8_t *room = buffer_room(buffer, 1);
    if (room) {
        *room = byte;
        buffer->length++;
    }
}

/* Numbers, the lowest byte first (le) or the highest (be). */
static inline void buffer_add_le16(struct buffer *buffer, uint16_t number)
{
    const uint8_t bytes[2] = {(uint8_t)number, (uint8_t)(number >> 8)};
    buffer_add(buffer, bytes, sizeof bytes);
}

static inline void buffer_add_le32(struct buffer *buffer, uint32_t number)
{
    buffer_add_le16(buffer, (uint16_t)number);
    buffer_add_le16(buffer, (uint16_t)(number >> 16));
}

static inline void buffer_add_be16(struct buffer *buffer, uint16_t number)
{
    const uint8_t bytes[2] = {(uint8_t)(number >> 8), (uint8_t)number};
    buffer_add(buffer, bytes, sizeof bytes);
}

static inline void buffer_add_be32(struct buffer *buffer, uint32_t number)
{
    buffer_add_be16(buffer, (uint16_t)(number >> 16));
    buffer_add_be16(buffer, (uint16_t)number);
}

static inline void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

/* The bytes as a string, good until the next write; NULL when the buffer has failed. */
const char *buffer_string(struct buffer *buffer);

/* printf at the end of the buffer; for replies and messages, not for the packet path. */
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
