/* Open addressing with incremental growth. See index.h. */
#include "track/index.h"

#include <errno.h>
#include <stdlib.h>

#include "util/hash.h"

enum {
    FIRST_CAPACITY = 4096,
    MOVED_PER_CHANGE = 32,
    MOVED = 0xffffffff, /* a slot of the old table whose device has moved or gone */
};

static uint64_t key_of(uint8_t phy, struct macaddr mac)
{
    return macaddr_u64(mac) | phy;
}

static uint32_t home_of(const struct store_table *table, uint64_t key)
{
    return (uint32_t)hash_keyed(key) & (table->capacity - 1);
}

static uint64_t slot_key(const struct store *store, uint32_t slot)
{
    const struct device *device = store_device(store, slot - 1);
    return key_of(device->phy, device->mac);
}

/* Position of a key, or of the empty slot where it would go. */
static uint32_t probe(const struct store *store, const struct store_table *table, uint64_t key)
{
    uint32_t mask = table->capacity - 1, at = home_of(table, key);
    while (table->slots[at] &&
           (table->slots[at] == MOVED || slot_key(store, table->slots[at]) != key))
        at = (at + 1) & mask;
    return at;
}

uint32_t index_find(const struct store *store, uint8_t phy, struct macaddr mac)
{
    const struct store_index *index = &store->index;
    uint64_t key = key_of(phy, mac);
    if (index->now.capacity) {
        uint32_t slot = index->now.slots[probe(store, &index->now, key)];
        if (slot)
            return slot - 1;
    }
    if (index->old.capacity) {
        uint32_t slot = index->old.slots[probe(store, &index->old, key)];
        if (slot)
            return slot - 1;
    }
    return STORE_NONE;
}

static void put(const struct store *store, struct store_table *table, uint64_t key, uint32_t slot)
{
    table->slots[probe(store, table, key)] = slot;
    table->count++;
}

static void move_some(struct store *store)
{
    struct store_index *index = &store->index;
    for (int i = 0; i < MOVED_PER_CHANGE && index->old.capacity; i++) {
        uint32_t slot = index->old.slots[index->moved];
        if (slot && slot != MOVED) {
            put(store, &index->now, slot_key(store, slot), slot);
            index->old.slots[index->moved] = MOVED;
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
    uint32_t *slots = calloc(capacity, sizeof *slots);
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
    put(store, &index->now, key_of(device->phy, device->mac), device->id + 1);
    return 0;
}

/* Empties a slot and shifts back those behind it that would not be found any more. */
static void shift_back(const struct store *store, struct store_table *table, uint32_t hole)
{
    uint32_t mask = table->capacity - 1;
    for (uint32_t at = (hole + 1) & mask; table->slots[at]; at = (at + 1) & mask) {
        uint32_t home = home_of(table, slot_key(store, table->slots[at]));
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole] = 0;
    table->count--;
}

void index_remove(struct store *store, const struct device *device)
{
    struct store_index *index = &store->index;
    uint64_t key = key_of(device->phy, device->mac);
    uint32_t at = index->now.capacity ? probe(store, &index->now, key) : 0;
    if (index->now.capacity && index->now.slots[at]) {
        shift_back(store, &index->now, at);
    } else if (index->old.capacity) {
        at = probe(store, &index->old, key);
        if (index->old.slots[at])
            index->old.slots[at] = MOVED;
    }
    move_some(store);
}

void index_done(struct store *store)
{
    free(store->index.now.slots);
    free(store->index.old.slots);
    store->index = (struct store_index){0};
}
