/* A GPS: what it is, what it said last. */
#ifndef NORN_SCHEMA_GPS_FIELDS_H
#define NORN_SCHEMA_GPS_FIELDS_H

#include "schema/location_fields.h"

struct gps_type_record {
    const char *class, *description, *default_name;
    int32_t priority;
    uint8_t singleton;
};

struct gps_record {
    struct uuid uuid;
    char name[64], description[128], definition[256];
    const struct gps_type_record *type;
    struct location location, last_location;
    uint64_t data_time, signal_time;
    int32_t priority;
    uint8_t connected, reconnect, data_only;
    uint8_t satellites; /* used for the newest fix, 0 unknown */
    char error[128];    /* why it is not connected, "" while it is */
};

extern const struct record_type gps_type_record_type;
extern const struct record_type gps_record_type;

#endif
