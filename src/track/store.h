/* The store: every device, in slabs with a dense id, with indexes by key, columns for queries, an
 * order of last hearing, and the counters that go with them. The engine writes, under the write
 * lock (and a command that names a device, for that moment); readers take the read lock for a
 * bounded chunk at a time. Time is a parameter. */
#ifndef NORN_TRACK_STORE_H
#define NORN_TRACK_STORE_H

#include <pthread.h>

#include "schema/channel_fields.h"
#include "schema/datasource_fields.h"
#include "schema/device_fields.h"
#include "schema/dot11_clocks.h"
#include "schema/dot11_fields.h"
#include "schema/phy_fields.h"
#include "track/bluetooth_name.h"
#include "schema/ssid_group_fields.h"
#include "track/watch.h"
#include "util/options.h"

enum {
    STORE_PHYS = 16,
    STORE_SOURCES = 64,
    STORE_CHUNK_DEVICES = 1024, /* slots in one slab of columns */
    STORE_DEVICES_MAX = 1 << 22,
    STORE_STREAMS = 4096, /* replies under way at once */
};

enum { STORE_NONE = 0xffffffff }; /* no device */

/* A device's neighbours in the order of last hearing, by id. */
struct store_order {
    uint32_t older, newer;
};

/* What is looked at of many devices, apart from the devices themselves; index is the device's id.
 */
struct store_columns {
    struct store_order order[STORE_CHUNK_DEVICES];
    uint32_t mod_time[STORE_CHUNK_DEVICES];  /* server clock, seconds */
    uint32_t last_time[STORE_CHUNK_DEVICES]; /* packet time, seconds */
    uint8_t phy[STORE_CHUNK_DEVICES];        /* STORE_PHYS: the slot is empty */
    uint16_t type[STORE_CHUNK_DEVICES];      /* dot11 type set */
    uint64_t sources[STORE_CHUNK_DEVICES];   /* that heard it: store_source_bit() */
};

struct store_slab {
    struct device *devices[STORE_CHUNK_DEVICES];
    struct store_columns columns;
};

/* A slot of the index. The hash stands beside the id, so that only a true match is looked at. */
struct store_slot {
    uint32_t id;   /* id + 1; 0 empty */
    uint32_t hash; /* low half of the key's hash */
};

/* Open addressing from (phy, MAC) to id; two tables while it grows, so that no packet waits for
 * a whole rehash. */
struct store_table {
    struct store_slot *slots;
    uint32_t capacity, count;
};

struct store_index {
    struct store_table now, old;
    uint32_t moved; /* slots of `old` already moved */
};

/* What operators wrote about devices: see device_note.h. */
struct store_notes {
    struct device_note **list; /* STORE_NOTES of them, in the order they came */
    uint32_t *slots;           /* by key: place in the list plus one */
    uint32_t count;
    uint64_t changes; /* made since the start */
    size_t bytes;     /* that their texts take, with what stands around them */
};

/* The SSIDs that were heard: see ssid_group.h. All tables have `capacity` places. */
struct store_ssids {
    struct ssid_group **groups; /* by id; NULL: a free id */
    uint64_t *hashes;           /* of each id, as shown */
    uint32_t *mod_times;        /* server clock, seconds; 0: not listed */
    uint32_t *free_ids;
    uint32_t *slots; /* by text: id plus one */
    uint32_t slot_mask, capacity;
    uint32_t slot_count, free_count;   /* ids ever used, and of them free */
    uint32_t count;                    /* listed */
    uint32_t oldest, newest;           /* order of last hearing */
    uint32_t dead_oldest, dead_newest; /* evicted, kept for streams */
};

/* What may become known of a device: see device_news.h. */
enum store_news_kind {
    STORE_NEWS_DEVICE,     /* it was not known before */
    STORE_NEWS_ADVERTISED, /* a network that it beacons, or the name of one */
    STORE_NEWS_RESPONSE,   /* ... that it answers for */
    STORE_NEWS_PROBED,     /* ... that it asks for */
    STORE_NEWS_CLIENT,     /* an access point that it is a client of */
    STORE_NEWS_HANDSHAKE,  /* a key message of a client of this access point */
};

enum { STORE_NEWS = 32768 };

struct store_news_item {
    uint64_t detail;
    struct macaddr mac;
    uint8_t phy, kind;
};

struct store_news {
    unsigned wanted; /* set of kinds; atomic */
    uint64_t count;  /* ever added */
    struct store_news_item ring[STORE_NEWS];
};

/* A reply that may name devices evicted since it began. */
struct store_stream {
    uint64_t epoch; /* of its beginning; 0: free */
    bool cut;       /* the store can keep evicted devices for it no longer */
};

