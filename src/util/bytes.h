/* The one way to read foreign bytes: a cursor that never leaves its buffer.
 * A read past the end marks the reader as failed; from then on every read gives zero, so a
 * parser reads a whole header straight down and checks `failed` once at the end.
 * Input: a frame, a file block or a message. Output: integers in host order. */
#ifndef NORN_UTIL_BYTES_H
#define NORN_UTIL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes. */
struct slice {
    const uint8_t *data;
    size_t length;
};

/* A slice over a C string; NULL is an empty one. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){(const uint8_t *)text, text ? strlen(text) : 0};
}

struct reader {
    const uint8_t *data;
    size_t length;
    size_t offset;
    bool failed;
};

/* A reader over `length` bytes at `data`; the bytes are borrowed. */
static inline struct reader reader_over(const void *data, size_t length)
{
    return (struct reader){.data = data, .length = length};
}

/* Bytes not read yet; zero once the reader has failed. */
static inline size_t reader_left(const struct reader *reader)
{
    return reader->failed ? 0 : reader->length - reader->offset;
}

/* The next `count` bytes, borrowed, or NULL (and a failed reader) when there are fewer. */
static inline const uint8_t *reader_bytes(struct reader *reader, size_t count)
{
    if (reader->failed || count > reader->length - reader->offset) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *bytes = reader->data + reader->offset;
    reader->offset += count;
    return bytes;
}

/* Passes over `count` bytes; fails when there are fewer. */
static inline void reader_skip(struct reader *reader, size_t count)
{
    (void)reader_bytes(reader, count);
}

/* A reader over the next `count` bytes, which are passed over here; failed when there are fewer. */
static inline struct reader reader_part(struct reader *reader, size_t count)
{
    const uint8_t *bytes = reader_bytes(reader, count);
    struct reader part = reader_over(bytes, bytes ? count : 0);
    part.failed = !bytes;
    return part;
}

/* Copies the next `count` bytes to `ret_bytes`, zeroes when there are fewer. */
static inline void reader_copy(struct reader *reader, void *ret_bytes, size_t count)
{
    const uint8_t *bytes = reader_bytes(reader, count);
    if (bytes)
        memcpy(ret_bytes, bytes, count);
    else
        memset(ret_bytes, 0, count);
}

static inline uint16_t load_le16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static inline uint64_t load_le64(const uint8_t *bytes)
{
    return (uint64_t)load_le32(bytes) | (uint64_t)load_le32(bytes + 4) << 32;
}

static inline uint16_t load_be16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t load_be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

static inline uint64_t load_be64(const uint8_t *bytes)
{
    return (uint64_t)load_be32(bytes) << 32 | (uint64_t)load_be32(bytes + 4);
}

static inline uint8_t reader_u8(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 1);
    return bytes ? bytes[0] : 0;
}

static inline uint16_t reader_le16(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 2);
    return bytes ? load_le16(bytes) : 0;
}

static inline uint32_t reader_le32(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 4);
    return bytes ? load_le32(bytes) : 0;
}

static inline uint64_t reader_le64(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 8);
    return bytes ? load_le64(bytes) : 0;
}

static inline uint16_t reader_be16(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 2);
    return bytes ? load_be16(bytes) : 0;
}

static inline uint32_t reader_be32(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 4);
    return bytes ? load_be32(bytes) : 0;
}

static inline uint64_t reader_be64(struct reader *reader)
{
    const uint8_t *bytes = reader_bytes(reader, 8);
    return bytes ? load_be64(bytes) : 0;
}

#endif
