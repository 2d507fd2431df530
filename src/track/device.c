/* Devices: finding, making, hearing of, evicting. See device.h. */
#include "track/device.h"

#include <stdlib.h>
#include <string.h>

#include "track/device_location.h"
#include "track/device_news.h"
#include "track/device_note.h"
#include "track/index.h"
#include "track/manufacturer.h"
#include "track/ssid_group.h"
#include "util/prefetch.h"

enum {
    FREQUENCIES_MAX = 64,   /* kept of one device */
    FIRST_FREQUENCIES = 4,  /* room for, when there is a second one */
    ORDER_SECONDS = 16,     /* between two moves to the new end of the order of hearing */
    SPARED_MAX = 64,        /* moved there before the oldest goes all the same */
    GRAVEYARD_LEAST = 4096, /* evicted devices kept for streams before any is cut */
    YOUNG_MAX = 256,        /* in the order of hearing, where looking for expired ones ends */
};

struct device *device_find(const struct store *store, uint8_t phy, struct macaddr mac)
{
    uint32_t id = index_find(store, phy, mac);
    return id == STORE_NONE ? NULL : store_device(store, id);
}

struct device *device_find_key(const struct store *store, struct device_key key)
{
    for (uint32_t i = 0; i < store->phy_count; i++)
        if (store->phys[i].key == key.phy && !(key.mac & 0xffff))
            return device_find(store, (uint8_t)i, macaddr_from_u64(key.mac));
    return NULL;
}

static struct store_order *order_of(const struct store *store, uint32_t id)
{
    return &store_columns(store, id)->order[id % STORE_CHUNK_DEVICES];
}

static void order_unlink(struct store *store, uint32_t id)
{
    const struct store_order *order = order_of(store, id);
    if (order->older == STORE_NONE)
        store->oldest = order->newer;
    else
        order_of(store, order->older)->newer = order->newer;
    if (order->newer == STORE_NONE)
        store->newest = order->older;
    else
        order_of(store, order->newer)->older = order->older;
}

static void order_append(struct store *store, uint32_t id)
{
    *order_of(store, id) = (struct store_order){.older = store->newest, .newer = STORE_NONE};
    if (store->newest == STORE_NONE)
        store->oldest = id;
    else
        order_of(store, store->newest)->newer = id;
    store->newest = id;
}

/* Puts a device at the new end: most packets need not, for that touches its neighbours. */
static void reorder(struct store *store, struct device *device)
{
    device->ordered_time = (uint32_t)device->last_time;
    if (device->id == store->newest)
        return;
    order_unlink(store, device->id);
    order_append(store, device->id);
}

/* The device that has not been heard for longest, to ORDER_SECONDS; there is one. */
static struct device *find_oldest(struct store *store)
{
    for (int spared = 0;; spared++) {
        struct device *device = store_device(store, store->oldest);
        if (device->ordered_time == (uint32_t)device->last_time || spared == SPARED_MAX)
            return device;
        reorder(store, device);
    }
}

static bool reserve(uint32_t **array, uint32_t *capacity, uint32_t needed)
{
    if (needed <= *capacity)
        return true;
    uint32_t grown = *capacity ? *capacity * 2 : 1024;
    uint32_t *moved = realloc(*array, grown * sizeof **array);
    if (!moved)
        return false;
    *array = moved;
    *capacity = grown;
    return true;
}

/* An unused id with its slab; STORE_NONE without memory. */
static uint32_t take_id(struct store *store)
{
    if (store->free_count)
        return store->free_ids[--store->free_count];
    uint32_t id = store->slot_count;
    if (id / STORE_CHUNK_DEVICES >= store->slab_count) {
        struct store_slab **slabs =
            realloc(store->slabs, (store->slab_count + 1) * sizeof(struct store_slab *));
        struct store_slab *slab = calloc(1, sizeof *slab);
        if (slabs)
            store->slabs = slabs;
        if (!slabs || !slab) {
            free(slab);
            return STORE_NONE;
        }
        memset(slab->columns.phy, STORE_PHYS, sizeof slab->columns.phy);
        store->slabs[store->slab_count++] = slab;
    }
    store->slot_count++;
    return id;
}

static void free_lists(struct store *store, struct device *device)
{
    while (device->seenby) {
        struct seenby *seenby = device->seenby;
        device->seenby = seenby->next;
        if (seenby != &device->first_seenby)
            pool_free(&store->pool, seenby, sizeof *seenby);
    }
    if (device->frequency_room)
        pool_free(&store->pool, device->frequencies,
                  device->frequency_room * sizeof *device->frequencies);
}

