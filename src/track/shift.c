/* Moves the times of devices and channels. See shift.h. Places keep their time: it came from a
 * receiver of positions. Frames of handshakes keep theirs: they go into captures as heard. */
#include "track/shift.h"

#include "util/timeline.h"

static void move(uint64_t *time, int64_t step)
{
    *time = timeline_move(*time, step);
}

static void move32(uint32_t *time, int64_t step)
{
    *time = (uint32_t)timeline_move(*time, step);
}

static void shift_ssids(struct dot11_ssid *ssid, int64_t step)
{
    for (; ssid; ssid = ssid->next) {
        move(&ssid->first_time, step);
        move(&ssid->last_time, step);
        move32(&ssid->beacon_clock, step);
    }
}

/* A link is in the lists of both ends: it moves with the client. */
static void shift_dot11(struct dot11_device *dot11, int64_t step)
{
    shift_ssids(dot11->advertised, step);
    shift_ssids(dot11->responded, step);
    for (struct dot11_probe *probe = dot11->probed; probe; probe = probe->next) {
        move(&probe->first_time, step);
        move(&probe->last_time, step);
    }
    for (struct dot11_link *link = dot11->links; link; link = link->next_of_client) {
        move(&link->first_time, step);
        move(&link->last_time, step);
    }
    move(&dot11->last_beacon_time, step);
    move(&dot11->disconnects_last, step);
    move(&dot11->wps_m3_last, step);
}

static void shift_device(struct store *store, struct device *device, int64_t step)
{
    move(&device->first_time, step);
    move(&device->last_time, step);
    move32(&device->ordered_time, step);
    store_columns(store, device->id)->last_time[device->id % STORE_CHUNK_DEVICES] =
        (uint32_t)device->last_time;
    history_shift(&device->history, step);
    if (device_dot11(device))
        shift_dot11(device->dot11, step);
}

static void shift_seenby(const struct store *store, struct device *device, int64_t step)
{
    for (struct seenby *seenby = device->seenby; seenby; seenby = seenby->next) {
        if (!shift_is_live(store, seenby->source))
            continue;
        move(&seenby->first_time, step);
        move(&seenby->last_time, step);
    }
}

/* Marks only ever grow. */
static void leap_over(struct store *store, struct device *device, uint64_t leap)
{
    if (!device->mod_time)
        return;
    device->mod_time += leap;
    store_columns(store, device->id)->mod_time[device->id % STORE_CHUNK_DEVICES] =
        (uint32_t)device->mod_time;
}

static void shift_channels(struct channel_record **records, uint32_t count, int64_t step)
{
    for (uint32_t i = 0; i < count; i++) {
        rrd_ring_shift(&records[i]->packets, step);
        rrd_ring_shift(&records[i]->data, step);
        rrd_ring_shift(&records[i]->devices, step);
    }
}

/* Whether the newest clock of all is the wall clock: what no one source owns goes by it. */
static bool is_clock_live(const struct store *store)
{
    for (int source = 0; source < STORE_SOURCES; source++)
        if (store->source_clocks[source] && store->source_clocks[source] == store->clock)
            return false;
    return true;
}

/* Those that are listed: their marks only ever grow, as those of devices. */
static void shift_ssid_groups(struct store *store, int64_t step, uint64_t leap)
{
    struct store_ssids *ssids = &store->ssids;
    bool moves = is_clock_live(store);
    for (uint32_t id = 0; ssids->groups && id < ssids->capacity; id++) {
        if (!ssids->groups[id] || !ssids->mod_times[id])
            continue;
        ssids->mod_times[id] += (uint32_t)leap;
        if (!moves)
            continue;
        move(&ssids->groups[id]->first_time, step);
        move(&ssids->groups[id]->last_time, step);
        move32(&ssids->groups[id]->ordered_time, step);
    }
}

void shift_store(struct store *store, int64_t step, uint64_t leap)
{
    for (uint32_t id = 0; id < store->slot_count; id++) {
        struct device *device = store_device(store, id);
        if (!device)
            continue;
        if (shift_is_live(store, device->source))
            shift_device(store, device, step);
        shift_seenby(store, device, step);
        leap_over(store, device, leap);
    }
    shift_ssid_groups(store, step, leap);
    if (is_clock_live(store)) {
        move(&store->clock, step);
        rrd_ring_shift(&store->packets_ring, step);
        shift_channels(store->frequencies, store->frequency_count, step);
        shift_channels(store->channels, store->channel_count, step);
    }
    store->list_changed = store->server_now;
}
