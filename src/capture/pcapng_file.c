/* The pcapng format (draft-ietf-opsawg-pcapng-02): blocks of a type, a length, a body and the
 * length again. See pcapng_file.h. Input: capture_file.c's stream. Output: frames that lie in its
 * window. A block that makes no sense inside is passed over and counted; one whose length makes
 * no sense ends the reading. */
#include "capture/pcapng_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/capture_file.h"
#include "util/bytes.h"
#include "util/clock.h"
#include "util/wide.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_ENHANCED_PACKET = 6,
    ORDER_MAGIC = 0x1a2b3c4d,

    BLOCK_HEADER = 8,
    BLOCK_LEAST = 12, /* type, length, length again */
    BLOCK_MAX = CAPTURE_RECORD_MAX + 64 * 1024,
    BLOCKS_PER_CALL = 4096,

    OPTION_END = 0,
    OPTION_TIME_RESOLUTION = 9,
    OPTION_FCS_LENGTH = 13,
    OPTION_TIME_OFFSET = 14,
    RESOLUTION_DEFAULT = 6,
    RESOLUTION_BINARY = 0x80,
};

/* One block: its body may be cut at the end of the window when it is a very long one. */
struct block {
    uint32_t type;
    uint32_t length;
    struct reader body;
};

bool pcapng_file_matches(const uint8_t magic[4])
{
    return load_le32(magic) == BLOCK_SECTION;
}

static uint16_t take_u16(const struct capture_file *file, struct reader *reader)
{
    return file->pcapng.big_endian ? reader_be16(reader) : reader_le16(reader);
}

static uint32_t take_u32(const struct capture_file *file, struct reader *reader)
{
    return file->pcapng.big_endian ? reader_be32(reader) : reader_le32(reader);
}

static uint64_t take_u64(const struct capture_file *file, struct reader *reader)
{
    return file->pcapng.big_endian ? reader_be64(reader) : reader_le64(reader);
}

static int tell_damage(struct capture_file *file, const char *what, uint32_t number)
{
    snprintf(file->why, sizeof file->why, "damaged: block %" PRIu64 " at offset %" PRIu64 " %s %u",
             file->pcapng.blocks + 1, file->stream->offset, what, number);
    return -EBADMSG;
}

/* Counts a packet block that makes no sense; reading goes on behind it. */
static void pass_over(struct capture_file *file, const char *what)
{
    file->bad_records++;
    snprintf(file->bad_why, sizeof file->bad_why, "block %" PRIu64 " at offset %" PRIu64 " %s",
             file->pcapng.blocks + 1, file->stream->offset, what);
}

static int tell_end(struct capture_file *file, size_t wanted)
{
    struct input_stream *stream = file->stream;
    uint64_t missing = input_stream_skip_missing(stream);
    size_t have = input_stream_have(stream);
    if (!missing && !have)
        return 1;
    if (missing)
        snprintf(file->why, sizeof file->why,
                 "cut off: the last %" PRIu64 " bytes of block %" PRIu64 " are missing", missing,
                 file->pcapng.blocks);
    else
        snprintf(file->why, sizeof file->why,
                 "cut off: %zu of %zu bytes of block %" PRIu64 " at offset %" PRIu64
                 ", after record %" PRIu64,
                 have, wanted, file->pcapng.blocks + 1, stream->offset, file->records);
    return -ENODATA;
}

static int need(struct capture_file *file, size_t want, size_t whole, bool wait)
{
    if (input_stream_have(file->stream) >= want && !input_stream_skip_missing(file->stream))
        return 0;
    int result = input_stream_fill(file->stream, want, wait);
    return result == -ENODATA ? tell_end(file, whole) : result;
}

/* A section header says the byte order of itself and of what follows. */
static int read_order(struct capture_file *file, struct reader after_length)
{
    uint32_t magic = reader_le32(&after_length);
    if (magic != ORDER_MAGIC && magic != __builtin_bswap32(ORDER_MAGIC))
        return tell_damage(file, "is a section header with an unknown byte order", magic);
    file->pcapng.big_endian = magic != ORDER_MAGIC;
    return 0;
}

