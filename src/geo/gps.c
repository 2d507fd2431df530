/* The receivers together: their list, which of them is believed, what the API and the engine ask.
 * See gps.h. Input: definitions, fixes posted and received. Output: records, locations, trails. */
#include "geo/gps.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/gps_thread.h"
#include "util/hash.h"

struct gps {
    struct gps_config config;
    char server_name[64];
    pthread_mutex_t lock; /* of all below, receivers included */
    struct gps_thread *thread;
    struct receiver *receivers[GPS_MAX]; /* by priority */
    size_t count;
    char bound[GPS_SOURCES][GPS_DEFINITION_NAME]; /* a source's own receiver, "" none */
};

struct gps *gps_new(const struct gps_config *config)
{
    struct gps *gps = calloc(1, sizeof *gps);
    if (!gps)
        return NULL;
    gps->config = *config;
    snprintf(gps->server_name, sizeof gps->server_name, "%s",
             config->server_name ? config->server_name : "");
    pthread_mutex_init(&gps->lock, NULL);
    gps->thread = gps_thread_new(&gps->config, &gps->lock);
    if (!gps->thread) {
        gps_free(gps);
        return NULL;
    }
    return gps;
}

void gps_free(struct gps *gps)
{
    if (!gps)
        return;
    gps_thread_free(gps->thread);
    for (size_t i = 0; i < gps->count; i++)
        receiver_free(gps->receivers[i]);
    pthread_mutex_destroy(&gps->lock);
    free(gps);
}

/* With the lock, as all that follow up to gps_add(). */
static struct receiver *find_name(const struct gps *gps, const char *name)
{
    for (size_t i = 0; i < gps->count; i++)
        if (strcmp(gps->receivers[i]->record.name, name) == 0)
            return gps->receivers[i];
    return NULL;
}

static void choose_name(const struct gps *gps, struct receiver *receiver)
{
    const struct gps_definition *definition = &receiver->definition;
    struct gps_record *record = &receiver->record;
    const char *wanted =
        *definition->name ? definition->name : definition->type->record.default_name;
    snprintf(record->name, sizeof record->name, "%s", wanted);
    for (unsigned i = 1; find_name(gps, record->name); i++)
        snprintf(record->name, sizeof record->name, "%s%u", wanted, i);
}

static void choose_uuid(const struct gps *gps, struct receiver *receiver)
{
    char both[sizeof gps->server_name + sizeof receiver->record.definition];
    struct gps_record *record = &receiver->record;
    snprintf(both, sizeof both, "%s%s", gps->server_name, record->definition);
    record->uuid = receiver->definition.has_uuid
                       ? receiver->definition.uuid
                       : uuid_made(hash_weak("kismet_gps"), hash_weak(both));
}

/* Why the receiver cannot be added, or 0. */
static int check_room(const struct gps *gps, const struct receiver *receiver,
                      struct buffer *ret_why)
{
    const struct gps_type *type = receiver->definition.type;
    for (size_t i = 0; i < gps->count; i++) {
        const struct receiver *other = gps->receivers[i];
        if (type->record.singleton && other->definition.type == type) {
            buffer_printf(ret_why, "gps: there is a %s receiver already, and there can be only one",
                          type->record.class);
            return -EEXIST;
        }
        if (uuid_equal(other->record.uuid, receiver->record.uuid)) {
            buffer_printf(ret_why, "gps: the receiver %s has that uuid already",
                          other->record.name);
            return -EEXIST;
        }
    }
    if (gps->count == GPS_MAX) {
        buffer_printf(ret_why, "gps: there are %d receivers already, no more fit", GPS_MAX);
        return -ENOSPC;
    }
    return 0;
}

/* Takes the place after every receiver of the same or a lower number. */
static void insert(struct gps *gps, struct receiver *receiver)
{
    size_t at = gps->count++;
    for (; at && gps->receivers[at - 1]->record.priority > receiver->record.priority; at--)
        gps->receivers[at] = gps->receivers[at - 1];
    gps->receivers[at] = receiver;
}

static int add(struct gps *gps, struct receiver *receiver, struct buffer *ret_why)
{
    choose_name(gps, receiver);
    choose_uuid(gps, receiver);
    int error = check_room(gps, receiver, ret_why);
    if (error)
        return error;
    if (receiver->definition.type->open)
        error = gps_thread_add(gps->thread, receiver);
    if (error)
        buffer_printf(ret_why, "gps: no receiver can be served: %s", strerror(-error));
    else
        insert(gps, receiver);
    return error;
}

