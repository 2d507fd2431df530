/* SSIDs by their interned text: open addressing over dense ids, an order of last hearing, and a
 * queue of evicted ones that streams may still name. See ssid_group.h. */
#include "track/ssid_group.h"

#include <errno.h>
#include <stdlib.h>

#include "track/device.h"
#include "util/prefetch.h"

enum {
    SPARE_LEAST = 64,   /* ids for evicted SSIDs, beside an eighth of the limit */
    BURIED_MAX = 256,   /* members taken out of evicted SSIDs at a time */
    ORDER_SECONDS = 16, /* between two moves to the new end of the order of hearing */
    SPARED_MAX = 64,    /* moved there before the oldest goes all the same */
};

/* Tables for all the SSIDs there may be; pages that are not used cost nothing. */
static bool reserve(struct store *store)
{
    struct store_ssids *ssids = &store->ssids;
    uint32_t limit = store->limits.tracked_ssids, slots = 1;
    if (ssids->groups)
        return true;
    while (slots < 2 * limit)
        slots *= 2;
    ssids->capacity = limit + limit / 8 + SPARE_LEAST;
    ssids->slot_mask = slots - 1;
    ssids->groups = calloc(ssids->capacity, sizeof *ssids->groups);
    ssids->hashes = calloc(ssids->capacity, sizeof *ssids->hashes);
    ssids->mod_times = calloc(ssids->capacity, sizeof *ssids->mod_times);
    ssids->free_ids = calloc(ssids->capacity, sizeof *ssids->free_ids);
    ssids->slots = calloc(slots, sizeof *ssids->slots);
    ssids->oldest = ssids->newest = ssids->dead_oldest = ssids->dead_newest = STORE_NONE;
    if (ssids->groups && ssids->hashes && ssids->mod_times && ssids->free_ids && ssids->slots)
        return true;
    ssid_group_done(store);
    return false;
}

void ssid_group_done(struct store *store)
{
    struct store_ssids *ssids = &store->ssids;
    free(ssids->groups);
    free(ssids->hashes);
    free(ssids->mod_times);
    free(ssids->free_ids);
    free(ssids->slots);
    *ssids = (struct store_ssids){0};
}

/* The slot of a text: its own or the empty one where it belongs. */
static uint32_t find_slot(const struct store_ssids *ssids, const struct string *ssid)
{
    uint32_t at = ssid->hash & ssids->slot_mask;
    while (ssids->slots[at] && ssids->groups[ssids->slots[at] - 1]->ssid != ssid)
        at = (at + 1) & ssids->slot_mask;
    return at;
}

static void remove_slot(struct store_ssids *ssids, const struct string *ssid)
{
    uint32_t mask = ssids->slot_mask, hole = find_slot(ssids, ssid);
    for (uint32_t at = (hole + 1) & mask; ssids->slots[at]; at = (at + 1) & mask) {
        uint32_t home = ssids->groups[ssids->slots[at] - 1]->ssid->hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            ssids->slots[hole] = ssids->slots[at];
            hole = at;
        }
    }
    ssids->slots[hole] = 0;
}

/* Takes a group out of a list of which these are the ends, or puts it at its new end. */
static void unlink_group(const struct store_ssids *ssids, struct ssid_group *group,
                         uint32_t *oldest, uint32_t *newest)
{
    if (group->older == STORE_NONE)
        *oldest = group->newer;
    else
        ssids->groups[group->older]->newer = group->newer;
    if (group->newer == STORE_NONE)
        *newest = group->older;
    else
        ssids->groups[group->newer]->older = group->older;
}

static void append_group(const struct store_ssids *ssids, struct ssid_group *group,
                         uint32_t *oldest, uint32_t *newest)
{
    group->older = *newest;
    group->newer = STORE_NONE;
    if (*newest == STORE_NONE)
        *oldest = group->id;
    else
        ssids->groups[*newest]->newer = group->id;
    *newest = group->id;
}

/* Puts a group at the new end: most packets need not, for that touches its neighbours. */
static void reorder(struct store_ssids *ssids, struct ssid_group *group)
{
    group->ordered_time = (uint32_t)group->last_time;
    if (ssids->newest == group->id)
        return;
    unlink_group(ssids, group, &ssids->oldest, &ssids->newest);
    append_group(ssids, group, &ssids->oldest, &ssids->newest);
}

/* The group that has not been heard for longest, to ORDER_SECONDS; there is one. */
static struct ssid_group *find_oldest(struct store_ssids *ssids)
{
    for (int spared = 0;; spared++) {
        struct ssid_group *group = ssids->groups[ssids->oldest];
        if (group->ordered_time == (uint32_t)group->last_time || spared == SPARED_MAX)
            return group;
        reorder(ssids, group);
    }
}

static void evict_oldest(struct store *store)
{
    struct store_ssids *ssids = &store->ssids;
    struct ssid_group *group = find_oldest(ssids);
    remove_slot(ssids, group->ssid);
    unlink_group(ssids, group, &ssids->oldest, &ssids->newest);
    append_group(ssids, group, &ssids->dead_oldest, &ssids->dead_newest);
    ssids->mod_times[group->id] = 0;
    ssids->count--;
    group->is_evicted = true;
    group->epoch = store->epoch++;
}

/* A new group for a text that has none; NULL without memory or while too many evicted ones are
 * still looked at. */
