/* Open addressing with incremental growth. See index.h. */
#include "track/index.h"

#include <errno.h>
#include <stdlib.h>

#include "util/hash.h"

enum {
    FIRST_CAPACITY = 4096,
    MOVED_PER_CHANGE = 32,
    MOVED = 0xffffffff, /* id of a slot of the old table whose device has moved or gone */
};

uint32_t index_hash(uint8_t phy, struct macaddr mac)
{
    return (uint32_t)hash_keyed(macaddr_u64(mac) | phy);
}

static bool is_key(const struct store *store, uint32_t id, uint8_t phy, struct macaddr mac)
{
    const struct device *device = store_device(store, id);
    return device->phy == phy && macaddr_equal(device->mac, mac);
}

/* Position of a key, or of the empty slot that ends its run. */
static uint32_t probe(const struct store *store, const struct store_table *table, uint32_t hash,
                      uint8_t phy, struct macaddr mac)
{
    uint32_t mask = table->capacity - 1, at = hash & mask;
    for (; table->slots[at].id; at = (at + 1) & mask) {
        const struct store_slot *slot = &table->slots[at];
        if (slot->hash == hash && slot->id != MOVED && is_key(store, slot->id - 1, phy, mac))
            break;
    }
    return at;
}

static uint32_t find_in(const struct store *store, const struct store_table *table, uint32_t hash,
                        uint8_t phy, struct macaddr mac)
{
    return table->capacity ? table->slots[probe(store, table, hash, phy, mac)].id : 0;
}

uint32_t index_find(const struct store *store, uint8_t phy, struct macaddr mac)
{
    uint32_t hash = index_hash(phy, mac);
    uint32_t id = find_in(store, &store->index.now, hash, phy, mac);
    if (!id)
        id = find_in(store, &store->index.old, hash, phy, mac);
    return id ? id - 1 : STORE_NONE;
}

void index_prefetch(const struct store *store, uint32_t hash)
{
    const struct store_table *table = &store->index.now;
    if (table->capacity)
        __builtin_prefetch(&table->slots[hash & (table->capacity - 1)]);
}

uint32_t index_guess(const struct store *store, uint32_t hash)
{
    const struct store_table *table = &store->index.now;
    if (!table->capacity)
        return STORE_NONE;
    uint32_t mask = table->capacity - 1, at = hash & mask;
    while (table->slots[at].id && table->slots[at].hash != hash)
        at = (at + 1) & mask;
    return table->slots[at].id ? table->slots[at].id - 1 : STORE_NONE;
}

static void put(struct store_table *table, struct store_slot slot)
{
    uint32_t mask = table->capacity - 1, at = slot.hash & mask;
    while (table->slots[at].id)
        at = (at + 1) & mask;
    table->slots[at] = slot;
    table->count++;
}

static void move_some(struct store *store)
{
    struct store_index *index = &store->index;
    for (int i = 0; i < MOVED_PER_CHANGE && index->old.capacity; i++) {
        struct store_slot *slot = &index->old.slots[index->moved];
        if (slot->id && slot->id != MOVED) {
            put(&index->now, *slot);
            slot->id = MOVED;
        }
        if (++index->moved < index->old.capacity)
            continue;
        free(index->old.slots);
        index->old = (struct store_table){0};
    }
}

static int grow(struct store *store)
{
    struct store_index *index = &store->index;
    while (index->old.capacity) /* only if it fills faster than it moves */
        move_some(store);
    uint32_t capacity = index->now.capacity ? index->now.capacity * 2 : FIRST_CAPACITY;
    struct store_slot *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return -ENOMEM;
    index->old = index->now;
    index->now = (struct store_table){.slots = slots, .capacity = capacity};
    index->moved = 0;
    return 0;
}

int index_add(struct store *store, const struct device *device)
{
    struct store_index *index = &store->index;
    uint32_t held = index->now.count + index->old.count;
    if (held * 2 >= index->now.capacity && grow(store) != 0 && held + 1 >= index->now.capacity)
        return -ENOMEM;
    move_some(store);
    put(&index->now,
        (struct store_slot){.id = device->id + 1, .hash = index_hash(device->phy, device->mac)});
    return 0;
}

/* Empties a slot and shifts back those behind it that would not be found any more. */
static void shift_back(struct store_table *table, uint32_t hole)
{
    uint32_t mask = table->capacity - 1;
    for (uint32_t at = (hole + 1) & mask; table->slots[at].id; at = (at + 1) & mask) {
        uint32_t home = table->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole].id = 0;
    table->count--;
}

void index_remove(struct store *store, const struct device *device)
{
    struct store_index *index = &store->index;
    uint32_t hash = index_hash(device->phy, device->mac);
    if (find_in(store, &index->now, hash, device->phy, device->mac)) {
        shift_back(&index->now, probe(store, &index->now, hash, device->phy, device->mac));
    } else if (find_in(store, &index->old, hash, device->phy, device->mac)) {
        uint32_t at = probe(store, &index->old, hash, device->phy, device->mac);
        index->old.slots[at].id = MOVED;
    }
    move_some(store);
}

void index_done(struct store *store)
{
    free(store->index.now.slots);
    free(store->index.old.slots);
    store->index = (struct store_index){0};
}
