/* The stream of frames in ring and file. See tool_outbox.h. */
#include "tools/tool_outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/protocol_frame.h"

enum { CHUNK = 256 * 1024 }; /* a step of writing to the file and of reading it */

static int reserve(size_t size, uint8_t **ret_memory)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return -ENOMEM;
    *ret_memory = memory;
    return 0;
}

int tool_outbox_init(struct tool_outbox *outbox, size_t ring_size, bool keeps)
{
    *outbox = (struct tool_outbox){.ring_size = ring_size, .file = -1, .keeps = keeps};
    return reserve(ring_size, &outbox->ring);
}

/* A file without a name; where the file system has no such thing, one whose name is gone. */
static int open_unnamed(const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (file >= 0)
        return file;
    if (errno != EOPNOTSUPP && errno != EISDIR)
        return -errno;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/norn-spool-XXXXXX", directory) >= (int)sizeof path)
        return -ENAMETOOLONG;
    file = mkostemp(path, O_CLOEXEC);
    if (file < 0)
        return -errno;
    unlink(path);
    return file;
}

int tool_outbox_spool(struct tool_outbox *outbox, const char *directory, uint64_t size,
                      struct buffer *ret_why)
{
    int file = open_unnamed(directory);
    int result = file < 0 ? file : reserve(CHUNK, &outbox->cache);
    if (result < 0) {
        buffer_printf(ret_why, "there can be no spool in %s: %s", directory, strerror(-result));
        if (file >= 0)
            close(file);
        return result;
    }
    outbox->file = file;
    outbox->file_size = size;
    return 0;
}

static void close_file(struct tool_outbox *outbox)
{
    if (outbox->cache)
        munmap(outbox->cache, CHUNK);
    if (outbox->file >= 0)
        close(outbox->file);
    outbox->cache = NULL;
    outbox->cached = 0;
    outbox->file = -1;
}

void tool_outbox_done(struct tool_outbox *outbox)
{
    close_file(outbox);
    if (outbox->ring)
        munmap(outbox->ring, outbox->ring_size);
    *outbox = (struct tool_outbox){.file = -1};
}

static size_t least(uint64_t a, uint64_t b)
{
    return (size_t)(a < b ? a : b);
}

/* Where a byte of the stream is in the ring, and how many follow it in one piece. */
static uint8_t *ring_at(const struct tool_outbox *outbox, uint64_t byte, size_t *ret_run)
{
    size_t index = (size_t)((byte - outbox->ring_base) % outbox->ring_size);
    *ret_run = outbox->ring_size - index;
    return outbox->ring + index;
}

static void ring_read(const struct tool_outbox *outbox, uint64_t byte, uint8_t *ret_bytes,
                      size_t length)
{
    size_t run;
    const uint8_t *from = ring_at(outbox, byte, &run);
    size_t first = least(run, length);
    memcpy(ret_bytes, from, first);
    memcpy(ret_bytes + first, outbox->ring, length - first);
}

static void ring_write(struct tool_outbox *outbox, uint64_t byte, struct slice bytes)
{
    size_t run;
    uint8_t *to = ring_at(outbox, byte, &run);
    size_t first = least(run, bytes.length);
    memcpy(to, bytes.data, first);
    memcpy(outbox->ring, bytes.data + first, bytes.length - first);
}

/* Reads a run of the stream from the file, round its end, into the cache. */
static bool fill_cache(struct tool_outbox *outbox, uint64_t byte)
{
    uint64_t offset = byte % outbox->file_size;
    size_t length = least(least(CHUNK, outbox->spilled.bytes - byte), outbox->file_size - offset);
    outbox->cached = 0;
    ssize_t got = pread(outbox->file, outbox->cache, length, (off_t)offset);
    if (got <= 0)
        return false;
    outbox->cache_at = byte;
    outbox->cached = (size_t)got;
    return true;
}

static bool file_read(struct tool_outbox *outbox, uint64_t byte, uint8_t *ret_bytes, size_t length)
{
    while (length) {
        if (byte < outbox->cache_at || byte >= outbox->cache_at + outbox->cached)
            if (!fill_cache(outbox, byte))
                return false;
        size_t from = (size_t)(byte - outbox->cache_at);
        size_t run = least(length, outbox->cached - from);
        memcpy(ret_bytes, outbox->cache + from, run);
        byte += run;
        ret_bytes += run;
        length -= run;
    }
    return true;
}

