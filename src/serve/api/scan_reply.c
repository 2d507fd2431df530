/* Posted scans: checking entries, writing them as reports, leaving them with their source. See
 * scan_reply.h. */
#include "serve/api/scan_reply.h"

#include <errno.h>
#include <string.h>

#include "schema/result_fields.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"
#include "util/clock.h"

enum { REPORT_DEPTH = 7 }; /* of what an entry may hold, as those who read reports take it */

/* A scan on its way. */
struct scan {
    const char *kind, *address_key;
    const struct command_value *entries;
    size_t count;
    struct uuid uuid;
    const char *name;
    struct frame *frames; /* of each entry; data set once all are written */
    struct frame_extra *extras;
    size_t *offsets; /* in `bytes` */
    struct buffer bytes;
    uint64_t now_ns;
};

static void reply_result(struct request *request, int status, const char *text)
{
    struct result_record result = {.status = text, .success = status == 200};
    struct view view = {.server_now = monitor_now()};
    struct buffer body = {0};
    struct emitter emitter = {.buffer = &body, .format = request_format(request)};
    emit_record(&emitter, &result_record_type, NULL, &result, &view);
    reply_buffer(request, status, reply_content_type(request), &body);
}

/* The member of an entry, or NULL. */
static const struct command_value *find(const struct command_value *entry, const char *key)
{
    const struct command command = {.top = *entry};
    return command_find(&command, key);
}

static bool read_number(const struct command_value *entry, const char *key, double *ret_number)
{
    const struct command command = {.top = *entry};
    return command_number(&command, key, ret_number) == 0;
}

static void write_value(struct emitter *emitter, const struct command_value *value);

static void write_map(struct emitter *emitter, const struct command_value *map)
{
    emit_map_begin(emitter, FIELD_MAP_STRING, (uint32_t)map->count);
    for (size_t i = 0; i < map->count; i++) {
        const struct command_member *member = &map->members[i];
        struct value key = {
            .type = FIELD_STRING, .text = member->key, .length = member->key_length};
        if (member->value.type == COMMAND_NULL)
            continue;
        emit_key(emitter, FIELD_MAP_STRING, &key);
        write_value(emitter, &member->value);
    }
    emit_map_end(emitter);
}

static void write_list(struct emitter *emitter, const struct command_value *list)
{
    emit_array_begin(emitter, (uint32_t)list->count);
    for (size_t i = 0; i < list->count; i++) {
        emit_element(emitter);
        write_value(emitter, &list->items[i]);
    }
    emit_array_end(emitter);
}

/* Whatever the encoding it came in, an entry goes on as JSON. No deeper than is_shallow() let it.
 */
static void write_value(struct emitter *emitter, const struct command_value *value)
{
    struct value scalar = {.type = FIELD_BOOLEAN};
    switch (value->type) {
    case COMMAND_TEXT: emit_text(emitter, value->text, value->count); return;
    case COMMAND_LIST: write_list(emitter, value); return;
    case COMMAND_MAP: write_map(emitter, value); return;
    case COMMAND_BOOLEAN: scalar.natural = value->boolean; break;
    case COMMAND_INTEGER:
        scalar.type = FIELD_INT64;
        scalar.integer = value->integer;
        break;
    case COMMAND_NUMBER:
        scalar.type = FIELD_DOUBLE;
        scalar.number = value->number;
        break;
    case COMMAND_NULL: break; /* of a list */
    }
    emit_value(emitter, &scalar);
}

static bool is_shallow(const struct command_value *value, unsigned depth)
{
    bool is_map = value->type == COMMAND_MAP;
    if (!is_map && value->type != COMMAND_LIST)
        return true;
    for (size_t i = 0; i < value->count && depth; i++)
        if (!is_shallow(is_map ? &value->members[i].value : &value->items[i], depth - 1))
            return false;
    return depth > 0;
}

/* Where the entry was found, where it says so. False when it says nonsense. */
static bool read_place(const struct command_value *entry, struct frame_extra *extra)
{
    extra->has_place =
        read_number(entry, "lat", &extra->latitude) && read_number(entry, "lon", &extra->longitude);
    if (!extra->has_place)
        return !find(entry, "lat") && !find(entry, "lon");
    extra->fix = read_number(entry, "alt", &extra->altitude) ? 3 : 2;
    if (!read_number(entry, "spd", &extra->speed))
        read_number(entry, "speed", &extra->speed);
    return extra->latitude >= -90 && extra->latitude <= 90 && extra->longitude >= -180 &&
           extra->longitude <= 180;
}