/* Frees the memory and the id. */
static void destroy(struct store *store, struct device *device)
{
    const struct string **strings[] = {&device->channel, &device->name, &device->manufacturer,
                                       &device->crypt, &device->type};
    uint32_t id = device->id;
    if (store->phy_free[device->phy])
        store->phy_free[device->phy](store, device);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        intern_unref(&store->strings, *strings[i]);
    free_lists(store, device);
    history_done(&device->history, &store->pool);
    device_location_free(store, device);
    pool_free(&store->pool, device, prefetch_lines(sizeof *device));
    store->slabs[id / STORE_CHUNK_DEVICES]->devices[id % STORE_CHUNK_DEVICES] = NULL;
    if (reserve(&store->free_ids, &store->free_capacity, store->free_count + 1))
        store->free_ids[store->free_count++] = id;
}

/* The oldest epoch that a stream may still look into; UINT64_MAX when there is none. */
static uint64_t oldest_stream(const struct store *store)
{
    uint64_t oldest = UINT64_MAX;
    for (int i = 0; i < STORE_STREAMS; i++) {
        uint64_t epoch = __atomic_load_n(&store->streams[i].epoch, __ATOMIC_ACQUIRE);
        if (epoch && epoch < oldest && !store->streams[i].cut)
            oldest = epoch;
    }
    return oldest;
}

static void cut_streams(struct store *store, uint64_t epoch)
{
    for (int i = 0; i < STORE_STREAMS; i++)
        if (store->streams[i].epoch && store->streams[i].epoch <= epoch)
            __atomic_store_n(&store->streams[i].cut, true, __ATOMIC_RELEASE);
}

void device_bury(struct store *store)
{
    uint32_t kept = 0, limit = store->limits.devices / 8;
    if (!store->graveyard_count && !ssid_group_has_dead(store))
        return;
    if (limit < GRAVEYARD_LEAST)
        limit = GRAVEYARD_LEAST;
    if (store->graveyard_count > limit)
        cut_streams(store, store->graveyard_epochs[store->graveyard_count / 2]);
    uint64_t oldest = oldest_stream(store);
    for (uint32_t i = 0; i < store->graveyard_count; i++) {
        uint32_t id = store->graveyard_ids[i];
        if (store->graveyard_epochs[i] < oldest) {
            destroy(store, store_device(store, id));
            continue;
        }
        store->graveyard_ids[kept] = id;
        store->graveyard_epochs[kept++] = store->graveyard_epochs[i];
    }
    store->graveyard_count = kept;
    ssid_group_bury(store, oldest);
}

static bool graveyard_reserve(struct store *store)
{
    uint32_t capacity = store->graveyard_capacity ? store->graveyard_capacity * 2 : 1024;
    if (store->graveyard_count < store->graveyard_capacity)
        return true;
    uint32_t *ids = realloc(store->graveyard_ids, capacity * sizeof *ids);
    if (ids)
        store->graveyard_ids = ids;
    uint64_t *epochs = realloc(store->graveyard_epochs, capacity * sizeof *epochs);
    if (epochs)
        store->graveyard_epochs = epochs;
    if (!ids || !epochs)
        return false;
    store->graveyard_capacity = capacity;
    return true;
}

/* Takes a device out of every index; device_bury() frees its record once no stream may name it.
 * False without memory: the device stays. */
static bool evict(struct store *store, struct device *device)
{
    if (!graveyard_reserve(store))
        return false;
    if (device->awaited)
        watch_drop(store, device);
    index_remove(store, device);
    order_unlink(store, device->id);
    store_columns(store, device->id)->phy[device->id % STORE_CHUNK_DEVICES] = STORE_PHYS;
    store->phys[device->phy].devices--;
    store->device_count--;
    store->evicted++;
    store->list_changed = store->server_now;
    device->flags |= DEVICE_EVICTED;
    store->graveyard_ids[store->graveyard_count] = device->id;
    store->graveyard_epochs[store->graveyard_count++] = store->epoch++;
    return true;
}

