/* Receivers of positions. See gps.h. Input: definitions, posted positions, the time. Output: the
 * best fix and the records of all. A web receiver's heading comes from its movement, looked at
 * once in HEADING_PAUSE seconds, since neighbouring fixes scatter more than they move. */
#include "geo/gps.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/gps_definition.h"
#include "util/hash.h"

enum { HEADING_PAUSE = 5 };

struct receiver {
    struct gps_record record;
    uint64_t anchor_time; /* of the fix that the next heading starts from; 0: none */
    struct point anchor;
};

struct gps {
    pthread_mutex_t lock;
    char server_name[64];
    struct receiver receivers[GPS_MAX]; /* by rank */
    size_t count;
};

struct gps *gps_new(const char *server_name)
{
    struct gps *gps = calloc(1, sizeof *gps);
    if (!gps)
        return NULL;
    pthread_mutex_init(&gps->lock, NULL);
    snprintf(gps->server_name, sizeof gps->server_name, "%s", server_name ? server_name : "");
    return gps;
}

void gps_free(struct gps *gps)
{
    if (!gps)
        return;
    pthread_mutex_destroy(&gps->lock);
    free(gps);
}

static bool name_taken(const struct gps *gps, const char *name)
{
    for (size_t i = 0; i < gps->count; i++)
        if (strcmp(gps->receivers[i].record.name, name) == 0)
            return true;
    return false;
}

static void choose_name(const struct gps *gps, const struct gps_definition *definition,
                        char ret_name[64])
{
    const char *wanted = *definition->name ? definition->name : definition->type->default_name;
    snprintf(ret_name, 64, "%s", wanted);
    for (unsigned i = 1; name_taken(gps, ret_name); i++)
        snprintf(ret_name, 64, "%s%u", wanted, i);
}

static struct uuid choose_uuid(const struct gps *gps, const struct gps_definition *definition,
                               const char *text)
{
    char both[sizeof gps->server_name + 256];
    if (definition->has_uuid)
        return definition->uuid;
    snprintf(both, sizeof both, "%s%s", gps->server_name, text);
    return uuid_made(hash_weak("kismet_gps"), hash_weak(both));
}

static void place_virtual(struct gps_record *record, const struct gps_definition *definition)
{
    bool has_altitude = !isnan(definition->altitude);
    record->location = (struct location){
        .point = {definition->longitude, definition->latitude},
        .altitude = has_altitude ? definition->altitude : 0,
        .fix = has_altitude ? 3 : 2,
    };
    record->last_location = record->location;
    snprintf(record->description, sizeof record->description, "fixed place %.6f, %.6f",
             definition->latitude, definition->longitude);
}

/* With the lock: why the definition cannot be added, or 0. */
static int check_room(const struct gps *gps, const struct gps_definition *definition,
                      struct uuid uuid, struct buffer *ret_why)
{
    for (size_t i = 0; i < gps->count; i++) {
        const struct gps_record *other = &gps->receivers[i].record;
        if (definition->type->singleton && other->type == definition->type) {
            buffer_printf(ret_why, "gps: there is a %s receiver already, and there can be only one",
                          definition->type->class);
            return -EEXIST;
        }
        if (uuid_equal(other->uuid, uuid)) {
            buffer_printf(ret_why, "gps: the receiver %s has that uuid already", other->name);
            return -EEXIST;
        }
    }
    if (gps->count == GPS_MAX) {
        buffer_printf(ret_why, "gps: there are %d receivers already, no more fit", GPS_MAX);
        return -ENOSPC;
    }
    return 0;
}

/* With the lock: takes the place after every receiver of the same or a lower number. */
static void insert(struct gps *gps, const struct receiver *receiver)
{
    size_t at = gps->count;
    while (at && gps->receivers[at - 1].record.priority > receiver->record.priority)
        at--;
    memmove(&gps->receivers[at + 1], &gps->receivers[at], (gps->count - at) * sizeof *receiver);
    gps->receivers[at] = *receiver;
    gps->count++;
}

int gps_add(struct gps *gps, const char *definition, struct buffer *ret_why)
{
    struct gps_definition parsed;
    struct receiver receiver = {0};
    struct gps_record *record = &receiver.record;
    if (strlen(definition) >= sizeof record->definition) {
        buffer_add_text(ret_why, "gps: the definition is too long");
        return -EINVAL;
    }
    int error = gps_definition_parse(definition, &parsed, ret_why);
    if (error)
        return error;
    memcpy(record->definition, definition, strlen(definition) + 1);
    record->type = parsed.type;
    record->priority = parsed.has_priority ? parsed.priority : parsed.type->priority;
    record->data_only = parsed.data_only;
    record->reconnect = parsed.reconnect;
    snprintf(record->description, sizeof record->description, "%s", parsed.type->description);
    if (parsed.type == &gps_type_virtual)
        place_virtual(record, &parsed);
    pthread_mutex_lock(&gps->lock);
    record->uuid = choose_uuid(gps, &parsed, definition);
    choose_name(gps, &parsed, record->name);
    error = check_room(gps, &parsed, record->uuid, ret_why);
    if (!error)
        insert(gps, &receiver);
    pthread_mutex_unlock(&gps->lock);
    return error;
}