/* Gathers the next block in the window and checks its lengths. */
static int read_block(struct capture_file *file, bool wait, struct block *ret_block)
{
    struct input_stream *stream = file->stream;
    int result = need(file, BLOCK_LEAST, BLOCK_LEAST, wait);
    if (result)
        return result;
    struct reader reader = reader_over(input_stream_at(stream), BLOCK_LEAST);
    uint32_t type = take_u32(file, &reader);
    if (type == BLOCK_SECTION) {
        struct reader after = reader;
        reader_skip(&after, 4);
        result = read_order(file, after);
        if (result)
            return result;
    }
    uint32_t length = take_u32(file, &reader);
    if (length < BLOCK_LEAST || length % 4 || length > BLOCK_MAX)
        return tell_damage(file, "has an impossible length:", length);
    size_t kept = length < INPUT_STREAM_WINDOW ? length : INPUT_STREAM_WINDOW;
    result = need(file, kept, length, wait);
    if (result)
        return result;
    if (kept == length) {
        reader = reader_over(input_stream_at(stream) + length - 4, 4);
        uint32_t again = take_u32(file, &reader);
        if (again != length)
            return tell_damage(file, "ends with another length than it starts with:", again);
        kept -= 4;
    }
    *ret_block = (struct block){.type = type, .length = length};
    ret_block->body = reader_over(input_stream_at(stream) + BLOCK_HEADER, kept - BLOCK_HEADER);
    return 0;
}

static int read_section(struct capture_file *file, struct reader body)
{
    reader_skip(&body, 4); /* byte order, known by now */
    uint16_t major = take_u16(file, &body);
    if (body.failed || major != 1)
        return tell_damage(file, "starts a section of unknown version", major);
    file->pcapng.interface_count = 0;
    return 0;
}

static void read_interface_option(const struct capture_file *file, uint16_t code,
                                  struct reader value, struct pcapng_interface *interface)
{
    if (code == OPTION_TIME_RESOLUTION && reader_left(&value) >= 1)
        interface->resolution = reader_u8(&value);
    else if (code == OPTION_TIME_OFFSET && reader_left(&value) >= 8)
        interface->offset_s = (int64_t)take_u64(file, &value);
    else if (code == OPTION_FCS_LENGTH && reader_left(&value) >= 1) {
        uint8_t length = reader_u8(&value); /* drafts disagree: bits or bytes */
        interface->fcs_length = length > 8 ? length / 8 : length;
    }
}

static int add_interface(struct capture_file *file, const struct pcapng_interface *interface)
{
    struct pcapng_file *pcapng = &file->pcapng;
    if (pcapng->interface_count == PCAPNG_INTERFACES_MAX)
        return tell_damage(file, "is one interface too many, the limit is", PCAPNG_INTERFACES_MAX);
    if (pcapng->interface_count == pcapng->interface_room) {
        uint32_t room = pcapng->interface_room ? pcapng->interface_room * 2 : 8;
        void *grown = realloc(pcapng->interfaces, room * sizeof *interface);
        if (!grown)
            return -ENOMEM;
        pcapng->interfaces = grown;
        pcapng->interface_room = room;
    }
    pcapng->interfaces[pcapng->interface_count++] = *interface;
    return 0;
}

static int read_interface(struct capture_file *file, struct reader body)
{
    struct pcapng_interface interface = {.resolution = RESOLUTION_DEFAULT};
    interface.link_type = take_u16(file, &body);
    reader_skip(&body, 2);
    interface.snap_length = take_u32(file, &body);
    if (body.failed)
        return tell_damage(file, "describes an interface in too few bytes:", (uint32_t)body.length);
    while (reader_left(&body) >= 4) {
        uint16_t code = take_u16(file, &body);
        uint16_t length = take_u16(file, &body);
        if (code == OPTION_END)
            break;
        struct reader value = reader_part(&body, length);
        reader_skip(&body, (4 - length % 4) % 4);
        if (!value.failed)
            read_interface_option(file, code, value, &interface);
    }
    return add_interface(file, &interface);
}

/* Seconds and nanoseconds of an interface's clock as one count; 0 or the largest when the
 * interface's offset takes it out of range. */
