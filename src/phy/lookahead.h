/* Gets what a group of packets will touch on its way from memory, before any of them is applied:
 * one step for all of them, then the next. Going from one record to another packet by packet would
 * wait at each. Input: packets as dissected. Output: their devices, noted in them. */
#ifndef NORN_PHY_LOOKAHEAD_H
#define NORN_PHY_LOOKAHEAD_H

#include "phy/phy.h"

enum { LOOKAHEAD_PACKETS = 16 }; /* at once: more of them would push each other out again */

/* Notes the addresses of a packet that was dissected; without any lock. */
void lookahead_note(struct packet *packet);

/* Looks ahead for the first packets of several. Under the write lock, which is held until these
 * are applied. */
void lookahead_run(const struct store *store, struct packet *packets, uint32_t count);

/* The device of an address, where it was found ahead and is still in the store; else NULL: it has
 * to be looked up. */
static inline struct device *lookahead_find(const struct packet *packet, struct macaddr mac)
{
    for (uint32_t i = 0; i < packet->end_count; i++) {
        struct device *device = packet->ends[i].device;
        if (device && macaddr_equal(device->mac, mac) && device->phy == packet->phy->number &&
            !(device->flags & DEVICE_EVICTED))
            return device;
    }
    return NULL;
}

/* The device of an address of the packet's phy, found ahead or looked up: NULL where there is none,
 * or made then, first heard at `time`; that is NULL without memory. */
struct device *lookahead_device(const struct store *store, const struct packet *packet,
                                struct macaddr mac);
struct device *lookahead_get(struct store *store, const struct packet *packet, struct macaddr mac,
                             uint64_t time);

#endif
