/* Access points by their timers: those that count from about the same moment are most often one
 * piece of hardware, which was switched on then. Input: the timestamps of beacons (IEEE
 * 802.11-2020, 9.4.1.10). Output: for an access point the others whose timers began with its own.
 * Kept sorted; under the lock of what holds it. */
#ifndef NORN_SCHEMA_DOT11_CLOCKS_H
#define NORN_SCHEMA_DOT11_CLOCKS_H

#include <stdint.h>

struct dot11_device;

enum { DOT11_CLOCKS_NEAR = 32 }; /* shown at most on each side: timers can be forged */

struct dot11_clocks {
    struct dot11_device **list; /* by clock_zero, then by address */
    uint32_t count, capacity;
    uint64_t window_us; /* by which timers may differ; 0: none are kept */
};

/* A timestamp of an access point, and when it was heard, microseconds. Without memory the access
 * point is left out. */
void dot11_clocks_set(struct dot11_clocks *clocks, struct dot11_device *ap, uint64_t timestamp_us,
                      uint64_t time_us);

/* An access point that goes. */
void dot11_clocks_remove(struct dot11_clocks *clocks, struct dot11_device *ap);
void dot11_clocks_done(struct dot11_clocks *clocks);

/* The next access point whose timer began with that of `ap`, nearer than the window; `step` begins
 * at 0 and moves on. NULL: no more. */
const struct dot11_device *dot11_clocks_next(const struct dot11_clocks *clocks,
                                             const struct dot11_device *ap, uint64_t *step);

#endif
