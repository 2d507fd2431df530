/* /gps: where we are, the receivers and their kinds, and the positions that are posted. Input: the
 * receivers of geo/. Output: small records. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/gps_type.h"
#include "schema/gps_fields.h"
#include "schema/location_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/websocket/socket_command.h"
#include "util/clock.h"

static struct view view_of_now(void)
{
    uint64_t now = monitor_now();
    return (struct view){.server_now = now, .clock = now};
}

static void get_location(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct location_report report = {0};
    struct view view = view_of_now();
    report.has_fix = gps_locate(monitor->gps, clock_wall_ns(), &report.location, &report.gps);
    record_reply_single(request, &location_report_type, &report, &view);
}

static struct gps_record *list_receivers(struct request *request, size_t *ret_count)
{
    struct monitor *monitor = monitor_of(request);
    struct gps_record *records = arena_new(request_arena(request), GPS_MAX * sizeof *records);
    if (records)
        *ret_count = gps_list(monitor->gps, monitor_now(), records);
    else
        reply_error(request, 503, "out of memory");
    return records;
}

static void get_receivers(struct request *request)
{
    size_t count;
    struct record_reply reply;
    struct view view = view_of_now();
    const struct gps_record *records = list_receivers(request, &count);
    if (!records || !record_reply_begin(&reply, request, &gps_record_type))
        return;
    record_reply_list_begin(&reply, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        record_reply_element(&reply, &records[i], &view);
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

/* The newest location of each receiver, by its UUID. */
static void get_locations(struct request *request)
{
    size_t count;
    struct record_reply reply;
    struct view view = view_of_now();
    const struct gps_record *records = list_receivers(request, &count);
    if (!records || !record_reply_begin(&reply, request, &location_type))
        return;
    reply.emitter.buffer = &reply.body;
    emit_map_begin(&reply.emitter, FIELD_MAP_STRING, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        char text[UUID_TEXT];
        struct value key = {.type = FIELD_STRING, .text = text, .length = UUID_TEXT - 1};
        uuid_write(records[i].uuid, text);
        emit_key(&reply.emitter, FIELD_MAP_STRING, &key);
        emit_record(&reply.emitter, &location_type, reply.projection, &records[i].location, &view);
    }
    emit_map_end(&reply.emitter);
    if (reply.lines)
        buffer_add_byte(&reply.body, '\n');
    record_reply_send(&reply);
}

/* Reads a number of the command; a missing one is `fallback` unless it is needed. */
static int read_number(const struct command *command, const char *key, bool needed, double fallback,
                       double *ret_number, struct buffer *ret_why)
{
    int error = command_number(command, key, ret_number);
    if (error == -ENOENT && !needed) {
        *ret_number = fallback;
        return 0;
    }
    if (error == -ENOENT)
        buffer_printf(ret_why, "the key %s is missing", key);
    else if (error)
        buffer_printf(ret_why, "%s must be a finite number", key);
    return error ? -EINVAL : 0;
}

static int read_fix(const struct command *command, struct fix *ret_fix, struct buffer *ret_why)
{
    const struct {
        const char *key;
        bool needed;
        double fallback, *number;
    } numbers[] = {
        {"lat", true, 0, &ret_fix->latitude},         {"lon", true, 0, &ret_fix->longitude},
        {"alt", false, NAN, &ret_fix->altitude},      {"spd", false, NAN, &ret_fix->speed},
        {"accuracy", false, NAN, &ret_fix->accuracy},
    };
    int error = 0;
    *ret_fix = fix_unknown();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !error; i++)
        error = read_number(command, numbers[i].key, numbers[i].needed, numbers[i].fallback,
                            numbers[i].number, ret_why);
    ret_fix->dimensions = isnan(ret_fix->altitude) ? 2 : 3;
    return error;
}

static void explain_missing(const char *meta, struct buffer *why)
{
    if (meta)
        buffer_printf(
            why,
            "there is no meta GPS %.48s; metagps= of a source makes one, or gps=meta:name=", meta);
    else
        buffer_add_text(why,
                        "no web GPS is configured; add gps=web:name=webgps to the configuration");
}

