/* The list is kept sorted by mask, so that an address is looked up by one binary search for each
 * mask in use. See watch.h. */
#include "track/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "track/device.h"

/* The first entry not before (mask, mac), or `count`. */
static uint32_t lower_bound(const struct watch *watch, uint64_t mask, uint64_t mac)
{
    uint32_t first = 0, end = watch->count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        const struct watch_address *at = &watch->addresses[middle];
        if (at->mask < mask || (at->mask == mask && at->mac < mac))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The entry of an address under that very mask, or NULL. */
static struct watch_address *find_entry(const struct watch *watch, uint64_t mask, uint64_t mac)
{
    uint32_t at = lower_bound(watch, mask, mac);
    struct watch_address *entry = at < watch->count ? &watch->addresses[at] : NULL;
    return entry && entry->mask == mask && entry->mac == mac ? entry : NULL;
}

uint8_t watch_find(const struct watch *watch, struct macaddr mac)
{
    uint8_t kinds = 0;
    uint64_t address = macaddr_u64(mac);
    for (uint32_t at = 0; at < watch->count;) {
        uint64_t mask = watch->addresses[at].mask;
        const struct watch_address *entry = find_entry(watch, mask, address & mask);
        if (entry)
            kinds |= entry->kinds;
        at = mask == UINT64_MAX ? watch->count : lower_bound(watch, mask + 1, 0);
    }
    return kinds;
}

int watch_add(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds)
{
    struct watch *watch = &store->watch;
    uint64_t address = macaddr_u64(mac) & mask;
    struct watch_address *entry = find_entry(watch, mask, address);
    if (!watch->addresses)
        watch->addresses = calloc(WATCH_ADDRESSES, sizeof *watch->addresses);
    if (!watch->awaited_ids)
        watch->awaited_ids = calloc(WATCH_AWAITED, sizeof *watch->awaited_ids);
    if (!watch->addresses || !watch->awaited_ids)
        return -ENOMEM;
    if (!entry) {
        if (watch->count == WATCH_ADDRESSES)
            return -ENOSPC;
        uint32_t at = lower_bound(watch, mask, address);
        entry = &watch->addresses[at];
        memmove(entry + 1, entry, (watch->count++ - at) * sizeof *entry);
        *entry = (struct watch_address){.mac = address, .mask = mask};
    }
    entry->kinds |= kinds;
    watch->generation++;
    return 0;
}

void watch_remove(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds)
{
    struct watch *watch = &store->watch;
    struct watch_address *entry = find_entry(watch, mask, macaddr_u64(mac) & mask);
    if (!entry)
        return;
    entry->kinds &= (uint8_t)~kinds;
    if (!entry->kinds) {
        uint32_t at = (uint32_t)(entry - watch->addresses);
        memmove(entry, entry + 1, (--watch->count - at) * sizeof *entry);
    }
    watch->generation++;
}

static void await(struct watch *watch, struct device *device)
{
    if (watch->awaited_count == WATCH_AWAITED) {
        watch->unawaited++;
        return;
    }
    watch->awaited_ids[watch->awaited_count++] = device->id;
    device->awaited = (uint16_t)watch->awaited_count;
}

static void await_no_more(struct store *store, struct device *device)
{
    struct watch *watch = &store->watch;
    uint32_t last = watch->awaited_ids[--watch->awaited_count];
    watch->awaited_ids[device->awaited - 1] = last;
    store_device(store, last)->awaited = device->awaited;
    device->awaited = 0;
}

/* Looks the device up where the list has changed. */
static void mark(struct store *store, struct device *device)
{
    if (device->watch_generation == store->watch.generation)
        return;
    uint8_t kinds = watch_find(&store->watch, device->mac);
    device->flags &= (uint8_t) ~(DEVICE_WATCH_FOUND | DEVICE_WATCH_LOST);
    device->flags |= kinds & WATCH_FOUND ? DEVICE_WATCH_FOUND : 0;
    device->flags |= kinds & WATCH_LOST ? DEVICE_WATCH_LOST : 0;
    device->watch_generation = store->watch.generation;
    if (device->awaited && !(kinds & WATCH_LOST))
        await_no_more(store, device);
}

static void tell(const struct watch *watch, struct device *device, enum watch_kind kind,
                 uint64_t silence, const struct device_packet *packet)
{
    if (watch->on_change)
        watch->on_change(watch->context, device, kind, silence, packet);
}

void watch_hear(struct store *store, struct device *device, const struct device_packet *packet)
{
    struct watch *watch = &store->watch;
    mark(store, device);
    bool is_new = !device->packets;
    uint64_t silence =
        !is_new && packet->time > device->last_time ? packet->time - device->last_time : 0;
    if (device->awaited && silence > watch->lost_s)
        tell(watch, device, WATCH_LOST, silence, NULL);
    if (device->flags & DEVICE_WATCH_FOUND && (is_new || silence > watch->found_s))
        tell(watch, device, WATCH_FOUND, silence, packet);
    if (device->flags & DEVICE_WATCH_LOST && !device->awaited)
        await(watch, device);
}

/* For how long the device has been silent, as its source's clock says. */
static uint64_t silence_of(const struct store *store, const struct device *device)
{
    uint64_t clock = store->source_clocks[device->source % STORE_SOURCES];
    uint64_t now = clock ? clock : store->server_now;
    return now > device->last_time ? now - device->last_time : 0;
}

void watch_drop(struct store *store, struct device *device)
{
    mark(store, device);
    if (!device->awaited)
        return;
    tell(&store->watch, device, WATCH_LOST, silence_of(store, device), NULL);
    await_no_more(store, device);
}

void watch_tick(struct store *store)
{
    struct watch *watch = &store->watch;
    for (uint32_t i = watch->awaited_count; i > 0; i--) {
        struct device *device = store_device(store, watch->awaited_ids[i - 1]);
        if (silence_of(store, device) > watch->lost_s)
            watch_drop(store, device);
    }
}

void watch_done(struct watch *watch)
{
    free(watch->addresses);
    free(watch->awaited_ids);
}