static uint64_t join_time(uint64_t seconds, uint64_t nanoseconds, int64_t offset_s)
{
    int64_t moved;
    uint64_t time_ns;
    if (seconds > INT64_MAX || __builtin_add_overflow((int64_t)seconds, offset_s, &moved))
        return offset_s < 0 ? 0 : UINT64_MAX;
    if (moved < 0)
        return 0;
    if (__builtin_mul_overflow((uint64_t)moved, NS_PER_S, &time_ns) ||
        __builtin_add_overflow(time_ns, nanoseconds, &time_ns))
        return UINT64_MAX;
    return time_ns;
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

static uint64_t interface_time(const struct pcapng_interface *interface, uint64_t ticks)
{
    if (interface->resolution == RESOLUTION_DEFAULT && !interface->offset_s &&
        ticks <= UINT64_MAX / 1000)
        return ticks * 1000;
    unsigned exponent = interface->resolution & ~RESOLUTION_BINARY;
    if (interface->resolution & RESOLUTION_BINARY) {
        if (exponent > 63)
            return join_time(0, 0, interface->offset_s);
        uint64_t fraction = ticks & ((1ULL << exponent) - 1);
        uint64_t nanoseconds = wide_shift(wide_multiply(fraction, NS_PER_S), exponent);
        return join_time(ticks >> exponent, nanoseconds, interface->offset_s);
    }
    if (exponent > 19)
        return join_time(0, 0, interface->offset_s);
    uint64_t unit = power_of_ten(exponent);
    uint64_t fraction = ticks % unit;
    uint64_t nanoseconds = exponent > 9 ? fraction / power_of_ten(exponent - 9)
                                        : fraction * power_of_ten(9 - exponent);
    return join_time(ticks / unit, nanoseconds, interface->offset_s);
}

/* The fixed part of a packet block of any of the three kinds. */
struct packet {
    uint32_t interface;
    bool timed;
    uint64_t ticks;
    uint32_t captured;
    uint32_t original;
};

static uint64_t take_ticks(const struct capture_file *file, struct reader *body)
{
    uint64_t high = take_u32(file, body);
    return high << 32 | take_u32(file, body);
}

static struct packet read_packet_header(const struct capture_file *file, struct block *block)
{
    struct packet packet = {.timed = block->type != BLOCK_SIMPLE_PACKET};
    if (block->type == BLOCK_SIMPLE_PACKET) {
        packet.original = take_u32(file, &block->body);
        packet.captured = packet.original;
        uint32_t room = block->length - BLOCK_LEAST;
        uint32_t snap = file->pcapng.interface_count ? file->pcapng.interfaces[0].snap_length : 0;
        if (room >= 4 && packet.captured > room - 4)
            packet.captured = room - 4;
        if (snap && packet.captured > snap)
            packet.captured = snap;
        return packet;
    }
    if (block->type == BLOCK_PACKET) {
        packet.interface = take_u16(file, &block->body);
        reader_skip(&block->body, 2); /* drops since the last one */
    } else {
        packet.interface = take_u32(file, &block->body);
    }
    packet.ticks = take_ticks(file, &block->body);
    packet.captured = take_u32(file, &block->body);
    packet.original = take_u32(file, &block->body);
    return packet;
}

/* A frame from a packet block; false when the block makes no sense. */
static bool read_packet(struct capture_file *file, struct block *block, struct frame *ret_frame)
{
    struct pcapng_file *pcapng = &file->pcapng;
    struct packet packet = read_packet_header(file, block);
    if (packet.interface >= pcapng->interface_count) {
        pass_over(file, "holds a packet of an interface that was not described");
        return false;
    }
    uint32_t kept = packet.captured < FRAME_BYTES_MAX ? packet.captured : FRAME_BYTES_MAX;
    const uint8_t *data = reader_bytes(&block->body, kept);
    if (!data || packet.captured > block->length) {
        pass_over(file, "holds a packet longer than itself");
        return false;
    }
    const struct pcapng_interface *interface = &pcapng->interfaces[packet.interface];
    if (packet.timed)
        pcapng->last_time_ns = interface_time(interface, packet.ticks);
    file->records++;
    file->cut += kept < packet.captured;
    *ret_frame = (struct frame){
        .data = data,
        .length = kept,
        .original_length = packet.original > packet.captured ? packet.original : packet.captured,
        .time_ns = pcapng->last_time_ns,
        .link_type = interface->link_type,
        .fcs_length = interface->fcs_length,
    };
    return true;
}

/* 1 when the block gave a frame, 0 when it did not, negative when reading cannot go on. */
static int read_body(struct capture_file *file, struct block *block, struct frame *ret_frame)
{
    switch (block->type) {
    case BLOCK_SECTION: return read_section(file, block->body);
    case BLOCK_INTERFACE: return read_interface(file, block->body);
    case BLOCK_PACKET:
    case BLOCK_SIMPLE_PACKET:
    case BLOCK_ENHANCED_PACKET: return read_packet(file, block, ret_frame);
    default: return 0;
    }
}

int pcapng_file_start(struct capture_file *file)
{
    struct block block;
    int result = read_block(file, true, &block);
    if (result == -ENODATA || result == 1)
        return -EBADMSG;
    return result;
}

int pcapng_file_next(struct capture_file *file, bool wait, struct frame *ret_frame)
{
    struct pcapng_file *pcapng = &file->pcapng;
    for (unsigned i = 0; i < BLOCKS_PER_CALL; i++) {
        if (pcapng->pending) {
            input_stream_skip(file->stream, pcapng->pending);
            pcapng->pending = 0;
        }
        struct block block;
        int result = read_block(file, wait, &block);
        if (result)
            return result;
        result = read_body(file, &block, ret_frame);
        if (result < 0)
            return result;
        pcapng->blocks++;
        pcapng->pending = block.length;
        if (result)
            return 0;
    }
    return -EINTR;
}

void pcapng_file_done(struct capture_file *file)
{
    free(file->pcapng.interfaces);
    file->pcapng.interfaces = NULL;
    file->pcapng.interface_count = file->pcapng.interface_room = 0;
}
