/* An SSID as a record of its own: who advertises it, answers with it, asks for it. Pool objects of
 * the store, kept by track/ssid_group. The devices are a list through records that the devices own.
 */
#ifndef NORN_SCHEMA_SSID_GROUP_FIELDS_H
#define NORN_SCHEMA_SSID_GROUP_FIELDS_H

#include "schema/record.h"

enum ssid_kind { SSID_ADVERTISED, SSID_RESPONDED, SSID_PROBED, SSID_KINDS };

enum { SSID_LISTED_MAX = 4096 }; /* devices of each kind written; all are counted */

/* A device's place in the list of an SSID. */
struct ssid_member {
    struct ssid_member *next, *previous;
    struct ssid_group *group; /* NULL: in no list */
    struct macaddr mac;
    uint8_t kind; /* enum ssid_kind */
};

struct ssid_group {
    /* What each packet with the SSID touches, in one line. */
    uint64_t first_time;
    uint64_t last_time;
    uint64_t crypt_set;
    const struct string *crypt, *ssid;
    uint32_t id;           /* dense; index of the store's columns */
    uint32_t older, newer; /* ids in the last-heard list; of evicted ones in theirs */
    uint32_t ordered_time; /* last_time when it was put at the new end of that list */
    bool is_evicted;
    /* The rest. */
    uint8_t phy;
    uint32_t ssid_length;                    /* bytes */
    struct ssid_member *members[SSID_KINDS]; /* newest first */
    uint64_t counts[SSID_KINDS];
    uint64_t hash;  /* of the SSID's bytes */
    uint64_t epoch; /* of its eviction */
};

/* The hash as the API shows it: within what every JSON reader keeps exactly. */
static inline uint64_t ssid_group_hash_shown(uint64_t hash)
{
    return hash >> 11;
}

extern const struct record_type ssid_group_type;

#endif