int gps_add(struct gps *gps, const char *definition, struct uuid *ret_uuid, struct buffer *ret_why)
{
    struct gps_definition parsed;
    if (strlen(definition) >= sizeof((struct gps_record *)NULL)->definition) {
        buffer_add_text(ret_why, "gps: the definition is too long");
        return -EINVAL;
    }
    int error = gps_definition_parse(definition, &parsed, ret_why);
    if (error)
        return error;
    struct receiver *receiver = receiver_new(&parsed, definition);
    if (!receiver) {
        buffer_add_text(ret_why, "gps: out of memory");
        return -ENOMEM;
    }
    pthread_mutex_lock(&gps->lock);
    error = add(gps, receiver, ret_why);
    if (error)
        receiver_free(receiver);
    else if (ret_uuid)
        *ret_uuid = receiver->record.uuid;
    pthread_mutex_unlock(&gps->lock);
    return error;
}

int gps_remove(struct gps *gps, struct uuid uuid)
{
    struct receiver *found = NULL;
    pthread_mutex_lock(&gps->lock);
    for (size_t i = 0; i < gps->count; i++) {
        if (found)
            gps->receivers[i - 1] = gps->receivers[i];
        else if (uuid_equal(gps->receivers[i]->record.uuid, uuid))
            found = gps->receivers[i];
    }
    gps->count -= found != NULL;
    if (found && found->definition.type->open)
        gps_thread_drop(gps->thread, found);
    else
        receiver_free(found);
    pthread_mutex_unlock(&gps->lock);
    return found ? 0 : -ENOENT;
}

static bool is_on_earth(const struct fix *fix)
{
    return fabs(fix->latitude) <= 90 && fabs(fix->longitude) <= 180 && !isinf(fix->altitude) &&
           !isinf(fix->speed) && !isinf(fix->accuracy);
}

/* With the lock: the web receiver, or the meta receiver of that name. */
static struct receiver *find_posted(const struct gps *gps, const char *meta)
{
    for (size_t i = 0; i < gps->count; i++) {
        struct receiver *receiver = gps->receivers[i];
        const struct gps_type *type = receiver->definition.type;
        if (meta ? type == &gps_meta_type && strcmp(receiver->record.name, meta) == 0
                 : type == &gps_web_type)
            return receiver;
    }
    return NULL;
}

int gps_post(struct gps *gps, const char *meta, const struct fix *fix, uint64_t now_ns)
{
    if (!is_on_earth(fix))
        return -EINVAL;
    pthread_mutex_lock(&gps->lock);
    struct receiver *receiver = find_posted(gps, meta);
    if (receiver)
        receiver_hear(receiver, fix, now_ns);
    pthread_mutex_unlock(&gps->lock);
    return receiver ? 0 : -ENOENT;
}

bool gps_takes(struct gps *gps, const char *meta)
{
    pthread_mutex_lock(&gps->lock);
    bool takes = find_posted(gps, meta) != NULL;
    pthread_mutex_unlock(&gps->lock);
    return takes;
}

/* Accuracy for comparing: what is not known is worse than anything known. */
static double rounded_accuracy(const struct location *location)
{
    return location->accuracy > 0 ? round(location->accuracy) : INFINITY;
}

/* Whether a receiver's fix is to be preferred to one that comes before it by priority. */
static bool is_better(const struct receiver *a, const struct location *at_a,
                      const struct receiver *b, const struct location *at_b)
{
    bool a_fixed = a->definition.type->is_fixed, b_fixed = b->definition.type->is_fixed;
    if (a_fixed != b_fixed)
        return b_fixed; /* nobody measured that it is there */
    if (at_a->fix != at_b->fix)
        return at_a->fix > at_b->fix;
    return rounded_accuracy(at_a) < rounded_accuracy(at_b);
}

/* With the lock: the receiver with the best fix of a time, or NULL; `locate` is one of receiver.h.
 */
