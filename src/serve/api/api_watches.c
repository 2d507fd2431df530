/* /devices/alerts/mac: the addresses that are watched for, see track/watch.h. Input: lists of
 * addresses of commands. Output: lists of texts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "serve/api/routes.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"

struct watched {
    struct macaddr mac;
    uint64_t mask;
};

/* What a command is about. */
struct watch_command {
    uint8_t kinds; /* enum watch_kind bits */
    bool removes;
    size_t count;
    struct watched *addresses;
};

static const struct {
    const char *name;
    uint8_t kinds;
} types[] = {{"found", WATCH_FOUND}, {"lost", WATCH_LOST}, {"both", WATCH_FOUND | WATCH_LOST}};

/* The kinds that the path names. False when 404 was replied instead. */
static bool read_kinds(struct request *request, uint8_t *ret_kinds)
{
    const char *name = request_parameter(request, "type", NULL);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0) {
            *ret_kinds = types[i].kinds;
            return true;
        }
    reply_error(request, 404, "'%.40s' is not one of found, lost, both", name);
    return false;
}

/* Writes the addresses that are watched for all these kinds. */
static void write_addresses(const struct mac_table *table, uint8_t kinds, struct emitter *emitter,
                            bool lines)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->count; i++)
        count += (table->rules[i].value & kinds) == kinds;
    if (!lines)
        emit_array_begin(emitter, count);
    for (uint32_t i = 0; i < table->count; i++) {
        char text[MAC_RULE_TEXT];
        if ((table->rules[i].value & kinds) != kinds)
            continue;
        if (!lines)
            emit_element(emitter);
        emit_text(emitter, text, mac_table_write_rule(&table->rules[i], text));
        if (lines)
            buffer_add_byte(emitter->buffer, '\n');
    }
    if (!lines)
        emit_array_end(emitter);
}

static void get_addresses(struct request *request)
{
    struct store *store = monitor_of(request)->store;
    struct buffer body = {0};
    struct emitter emitter = {.buffer = &body, .format = request_format(request)};
    uint8_t kinds;
    if (!read_kinds(request, &kinds))
        return;
    store_lock_read(store);
    write_addresses(&store->watch.addresses, kinds, &emitter, request_lines(request));
    store_unlock(store);
    reply_buffer(request, 200, reply_content_type(request), &body);
}

/* Adds the addresses of a key, which may be missing. False when a reply was made instead. */
static bool read_addresses(struct request *request, const char *key, struct watch_command *command)
{
    const struct target_part *texts;
    size_t count;
    int error = command_texts(request_command(request), key, false, &texts, &count);
    if (error == -ENOENT)
        return true;
    if (error || count > WATCH_ADDRESSES) {
        reply_error(request, 400, "%s takes up to %d addresses as texts", key, WATCH_ADDRESSES);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct watched *address = &command->addresses[command->count++];
        if (macaddr_parse(texts[i].text, texts[i].length, &address->mac, &address->mask) != 0) {
            reply_error(request, 400,
                        "'%.64s' is no address; one looks like AA:BB:CC:DD:EE:FF, or with a mask "
                        "like AA:BB:CC:00:00:00/FF:FF:FF:00:00:00",
                        texts[i].text);
            return false;
        }
    }
    return true;
}

static void run_command(struct request *request, void *context)
{
    struct store *store = monitor_of(request)->store;
    const struct watch_command *command = context;
    struct buffer body = {0};
    int error = 0;
    store_lock_write(store);
    for (size_t i = 0; i < command->count && !error; i++) {
        const struct watched *address = &command->addresses[i];
        if (command->removes)
            watch_remove(store, address->mac, address->mask, command->kinds);
        else
            error = watch_add(store, address->mac, address->mask, command->kinds);
    }
    store_unlock(store);
    if (error)
        reply_error(request, 500, "there is no room for all of them: norn watches for %d addresses",
                    WATCH_ADDRESSES);
    else
        reply_buffer(request, 200, "text/plain", &body);
}

static void change(struct request *request, bool removes)
{
    struct arena *arena = request_arena(request);
    struct watch_command *command = arena_new(arena, sizeof *command);
    if (command)
        command->addresses = arena_new(arena, 2 * WATCH_ADDRESSES * sizeof *command->addresses);
    if (!command || !command->addresses) {
        reply_error(request, 503, "out of memory");
        return;
    }
    command->removes = removes;
    command->count = 0;
    if (!read_kinds(request, &command->kinds) || !read_addresses(request, "mac", command) ||
        !read_addresses(request, "macs", command))
        return;
    if (command->count)
        reply_later(request, run_command, command);
    else
        reply_error(request, 400, "the key mac (a text) or macs (a list of texts) is missing");
}

static void add_addresses(struct request *request)
{
    change(request, false);
}

static void remove_addresses(struct request *request)
{
    change(request, true);
}

// clang-format off
const struct route api_watches_routes[] = {
    {METHOD_GET | METHOD_POST, "/devices/alerts/mac/{type}/macs", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_addresses,
     "The addresses whose devices raise DEVICEFOUND (found), DEVICELOST (lost) or both.", ANSWER_TEXTS},
    {METHOD_POST, "/devices/alerts/mac/{type}/add", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, add_addresses,
     "Watches for the address mac, or the list macs, as well; each with a mask if need be."},
    {METHOD_POST, "/devices/alerts/mac/{type}/remove", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, remove_addresses,
     "Watches for them no longer."},
    {0},
};
