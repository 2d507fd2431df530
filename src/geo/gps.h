/* Positions: the receivers defined by gps= lines, and where we are or were. Several at once: of
 * those with a fresh fix the best one counts, 3D over 2D, then the more accurate (whole metres),
 * then the one of lower priority number; a fixed place stands in while nobody has a fix. Connected
 * receivers are served by one thread, which opens nothing itself. Thread-safe. */
#ifndef NORN_GEO_GPS_H
#define NORN_GEO_GPS_H

#include "geo/fix.h"
#include "schema/gps_fields.h"
#include "schema/trail.h"
#include "util/buffer.h"
#include "util/options.h"

enum {
    GPS_MAX = 64,
    GPS_SOURCES = 64,               /* data sources that may have a receiver of their own */
    GPS_CONNECTED_PRIORITY = -1000, /* of kinds that are connected, where nothing is said */
};

/* How connected receivers reach the world. Callbacks come from the thread, without any lock; all
 * may be NULL where no receiver is to be connected. */
struct gps_config {
    const char *server_name; /* UUIDs rest on it */
    void *context;
    /* Begin to open a serial line or a connection, without waiting: a descriptor that becomes
     * readable when finish() is to be called, or -errno. */
    int (*open_serial)(void *context, const char *device, unsigned baud);
    int (*connect)(void *context, const char *host, unsigned port);
    /* Ends it: what was opened, non-blocking, or -errno. Closes `pending`. */
    int (*finish)(void *context, int pending);
    /* A receiver was connected or lost, with a sentence about it; never more than one of each a
     * minute. */
    void (*on_event)(void *context, const char *name, bool is_connected, const char *text);
};

struct gps;

/* The texts of the config are copied. NULL without memory. */
struct gps *gps_new(const struct gps_config *config);
void gps_free(struct gps *gps);

/* Defines a receiver: "web:name=webgps", "gpsd:host=localhost", "serial:device=/dev/ttyUSB0". 0 and
 * ret_uuid (may be NULL); -EINVAL, -EEXIST (a kind of which there can be only one), -ENOSPC,
 * -ENOMEM, with a plain sentence in ret_why. */
int gps_add(struct gps *gps, const char *definition, struct uuid *ret_uuid, struct buffer *ret_why);

/* Takes a receiver away. 0 or -ENOENT. */
int gps_remove(struct gps *gps, struct uuid uuid);

/* A position posted for the meta receiver of that name, or for the web receiver (NULL), at time
 * `now_ns`. 0; -ENOENT without such a receiver; -EINVAL out of range. */
int gps_post(struct gps *gps, const char *meta, const struct fix *fix, uint64_t now_ns);

/* Whether there is the receiver that gps_post() speaks to. */
bool gps_takes(struct gps *gps, const char *meta);

/* The best fresh fix as of now, as its receiver tells it. False without; ret_gps (may be NULL)
 * tells whose it is. */
bool gps_locate(struct gps *gps, uint64_t now_ns, struct location *ret_location,
                struct uuid *ret_gps);

/* Gives a data source a receiver of its own, by name; a meta receiver is made when there is none of
 * that name. NULL or "": it has none from now on. Errors as gps_add(). */
int gps_bind(struct gps *gps, uint16_t source, const char *name, struct buffer *ret_why);

/* Whether the source has a receiver of its own. */
bool gps_is_bound(struct gps *gps, uint16_t source);

/* Where a source was from `first_ns` to `last_ns`: by its own receiver, which alone counts where it
 * has one, else by the best one of that time. Only fixes that can be trusted. False without any. */
bool gps_trail(struct gps *gps, uint16_t source, uint64_t first_ns, uint64_t last_ns,
               struct trail *ret_trail);

/* Copies up to GPS_MAX records, ordered by priority; how many. */
size_t gps_list(struct gps *gps, uint64_t now, struct gps_record ret_records[GPS_MAX]);

extern const struct option gps_options[];
extern const size_t gps_options_count;

#endif
