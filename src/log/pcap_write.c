/* Records of classic pcap. See pcap_write.h. */
#include "log/pcap_write.h"

enum {
    MAGIC = 0xa1b2c3d4, /* microseconds */
    SNAP_LENGTH = 262144,
};

static void add_u16(struct buffer *buffer, uint16_t number)
{
    const uint8_t bytes[2] = {(uint8_t)number, (uint8_t)(number >> 8)};
    buffer_add(buffer, bytes, sizeof bytes);
}

static void add_u32(struct buffer *buffer, uint32_t number)
{
    add_u16(buffer, (uint16_t)number);
    add_u16(buffer, (uint16_t)(number >> 16));
}

void pcap_write_head(struct buffer *buffer, uint16_t link_type)
{
    add_u32(buffer, MAGIC);
    add_u16(buffer, 2);
    add_u16(buffer, 4);
    add_u32(buffer, 0); /* UTC */
    add_u32(buffer, 0);
    add_u32(buffer, SNAP_LENGTH);
    add_u32(buffer, link_type);
}

void pcap_write_packet(struct buffer *buffer, uint64_t time_ns, const void *bytes, size_t length,
                       size_t original_length)
{
    add_u32(buffer, (uint32_t)(time_ns / 1000000000));
    add_u32(buffer, (uint32_t)(time_ns % 1000000000 / 1000));
    add_u32(buffer, (uint32_t)length);
    add_u32(buffer, (uint32_t)original_length);
    buffer_add(buffer, bytes, length);
}
