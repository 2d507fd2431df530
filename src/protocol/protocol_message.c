/* The tables of the messages. See protocol_message.h. */
#include "protocol/protocol_message.h"

#include <errno.h>

static const struct protocol_table *find_table(uint16_t type);

int protocol_message_parse(const struct protocol_frame *frame, struct protocol_message *ret_message)
{
    const struct protocol_table *table = find_table(frame->type);
    struct reader reader = reader_over(frame->body, frame->body_length);
    *ret_message = (struct protocol_message){
        .type = frame->type, .code = frame->code, .sequence = frame->sequence};
    if (frame->type == PROTOCOL_PING || frame->type == PROTOCOL_PONG ||
        frame->type == PROTOCOL_LIST_REQUEST)
        return 0; /* whatever they carry */
    if (!table)
        return -ENOTSUP;
    return protocol_block_parse(table, &reader, &ret_message->note) ? 0 : -EBADMSG;
}

void protocol_message_write(const struct protocol_message *message, struct buffer *buffer)
{
    const struct protocol_table *table = find_table(message->type);
    size_t begin = protocol_frame_begin(buffer, message->type, message->code, message->sequence);
    if (table)
        protocol_block_write(table, &message->note, buffer);
    protocol_frame_end(buffer, begin);
}

// clang-format off
#define ROW(number, what, structure, member) {.key = (number), .kind = PROTOCOL_##what, .offset = offsetof(structure, member)}
#define INNER(number, inner, structure, member) {.key = (number), .kind = PROTOCOL_BLOCK, .offset = offsetof(structure, member), .table = &(inner)}
#define TABLE(rows, structure) {.fields = (rows), .count = sizeof(rows) / sizeof *(rows), .size = sizeof(structure)}

static const struct protocol_field interface_fields[] = {
    ROW(1, TEXT, struct protocol_interface, interface),
    ROW(2, TEXT, struct protocol_interface, flags),
    ROW(3, TEXT, struct protocol_interface, hardware),
    ROW(4, TEXT, struct protocol_interface, capture),
    ROW(5, TEXT, struct protocol_interface, channel),
    ROW(6, LIST, struct protocol_interface, channels),
};
const struct protocol_table protocol_interface_table = TABLE(interface_fields, struct protocol_interface);

static const struct protocol_field hop_fields[] = {
    ROW(1, REAL, struct protocol_hop, rate),
    ROW(2, BOOLEAN, struct protocol_hop, shuffle),
    ROW(3, UINT, struct protocol_hop, skip),
    ROW(4, UINT, struct protocol_hop, offset),
    ROW(5, LIST, struct protocol_hop, channels),
    ROW(6, BOOLEAN, struct protocol_hop, enabled),
};
static const struct protocol_table hop_table = TABLE(hop_fields, struct protocol_hop);

static const struct protocol_field gps_fields[] = {
    ROW(1, REAL, struct protocol_gps, latitude),
    ROW(2, REAL, struct protocol_gps, longitude),
    ROW(3, REAL, struct protocol_gps, altitude),
    ROW(4, UINT, struct protocol_gps, fix),
    ROW(5, REAL, struct protocol_gps, speed),
    ROW(6, REAL, struct protocol_gps, heading),
    ROW(7, REAL, struct protocol_gps, precision),
    ROW(8, UINT, struct protocol_gps, seconds),
    ROW(9, UINT, struct protocol_gps, microseconds),
    ROW(10, TEXT, struct protocol_gps, type),
    ROW(11, TEXT, struct protocol_gps, name),
    ROW(12, TEXT, struct protocol_gps, uuid),
};
static const struct protocol_table gps_table = TABLE(gps_fields, struct protocol_gps);

static const struct protocol_field signal_fields[] = {
    ROW(1, SIGNED, struct protocol_signal, signal_dbm),
    ROW(2, SIGNED, struct protocol_signal, noise_dbm),
    ROW(3, SIGNED, struct protocol_signal, signal_rssi),
    ROW(4, SIGNED, struct protocol_signal, noise_rssi),
    ROW(5, UINT, struct protocol_signal, frequency),
    ROW(6, UINT, struct protocol_signal, rate),
    ROW(7, TEXT, struct protocol_signal, channel),
};
static const struct protocol_table signal_table = TABLE(signal_fields, struct protocol_signal);

static const struct protocol_field captured_fields[] = {
    ROW(1, UINT, struct protocol_captured, link_type),
    ROW(2, UINT, struct protocol_captured, seconds),
    ROW(3, UINT, struct protocol_captured, microseconds),
    ROW(4, UINT, struct protocol_captured, original_length),
    ROW(6, BINARY, struct protocol_captured, content),
    ROW(32, UINT, struct protocol_captured, nanoseconds),
};
static const struct protocol_table captured_table = TABLE(captured_fields, struct protocol_captured);

static const struct protocol_field json_fields[] = {
    ROW(1, TEXT, struct protocol_json, type),
    ROW(2, UINT, struct protocol_json, seconds),
    ROW(3, UINT, struct protocol_json, microseconds),
    ROW(4, TEXT, struct protocol_json, json),
};
static const struct protocol_table json_table = TABLE(json_fields, struct protocol_json);

static const struct protocol_field statistics_fields[] = {
    ROW(1, UINT, struct protocol_statistics, received),
    ROW(2, UINT, struct protocol_statistics, kernel_drops),
    ROW(3, UINT, struct protocol_statistics, interface_drops),
    ROW(4, UINT, struct protocol_statistics, tool_drops),
};
static const struct protocol_table statistics_table = TABLE(statistics_fields, struct protocol_statistics);

