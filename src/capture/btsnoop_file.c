/* The btsnoop format: a header of 16 bytes, then records of 24 bytes and the packet, all big
 * endian; times in microseconds since the year 0. See btsnoop_file.h. Input: capture_file.c's
 * stream. Output: frames that lie in the reader's own memory. */
#include "capture/btsnoop_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture_file.h"
#include "util/bytes.h"

enum {
    FILE_HEADER = 16,
    RECORD_HEADER = 24,
    KIND_BARE = 1001,
    KIND_UART = 1002,
    KIND_MONITOR = 2001,
    FLAG_RECEIVED = 0x01, /* from the controller */
    FLAG_CONTROL = 0x02,  /* a command or an event, not data */
    LINK_TYPE_UART = 201,
    LINK_TYPE_MONITOR = 254,
    TYPE_COMMAND = 1,
    TYPE_DATA = 2,
    TYPE_EVENT = 4,
    HEADER_MAX = 5,          /* of the frames made here */
    PACKET_MAX = 128 * 1024, /* twice what HCI can say; more of a record is cut */
};

/* Microseconds from the format's year 0 to 1970. */
#define EPOCH_US 62168256000000000ull

static const char magic_bytes[BTSNOOP_MAGIC] = "btsnoop";

bool btsnoop_file_matches(const uint8_t magic[BTSNOOP_MAGIC])
{
    return memcmp(magic, magic_bytes, BTSNOOP_MAGIC) == 0;
}

int btsnoop_file_start(struct capture_file *file)
{
    struct input_stream *stream = file->stream;
    struct btsnoop_file *btsnoop = &file->btsnoop;
    int result = input_stream_fill(stream, FILE_HEADER, true);
    if (result == -ENODATA) {
        snprintf(file->why, sizeof file->why, "cut off: %zu of the 16 bytes of the btsnoop header",
                 input_stream_have(stream));
        return -EBADMSG;
    }
    if (result < 0)
        return result;
    struct reader reader = reader_over(input_stream_at(stream), FILE_HEADER);
    reader_skip(&reader, BTSNOOP_MAGIC);
    uint32_t version = reader_be32(&reader);
    btsnoop->kind = reader_be32(&reader);
    if (version != 1) {
        snprintf(file->why, sizeof file->why, "btsnoop version %u is none that norn knows",
                 version);
        return -EBADMSG;
    }
    if (btsnoop->kind != KIND_BARE && btsnoop->kind != KIND_UART && btsnoop->kind != KIND_MONITOR) {
        snprintf(file->why, sizeof file->why,
                 "a btsnoop log of kind %u: norn reads 1001, 1002 and 2001", btsnoop->kind);
        return -EBADMSG;
    }
    if (!btsnoop->packet)
        btsnoop->packet = malloc(HEADER_MAX + PACKET_MAX);
    if (!btsnoop->packet)
        return -ENOMEM;
    input_stream_skip(stream, FILE_HEADER);
    return 0;
}

void btsnoop_file_done(struct capture_file *file)
{
    free(file->btsnoop.packet);
    file->btsnoop.packet = NULL;
}

static void put_be32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Writes the header that the packet's link type wants; its length. */
static uint32_t make_header(const struct btsnoop_file *btsnoop, uint32_t flags)
{
    uint8_t *header = btsnoop->packet;
    if (btsnoop->kind == KIND_MONITOR) {
        put_be32(header, flags); /* adapter and opcode, as the link type has them */
        return 4;
    }
    put_be32(header, flags & FLAG_RECEIVED);
    if (btsnoop->kind == KIND_UART)
        return 4;
    header[4] = !(flags & FLAG_CONTROL) ? TYPE_DATA
                : flags & FLAG_RECEIVED ? TYPE_EVENT
                                        : TYPE_COMMAND;
    return 5;
}

/* Nanoseconds since 1970; what lies outside is at the nearest end. */
static uint64_t time_of(uint64_t time_us)
{
    uint64_t since_us = time_us - EPOCH_US;
    if (time_us < EPOCH_US || time_us > INT64_MAX) /* the format's times are signed */
        return 0;
    return since_us < UINT64_MAX / 1000 ? since_us * 1000 : UINT64_MAX;
}

/* What the packet and the header made for it were together. */
static uint32_t whole_length(uint32_t header, uint32_t captured, uint32_t original)
{
    uint32_t length = original > captured ? original : captured;
    return length < UINT32_MAX - header ? header + length : UINT32_MAX;
}

int btsnoop_file_next(struct capture_file *file, bool wait, struct frame *ret_frame)
{
    struct btsnoop_file *btsnoop = &file->btsnoop;
    if (btsnoop->pending) {
        input_stream_skip(file->stream, btsnoop->pending);
        btsnoop->pending = 0;
    }
    int result = capture_file_need(file, RECORD_HEADER, RECORD_HEADER, wait);
    if (result)
        return result;
    struct reader reader = reader_over(input_stream_at(file->stream), RECORD_HEADER);
    uint32_t original = reader_be32(&reader), captured = reader_be32(&reader);
    uint32_t flags = reader_be32(&reader);
    reader_skip(&reader, 4); /* packets dropped until then */
    uint64_t time_ns = time_of(reader_be64(&reader));
    if (captured > CAPTURE_RECORD_MAX)
        return capture_file_tell_damage(file, captured);
    uint32_t kept = captured < PACKET_MAX ? captured : PACKET_MAX;
    result = capture_file_need(file, (size_t)RECORD_HEADER + kept, (size_t)RECORD_HEADER + captured,
                               wait);
    if (result)
        return result;
    uint32_t header = make_header(btsnoop, flags);
    memcpy(btsnoop->packet + header, input_stream_at(file->stream) + RECORD_HEADER, kept);
    btsnoop->pending = RECORD_HEADER + captured;
    file->records++;
    file->cut += kept < captured;
    *ret_frame = (struct frame){
        .data = btsnoop->packet,
        .length = header + kept,
        .original_length = whole_length(header, captured, original),
        .time_ns = time_ns,
        .link_type = btsnoop->kind == KIND_MONITOR ? LINK_TYPE_MONITOR : LINK_TYPE_UART,
    };
    return 0;
}
