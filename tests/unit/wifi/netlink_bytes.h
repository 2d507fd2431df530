/* Makes netlink messages for tests, attribute by attribute, with nothing of the tool's. */
#ifndef NORN_TESTS_NETLINK_BYTES_H
#define NORN_TESTS_NETLINK_BYTES_H

#include <stdint.h>
#include <string.h>

#include "util/buffer.h"
#include "util/bytes.h"

static inline void put_attribute(struct buffer *to, uint16_t type, const void *value, size_t length)
{
    const uint16_t head[2] = {(uint16_t)(4 + length), type};
    buffer_add(to, head, sizeof head);
    buffer_add(to, value, length);
    buffer_add(to, "\0\0\0", (4 - length % 4) % 4);
}

static inline void put_u32(struct buffer *to, uint16_t type, uint32_t value)
{
    put_attribute(to, type, &value, sizeof value);
}

static inline void put_text(struct buffer *to, uint16_t type, const char *text)
{
    put_attribute(to, type, text, strlen(text) + 1);
}

/* Begins an attribute of attributes; its place, for end_nest(). */
static inline size_t begin_nest(struct buffer *to, uint16_t type)
{
    size_t at = to->length;
    put_attribute(to, type, NULL, 0);
    return at;
}

static inline void end_nest(struct buffer *to, size_t at)
{
    const uint16_t length = (uint16_t)(to->length - at);
    memcpy(to->data + at, &length, sizeof length);
}

static inline struct slice bytes_of(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}

#endif
