/* Round-robin rings: adding, rendering as of a time, and the table of the published record. */
#include "schema/rrd_fields.h"

#include <string.h>

#include "util/timeline.h"

static void join(double *slot, enum rrd_kind kind, double value)
{
    if (kind == RRD_SUM)
        *slot += value;
    else if (value > *slot)
        *slot = value;
}

/* The rings of a history, wherever they lie. */
struct slots {
    double *minute, *hour, *day;
};

/* A value joins the slots of its second. */
static void join_slots(struct slots slots, enum rrd_kind kind, uint64_t time, double value)
{
    join(&slots.minute[time % 60], kind, value);
    join(&slots.hour[time / 60 % 60], kind, value);
    join(&slots.day[time / 3600 % 24], kind, value);
}

/* Zeroes the slots that pass when the clock goes on. */
static void clear_slots(struct slots slots, uint64_t from, uint64_t to)
{
    rrd_ring_clear(slots.minute, sizeof *slots.minute, 60, from, to);
    rrd_ring_clear(slots.hour, sizeof *slots.hour, 60, from / 60, to / 60);
    rrd_ring_clear(slots.day, sizeof *slots.day, 24, from / 3600, to / 3600);
}

void rrd_ring_add_apart(struct rrd_ring *ring, enum rrd_kind kind, uint64_t time, double value)
{
    struct slots slots = {ring->minute, ring->hour, ring->day};
    uint64_t last = ring->last_time;
    if (time + 60 <= last)
        return;
    if (time < last) {
        join_slots(slots, kind, time, value);
        return;
    }
    join_slots(slots, kind, last, ring->open_value);
    clear_slots(slots, last, time);
    ring->previous_value = ring->last_value;
    ring->last_value = ring->open_value = value;
    ring->last_time = time;
}

void rrd_ring_render(const struct rrd_ring *ring, enum rrd_kind kind, uint64_t now,
                     struct rrd_record *ret_record)
{
    uint64_t last = ring->last_time;
    struct rrd_record *record = ret_record;
    struct slots slots = {record->minute, record->hour, record->day};
    if (now < last)
        now = last;
    record->last_time = record->serial_time = now;
    record->last_value = now == last ? ring->last_value : 0;
    record->last_value_n1 = now == last ? ring->previous_value : ring->last_value;
    record->blank_value = 0;
    memcpy(record->minute, ring->minute, sizeof record->minute);
    memcpy(record->hour, ring->hour, sizeof record->hour);
    memcpy(record->day, ring->day, sizeof record->day);
    join_slots(slots, kind, last, ring->open_value);
    clear_slots(slots, last, now);
    for (int slot = 0; kind == RRD_SUM && slot < 60; slot++)
        record->hour[slot] /= 60;
    for (int slot = 0; kind == RRD_SUM && slot < 24; slot++)
        record->day[slot] /= 3600;
}

void rrd_ring_clear(void *slots, size_t width, uint64_t size, uint64_t from, uint64_t to)
{
    uint8_t *bytes = slots;
    uint64_t passed = to - from < size ? to - from : size, first = (from + 1) % size;
    uint64_t before_end = passed < size - first ? passed : size - first;
    memset(bytes + width * first, 0, width * before_end);
    memset(bytes, 0, width * (passed - before_end));
}

void rrd_ring_turn(void *slots, size_t width, uint64_t size, uint64_t from, uint64_t to)
{
    uint8_t turned[RRD_SLOTS_BYTES];
    uint64_t by = (to % size + size - from % size) % size;
    for (uint64_t slot = 0; slot < size; slot++)
        memcpy(turned + (slot + by) % size * width, (const uint8_t *)slots + slot * width, width);
    memcpy(slots, turned, size * width);
}

void rrd_ring_shift(struct rrd_ring *ring, int64_t step)
{
    uint64_t from = ring->last_time, to = timeline_move(from, step);
    rrd_ring_turn(ring->minute, sizeof *ring->minute, 60, from, to);
    rrd_ring_turn(ring->hour, sizeof *ring->hour, 60, from / 60, to / 60);
    rrd_ring_turn(ring->day, sizeof *ring->day, 24, from / 3600, to / 3600);
    ring->last_time = to;
}

void rrd_ring_give(const struct rrd_ring *ring, enum rrd_kind kind, uint64_t now, struct view *view,
                   struct value *ret)
{
    struct rrd_record *rrd = ring ? view_scratch(view, sizeof *rrd) : NULL;
    if (rrd)
        rrd_ring_render(ring, kind, now, rrd);
    ret->record = rrd;
    ret->absent = !rrd;
}

// clang-format off
static const struct field rrd_fields[] = {
    FIELD("kismet.common.rrd.last_time", FIELD_UINT64, struct rrd_record, last_time, "second of the newest slot"),
    FIELD("kismet.common.rrd.serial_time", FIELD_UINT64, struct rrd_record, serial_time, "clock at which this history was written; anchors the rings"),
    FIELD("kismet.common.rrd.last_value", FIELD_DOUBLE, struct rrd_record, last_value, "value of the newest second"),
    FIELD("kismet.common.rrd.last_value_n1", FIELD_DOUBLE, struct rrd_record, last_value_n1, "value before the newest"),
    FIELD_NUMBERS("kismet.common.rrd.minute_vec", struct rrd_record, minute, "one slot a second; slot of a time is its second modulo 60"),
    FIELD_NUMBERS("kismet.common.rrd.hour_vec", struct rrd_record, hour, "one slot a minute, the mean of its seconds; slot is the minute modulo 60"),
    FIELD_NUMBERS("kismet.common.rrd.day_vec", struct rrd_record, day, "one slot an hour, the mean of its minutes; slot is the hour modulo 24"),
    FIELD("kismet.common.rrd.blank_val", FIELD_DOUBLE, struct rrd_record, blank_value, "value that stands for no data"),
};

static const struct field rrd_minute_fields[] = {
    FIELD("kismet.common.rrd.last_time", FIELD_UINT64, struct rrd_record, last_time, "second of the newest slot"),
    FIELD("kismet.common.rrd.serial_time", FIELD_UINT64, struct rrd_record, serial_time, "clock at which this history was written; anchors the rings"),
    FIELD("kismet.common.rrd.last_value", FIELD_DOUBLE, struct rrd_record, last_value, "value of the newest second"),
    FIELD("kismet.common.rrd.last_value_n1", FIELD_DOUBLE, struct rrd_record, last_value_n1, "value before the newest"),
    FIELD_NUMBERS("kismet.common.rrd.minute_vec", struct rrd_record, minute, "one slot a second; slot of a time is its second modulo 60"),
    FIELD("kismet.common.rrd.blank_val", FIELD_DOUBLE, struct rrd_record, blank_value, "value that stands for no data"),
};

const struct record_type rrd_record_type = RECORD_TYPE("round-robin history", rrd_fields);
const struct record_type rrd_minute_type = RECORD_TYPE("round-robin history of one minute", rrd_minute_fields);