/* When it was found; a time to come is a clock that goes wrong. */
static uint64_t time_of(const struct scan *scan, const struct command_value *entry)
{
    double seconds;
    if (!read_number(entry, "timestamp", &seconds) || seconds < 1 ||
        seconds > (double)(scan->now_ns / NS_PER_S))
        return scan->now_ns;
    return (uint64_t)seconds * NS_PER_S;
}

/* What is wrong with an entry, or NULL. */
static const char *check_entry(const struct scan *scan, const struct command_value *entry)
{
    struct macaddr mac;
    if (entry->type != COMMAND_MAP)
        return "is no dictionary";
    if (!is_shallow(entry, REPORT_DEPTH))
        return "is nested too deep";
    const struct command_value *address = find(entry, scan->address_key);
    if (!address || address->type != COMMAND_TEXT ||
        macaddr_parse(address->text, address->count, &mac, NULL) != 0)
        return "has no address";
    return NULL;
}

/* Writes an entry as a frame. What is wrong with it, or NULL. */
static const char *take_entry(struct scan *scan, size_t number)
{
    const struct command_value *entry = &scan->entries[number];
    struct emitter emitter = {.buffer = &scan->bytes, .format = FORMAT_JSON};
    const char *wrong = check_entry(scan, entry);
    if (wrong)
        return wrong;
    if (!read_place(entry, &scan->extras[number]))
        return "has a place that is none";
    scan->offsets[number] = scan->bytes.length;
    buffer_add(&scan->bytes, scan->kind, strlen(scan->kind) + 1);
    write_map(&emitter, entry);
    size_t length = scan->bytes.length - scan->offsets[number];
    if (scan->bytes.failed || length > FRAME_BYTES_MAX)
        return "is too long";
    scan->frames[number] = (struct frame){
        .length = (uint32_t)length,
        .original_length = (uint32_t)length,
        .time_ns = time_of(scan, entry),
        .link_type = FRAME_REPORT,
        .extra = scan->extras[number].has_place ? &scan->extras[number] : NULL,
    };
    return NULL;
}

static int take_entries(struct scan *scan, struct buffer *ret_why)
{
    for (size_t i = 0; i < scan->count; i++) {
        const char *wrong = take_entry(scan, i);
        if (!wrong)
            continue;
        buffer_printf(ret_why, "entry %zu of reports %s", i + 1, wrong);
        if (strcmp(wrong, "has no address") == 0)
            buffer_printf(ret_why, " under the key %s", scan->address_key);
        return -EINVAL;
    }
    for (size_t i = 0; i < scan->count; i++)
        scan->frames[i].data = scan->bytes.data + scan->offsets[i];
    return 0;
}

static void run_scan(struct request *request, void *context)
{
    struct scan *scan = context;
    struct buffer why = {0};
    int error = take_entries(scan, &why);
    if (!error)
        error = capture_report(monitor_of(request)->capture, scan->uuid, scan->name, scan->frames,
                               scan->count, &why);
    const char *text = buffer_string(&why);
    if (error)
        reply_result(request, 500, text ? text : "out of memory");
    else
        reply_result(request, 200, "Scan report accepted");
    buffer_done(&scan->bytes);
    buffer_done(&why);
}

/* What the command says beside its entries. What is wrong with it, or NULL. */
static const char *read_command(struct request *request, struct scan *scan)
{
    const struct command *command = request_command(request);
    const char *uuid;
    size_t length;
    if (command_text(command, "source_uuid", &uuid, &length) != 0 ||
        uuid_parse(uuid, length, &scan->uuid) != 0)
        return "the key source_uuid must be a UUID";
    if (command_text(command, "source_name", &scan->name, &length) != 0 || !length)
        return "the key source_name must be a text";
    if (command_list(command, "reports", &scan->entries, &scan->count) != 0)
        return "the key reports must be a list of dictionaries";
    return NULL;
}

void scan_reply_take(struct request *request, const char *kind, const char *address_key)
{
    struct arena *arena = request_arena(request);
    struct scan *scan = arena_new(arena, sizeof *scan);
    const char *wrong = "out of memory";
    if (scan) {
        *scan = (struct scan){.kind = kind, .address_key = address_key};
        scan->now_ns = monitor_now() * NS_PER_S;
        wrong = read_command(request, scan);
    }
    if (wrong) {
        reply_result(request, 500, wrong);
        return;
    }
    scan->frames = arena_new(arena, scan->count * sizeof *scan->frames);
    scan->extras = arena_new(arena, scan->count * sizeof *scan->extras);
    scan->offsets = arena_new(arena, scan->count * sizeof *scan->offsets);
    if (scan->count && (!scan->frames || !scan->extras || !scan->offsets))
        reply_result(request, 500, "out of memory");
    else
        reply_later(request, run_scan, scan);
}
