/* Bytes of a capture, in order, from a descriptor or from memory: plain, gzip or zstd (known by
 * their first bytes). One bounded buffer, never a mapping. Input: read(2). Output: a window of
 * bytes that lie in one piece, which the capture file readers take records from. */
#ifndef NORN_CAPTURE_INPUT_STREAM_H
#define NORN_CAPTURE_INPUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/frame.h"

enum {
    INPUT_STREAM_WINDOW =
        FRAME_BYTES_MAX + 64 * 1024, /* the most bytes input_stream_fill() can gather */
    INPUT_STREAM_NO_WAKE = -1,
};

struct input_stream {
    const uint8_t *data; /* the window is data[begin .. end - 1] */
    size_t begin;
    size_t end;
    uint64_t offset; /* of data[begin] in the (uncompressed) stream */
    struct input_stream_inner *inner;
};

/* A stream over a descriptor, which it owns from here on (also when it fails). `wake` is
 * a descriptor that becomes readable when waiting for a pipe must stop, or INPUT_STREAM_NO_WAKE.
 * NULL when memory is lacking. */
struct input_stream *input_stream_new(int descriptor, int wake);

/* A stream over borrowed memory. NULL when memory is lacking. */
struct input_stream *input_stream_over(const void *bytes, size_t length);

void input_stream_free(struct input_stream *stream);

/* Starts again at the first byte. 0, or -ESPIPE for a pipe. */
int input_stream_rewind(struct input_stream *stream);

/* Bytes in the window. */
static inline size_t input_stream_have(const struct input_stream *stream)
{
    return stream->end - stream->begin;
}

static inline const uint8_t *input_stream_at(const struct input_stream *stream)
{
    return stream->data + stream->begin;
}

/* Gathers at least `want` (at most INPUT_STREAM_WINDOW) bytes in the window. 0; -ENODATA: the
 * stream ends before, what is left is in the window; -EAGAIN: a pipe has no more for now (only
 * without `wait`); -EINTR: woken; -EBADMSG: damaged compression; other: read errors. After -EAGAIN
 * and -EINTR it may be called again. Moves the window: earlier pointers are void. */
int input_stream_fill(struct input_stream *stream, size_t want, bool wait);

/* Passes over `count` bytes, also more than the window holds. */
void input_stream_skip(struct input_stream *stream, uint64_t count);

/* Bytes that were passed over but turned out not to be there, after -ENODATA. */
uint64_t input_stream_skip_missing(const struct input_stream *stream);

/* A plain phrase for the last failure: "the gzip data is damaged at byte 1234". */
void input_stream_explain(const struct input_stream *stream, int error, struct buffer *ret_why);

/* True when reads may have to wait for somebody to write: pipes, sockets, terminals. */
bool input_stream_is_pipe(const struct input_stream *stream);

/* "", "gzip" or "zstd"; known once bytes have been read. */
const char *input_stream_compression(const struct input_stream *stream);

#endif
