/* /devices: every list of devices and the single ones. Input: a path, the command's field list and
 * regex. Output: plans for list_reply.c, and sub-keys of one device. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/device_fields.h"
#include "serve/api/routes.h"
#include "serve/list/device_reply.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/packet/packet_stream.h"
#include "track/device.h"
#include "track/device_note.h"
#include "util/text.h"

enum {
    SUBKEY_CEILING = 8 * 1024 * 1024,
    LIST_MAX = 4096, /* addresses or keys in one request */
};

/* Formats that give each record its own line always listed whole records. */
static void get_all(struct request *request)
{
    enum device_form form = request_lines(request) ? DEVICE_FULL : DEVICE_SUMMARY;
    struct list_plan plan = device_reply_plan(request, form);
    list_reply_send(request, &plan);
}

static void get_table(struct request *request)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_SUMMARY);
    plan.wrap = LIST_TABLE;
    list_reply_send(request, &plan);
}

/* The first API's dictionary answers a GET of JSON or msgpack with a time that is no distance,
 * unless the option says array or record for all of these. */
static enum list_wrap choose_wrap(const struct request *request, bool is_distance)
{
    const struct options *options = monitor_of(request)->options;
    const char *form = options_text(options, "httpd_devicelist");
    if (request_lines(request) || strcmp(form, "array") == 0)
        return LIST_BARE;
    if (strcmp(form, "record") == 0)
        return LIST_SINCE;
    return request_method(request) == METHOD_GET && !is_distance ? LIST_SINCE : LIST_BARE;
}

static void get_since(struct request *request)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    if (!list_reply_read_since(request, true, &plan))
        return;
    plan.since = plan.query.since;
    plan.wrap = choose_wrap(request, *request_parameter(request, "time", NULL) == '-');
    list_reply_send(request, &plan);
}

static int select_key(const struct store *store, const struct list_plan *plan,
                      struct query_result *ret_result)
{
    const struct device *device = device_find_key(store, *(const struct device_key *)plan->context);
    if (!device)
        return -ENOENT;
    int error = query_none(store->slot_count, ret_result);
    if (!error)
        query_add(ret_result, device->id);
    return error;
}

/* Answers with what `path` finds in the device of that key, whole under one hold of the lock. */
static void reply_subkey(struct request *request, struct device_key key, const struct path *path)
{
    struct projection *projection;
    if (!record_reply_read_fields(request, path_type(path), &projection))
        return;
    const struct path_form form = {projection, request_lines(request)};
    struct store *store = monitor_of(request)->store;
    struct buffer body = {.ceiling = SUBKEY_CEILING};
    struct emitter emitter = {.buffer = &body, .format = request_format(request)};
    struct view view;
    struct view_tables tables;
    store_lock_read(store);
    store_view(store, monitor_now(), &view, &tables);
    const struct device *device = device_find_key(store, key);
    bool found = device && path_emit(path, &form, &emitter, device, &view) == 0;
    store_unlock(store);
    projection_free(projection);
    if (found)
        reply_buffer(request, 200, reply_content_type(request), &body);
    else
        reply_error(request, 404,
                    device ? "the device has nothing at that path" : "no device has that key");
    buffer_done(&body);
}

static void get_device(struct request *request)
{
    struct device_key *key = arena_new(request_arena(request), sizeof *key);
    size_t length;
    const char *rest = request_rest(request, &length);
    struct path path;
    if (!key || !rest) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (!device_reply_read_key(request, key))
        return;
    if (length) {
        if (path_parse(&device_type, rest, length, &path) == 0)
            reply_subkey(request, *key, &path);
        else
            reply_error(request, 404,
                        "no field of a device has that path; see "
                        "/system/tracked_fields.html");
        return;
    }
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    plan.select = select_key;
    plan.context = key;
    plan.missing = "no device has that key";
    plan.wrap = LIST_ALONE;
    list_reply_send(request, &plan);
}

/* The packets of one device, by its phy and address. */
static void get_packets(struct request *request)
{
    struct device_key key;
    struct packet_filter filter = {.has_phy = true, .has_device = true};
    struct store *store = monitor_of(request)->store;
    char text[DEVICE_KEY_TEXT], file[96];
    if (!device_reply_read_key(request, &key) || !packet_filter_read(request, &filter))
        return;
    store_lock_read(store);
    const struct device *device = device_find_key(store, key);
    filter.phy = device ? device->phy : 0;
    filter.device = macaddr_from_u64(key.mac);
    store_unlock(store);
    if (!device) {
        reply_error(request, 404, "no device has that key");
        return;
    }
    device_key_write(key, text);
    snprintf(file, sizeof file, "kismet-device-%s.pcapng", text);
    packet_stream_reply(request, &filter, file, "packets of one device");
}

