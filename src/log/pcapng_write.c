/* Blocks of pcapng, in little-endian order. See pcapng_write.h. */
#include "log/pcapng_write.h"

#include <string.h>

enum block {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
};

enum option {
    OPTION_END = 0,
    OPTION_INTERFACE_NAME = 2,
    OPTION_INTERFACE_DESCRIPTION = 3,
    OPTION_APPLICATION = 4,
    OPTION_RECEIVED = 4, /* of statistics */
    OPTION_DROPPED = 5,
    OPTION_RESOLUTION = 9,
};

enum {
    BYTE_ORDER = 0x1a2b3c4d,
    NANOSECONDS = 9,         /* 10^-9 s */
    PACKET_HEAD = 28,        /* block head and fixed fields */
    OPTION_TEXT_MAX = 65532, /* a multiple of 4 that its length field holds */
};

static void add_u64_high_first(struct buffer *buffer, uint64_t number)
{
    buffer_add_le32(buffer, (uint32_t)(number >> 32));
    buffer_add_le32(buffer, (uint32_t)number);
}

static void pad(struct buffer *buffer, size_t length)
{
    static const uint8_t zeroes[3];
    buffer_add(buffer, zeroes, (4 - length % 4) % 4);
}

static void add_option(struct buffer *buffer, enum option option, const void *bytes, size_t length)
{
    if (length > OPTION_TEXT_MAX)
        length = OPTION_TEXT_MAX;
    buffer_add_le16(buffer, (uint16_t)option);
    buffer_add_le16(buffer, (uint16_t)length);
    buffer_add(buffer, bytes, length);
    pad(buffer, length);
}

static void add_text(struct buffer *buffer, enum option option, const char *text)
{
    if (text && *text)
        add_option(buffer, option, text, strlen(text));
}

/* Begins a block whose length end_block() fills in; where it begins. */
static size_t begin_block(struct buffer *buffer, enum block type)
{
    size_t begin = buffer->length;
    buffer_add_le32(buffer, type);
    buffer_add_le32(buffer, 0);
    return begin;
}

static void end_block(struct buffer *buffer, size_t begin)
{
    uint32_t length = (uint32_t)(buffer->length - begin + 4);
    buffer_add_le32(buffer, length);
    if (buffer->failed)
        return;
    for (unsigned i = 0; i < 4; i++)
        buffer->data[begin + 4 + i] = (uint8_t)(length >> (8 * i));
}

void pcapng_write_section(struct buffer *buffer, const char *application)
{
    size_t begin = begin_block(buffer, BLOCK_SECTION);
    buffer_add_le32(buffer, BYTE_ORDER);
    buffer_add_le16(buffer, 1);
    buffer_add_le16(buffer, 0);
    buffer_add_le32(buffer, UINT32_MAX); /* how long the section is, is not known */
    buffer_add_le32(buffer, UINT32_MAX);
    add_text(buffer, OPTION_APPLICATION, application);
    buffer_add_le32(buffer, OPTION_END);
    end_block(buffer, begin);
}

void pcapng_write_interface(struct buffer *buffer, uint16_t link_type, const char *name,
                            const char *description)
{
    const uint8_t resolution = NANOSECONDS;
    size_t begin = begin_block(buffer, BLOCK_INTERFACE);
    buffer_add_le16(buffer, link_type);
    buffer_add_le16(buffer, 0);
    buffer_add_le32(buffer, 0); /* no snap length */
    add_text(buffer, OPTION_INTERFACE_NAME, name);
    add_text(buffer, OPTION_INTERFACE_DESCRIPTION, description);
    add_option(buffer, OPTION_RESOLUTION, &resolution, 1);
    buffer_add_le32(buffer, OPTION_END);
    end_block(buffer, begin);
}

size_t pcapng_packet_size(const struct frame *frame)
{
    return PACKET_HEAD + ((size_t)frame->length + 3) / 4 * 4 + 4;
}

void pcapng_write_packet(struct buffer *buffer, uint32_t interface, const struct frame *frame)
{
    size_t begin = begin_block(buffer, BLOCK_PACKET);
    buffer_add_le32(buffer, interface);
    add_u64_high_first(buffer, frame->time_ns);
    buffer_add_le32(buffer, frame->length);
    buffer_add_le32(buffer, frame->original_length);
    buffer_add(buffer, frame->data, frame->length);
    pad(buffer, frame->length);
    end_block(buffer, begin);
}

static void add_count(struct buffer *buffer, enum option option, uint64_t count)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(count >> (8 * i));
    add_option(buffer, option, bytes, sizeof bytes);
}

void pcapng_write_statistics(struct buffer *buffer, uint32_t interface, uint64_t time_ns,
                             uint64_t received, uint64_t dropped)
{
    size_t begin = begin_block(buffer, BLOCK_STATISTICS);
    buffer_add_le32(buffer, interface);
    add_u64_high_first(buffer, time_ns);
    add_count(buffer, OPTION_RECEIVED, received);
    add_count(buffer, OPTION_DROPPED, dropped);
    buffer_add_le32(buffer, OPTION_END);
    end_block(buffer, begin);
}
