/* Channel and frequency counters. See channel.h. */
#include "track/channel.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS_MAX = 1024, /* of each kind; frequencies come off the air */
    ACTIVE_SECONDS = 30,
};

/* The record at its place in a sorted array, made there when missing; NULL at the limit. */
static struct channel_record *
get(struct channel_record ***records, uint32_t *count, uint32_t frequency, const char *name,
    int (*compare)(const struct channel_record *record, uint32_t frequency, const char *name))
{
    uint32_t low = 0, high = *count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = compare((*records)[middle], frequency, name);
        if (!order)
            return (*records)[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (*count >= CHANNELS_MAX)
        return NULL;
    struct channel_record **moved = realloc(*records, (*count + 1) * sizeof **records);
    struct channel_record *record = calloc(1, sizeof *record);
    if (moved)
        *records = moved;
    if (!moved || !record) {
        free(record);
        return NULL;
    }
    memmove(moved + low + 1, moved + low, (*count - low) * sizeof *moved);
    moved[low] = record;
    (*count)++;
    record->frequency = frequency;
    memcpy(record->name, name, strnlen(name, sizeof record->name - 1));
    return record;
}

static int by_frequency(const struct channel_record *record, uint32_t frequency, const char *name)
{
    return record->frequency < frequency ? -1 : record->frequency > frequency;
}

static int by_name(const struct channel_record *record, uint32_t frequency, const char *name)
{
    return strcmp(record->name, name);
}

struct channel_record *channel_at_frequency(struct store *store, uint32_t frequency)
{
    return frequency
               ? get(&store->frequencies, &store->frequency_count, frequency, "", by_frequency)
               : NULL;
}

struct channel_record *channel_named(struct store *store, const char *name)
{
    return *name ? get(&store->channels, &store->channel_count, 0, name, by_name) : NULL;
}

void channel_hear(struct channel_record *record, const struct device_packet *packet)
{
    if (!record)
        return;
    rrd_ring_add(&record->packets, RRD_SUM, packet->time, 1);
    if (packet->data_bytes)
        rrd_ring_add(&record->data, RRD_SUM, packet->time, packet->data_bytes);
    signal_add(&record->signal, packet->signal_kind, packet->signal, packet->noise, packet->rate,
               packet->encodings, packet->carriers);
}

/* Position of a record in its array. */
static uint32_t find(struct channel_record **records, uint32_t count, uint32_t frequency,
                     const char *name,
                     int (*compare)(const struct channel_record *, uint32_t, const char *))
{
    for (uint32_t i = 0; i < count; i++)
        if (!compare(records[i], frequency, name))
            return i;
    return CHANNELS_MAX;
}

void channel_count_devices(struct store *store)
{
    uint32_t on_frequency[CHANNELS_MAX + 1] = {0}, on_channel[CHANNELS_MAX + 1] = {0};
    for (uint32_t id = store->newest; id != STORE_NONE;) {
        const struct device *device = store_device(store, id);
        if (device->last_time + ACTIVE_SECONDS < store->clock)
            break;
        on_frequency[find(store->frequencies, store->frequency_count, device->frequency, "",
                          by_frequency)]++;
        if (!(device->flags & DEVICE_OWN_CHANNELS))
            on_channel[find(store->channels, store->channel_count, 0, string_text(device->channel),
                            by_name)]++;
        id = device->older;
    }
    for (uint32_t i = 0; i < store->frequency_count; i++)
        rrd_ring_add(&store->frequencies[i]->devices, RRD_PEAK, store->clock, on_frequency[i]);
    for (uint32_t i = 0; i < store->channel_count; i++)
        rrd_ring_add(&store->channels[i]->devices, RRD_PEAK, store->clock, on_channel[i]);
}

void channel_done(struct store *store)
{
    for (uint32_t i = 0; i < store->frequency_count; i++)
        free(store->frequencies[i]);
    for (uint32_t i = 0; i < store->channel_count; i++)
        free(store->channels[i]);
    free(store->frequencies);
    free(store->channels);
}