/* Takes the position of a command for the meta receiver of a name, or for the web receiver. 0;
 * -ENOENT without such a receiver, -EINVAL; with a sentence in ret_why. */
static int take_position(struct gps *gps, const char *meta, const struct command *command,
                         struct buffer *ret_why)
{
    struct fix fix;
    int error = read_fix(command, &fix, ret_why);
    if (error)
        return error;
    error = gps_post(gps, meta, &fix, clock_wall_ns());
    if (error == -ENOENT)
        explain_missing(meta, ret_why);
    else if (error)
        buffer_add_text(ret_why, "lat must lie within -90 and 90 degrees, lon within -180 and 180");
    return error;
}

/* Replies with what is wrong, and frees it. */
static void refuse(struct request *request, int error, struct buffer *why)
{
    reply_error(request, error == -ENOENT ? 404 : 400, "%.*s", (int)why->length,
                (const char *)why->data);
    buffer_done(why);
}

static void post_position(struct request *request, const char *meta)
{
    struct buffer why = {0};
    int error = take_position(monitor_of(request)->gps, meta, request_command(request), &why);
    if (error)
        refuse(request, error, &why);
    else
        reply_text(request, 200, meta ? "Updated" : "OK");
}

static void post_web(struct request *request)
{
    post_position(request, NULL);
}

static void post_meta(struct request *request)
{
    post_position(request, request_parameter(request, "name", NULL));
}

/* ---- the same over websockets, one command a message */

enum { ANSWERS_LIMIT = 256 * 1024 }; /* bytes that may wait for a sender that does not read */

/* A socket that positions come from. */
struct sender {
    struct gps *gps;
    bool is_meta;
    char name[64];
};

static int obey(void *context, const struct socket_command *command, struct buffer *ret_why)
{
    const struct sender *sender = context;
    const char *meta = sender->is_meta ? sender->name : NULL;
    return take_position(sender->gps, meta, &command->command, ret_why);
}

static void on_position(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                        size_t length)
{
    if (socket_command_take(socket, bytes, length, obey) == 0)
        socket_command_answer(socket, "update", "ok");
}

static const struct websocket_type positions_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = SOCKET_COMMAND_MAX,
    .queue_limit = ANSWERS_LIMIT,
    .on_message = on_position,
    .free_context = free,
};

static void open_sender(struct request *request, const char *meta)
{
    struct buffer why = {0};
    if (!gps_takes(monitor_of(request)->gps, meta)) {
        explain_missing(meta, &why);
        refuse(request, -ENOENT, &why);
        return;
    }
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender) {
        reply_error(request, 503, "out of memory");
        return;
    }
    sender->gps = monitor_of(request)->gps;
    sender->is_meta = meta != NULL;
    snprintf(sender->name, sizeof sender->name, "%s", meta ? meta : "");
    websocket_accept(request, &positions_type, sender);
}

static void open_web(struct request *request)
{
    open_sender(request, NULL);
}

static void open_meta(struct request *request)
{
    open_sender(request, request_parameter(request, "name", NULL));
}

