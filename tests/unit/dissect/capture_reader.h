/* A small reader of classic pcap and pcapng for the dissectors' tests, which may not use the
 * capture folder. Gzip goes through zcat. Input: a path; output: each packet in order, with its
 * link type, time in nanoseconds and original length. Broken files end early. */
#ifndef NORN_TESTS_CAPTURE_READER_H
#define NORN_TESTS_CAPTURE_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/bytes.h"

enum { READER_INTERFACES_MAX = 64 };

struct packet {
    const uint8_t *data;
    uint32_t length, original_length;
    uint64_t time_ns;
    uint16_t link_type;
    uint32_t number; /* from 1 */
};

struct capture {
    uint8_t *bytes;
    struct reader reader;
    bool big, nanoseconds, pcapng;
    uint32_t link_type;
    uint32_t interfaces;
    uint16_t interface_link_type[READER_INTERFACES_MAX];
    uint64_t interface_units[READER_INTERFACES_MAX]; /* a second */
    uint32_t number;
};

static inline uint8_t *capture_load(const char *path, size_t *ret_length)
{
    char command[8192];
    bool gzip = strlen(path) > 3 && !strcmp(path + strlen(path) - 3, ".gz");
    snprintf(command, sizeof command, "%s '%s' 2>/dev/null", gzip ? "zcat" : "cat", path);
    FILE *pipe = popen(command, "r");
    size_t room = 1 << 16, used = 0, got;
    uint8_t *bytes = malloc(room);
    while (pipe && (got = fread(bytes + used, 1, room - used, pipe)) > 0) {
        used += got;
        if (used == room)
            bytes = realloc(bytes, room *= 2);
    }
    if (pipe)
        pclose(pipe);
    *ret_length = used;
    return bytes;
}

static inline uint32_t capture_u32(struct capture *capture)
{
    return capture->big ? reader_be32(&capture->reader) : reader_le32(&capture->reader);
}

static inline uint16_t capture_u16(struct capture *capture)
{
    return capture->big ? reader_be16(&capture->reader) : reader_le16(&capture->reader);
}

static inline void capture_close(struct capture *capture)
{
    free(capture->bytes);
    capture->bytes = NULL;
}

static inline bool capture_open(struct capture *capture, const char *path)
{
    size_t length;
    memset(capture, 0, sizeof *capture);
    capture->bytes = capture_load(path, &length);
    capture->reader = reader_over(capture->bytes, length);
    struct reader probe = capture->reader;
    uint32_t magic = reader_le32(&probe);
    if (magic == 0x0a0d0d0a) {
        capture->pcapng = true;
        return true;
    }
    capture->big = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
    uint32_t known = capture->big ? __builtin_bswap32(magic) : magic;
    capture->nanoseconds = known == 0xa1b23c4d;
    reader_skip(&capture->reader, 20);
    capture->link_type = capture_u32(capture) & 0xffff;
    if (!capture->reader.failed && (known == 0xa1b2c3d4 || known == 0xa1b23c4d))
        return true;
    capture_close(capture);
    return false;
}

static inline bool capture_next_classic(struct capture *capture, struct packet *packet)
{
    uint64_t seconds = capture_u32(capture), fraction = capture_u32(capture);
    packet->length = capture_u32(capture);
    packet->original_length = capture_u32(capture);
    packet->data = reader_bytes(&capture->reader, packet->length);
    packet->link_type = (uint16_t)capture->link_type;
    packet->time_ns = seconds * 1000000000ull + fraction * (capture->nanoseconds ? 1 : 1000);
    return packet->data != NULL;
}

static inline uint64_t capture_units(struct capture *block)
{
    while (reader_left(&block->reader) >= 4) {
        uint16_t code = capture_u16(block), length = capture_u16(block);
        uint8_t value = 6;
        struct reader option = reader_part(&block->reader, (size_t)(length + 3) & ~(size_t)3);
        if (code == 0)
            break;
        if (code != 9)
            continue;
        value = reader_u8(&option);
        uint64_t units = 1;
        for (int i = 0; i < (value & 0x7f) && units < 1ull << 59; i++)
            units *= value & 0x80 ? 2 : 10;
        return units;
    }
    return 1000000;
}

static inline void capture_add_interface(struct capture *capture, struct capture *block)
{
    if (capture->interfaces >= READER_INTERFACES_MAX)
        return;
    uint16_t link_type = capture_u16(block);
    reader_skip(&block->reader, 6);
    capture->interface_link_type[capture->interfaces] = link_type;
    capture->interface_units[capture->interfaces++] = capture_units(block);
}

/* Enhanced, simple or obsolete packet block. */
static inline bool capture_packet_block(struct capture *capture, struct capture *block,
                                        uint32_t type, struct packet *packet)
{
    uint32_t interface = 0;
    uint64_t time = 0;
    if (type == 6)
        interface = capture_u32(block);
    if (type == 2) {
        interface = capture_u16(block);
        reader_skip(&block->reader, 2);
    }
    if (type != 3) {
        time = (uint64_t)capture_u32(block) << 32;
        time |= capture_u32(block);
        packet->length = capture_u32(block);
    }
    packet->original_length = capture_u32(block);
    if (type == 3) {
        size_t left = reader_left(&block->reader);
        packet->length = packet->original_length < left ? packet->original_length : (uint32_t)left;
    }
    if (interface >= capture->interfaces)
        return false;
    uint64_t units = capture->interface_units[interface];
    packet->time_ns = time / units * 1000000000ull +
                      (uint64_t)((__uint128_t)(time % units) * 1000000000ull / units);
    packet->link_type = capture->interface_link_type[interface];
    packet->data = reader_bytes(&block->reader, packet->length);
    return packet->data != NULL;
}

static inline bool capture_next_block(struct capture *capture, struct packet *packet)
{
    while (reader_left(&capture->reader) >= 12) {
        struct reader start = capture->reader;
        uint32_t type = capture_u32(capture);
        if (type == 0x0a0d0d0a) {
            struct reader order = capture->reader;
            reader_skip(&order, 4);
            capture->big = reader_be32(&order) == 0x1a2b3c4d;
            capture->interfaces = 0;
        }
        uint32_t length = capture_u32(capture);
        if (length < 12)
            return false;
        struct capture block = {.big = capture->big};
        block.reader = reader_part(&start, length);
        if (block.reader.failed)
            return false;
        capture->reader = start;
        reader_skip(&block.reader, 8);
        block.reader.length -= 4;
        if (type == 1)
            capture_add_interface(capture, &block);
        else if (type == 2 || type == 3 || type == 6)
            return capture_packet_block(capture, &block, type, packet);
    }
    return false;
}

/* The next packet, or false at the end; the bytes live until capture_close(). */
static inline bool capture_next(struct capture *capture, struct packet *packet)
{
    bool more = capture->pcapng ? capture_next_block(capture, packet)
                                : capture_next_classic(capture, packet);
    packet->number = ++capture->number;
    return more;
}

/* The corpus, or NULL when it is not there: NORN_CAPTURES, else next to the source tree. */
static inline const char *capture_corpus(void)
{
    const char *path = getenv("NORN_CAPTURES");
    if (!path)
        path = "../shared/captures";
    char probe[4096];
    snprintf(probe, sizeof probe, "%s/files/dot11", path);
    FILE *directory = fopen(probe, "r");
    if (!directory)
        return NULL;
    fclose(directory);
    return path;
}

#endif
