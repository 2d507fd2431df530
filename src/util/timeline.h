/* Time while the machine's clock is set under norn: a small computer without a battery clock starts
 * in the past and learns the time from the network or a GPS. Records follow the wall clock; marks,
 * by which clients ask for what changed, never go back. Pure arithmetic on readings given in. */
#ifndef NORN_UTIL_TIMELINE_H
#define NORN_UTIL_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

/* CLOCK_REALTIME and CLOCK_BOOTTIME in nanoseconds, read together. They run alike, so that what
 * lies between them changes only when the wall clock is set. */
struct timeline_clock {
    uint64_t wall_ns, boot_ns;
};

struct timeline {
    bool begun;
    int64_t offset_ns;   /* wall minus boot, since the newest step */
    uint64_t lead, mark; /* seconds: marks are so much ahead of the wall clock; the newest mark */
};

struct timeline_reading {
    uint64_t now;  /* wall clock, seconds */
    uint64_t mark; /* the same until the clock is set back; never less than the one before */
    int64_t step;  /* seconds by which the clock was set since the last reading; mostly 0 */
    uint64_t leap; /* seconds by which marks went on with it */
};

/* Takes a reading. Steps of less than two seconds are let pass. */
struct timeline_reading timeline_read(struct timeline *timeline, struct timeline_clock clock);

/* A time (seconds) as the clock shows it after a step: 0, which is no time, stays. */
uint64_t timeline_move(uint64_t time, int64_t step);

#endif
