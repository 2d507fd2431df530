/* Adding signal samples, and the table of the signal record. */
#include "schema/signal_fields.h"

static void widen(int16_t *last, int16_t *minimum, int16_t *maximum, int value)
{
    if (!value)
        return;
    *last = (int16_t)value;
    if (!*minimum || value < *minimum)
        *minimum = (int16_t)value;
    if (!*maximum || value > *maximum)
        *maximum = (int16_t)value;
}

void signal_add(struct signal *signal, enum signal_kind kind, int strength, int noise,
                uint32_t rate, uint8_t encodings, uint16_t carriers)
{
    if (rate > signal->maximum_rate)
        signal->maximum_rate = rate;
    signal->encodings |= encodings;
    signal->carriers |= carriers;
    if (kind == SIGNAL_NONE || (!strength && !noise))
        return;
    if (!signal->kind)
        signal->kind = (uint8_t)kind;
    if (signal->kind != kind)
        return;
    widen(&signal->last_noise, &signal->minimum_noise, &signal->maximum_noise, noise);
    widen(&signal->last_signal, &signal->minimum_signal, &signal->maximum_signal, strength);
}

void signal_render(const struct signal *signal, struct signal_record *ret_record)
{
    static const char *const types[] = {"none", "dbm", "rssi"};
    *ret_record = (struct signal_record){
        .type = types[signal->kind],
        .last_signal = signal->last_signal,
        .last_noise = signal->last_noise,
        .minimum_signal = signal->minimum_signal,
        .minimum_noise = signal->minimum_noise,
        .maximum_signal = signal->maximum_signal,
        .maximum_noise = signal->maximum_noise,
        .maximum_rate = signal->maximum_rate / 10.0,
        .encodings = signal->encodings,
        .carriers = signal->carriers,
    };
}

static void get_history(const void *record, struct view *view, struct value *ret)
{
    const struct signal_record *signal = record;
    struct rrd_record *rrd = signal->history ? view_scratch(view, sizeof *rrd) : NULL;
    if (rrd)
        history_render(signal->history, HISTORY_SIGNAL, signal->now, view->brief, rrd);
    ret->record = rrd;
    ret->absent = !rrd;
}

static int32_t of_kind(const void *record, const char *type, int32_t value)
{
    return ((const struct signal_record *)record)->type[0] == type[0] ? value : 0;
}

static void get_last_dbm(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "dbm", ((const struct signal_record *)record)->last_signal);
}

static void get_minimum_dbm(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "dbm", ((const struct signal_record *)record)->minimum_signal);
}

static void get_maximum_dbm(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "dbm", ((const struct signal_record *)record)->maximum_signal);
}

static void get_last_noise_dbm(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "dbm", ((const struct signal_record *)record)->last_noise);
}

static void get_last_rssi(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "rssi", ((const struct signal_record *)record)->last_signal);
}

static void get_maximum_rssi(const void *record, struct view *view, struct value *ret)
{
    ret->integer = of_kind(record, "rssi", ((const struct signal_record *)record)->maximum_signal);
}

static void get_peak(const void *record, struct view *view, struct value *ret)
{
    const struct signal_record *signal = record;
    ret->record = signal->peak ? *signal->peak : NULL;
    ret->absent = !ret->record;
}

// clang-format off
#define OLD_SIGNAL(wire, getter, text) \
    {.name = (wire), .type = FIELD_INT32, .flags = FIELD_ALIAS, .get = (getter), .description = (text)}

static const struct field signal_fields[] = {
    FIELD("kismet.common.signal.type", FIELD_TEXT, struct signal_record, type, "scale of the figures: dbm, rssi or none"),
    FIELD("kismet.common.signal.last_signal", FIELD_INT32, struct signal_record, last_signal, "newest signal; 0 while there is none"),
    FIELD("kismet.common.signal.last_noise", FIELD_INT32, struct signal_record, last_noise, "newest noise; 0 while there is none"),
    FIELD("kismet.common.signal.min_signal", FIELD_INT32, struct signal_record, minimum_signal, "weakest signal"),
    FIELD("kismet.common.signal.min_noise", FIELD_INT32, struct signal_record, minimum_noise, "lowest noise"),
    FIELD("kismet.common.signal.max_signal", FIELD_INT32, struct signal_record, maximum_signal, "strongest signal"),
    FIELD("kismet.common.signal.max_noise", FIELD_INT32, struct signal_record, maximum_noise, "highest noise"),
    FIELD("kismet.common.signal.maxseenrate", FIELD_DOUBLE, struct signal_record, maximum_rate, "fastest data rate heard, Mb/s"),
    FIELD("kismet.common.signal.encodingset", FIELD_UINT64, struct signal_record, encodings, "bits of the encodings heard: 1 CCK, 2 OFDM, 4 dynamic CCK-OFDM, 8 GFSK, 16 HT, 32 VHT, 64 HE, 128 EHT"),
    FIELD("kismet.common.signal.carrierset", FIELD_UINT64, struct signal_record, carriers, "bits of the bands heard: 1 2.4 GHz, 2 5 GHz, 4 6 GHz, 8 sub-1 GHz, 16 60 GHz"),
    {.name = "kismet.common.signal.peak_loc", .type = FIELD_RECORD, .get = get_peak, .flags = FIELD_OPTIONAL, .record = &location_triplet_type, .description = "place of the strongest signal that was heard at a known place"},
    {.name = "kismet.common.signal.signal_rrd", .type = FIELD_RECORD, .get = get_history, .flags = FIELD_OPTIONAL, .record = &rrd_minute_type, .description = "strongest signal of each of the last sixty seconds"},
    OLD_SIGNAL("kismet.common.signal.last_signal_dbm", get_last_dbm, "newest signal in dBm, 2016 name"),
    OLD_SIGNAL("kismet.common.signal.min_signal_dbm", get_minimum_dbm, "weakest signal in dBm, 2016 name"),
    OLD_SIGNAL("kismet.common.signal.max_signal_dbm", get_maximum_dbm, "strongest signal in dBm, 2016 name"),
    OLD_SIGNAL("kismet.common.signal.last_noise_dbm", get_last_noise_dbm, "newest noise in dBm, 2016 name"),
    OLD_SIGNAL("kismet.common.signal.last_signal_rssi", get_last_rssi, "newest signal on the driver's scale, 2016 name"),
    OLD_SIGNAL("kismet.common.signal.max_signal_rssi", get_maximum_rssi, "strongest signal on the driver's scale, 2016 name"),
};

const struct record_type signal_record_type = RECORD_TYPE("signal", signal_fields);
