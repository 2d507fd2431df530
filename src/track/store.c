/* The store's life, limits, locks, streams. See store.h. */
#include "track/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "track/channel.h"
#include "track/device.h"
#include "track/device_note.h"
#include "track/index.h"
#include "track/ssid_group.h"
#include "util/hash.h"

enum {
    DEVICE_BYTES_GUESS = 2048,
    LEAST_DEVICES = 10000,
};

struct store *store_new(const struct store_limits *limits)
{
    struct store *store = calloc(1, sizeof *store);
    pthread_rwlockattr_t attributes;
    if (!store)
        return NULL;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&store->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    store->limits = *limits;
    store->clocks.window_us = limits->bss_window;
    store->oldest = store->newest = STORE_NONE;
    store->epoch = 1;
    intern_init(&store->strings, &store->pool);
    return store;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    for (uint32_t id = 0; id < store->slot_count; id++) {
        struct device *device = store_device(store, id);
        if (device && device->history.capacity)
            history_done(&device->history, &store->pool);
    }
    watch_done(&store->watch);
    dot11_clocks_done(&store->clocks);
    channel_done(store);
    index_done(store);
    device_note_done(store);
    ssid_group_done(store);
    bluetooth_name_done(&store->bluetooth_names);
    for (uint32_t i = 0; i < store->slab_count; i++)
        free(store->slabs[i]);
    free(store->slabs);
    free(store->free_ids);
    free(store->graveyard_ids);
    free(store->graveyard_epochs);
    intern_done(&store->strings);
    pool_done(&store->pool);
    pthread_rwlock_destroy(&store->lock);
    free(store);
}

/* Half of the machine's memory at the mean size of a device. */
static uint32_t devices_for_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t bytes = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 1u << 30;
    uint64_t devices = bytes / 2 / DEVICE_BYTES_GUESS;
    if (devices < LEAST_DEVICES)
        return LEAST_DEVICES;
    return devices > STORE_DEVICES_MAX - 1 ? STORE_DEVICES_MAX - 1 : (uint32_t)devices;
}

void store_limits_from(const struct options *options, struct store_limits *ret_limits)
{
    uint32_t devices = (uint32_t)options_integer(options, "tracker_max_devices");
    *ret_limits = (struct store_limits){
        .devices = devices ? devices : devices_for_memory(),
        .timeout = (uint32_t)options_integer(options, "tracker_device_timeout"),
        .timeout_packets = (uint32_t)options_integer(options, "tracker_device_packets"),
        .ssids = (uint16_t)options_integer(options, "dot11_max_ssids"),
        .probes = (uint16_t)options_integer(options, "dot11_max_probes"),
        .links = (uint16_t)options_integer(options, "dot11_max_client_aps"),
        .clients = (uint16_t)options_integer(options, "dot11_max_clients"),
        .tracked_ssids = options_boolean(options, "dot11_view_ssids")
                             ? (uint32_t)options_integer(options, "dot11_max_tracked_ssids")
                             : 0,
        .services = (uint8_t)options_integer(options, "btle_max_services"),
        .names = (uint8_t)options_integer(options, "btle_max_names"),
        .ignore_random = options_boolean(options, "btle_ignore_random"),
        .histories = options_boolean(options, "track_device_rrds"),
        .key_messages = options_boolean(options, "dot11_keep_eapol"),
        .clouds = options_boolean(options, "keep_location_cloud_history"),
        .bss_window = options_boolean(options, "dot11_link_bssts")
                          ? (uint64_t)options_integer(options, "dot11_related_bss_window")
                          : 0,
        .location_signal = (int8_t)options_integer(options, "device_location_signal_threshold"),
    };
}

void store_lock_write(struct store *store)
{
    pthread_rwlock_wrlock(&store->lock);
}

void store_lock_read(struct store *store)
{
    pthread_rwlock_rdlock(&store->lock);
}

void store_unlock(struct store *store)
{
    pthread_rwlock_unlock(&store->lock);
}

uint8_t store_add_phy(struct store *store, const char *name,
                      void (*free_part)(struct store *store, struct device *device))
{
    uint32_t number = store->phy_count++;
    store->phys[number] =
        (struct phy_record){.name = name, .number = number, .key = hash_weak(name)};
    store->phy_free[number] = free_part;
    return (uint8_t)number;
}

void store_view(const struct store *store, uint64_t now, struct view *ret_view,
                struct view_tables *ret_tables)
{
    *ret_tables = (struct view_tables){
        .sources = store->sources,
        .source_clocks = store->source_clocks,
        .phys = store->phys,
        .source_count = STORE_SOURCES,
        .phy_count = store->phy_count,
        .clocks = &store->clocks,
    };
    ret_view->server_now = now;
    ret_view->clock = store->clock;
    ret_view->tables = ret_tables;
    ret_view->brief = false;
    ret_view->scratch_used = 0;
}

