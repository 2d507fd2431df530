/* Tables of the coverage records. See coverage_fields.h. */
#include "schema/coverage_fields.h"

static void get_slots(const void *record, struct view *view, struct value *ret)
{
    const struct coverage_channel *channel = record;
    ret->numbers = channel->slots;
    ret->count = channel->slot_count;
}

static bool next_of(const void *first, size_t size, uint32_t count, struct cursor *cursor)
{
    if (cursor->index >= count)
        return false;
    cursor->element = (struct value){.type = FIELD_RECORD,
                                     .record = (const char *)first + size * cursor->index++};
    return true;
}

static bool next_source_channel(const void *record, struct view *view, struct cursor *cursor)
{
    const struct coverage_source *source = record;
    return next_of(source->channels, sizeof *source->channels, source->channel_count, cursor);
}

static bool next_channel(const void *record, struct view *view, struct cursor *cursor)
{
    const struct coverage_record *coverage = record;
    return next_of(coverage->channels, sizeof *coverage->channels, coverage->channel_count, cursor);
}

static bool next_source(const void *record, struct view *view, struct cursor *cursor)
{
    const struct coverage_record *coverage = record;
    return next_of(coverage->sources, sizeof *coverage->sources, coverage->source_count, cursor);
}

// clang-format off
#define CHANNEL(wire, kind, member, text) FIELD("norn.coverage.channel." wire, kind, struct coverage_channel, member, text)
#define SOURCE(wire, kind, member, text) FIELD("norn.coverage.source." wire, kind, struct coverage_source, member, text)
#define CHANNELS(wire, walk, text) \
    {.name = (wire), .type = FIELD_LIST, .element = FIELD_RECORD, .record = &coverage_channel_type, .next = (walk), .description = (text)}

static const struct field coverage_channel_fields[] = {
    CHANNEL("name", FIELD_TEXT, name, "channel with its width, as it was tuned to; ? where another program tunes the radio"),
    CHANNEL("listened", FIELD_DOUBLE, listened, "time listened to it within the window, seconds"),
    CHANNEL("fraction", FIELD_DOUBLE, fraction, "that time's part of the window, 0 to 1"),
    CHANNEL("visits", FIELD_UINT64, visits, "how often it was tuned to"),
    CHANNEL("refused", FIELD_UINT64, refused, "how often the radio refused to tune to it"),
    CHANNEL("beacon_missed", FIELD_DOUBLE, beacon_missed, "chance, 0 to 1, that an access point there, with a beacon each 102.4 ms, was not heard once"),
    CHANNEL("frame_missed", FIELD_DOUBLE, frame_missed, "chance, 0 to 1, that a single frame, sent at any time of the window, was not heard"),
    {.name = "norn.coverage.channel.slots", .type = FIELD_SERIES, .get = get_slots, .description = "fraction listened in each part of the window, oldest first: a minute each, or a sixtieth of longer windows"},
};

static const struct field coverage_source_fields[] = {
    SOURCE("uuid", FIELD_UUID, uuid, "the source"),
    SOURCE("name", FIELD_TEXT, name, "its name"),
    SOURCE("begin", FIELD_DOUBLE, begin, "beginning of the window: whole minutes, not before the source was defined or a day ago, seconds"),
    SOURCE("end", FIELD_DOUBLE, end, "end of the window, seconds"),
    SOURCE("frames", FIELD_UINT64, frames, "frames that arrived"),
    SOURCE("bad_fcs", FIELD_UINT64, bad_fcs, "of these, frames with a wrong checksum"),
    SOURCE("kernel_drops", FIELD_UINT64, kernel_drops, "frames lost because the kernel's ring was full"),
    SOURCE("interface_drops", FIELD_UINT64, interface_drops, "frames lost by the interface or its driver"),
    SOURCE("tool_drops", FIELD_UINT64, tool_drops, "frames lost by the capture tool"),
    SOURCE("queue_drops", FIELD_UINT64, queue_drops, "frames lost because norn was behind"),
    SOURCE("lost", FIELD_DOUBLE, lost, "fraction of the frames heard that was lost, 0 to 1"),
    SOURCE("hops", FIELD_UINT64, hops, "changes of the channel"),
    SOURCE("refused", FIELD_UINT64, refused, "changes that the radio refused"),
    SOURCE("gap.closed", FIELD_DOUBLE, closed, "time for which it was closed, seconds"),
    SOURCE("gap.error", FIELD_DOUBLE, in_error, "time for which it was in error or being opened, seconds"),
    SOURCE("gap.paused", FIELD_DOUBLE, paused, "time for which it was paused, seconds"),
    SOURCE("gap.deaf", FIELD_DOUBLE, deaf, "time for which it ran but delivered nothing, seconds"),
    CHANNELS("norn.coverage.source.channels", next_source_channel, "the channels it listened to"),
};

static const struct field coverage_fields[] = {
    FIELD("norn.coverage.window", FIELD_DOUBLE, struct coverage_record, window, "window asked for, up to now, seconds"),
    CHANNELS("norn.coverage.channels", next_channel, "every channel, all sources together: a chance to miss is that all of them missed"),
    {.name = "norn.coverage.sources", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &coverage_source_type, .next = next_source, .description = "every source"},
};

const struct record_type coverage_channel_type = RECORD_TYPE("coverage of a channel", coverage_channel_fields);
const struct record_type coverage_source_type = RECORD_TYPE("coverage of a source", coverage_source_fields);
const struct record_type coverage_type = RECORD_TYPE("coverage", coverage_fields);
// clang-format on
