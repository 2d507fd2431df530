/* The index from (phy, MAC) to device id: open addressing with a keyed hash; it grows by a second
 * table into which a few slots move with each change, so that no packet waits for a rehash. */
#ifndef NORN_TRACK_INDEX_H
#define NORN_TRACK_INDEX_H

#include "track/store.h"

/* The id, or STORE_NONE. */
uint32_t index_find(const struct store *store, uint8_t phy, struct macaddr mac);

/* Looking up in steps: the hash of a key; its slot asked of memory; and, once that has come, the
 * id in it. That is a guess: another key may have the same hash, and STORE_NONE says nothing. */
uint32_t index_hash(uint8_t phy, struct macaddr mac);
void index_prefetch(const struct store *store, uint32_t hash);
uint32_t index_guess(const struct store *store, uint32_t hash);

/* Adds a device that is not in yet. 0 or -ENOMEM. */
int index_add(struct store *store, const struct device *device);

/* Takes a device out. */
void index_remove(struct store *store, const struct device *device);

void index_done(struct store *store);

#endif
