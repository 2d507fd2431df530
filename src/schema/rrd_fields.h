/* Round-robin histories: the published form (60 seconds, 60 minutes, 24 hours) and the plain ring
 * that sources, channels and the system keep. Devices keep the compact form of history.h. */
#ifndef NORN_SCHEMA_RRD_FIELDS_H
#define NORN_SCHEMA_RRD_FIELDS_H

#include "schema/record.h"

/* As published: slot of a time t is t % 60, (t / 60) % 60 and (t / 3600) % 24. */
struct rrd_record {
    uint64_t last_time, serial_time; /* seconds */
    double last_value, last_value_n1, blank_value;
    double minute[60], hour[60], day[24];
};

enum rrd_kind {
    RRD_SUM,  /* within a second values add up; longer slots hold the mean per shorter slot */
    RRD_PEAK, /* every slot holds the largest value of its time */
};

/* What is kept. Minute slots of RRD_SUM are per second; hour and day slots are sums. What came in
 * the second `last_time` is in `open_value` and joins its slots when that second is over: most
 * values touch nothing else. */
struct rrd_ring {
    uint64_t last_time;
    double open_value;
    double last_value, previous_value;
    double minute[60], hour[60], day[24];
};

/* Adds a value at another time than last_time; see rrd_ring_add(). */
void rrd_ring_add_apart(struct rrd_ring *ring, enum rrd_kind kind, uint64_t time, double value);

/* Adds a value at a time (seconds). Up to 60 s late it joins its own second, older is dropped. */
static inline void rrd_ring_add(struct rrd_ring *ring, enum rrd_kind kind, uint64_t time,
                                double value)
{
    if (time != ring->last_time) {
        rrd_ring_add_apart(ring, kind, time, value);
        return;
    }
    ring->last_value = kind == RRD_SUM ? ring->last_value + value : value;
    if (kind == RRD_SUM)
        ring->open_value += value;
    else if (value > ring->open_value)
        ring->open_value = value;
}

/* Renders the ring as of `now`; the ring is not changed. */
void rrd_ring_render(const struct rrd_ring *ring, enum rrd_kind kind, uint64_t now,
                     struct rrd_record *ret_record);

/* The clock was set by so many seconds: values keep their age. */
void rrd_ring_shift(struct rrd_ring *ring, int64_t step);

/* Zeroes those of `size` slots of `width` bytes that come after the slot number `from`, as far as
 * the number `to`. */
void rrd_ring_clear(void *slots, size_t width, uint64_t size, uint64_t from, uint64_t to);

/* Turns `size` slots of `width` bytes, at most RRD_SLOTS_BYTES in all, so that what belongs to the
 * slot number `from` belongs to the number `to`. */
enum { RRD_SLOTS_BYTES = 60 * 16 };
void rrd_ring_turn(void *slots, size_t width, uint64_t size, uint64_t from, uint64_t to);

/* For a row's `get`: renders the ring into the view's scratch; absent when `ring` is NULL. */
void rrd_ring_give(const struct rrd_ring *ring, enum rrd_kind kind, uint64_t now, struct view *view,
                   struct value *ret);

extern const struct record_type rrd_record_type;
extern const struct record_type rrd_minute_type; /* the same struct, seconds only */

#endif
