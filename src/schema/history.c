/* Sparse events and rings of a device's history. See history.h. */
#include "schema/history.h"

#include <string.h>

#include "util/prefetch.h"
#include "util/timeline.h"

enum {
    FIRST_EVENTS = 4,
    MOST_EVENTS = 128, /* past this many moments within a day the rings are smaller and quicker */
    LEAST_FREE = 16,   /* of these, after compacting: else it had to be done again and again */
};

struct second_slot {
    uint32_t bytes;
    uint16_t packets, sent, received;
    int8_t signal;
};

struct minute_slot {
    uint32_t bytes, packets, sent, received;
};

struct hour_slot {
    uint64_t bytes;
    uint32_t packets, sent, received;
};

struct history_rings {
    uint32_t last; /* newest second */
    /* Its slots stand here, side by side, and go into the rings when they are over: most packets
     * touch nothing else. */
    struct second_slot this_second;
    struct minute_slot this_minute;
    struct hour_slot this_hour;
    struct second_slot second[60];
    struct minute_slot minute[60];
    struct hour_slot hour[24];
};

_Static_assert(sizeof(struct second_slot[60]) <= RRD_SLOTS_BYTES &&
                   sizeof(struct minute_slot[60]) <= RRD_SLOTS_BYTES &&
                   sizeof(struct hour_slot[24]) <= RRD_SLOTS_BYTES,
               "rrd_ring_turn() takes each ring");

static uint16_t add16(uint16_t a, uint16_t b)
{
    return a + b > UINT16_MAX ? UINT16_MAX : (uint16_t)(a + b);
}

