/* Coverage: what a source listened to within a window, and what it may have missed. */
#ifndef NORN_SCHEMA_COVERAGE_FIELDS_H
#define NORN_SCHEMA_COVERAGE_FIELDS_H

#include "schema/record.h"

/* One channel; fractions and chances are 0 to 1. */
struct coverage_channel {
    const char *name;
    double listened; /* seconds */
    double fraction;
    uint64_t visits, refused;
    double beacon_missed, frame_missed;
    const double *slots;
    uint32_t slot_count;
};

/* One source over the window. */
struct coverage_source {
    struct uuid uuid;
    const char *name;
    double begin, end; /* server clock, seconds */
    uint64_t frames, bad_fcs;
    uint64_t kernel_drops, interface_drops, tool_drops, queue_drops;
    double lost;
    uint64_t hops, refused;
    double closed, in_error, paused, deaf; /* seconds */
    const struct coverage_channel *channels;
    uint32_t channel_count;
};

/* All sources together. */
struct coverage_record {
    double window; /* seconds asked for */
    const struct coverage_channel *channels;
    uint32_t channel_count;
    const struct coverage_source *sources;
    uint32_t source_count;
};

extern const struct record_type coverage_channel_type;
extern const struct record_type coverage_source_type;
extern const struct record_type coverage_type;

#endif
