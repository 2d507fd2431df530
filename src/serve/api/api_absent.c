/* What clients of today ask for that norn has none of yet: logs, points of interest, plugins,
 * antennas, aircraft, drones, sensors. Output: empty lists and dictionaries in the shape that they
 * will have; of commands a sentence that says what is missing. A part that comes takes its rows
 * with it into a file of its own. */
#include <string.h>

#include "schema/absent_fields.h"
#include "serve/api/routes.h"
#include "serve/api/source_reply.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/websocket/websocket.h"

enum { SILENT_BYTES = 1024 };

static const char no_logs[] = "norn writes no logs yet";

static void get_empty_list(struct request *request)
{
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, &absent_type))
        return;
    record_reply_list_begin(&reply, 0);
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

static void reply_empty_map(struct request *request, enum field_type map)
{
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, &absent_type))
        return;
    record_reply_map_begin(&reply, map, 0);
    record_reply_map_end(&reply, map);
    record_reply_send(&reply);
}

static void get_antennas(struct request *request)
{
    reply_empty_map(request, FIELD_MAP_INT);
}

static void get_radiation_sensors(struct request *request)
{
    reply_empty_map(request, FIELD_MAP_STRING);
}

static void reply_record(struct request *request, const struct record_type *type,
                         const void *record)
{
    struct view view = {.server_now = monitor_now()};
    record_reply_single(request, type, record, &view);
}

static void get_aircraft_map(struct request *request)
{
    static const struct aircraft_map map = {0};
    reply_record(request, &aircraft_map_type, &map);
}

static void get_page_modules(struct request *request)
{
    reply_record(request, &page_modules_type, "");
}

static void get_page_script(struct request *request)
{
    struct buffer body = {0};
    buffer_add_text(&body, "/* There are no plugins: nothing is to be loaded. */\n");
    reply_buffer(request, 200, "application/javascript", &body);
}

static void start_log(struct request *request)
{
    reply_error(request, 404, "there is no class of logs '%.40s': %s",
                request_parameter(request, "class", NULL), no_logs);
}

static void stop_log(struct request *request)
{
    struct uuid uuid;
    size_t length;
    const char *text = request_parameter(request, "uuid", &length);
    if (uuid_parse(text, length, &uuid) != 0)
        reply_error(request, 400, "'%.40s' is no UUID", text);
    else
        reply_error(request, 404, "no log has that UUID: %s", no_logs);
}

static void get_logged_packets(struct request *request)
{
    const char *title = request_parameter(request, "title", NULL);
    reply_error(request, 404,
                "there is no '%.40s': %s; /pcap/all_packets.pcapng gives packets live", title,
                no_logs);
}

static void drop_logged_packets(struct request *request)
{
    int64_t before;
    if (command_integer(request_command(request), "drop_before", &before) != 0 || before < 0)
        reply_error(request, 400, "the key drop_before takes a time in seconds");
    else
        reply_error(request, 500, "there are no packets to drop: %s", no_logs);
}

static void create_point(struct request *request)
{
    reply_error(request, 500, "points of interest are kept in the log, and %s", no_logs);
}

static void create_aircraft_proxy(struct request *request)
{
    reply_error(request, 501, "norn does not decode aircraft (ADS-B) yet");
}

/* A stream of what aircraft say: open, and silent. */
static void open_aircraft(struct request *request)
{
    static const struct websocket_type type = {
        .accepts = WEBSOCKET_TEXT | WEBSOCKET_BINARY,
        .message_limit = SILENT_BYTES,
        .queue_limit = SILENT_BYTES,
    };
    websocket_accept(request, &type, NULL);
}

static void open_aircraft_of_source(struct request *request)
{
    uint16_t number;
    size_t length;
    const char *text = request_parameter(request, "uuid", &length);
    if (source_reply_find(request, text, length, 404, &number))
        open_aircraft(request);
}

// clang-format off
#define AIRCRAFT(path, handler, doc) {METHOD_WEBSOCKET, path, ROUTE_WEBSOCKET, ROLE_READONLY | ROLE_ADSB, BODY_OPTIONAL, handler, doc}

const struct route api_absent_routes[] = {
    {METHOD_GET | METHOD_POST, "/logging/drivers", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_empty_list,
     "The classes of logs: none yet.", ANSWER_LIST, &absent_type},
    {METHOD_GET | METHOD_POST, "/logging/active", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_empty_list,
     "The logs being written: none yet.", ANSWER_LIST, &absent_type},
    {METHOD_GET | METHOD_POST, "/logging/by-class/{class}/start", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, start_log,
     "Starts a log: fails, since there is no class of them yet."},
    {METHOD_GET | METHOD_POST, "/logging/by-uuid/{uuid}/stop", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, stop_log,
     "Ends a log: fails, since there is none yet."},
    {METHOD_POST, "/logging/kismetdb/pcap/drop", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, drop_logged_packets,
     "Drops the logged packets before drop_before: fails, since there are none yet."},
    {METHOD_GET | METHOD_POST, "/logging/kismetdb/pcap/{title}", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_logged_packets,
     "The logged packets as TITLE.pcapng: fails, since there are none yet."},
    {METHOD_POST, "/poi/create_poi", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, create_point,
     "Notes a point of interest in the log: fails, since there is none yet."},
    {METHOD_GET | METHOD_POST, "/poi/list_poi", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_empty_list,
     "The points of interest: none.", ANSWER_LIST, &absent_type},
    {METHOD_GET | METHOD_POST, "/plugins/all_plugins", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_empty_list,
     "The plugins: norn has none.", ANSWER_LIST, &absent_type},
    {METHOD_GET, "/dynamic.json", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, get_page_modules,
     "The scripts that plugins add to the page: none."},
    {METHOD_GET, "/dynamic.js", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, get_page_script,
     "A script that loads them: it does nothing."},
    {METHOD_GET | METHOD_POST, "/antennas/antennas", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_antennas,
     "The antennas by number: none, a source's antenna stands in its own record.", ANSWER_MAP, &absent_type},
    {METHOD_GET | METHOD_POST, "/phy/phyuav/manuf_matchers", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_empty_list,
     "The rules by which drones are told: none yet.", ANSWER_LIST, &absent_type},
    {METHOD_GET | METHOD_POST, "/phy/ADSB/map_data", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_aircraft_map,
     "The aircraft heard lately and the rectangle that they fly in: none yet.", ANSWER_RECORD, &aircraft_map_type},
    {METHOD_POST, "/phy/ADSB/proxy/create", ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, create_aircraft_proxy,
     "Makes a source of what other receivers of ADS-B send: fails, since aircraft are not decoded yet."},
    AIRCRAFT("/phy/ADSB/beast", open_aircraft, "What aircraft send, as BEAST frames: nothing yet."),
    AIRCRAFT("/phy/ADSB/raw", open_aircraft, "What aircraft send, as lines of hex: nothing yet."),
    AIRCRAFT("/phy/RTLADSB/beast", open_aircraft, "The same under an older name."),
    AIRCRAFT("/phy/RTLADSB/raw", open_aircraft, "The same under an older name."),
    AIRCRAFT("/datasource/by-uuid/{uuid}/adsb_raw", open_aircraft_of_source, "What one source hears of aircraft, as lines of hex: nothing yet."),
    {METHOD_GET | METHOD_POST, "/radiation/sensors/all_sensors", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_radiation_sensors,
     "The sensors of radiation by their source: none yet.", ANSWER_MAP, &absent_type},
    {0},
};