static struct device *make(struct store *store, uint8_t phy, struct macaddr mac, uint64_t time)
{
    uint32_t id = take_id(store);
    struct device *device =
        id == STORE_NONE ? NULL : pool_new(&store->pool, prefetch_lines(sizeof *device));
    if (!device)
        return NULL;
    device->mac = mac;
    device->phy = phy;
    device->id = id;
    device->first_time = device->last_time = time;
    device->ordered_time = (uint32_t)time;
    device->flags = macaddr_is_local(mac) ? DEVICE_LOCAL_ADDRESS : 0;
    store->slabs[id / STORE_CHUNK_DEVICES]->devices[id % STORE_CHUNK_DEVICES] = device;
    if (index_add(store, device) != 0) {
        destroy(store, device);
        return NULL;
    }
    const char *maker = manufacturer_find(mac);
    if (maker)
        device->manufacturer = intern_ref(&store->strings, maker, strlen(maker));
    else
        device->manufacturer = intern_ref(&store->strings, "Unknown", 7);
    store_columns(store, id)->phy[id % STORE_CHUNK_DEVICES] = phy;
    store_columns(store, id)->type[id % STORE_CHUNK_DEVICES] = 0;
    store_columns(store, id)->sources[id % STORE_CHUNK_DEVICES] = 0;
    store_columns(store, id)->last_time[id % STORE_CHUNK_DEVICES] = (uint32_t)time;
    device->note = device_note_find(
        store, (struct device_key){.phy = store->phys[phy].key, .mac = macaddr_u64(mac)});
    order_append(store, id);
    store->device_count++;
    store->phys[phy].devices++;
    return device;
}

struct device *device_get(struct store *store, uint8_t phy, struct macaddr mac, uint64_t time,
                          bool *ret_new)
{
    struct device *device = device_find(store, phy, mac);
    if (device)
        return device;
    while (store->device_count >= store->limits.devices && store->oldest != STORE_NONE)
        if (!evict(store, find_oldest(store)))
            break;
    device = make(store, phy, mac, time);
    if (device && ret_new)
        *ret_new = true;
    if (device)
        device_news_add(store, device, STORE_NEWS_DEVICE, 0);
    return device;
}

void device_touch(struct store *store, struct device *device, uint64_t server_now)
{
    if (device->mod_time < server_now) {
        device->mod_time = server_now;
        store_columns(store, device->id)->mod_time[device->id % STORE_CHUNK_DEVICES] =
            (uint32_t)server_now;
    }
}

void device_prefetch(const struct device *device)
{
    prefetch_to_write(device, DEVICE_HOT_BYTES);
}

void device_prefetch_parts(const struct device *device)
{
    history_prefetch(&device->history);
    if (device->frequency_room)
        prefetch_to_write(device->frequencies,
                          device->frequency_count * sizeof *device->frequencies);
}

static void hear_seenby_signal(struct seenby *seenby, int16_t signal)
{
    if (!signal || signal < INT8_MIN || signal > INT8_MAX)
        return;
    seenby->last_signal = (int8_t)signal;
    if (!seenby->minimum_signal || signal < seenby->minimum_signal)
        seenby->minimum_signal = (int8_t)signal;
    if (!seenby->maximum_signal || signal > seenby->maximum_signal)
        seenby->maximum_signal = (int8_t)signal;
}

static void hear_seenby(struct store *store, struct device *device,
                        const struct device_packet *packet)
{
    struct seenby **link = &device->seenby;
    while (*link && (*link)->source != packet->source)
        link = &(*link)->next;
    if (!*link) {
        *link =
            link == &device->seenby ? &device->first_seenby : pool_new(&store->pool, sizeof **link);
        if (!*link)
            return;
        (*link)->source = packet->source;
        (*link)->first_time = packet->time;
        store_columns(store, device->id)->sources[device->id % STORE_CHUNK_DEVICES] |=
            store_source_bit(packet->source);
    }
    (*link)->packets++;
    if (packet->time > (*link)->last_time)
        (*link)->last_time = packet->time;
    if (packet->has_radio && packet->signal_kind == SIGNAL_DBM)
        hear_seenby_signal(*link, packet->signal);
}

/* Room for one frequency more: the first lies in the device, then there are 4, 8 and so on. False
 * when there are too many, or without memory. */
static bool make_frequency_room(struct store *store, struct device *device)
{
    uint8_t room = device->frequency_room, grown = room ? (uint8_t)(room * 2) : FIRST_FREQUENCIES;
    if (!device->frequency_count)
        device->frequencies = &device->first_frequency;
    if (!device->frequency_count || device->frequency_count < room)
        return true;
    struct frequency_count *frequencies =
        room < FREQUENCIES_MAX ? pool_new(&store->pool, grown * sizeof *frequencies) : NULL;
    if (!frequencies)
        return false;
    memcpy(frequencies, device->frequencies, device->frequency_count * sizeof *frequencies);
    if (room)
        pool_free(&store->pool, device->frequencies, room * sizeof *frequencies);
    device->frequencies = frequencies;
    device->frequency_room = grown;
    return true;
}