static uint32_t add32(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static int8_t stronger(int8_t a, int8_t b)
{
    return !a || (b && b > a) ? b : a;
}

static void event_join(struct history_event *into, const struct history_event *event)
{
    into->bytes = add32(into->bytes, event->bytes);
    into->packets = add16(into->packets, event->packets);
    into->sent = add16(into->sent, event->sent);
    into->received = add16(into->received, event->received);
    into->signal = stronger(into->signal, event->signal);
}

/* The slot of a second, a minute, an hour (counted since 1970) that is still in the rings. */
static struct second_slot *second_of(struct history_rings *rings, uint32_t second)
{
    return second == rings->last ? &rings->this_second : &rings->second[second % 60];
}

static struct minute_slot *minute_of(struct history_rings *rings, uint32_t minute)
{
    return minute == rings->last / 60 ? &rings->this_minute : &rings->minute[minute % 60];
}

static struct hour_slot *hour_of(struct history_rings *rings, uint32_t hour)
{
    return hour == rings->last / 3600 ? &rings->this_hour : &rings->hour[hour % 24];
}

/* Puts the slot that is over into its ring of `size` slots of `width` bytes, zeroes those that
 * pass, and begins a new one. */
static void turn(void *slots, size_t width, uint32_t size, void *open, uint32_t from, uint32_t to)
{
    memcpy((uint8_t *)slots + width * (from % size), open, width);
    memset(open, 0, width);
    rrd_ring_clear(slots, width, size, from, to);
}

static void rings_turn(struct history_rings *rings, uint32_t time)
{
    uint32_t last = rings->last;
    turn(rings->second, sizeof *rings->second, 60, &rings->this_second, last, time);
    if (time / 60 != last / 60)
        turn(rings->minute, sizeof *rings->minute, 60, &rings->this_minute, last / 60, time / 60);
    if (time / 3600 != last / 3600)
        turn(rings->hour, sizeof *rings->hour, 24, &rings->this_hour, last / 3600, time / 3600);
    rings->last = time;
}

static void rings_add(struct history_rings *rings, const struct history_event *event)
{
    uint32_t time = event->time;
    if (time > rings->last)
        rings_turn(rings, time);
    uint32_t last = rings->last;
    if (last - time < 60) {
        struct second_slot *second = second_of(rings, time);
        second->bytes = add32(second->bytes, event->bytes);
        second->packets = add16(second->packets, event->packets);
        second->sent = add16(second->sent, event->sent);
        second->received = add16(second->received, event->received);
        second->signal = stronger(second->signal, event->signal);
    }
    if (last / 60 - time / 60 < 60) {
        struct minute_slot *minute = minute_of(rings, time / 60);
        minute->bytes = add32(minute->bytes, event->bytes);
        minute->packets = add32(minute->packets, event->packets);
        minute->sent = add32(minute->sent, event->sent);
        minute->received = add32(minute->received, event->received);
    }
    struct hour_slot *hour = hour_of(rings, time / 3600);
    hour->bytes += event->bytes;
    hour->packets = add32(hour->packets, event->packets);
    hour->sent = add32(hour->sent, event->sent);
    hour->received = add32(hour->received, event->received);
}

static bool promote(struct history *history, struct pool *pool)
{
    struct history_rings *rings = pool_new(pool, prefetch_lines(sizeof *rings));
    if (!rings)
        return false;
    for (uint16_t i = 0; i < history->count; i++)
        rings_add(rings, &history->events[i]);
    pool_free(pool, history->events, history->capacity * sizeof *history->events);
    history->rings = rings;
    history->count = 0;
    history->capacity = HISTORY_RINGS;
    return true;
}

/* True when one event can hold the counts of both. */
static bool fits_one(const struct history_event *a, const struct history_event *b)
{
    return a->packets + b->packets <= UINT16_MAX && a->sent + b->sent <= UINT16_MAX &&
           a->received + b->received <= UINT16_MAX && a->bytes <= UINT32_MAX - b->bytes;
}

/* True when both events will only ever be shown in the same slot of what is left to show. */
static bool same_slot(uint32_t a, uint32_t b, uint32_t now)
{
    if (now / 60 - a / 60 >= 60 && now / 60 - b / 60 >= 60)
        return a / 3600 == b / 3600;
    return now - a >= 60 && now - b >= 60 && a / 60 == b / 60;
}

/* Merges aged events and drops those over a day old; the newer ones move up. */
static void compact(struct history *history, uint32_t now)
{
    struct history_event *events = history->events;
    uint16_t kept = 0, i = 0;
    for (; i < history->count && now - events[i].time >= 60; i++) {
        if (now / 3600 - events[i].time / 3600 >= 24)
            continue;
        if (kept && same_slot(events[kept - 1].time, events[i].time, now) &&
            fits_one(&events[kept - 1], &events[i]))
            event_join(&events[kept - 1], &events[i]);
        else
            events[kept++] = events[i];
    }
    if (kept < i)
        memmove(events + kept, events + i, (history->count - i) * sizeof *events);
    history->count = (uint16_t)(history->count - i + kept);
}

/* Room for one event more; false when the history was promoted instead or memory is lacking. */
static bool make_room(struct history *history, struct pool *pool, uint32_t now)
{
    if (history->count < history->capacity)
        return true;
    compact(history, now);
    if (history->count + (history->capacity < MOST_EVENTS ? 0 : LEAST_FREE) < history->capacity)
        return true;
    uint16_t capacity = history->capacity ? history->capacity * 2 : FIRST_EVENTS;
    if (capacity > MOST_EVENTS) {
        promote(history, pool);
        return false;
    }
    struct history_event *events = pool_new(pool, capacity * sizeof *events);
    if (!events)
        return false;
    if (history->count)
        memcpy(events, history->events, history->count * sizeof *events);
    pool_free(pool, history->events, history->capacity * sizeof *events);
    history->events = events;
    history->capacity = capacity;
    return true;
}

void history_add(struct history *history, struct pool *pool, const struct history_event *event)
{
    if (history->capacity != HISTORY_RINGS) {
        uint16_t at = history->count;
        uint32_t last = at ? history->events[at - 1].time : 0;
        if (event->time < last && last - event->time >= 60)
            return;
        while (at && history->events[at - 1].time > event->time)
            at--;
        if (at && history->events[at - 1].time == event->time) {
            event_join(&history->events[at - 1], event);
            return;
        }
        if (make_room(history, pool, last > event->time ? last : event->time)) {
            for (at = history->count; at && history->events[at - 1].time > event->time; at--)
                history->events[at] = history->events[at - 1];
            history->events[at] = *event;
            history->count++;
            return;
        }
    }
    if (history->capacity == HISTORY_RINGS &&
        (event->time >= history->rings->last || history->rings->last - event->time < 60))
        rings_add(history->rings, event);
}

void history_prefetch(const struct history *history)
{
    if (history->capacity == HISTORY_RINGS)
        prefetch_to_write(history->rings, offsetof(struct history_rings, second));
    else if (history->count) {
        prefetch_to_write(&history->events[history->count - 1], sizeof *history->events);
        prefetch_to_write(&history->events[history->count], sizeof *history->events);
    }
}

static void rings_shift(struct history_rings *rings, int64_t step)
{
    uint32_t from = rings->last, to = (uint32_t)timeline_move(from, step);
    rrd_ring_turn(rings->second, sizeof *rings->second, 60, from, to);
    rrd_ring_turn(rings->minute, sizeof *rings->minute, 60, from / 60, to / 60);
    rrd_ring_turn(rings->hour, sizeof *rings->hour, 24, from / 3600, to / 3600);
    rings->last = to;
}

void history_shift(struct history *history, int64_t step)
{
    if (history->capacity == HISTORY_RINGS) {
        rings_shift(history->rings, step);
        return;
    }
    for (uint16_t i = 0; i < history->count; i++)
        history->events[i].time = (uint32_t)timeline_move(history->events[i].time, step);
}

void history_done(struct history *history, struct pool *pool)
{
    if (history->capacity == HISTORY_RINGS)
        pool_free(pool, history->rings, prefetch_lines(sizeof *history->rings));
    else
        pool_free(pool, history->events, history->capacity * sizeof *history->events);
    *history = (struct history){0};
}

static double event_value(const struct history_event *event, enum history_series series)
{
    switch (series) {
    case HISTORY_PACKETS: return event->packets;
    case HISTORY_SENT: return event->sent;
    case HISTORY_RECEIVED: return event->received;
    case HISTORY_BYTES: return event->bytes;
    case HISTORY_SIGNAL: return event->signal;
    }
    return 0;
}

static void render_events(const struct history *history, enum history_series series, uint32_t now,
                          struct rrd_record *record)
{
    for (uint16_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        double value = event_value(event, series);
        if (now - event->time < 60)
            record->minute[event->time % 60] = value;
        if (series == HISTORY_SIGNAL)
            continue;
        if (now / 60 - event->time / 60 < 60)
            record->hour[event->time / 60 % 60] += value / 60;
        if (now / 3600 - event->time / 3600 < 24)
            record->day[event->time / 3600 % 24] += value / 3600;
    }
}

static double second_value(const struct second_slot *slot, enum history_series series)
{
    struct history_event event = {.bytes = slot->bytes,
                                  .packets = slot->packets,
                                  .sent = slot->sent,
                                  .received = slot->received,
                                  .signal = slot->signal};
    return event_value(&event, series);
}

static void render_rings(struct history_rings *rings, enum history_series series, uint32_t now,
                         struct rrd_record *record)
{
    static const size_t minute_offset[] = {
        offsetof(struct minute_slot, packets), offsetof(struct minute_slot, sent),
        offsetof(struct minute_slot, received), offsetof(struct minute_slot, bytes)};
    uint32_t last = rings->last;
    for (uint32_t age = now - last; age < 60; age++)
        record->minute[(now - age) % 60] = second_value(second_of(rings, now - age), series);
    if (series == HISTORY_SIGNAL)
        return;
    for (uint32_t age = now / 60 - last / 60; age < 60; age++) {
        uint32_t minute = now / 60 - age, value;
        memcpy(&value, (const uint8_t *)minute_of(rings, minute) + minute_offset[series],
               sizeof value);
        record->hour[minute % 60] = value / 60.0;
    }
    for (uint32_t age = now / 3600 - last / 3600; age < 24; age++) {
        uint32_t slot = (now / 3600 - age) % 24;
        const struct hour_slot *hour = hour_of(rings, now / 3600 - age);
        double value = series == HISTORY_PACKETS    ? hour->packets
                       : series == HISTORY_SENT     ? hour->sent
                       : series == HISTORY_RECEIVED ? hour->received
                                                    : (double)hour->bytes;
        record->day[slot] = value / 3600;
    }
}

/* The value of this second, and the newest one before it that is not zero. */
static void render_newest_event(const struct history *history, enum history_series series,
                                uint32_t now, struct rrd_record *record)
{
    for (uint16_t i = history->count; i-- > 0 && now - history->events[i].time < 60;) {
        double value = event_value(&history->events[i], series);
        if (history->events[i].time == now) {
            record->last_value = value;
        } else if (value != 0) {
            record->last_value_n1 = value;
            return;
        }
    }
}

static void render_newest_second(struct history_rings *rings, enum history_series series,
                                 uint32_t now, struct rrd_record *record)
{
    for (uint32_t age = now - rings->last; age < 60; age++) {
        double value = second_value(second_of(rings, now - age), series);
        if (!age) {
            record->last_value = value;
        } else if (value != 0) {
            record->last_value_n1 = value;
            return;
        }
    }
}

void history_render(const struct history *history, enum history_series series, uint64_t now,
                    bool brief, struct rrd_record *ret_record)
{
    bool busy = history->capacity == HISTORY_RINGS;
    uint32_t last = busy             ? history->rings->last
                    : history->count ? history->events[history->count - 1].time
                                     : 0;
    uint32_t moment = now < last ? last : (uint32_t)now;
    memset(ret_record, 0, brief ? offsetof(struct rrd_record, minute) : sizeof *ret_record);
    ret_record->last_time = ret_record->serial_time = moment;
    if (busy)
        render_newest_second(history->rings, series, moment, ret_record);
    else
        render_newest_event(history, series, moment, ret_record);
    if (brief)
        return;
    if (busy)
        render_rings(history->rings, series, moment, ret_record);
    else
        render_events(history, series, moment, ret_record);
}