static struct receiver *find_best(struct gps *gps, uint64_t time_ns,
                                  bool (*locate)(struct receiver *receiver, uint64_t time_ns,
                                                 struct location *location),
                                  struct location *ret_location)
{
    struct receiver *best = NULL;
    struct location location;
    for (size_t i = 0; i < gps->count; i++) {
        struct receiver *receiver = gps->receivers[i];
        if (receiver->record.data_only || !locate(receiver, time_ns, &location))
            continue;
        if (best && !is_better(receiver, &location, best, ret_location))
            continue;
        best = receiver;
        *ret_location = location;
    }
    return best;
}

bool gps_locate(struct gps *gps, uint64_t now_ns, struct location *ret_location,
                struct uuid *ret_gps)
{
    struct location location;
    pthread_mutex_lock(&gps->lock);
    const struct receiver *best = find_best(gps, now_ns, receiver_locate, &location);
    if (best) {
        *ret_location = location;
        if (ret_gps)
            *ret_gps = best->record.uuid;
    }
    pthread_mutex_unlock(&gps->lock);
    return best;
}

/* Makes the meta receiver of a name: its places are the sensor's, not ours. */
static int add_meta(struct gps *gps, const char *name, struct buffer *ret_why)
{
    char definition[GPS_DEFINITION_NAME + 32];
    snprintf(definition, sizeof definition, "meta:name=\"%s\",dataonly=true", name);
    return gps_add(gps, definition, NULL, ret_why);
}

int gps_bind(struct gps *gps, uint16_t source, const char *name, struct buffer *ret_why)
{
    int error = 0;
    if (!name)
        name = "";
    if (source >= GPS_SOURCES || strlen(name) >= GPS_DEFINITION_NAME) {
        buffer_add_text(ret_why, "the name of a receiver has at most 47 bytes");
        return -EINVAL;
    }
    pthread_mutex_lock(&gps->lock);
    bool is_known = !*name || find_name(gps, name);
    pthread_mutex_unlock(&gps->lock);
    if (!is_known)
        error = add_meta(gps, name, ret_why);
    if (error)
        return error;
    pthread_mutex_lock(&gps->lock);
    snprintf(gps->bound[source], sizeof gps->bound[source], "%s", name);
    pthread_mutex_unlock(&gps->lock);
    return 0;
}

bool gps_is_bound(struct gps *gps, uint16_t source)
{
    pthread_mutex_lock(&gps->lock);
    bool is_bound = source < GPS_SOURCES && *gps->bound[source];
    pthread_mutex_unlock(&gps->lock);
    return is_bound;
}

bool gps_trail(struct gps *gps, uint16_t source, uint64_t first_ns, uint64_t last_ns,
               struct trail *ret_trail)
{
    struct location location;
    struct receiver *receiver;
    pthread_mutex_lock(&gps->lock);
    if (source < GPS_SOURCES && *gps->bound[source]) {
        receiver = find_name(gps, gps->bound[source]);
        if (receiver && !receiver_locate_at(receiver, last_ns, &location))
            receiver = NULL;
    } else {
        receiver = find_best(gps, last_ns, receiver_locate_at, &location);
    }
    if (receiver)
        trail_copy(receiver->trail, first_ns, last_ns, ret_trail);
    pthread_mutex_unlock(&gps->lock);
    return receiver;
}

size_t gps_list(struct gps *gps, uint64_t now, struct gps_record ret_records[GPS_MAX])
{
    pthread_mutex_lock(&gps->lock);
    size_t count = gps->count;
    for (size_t i = 0; i < count; i++) {
        receiver_refresh(gps->receivers[i], now);
        ret_records[i] = gps->receivers[i]->record;
    }
    pthread_mutex_unlock(&gps->lock);
    return count;
}

const struct option gps_options[] = {
    {
        .key = "gps",
        .type = OPTION_LIST,
        .fallback = "",
        .description =
            "A receiver of positions, repeatable: gpsd:host=localhost,port=2947 for gpsd, "
            "serial:device=/dev/ttyUSB0,baud=9600 for NMEA on a serial line, "
            "tcp:host=192.168.1.20,port=10110 for NMEA over TCP, web:name=webgps for positions "
            "posted by a browser or a phone, meta:name=roof for those of one sensor, "
            "virtual:lat=47.4,lon=8.5,alt=400 for a fixed place. All take name, uuid, priority "
            "(the lower number wins between equals), dataonly and reconnect.",
    },
};
const size_t gps_options_count = sizeof gps_options / sizeof *gps_options;
