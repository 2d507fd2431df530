/* Use of one channel or frequency, and the record that maps them all. */
#ifndef NORN_SCHEMA_CHANNEL_FIELDS_H
#define NORN_SCHEMA_CHANNEL_FIELDS_H

#include "schema/rrd_fields.h"
#include "schema/signal_fields.h"

/* Kept per channel name and per frequency; pool object of the store. */
struct channel_record {
    char name[16];    /* channel text; empty when only the frequency is known */
    double frequency; /* kHz; 0 when only the name is known */
    struct signal signal;
    struct rrd_ring packets, data, devices; /* data in bytes */
    uint32_t counted; /* devices of the count that is under way: see track/channel.h */
};

/* Both maps: what /channels/channels answers. `clock` is the newest time of any of them. */
struct channel_maps {
    struct channel_record *const *by_frequency;
    struct channel_record *const *by_name;
    uint32_t frequencies, names;
};

extern const struct record_type channel_record_type;
extern const struct record_type channel_maps_type;

#endif
