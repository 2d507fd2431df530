/* Builds capture files byte by byte for the tests of src/capture: nothing here is shared with
 * the readers, so that a mistake in one does not hide in the other. */
#ifndef NORN_TESTS_CAPTURE_BYTES_H
#define NORN_TESTS_CAPTURE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct capture_bytes {
    struct buffer buffer;
    bool big_endian;
};

static inline void put(struct capture_bytes *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buffer_add_byte(&to->buffer,
                        (uint8_t)(value >> (8 * (to->big_endian ? bytes - 1 - i : i))));
}

static inline void put_fill(struct capture_bytes *to, uint8_t byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_add_byte(&to->buffer, byte);
}

static inline void put_pcap_header(struct capture_bytes *to, uint32_t magic, uint32_t link)
{
    put(to, magic, 4);
    put(to, 2, 2);
    put(to, 4, 2);
    put(to, 0, 4);
    put(to, 0, 4);
    put(to, 65535, 4);
    put(to, link, 4);
}

static inline void put_pcap_record(struct capture_bytes *to, uint32_t seconds, uint32_t fraction,
                                   uint32_t captured, uint32_t original, uint8_t fill)
{
    put(to, seconds, 4);
    put(to, fraction, 4);
    put(to, captured, 4);
    put(to, original, 4);
    put_fill(to, fill, captured);
}

/* A pcapng block; the body is what `body` holds. */
static inline void put_block(struct capture_bytes *to, uint32_t type, const struct buffer *body)
{
    uint32_t padded = (uint32_t)(body->length + 3) & ~3U;
    put(to, type, 4);
    put(to, padded + 12, 4);
    buffer_add(&to->buffer, body->data, body->length);
    put_fill(to, 0, padded - body->length);
    put(to, padded + 12, 4);
}

static inline void put_section(struct capture_bytes *to)
{
    struct capture_bytes body = {.big_endian = to->big_endian};
    put(&body, 0x1a2b3c4d, 4);
    put(&body, 1, 2);
    put(&body, 0, 2);
    put(&body, UINT64_MAX, 8);
    put_block(to, 0x0a0d0d0a, &body.buffer);
    buffer_done(&body.buffer);
}

static inline void put_option(struct capture_bytes *to, uint16_t code, uint64_t value,
                              unsigned bytes)
{
    put(to, code, 2);
    put(to, bytes, 2);
    put(to, value, bytes);
    put_fill(to, 0, (4 - bytes % 4) % 4);
}

/* An interface block; resolution 0 leaves the option out. */
static inline void put_interface(struct capture_bytes *to, uint16_t link, uint32_t snap,
                                 uint8_t resolution, int64_t offset)
{
    struct capture_bytes body = {.big_endian = to->big_endian};
    put(&body, link, 2);
    put(&body, 0, 2);
    put(&body, snap, 4);
    put_option(&body, 2, 0x61626300, 4); /* a name: passed over */
    if (resolution)
        put_option(&body, 9, resolution, 1);
    if (offset)
        put_option(&body, 14, (uint64_t)offset, 8);
    put(&body, 0, 4);
    put_block(to, 1, &body.buffer);
    buffer_done(&body.buffer);
}

static inline void put_enhanced(struct capture_bytes *to, uint32_t interface, uint64_t ticks,
                                uint32_t captured, uint32_t original, uint8_t fill)
{
    struct capture_bytes body = {.big_endian = to->big_endian};
    put(&body, interface, 4);
    put(&body, ticks >> 32, 4);
    put(&body, (uint32_t)ticks, 4);
    put(&body, captured, 4);
    put(&body, original, 4);
    put_fill(&body, fill, captured);
    put_block(to, 6, &body.buffer);
    buffer_done(&body.buffer);
}

static inline void put_simple(struct capture_bytes *to, uint32_t captured, uint32_t original,
                              uint8_t fill)
{
    struct capture_bytes body = {.big_endian = to->big_endian};
    put(&body, original, 4);
    put_fill(&body, fill, captured);
    put_block(to, 3, &body.buffer);
    buffer_done(&body.buffer);
}

#endif
