/* Bytes of a capture from a descriptor or memory, decompressed on the way. See input_stream.h.
 * Plain files are read straight into the window; compressed ones through a raw buffer (RFC 1952
 * gzip with several members, RFC 8878 zstd with several frames). */
#include "capture/input_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "util/bytes.h"

enum {
    RAW_ROOM = 128 * 1024,
    READ_LEAST = 64 * 1024, /* room kept for a read, so that reads stay large */
    GZIP_WINDOW = 15 + 16,  /* zlib: largest window, gzip wrapping only */
    MAGIC_BYTES = 4,
};

enum compression { COMPRESSION_UNKNOWN, COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD };

struct input_stream_inner {
    int descriptor; /* -1 over memory */
    int wake;
    bool pipe;
    const uint8_t *memory;
    size_t memory_length;
    size_t memory_at;

    enum compression compression;
    uint8_t *raw; /* bytes read and not yet decompressed: raw[raw_begin .. raw_end - 1] */
    size_t raw_begin;
    size_t raw_end;
    uint64_t raw_offset; /* of raw_begin in the file */
    bool raw_ended;
    bool between; /* at the end of a gzip member or zstd frame */
    z_stream zlib;
    ZSTD_DStream *zstd;

    uint64_t skip; /* bytes still to be passed over */
    int error;     /* sticky */
    uint8_t window[INPUT_STREAM_WINDOW];
};

static struct input_stream *new_stream(int descriptor, int wake)
{
    struct input_stream *stream = calloc(1, sizeof *stream);
    struct input_stream_inner *inner = malloc(sizeof *inner);
    if (!stream || !inner) {
        free(stream);
        free(inner);
        return NULL;
    }
    memset(inner, 0, offsetof(struct input_stream_inner, window));
    inner->descriptor = descriptor;
    inner->wake = wake;
    stream->inner = inner;
    stream->data = inner->window;
    return stream;
}

struct input_stream *input_stream_new(int descriptor, int wake)
{
    struct input_stream *stream = new_stream(descriptor, wake);
    if (!stream) {
        close(descriptor);
        return NULL;
    }
    struct stat status;
    stream->inner->pipe =
        fstat(descriptor, &status) == 0 &&
        (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || S_ISCHR(status.st_mode));
    if (!stream->inner->pipe)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return stream;
}

struct input_stream *input_stream_over(const void *bytes, size_t length)
{
    struct input_stream *stream = new_stream(-1, INPUT_STREAM_NO_WAKE);
    if (stream) {
        stream->inner->memory = bytes;
        stream->inner->memory_length = length;
    }
    return stream;
}

static void end_compression(struct input_stream_inner *inner)
{
    if (inner->compression == COMPRESSION_GZIP)
        inflateEnd(&inner->zlib);
    ZSTD_freeDStream(inner->zstd);
    inner->zstd = NULL;
    inner->compression = COMPRESSION_UNKNOWN;
}

void input_stream_free(struct input_stream *stream)
{
    if (!stream)
        return;
    struct input_stream_inner *inner = stream->inner;
    end_compression(inner);
    if (inner->descriptor >= 0)
        close(inner->descriptor);
    free(inner->raw);
    free(inner);
    free(stream);
}

int input_stream_rewind(struct input_stream *stream)
{
    struct input_stream_inner *inner = stream->inner;
    if (inner->pipe || (inner->descriptor >= 0 && lseek(inner->descriptor, 0, SEEK_SET) != 0))
        return -ESPIPE;
    end_compression(inner);
    inner->memory_at = 0;
    inner->raw_begin = inner->raw_end = 0;
    inner->raw_offset = 0;
    inner->raw_ended = false;
    inner->skip = 0;
    inner->error = 0;
    stream->begin = stream->end = 0;
    stream->offset = 0;
    return 0;
}

/* Waits for a pipe to have bytes or to hang up. 0, -EAGAIN or -EINTR. */
static int wait_readable(const struct input_stream_inner *inner, bool wait)
{
    struct pollfd polled[2] = {{.fd = inner->descriptor, .events = POLLIN},
                               {.fd = inner->wake, .events = POLLIN}};
    int ready = poll(polled, 2, wait ? -1 : 0);
    if (ready < 0)
        return errno == EINTR ? -EAGAIN : -errno;
    if (polled[1].revents)
        return -EINTR;
    return ready ? 0 : -EAGAIN;
}

static ssize_t read_memory(struct input_stream_inner *inner, uint8_t *bytes, size_t room)
{
    size_t left = inner->memory_length - inner->memory_at;
    size_t count = left < room ? left : room;
    if (count)
        memcpy(bytes, inner->memory + inner->memory_at, count);
    inner->memory_at += count;
    return (ssize_t)count;
}

