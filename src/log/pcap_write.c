/* Records of classic pcap. See pcap_write.h. */
#include "log/pcap_write.h"

enum {
    MAGIC = 0xa1b2c3d4, /* microseconds */
    SNAP_LENGTH = 262144,
};

void pcap_write_head(struct buffer *buffer, uint16_t link_type)
{
    buffer_add_le32(buffer, MAGIC);
    buffer_add_le16(buffer, 2);
    buffer_add_le16(buffer, 4);
    buffer_add_le32(buffer, 0); /* UTC */
    buffer_add_le32(buffer, 0);
    buffer_add_le32(buffer, SNAP_LENGTH);
    buffer_add_le32(buffer, link_type);
}

void pcap_write_packet(struct buffer *buffer, uint64_t time_ns, const void *bytes, size_t length,
                       size_t original_length)
{
    buffer_add_le32(buffer, (uint32_t)(time_ns / 1000000000));
    buffer_add_le32(buffer, (uint32_t)(time_ns % 1000000000 / 1000));
    buffer_add_le32(buffer, (uint32_t)length);
    buffer_add_le32(buffer, (uint32_t)original_length);
    buffer_add(buffer, bytes, length);
}
