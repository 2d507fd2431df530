/* Channel and frequency counters. See channel.h. */
#include "track/channel.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS_MAX = 1024, /* of each kind; frequencies come off the air */
    ACTIVE_SECONDS = 30,
};

/* How a record stands to a frequency, or to a name: less than 0, 0, more. */
typedef int (*order_function)(const struct channel_record *record, uint32_t frequency,
                              const char *name);

/* The record in a sorted array, NULL when there is none, and its place there. */
static struct channel_record *find(struct channel_record **records, uint32_t count,
                                   uint32_t frequency, const char *name, order_function compare,
                                   uint32_t *ret_place)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (compare(records[middle], frequency, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_place = low;
    return low < count && !compare(records[low], frequency, name) ? records[low] : NULL;
}

/* The same, made when missing; NULL at the limit. */
static struct channel_record *get(struct channel_record ***records, uint32_t *count,
                                  uint32_t frequency, const char *name, order_function compare)
{
    uint32_t place;
    struct channel_record *known = find(*records, *count, frequency, name, compare, &place);
    if (known || *count >= CHANNELS_MAX)
        return known;
    struct channel_record **moved = realloc(*records, (*count + 1) * sizeof **records);
    struct channel_record *record = calloc(1, sizeof *record);
    if (moved)
        *records = moved;
    if (!moved || !record) {
        free(record);
        return NULL;
    }
    memmove(moved + place + 1, moved + place, (*count - place) * sizeof *moved);
    moved[place] = record;
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

static void count_device(struct store *store, const struct device *device)
{
    uint32_t place;
    struct channel_record *records[] = {
        find(store->frequencies, store->frequency_count, device->frequency, "", by_frequency,
             &place),
        device->flags & DEVICE_OWN_CHANNELS ? NULL
                                            : find(store->channels, store->channel_count, 0,
                                                   string_text(device->channel), by_name, &place),
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (records[i])
            records[i]->counted++;
}

static void end_count(struct channel_record **records, uint32_t count, uint64_t time)
{
    for (uint32_t i = 0; i < count; i++) {
        rrd_ring_add(&records[i]->devices, RRD_PEAK, time, records[i]->counted);
        records[i]->counted = 0;
    }
}

bool channel_count_devices(struct store *store, uint32_t *slab)
{
    if (*slab < store->slab_count) {
        const struct store_slab *counted = store->slabs[(*slab)++];
        for (uint32_t i = 0; i < STORE_CHUNK_DEVICES; i++)
            if (counted->columns.phy[i] != STORE_PHYS &&
                counted->columns.last_time[i] + (uint64_t)ACTIVE_SECONDS >= store->clock)
                count_device(store, counted->devices[i]);
        return true;
    }
    end_count(store->frequencies, store->frequency_count, store->clock);
    end_count(store->channels, store->channel_count, store->clock);
    *slab = 0;
    return false;
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
