/* The kernel's packet filter for a capture: which frames come at all, and how much of them. Input:
 * addresses, kinds of frames. Output: a program for pcap_setfilter(). */
#ifndef NORN_TOOLS_WIFI_FILTER_H
#define NORN_TOOLS_WIFI_FILTER_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/macaddr.h"

enum { WIFI_ADDRESSES = 64 };

struct wifi_filter {
    bool management_only; /* but for the frames of handshakes */
    bool cuts_data;       /* data frames end behind their header */
    size_t count;         /* frames to or from these are left out; more than fit are not */
    struct macaddr addresses[WIFI_ADDRESSES];
};

/* Adds an address to leave out, unless it is all zeroes. */
void wifi_filter_leave_out(struct wifi_filter *filter, struct macaddr address);

/* Makes the program for an open capture; free it with wifi_filter_done(). 1: there is one; 0: all
 * frames are wanted whole; -errno with a sentence. */
int wifi_filter_make(const struct wifi_filter *filter, pcap_t *pcap,
                     struct bpf_program *ret_program, struct buffer *ret_why);

void wifi_filter_done(struct bpf_program *program);

#endif
