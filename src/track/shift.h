/* The clock was set: everything that was heard live is moved along, so that ages, orders and
 * histories stay what they were. What comes from files keeps the time of its packets. */
#ifndef NORN_TRACK_SHIFT_H
#define NORN_TRACK_SHIFT_H

#include "track/store.h"

/* Moves times by `step` seconds and the marks of changes by `leap`, and tells clients to take
 * every device anew. Under the write lock; about a microsecond a device, at each step. */
void shift_store(struct store *store, int64_t step, uint64_t leap);

/* Whether a source's time is the wall clock's, and moves with it. */
static inline bool shift_is_live(const struct store *store, uint16_t source)
{
    return !store->source_clocks[source % STORE_SOURCES];
}

#endif