/* Bytes as they are in the file: how many, 0 at the end, or -errno. */
static ssize_t read_raw(struct input_stream_inner *inner, uint8_t *bytes, size_t room, bool wait)
{
    if (inner->descriptor < 0)
        return read_memory(inner, bytes, room);
    for (;;) {
        int ready = inner->pipe ? wait_readable(inner, wait) : 0;
        if (ready == -EAGAIN && wait)
            continue;
        if (ready < 0)
            return ready;
        ssize_t count = read(inner->descriptor, bytes, room);
        if (count >= 0)
            return count;
        if (errno != EINTR && errno != EAGAIN)
            return -errno;
        if (errno == EAGAIN && !inner->pipe)
            return -EIO;
    }
}

/* Reads more compressed bytes behind those not used yet. 0, or as read_raw(). */
static int fill_raw(struct input_stream_inner *inner, bool wait)
{
    if (inner->raw_begin) {
        memmove(inner->raw, inner->raw + inner->raw_begin, inner->raw_end - inner->raw_begin);
        inner->raw_end -= inner->raw_begin;
        inner->raw_begin = 0;
    }
    ssize_t count = read_raw(inner, inner->raw + inner->raw_end, RAW_ROOM - inner->raw_end, wait);
    if (count < 0)
        return (int)count;
    inner->raw_end += (size_t)count;
    inner->raw_ended = count == 0;
    return 0;
}

static int start_gzip(struct input_stream_inner *inner)
{
    memset(&inner->zlib, 0, sizeof inner->zlib);
    if (inflateInit2(&inner->zlib, GZIP_WINDOW) != Z_OK)
        return -ENOMEM;
    inner->compression = COMPRESSION_GZIP;
    return 0;
}

static int start_zstd(struct input_stream_inner *inner)
{
    inner->zstd = ZSTD_createDStream();
    if (!inner->zstd)
        return -ENOMEM;
    inner->compression = COMPRESSION_ZSTD;
    return 0;
}

