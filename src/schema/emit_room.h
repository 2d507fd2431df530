/* The writers' way into a buffer: they keep the place of the next byte in a register and ask for
 * room rarely; the buffer learns of what was written when it must grow and at the end. */
#ifndef NORN_SCHEMA_EMIT_ROOM_H
#define NORN_SCHEMA_EMIT_ROOM_H

#include "util/buffer.h"

/* The place to go on writing with `more` bytes of room: `at`, or where its byte moved to when the
 * buffer grew. NULL when it cannot grow (the buffer is then marked failed). */
static inline uint8_t *emit_room(struct buffer *buffer, uint8_t *at, size_t more)
{
    if (__builtin_expect((size_t)(buffer->data + buffer->capacity - at) >= more, 1))
        return at;
    buffer->length = (size_t)(at - buffer->data);
    return buffer_room(buffer, more);
}

/* Where to begin: the buffer's end, with some room. NULL as emit_room(). */
static inline uint8_t *emit_room_begin(struct buffer *buffer)
{
    return buffer->failed ? NULL : buffer_room(buffer, 64);
}

/* The buffer now ends at `at`; NULL (after a failure) leaves it as it is. */
static inline void emit_room_end(struct buffer *buffer, const uint8_t *at)
{
    if (at)
        buffer->length = (size_t)(at - buffer->data);
}

/* Copies in steps of 16 bytes: up to 15 more are read and written than `length`. */
static inline uint8_t *emit_room_copy(uint8_t *at, const uint8_t *bytes, size_t length)
{
    for (size_t done = 0; done < length; done += 16)
        memcpy(at + done, bytes + done, 16);
    return at + length;
}

#endif
