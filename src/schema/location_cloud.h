/* Where a device was heard, place by place, in three levels of detail: the newest hundred places,
 * the newest hundred means of a hundred, and means of a hundred of those. Kept only where the
 * option asks for it; grows with the places, at most 12 KB a device. Pool object of the store. */
#ifndef NORN_SCHEMA_LOCATION_CLOUD_H
#define NORN_SCHEMA_LOCATION_CLOUD_H

#include "schema/location_fields.h"
#include "util/pool.h"

enum { LOCATION_CLOUD_LEVELS = 3, LOCATION_CLOUD_SAMPLES = 100 };

struct location_sample {
    struct point point;
    float altitude, speed, heading; /* metres, km/h, degrees */
    int32_t signal;                 /* dBm, 0 unknown */
    uint32_t seconds;
    uint32_t frequency; /* kHz, 0 unknown */
};

struct location_level {
    struct location_sample *samples;      /* a ring once it is full */
    uint16_t capacity, first, count, due; /* due: added since the last mean was taken */
};

struct location_cloud {
    struct location_level levels[LOCATION_CLOUD_LEVELS];
};

/* Adds a place to a cloud that may be zeroed; without memory it is let go. */
void location_cloud_add(struct location_cloud *cloud, struct pool *pool,
                        const struct location_sample *sample);

/* Gives back what hangs off the cloud. */
void location_cloud_done(struct location_cloud *cloud, struct pool *pool);

extern const struct record_type location_cloud_type;
extern const struct record_type location_sample_type;

#endif
