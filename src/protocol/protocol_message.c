/* The tables of every message and its blocks, and the way from frame to struct and back.
 * See protocol_message.h; the numbers are the protocol's (docs/protocol.md). */
#include "protocol/protocol_message.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"

/* A command that has a body: its table. */
struct body {
    enum protocol_command command;
    struct protocol_block block;
};

static const struct body bodies[];
static const size_t bodies_count;

static const struct protocol_block *find_body(enum protocol_command command)
{
    for (size_t i = 0; i < bodies_count; i++)
        if (bodies[i].command == command)
            return &bodies[i].block;
    return NULL;
}

static bool has_no_body(enum protocol_command command)
{
    return command == PROTOCOL_PING || command == PROTOCOL_PONG || command == PROTOCOL_LISTREQ;
}

int protocol_message_parse(const struct protocol_frame *frame, struct protocol_message *ret_message)
{
    const struct protocol_block *block = find_body(frame->command);
    if (frame->version != 3 || (!block && !has_no_body(frame->command)))
        return -ENOTSUP;
    struct protocol_message message;
    memset(&message, 0, sizeof message);
    message.command = frame->command;
    message.code = frame->code;
    message.sequence = frame->sequence;
    if (block && frame->body.length) {
        struct reader reader = reader_over(frame->body.data, frame->body.length);
        if (protocol_block_parse(block, &reader, &message.text) < 0)
            return -EPROTO;
    }
    *ret_message = message;
    return 0;
}

void protocol_message_write(const struct protocol_message *message, struct buffer *buffer)
{
    const struct protocol_block *block = find_body(message->command);
    size_t begin = buffer->length;
    if (!buffer_room(buffer, PROTOCOL_HEADER))
        return;
    buffer_advance(buffer, PROTOCOL_HEADER);
    if (block)
        protocol_block_write(block, &message->text, buffer);
    if (buffer->failed) {
        buffer->length = begin;
        return;
    }
    protocol_frame_write(buffer->data + begin, message->command, message->code, message->sequence,
                         buffer->length - begin - PROTOCOL_HEADER);
}

int protocol_message_uuid(struct slice text, struct uuid *ret_uuid)
{
    size_t length = text.length < UUID_TEXT ? text.length : UUID_TEXT - 1;
    return uuid_parse((const char *)text.data, length, ret_uuid);
}

// clang-format off
#define ROW(key, kind, record, member) {key, kind, offsetof(struct record, member), NULL}
#define INNER(key, record, member, inner) \
    {key, MEMBER_BLOCK, offsetof(struct record, member), &inner}
#define TABLE(rows) {rows, sizeof rows / sizeof rows[0]}

static const struct protocol_member interface_members[] = {
    ROW(1, MEMBER_TEXT, protocol_interface, name),
    ROW(2, MEMBER_TEXT, protocol_interface, flags),
    ROW(3, MEMBER_TEXT, protocol_interface, hardware),
    ROW(4, MEMBER_TEXT, protocol_interface, capture_interface),
    ROW(5, MEMBER_TEXT, protocol_interface, channel),
    ROW(6, MEMBER_LIST, protocol_interface, channels),
};
const struct protocol_block protocol_interface_block = TABLE(interface_members);

static const struct protocol_member hop_members[] = {
    ROW(PROTOCOL_HOP_RATE, MEMBER_FLOAT64, protocol_hop, rate),
    ROW(PROTOCOL_HOP_SHUFFLE, MEMBER_BOOL, protocol_hop, shuffle),
    ROW(PROTOCOL_HOP_SKIP, MEMBER_U32, protocol_hop, skip),
    ROW(PROTOCOL_HOP_OFFSET, MEMBER_U32, protocol_hop, offset),
    ROW(PROTOCOL_HOP_CHANNELS, MEMBER_LIST, protocol_hop, channels),
    ROW(PROTOCOL_HOP_ENABLED, MEMBER_BOOL, protocol_hop, enabled),
};
static const struct protocol_block hop_block = TABLE(hop_members);

static const struct protocol_member gps_members[] = {
    ROW(1, MEMBER_FLOAT64, protocol_gps, latitude),
    ROW(2, MEMBER_FLOAT64, protocol_gps, longitude),
    ROW(3, MEMBER_FLOAT32, protocol_gps, altitude),
    ROW(4, MEMBER_U32, protocol_gps, fix),
    ROW(5, MEMBER_FLOAT32, protocol_gps, speed),
    ROW(6, MEMBER_FLOAT32, protocol_gps, heading),
    ROW(7, MEMBER_FLOAT32, protocol_gps, precision),
    ROW(8, MEMBER_U64, protocol_gps, seconds),
    ROW(9, MEMBER_U32, protocol_gps, microseconds),
    ROW(10, MEMBER_TEXT, protocol_gps, type),
    ROW(11, MEMBER_TEXT, protocol_gps, name),
    ROW(12, MEMBER_TEXT, protocol_gps, uuid),
};
static const struct protocol_block gps_block = TABLE(gps_members);

static const struct protocol_member signal_members[] = {
    ROW(1, MEMBER_I32, protocol_signal, signal_dbm),
    ROW(2, MEMBER_I32, protocol_signal, noise_dbm),
    ROW(3, MEMBER_I32, protocol_signal, signal_rssi),
    ROW(4, MEMBER_I32, protocol_signal, noise_rssi),
    ROW(5, MEMBER_U64, protocol_signal, frequency_khz),
    ROW(6, MEMBER_U64, protocol_signal, data_rate),
    ROW(7, MEMBER_TEXT, protocol_signal, channel),
};
static const struct protocol_block signal_block = TABLE(signal_members);

