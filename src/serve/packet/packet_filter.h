/* Which packets a client wants: by source, device, network, kind, signal and frequency. Input: the
 * request's path and variables. Output: yes or no for each packet. */
#ifndef NORN_SERVE_PACKET_FILTER_H
#define NORN_SERVE_PACKET_FILTER_H

#include "phy/packet.h"
#include "track/mac_filter.h"

struct request;

/* All that is set must fit. */
struct packet_filter {
    bool has_source, has_device, has_network, has_phy;
    uint16_t source;
    uint8_t phy;                        /* of the device or network too */
    struct macaddr device;              /* in any role */
    struct macaddr network;             /* BSSID */
    unsigned types;                     /* bits 1 << enum dot11_type; 0: all */
    int signal_minimum, signal_maximum; /* dBm; 0: any */
    uint32_t frequency;                 /* kHz; 0: any */
    struct mac_filter *blocked;         /* what it blocks does not fit; NULL: none */
};

/* Reads the variables `type` (management, control, data; several by commas), `signal_min` and
 * `signal_max` (dBm), `frequency` (MHz or kHz) and `filter` (the id of a filter by address) into
 * the filter. False when 400 or 404 was replied. */
bool packet_filter_read(struct request *request, struct packet_filter *filter);

bool packet_filter_fits(const struct packet_filter *filter, const struct packet *packet);

#endif
