/* One fix as a receiver tells it, and the filter against fixes that cannot be: places that nothing
 * can have reached since the one before. Input: what the parsers read. Output: fixes to trust. */
#ifndef NORN_GEO_FIX_H
#define NORN_GEO_FIX_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/location_fields.h"

#define FIX_METRES_PER_DOP 5.0 /* what a receiver is off, for each unit of dilution */

/* Degrees, metres, km/h; NAN where a receiver does not say. */
struct fix {
    uint8_t dimensions; /* 2 or 3; 0: the receiver has none now */
    uint8_t satellites; /* used, 0 unknown */
    double latitude, longitude, altitude;
    double speed, heading, magnetic_heading;
    double accuracy;
    uint64_t time_ns; /* by the receiver's own clock since the epoch, 0 unknown */
};

/* A fix that says nothing yet. */
struct fix fix_unknown(void);

/* Distance along the surface, metres. */
double fix_distance(struct point from, struct point to);

/* Direction from one place to another along the great circle, degrees from true north. */
double fix_bearing(struct point from, struct point to);

struct fix_place {
    uint64_t time_ns;
    struct point point;
};

/* All zero: nothing was heard yet. */
struct fix_filter {
    bool has_trusted, has_doubtful;
    struct fix_place trusted, doubtful; /* newest of each */
};

enum fix_verdict {
    FIX_TRUSTED,
    FIX_DOUBTFUL, /* too far away; to be trusted when the next agrees, or none contradicts it */
    FIX_MOVED,    /* trusted, and so is the doubtful one before: a jump that was real */
};

/* Judges the next fix of a receiver. */
enum fix_verdict fix_judge(struct fix_filter *filter, uint64_t time_ns, struct point point);

/* Whether the doubtful fix has stood alone for so long that it has to be right; asked as of
 * `time_ns`, true once: it is the trusted one then. */
bool fix_settle(struct fix_filter *filter, uint64_t time_ns);

#endif
