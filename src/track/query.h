/* Queries: which devices a request is about, scanned from the columns into a bitmap under one hold
 * of the read lock. The bitmap stays good for as long as its stream does. */
#ifndef NORN_TRACK_QUERY_H
#define NORN_TRACK_QUERY_H

#include "track/store.h"

struct query {
    bool has_since;
    uint64_t since;   /* server seconds: modified then or later */
    int phy;          /* -1: any */
    uint16_t types;   /* any of these dot11 type bits; 0: all */
    uint64_t sources; /* heard by any of these, a bit each (store_source_bit()); 0: all */
    bool has_mac;
    uint64_t mac, mask; /* left-aligned address under this mask */
};

struct query_result {
    uint64_t *bits; /* one per id */
    uint32_t slots; /* ids covered */
    uint32_t count; /* bits set */
};

/* Runs a query under the read lock. 0 or -ENOMEM. Free with query_done(). */
int query_run(const struct store *store, const struct query *query,
              struct query_result *ret_result);
void query_done(struct query_result *result);

/* The first device id from `from` on that fits, as the columns are now; STORE_NONE when there is
 * none below `end`, a multiple of 64. For walks that need no bitmap. Under the read lock. */
uint32_t query_scan(const struct store *store, const struct query *query, uint32_t from,
                    uint32_t end);

/* An empty result over `slots` ids. 0 or -ENOMEM. */
int query_none(uint32_t slots, struct query_result *ret_result);

/* The next device id at or after `from`, or STORE_NONE. */
uint32_t query_next(const struct query_result *result, uint32_t from);

/* Takes in one id below `slots`; leaves one out. */
void query_add(struct query_result *result, uint32_t id);
void query_remove(struct query_result *result, uint32_t id);

/* Leaves out all but `length` ids (0: all the rest) after the first `start`. */
void query_narrow(struct query_result *result, uint32_t start, uint32_t length);

#endif
