/* The index from (phy, MAC) to device id: open addressing with a keyed hash; it grows by a second
 * table into which a few slots move with each change, so that no packet waits for a rehash. */
#ifndef NORN_TRACK_INDEX_H
#define NORN_TRACK_INDEX_H

#include "track/store.h"

/* The id, or STORE_NONE. */
uint32_t index_find(const struct store *store, uint8_t phy, struct macaddr mac);

/* Asks the processor for the slot of a key, and, once that has come, for the device's own lines:
 * called for a group of packets before any of them is applied. */
void index_prefetch(const struct store *store, uint8_t phy, struct macaddr mac);
void index_prefetch_device(const struct store *store, uint8_t phy, struct macaddr mac);

/* Adds a device that is not in yet. 0 or -ENOMEM. */
int index_add(struct store *store, const struct device *device);

/* Takes a device out. */
void index_remove(struct store *store, const struct device *device);

void index_done(struct store *store);

#endif
