/* Positions: the GPS receivers defined by gps= lines, and where we are now. Kinds so far: web
 * (posted by a browser) and virtual (fixed). Thread-safe. */
#ifndef NORN_GEO_GPS_H
#define NORN_GEO_GPS_H

#include "schema/gps_fields.h"
#include "util/buffer.h"
#include "util/options.h"

enum { GPS_MAX = 16, GPS_WEB_FRESH = 30 }; /* seconds that a posted position holds */

struct gps;

struct gps *gps_new(const char *server_name);
void gps_free(struct gps *gps);

/* Defines a receiver: "web:name=webgps", "virtual:lat=47.4,lon=8.5,alt=400". 0; -EINVAL, -EEXIST
 * (a kind of which there can be only one), -ENOSPC, with a plain sentence in ret_why. */
int gps_add(struct gps *gps, const char *definition, struct buffer *ret_why);

/* A position posted by a browser: degrees, metres and km/h (NAN when not told), at time `now`
 * (seconds and microseconds). 0; -ENOENT without a web receiver; -EINVAL out of range. */
int gps_post(struct gps *gps, double latitude, double longitude, double altitude, double speed,
             uint64_t now, uint32_t microseconds);

/* The best fresh fix: the first receiver by rank that has one and is not data-only. False without;
 * ret_gps (may be NULL) tells whose it is. */
bool gps_locate(struct gps *gps, uint64_t now, struct location *ret_location, struct uuid *ret_gps);

/* Copies up to GPS_MAX records, ordered by rank; how many. */
size_t gps_list(struct gps *gps, uint64_t now, struct gps_record ret_records[GPS_MAX]);

extern const struct option gps_options[];
extern const size_t gps_options_count;

#endif
