/* Tables of the source records. */
#include "schema/datasource_fields.h"

#include <string.h>

static bool next_text(const struct text_list *list, struct cursor *cursor)
{
    if (cursor->index >= list->count)
        return false;
    const char *text = list->at(list->context, cursor->index++);
    cursor->element = (struct value){.type = FIELD_STRING, .text = text, .length = strlen(text)};
    return true;
}

static bool next_channel(const void *record, struct view *view, struct cursor *cursor)
{
    return next_text(&((const struct datasource_record *)record)->channels, cursor);
}

static bool next_hop_channel(const void *record, struct view *view, struct cursor *cursor)
{
    return next_text(&((const struct datasource_record *)record)->hop_channels, cursor);
}

/* Each key=value of the list. */
static bool next_option(const void *record, struct view *view, struct cursor *cursor)
{
    const char *text = ((const struct interface_record *)record)->options + cursor->index;
    size_t length = strcspn(text, ",");
    if (!*text)
        return false;
    cursor->index += length + (text[length] == ',');
    cursor->element = (struct value){.type = FIELD_STRING, .text = text, .length = length};
    return true;
}

static void get_packets_rrd(const void *record, struct view *view, struct value *ret)
{
    rrd_ring_give(((const struct datasource_record *)record)->packets_ring, RRD_SUM, view->clock,
                  view, ret);
}

static void get_bytes_rrd(const void *record, struct view *view, struct value *ret)
{
    rrd_ring_give(((const struct datasource_record *)record)->bytes_ring, RRD_SUM, view->clock,
                  view, ret);
}

// clang-format off
#define DRIVER(wire, member, text) FIELD(wire, FIELD_UINT8, struct driver_record, member, text)

static const struct field driver_fields[] = {
    FIELD("kismet.datasource.driver.type", FIELD_TEXT, struct driver_record, type, "name of the type, as type= takes it"),
    FIELD("kismet.datasource.driver.description", FIELD_TEXT, struct driver_record, description, "what the type captures from"),
    DRIVER("kismet.datasource.driver.probe_capable", probe_capable, "1: finds out by itself whether a definition is its own"),
    DRIVER("kismet.datasource.driver.probe_ipc", probe_ipc, "1: asks a capture tool for that"),
    DRIVER("kismet.datasource.driver.list_capable", list_capable, "1: can list interfaces"),
    DRIVER("kismet.datasource.driver.list_ipc", list_ipc, "1: asks a capture tool for that"),
    DRIVER("kismet.datasource.driver.local_capable", local_capable, "1: captures on this machine"),
    DRIVER("kismet.datasource.driver.local_ipc", local_ipc, "1: through a process of its own"),
    DRIVER("kismet.datasource.driver.remote_capable", remote_capable, "1: captures on other machines"),
    DRIVER("kismet.datasource.driver.passive_capable", passive_capable, "1: is fed by others"),
    DRIVER("kismet.datasource.driver.tuning_capable", tuning_capable, "1: can be tuned to a channel"),
    DRIVER("kismet.datasource_driver.hop_capable", hop_capable, "1: can hop between channels"),
    FIELD("kismet.Datasourcetracker.protosource.type", FIELD_TEXT, struct driver_record, type, "name of the type, 2016 name"),
    FIELD("kismet.Datasourcetracker.protosource.description", FIELD_TEXT, struct driver_record, description, "what the type captures from, 2016 name"),
};

#define SOURCE(wire, kind, member, text) FIELD(wire, kind, struct datasource_record, member, text)

