/* The capture itself, through libpcap: a big ring that the kernel fills, and exact counts of what
 * it had to drop. Input: an interface that is up. Output: frames, in batches of some 256 KB. */
#ifndef NORN_TOOLS_WIFI_RING_H
#define NORN_TOOLS_WIFI_RING_H

#include <pcap/pcap.h>

#include "tools/wifi/wifi_filter.h"

struct wifi_ring {
    pcap_t *pcap;
    uint32_t link_type;    /* LINKTYPE_ of its frames */
    uint64_t drops;        /* frames for which the ring had no room */
    uint32_t drops_before; /* libpcap's count, of 32 bits, when last looked at */
    int count;             /* frames and … */
    size_t taken;          /* … bytes of the batch that is being read */
    pcap_handler on_frame; /* nanoseconds where its time has microseconds */
    void *context;
};

/* Opens the ring. 0, or -EPERM, -ENODEV, -ENETDOWN, or another -errno with a sentence. */
int wifi_ring_open(struct wifi_ring *ring, const char *interface, const struct wifi_filter *filter,
                   struct buffer *ret_why);

/* To be polled for reading. */
int wifi_ring_descriptor(const struct wifi_ring *ring);

/* Calls on_frame() for a batch of the frames there are: how many it was called for, or -ENETDOWN:
 * the interface went down or away. What came before that can still be read. */
int wifi_ring_read(struct wifi_ring *ring, pcap_handler on_frame, void *context);

/* Frames lost to a full ring so far. */
uint64_t wifi_ring_drops(struct wifi_ring *ring);

void wifi_ring_close(struct wifi_ring *ring);

#endif
