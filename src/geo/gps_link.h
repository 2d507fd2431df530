/* The connection of one receiver: opened, watched, opened again with growing pauses when it is
 * lost, and quietly: each outage is told once, and not more than once a minute. Input: time and
 * readiness of its descriptor. Output: lines for the receiver. Belongs to one thread. */
#ifndef NORN_GEO_GPS_LINK_H
#define NORN_GEO_GPS_LINK_H

#include <pthread.h>

#include "geo/gps.h"
#include "geo/lines.h"
#include "geo/receiver.h"

enum gps_link_state {
    GPS_LINK_WAITING, /* for the next try */
    GPS_LINK_OPENING,
    GPS_LINK_OPEN,
    GPS_LINK_ENDED, /* lost, and not to be connected again */
};

/* What was told of it last. */
enum gps_link_told {
    GPS_LINK_TOLD_NOTHING,
    GPS_LINK_TOLD_FOUND,
    GPS_LINK_TOLD_LOST,
};

struct gps_link {
    struct receiver *receiver; /* its record and trail are guarded by `lock` */
    const struct gps_config *config;
    pthread_mutex_t *lock;
    enum gps_link_state state;
    enum gps_link_told told;
    int descriptor;            /* to be polled for input from rest_ms on; -1: none */
    uint64_t due_ms;           /* when gps_link_tick() is to be called */
    uint64_t rest_ms;          /* it talks too much and is not listened to before */
    uint64_t open_ms, lost_ms; /* when it was opened; when its loss was told, 0 never */
    uint64_t window_ms;        /* beginning of the second in which window_bytes were read */
    size_t window_bytes;
    unsigned pause_ms;
    bool is_asked, is_lively; /* asked whether it lives; has made sense */
    struct lines lines;
};

/* A link that is to be opened at once; NULL without memory. */
struct gps_link *gps_link_new(struct receiver *receiver, const struct gps_config *config,
                              pthread_mutex_t *lock);

/* Closes and frees; the receiver stays. */
void gps_link_free(struct gps_link *link);

/* What is due at `now_ms` (of a clock that only goes on): a try, a question, giving up. */
void gps_link_tick(struct gps_link *link, uint64_t now_ms);

/* The descriptor is readable, at `now_ms`; `wall_ns` is the time of day. */
void gps_link_read(struct gps_link *link, uint64_t now_ms, uint64_t wall_ns);

#endif
