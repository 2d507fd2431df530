/* Writing classic pcap (draft-ietf-opsawg-pcap): little-endian, one link type, times in
 * microseconds, which every tool reads. Input: frames. Output: bytes at a buffer's end. */
#ifndef NORN_LOG_PCAP_WRITE_H
#define NORN_LOG_PCAP_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

/* The file's head; once, first. */
void pcap_write_head(struct buffer *buffer, uint16_t link_type);

/* A packet of `length` bytes, cut from one of `original_length`. */
void pcap_write_packet(struct buffer *buffer, uint64_t time_ns, const void *bytes, size_t length,
                       size_t original_length);

#endif
