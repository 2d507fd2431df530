/* Filters by address as published: what each lets through, by phy and by the role that an address
 * plays in a packet. Filters of packets look at every role, filters of devices ("classes" on the
 * wire) at FILTER_ANY alone. */
#ifndef NORN_SCHEMA_MAC_FILTER_FIELDS_H
#define NORN_SCHEMA_MAC_FILTER_FIELDS_H

#include "schema/record.h"
#include "util/mac_table.h"

enum mac_filter_role {
    MAC_FILTER_SOURCE,
    MAC_FILTER_DESTINATION,
    MAC_FILTER_NETWORK,
    MAC_FILTER_OTHER, /* of a packet: who transmitted it */
    MAC_FILTER_ANY,
    MAC_FILTER_ROLES,
};

enum {
    MAC_FILTER_PHYS = 32,     /* named in one filter */
    MAC_FILTER_PHY_TEXT = 32, /* with its NUL */
};

/* Rules for one phy; their value is 1 for addresses to block, 0 for those to let through. */
struct mac_filter_phy {
    char name[MAC_FILTER_PHY_TEXT];
    struct mac_table roles[MAC_FILTER_ROLES];
};

struct mac_filter_record {
    const char *id, *description, *type;
    uint8_t blocks; /* what no rule speaks of */
    uint32_t phy_count;
    struct mac_filter_phy *phys[MAC_FILTER_PHYS];
};

extern const struct record_type mac_filter_packet_type;
extern const struct record_type mac_filter_packet_phy_type;
extern const struct record_type mac_filter_class_type; /* the same struct */
extern const struct record_type mac_filter_class_phy_type;

#endif
