/* When to hand over a frame of a file, and which time to give it: as fast as possible, N a second,
 * or at the file's own spacing moved onto now. Pure arithmetic on the times given in. */
#ifndef NORN_UTIL_PACE_H
#define NORN_UTIL_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum pace_mode {
    PACE_FREE,     /* as fast as the engine takes it */
    PACE_RATE,     /* `rate` frames a second */
    PACE_REALTIME, /* the original spacing */
};

struct pace {
    enum pace_mode mode;
    bool rebased; /* frames get the time they are handed over at, not the file's */
    double rate;
    bool anchored;
    uint64_t anchor_packet_ns;    /* a frame of this time … */
    uint64_t anchor_monotonic_ns; /* … is due then … */
    uint64_t anchor_wall_ns;      /* … which is this on the wall clock */
    uint64_t last_packet_ns;
    uint64_t index; /* frames since the anchor */
};

/* The clocks now, as read by the caller. */
struct pace_now {
    uint64_t monotonic_ns;
    uint64_t wall_ns;
};

/* Lets the next frame be due at once, or `gap_ns` from now, and later ones follow from it: at the
 * start, after a pause, at the start of another round. */
void pace_restart(struct pace *pace, struct pace_now now, uint64_t gap_ns);

/* When (CLOCK_MONOTONIC) a frame of this packet time is due: 0 for at once. */
uint64_t pace_due(struct pace *pace, uint64_t packet_ns, struct pace_now now);

/* The time to give to the frame that pace_due() was asked for last, which now goes out. When the
 * wall clock was set meanwhile, this follows it. */
uint64_t pace_stamp(struct pace *pace, uint64_t packet_ns, struct pace_now now);

#endif
