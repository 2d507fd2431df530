/* Scanning the columns into a bitmap. See query.h. */
#include "track/query.h"

#include <errno.h>
#include <stdlib.h>

/* The 64 slots from `slot` on as bits: one pass over each column, no branches. */
static uint64_t scan_word(const struct store_columns *columns, uint32_t slot,
                          const struct query *query)
{
    uint32_t since = query->has_since && query->since < UINT32_MAX ? (uint32_t)query->since
                     : query->has_since                            ? UINT32_MAX
                                                                   : 0;
    uint16_t types = query->types ? query->types : UINT16_MAX;
    uint64_t sources = query->sources ? query->sources : UINT64_MAX;
    bool any_type = !query->types, any_phy = query->phy < 0, any_source = !query->sources;
    uint64_t bits = 0;
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t at = slot + i;
        bool is_used = columns->phy[at] != STORE_PHYS;
        bool is_phy = any_phy | (columns->phy[at] == query->phy);
        bool is_type = any_type | ((columns->type[at] & types) != 0);
        bool is_heard = any_source | ((columns->sources[at] & sources) != 0);
        bool is_new = columns->mod_time[at] >= since;
        bits |= (uint64_t)(is_used & is_phy & is_type & is_heard & is_new) << i;
    }
    return bits;
}

/* Leaves out the devices whose address does not fit under the mask. */
static uint64_t keep_addresses(const struct store *store, uint32_t first, uint64_t bits,
                               const struct query *query)
{
    for (uint64_t left = bits; left; left &= left - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(left);
        uint64_t mac = macaddr_u64(store_device(store, first + bit)->mac);
        if ((mac ^ query->mac) & query->mask)
            bits &= ~(1ull << bit);
    }
    return bits;
}

int query_none(uint32_t slots, struct query_result *ret_result)
{
    uint64_t *bits = calloc(slots / 64 + 1, sizeof *bits);
    if (!bits)
        return -ENOMEM;
    *ret_result = (struct query_result){.bits = bits, .slots = slots};
    return 0;
}

int query_run(const struct store *store, const struct query *query, struct query_result *ret_result)
{
    struct query_result result;
    int error = query_none(store->slot_count, &result);
    if (error)
        return error;
    for (uint32_t id = 0; id < result.slots; id += 64) { /* slots past the last are empty */
        uint64_t bits = scan_word(store_columns(store, id), id % STORE_CHUNK_DEVICES, query);
        if (query->has_mac)
            bits = keep_addresses(store, id, bits, query);
        result.bits[id / 64] = bits;
        result.count += (uint32_t)__builtin_popcountll(bits);
    }
    *ret_result = result;
    return 0;
}

uint32_t query_scan(const struct store *store, const struct query *query, uint32_t from,
                    uint32_t end)
{
    for (uint32_t id = from - from % 64; id < end && id < store->slot_count; id += 64) {
        uint64_t bits = scan_word(store_columns(store, id), id % STORE_CHUNK_DEVICES, query);
        if (id < from)
            bits &= ~0ull << (from % 64);
        if (query->has_mac)
            bits = keep_addresses(store, id, bits, query);
        if (bits)
            return id + (uint32_t)__builtin_ctzll(bits);
    }
    return STORE_NONE;
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

void query_add(struct query_result *result, uint32_t id)
{
    uint64_t bit = 1ull << (id % 64);
    result->count += !(result->bits[id / 64] & bit);
    result->bits[id / 64] |= bit;
}

void query_remove(struct query_result *result, uint32_t id)
{
    uint64_t bit = 1ull << (id % 64);
    if (id >= result->slots || !(result->bits[id / 64] & bit))
        return;
    result->bits[id / 64] &= ~bit;
    result->count--;
}

void query_narrow(struct query_result *result, uint32_t start, uint32_t length)
{
    uint32_t seen = 0, end = length && length < UINT32_MAX - start ? start + length : UINT32_MAX;
    for (uint32_t word = 0; word <= result->slots / 64; word++) {
        uint64_t bits = result->bits[word], kept = 0;
        uint32_t count = (uint32_t)__builtin_popcountll(bits);
        if (seen >= start && seen + count <= end)
            kept = bits;
        else
            for (uint32_t at = seen; bits; bits &= bits - 1, at++)
                kept |= at >= start && at < end ? bits & -bits : 0;
        result->bits[word] = kept;
        seen += count;
    }
    uint32_t left = result->count > start ? result->count - start : 0;
    result->count = left < end - start ? left : end - start;
}
