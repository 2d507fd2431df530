/* The tables of metrics and their writer. See metrics.h. Rows that share a name stand together and
 * differ by a label: the format wants the samples of a metric side by side. */
#include "serve/api/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "util/text.h"

struct metric {
    const char *name, *kind, *help;
    size_t offset;     /* of an uint64_t */
    const char *label; /* more labels of the sample; NULL: none */
};

static const struct metric metrics_rows[], source_rows[];
static const size_t metrics_row_count, source_row_count;

static uint64_t read_number(const void *record, const struct metric *row)
{
    uint64_t number;
    memcpy(&number, (const uint8_t *)record + row->offset, sizeof number);
    return number;
}

/* What a metric is, before its first sample. */
static void add_head(const struct metric *row, struct buffer *buffer)
{
    buffer_printf(buffer, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
                  row->kind);
}

/* A label's text: backslash, quote and line feed escaped, bytes that are no UTF-8 as '?'. */
static void add_label(const char *text, struct buffer *buffer)
{
    size_t left = strlen(text);
    while (left) {
        size_t valid = text_utf8_valid(text, left);
        for (size_t i = 0; i < valid; i++) {
            if (text[i] == '\\' || text[i] == '"' || text[i] == '\n')
                buffer_add_byte(buffer, '\\');
            buffer_add_byte(buffer, text[i] == '\n' ? 'n' : (uint8_t)text[i]);
        }
        if (valid < left)
            buffer_add_byte(buffer, '?');
        valid += valid < left;
        text += valid;
        left -= valid;
    }
}

static void add_source(const struct metrics_source *source, const struct metric *row,
                       struct buffer *buffer)
{
    buffer_printf(buffer, "%s{source=\"", row->name);
    add_label(source->name, buffer);
    buffer_printf(buffer, "\",uuid=\"%s\",type=\"", source->uuid);
    add_label(source->type, buffer);
    buffer_printf(buffer, "\"%s%s} %" PRIu64 "\n", row->label ? "," : "",
                  row->label ? row->label : "", read_number(source, row));
}

void metrics_write(const struct metrics *metrics, struct buffer *buffer)
{
    buffer_printf(buffer,
                  "# HELP norn_build_info The version that runs.\n"
                  "# TYPE norn_build_info gauge\nnorn_build_info{version=\"%s\"} 1\n",
                  NORN_VERSION);
    for (size_t i = 0; i < metrics_row_count; i++) {
        const struct metric *row = &metrics_rows[i];
        if (!i || strcmp(row[-1].name, row->name) != 0)
            add_head(row, buffer);
        buffer_printf(buffer, "%s%s%s%s %" PRIu64 "\n", row->name, row->label ? "{" : "",
                      row->label ? row->label : "", row->label ? "}" : "",
                      read_number(metrics, row));
    }
    for (size_t i = 0; i < source_row_count && metrics->source_count; i++) {
        const struct metric *row = &source_rows[i];
        if (!i || strcmp(row[-1].name, row->name) != 0)
            add_head(row, buffer);
        for (size_t j = 0; j < metrics->source_count; j++)
            add_source(&metrics->sources[j], row, buffer);
    }
}

// clang-format off
#define ROW(name, kind, member, help) {"norn_" name, kind, help, offsetof(struct metrics, member), NULL}
#define LABELLED(name, kind, member, label, help) {"norn_" name, kind, help, offsetof(struct metrics, member), label}
#define SOURCE(name, kind, member, help) {"norn_source_" name, kind, help, offsetof(struct metrics_source, member), NULL}
#define DROPS(member, where) {"norn_source_drops_total", "counter", "Frames lost on their way, by where.", offsetof(struct metrics_source, counts.member), "at=\"" where "\""}

static const struct metric metrics_rows[] = {
    ROW("start_time_seconds", "gauge", start_seconds, "When norn was started, since 1970."),
    ROW("resident_memory_bytes", "gauge", memory_bytes, "Memory of the process that is resident."),
    ROW("store_bytes", "gauge", store_bytes, "Memory that devices take."),
    ROW("devices", "gauge", devices, "Devices known."),
    ROW("devices_evicted_total", "counter", devices_evicted, "Devices dropped for their age or their number."),
    ROW("packets_total", "counter", packets, "Packets taken up."),
    ROW("packets_error_total", "counter", packets_error, "Packets with a wrong checksum."),
    ROW("packets_unsupported_total", "counter", packets_unsupported, "Packets of a link type that is not dissected."),
    ROW("packets_repeated_total", "counter", packets_repeated, "Packets that another source had heard."),
    ROW("queue_batches", "gauge", queue_batches, "Batches of packets that wait to be taken up."),
    ROW("alerts_total", "counter", alerts, "Alerts raised."),
    ROW("notices_lost_total", "counter", notices_lost, "Alerts and messages that no listener was told."),
    ROW("http_requests_total", "counter", requests, "Requests answered or refused."),
    ROW("http_requests_shared_total", "counter", requests_shared, "Requests answered together with the same ones of others."),
    LABELLED("http_replies_total", "counter", answered, "status=\"good\"", "Replies, by status: good is below 400, rejected below 500, failed any other."),
    LABELLED("http_replies_total", "counter", rejected, "status=\"rejected\"", NULL),
    LABELLED("http_replies_total", "counter", failed, "status=\"failed\"", NULL),
    ROW("http_connections", "gauge", connections, "Connections open."),
    ROW("http_connections_refused_total", "counter", connections_refused, "Connections over the limit of their address."),
    ROW("http_replies_active", "gauge", replies, "Long replies under way."),
    ROW("http_reply_bytes", "gauge", reply_bytes, "Memory that large records of replies take."),
    LABELLED("http_replies_cut_total", "counter", replies_slow, "why=\"slow\"", "Replies cut: the client was too slow, or no memory was left."),
    LABELLED("http_replies_cut_total", "counter", replies_memory, "why=\"memory\"", NULL),
    ROW("websockets", "gauge", websockets, "Websockets open."),
    LABELLED("websocket_messages_total", "counter", websocket_in, "way=\"in\"", "Messages of websockets, by what became of them."),
    LABELLED("websocket_messages_total", "counter", websocket_out, "way=\"out\"", NULL),
    LABELLED("websocket_messages_total", "counter", websocket_dropped, "way=\"dropped\"", NULL),
};
static const size_t metrics_row_count = sizeof metrics_rows / sizeof *metrics_rows;

static const struct metric source_rows[] = {
    SOURCE("running", "gauge", running, "Whether the source runs."),
    SOURCE("error", "gauge", error, "Whether the source is in error."),
    SOURCE("packets_total", "counter", counts.packets, "Frames that the source gave."),
    SOURCE("bytes_total", "counter", counts.bytes, "Bytes of these."),
    SOURCE("error_packets_total", "counter", counts.error_packets, "Frames with a wrong checksum."),
    SOURCE("malformed_total", "counter", counts.malformed, "Frames that could not be dissected whole."),
    SOURCE("unsupported_total", "counter", counts.unsupported, "Frames of a link type that is not dissected."),
    SOURCE("bad_records_total", "counter", counts.bad_records, "Records of a file that make no sense."),
    DROPS(kernel_drops, "kernel"),
    DROPS(interface_drops, "interface"),
    DROPS(tool_drops, "tool"),
    DROPS(queue_drops, "queue"),
};
static const size_t source_row_count = sizeof source_rows / sizeof *source_rows;
