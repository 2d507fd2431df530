/* The system's status: battery, memory, clock, version. */
#ifndef NORN_SCHEMA_STATUS_FIELDS_H
#define NORN_SCHEMA_STATUS_FIELDS_H

#include "schema/rrd_fields.h"

enum { STATUS_SENSORS = 32 };

struct status_sensor {
    char name[48];
    double value;
};

struct status_record {
    int32_t battery_percentage;
    const char *battery_charging; /* "charged", "charging", "discharging" */
    uint8_t battery_ac;
    uint32_t battery_remaining;    /* seconds */
    double battery_discharge_rate; /* W */
    uint64_t seconds, start_seconds;
    uint32_t microseconds;
    uint64_t memory; /* resident, KB */
    uint64_t devices, fields, components, strings, http_connections;
    uint64_t requests, requests_shared, requests_cut;
    uint64_t websockets, websocket_in, websocket_out, websocket_dropped, websocket_queue_bytes;
    uint64_t devices_evicted, store_bytes, packets_repeated, notices_lost, events_lost, unawaited;
    const char *user, *version, *git, *build_time, *server_name, *server_description;
    const char *server_location, *pcre, *login_rule;
    const char *sandbox_seccomp, *sandbox_landlock, *sandbox_user;
    struct uuid uuid;
    uint8_t demo, tiles;
    struct status_sensor temperatures[STATUS_SENSORS], fans[STATUS_SENSORS];
    uint32_t temperature_count, fan_count;
    const struct rrd_ring *memory_ring, *devices_ring, *packets_ring;
};

extern const struct record_type status_type;
extern const struct record_type timestamp_type;   /* of the same struct: the clock alone */
extern const struct record_type battery_type;     /* of the same struct: the battery alone */
extern const struct record_type statistics_type;  /* of the same struct: a few counts */
extern const struct record_type user_status_type; /* of the same struct: the account alone */

#endif
