/* A device's history in the least memory: a few (time, counts) events while it is seldom heard,
 * merged as they age; three rings once it is busy. Every published RRD of the device is rendered
 * from it. One writer; readers under the store's lock. */
#ifndef NORN_SCHEMA_HISTORY_H
#define NORN_SCHEMA_HISTORY_H

#include "schema/rrd_fields.h"
#include "util/pool.h"

/* Counts of one moment. Signal is in dBm, 0 for none; the strongest of a second is kept. */
struct history_event {
    uint32_t time; /* seconds */
    uint32_t bytes;
    uint16_t packets, sent, received;
    int8_t signal;
};

struct history_rings;

struct history {
    union {
        struct history_event *events; /* ascending in time */
        struct history_rings *rings;
    };
    uint16_t count, capacity; /* of events; capacity HISTORY_RINGS once promoted */
};

enum { HISTORY_RINGS = 0xffff };

enum history_series {
    HISTORY_PACKETS,
    HISTORY_SENT,
    HISTORY_RECEIVED,
    HISTORY_BYTES,
    HISTORY_SIGNAL, /* seconds only */
};

/* Adds the event's counts at its time. Up to 60 s late it joins its own second; older is dropped.
 * Without memory the event is lost, nothing else. */
void history_add(struct history *history, struct pool *pool, const struct history_event *event);

/* Asks the processor for the memory that history_add() will touch. */
void history_prefetch(const struct history *history);

/* The clock was set by so many seconds: what was counted keeps its age. */
void history_shift(struct history *history, int64_t step);

/* Gives back all memory. */
void history_done(struct history *history, struct pool *pool);

/* Renders one series as of `now` (seconds), without its rings when `brief`; the history is not
 * changed. */
void history_render(const struct history *history, enum history_series series, uint64_t now,
                    bool brief, struct rrd_record *ret_record);

#endif