static struct ssid_group *add_group(struct store *store, const struct ssid_sighting *sighting,
                                    uint64_t time)
{
    struct store_ssids *ssids = &store->ssids;
    bool is_full = !ssids->free_count && ssids->slot_count == ssids->capacity;
    struct ssid_group *group =
        is_full ? NULL : pool_new(&store->pool, prefetch_lines(sizeof *group));
    if (!group)
        return NULL;
    if (ssids->count >= store->limits.tracked_ssids)
        evict_oldest(store);
    group->id = ssids->free_count ? ssids->free_ids[--ssids->free_count] : ssids->slot_count++;
    group->ssid = intern_again(sighting->ssid);
    group->ssid_length = sighting->length;
    group->hash = sighting->hash;
    group->phy = sighting->device->phy;
    group->first_time = group->last_time = time;
    group->ordered_time = (uint32_t)time;
    ssids->groups[group->id] = group;
    ssids->hashes[group->id] = ssid_group_hash_shown(group->hash);
    ssids->slots[find_slot(ssids, group->ssid)] = group->id + 1;
    ssids->count++;
    append_group(ssids, group, &ssids->oldest, &ssids->newest);
    return group;
}

/* The group was heard at that packet's time. */
static void hear_group(struct store *store, struct ssid_group *group,
                       const struct device_packet *packet)
{
    struct store_ssids *ssids = &store->ssids;
    uint32_t now = packet->server_now ? (uint32_t)packet->server_now : 1;
    if (now > ssids->mod_times[group->id])
        ssids->mod_times[group->id] = now;
    if (packet->time < group->first_time)
        group->first_time = packet->time;
    if (packet->time <= group->last_time)
        return;
    group->last_time = packet->time;
    if ((uint32_t)packet->time - group->ordered_time >= ORDER_SECONDS)
        reorder(ssids, group);
}

void ssid_group_join(struct store *store, struct ssid_member *member,
                     const struct ssid_sighting *sighting, const struct device_packet *packet)
{
    if (!store->limits.tracked_ssids || !reserve(store))
        return;
    uint32_t place = store->ssids.slots[find_slot(&store->ssids, sighting->ssid)];
    struct ssid_group *group =
        place ? store->ssids.groups[place - 1] : add_group(store, sighting, packet->time);
    if (!group)
        return;
    struct ssid_member **first = &group->members[sighting->kind];
    *member = (struct ssid_member){.next = *first,
                                   .group = group,
                                   .mac = sighting->device->mac,
                                   .kind = (uint8_t)sighting->kind};
    if (*first)
        (*first)->previous = member;
    *first = member;
    group->counts[sighting->kind]++;
    hear_group(store, group, packet);
}

void ssid_group_leave(struct ssid_member *member)
{
    struct ssid_group *group = member->group;
    if (!group)
        return;
    if (member->previous)
        member->previous->next = member->next;
    else
        group->members[member->kind] = member->next;
    if (member->next)
        member->next->previous = member->previous;
    group->counts[member->kind]--;
    *member = (struct ssid_member){.group = NULL};
}

bool ssid_group_hear(struct store *store, struct ssid_member *member,
                     const struct device_packet *packet)
{
    if (member->group && member->group->is_evicted)
        ssid_group_leave(member);
    if (member->group)
        hear_group(store, member->group, packet);
    return member->group != NULL;
}

void ssid_group_set_crypt(struct store *store, struct ssid_group *group, uint64_t crypt_set,
                          const struct string *crypt)
{
    group->crypt_set = crypt_set;
    if (group->crypt == crypt)
        return;
    intern_unref(&store->strings, group->crypt);
    group->crypt = intern_again(crypt);
}

const struct ssid_group *ssid_group_get(const struct store *store, uint32_t id)
{
    return id < store->ssids.slot_count ? store->ssids.groups[id] : NULL;
}

const struct ssid_group *ssid_group_find(const struct store *store, uint64_t hash_shown)
{
    const struct store_ssids *ssids = &store->ssids;
    for (uint32_t id = 0; id < ssids->slot_count; id++)
        if (ssids->hashes[id] == hash_shown && ssids->mod_times[id])
            return ssids->groups[id];
    return NULL;
}

int ssid_group_query(const struct store *store, const struct query *query,
                     struct query_result *ret_result)
{
    const struct store_ssids *ssids = &store->ssids;
    uint64_t since = query->has_since && query->since ? query->since : 1;
    int error = query_none(ssids->slot_count, ret_result);
    for (uint32_t id = 0; !error && id < ssids->slot_count; id++)
        if (ssids->mod_times[id] >= since)
            query_add(ret_result, id);
    return error;
}

static void destroy(struct store *store, struct ssid_group *group)
{
    struct store_ssids *ssids = &store->ssids;
    unlink_group(ssids, group, &ssids->dead_oldest, &ssids->dead_newest);
    ssids->groups[group->id] = NULL;
    ssids->free_ids[ssids->free_count++] = group->id;
    intern_unref(&store->strings, group->ssid);
    intern_unref(&store->strings, group->crypt);
    pool_free(&store->pool, group, prefetch_lines(sizeof *group));
}

void ssid_group_bury(struct store *store, uint64_t epoch)
{
    struct store_ssids *ssids = &store->ssids;
    unsigned left = BURIED_MAX;
    while (ssids->groups && ssids->dead_oldest != STORE_NONE) {
        struct ssid_group *group = ssids->groups[ssids->dead_oldest];
        if (group->epoch >= epoch)
            return;
        for (int kind = 0; kind < SSID_KINDS; kind++)
            for (; left && group->members[kind]; left--)
                ssid_group_leave(group->members[kind]);
        if (!left)
            return;
        destroy(store, group);
        left--;
    }
}