int store_stream_begin(struct store *store)
{
    for (int i = 0; i < STORE_STREAMS; i++) {
        uint64_t unused = 0;
        if (__atomic_compare_exchange_n(&store->streams[i].epoch, &unused, store->epoch, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            __atomic_store_n(&store->streams[i].cut, false, __ATOMIC_RELEASE);
            return i;
        }
    }
    return -EAGAIN;
}

void store_stream_end(struct store *store, int stream)
{
    if (stream >= 0)
        __atomic_store_n(&store->streams[stream].epoch, 0, __ATOMIC_RELEASE);
}

bool store_stream_cut(const struct store *store, int stream)
{
    return stream < 0 || __atomic_load_n(&store->streams[stream].cut, __ATOMIC_ACQUIRE);
}

// clang-format off
const struct option store_options[] = {
    {.key = "btle_ignore_random", .type = OPTION_BOOLEAN, .fallback = "false", .description = "Keep no Bluetooth low energy devices with random addresses; their packets are counted only."},
    {.key = "btle_max_names", .type = OPTION_INTEGER, .fallback = "8", .minimum = 1, .maximum = 255, .description = "Most names kept of one Bluetooth device; the longest unheard go first."},
    {.key = "btle_max_services", .type = OPTION_INTEGER, .fallback = "32", .minimum = 1, .maximum = 255, .description = "Most services kept of one Bluetooth device; the longest known go first."},
    {.key = "device_location_signal_threshold", .type = OPTION_INTEGER, .fallback = "0", .minimum = -127, .maximum = 0, .description = "Weakest signal in dBm with which a packet tells where its device is; 0 takes every packet, any other number leaves out those without a signal, too."},
    {.key = "dot11_keep_eapol", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Keep the key messages of handshakes, and a beacon of each access point that encrypts."},
    {.key = "dot11_link_bssts", .type = OPTION_BOOLEAN, .fallback = "false", .description = "Relate access points whose timers began at about the same time, as those of one piece of hardware do: dot11_bssts_similar."},
    {.key = "dot11_max_client_aps", .type = OPTION_INTEGER, .fallback = "64", .minimum = 1, .maximum = 4096, .description = "Most access points kept of one client; the longest unheard go first."},
    {.key = "dot11_max_clients", .type = OPTION_INTEGER, .fallback = "2048", .minimum = 1, .maximum = 65000, .description = "Most clients kept of one access point; quiet ones go first."},
    {.key = "dot11_max_probes", .type = OPTION_INTEGER, .fallback = "64", .minimum = 1, .maximum = 4096, .description = "Most probed networks kept of one device; the longest unheard go first."},
    {.key = "dot11_max_ssids", .type = OPTION_INTEGER, .fallback = "64", .minimum = 1, .maximum = 4096, .description = "Most networks kept of one device, beaconed and answered each; the longest unheard go first."},
    {.key = "dot11_max_tracked_ssids", .type = OPTION_INTEGER, .fallback = "65536", .minimum = 1, .maximum = 1 << 20, .description = "Most SSIDs kept in the view of SSIDs; the longest unheard go first."},
    {.key = "dot11_related_bss_window", .type = OPTION_INTEGER, .fallback = "10000000", .minimum = 1, .maximum = 1000000000000, .description = "Microseconds by which such timers may differ."},
    {.key = "dot11_view_accesspoints", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Offer a view of the access points of 802.11."},
    {.key = "dot11_view_ssids", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Keep a view of the SSIDs that devices advertise, answer with and probe for."},
    {.key = "keep_location_cloud_history", .type = OPTION_BOOLEAN, .fallback = "false", .description = "Keep the places where each device was heard, one a second at most; up to 12 KB a device."},
    {.key = "track_device_phy_views", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Offer a view of the devices of each phy."},
    {.key = "track_device_rrds", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Keep each device's history of packets, bytes and signal."},
    {.key = "track_device_seenby_views", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Offer a view of the devices that each source heard."},
    {.key = "tracker_device_packets", .type = OPTION_INTEGER, .fallback = "0", .minimum = 0, .maximum = 1000000000, .description = "With a timeout: drop only devices with fewer packets than this; 0 drops all."},
    {.key = "tracker_device_timeout", .type = OPTION_INTEGER, .fallback = "0", .minimum = 0, .maximum = 1000000000, .description = "Seconds without a packet after which a device is dropped; 0 keeps it."},
    {.key = "tracker_max_devices", .type = OPTION_INTEGER, .fallback = "0", .minimum = 0, .maximum = STORE_DEVICES_MAX - 1, .description = "Most devices kept at once, the longest unheard go first; 0 sizes this to half of the machine's memory."},
};
const size_t store_options_count = sizeof store_options / sizeof *store_options;
