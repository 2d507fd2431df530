/* Devices bear what the list says of them until it changes. See watch.h. */
#include "track/watch.h"

#include <errno.h>
#include <stdlib.h>

#include "track/device.h"

uint8_t watch_find(const struct watch *watch, struct macaddr mac)
{
    uint8_t kinds = 0;
    uint32_t at = watch->addresses.count;
    for (const struct mac_rule *rule; (rule = mac_table_match(&watch->addresses, mac, &at));)
        kinds |= rule->value;
    return kinds;
}

int watch_add(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds)
{
    struct watch *watch = &store->watch;
    if (!watch->awaited_ids)
        watch->awaited_ids = calloc(WATCH_AWAITED, sizeof *watch->awaited_ids);
    if (!watch->awaited_ids)
        return -ENOMEM;
    if (watch->addresses.count == WATCH_ADDRESSES && !mac_table_find(&watch->addresses, mac, mask))
        return -ENOSPC;
    struct mac_rule *rule = mac_table_add(&watch->addresses, mac, mask);
    if (!rule)
        return -ENOMEM;
    rule->value |= kinds;
    watch->generation++;
    return 0;
}

void watch_remove(struct store *store, struct macaddr mac, uint64_t mask, uint8_t kinds)
{
    struct watch *watch = &store->watch;
    struct mac_rule *rule = mac_table_find(&watch->addresses, mac, mask);
    if (!rule)
        return;
    rule->value &= (uint8_t)~kinds;
    if (!rule->value)
        mac_table_remove(&watch->addresses, rule);
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
    mac_table_done(&watch->addresses);
    free(watch->awaited_ids);
}
