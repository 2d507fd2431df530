/* Tables of the channel records. */
#include "schema/channel_fields.h"

#include <string.h>

static void get_packets(const void *record, struct view *view, struct value *ret)
{
    rrd_ring_give(&((const struct channel_record *)record)->packets, RRD_SUM, view->clock, view,
                  ret);
}

static void get_data(const void *record, struct view *view, struct value *ret)
{
    rrd_ring_give(&((const struct channel_record *)record)->data, RRD_SUM, view->clock, view, ret);
}

static void get_devices(const void *record, struct view *view, struct value *ret)
{
    rrd_ring_give(&((const struct channel_record *)record)->devices, RRD_PEAK, view->clock, view,
                  ret);
}

static void get_signal(const void *record, struct view *view, struct value *ret)
{
    struct signal_record *signal = view_scratch(view, sizeof *signal);
    if (signal)
        signal_render(&((const struct channel_record *)record)->signal, signal);
    ret->record = signal;
    ret->absent = !signal;
}

static bool next_frequency(const void *record, struct view *view, struct cursor *cursor)
{
    const struct channel_maps *maps = record;
    if (cursor->index >= maps->frequencies)
        return false;
    const struct channel_record *channel = maps->by_frequency[cursor->index++];
    cursor->key = (struct value){.type = FIELD_DOUBLE, .number = channel->frequency};
    cursor->element = (struct value){.type = FIELD_RECORD, .record = channel};
    return true;
}

static bool next_name(const void *record, struct view *view, struct cursor *cursor)
{
    const struct channel_maps *maps = record;
    if (cursor->index >= maps->names)
        return false;
    const struct channel_record *channel = maps->by_name[cursor->index++];
    cursor->key = (struct value){
        .type = FIELD_STRING, .text = channel->name, .length = strlen(channel->name)};
    cursor->element = (struct value){.type = FIELD_RECORD, .record = channel};
    return true;
}

static void get_name(const void *record, struct view *view, struct value *ret)
{
    const struct channel_record *channel = record;
    ret->text = channel->name;
    ret->length = strlen(channel->name);
}

// clang-format off
static const struct field channel_fields[] = {
    {.name = "kismet.channelrec.channel", .type = FIELD_STRING, .get = get_name, .description = "name of the channel"},
    FIELD("kismet.channelrec.frequency", FIELD_DOUBLE, struct channel_record, frequency, "frequency in kHz"),
    {.name = "kismet.channelrec.packets_rrd", .type = FIELD_RECORD, .get = get_packets, .record = &rrd_record_type, .description = "packets heard there over time"},
    {.name = "kismet.channelrec.data_rrd", .type = FIELD_RECORD, .get = get_data, .record = &rrd_record_type, .description = "bytes of data heard there over time"},
    {.name = "kismet.channelrec.device_rrd", .type = FIELD_RECORD, .get = get_devices, .record = &rrd_record_type, .description = "devices active there over time"},
    {.name = "kismet.channelrec.signal", .type = FIELD_RECORD, .get = get_signal, .record = &signal_record_type, .description = "signal of everything heard there"},
};

static const struct field channel_maps_fields[] = {
    {.name = "kismet.channeltracker.frequency_map", .type = FIELD_MAP_DOUBLE, .element = FIELD_RECORD, .record = &channel_record_type, .next = next_frequency, .description = "use of each frequency, by kHz"},
    {.name = "kismet.channeltracker.channel_map", .type = FIELD_MAP_STRING, .element = FIELD_RECORD, .record = &channel_record_type, .next = next_name, .description = "use of each channel, by its name"},
};

const struct record_type channel_record_type = RECORD_TYPE("channel", channel_fields);
const struct record_type channel_maps_type = RECORD_TYPE("channels", channel_maps_fields);