static void get_types(struct request *request)
{
    struct record_reply reply;
    struct view view = view_of_now();
    if (!record_reply_begin(&reply, request, &gps_type_record_type))
        return;
    record_reply_list_begin(&reply, (uint32_t)gps_types_count);
    for (size_t i = 0; i < gps_types_count; i++)
        record_reply_element(&reply, &gps_types[i]->record, &view);
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

/* The receiver of that UUID, or NULL when a reply was made instead. */
static const struct gps_record *find_receiver(struct request *request, struct uuid uuid)
{
    size_t count;
    const struct gps_record *records = list_receivers(request, &count);
    for (size_t i = 0; records && i < count; i++)
        if (uuid_equal(records[i].uuid, uuid))
            return &records[i];
    if (records)
        reply_error(request, 404, "no GPS has that UUID; see /gps/all_gps.json");
    return NULL;
}

/* The UUID of the path; false when a reply was made instead. */
static bool read_uuid(struct request *request, struct uuid *ret_uuid)
{
    size_t length;
    const char *text = request_parameter(request, "uuid", &length);
    if (uuid_parse(text, length, ret_uuid) == 0)
        return true;
    reply_error(request, 400, "'%.64s' is no UUID: see kismet.gps.uuid in /gps/all_gps.json", text);
    return false;
}

static void send_record(struct request *request, const struct record_type *type, const void *record)
{
    struct view view = view_of_now();
    record_reply_single(request, type, record, &view);
}

static void get_receiver_location(struct request *request)
{
    struct uuid uuid;
    const struct gps_record *record =
        read_uuid(request, &uuid) ? find_receiver(request, uuid) : NULL;
    if (record)
        send_record(request, &location_type, &record->location);
}

static void add_receiver(struct request *request)
{
    const char *definition;
    size_t length;
    struct uuid uuid;
    struct buffer why = {0};
    int error = command_text(request_command(request), "definition", &definition, &length);
    if (error || !length || strlen(definition) != length) {
        reply_error(request, 400, "the key definition is missing, as in \"gpsd:host=localhost\"");
        return;
    }
    if (gps_add(monitor_of(request)->gps, definition, &uuid, &why) != 0) {
        record_reply_refuse(request, &why);
        return;
    }
    const struct gps_record *record = find_receiver(request, uuid);
    if (record)
        send_record(request, &gps_record_type, record);
}

static void remove_receiver(struct request *request)
{
    struct uuid uuid;
    if (!read_uuid(request, &uuid))
        return;
    if (gps_remove(monitor_of(request)->gps, uuid) == 0)
        reply_text(request, 200, "Removed GPS");
    else
        reply_error(request, 404, "no GPS has that UUID; see /gps/all_gps.json");
}

// clang-format off
const struct route api_gps_routes[] = {
    {METHOD_GET | METHOD_POST, "/gps/location", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_location,
     "The best position known now, and the receiver it came from.", ANSWER_RECORD, &location_report_type},
    {METHOD_GET | METHOD_POST, "/gps/all_gps", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_receivers,
     "Every receiver of positions, by priority.", ANSWER_LIST, &gps_record_type},
    {METHOD_GET | METHOD_POST, "/gps/all_locations", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_locations,
     "The newest position of every receiver, by its UUID.", ANSWER_MAP, &location_type},
    {METHOD_GET | METHOD_POST, "/gps/drivers", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_types,
     "The kinds of receivers that there can be.", ANSWER_LIST, &gps_type_record_type},
    {METHOD_GET | METHOD_POST, "/gps/by-uuid/{uuid}/location", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_receiver_location,
     "The newest position of one receiver.", ANSWER_RECORD, &location_type},
    {METHOD_POST, "/gps/add_gps", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, add_receiver,
     "Adds the receiver of that definition, as gps= takes it.", ANSWER_RECORD, &gps_record_type},
    {METHOD_GET | METHOD_POST, "/gps/by-uuid/{uuid}/remove_gps", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, remove_receiver,
     "Takes a receiver away, until the next start."},
    {METHOD_POST, "/gps/web/update", ROUTE_COMMAND, ROLE_WEBGPS | ROLE_ADMIN, BODY_COMMAND, post_web,
     "Sets the position of the web receiver: lat, lon, and if known alt (metres), spd (km/h) and accuracy (metres)."},
    {METHOD_POST, "/gps/meta/{name}/update", ROUTE_COMMAND, ROLE_WEBGPS | ROLE_ADMIN, BODY_COMMAND, post_meta,
     "The same for the meta receiver of that name."},
    {METHOD_WEBSOCKET, "/gps/web/update", ROUTE_WEBSOCKET, ROLE_WEBGPS | ROLE_ADMIN, BODY_OPTIONAL, open_web,
     "Takes positions for the web receiver, one a message, with the keys of update.cmd; each is answered by {\"update\": \"ok\"} or {\"error\": why}."},
    {METHOD_WEBSOCKET, "/gps/meta/{name}/update", ROUTE_WEBSOCKET, ROLE_WEBGPS | ROLE_ADMIN, BODY_OPTIONAL, open_meta,
     "The same for the meta receiver of that name."},
    {0},
};