static const struct protocol_field dwell_fields[] = {
    ROW(1, TEXT, struct protocol_dwell, channel),
    ROW(2, UINT, struct protocol_dwell, milliseconds),
    ROW(3, BOOLEAN, struct protocol_dwell, hopped),
    ROW(4, BOOLEAN, struct protocol_dwell, refused),
};
const struct protocol_table protocol_dwell_table = TABLE(dwell_fields, struct protocol_dwell);

static const struct protocol_field packet_fields[] = {
    INNER(1, gps_table, struct protocol_packet, gps),
    INNER(2, signal_table, struct protocol_packet, signal),
    INNER(4, captured_table, struct protocol_packet, captured),
    INNER(5, json_table, struct protocol_packet, json),
    INNER(32, statistics_table, struct protocol_packet, statistics),
    ROW(33, LIST, struct protocol_packet, dwells),
};
static const struct protocol_table packet_table = TABLE(packet_fields, struct protocol_packet);

static const struct protocol_field note_fields[] = {
    ROW(1, UINT, struct protocol_note, level),
    ROW(2, TEXT, struct protocol_note, text),
};
static const struct protocol_table note_table = TABLE(note_fields, struct protocol_note);

static const struct protocol_field reason_fields[] = {
    ROW(1, TEXT, struct protocol_reason, text),
};
static const struct protocol_table reason_table = TABLE(reason_fields, struct protocol_reason);

static const struct protocol_field list_report_fields[] = {
    ROW(1, UINT, struct protocol_list_report, sequence),
    ROW(2, LIST, struct protocol_list_report, interfaces),
    ROW(3, TEXT, struct protocol_list_report, text),
    ROW(4, TEXT, struct protocol_list_report, version),
};
static const struct protocol_table list_report_table = TABLE(list_report_fields, struct protocol_list_report);

static const struct protocol_field probe_report_fields[] = {
    ROW(1, UINT, struct protocol_probe_report, sequence),
    INNER(2, protocol_interface_table, struct protocol_probe_report, interface),
    ROW(3, TEXT, struct protocol_probe_report, text),
};
static const struct protocol_table probe_report_table = TABLE(probe_report_fields, struct protocol_probe_report);

static const struct protocol_field open_report_fields[] = {
    ROW(1, UINT, struct protocol_open_report, sequence),
    ROW(2, UINT, struct protocol_open_report, link_type),
    ROW(3, TEXT, struct protocol_open_report, capture),
    ROW(4, LIST, struct protocol_open_report, channels),
    ROW(5, TEXT, struct protocol_open_report, channel),
    INNER(6, hop_table, struct protocol_open_report, hop),
    ROW(7, TEXT, struct protocol_open_report, hardware),
    ROW(8, TEXT, struct protocol_open_report, uuid),
    ROW(9, TEXT, struct protocol_open_report, text),
    ROW(10, TEXT, struct protocol_open_report, version),
    ROW(32, UINT, struct protocol_open_report, session),
};
static const struct protocol_table open_report_table = TABLE(open_report_fields, struct protocol_open_report);

static const struct protocol_field configure_fields[] = {
    ROW(1, TEXT, struct protocol_configure, channel),
    INNER(2, hop_table, struct protocol_configure, hop),
};
static const struct protocol_table configure_table = TABLE(configure_fields, struct protocol_configure);

static const struct protocol_field configure_report_fields[] = {
    ROW(1, UINT, struct protocol_configure_report, sequence),
    ROW(2, TEXT, struct protocol_configure_report, channel),
    INNER(3, hop_table, struct protocol_configure_report, hop),
    ROW(4, TEXT, struct protocol_configure_report, text),
};
static const struct protocol_table configure_report_table = TABLE(configure_report_fields, struct protocol_configure_report);

static const struct protocol_field new_source_fields[] = {
    ROW(1, TEXT, struct protocol_new_source, definition),
    ROW(2, TEXT, struct protocol_new_source, type),
    ROW(3, TEXT, struct protocol_new_source, uuid),
    ROW(32, UINT, struct protocol_new_source, session),
};
static const struct protocol_table new_source_table = TABLE(new_source_fields, struct protocol_new_source);

static const struct protocol_table *find_table(uint16_t type)
{
    static const struct protocol_table *const tables[] = {
        [PROTOCOL_SHUTDOWN] = &reason_table,
        [PROTOCOL_MESSAGE] = &note_table,
        [PROTOCOL_ERROR] = &reason_table,
        [PROTOCOL_PROBE_REQUEST] = &reason_table,
        [PROTOCOL_PROBE_REPORT] = &probe_report_table,
        [PROTOCOL_OPEN_REQUEST] = &reason_table,
        [PROTOCOL_OPEN_REPORT] = &open_report_table,
        [PROTOCOL_LIST_REPORT] = &list_report_table,
        [PROTOCOL_PACKET] = &packet_table,
        [PROTOCOL_CONFIGURE_REQUEST] = &configure_table,
        [PROTOCOL_CONFIGURE_REPORT] = &configure_report_table,
        [PROTOCOL_NEW_SOURCE] = &new_source_table,
    };
    return type < sizeof tables / sizeof *tables ? tables[type] : NULL;
}
// clang-format on

int protocol_message_uuid(struct protocol_text text, struct uuid *ret_uuid)
{
    return text.length < UUID_TEXT - 1 ? -EINVAL : uuid_parse(text.text, UUID_TEXT - 1, ret_uuid);
}