/* An address under a mask. */
struct masked {
    uint64_t mac, mask;
};

/* What a list of addresses comes to: an address without a mask is looked up, masks are tried on
 * every device, by a worker. */
#define WHOLE_ADDRESS (UINT64_MAX << 16)

static int select_addresses(const struct store *store, const struct list_plan *plan,
                            struct query_result *ret_result)
{
    const struct masked *masks = plan->context;
    int error = query_none(store->slot_count, ret_result);
    for (size_t i = 0; i < plan->count && !error; i++) {
        struct macaddr mac = macaddr_from_u64(masks[i].mac);
        for (uint32_t phy = 0; phy < store->phy_count; phy++) {
            const struct device *device = device_find(store, (uint8_t)phy, mac);
            if (device)
                query_add(ret_result, device->id);
        }
    }
    return error;
}

static bool keep_address(const struct list_plan *plan, const void *record, struct view *view)
{
    const struct masked *masks = plan->context;
    uint64_t mac = macaddr_u64(((const struct device *)record)->mac);
    for (size_t i = 0; i < plan->count; i++)
        if (!((mac ^ masks[i].mac) & masks[i].mask))
            return true;
    return false;
}

/* Answers with the devices of these addresses, across all phys. */
static void reply_addresses(struct request *request, const struct masked *masks, size_t count)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    plan.context = masks;
    plan.count = count;
    plan.select = select_addresses;
    for (size_t i = 0; i < count; i++)
        if (masks[i].mask != WHOLE_ADDRESS) {
            plan.select = NULL;
            plan.keep = keep_address;
        }
    list_reply_send(request, &plan);
}

/* False when 400 was replied instead. */
static bool parse_address(struct request *request, const char *text, size_t length,
                          struct masked *ret_masked)
{
    struct macaddr mac;
    if (macaddr_parse(text, length, &mac, &ret_masked->mask) != 0) {
        reply_error(request, 400, "'%.64s' is no MAC address; one looks like AA:BB:CC:DD:EE:FF",
                    text);
        return false;
    }
    ret_masked->mac = macaddr_u64(mac);
    return true;
}

static void get_by_address(struct request *request)
{
    size_t length;
    const char *text = request_parameter(request, "mac", &length);
    struct masked *masked = arena_new(request_arena(request), sizeof *masked);
    if (!masked)
        reply_error(request, 503, "out of memory");
    else if (parse_address(request, text, length, masked))
        reply_addresses(request, masked, 1);
}

/* The command's list `devices`, with memory for `size` bytes for each. NULL when a reply was made
 * instead. */
static void *read_devices(struct request *request, size_t size,
                          const struct target_part **ret_texts, size_t *ret_count)
{
    int error = command_texts(request_command(request), "devices", false, ret_texts, ret_count);
    if (error == -ENOENT)
        reply_error(request, 400, "the key devices is missing: a list of texts");
    else if (error)
        reply_error(request, 400, "devices must be a list of texts");
    else if (*ret_count > LIST_MAX)
        reply_error(request, 400, "devices may hold %d texts at most", LIST_MAX);
    if (error || *ret_count > LIST_MAX)
        return NULL;
    void *memory = arena_new(request_arena(request), (*ret_count + 1) * size);
    if (!memory)
        reply_error(request, 503, "out of memory");
    return memory;
}

static void get_addresses(struct request *request)
{
    const struct target_part *texts;
    size_t count;
    struct masked *masks = read_devices(request, sizeof *masks, &texts, &count);
    for (size_t i = 0; masks && i < count; i++)
        if (!parse_address(request, texts[i].text, texts[i].length, &masks[i]))
            return;
    if (masks)
        reply_addresses(request, masks, count);
}

static int select_keys(const struct store *store, const struct list_plan *plan,
                       struct query_result *ret_result)
{
    const struct device_key *keys = plan->context;
    int error = query_none(store->slot_count, ret_result);
    for (size_t i = 0; i < plan->count && !error; i++) {
        const struct device *device = device_find_key(store, keys[i]);
        if (device)
            query_add(ret_result, device->id);
    }
    return error;
}

