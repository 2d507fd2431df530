/* One receiver of positions: what it said last, and its trail of fixes that can be trusted. Made
 * from a definition; fed with fixes; asked where it is. Not thread-safe: gps.c holds a lock. */
#ifndef NORN_GEO_RECEIVER_H
#define NORN_GEO_RECEIVER_H

#include "geo/gps_definition.h"
#include "schema/trail.h"

struct receiver {
    struct gps_record record;
    struct gps_definition definition;
    union gps_parser parser;
    struct trail *trail; /* NULL before the first fix */
    struct fix_filter filter;
    struct location doubtful; /* the filter's */
    bool trusts_clock;        /* its own clock goes with this machine's */
    uint64_t anchor_time;     /* of the fix that the next heading starts from, seconds; 0: none */
    struct point anchor;
};

/* Makes a receiver of a definition that was read from `text`; name and UUID are the caller's. NULL
 * without memory. */
struct receiver *receiver_new(const struct gps_definition *definition, const char *text);
void receiver_free(struct receiver *receiver);

/* Takes a fix at time `now_ns` (or word that there is none): into the record, and where it can be
 * trusted into the trail. */
void receiver_hear(struct receiver *receiver, const struct fix *fix, uint64_t now_ns);

/* Takes a line of a connected receiver. False when such a receiver does not talk like that. */
bool receiver_take(struct receiver *receiver, const uint8_t *line, size_t length, uint64_t now_ns);

/* Brings the record up to time `now` (seconds): whether it is connected, or its word is fresh. */
void receiver_refresh(struct receiver *receiver, uint64_t now);

/* What it says of now, filtered by nothing but age. False without a fresh fix. */
bool receiver_locate(struct receiver *receiver, uint64_t now_ns, struct location *ret_location);

/* Where it was at that time by its trail, for frames. */
bool receiver_locate_at(struct receiver *receiver, uint64_t time_ns, struct location *ret_location);

#endif
