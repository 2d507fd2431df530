/* /streams: the packet streams under way. Input: their registry. Output: records; ending one. */
#include <string.h>

#include "schema/stream_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/packet/packet_stream.h"
#include "util/text.h"

/* Copies the records of all streams; NULL when a reply was made instead. */
static struct stream_record *list_streams(struct request *request, size_t *ret_count)
{
    struct stream_record *records =
        arena_new(request_arena(request), PACKET_STREAMS * sizeof *records);
    if (records)
        *ret_count = packet_streams_list(monitor_of(request)->packet_streams, records);
    else
        reply_error(request, 503, "out of memory");
    return records;
}

static void get_streams(struct request *request)
{
    size_t count;
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    const struct stream_record *records = list_streams(request, &count);
    if (!records || !record_reply_begin(&reply, request, &stream_record_type))
        return;
    record_reply_map_begin(&reply, FIELD_MAP_INT, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        struct value key = {.type = FIELD_INT64, .integer = (int64_t)records[i].id};
        record_reply_entry(&reply, FIELD_MAP_INT, &key, &records[i], &view);
    }
    record_reply_map_end(&reply, FIELD_MAP_INT);
    record_reply_send(&reply);
}

/* The number in the path. False when 400 was replied instead. */
static bool read_id(struct request *request, int64_t *ret_id)
{
    size_t length;
    const char *text = request_parameter(request, "id", &length);
    if (text_parse_i64(text, length, ret_id) == 0)
        return true;
    reply_error(request, 400, "'%.40s' is no stream's number; see /streams/all_streams.json", text);
    return false;
}

static void get_stream(struct request *request)
{
    size_t count;
    int64_t id;
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    const struct stream_record *records =
        read_id(request, &id) ? list_streams(request, &count) : NULL;
    for (size_t i = 0; records && i < count; i++) {
        if ((int64_t)records[i].id != id)
            continue;
        if (!record_reply_begin(&reply, request, &stream_record_type))
            return;
        record_reply_record(&reply, &records[i], &view);
        record_reply_send(&reply);
        return;
    }
    if (records)
        reply_error(request, 404, "there is no stream of that number");
}

static void close_stream(struct request *request)
{
    int64_t id;
    if (!read_id(request, &id))
        return;
    if (packet_stream_close(monitor_of(request)->packet_streams, (uint64_t)id) == 0)
        reply_text(request, 200, "OK");
    else
        reply_error(request, 404, "there is no stream of that number");
}

// clang-format off
const struct route api_streams_routes[] = {
    {METHOD_GET | METHOD_POST, "/streams/all_streams", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_streams,
     "The packet streams under way, by number, with what each has sent and dropped.", ANSWER_MAP, &stream_record_type},
    {METHOD_GET | METHOD_POST, "/streams/by-id/{id}/stream_info", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_stream,
     "One of them.", ANSWER_RECORD, &stream_record_type},
    {METHOD_GET | METHOD_POST, "/streams/by-id/{id}/close_stream", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, close_stream,
     "Ends a stream."},
    {0},
};
