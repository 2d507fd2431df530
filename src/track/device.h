/* Devices of the store: finding, making, hearing of, evicting. All under the write lock but
 * device_find() and device_find_key(), which readers may call under the read lock. */
#ifndef NORN_TRACK_DEVICE_H
#define NORN_TRACK_DEVICE_H

#include "track/store.h"

/* The device of that phy and address, or NULL. */
struct device *device_find(const struct store *store, uint8_t phy, struct macaddr mac);

/* The device of that key, or NULL. */
struct device *device_find_key(const struct store *store, struct device_key key);

/* The device of that phy and address, made when it is new (then at `time`, seconds; ret_new, which
 * may be NULL, becomes true). The oldest device goes when the store is full. NULL without memory.
 */
struct device *device_get(struct store *store, uint8_t phy, struct macaddr mac, uint64_t time,
                          bool *ret_new);

/* One packet that concerns a device. */
struct device_packet {
    uint64_t time;                   /* seconds, packet time */
    uint64_t server_now;             /* seconds: the mark of this change */
    const struct location *location; /* where we were, or NULL */
    const char *channel;             /* NULL unknown */
    uint32_t frequency;              /* kHz, 0 unknown */
    uint32_t data_bytes;
    uint16_t source;
    uint8_t kind; /* enum device_packet_kind */
    bool sent, received, encrypted, error;
    bool has_radio; /* the figures below are of this device: it sent the packet */
    uint8_t signal_kind;
    uint8_t encodings;
    uint16_t carriers;
    int16_t signal, noise;
    uint32_t rate; /* 100 kb/s */
};

enum device_packet_kind {
    DEVICE_PACKET_LLC,
    DEVICE_PACKET_DATA,
    DEVICE_PACKET_OTHER,
};

/* Counts a packet: totals, times, history, signal, frequency, seen-by, location, order. */
void device_hear(struct store *store, struct device *device, const struct device_packet *packet);

/* The same packet, heard by another source as well: signal, frequency, seen-by and location only.
 */
void device_hear_again(struct store *store, struct device *device,
                       const struct device_packet *packet);

/* Ask the processor, one after another, for what the next packet of a device touches: its own
 * lines, and what they point to. */
void device_prefetch(const struct device *device);
void device_prefetch_parts(const struct device *device);

/* Marks a change made without a packet. */
void device_touch(struct store *store, struct device *device, uint64_t server_now);

/* Drops devices that were not heard for the timeout, as of `store->clock`; how many. */
uint32_t device_expire(struct store *store, uint64_t server_now);

/* Frees evicted devices and SSIDs that no stream can name any more; cuts streams that hold too
 * many. The writer calls it between packets, never while it holds a device. */
void device_bury(struct store *store);

/* Keeps the columns right after a phy changed the device's type set. */
void device_set_type(struct store *store, struct device *device, uint32_t type_set);

#endif