static const struct protocol_member packet_members[] = {
    ROW(1, MEMBER_U32, protocol_packet, link_type),
    ROW(2, MEMBER_U64, protocol_packet, seconds),
    ROW(3, MEMBER_U32, protocol_packet, microseconds),
    ROW(4, MEMBER_U32, protocol_packet, original_length),
    ROW(6, MEMBER_BYTES, protocol_packet, content),
};
static const struct protocol_block packet_block = TABLE(packet_members);

static const struct protocol_member json_members[] = {
    ROW(1, MEMBER_TEXT, protocol_json, type),
    ROW(2, MEMBER_U64, protocol_json, seconds),
    ROW(3, MEMBER_U32, protocol_json, microseconds),
    ROW(4, MEMBER_TEXT, protocol_json, text),
};
static const struct protocol_block json_block = TABLE(json_members);

static const struct protocol_member statistics_members[] = {
    ROW(1, MEMBER_U64, protocol_statistics, received),
    ROW(2, MEMBER_U64, protocol_statistics, kernel_drops),
    ROW(3, MEMBER_U64, protocol_statistics, interface_drops),
    ROW(4, MEMBER_U64, protocol_statistics, tool_drops),
    ROW(5, MEMBER_U64, protocol_statistics, bad_fcs),
};
static const struct protocol_block statistics_block = TABLE(statistics_members);

static const struct protocol_member text_members[] = {
    ROW(1, MEMBER_TEXT, protocol_text, text),
};

static const struct protocol_member note_members[] = {
    ROW(1, MEMBER_U32, protocol_note, severity),
    ROW(2, MEMBER_TEXT, protocol_note, text),
};

static const struct protocol_member configure_members[] = {
    ROW(PROTOCOL_CONFIGURE_CHANNEL, MEMBER_TEXT, protocol_configure, channel),
    INNER(PROTOCOL_CONFIGURE_HOP, protocol_configure, hop, hop_block),
};

static const struct protocol_member list_report_members[] = {
    ROW(1, MEMBER_U32, protocol_list_report, sequence),
    ROW(2, MEMBER_LIST, protocol_list_report, interfaces),
    ROW(3, MEMBER_TEXT, protocol_list_report, text),
    ROW(4, MEMBER_TEXT, protocol_list_report, version),
};

static const struct protocol_member probe_report_members[] = {
    ROW(1, MEMBER_U32, protocol_probe_report, sequence),
    INNER(2, protocol_probe_report, interface, protocol_interface_block),
    ROW(3, MEMBER_TEXT, protocol_probe_report, text),
};

static const struct protocol_member open_report_members[] = {
    ROW(1, MEMBER_U32, protocol_open_report, sequence),
    ROW(2, MEMBER_U32, protocol_open_report, link_type),
    ROW(3, MEMBER_TEXT, protocol_open_report, capture_interface),
    ROW(4, MEMBER_LIST, protocol_open_report, channels),
    ROW(5, MEMBER_TEXT, protocol_open_report, channel),
    INNER(6, protocol_open_report, hop, hop_block),
    ROW(7, MEMBER_TEXT, protocol_open_report, hardware),
    ROW(8, MEMBER_TEXT, protocol_open_report, uuid),
    ROW(9, MEMBER_TEXT, protocol_open_report, text),
    ROW(10, MEMBER_TEXT, protocol_open_report, version),
    ROW(32, MEMBER_U64, protocol_open_report, session),
};

static const struct protocol_member configure_report_members[] = {
    ROW(1, MEMBER_U32, protocol_configure_report, sequence),
    ROW(2, MEMBER_TEXT, protocol_configure_report, channel),
    INNER(3, protocol_configure_report, hop, hop_block),
    ROW(4, MEMBER_TEXT, protocol_configure_report, text),
};

static const struct protocol_member data_members[] = {
    INNER(PROTOCOL_DATA_GPS, protocol_data, gps, gps_block),
    INNER(PROTOCOL_DATA_SIGNAL, protocol_data, signal, signal_block),
    INNER(PROTOCOL_DATA_PACKET, protocol_data, packet, packet_block),
    INNER(PROTOCOL_DATA_JSON, protocol_data, json, json_block),
    INNER(PROTOCOL_DATA_STATISTICS, protocol_data, statistics, statistics_block),
    ROW(PROTOCOL_DATA_DWELLS, MEMBER_LIST, protocol_data, dwells),
};

static const struct protocol_member new_source_members[] = {
    ROW(1, MEMBER_TEXT, protocol_new_source, definition),
    ROW(2, MEMBER_TEXT, protocol_new_source, type),
    ROW(3, MEMBER_TEXT, protocol_new_source, uuid),
    ROW(32, MEMBER_U64, protocol_new_source, session),
};

static const struct body bodies[] = {
    {PROTOCOL_REGISTER, TABLE(text_members)},
    {PROTOCOL_SHUTDOWN, TABLE(text_members)},
    {PROTOCOL_MESSAGE, TABLE(note_members)},
    {PROTOCOL_FAILURE, TABLE(text_members)},
    {PROTOCOL_PROBEREQ, TABLE(text_members)},
    {PROTOCOL_PROBEREPORT, TABLE(probe_report_members)},
    {PROTOCOL_OPENREQ, TABLE(text_members)},
    {PROTOCOL_OPENREPORT, TABLE(open_report_members)},
    {PROTOCOL_LISTREPORT, TABLE(list_report_members)},
    {PROTOCOL_DATA, TABLE(data_members)},
    {PROTOCOL_CONFIGREQ, TABLE(configure_members)},
    {PROTOCOL_CONFIGREPORT, TABLE(configure_report_members)},
    {PROTOCOL_NEWSOURCE, TABLE(new_source_members)},
};
static const size_t bodies_count = sizeof bodies / sizeof bodies[0];
// clang-format on
