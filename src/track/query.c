/* Scanning the columns into a bitmap. See query.h. */
#include "track/query.h"

#include <errno.h>
#include <stdlib.h>

static bool wanted(const struct store_columns *columns, uint32_t slot, const struct query *query)
{
    if (columns->phy[slot] == STORE_PHYS)
        return false;
    if (query->phy >= 0 && columns->phy[slot] != query->phy)
        return false;
    if (query->has_since && columns->mod_time[slot] < query->since)
        return false;
    return !query->types || (columns->type[slot] & query->types);
}

int query_run(const struct store *store, const struct query *query, struct query_result *ret_result)
{
    struct query_result result = {.slots = store->slot_count};
    result.bits = calloc(result.slots / 64 + 1, sizeof *result.bits);
    if (!result.bits)
        return -ENOMEM;
    for (uint32_t id = 0; id < result.slots; id++) {
        uint32_t slot = id % STORE_CHUNK_DEVICES;
        if (!wanted(store_columns(store, id), slot, query))
            continue;
        if (query->has_mac &&
            ((macaddr_u64(store_device(store, id)->mac) ^ query->mac) & query->mask))
            continue;
        result.bits[id / 64] |= 1ull << (id % 64);
        result.count++;
    }
    *ret_result = result;
    return 0;
}

void query_done(struct query_result *result)
{
    free(result->bits);
    *result = (struct query_result){0};
}

uint32_t query_next(const struct query_result *result, uint32_t from)
{
    if (from >= result->slots)
        return STORE_NONE;
    uint32_t word = from / 64;
    uint64_t bits = result->bits[word] & (~0ull << (from % 64));
    while (!bits && ++word <= result->slots / 64)
        bits = result->bits[word];
    return bits ? word * 64 + (uint32_t)__builtin_ctzll(bits) : STORE_NONE;
}

void query_remove(struct query_result *result, uint32_t id)
{
    uint64_t bit = 1ull << (id % 64);
    if (id >= result->slots || !(result->bits[id / 64] & bit))
        return;
    result->bits[id / 64] &= ~bit;
    result->count--;
}
