/* Places: one fix (with speed and heading or without) and what a device's fixes add up to. */
#ifndef NORN_SCHEMA_LOCATION_FIELDS_H
#define NORN_SCHEMA_LOCATION_FIELDS_H

#include "schema/record.h"

/* One fix. Degrees, metres, km/h, degrees from north. */
struct location {
    struct point point;
    double altitude;
    double speed, heading, magnetic_heading;
    uint64_t seconds;
    uint32_t microseconds;
    float accuracy; /* metres around the point, 0 unknown */
    uint8_t fix;    /* 0 and 1: none, 2: flat, 3: with altitude */
};

/* A device's fixes: bounding box, mean, newest. Pool object of the store. */
struct location_summary {
    uint8_t fix; /* best seen */
    struct location minimum, maximum, mean, last;
    double x, y, z, altitude_sum; /* sums of unit vectors and of altitudes */
    uint32_t samples, altitude_samples;
};

/* Adds a fix (2 or better; others are ignored) to a summary that may be zeroed. */
void location_summary_add(struct location_summary *summary, const struct location *location);

/* The GPS that a location came from, beside it: /gps/location. */
struct location_report {
    struct location location;
    struct uuid gps;
    uint8_t has_fix;
};

extern const struct record_type location_type;         /* everything of a fix */
extern const struct record_type location_triplet_type; /* place and time only */
extern const struct record_type location_summary_type;
extern const struct record_type location_report_type;

#endif