static const struct field datasource_fields[] = {
    SOURCE("kismet.datasource.uuid", FIELD_UUID, uuid, "UUID of the source"),
    SOURCE("kismet.datasource.name", FIELD_TEXT, name, "name of the source"),
    SOURCE("kismet.datasource.source_number", FIELD_UINT32, number, "number of the source in this run"),
    SOURCE("kismet.datasource.source_key", FIELD_UINT32, key, "short key made from the UUID"),
    SOURCE("kismet.datasource.definition", FIELD_TEXT, definition, "definition that the source was opened with"),
    SOURCE("kismet.datasource.interface", FIELD_TEXT, interface, "interface or file asked for"),
    SOURCE("kismet.datasource.capture_interface", FIELD_TEXT, capture_interface, "interface or file really captured from"),
    SOURCE("kismet.datasource.hardware", FIELD_TEXT, hardware, "hardware or driver"),
    SOURCE("kismet.datasource.datasource_version", FIELD_TEXT, version, "version of what captures"),
    SOURCE("kismet.datasource.ipc_binary", FIELD_TEXT, ipc_binary, "program that captures; empty when norn does it itself"),
    SOURCE("kismet.datasource.ipc_pid", FIELD_INT64, child_pid, "process that captures, 0 when there is none"),
    SOURCE("kismet.datasource.cmd_pending", FIELD_UINT8, command_pending, "1 while a command waits for the source's answer"),
    SOURCE("kismet.datasource.running", FIELD_UINT8, running, "1 while open"),
    SOURCE("kismet.datasource.paused", FIELD_UINT8, paused, "1 while paused"),
    SOURCE("kismet.datasource.passive", FIELD_UINT8, passive, "1: is fed by others"),
    SOURCE("kismet.datasource.remote", FIELD_UINT8, remote, "1: captures on another machine"),
    SOURCE("kismet.datasource.remote_ip", FIELD_TEXT, remote_ip, "address of that machine"),
    SOURCE("kismet.datasource.dlt", FIELD_UINT32, link_type, "link type of its frames (LINKTYPE number)"),
    SOURCE("kismet.datasource.linktype_override", FIELD_UINT32, link_type_override, "link type forced on its frames, 0 for none"),
    SOURCE("kismet.datasource.error", FIELD_UINT8, error, "1 while in error"),
    SOURCE("kismet.datasource.error_reason", FIELD_TEXT, error_reason, "what went wrong last"),
    SOURCE("kismet.datasource.warning", FIELD_TEXT, warning, "what is wrong though it works"),
    SOURCE("kismet.datasource.retry", FIELD_UINT8, retry, "1: is opened again after an error"),
    SOURCE("kismet.datasource.retry_attempts", FIELD_UINT32, retry_attempts, "failures since it was last open"),
    SOURCE("kismet.datasource.total_retry_attempts", FIELD_UINT32, total_retry_attempts, "failures in all"),
    {.name = "kismet.datasource.channels", .type = FIELD_LIST, .element = FIELD_STRING, .next = next_channel, .description = "channels it can be tuned to"},
    SOURCE("kismet.datasource.channel", FIELD_TEXT, channel, "channel it stays on; empty while it hops"),
    SOURCE("kismet.datasource.hopping", FIELD_UINT8, hopping, "1 while it hops"),
    SOURCE("kismet.datasource.hop_rate", FIELD_DOUBLE, hop_rate, "hops a second"),
    {.name = "kismet.datasource.hop_channels", .type = FIELD_LIST, .element = FIELD_STRING, .next = next_hop_channel, .description = "channels it goes round"},
    SOURCE("kismet.datasource.hop_split", FIELD_UINT8, hop_split, "1: shares the list with sources of its kind"),
    SOURCE("kismet.datasource.hop_offset", FIELD_UINT32, hop_offset, "where in the list it starts"),
    SOURCE("kismet.datasource.hop_shuffle", FIELD_UINT8, hop_shuffle, "1: goes round the list out of order"),
    SOURCE("kismet.datasource.hop_shuffle_skip", FIELD_UINT32, hop_shuffle_skip, "step of going round out of order"),
    SOURCE("kismet.datasource.num_packets", FIELD_UINT64, packets, "packets captured"),
    SOURCE("kismet.datasource.num_error_packets", FIELD_UINT64, error_packets, "packets with a wrong checksum or a broken header"),
    SOURCE("norn.datasource.kernel_drops", FIELD_UINT64, kernel_drops, "packets lost because the kernel's ring was full"),
    SOURCE("norn.datasource.interface_drops", FIELD_UINT64, interface_drops, "packets lost by the interface or its driver"),
    SOURCE("norn.datasource.tool_drops", FIELD_UINT64, tool_drops, "packets lost by the capture tool"),
    SOURCE("norn.datasource.deaf", FIELD_UINT8, deaf, "1: runs, but has delivered nothing for too long"),
    SOURCE("norn.datasource.queue_drops", FIELD_UINT64, queue_drops, "packets dropped because norn was behind"),
    SOURCE("norn.datasource.unsupported_packets", FIELD_UINT64, unsupported, "packets of a link type norn does not dissect"),
    SOURCE("norn.datasource.malformed_packets", FIELD_UINT64, malformed, "packets that could not be dissected whole"),
    SOURCE("norn.datasource.cut_packets", FIELD_UINT64, cut, "packets kept without their overlong tail"),
    SOURCE("norn.datasource.bad_records", FIELD_UINT64, bad_records, "records of the file that make no sense"),
    SOURCE("norn.datasource.ended", FIELD_UINT8, ended, "1: the file was read to its end"),
    SOURCE("kismet.datasource.info.antenna_type", FIELD_TEXT, antenna_type, "antenna, as the definition tells"),
    SOURCE("kismet.datasource.info.antenna_gain", FIELD_DOUBLE, antenna_gain, "gain of the antenna in dBi"),
    SOURCE("kismet.datasource.info.antenna_orientation", FIELD_DOUBLE, antenna_orientation, "where the antenna points, degrees"),
    SOURCE("kismet.datasource.info.antenna_beamwidth", FIELD_DOUBLE, antenna_beamwidth, "width of its beam, degrees"),
    SOURCE("kismet.datasource.info.amp_type", FIELD_TEXT, amp_type, "amplifier, as the definition tells"),
    SOURCE("kismet.datasource.info.amp_gain", FIELD_DOUBLE, amp_gain, "gain of the amplifier in dB"),
    {.name = "kismet.datasource.packets_rrd", .type = FIELD_RECORD, .get = get_packets_rrd, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "packets over time"},
    {.name = "kismet.datasource.packets_datasize_rrd", .type = FIELD_RECORD, .get = get_bytes_rrd, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "bytes over time"},
    {.name = "kismet.datasource.type_driver", .type = FIELD_INLINE, .offset = offsetof(struct datasource_record, driver), .record = &driver_type, .description = "type of the source"},
    SOURCE("kismet.datasource.source_name", FIELD_TEXT, name, "name of the source, 2016 name"),
    SOURCE("kismet.datasource.source_type", FIELD_TEXT, type, "type of the source, 2016 name"),
    SOURCE("kismet.datasource.source_interface", FIELD_TEXT, interface, "interface or file asked for, 2016 name"),
    SOURCE("kismet.datasource.source_uuid", FIELD_UUID, uuid, "UUID of the source, 2016 name"),
    SOURCE("kismet.datasource.source_id", FIELD_UINT32, number, "number of the source in this run, 2016 name"),
    SOURCE("kismet.datasource.source_channel_capable", FIELD_UINT8, tunable, "1: can be tuned, 2016 name"),
    SOURCE("kismet.datasource.child_pid", FIELD_INT64, child_pid, "process that captures, 2016 name"),
    SOURCE("kismet.datasource.description", FIELD_TEXT, description, "what its type captures from, 2016 name"),
    SOURCE("kismet.datasource.ipc_bin", FIELD_TEXT, ipc_binary, "program that captures, 2016 name"),
    SOURCE("kismet.datasource.ipc_errors", FIELD_UINT32, total_retry_attempts, "failures in all, 2016 name"),
    SOURCE("kismet.datasource.last_report_time", FIELD_UINT64, last_report_time, "when it last delivered, seconds, 2016 name"),
    SOURCE("kismet.datasource.num_reports", FIELD_UINT64, packets, "packets captured, 2016 name"),
};

