/* A receiver's record and trail. See receiver.h. Where a fix has no heading it comes from movement,
 * looked at once in HEADING_SECONDS, since neighbouring fixes scatter more than they move. Times
 * are those of this machine's clock, which frames have: a receiver's own, which is nearer to the
 * truth, is taken while it goes with it. */
#include "geo/receiver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"

#define FRESH_SECONDS   30 /* that a fix holds */
#define HEADING_SECONDS 5
#define AGREES_NS       (2 * NS_PER_S)  /* clocks so close together are one */
#define LATEST_NS       (60 * NS_PER_S) /* older fixes come of another clock */

static const struct gps_type *type_of(const struct receiver *receiver)
{
    return receiver->definition.type;
}

static struct trail *get_trail(struct receiver *receiver)
{
    if (!receiver->trail)
        receiver->trail = calloc(1, sizeof *receiver->trail);
    if (receiver->trail)
        receiver->trail->hold_ns = FRESH_SECONDS * NS_PER_S;
    return receiver->trail;
}

static bool place_fixed(struct receiver *receiver)
{
    const struct gps_definition *definition = &receiver->definition;
    bool has_altitude = !isnan(definition->altitude);
    struct trail *trail = get_trail(receiver);
    if (!trail)
        return false;
    receiver->record.location = receiver->record.last_location = (struct location){
        .point = {definition->longitude, definition->latitude},
        .altitude = has_altitude ? definition->altitude : 0,
        .fix = has_altitude ? 3 : 2,
    };
    trail_pin(trail, &receiver->record.location);
    return true;
}

struct receiver *receiver_new(const struct gps_definition *definition, const char *text)
{
    struct receiver *receiver = calloc(1, sizeof *receiver);
    if (!receiver)
        return NULL;
    const struct gps_type *type = definition->type;
    struct gps_record *record = &receiver->record;
    receiver->definition = *definition;
    record->type = &type->record;
    record->priority = definition->has_priority ? definition->priority : type->record.priority;
    record->data_only = definition->data_only;
    record->reconnect = definition->reconnect;
    snprintf(record->definition, sizeof record->definition, "%s", text);
    if (type->describe)
        type->describe(definition, record->description, sizeof record->description);
    else
        snprintf(record->description, sizeof record->description, "%s", type->record.description);
    if (type->is_fixed && !place_fixed(receiver)) {
        receiver_free(receiver);
        return NULL;
    }
    return receiver;
}

void receiver_free(struct receiver *receiver)
{
    if (receiver)
        free(receiver->trail);
    free(receiver);
}

static double known_or_zero(double number)
{
    return isfinite(number) ? number : 0;
}

/* Heading of a new place: kept until HEADING_SECONDS after the one it was last made from. */
static double turn(struct receiver *receiver, struct point place, uint64_t now)
{
    double heading = receiver->record.location.heading;
    if (now >= receiver->anchor_time && now < receiver->anchor_time + HEADING_SECONDS)
        return heading;
    bool moved = place.latitude != receiver->anchor.latitude ||
                 place.longitude != receiver->anchor.longitude;
    if (receiver->anchor_time && moved)
        heading = fix_bearing(receiver->anchor, place);
    receiver->anchor_time = now;
    receiver->anchor = place;
    return heading;
}

/* When a fix was true: by the receiver's clock while that agrees with ours, else now. */
static uint64_t time_of(struct receiver *receiver, const struct fix *fix, uint64_t now_ns)
{
    int64_t late = (int64_t)(now_ns - fix->time_ns);
    if (!fix->time_ns)
        return now_ns;
    if (llabs(late) <= AGREES_NS)
        receiver->trusts_clock = true;
    else if (late < 0 || late > LATEST_NS)
        receiver->trusts_clock = false;
    return receiver->trusts_clock ? fix->time_ns : now_ns;
}

static struct location location_of(struct receiver *receiver, const struct fix *fix,
                                   uint64_t time_ns)
{
    struct point point = {fix->longitude, fix->latitude};
    struct location location = {
        .point = point,
        .altitude = fix->dimensions >= 3 ? fix->altitude : 0,
        .speed = known_or_zero(fix->speed),
        .heading = fix->heading,
        .magnetic_heading = known_or_zero(fix->magnetic_heading),
        .seconds = time_ns / NS_PER_S,
        .microseconds = (uint32_t)(time_ns % NS_PER_S / 1000),
        .accuracy = (float)known_or_zero(fix->accuracy),
        .fix = fix->dimensions,
    };
    if (isnan(location.heading))
        location.heading = turn(receiver, point, time_ns / NS_PER_S);
    return location;
}

