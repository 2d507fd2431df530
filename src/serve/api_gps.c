/* /gps: where we are, the receivers, and the position that a browser posts. Input: the receivers
 * of geo/. Output: small records. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "serve/monitor.h"
#include "serve/record_reply.h"
#include "serve/routes.h"

static struct view view_of_now(void)
{
    uint64_t now = monitor_now();
    return (struct view){.server_now = now, .clock = now};
}

static void get_location(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct location_report report = {0};
    struct record_reply reply;
    struct view view = view_of_now();
    if (!record_reply_begin(&reply, request, &location_report_type))
        return;
    report.has_fix = gps_locate(monitor->gps, view.server_now, &report.location, &report.gps);
    record_reply_record(&reply, &report, &view);
    record_reply_send(&reply);
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

/* Reads a number of the command; a missing one is `fallback` unless it is needed. False when a
 * reply was made instead. */
static bool read_number(struct request *request, const char *key, bool needed, double fallback,
                        double *ret_number)
{
    int error = command_number(request_command(request), key, ret_number);
    if (error == -ENOENT && !needed) {
        *ret_number = fallback;
        return true;
    }
    if (error == -ENOENT)
        reply_error(request, 400, "the key %s is missing", key);
    else if (error)
        reply_error(request, 400, "%s must be a finite number", key);
    return !error;
}

static void post_position(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    double latitude, longitude, altitude, speed;
    struct timespec now;
    if (!read_number(request, "lat", true, 0, &latitude) ||
        !read_number(request, "lon", true, 0, &longitude) ||
        !read_number(request, "alt", false, NAN, &altitude) ||
        !read_number(request, "spd", false, NAN, &speed))
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    int error = gps_post(monitor->gps, latitude, longitude, altitude, speed, (uint64_t)now.tv_sec,
                         (uint32_t)(now.tv_nsec / 1000));
    if (error == -ENOENT)
        reply_error(request, 404,
                    "no web GPS is configured; add gps=web:name=webgps to the configuration");
    else if (error)
        reply_error(request, 400,
                    "lat must lie within -90 and 90 degrees, lon within -180 and 180");
    else
        reply_text(request, 200, "OK");
}

// clang-format off
const struct route api_gps_routes[] = {
    {METHOD_GET | METHOD_POST, "/gps/location", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_location,
     "The best position known now, and the receiver it came from."},
    {METHOD_GET | METHOD_POST, "/gps/all_gps", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_receivers,
     "Every receiver of positions, by rank."},
    {METHOD_GET | METHOD_POST, "/gps/all_locations", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_locations,
     "The newest position of every receiver, by its UUID."},
    {METHOD_POST, "/gps/web/update", ROUTE_COMMAND, ROLE_WEBGPS | ROLE_ADMIN, BODY_COMMAND, post_position,
     "Sets the position of the web receiver: lat, lon, and if known alt (metres) and spd (km/h)."},
    {0},
};