/* Direction from one place to another along the great circle, degrees from true north. */
static double bearing(struct point from, struct point to)
{
    double turn = (to.longitude - from.longitude) * M_PI / 180;
    double start = from.latitude * M_PI / 180, end = to.latitude * M_PI / 180;
    double east = sin(turn) * cos(end);
    double north = cos(start) * sin(end) - sin(start) * cos(end) * cos(turn);
    double degrees = atan2(east, north) * 180 / M_PI;
    return degrees < 0 ? degrees + 360 : degrees;
}

/* Heading of a new place: kept until HEADING_PAUSE seconds after the one it was last made from. */
static double turn(struct receiver *receiver, struct point place, uint64_t now)
{
    double heading = receiver->record.location.heading;
    if (now >= receiver->anchor_time && now < receiver->anchor_time + HEADING_PAUSE)
        return heading;
    bool moved = place.latitude != receiver->anchor.latitude ||
                 place.longitude != receiver->anchor.longitude;
    if (receiver->anchor_time && moved)
        heading = bearing(receiver->anchor, place);
    receiver->anchor_time = now;
    receiver->anchor = place;
    return heading;
}

int gps_post(struct gps *gps, double latitude, double longitude, double altitude, double speed,
             uint64_t now, uint32_t microseconds)
{
    if (!(fabs(latitude) <= 90) || !(fabs(longitude) <= 180) || isinf(altitude) || isinf(speed))
        return -EINVAL;
    int error = -ENOENT;
    pthread_mutex_lock(&gps->lock);
    for (size_t i = 0; i < gps->count; i++) {
        struct receiver *receiver = &gps->receivers[i];
        struct gps_record *record = &receiver->record;
        if (record->type != &gps_type_web)
            continue;
        struct location location = {
            .point = {longitude, latitude},
            .altitude = isnan(altitude) ? 0 : altitude,
            .speed = isnan(speed) ? 0 : speed,
            .seconds = now,
            .microseconds = microseconds,
            .fix = isnan(altitude) ? 2 : 3,
        };
        location.heading = turn(receiver, location.point, now);
        record->last_location = record->signal_time ? record->location : location;
        record->location = location;
        record->data_time = record->signal_time = now;
        error = 0;
    }
    pthread_mutex_unlock(&gps->lock);
    return error;
}

/* The record as of `now`: a fixed place is always fresh, a posted one for GPS_WEB_FRESH. */
static void refresh(struct gps_record *record, uint64_t now)
{
    if (record->type == &gps_type_virtual) {
        record->data_time = record->signal_time = now;
        record->location.seconds = record->last_location.seconds = now;
    }
    /* A fix from the future is one from before the clock was set back. */
    record->connected = record->signal_time != 0 && record->signal_time <= now + 1 &&
                        now <= record->signal_time + (uint64_t)GPS_WEB_FRESH;
}

bool gps_locate(struct gps *gps, uint64_t now, struct location *ret_location, struct uuid *ret_gps)
{
    bool found = false;
    pthread_mutex_lock(&gps->lock);
    for (size_t i = 0; i < gps->count && !found; i++) {
        struct gps_record *record = &gps->receivers[i].record;
        refresh(record, now);
        found = record->connected && !record->data_only && record->location.fix >= 2;
        if (!found)
            continue;
        *ret_location = record->location;
        if (ret_gps)
            *ret_gps = record->uuid;
    }
    pthread_mutex_unlock(&gps->lock);
    return found;
}

size_t gps_list(struct gps *gps, uint64_t now, struct gps_record ret_records[GPS_MAX])
{
    pthread_mutex_lock(&gps->lock);
    size_t count = gps->count;
    for (size_t i = 0; i < count; i++) {
        refresh(&gps->receivers[i].record, now);
        ret_records[i] = gps->receivers[i].record;
    }
    pthread_mutex_unlock(&gps->lock);
    return count;
}

const struct option gps_options[] = {
    {
        .key = "gps",
        .type = OPTION_LIST,
        .fallback = "",
        .description = "A receiver of positions, repeatable: web:name=webgps for positions posted "
                       "by a browser, virtual:lat=47.4,lon=8.5,alt=400 for a fixed place.",
    },
};
const size_t gps_options_count = sizeof gps_options / sizeof *gps_options;
