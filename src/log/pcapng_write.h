/* Writing pcapng (draft-ietf-opsawg-pcapng): one section, an interface for each source and link
 * type, packets with times in nanoseconds. Input: frames. Output: whole blocks at a buffer's end.
 */
#ifndef NORN_LOG_PCAPNG_WRITE_H
#define NORN_LOG_PCAPNG_WRITE_H

#include "util/buffer.h"
#include "util/frame.h"

/* The section's head; once, first. `application` as "norn 0.1.0". */
void pcapng_write_section(struct buffer *buffer, const char *application);

/* An interface; the first one has number 0. Texts may be NULL. */
void pcapng_write_interface(struct buffer *buffer, uint16_t link_type, const char *name,
                            const char *description);

/* A packet of an interface. */
void pcapng_write_packet(struct buffer *buffer, uint32_t interface, const struct frame *frame);

/* Bytes that pcapng_write_packet() appends. */
size_t pcapng_packet_size(const struct frame *frame);

/* What an interface has delivered and lost so far, as of a time. */
void pcapng_write_statistics(struct buffer *buffer, uint32_t interface, uint64_t time_ns,
                             uint64_t received, uint64_t dropped);

#endif
