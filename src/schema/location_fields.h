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

/* Whether a place is worth keeping: a fix on the earth, not the 0/0 of receivers that know nothing,
 * and no faster than anything flies. */
bool location_is_sane(const struct location *location);

/* A place as a vector from the middle of the earth, and back: what means are made of, as degrees
 * cannot be added up across the date line or around a pole. */
struct location_vector {
    double x, y, z;
};
void location_add_point(struct location_vector *sum, struct point point, double weight);
struct point location_mean_point(const struct location_vector *sum);

/* A device's fixes: bounding box, newest, and what their mean is made of, weighted by signal.
 * Pool object of the store. */
struct location_summary {
    struct location last;
    struct point south_west, north_east;
    float lowest, highest; /* altitudes, once there is a fix with one */
    struct location_vector sum;
    double altitude_sum, altitude_weight; /* no weight: no altitude yet */
    uint64_t sampled_us;                  /* time of the newest place in the mean */
    uint32_t samples;
    uint8_t fix; /* best seen */
};

/* Adds a sane place to a summary that may be zeroed. At most one a second counts for the mean, with
 * the weight of its signal (dBm, 0 unknown); true when this one does. */
bool location_summary_add(struct location_summary *summary, const struct location *location,
                          int signal);

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