static void reply_keys(struct request *request, enum list_wrap wrap)
{
    const struct target_part *texts;
    size_t count;
    struct device_key *keys = read_devices(request, sizeof *keys, &texts, &count);
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    for (size_t i = 0; keys && i < count; i++)
        if (!device_reply_parse_key(request, texts[i].text, texts[i].length, &keys[i]))
            return;
    if (!keys)
        return;
    plan.select = select_keys;
    plan.context = keys;
    plan.count = count;
    plan.wrap = wrap;
    list_reply_send(request, &plan);
}

static void get_keys(struct request *request)
{
    reply_keys(request, LIST_BARE);
}

static void get_key_map(struct request *request)
{
    reply_keys(request, LIST_MAP);
}

/* A name or, where `tag` is set, a tag's value, for devices of these keys. */
struct note {
    struct device_key keys[STORE_PHYS];
    size_t count;
    const char *tag, *text;
    size_t tag_length, length;
};

/* The placeholder {key}, or {mac} in every phy. False when 400 was replied instead. */
static bool read_keys(struct request *request, bool by_address, struct note *note)
{
    const struct store *store = monitor_of(request)->store;
    struct masked masked;
    size_t length;
    note->count = 1;
    if (!by_address)
        return device_reply_read_key(request, &note->keys[0]);
    const char *text = request_parameter(request, "mac", &length);
    if (!parse_address(request, text, length, &masked))
        return false;
    for (note->count = 0; note->count < store->phy_count; note->count++)
        note->keys[note->count] = (struct device_key){store->phys[note->count].key, masked.mac};
    if (masked.mask == WHOLE_ADDRESS)
        return true;
    reply_error(request, 400, "a name or tag is given to one address: it takes no mask");
    return false;
}

/* A text of the command. False when 400 was replied instead. */
static bool read_text(struct request *request, const char *name, size_t most, const char **ret_text,
                      size_t *ret_length)
{
    int error = command_word(request_command(request), name, ret_text, ret_length);
    if (!error && device_note_is_text(*ret_text, *ret_length, most))
        return true;
    if (error == -ENOENT)
        reply_error(request, 400, "the key %s is missing: a text of at most %zu bytes", name, most);
    else
        reply_error(request, 400,
                    "%s must be a text of at most %zu bytes, without control characters", name,
                    most);
    return false;
}

/* Writes the note about the devices of its keys that there are. 0, -ENOENT for none, or -errno. */
static int write_note(struct store *store, const struct note *note)
{
    bool found = false;
    int error = 0;
    store_lock_write(store);
    uint64_t now = list_reply_mark(store);
    for (size_t i = 0; i < note->count && !error; i++) {
        struct device_key key = note->keys[i];
        if (!device_find_key(store, key) && !device_note_find(store, key))
            continue;
        found = true;
        error = note->tag ? device_note_set_tag(store, key, note->tag, note->tag_length, note->text,
                                                note->length, now)
                          : device_note_set_name(store, key, note->text, note->length, now);
    }
    store_unlock(store);
    return found ? error : -ENOENT;
}

static void reply_note(struct request *request, const struct note *note)
{
    int error = write_note(monitor_of(request)->store, note);
    if (!error)
        reply_text(request, 200, note->tag ? "Device tag set" : "Device name set");
    else if (error == -ENOENT)
        reply_error(request, 404, "no device has that key or address");
    else if (error == -ENOSPC)
        reply_error(request, 507,
                    "there is no room for it: a device may have %d tags, and %d devices names or "
                    "tags, of %d bytes in all",
                    DEVICE_TAGS_MAX, DEVICE_NOTES_MAX, DEVICE_NOTES_BYTES);
    else
        reply_error(request, 503, "out of memory");
}

static void name_devices(struct request *request, bool by_address)
{
    struct note note = {.tag = NULL};
    if (read_keys(request, by_address, &note) &&
        read_text(request, "username", DEVICE_NAME_MAX, &note.text, &note.length))
        reply_note(request, &note);
}

