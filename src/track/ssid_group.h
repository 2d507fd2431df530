/* Every SSID that was heard, with the devices that advertise it, answer with it, probe for it. As
 * many as tracker limits allow; the longest unheard goes first. Whoever changes them holds the
 * write lock, whoever reads them the read lock. */
#ifndef NORN_TRACK_SSID_GROUP_H
#define NORN_TRACK_SSID_GROUP_H

#include "track/query.h"

struct device_packet;

/* What a device says of an SSID when it joins. */
struct ssid_sighting {
    const struct string *ssid; /* interned, not NULL */
    uint64_t hash;             /* of its bytes */
    uint32_t length;           /* bytes */
    enum ssid_kind kind;
    const struct device *device;
};

/* Puts a member, which is in no list, into the list of its SSID. Where SSIDs are not kept, or there
 * is no room just now, it stays out. */
void ssid_group_join(struct store *store, struct ssid_member *member,
                     const struct ssid_sighting *sighting, const struct device_packet *packet);

/* Takes a member out of its list, if it is in one: before its memory is freed. */
void ssid_group_leave(struct ssid_member *member);

/* Its device was heard with the SSID again. False when the member is in no list (any more). */
bool ssid_group_hear(struct store *store, struct ssid_member *member,
                     const struct device_packet *packet);

/* The encryption of the network that was heard last. */
void ssid_group_set_crypt(struct store *store, struct ssid_group *group, uint64_t crypt_set,
                          const struct string *crypt);

/* The SSID of an id, evicted ones as well while a stream may see them; NULL where there is none. */
const struct ssid_group *ssid_group_get(const struct store *store, uint32_t id);

/* The SSID whose hash is shown as that number, or NULL. */
const struct ssid_group *ssid_group_find(const struct store *store, uint64_t hash_shown);

/* Those modified since the time of the query, or all. 0 or -ENOMEM. */
int ssid_group_query(const struct store *store, const struct query *query,
                     struct query_result *ret_result);

/* Frees evicted SSIDs that no stream begun before `epoch` can name, a bounded part of them. */
void ssid_group_bury(struct store *store, uint64_t epoch);

/* True while evicted SSIDs wait to be buried. */
static inline bool ssid_group_has_dead(const struct store *store)
{
    return store->ssids.groups && store->ssids.dead_oldest != STORE_NONE;
}

/* Gives back the tables. */
void ssid_group_done(struct store *store);

#endif