static void hear_frequency(struct store *store, struct device *device,
                           const struct device_packet *packet)
{
    uint8_t at = device->frequency_at;
    device->frequency = packet->frequency;
    if (device->frequency_count && device->frequencies[at].frequency == packet->frequency) {
        device->frequencies[at].packets++;
        return;
    }
    at = 0;
    while (at < device->frequency_count && device->frequencies[at].frequency != packet->frequency)
        at++;
    if (at == device->frequency_count) {
        if (!make_frequency_room(store, device))
            return;
        device->frequencies[at].frequency = packet->frequency;
        device->frequency_count++;
    }
    device->frequency_at = at;
    device->frequencies[at].packets++;
}

static void hear_history(struct store *store, struct device *device,
                         const struct device_packet *packet)
{
    bool has_signal = packet->has_radio && packet->signal_kind == SIGNAL_DBM;
    struct history_event event = {
        .time = (uint32_t)packet->time,
        .bytes = packet->data_bytes,
        .packets = 1,
        .sent = packet->sent,
        .received = packet->received,
        .signal = has_signal && packet->signal > -128 && packet->signal < 127
                      ? (int8_t)packet->signal
                      : 0,
    };
    history_add(&device->history, &store->pool, &event);
}

static void hear_time(struct store *store, struct device *device,
                      const struct device_packet *packet)
{
    device->source = packet->source;
    if (packet->time > device->last_time || !device->packets) {
        device->last_time = packet->time;
        store_columns(store, device->id)->last_time[device->id % STORE_CHUNK_DEVICES] =
            (uint32_t)packet->time;
        if ((uint32_t)packet->time - device->ordered_time >= ORDER_SECONDS)
            reorder(store, device);
    } else if (packet->time < device->first_time) {
        device->first_time = packet->time;
    }
    device_touch(store, device, packet->server_now);
}

/* How, where and by which source it was heard. */
static void hear_radio(struct store *store, struct device *device,
                       const struct device_packet *packet)
{
    if (packet->has_radio)
        signal_add(&device->signal, packet->signal_kind, packet->signal, packet->noise,
                   packet->rate, packet->encodings, packet->carriers);
    if (packet->frequency)
        hear_frequency(store, device, packet);
    hear_seenby(store, device, packet);
    if (packet->location)
        device_location_hear(store, device, packet);
}

void device_hear(struct store *store, struct device *device, const struct device_packet *packet)
{
    if (device->flags & DEVICE_EVICTED)
        return; /* by a newer device of the very same packet */
    if (watch_concerns(&store->watch, device))
        watch_hear(store, device, packet);
    hear_time(store, device, packet);
    device->packets++;
    device->packets_sent += packet->sent;
    device->packets_received += packet->received;
    device->packets_llc += packet->kind == DEVICE_PACKET_LLC;
    device->packets_data += packet->kind == DEVICE_PACKET_DATA;
    device->packets_crypt += packet->encrypted;
    device->packets_error += packet->error;
    device->data_bytes += packet->data_bytes;
    if (store->limits.histories)
        hear_history(store, device, packet);
    hear_radio(store, device, packet);
}

void device_hear_again(struct store *store, struct device *device,
                       const struct device_packet *packet)
{
    device_touch(store, device, packet->server_now);
    hear_radio(store, device, packet);
}

void device_set_type(struct store *store, struct device *device, uint32_t type_set)
{
    store_columns(store, device->id)->type[device->id % STORE_CHUNK_DEVICES] = (uint16_t)type_set;
}

uint32_t device_expire(struct store *store, uint64_t server_now)
{
    uint32_t dropped = 0, young = 0, id = store->oldest;
    while (store->limits.timeout && id != STORE_NONE && young < YOUNG_MAX) {
        struct device *device = store_device(store, id);
        uint64_t clock = store->source_clocks[device->source];
        uint64_t now = clock ? clock : server_now;
        id = order_of(store, id)->newer;
        if (device->last_time + store->limits.timeout >= now) {
            young++;
            continue;
        }
        if (store->limits.timeout_packets && device->packets >= store->limits.timeout_packets)
            continue;
        dropped += evict(store, device);
    }
    return dropped;
}