/* Looks at the file's first bytes to know the compression. 0, or as read_raw(). */
static int tell_compression(struct input_stream_inner *inner, bool wait)
{
    static const uint8_t gzip_magic[] = {0x1f, 0x8b, 0x08};
    if (!inner->raw && !(inner->raw = malloc(RAW_ROOM)))
        return -ENOMEM;
    while (inner->raw_end < MAGIC_BYTES && !inner->raw_ended) {
        int result = fill_raw(inner, wait);
        if (result < 0)
            return result;
    }
    inner->between = false;
    if (inner->raw_end >= sizeof gzip_magic &&
        memcmp(inner->raw, gzip_magic, sizeof gzip_magic) == 0)
        return start_gzip(inner);
    uint32_t magic = inner->raw_end >= MAGIC_BYTES ? load_le32(inner->raw) : 0;
    if (magic == ZSTD_MAGICNUMBER ||
        (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START)
        return start_zstd(inner);
    inner->compression = COMPRESSION_NONE;
    return 0;
}

/* Takes up to `used` raw bytes out of the raw buffer. */
static void use_raw(struct input_stream_inner *inner, size_t used)
{
    inner->raw_begin += used;
    inner->raw_offset += used;
}

/* After a gzip member: starts the next one. False when what follows is none (padding). */
static bool next_member(struct input_stream_inner *inner)
{
    const uint8_t *next = inner->raw + inner->raw_begin;
    if (inner->raw_end - inner->raw_begin < 2 || next[0] != 0x1f || next[1] != 0x8b)
        return false;
    inner->between = false;
    return inflateReset(&inner->zlib) == Z_OK;
}

/* Decompresses into `bytes`: how many, 0 when more raw bytes are needed or the data has ended
 * (raw_ended is set then), or -EBADMSG. */
static ssize_t inflate_some(struct input_stream_inner *inner, uint8_t *bytes, size_t room)
{
    if (inner->between && !next_member(inner)) {
        if (inner->raw_end - inner->raw_begin >= 2)
            inner->raw_ended = true;
        return 0;
    }
    size_t given = inner->raw_end - inner->raw_begin;
    inner->zlib.next_in = inner->raw + inner->raw_begin;
    inner->zlib.avail_in = (uInt)given;
    inner->zlib.next_out = bytes;
    inner->zlib.avail_out = (uInt)room;
    int result = inflate(&inner->zlib, Z_NO_FLUSH);
    use_raw(inner, given - inner->zlib.avail_in);
    if (result == Z_STREAM_END)
        inner->between = true;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        inner->error = -EBADMSG;
    return (ssize_t)(room - inner->zlib.avail_out);
}

static ssize_t zstd_some(struct input_stream_inner *inner, uint8_t *bytes, size_t room)
{
    ZSTD_inBuffer input = {inner->raw + inner->raw_begin, inner->raw_end - inner->raw_begin, 0};
    ZSTD_outBuffer output = {bytes, room, 0};
    size_t result, before;
    do { /* frames that hold nothing are passed over */
        before = input.pos;
        result = ZSTD_decompressStream(inner->zstd, &output, &input);
    } while (!ZSTD_isError(result) && !output.pos && input.pos > before && input.pos < input.size);
    use_raw(inner, input.pos);
    if (ZSTD_isError(result))
        inner->error = -EBADMSG;
    else if (input.pos || output.pos)
        inner->between = result == 0;
    return (ssize_t)output.pos;
}

/* More decompressed bytes: how many, 0 at the end, or -errno. */
static ssize_t decompress(struct input_stream_inner *inner, uint8_t *bytes, size_t room, bool wait)
{
    for (;;) {
        ssize_t count = inner->compression == COMPRESSION_GZIP ? inflate_some(inner, bytes, room)
                                                               : zstd_some(inner, bytes, room);
        if (count)
            return count;
        if (inner->error)
            return inner->error;
        if (inner->raw_ended)
            return inner->between ? 0 : -EPIPE;
        int result = fill_raw(inner, wait);
        if (result < 0)
            return result;
    }
}

/* More bytes of the capture: how many, 0 at the end, or -errno. */
static ssize_t produce(struct input_stream_inner *inner, uint8_t *bytes, size_t room, bool wait)
{
    if (inner->error)
        return inner->error;
    if (inner->compression == COMPRESSION_UNKNOWN) {
        int result = tell_compression(inner, wait);
        if (result < 0)
            return result;
    }
    if (inner->compression != COMPRESSION_NONE)
        return decompress(inner, bytes, room, wait);
    size_t left = inner->raw_end - inner->raw_begin;
    if (!left)
        return inner->raw_ended ? 0 : read_raw(inner, bytes, room, wait);
    size_t count = left < room ? left : room;
    memcpy(bytes, inner->raw + inner->raw_begin, count);
    use_raw(inner, count);
    return (ssize_t)count;
}

static void apply_skip(struct input_stream *stream)
{
    struct input_stream_inner *inner = stream->inner;
    size_t have = input_stream_have(stream);
    size_t count = inner->skip < have ? (size_t)inner->skip : have;
    stream->begin += count;
    stream->offset += count;
    inner->skip -= count;
}

/* Moves what is left to the front when the room behind it is short. */
static void make_room(struct input_stream *stream, size_t want)
{
    struct input_stream_inner *inner = stream->inner;
    size_t have = input_stream_have(stream);
    if (stream->begin && (!have || stream->begin + want > INPUT_STREAM_WINDOW ||
                          INPUT_STREAM_WINDOW - stream->end < READ_LEAST)) {
        memmove(inner->window, inner->window + stream->begin, have);
        stream->begin = 0;
        stream->end = have;
    }
}

int input_stream_fill(struct input_stream *stream, size_t want, bool wait)
{
    struct input_stream_inner *inner = stream->inner;
    for (;;) {
        apply_skip(stream);
        if (!inner->skip && input_stream_have(stream) >= want)
            return 0;
        make_room(stream, want);
        ssize_t count =
            produce(inner, inner->window + stream->end, INPUT_STREAM_WINDOW - stream->end, wait);
        if (count == 0)
            inner->error = -ENODATA;
        if (count <= 0 && count != -EAGAIN && count != -EINTR && !inner->error)
            inner->error = (int)count;
        if (count <= 0)
            return count ? (int)count : -ENODATA;
        stream->end += (size_t)count;
    }
}

void input_stream_skip(struct input_stream *stream, uint64_t count)
{
    stream->inner->skip += count;
    apply_skip(stream);
}

uint64_t input_stream_skip_missing(const struct input_stream *stream)
{
    return stream->inner->skip;
}

void input_stream_explain(const struct input_stream *stream, int error, struct buffer *ret_why)
{
    const char *name = input_stream_compression(stream);
    unsigned long long at = stream->inner->raw_offset;
    if (error == -EBADMSG)
        buffer_printf(ret_why, "the %s data is damaged near byte %llu", name, at);
    else if (error == -EPIPE)
        buffer_printf(ret_why, "the %s data is cut off at byte %llu", name, at);
    else
        buffer_printf(ret_why, "cannot be read: %s", strerror(-error));
}

bool input_stream_is_pipe(const struct input_stream *stream)
{
    return stream->inner->pipe;
}

const char *input_stream_compression(const struct input_stream *stream)
{
    switch (stream->inner->compression) {
    case COMPRESSION_GZIP: return "gzip";
    case COMPRESSION_ZSTD: return "zstd";
    default: return "";
    }
}
