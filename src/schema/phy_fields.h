/* A phy (one radio family) and its counters, in both generations of names. */
#ifndef NORN_SCHEMA_PHY_FIELDS_H
#define NORN_SCHEMA_PHY_FIELDS_H

#include "schema/record.h"

struct phy_record {
    const char *name; /* "IEEE802.11"; device keys rest on it */
    uint32_t number;
    uint64_t devices, packets;
    uint64_t packets_data, packets_crypt, packets_error, packets_filtered;
    uint64_t key; /* hash_weak(name) */
};

extern const struct record_type phy_record_type;

#endif
