/* Where a receiver of positions has been lately: its fixes by time. The place at any moment between
 * two of them is interpolated, after the newest it is held for a while. Bounded: the oldest fix
 * goes first. Input: fixes, in order of their time. Output: "where were we at time t". */
#ifndef NORN_SCHEMA_TRAIL_H
#define NORN_SCHEMA_TRAIL_H

#include "schema/location_fields.h"

enum { TRAIL_POINTS = 512 }; /* half a second apart or more: at least four minutes */

#define TRAIL_FOR_EVER UINT64_MAX

struct trail_point {
    uint64_t time_ns;         /* since the epoch, by this machine's clock */
    struct location location; /* without a fix: from here on the place is not known */
};

/* All zero is an empty trail; `hold_ns` is to be set. */
struct trail {
    uint64_t hold_ns; /* how long after its time a fix is still good */
    uint32_t first, count;
    struct trail_point points[TRAIL_POINTS];
};

/* Adds a fix, or with location->fix below 2 that there is none from now on. One of the newest
 * fix's time replaces it; an older one is let go, unless the clock was set back: then the trail
 * begins anew. */
void trail_add(struct trail *trail, uint64_t time_ns, const struct location *location);

/* The place at that time, which becomes the location's time. False when it is not known. */
bool trail_find(const struct trail *trail, uint64_t time_ns, struct location *ret_location);

/* Copies what is needed to find places from `first_ns` to `last_ns`. */
void trail_copy(const struct trail *trail, uint64_t first_ns, uint64_t last_ns,
                struct trail *ret_trail);

/* Makes a trail of one place, good for all times. */
void trail_pin(struct trail *trail, const struct location *location);

#endif
