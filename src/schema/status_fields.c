/* Tables of the system's status. */
#include "schema/status_fields.h"

#include <string.h>

#ifdef NORN_TEST_HOOKS
#include "util/test_hook.h"
#endif

static bool next_sensor(const struct status_sensor *sensors, uint32_t count, struct cursor *cursor)
{
    if (cursor->index >= count)
        return false;
    const struct status_sensor *sensor = &sensors[cursor->index++];
    cursor->key =
        (struct value){.type = FIELD_STRING, .text = sensor->name, .length = strlen(sensor->name)};
    cursor->element = (struct value){.type = FIELD_DOUBLE, .number = sensor->value};
    return true;
}

static bool next_temperature(const void *record, struct view *view, struct cursor *cursor)
{
    const struct status_record *status = record;
    return next_sensor(status->temperatures, status->temperature_count, cursor);
}

static bool next_fan(const void *record, struct view *view, struct cursor *cursor)
{
    const struct status_record *status = record;
    return next_sensor(status->fans, status->fan_count, cursor);
}

static void get_memory(const void *record, struct view *view, struct value *ret)
{
    const struct status_record *status = record;
    rrd_ring_give(status->memory_ring, RRD_PEAK, view->server_now, view, ret);
}

static void get_devices(const void *record, struct view *view, struct value *ret)
{
    const struct status_record *status = record;
    rrd_ring_give(status->devices_ring, RRD_PEAK, view->server_now, view, ret);
}

static void get_packets(const void *record, struct view *view, struct value *ret)
{
    const struct status_record *status = record;
    rrd_ring_give(status->packets_ring, RRD_SUM, view->clock, view, ret);
}

#ifdef NORN_TEST_HOOKS
static void get_test_hook(const void *record, struct view *view, struct value *ret)
{
    char *text = view_scratch(view, TEST_HOOK_TEXT);
    if (text)
        test_hook_describe(text);
    ret->text = text ? text : "";
    ret->length = strlen(ret->text);
}
#endif

// clang-format off
#define STATUS(wire, kind, member, text) FIELD(wire, kind, struct status_record, member, text)