static void tag_devices(struct request *request, bool by_address)
{
    struct note note = {.tag = NULL};
    if (!read_keys(request, by_address, &note) ||
        !read_text(request, "tagname", DEVICE_TAG_MAX, &note.tag, &note.tag_length) ||
        !read_text(request, "tagvalue", DEVICE_TAG_VALUE_MAX, &note.text, &note.length))
        return;
    if (note.tag_length)
        reply_note(request, &note);
    else
        reply_error(request, 400, "tagname is empty: a tag needs a name");
}

static void set_name(struct request *request)
{
    name_devices(request, false);
}

static void set_name_by_address(struct request *request)
{
    name_devices(request, true);
}

static void set_tag(struct request *request)
{
    tag_devices(request, false);
}

static void set_tag_by_address(struct request *request)
{
    tag_devices(request, true);
}

static void open_monitor(struct request *request)
{
    static const struct query all = {.phy = -1};
    device_monitor_accept(request, monitor_of(request)->device_monitors, &all);
}

// clang-format off
const struct option api_devices_options[] = {
    {.key = "httpd_devicelist", .type = OPTION_CHOICE, .fallback = "auto", .choices = "auto|record|array",
     .description = "What /devices/last-time answers with: auto gives the first API's dictionary to a GET of JSON or msgpack "
                    "with a positive time and an array otherwise; record and array settle it for JSON and msgpack."},
};
const size_t api_devices_options_count = sizeof api_devices_options / sizeof *api_devices_options;

const struct route api_devices_routes[] = {
    {METHOD_GET | METHOD_POST, "/devices/all_devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_all,
     "Short records of all devices; whole ones as ekjson and itjson.", ANSWER_LIST, &device_type},
    {METHOD_GET | METHOD_POST, "/devices/all_devices_dt", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_table,
     "Short records of all devices as rows for jQuery DataTables, under aaData.", ANSWER_TABLE, &device_type},
    {METHOD_GET | METHOD_POST, "/devices/last-time/{time}/devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_since,
     "Devices modified since that time of the server's clock (seconds; negative: before now).", ANSWER_SINCE, &device_type},
    {METHOD_GET | METHOD_POST, "/devices/by-key/{key}/device", ROUTE_TREE, ROLE_READONLY, BODY_OPTIONAL, get_device,
     "One device, or what a path of field names after the suffix finds in it.", ANSWER_RECORD, &device_type},
    {METHOD_GET | METHOD_POST, "/devices/by-mac/{mac}/devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_by_address,
     "The devices of that address, of any phy.", ANSWER_LIST, &device_type},
    {METHOD_POST, "/devices/multimac/devices", ROUTE_DATA, ROLE_READONLY, BODY_COMMAND, get_addresses,
     "The devices of the addresses in the list devices, each with a mask if need be.", ANSWER_LIST, &device_type},
    {METHOD_POST, "/devices/multikey/devices", ROUTE_DATA, ROLE_READONLY, BODY_COMMAND, get_keys,
     "The devices of the keys in the list devices; unknown keys are passed over.", ANSWER_LIST, &device_type},
    {METHOD_POST, "/devices/multikey/as-object/devices", ROUTE_DATA, ROLE_READONLY, BODY_COMMAND, get_key_map,
     "The same as a dictionary by key.", ANSWER_MAP, &device_type},
    {METHOD_POST, "/devices/by-key/{key}/set_name", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_name,
     "Gives the device the name username; an empty one takes it away. Names are kept across restarts."},
    {METHOD_POST, "/devices/by-key/{key}/set_tag", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_tag,
     "Gives the device's tag tagname the text tagvalue; an empty one takes it away. Tags are kept across restarts."},
    {METHOD_POST, "/devices/by-mac/{mac}/set_name", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_name_by_address,
     "Gives the devices of that address, of any phy, the name username."},
    {METHOD_POST, "/devices/by-mac/{mac}/set_tag", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_tag_by_address,
     "Gives the tag tagname of the devices of that address, of any phy, the text tagvalue."},
    {METHOD_GET, "/devices/pcap/by-key/{key}/packets.pcapng", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_packets,
     "The packets that name this device from now on, as pcapng."},
    {METHOD_WEBSOCKET, "/devices/monitor", ROUTE_WEBSOCKET, ROLE_READONLY, BODY_OPTIONAL, open_monitor,
     "Tells of devices each time they change: {\"monitor\": key, MAC address, MAC/mask or *, \"request\": id, \"rate\": seconds}, fields and format as in commands; {\"cancel\": id} ends it (docs/events.md)."},
    {0},
};
