/* Addresses that somebody watches for: their devices are reported when they appear and when they
 * fall silent. Input: packets of devices, the clocks of their sources. Output: calls of
 * `on_change`. A packet costs the comparison of two numbers; a list that has changed is looked up
 * once for each device, with its next packet. All under the store's write lock; watch_find() and
 * the list itself may be read under the read lock. */
#ifndef NORN_TRACK_WATCH_H
#define NORN_TRACK_WATCH_H

#include "schema/device_fields.h"
#include "util/mac_table.h"

struct store;
struct device_packet;

enum watch_kind {
    WATCH_FOUND = 1, /* report it when it is new, or heard again after a silence */
    WATCH_LOST = 2,  /* report it when it has been silent */
};

enum {
    WATCH_ADDRESSES = 4096,
    WATCH_AWAITED = 8192, /* devices watched for loss at once; more are only counted */
};

struct watch {
    struct mac_table addresses; /* at most WATCH_ADDRESSES; values are enum watch_kind bits */
    uint16_t generation;        /* of the list; devices bear the one they were looked up in */
    uint32_t *awaited_ids;      /* devices to report when they fall silent */
    uint32_t awaited_count;
    uint64_t unawaited;       /* packets of devices for which there was no room */
    uint64_t found_s, lost_s; /* silences, seconds */
    /* `silence_s`: before the packet, or until now; 0 of a new device. `packet` is NULL for
     * WATCH_LOST. */
    void (*on_change)(void *context, struct device *device, enum watch_kind kind,
                      uint64_t silence_s, const struct device_packet *packet);
    void *context;
};

/* Watches for the kinds (bits) of these addresses as well, or no longer. 0; -ENOSPC or -ENOMEM with
 * nothing changed. */
int watch_add(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds);
void watch_remove(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds);

/* The kinds that an address is watched for. */
uint8_t watch_find(const struct watch *watch, struct macaddr mac);

/* A packet of a device, before it is counted: device_hear() calls it where watch_concerns(). */
void watch_hear(struct store *store, struct device *device, const struct device_packet *packet);

/* Reports devices that have been silent, by the clocks of their sources; each second. */
void watch_tick(struct store *store);

/* A device that goes: it is reported if its loss was watched for. */
void watch_drop(struct store *store, struct device *device);

void watch_done(struct watch *watch);

/* Whether a packet of the device is of interest. */
static inline bool watch_concerns(const struct watch *watch, const struct device *device)
{
    return device->watch_generation != watch->generation ||
           device->flags & (DEVICE_WATCH_FOUND | DEVICE_WATCH_LOST);
}

#endif