static const struct field status_fields[] = {
    STATUS("kismet.system.battery.percentage", FIELD_INT32, battery_percentage, "charge of the battery in percent"),
    STATUS("kismet.system.battery.charging", FIELD_TEXT, battery_charging, "charging, charged or discharging"),
    STATUS("kismet.system.battery.ac", FIELD_UINT8, battery_ac, "1 on mains"),
    STATUS("kismet.system.battery.remaining", FIELD_UINT32, battery_remaining, "seconds that the charge will last, 0 when unknown"),
    STATUS("kismet.system.battery.discharge_rate", FIELD_DOUBLE, battery_discharge_rate, "power drawn from the battery in W; 0 on mains or without one"),
    STATUS("kismet.system.timestamp.sec", FIELD_UINT64, seconds, "server clock, seconds"),
    STATUS("kismet.system.timestamp.usec", FIELD_UINT32, microseconds, "server clock, microseconds within the second"),
    STATUS("kismet.system.timestamp.start_sec", FIELD_UINT64, start_seconds, "when the server started, seconds"),
    STATUS("kismet.system.memory.rss", FIELD_UINT64, memory, "memory in use, KB"),
    {.name = "kismet.system.memory.rrd", .type = FIELD_RECORD, .get = get_memory, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "memory in use over time, KB"},
    STATUS("kismet.system.devices.count", FIELD_UINT64, devices, "devices known now"),
    {.name = "kismet.system.devices.rrd", .type = FIELD_RECORD, .get = get_devices, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "devices known over time"},
    {.name = "kismet.device.packets_rrd", .type = FIELD_RECORD, .get = get_packets, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "packets of all sources over time"},
    STATUS("kismet.system.user", FIELD_TEXT, user, "account that the server runs as"),
    STATUS("kismet.system.version", FIELD_TEXT, version, "version of norn"),
    STATUS("kismet.system.git", FIELD_TEXT, git, "commit it was built from"),
    STATUS("kismet.system.build_time", FIELD_TEXT, build_time, "when it was built"),
    STATUS("kismet.system.server_name", FIELD_TEXT, server_name, "name given to this server"),
    STATUS("kismet.system.server_description", FIELD_TEXT, server_description, "description given to this server"),
    STATUS("kismet.system.server_location", FIELD_TEXT, server_location, "place given to this server"),
    STATUS("kismet.server.uuid", FIELD_UUID, uuid, "UUID of this server"),
    {.name = "kismet.system.sensors.temp", .type = FIELD_MAP_STRING, .element = FIELD_DOUBLE, .next = next_temperature, .description = "temperatures in degrees Celsius, by sensor"},
    {.name = "kismet.system.sensors.fan", .type = FIELD_MAP_STRING, .element = FIELD_DOUBLE, .next = next_fan, .description = "speeds of fans in rpm, by fan"},
    STATUS("kismet.system.num_fields", FIELD_UINT64, fields, "members described in the tables"),
    STATUS("kismet.system.num_components", FIELD_UINT64, components, "record types described in the tables"),
    STATUS("kismet.system.num_http_connections", FIELD_UINT64, http_connections, "open HTTP connections"),
    STATUS("kismet.system.string_cache_size", FIELD_UINT64, strings, "texts kept once for all devices"),
    STATUS("norn.system.devices_evicted", FIELD_UINT64, devices_evicted, "devices dropped to keep within tracker_max_devices or tracker_device_timeout"),
    STATUS("norn.system.packets_repeated", FIELD_UINT64, packets_repeated, "packets that several sources heard: each of them counts once for its devices, by the first source"),
    STATUS("norn.system.devices_unawaited", FIELD_UINT64, unawaited, "packets of devices that DEVICELOST cannot be raised for, because there are too many of them at once"),
    STATUS("norn.system.notices_lost", FIELD_UINT64, notices_lost, "alerts and messages that came too fast to be passed on to whoever listens"),
    STATUS("norn.system.http_requests", FIELD_UINT64, requests, "requests answered or refused since the start"),
    STATUS("norn.system.http_shared", FIELD_UINT64, requests_shared, "requests answered together with others that asked the same at the same time"),
    STATUS("norn.system.http_cut", FIELD_UINT64, requests_cut, "replies cut because the client was too slow or memory for large replies was short"),
    STATUS("norn.system.websocket.open", FIELD_UINT64, websockets, "open websockets"),
    STATUS("norn.system.websocket.messages_in", FIELD_UINT64, websocket_in, "messages that came over websockets since the start"),
    STATUS("norn.system.websocket.messages_out", FIELD_UINT64, websocket_out, "messages sent over websockets since the start, pings among them"),
    STATUS("norn.system.websocket.messages_dropped", FIELD_UINT64, websocket_dropped, "messages dropped because a websocket's client read too slowly"),
    STATUS("norn.system.websocket.queue_bytes", FIELD_UINT64, websocket_queue_bytes, "bytes that wait to be sent over websockets"),
    STATUS("norn.system.events_lost", FIELD_UINT64, events_lost, "events and updates of devices that came too fast, or were too long, to be told over websockets"),
    STATUS("norn.system.store_bytes", FIELD_UINT64, store_bytes, "memory that the device store holds, bytes"),
    STATUS("norn.system.pcre", FIELD_TEXT, pcre, "version of the PCRE2 library"),
    STATUS("norn.system.login_rule", FIELD_TEXT, login_rule, "what needs a login: auto, always or never"),
    STATUS("norn.system.sandbox.seccomp", FIELD_TEXT, sandbox_seccomp, "whether the server's system calls are filtered: on, off (by option), absent (the kernel cannot), refused (the kernel may not)"),
    STATUS("norn.system.sandbox.landlock", FIELD_TEXT, sandbox_landlock, "whether paths and ports are closed to the server: on, off, absent or refused"),
    STATUS("norn.system.sandbox.user", FIELD_TEXT, sandbox_user, "user and capabilities that the server has left, in words"),
    STATUS("norn.system.demo", FIELD_UINT8, demo, "1: the built-in demonstration, not your air"),
    STATUS("norn.system.tiles", FIELD_UINT8, tiles, "1: the map has tiles, at /tiles/map.pmtiles"),
#ifdef NORN_TEST_HOOKS
    {.name = "norn.system.test_hook", .type = FIELD_STRING, .get = get_test_hook, .description = "what became of attempts to get out of the server"},
#endif
};

static const struct field timestamp_fields[] = {
    STATUS("kismet.system.timestamp.sec", FIELD_UINT64, seconds, "server clock, seconds"),
    STATUS("kismet.system.timestamp.usec", FIELD_UINT32, microseconds, "server clock, microseconds within the second"),
    STATUS("kismet.system.timestamp.start_sec", FIELD_UINT64, start_seconds, "when the server started, seconds"),
};

static const struct field battery_fields[] = {
    STATUS("kismet.system.battery.percentage", FIELD_INT32, battery_percentage, "charge of the battery in percent"),
    STATUS("kismet.system.battery.charging", FIELD_TEXT, battery_charging, "charging, charged or discharging"),
    STATUS("kismet.system.battery.ac", FIELD_UINT8, battery_ac, "1 on mains"),
    STATUS("kismet.system.battery.remaining", FIELD_UINT32, battery_remaining, "seconds that the charge will last, 0 when unknown"),
};

static const struct field statistics_fields[] = {
    STATUS("kismet.system.num_fields", FIELD_UINT64, fields, "members described in the tables"),
    STATUS("kismet.system.num_components", FIELD_UINT64, components, "record types described in the tables"),
    STATUS("kismet.system.num_http_connections", FIELD_UINT64, http_connections, "open HTTP connections"),
    STATUS("kismet.system.memory.rss", FIELD_UINT64, memory, "memory in use, KB"),
    STATUS("kismet.system.devices.count", FIELD_UINT64, devices, "devices known now"),
};

static const struct field user_status_fields[] = {
    STATUS("kismet.system.user", FIELD_TEXT, user, "account that the server runs as"),
};

const struct record_type status_type = RECORD_TYPE("system status", status_fields);
const struct record_type timestamp_type = RECORD_TYPE("server clock", timestamp_fields);
const struct record_type battery_type = RECORD_TYPE("battery", battery_fields);
const struct record_type statistics_type = RECORD_TYPE("server statistics", statistics_fields);
const struct record_type user_status_type = RECORD_TYPE("server account", user_status_fields);