/* From then on it is not known where the receiver is. */
static void add_gap(struct trail *trail, uint64_t time_ns)
{
    const struct location none = {0};
    trail_add(trail, time_ns, &none);
}

/* Takes the doubtful fix as true: it was never anywhere between there and the place before. */
static void trust_doubtful(struct receiver *receiver, uint64_t time_ns)
{
    struct trail *trail = get_trail(receiver);
    if (!trail)
        return;
    add_gap(trail, time_ns - 1);
    trail_add(trail, time_ns, &receiver->doubtful);
}

static void settle(struct receiver *receiver, uint64_t time_ns)
{
    if (fix_settle(&receiver->filter, time_ns))
        trust_doubtful(receiver, receiver->filter.trusted.time_ns);
}

static void add_to_trail(struct receiver *receiver, uint64_t time_ns,
                         const struct location *location)
{
    struct trail *trail = get_trail(receiver);
    if (!trail || !location_is_sane(location))
        return;
    settle(receiver, time_ns);
    uint64_t doubtful_ns = receiver->filter.doubtful.time_ns;
    switch (fix_judge(&receiver->filter, time_ns, location->point)) {
    case FIX_DOUBTFUL: receiver->doubtful = *location; return;
    case FIX_MOVED: trust_doubtful(receiver, doubtful_ns); break;
    case FIX_TRUSTED: break;
    }
    trail_add(trail, time_ns, location);
}

/* The receiver says that it does not know where it is. */
static void lose(struct receiver *receiver, uint64_t now_ns)
{
    struct gps_record *record = &receiver->record;
    if (record->location.fix < 2)
        return;
    record->last_location = record->location;
    record->location.fix = 0;
    record->satellites = 0;
    receiver->filter.has_doubtful = false;
    if (receiver->trail)
        add_gap(receiver->trail, now_ns);
}

/* A connected receiver that knows nothing says 0/0; who posts that, means it. */
static bool is_nowhere(const struct receiver *receiver, const struct fix *fix)
{
    return !type_of(receiver)->is_posted && fix->latitude == 0 && fix->longitude == 0;
}

void receiver_hear(struct receiver *receiver, const struct fix *fix, uint64_t now_ns)
{
    struct gps_record *record = &receiver->record;
    record->data_time = now_ns / NS_PER_S;
    if (fix->dimensions < 2 || is_nowhere(receiver, fix)) {
        lose(receiver, now_ns);
        return;
    }
    uint64_t time_ns = time_of(receiver, fix, now_ns);
    struct location location = location_of(receiver, fix, time_ns);
    record->last_location = record->signal_time ? record->location : location;
    record->location = location;
    record->satellites = fix->satellites;
    record->signal_time = record->data_time;
    add_to_trail(receiver, time_ns, &location);
}

bool receiver_take(struct receiver *receiver, const uint8_t *line, size_t length, uint64_t now_ns)
{
    struct fix fix;
    int result = type_of(receiver)->take(&receiver->parser, line, length, now_ns, &fix);
    if (result == 1)
        receiver_hear(receiver, &fix, now_ns);
    else if (result == 0)
        receiver->record.data_time = now_ns / NS_PER_S;
    return result >= 0;
}

/* A fix from the future is one from before the clock was set back. */
static bool is_fresh(const struct receiver *receiver, uint64_t now)
{
    uint64_t time = receiver->record.signal_time;
    return time && time <= now + 1 && now <= time + FRESH_SECONDS;
}

void receiver_refresh(struct receiver *receiver, uint64_t now)
{
    struct gps_record *record = &receiver->record;
    if (type_of(receiver)->is_fixed) {
        record->data_time = record->signal_time = now;
        record->location.seconds = record->last_location.seconds = now;
    }
    if (!type_of(receiver)->open)
        record->connected = is_fresh(receiver, now);
}

bool receiver_locate(struct receiver *receiver, uint64_t now_ns, struct location *ret_location)
{
    receiver_refresh(receiver, now_ns / NS_PER_S);
    if (receiver->record.location.fix < 2 || !is_fresh(receiver, now_ns / NS_PER_S))
        return false;
    *ret_location = receiver->record.location;
    return true;
}

bool receiver_locate_at(struct receiver *receiver, uint64_t time_ns, struct location *ret_location)
{
    settle(receiver, time_ns);
    return receiver->trail && trail_find(receiver->trail, time_ns, ret_location);
}