struct store_limits {
    uint32_t devices;         /* tracker_max_devices */
    uint32_t timeout;         /* tracker_device_timeout, seconds; 0: never */
    uint32_t timeout_packets; /* tracker_device_packets: only devices with fewer; 0: all */
    uint16_t ssids, probes, links, clients; /* per device */
    uint32_t tracked_ssids;                 /* of all devices; 0: they are not listed */
    uint8_t services, names;                /* of Bluetooth, per device */
    bool ignore_random;                     /* btle_ignore_random */
    bool histories;                         /* track_device_rrds */
    bool key_messages;                      /* dot11_keep_eapol */
    bool clouds;                            /* keep_location_cloud_history */
    uint64_t bss_window;                    /* dot11_related_bss_window, us; 0: not linked */
    int8_t location_signal; /* device_location_signal_threshold, dBm; 0: any signal will do */
};

struct store {
    pthread_rwlock_t lock;
    struct pool pool;
    struct intern strings;
    struct store_limits limits;
    struct bluetooth_names bluetooth_names; /* set before the threads start */

    struct store_slab **slabs;
    uint32_t slab_count, slot_count, device_count;
    uint32_t *free_ids;
    uint32_t free_count, free_capacity;
    uint32_t oldest, newest; /* order of last hearing */
    struct store_index index;

    struct store_notes notes;
    struct store_ssids ssids;
    struct phy_record phys[STORE_PHYS];
    void (*phy_free[STORE_PHYS])(struct store *store, struct device *device);
    uint32_t phy_count;
    const struct datasource_record *sources[STORE_SOURCES];
    uint64_t source_clocks[STORE_SOURCES];
    uint64_t clock;      /* newest of all, seconds */
    uint64_t server_now; /* second that changes are marked with: never goes back (timeline.h) */

    struct channel_record **frequencies, **channels;
    uint32_t frequency_count, channel_count;
    struct dot11_clocks clocks;
    struct rrd_ring packets_ring;
    struct watch watch;
    struct store_news news;

    uint64_t epoch;                 /* grows with each eviction */
    uint64_t evicted, list_changed; /* devices dropped; mark of the newest drop or step */
    uint64_t began;                 /* second from which on the list is this one */
    struct store_stream streams[STORE_STREAMS];
    uint32_t *graveyard_ids; /* evicted, kept for streams: oldest first */
    uint64_t *graveyard_epochs;
    uint32_t graveyard_count, graveyard_capacity;
    uint64_t packets, packets_error, packets_unsupported, packets_repeated;
};

/* An empty store. NULL without memory. */
struct store *store_new(const struct store_limits *limits);
void store_free(struct store *store);

/* Reads the limits from the options; a device limit of 0 is sized to the machine's memory. */
void store_limits_from(const struct options *options, struct store_limits *ret_limits);

void store_lock_write(struct store *store);
void store_lock_read(struct store *store);
void store_unlock(struct store *store);

/* Adds a phy; its number. Its name must outlive the store. `free_part` (may be NULL) frees what the
 * phy hangs off a device that goes. */
uint8_t store_add_phy(struct store *store, const char *name,
                      void (*free_part)(struct store *store, struct device *device));

/* Makes a view of the store for one rendering at server time `now` (seconds). */
void store_view(const struct store *store, uint64_t now, struct view *ret_view,
                struct view_tables *ret_tables);

/* The device of an id, NULL for an empty slot (evicted ones are kept while a stream may see them).
 */
static inline struct device *store_device(const struct store *store, uint32_t id)
{
    return id < store->slot_count
               ? store->slabs[id / STORE_CHUNK_DEVICES]->devices[id % STORE_CHUNK_DEVICES]
               : NULL;
}

/* Asks the processor for what store_device() reads. */
static inline void store_prefetch_device(const struct store *store, uint32_t id)
{
    if (id < store->slot_count)
        __builtin_prefetch(
            &store->slabs[id / STORE_CHUNK_DEVICES]->devices[id % STORE_CHUNK_DEVICES]);
}

static inline struct store_columns *store_columns(const struct store *store, uint32_t id)
{
    return &store->slabs[id / STORE_CHUNK_DEVICES]->columns;
}

/* The bit of a source in the columns. */
static inline uint64_t store_source_bit(uint16_t source)
{
    return 1ull << (source % STORE_SOURCES);
}

/* Announces a reply that will walk devices chunk by chunk: its number, or -EAGAIN when too many
 * are under way. Under the read lock. */
int store_stream_begin(struct store *store);
void store_stream_end(struct store *store, int stream);

/* True when the reply has to be given up, since devices it may name are gone. */
bool store_stream_cut(const struct store *store, int stream);

extern const struct option store_options[];
extern const size_t store_options_count;

#endif