static bool file_write(struct tool_outbox *outbox, uint64_t byte, const uint8_t *bytes,
                       size_t length)
{
    while (length) {
        uint64_t offset = byte % outbox->file_size;
        size_t run = least(length, outbox->file_size - offset);
        ssize_t written = pwrite(outbox->file, bytes, run, (off_t)offset);
        if (written <= 0)
            return false;
        byte += (uint64_t)written;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* Reads a run that lies in the file or in the ring, as every frame does. */
static bool read_at(struct tool_outbox *outbox, uint64_t byte, uint8_t *ret_bytes, size_t length)
{
    if (byte < outbox->spilled.bytes)
        return file_read(outbox, byte, ret_bytes, length);
    ring_read(outbox, byte, ret_bytes, length);
    return true;
}

/* The length of the frame at a place; 0 when the file does not give it back. */
static size_t frame_length(struct tool_outbox *outbox, struct tool_place place)
{
    uint8_t header[PROTOCOL_PEEK];
    struct protocol_frame frame;
    size_t need;
    if (!read_at(outbox, place.bytes, header, sizeof header))
        return 0;
    return protocol_frame_parse(header, sizeof header, &frame, &need) == -EAGAIN ? need : 0;
}

static void step(struct tool_place *place, size_t length)
{
    place->bytes += length;
    place->frames++;
}

/* Lets go of everything before a place. */
static void let_go(struct tool_outbox *outbox, struct tool_place place)
{
    outbox->tail = place;
    if (outbox->sent.bytes < place.bytes)
        outbox->sent = place;
    if (outbox->spilled.bytes < place.bytes)
        outbox->spilled = place;
    if (place.bytes == outbox->head.bytes)
        outbox->ring_base = place.bytes; /* the same warm pages again */
}

/* Lets go of what nobody has acknowledged: what was not even sent is lost. */
static void throw_out(struct tool_outbox *outbox, struct tool_place place)
{
    uint64_t frames = place.frames - outbox->tail.frames;
    uint64_t unsent = place.bytes > outbox->sent.bytes ? place.frames - outbox->sent.frames : 0;
    outbox->dropped += unsent;
    outbox->unsure += frames - unsent;
    let_go(outbox, place);
}

/* The disk is full or broken: what the file held is lost, and the ring has to do from now on. */
static void lose_file(struct tool_outbox *outbox)
{
    throw_out(outbox, outbox->spilled);
    close_file(outbox);
}

static void throw_out_oldest(struct tool_outbox *outbox)
{
    struct tool_place next = outbox->tail;
    size_t length = frame_length(outbox, next);
    step(&next, length);
    if (length)
        throw_out(outbox, next);
    else
        lose_file(outbox);
}

/* The end of as many whole frames of the ring as make a chunk, of one at least. */
static struct tool_place chunk_end(struct tool_outbox *outbox)
{
    struct tool_place end = outbox->spilled;
    while (end.bytes < outbox->head.bytes) {
        size_t length = frame_length(outbox, end);
        if (end.bytes > outbox->spilled.bytes && end.bytes + length - outbox->spilled.bytes > CHUNK)
            break;
        step(&end, length);
    }
    return end;
}

/* Moves the oldest of the ring to the file; the oldest of the file go when that is full. */
static void spill(struct tool_outbox *outbox)
{
    struct tool_place end = chunk_end(outbox);
    size_t run, length = (size_t)(end.bytes - outbox->spilled.bytes);
    while (outbox->file >= 0 && end.bytes - outbox->tail.bytes > outbox->file_size)
        throw_out_oldest(outbox);
    if (outbox->file < 0)
        return;
    const uint8_t *from = ring_at(outbox, outbox->spilled.bytes, &run);
    size_t first = least(run, length);
    if (file_write(outbox, outbox->spilled.bytes, from, first) &&
        file_write(outbox, outbox->spilled.bytes + first, outbox->ring, length - first))
        outbox->spilled = end;
    else
        lose_file(outbox);
}

static bool ring_fits(const struct tool_outbox *outbox, size_t length)
{
    return outbox->head.bytes - outbox->spilled.bytes + length <= outbox->ring_size;
}

/* Makes room in the ring: a server that answers no ping is believed to have what was sent. */
static void make_room(struct tool_outbox *outbox, size_t length)
{
    bool has_sent = outbox->sent.bytes > outbox->tail.bytes;
    if (!ring_fits(outbox, length) && has_sent && !outbox->answered)
        let_go(outbox, outbox->sent);
    while (!ring_fits(outbox, length) && outbox->file >= 0)
        spill(outbox);
    while (!ring_fits(outbox, length) && outbox->sent.bytes > outbox->tail.bytes)
        throw_out_oldest(outbox);
}

bool tool_outbox_fits(const struct tool_outbox *outbox, size_t length)
{
    struct tool_place oldest = outbox->answered ? outbox->tail : outbox->sent;
    return outbox->head.bytes - oldest.bytes + length <= outbox->ring_size;
}

bool tool_outbox_add(struct tool_outbox *outbox, struct slice frame)
{
    if (frame.length <= outbox->ring_size)
        make_room(outbox, frame.length);
    if (!ring_fits(outbox, frame.length)) {
        outbox->dropped++;
        return false;
    }
    ring_write(outbox, outbox->head.bytes, frame);
    step(&outbox->head, frame.length);
    return true;
}

bool tool_outbox_take(struct tool_outbox *outbox, struct buffer *buffer)
{
    while (outbox->sent.bytes < outbox->head.bytes) {
        size_t length = frame_length(outbox, outbox->sent);
        uint8_t *room = length ? buffer_room(buffer, length) : NULL;
        if (length && !room)
            return false;
        if (!length || !read_at(outbox, outbox->sent.bytes, room, length)) {
            lose_file(outbox);
            continue;
        }
        buffer_advance(buffer, length);
        step(&outbox->sent, length);
        if (!outbox->keeps)
            let_go(outbox, outbox->sent);
        return true;
    }
    return false;
}

void tool_outbox_acknowledge(struct tool_outbox *outbox, struct tool_place place)
{
    outbox->answered = true;
    if (place.bytes < outbox->tail.bytes || place.bytes > outbox->sent.bytes)
        return;
    outbox->unsure = 0;
    let_go(outbox, place);
}

void tool_outbox_rewind(struct tool_outbox *outbox)
{
    outbox->dropped += outbox->unsure;
    outbox->unsure = 0;
    outbox->sent = outbox->tail;
}