static const struct field packetsource_fields[] = {
    SOURCE("kismet.oldsource.name", FIELD_TEXT, name, "name of the packet source"),
    SOURCE("kismet.oldsource.interface", FIELD_TEXT, interface, "its interface or file"),
    SOURCE("kismet.oldsource.type", FIELD_TEXT, type, "its type"),
    SOURCE("kismet.oldsource.uuid", FIELD_UUID, uuid, "its UUID"),
    SOURCE("kismet.oldsource.error", FIELD_UINT8, error, "1 while in error"),
    SOURCE("kismet.oldsource.hopping", FIELD_UINT8, hopping, "1 while it hops"),
    SOURCE("kismet.oldsource.channel", FIELD_TEXT, channel, "channel it stays on; empty while it hops"),
    SOURCE("kismet.oldsource.sourceline", FIELD_TEXT, definition, "definition it was opened with"),
};

static const struct field interface_fields[] = {
    FIELD("kismet.datasource.probed.interface", FIELD_TEXT, struct interface_record, interface, "interface that a source could use"),
    FIELD("kismet.datasource.probed.capture_interface", FIELD_TEXT, struct interface_record, capture_interface, "interface it would capture from"),
    FIELD("kismet.datasource.probed.hardware", FIELD_TEXT, struct interface_record, hardware, "hardware or driver"),
    FIELD("kismet.datasource.probed.datasource_version", FIELD_TEXT, struct interface_record, version, "version of what would capture"),
    {.name = "kismet.datasource.probed.options_vec", .type = FIELD_LIST, .element = FIELD_STRING, .next = next_option, .description = "options proposed for it"},
    FIELD("kismet.datasource.probed.in_use_uuid", FIELD_UUID, struct interface_record, in_use, "source that uses it already, else zeroes"),
    {.name = "kismet.datasource.type_driver", .type = FIELD_INLINE, .offset = offsetof(struct interface_record, driver), .record = &driver_type, .description = "type of source for it"},
};

const struct record_type driver_type = RECORD_TYPE("type of data source", driver_fields);
const struct record_type datasource_type = RECORD_TYPE("data source", datasource_fields);
const struct record_type packetsource_type = RECORD_TYPE("packet source", packetsource_fields);
const struct record_type interface_type = RECORD_TYPE("listed interface", interface_fields);
