/* /filters: the filters by address, of packets and of devices, see track/mac_filter.h. Input: rules
 * of commands. Output: what each filter lets through. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schema/mac_filter_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"

/* The filter that the path names. NULL when 404 was replied instead. */
static struct mac_filter *find_filter(struct request *request, struct mac_filter *filter)
{
    const char *wanted = request_parameter(request, "id", NULL);
    const char *id = mac_filter_kind(filter)->id;
    if (strcmp(wanted, id) == 0)
        return filter;
    reply_error(request, 404, "there is no filter '%.40s' of this kind; there is %s", wanted, id);
    return NULL;
}

static struct mac_filter *find_packet_filter(struct request *request)
{
    return find_filter(request, monitor_of(request)->packet_filter);
}

static struct mac_filter *find_device_filter(struct request *request)
{
    return find_filter(request, monitor_of(request)->device_filter);
}

static void reply_filter(struct request *request, struct mac_filter *filter,
                         const struct record_type *type)
{
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    if (!filter || !record_reply_begin(&reply, request, type))
        return;
    record_reply_record(&reply, mac_filter_lock(filter), &view);
    mac_filter_unlock(filter);
    record_reply_send(&reply);
}

static void get_packet_filter(struct request *request)
{
    reply_filter(request, find_packet_filter(request), &mac_filter_packet_type);
}

static void get_device_filter(struct request *request)
{
    reply_filter(request, find_device_filter(request), &mac_filter_class_type);
}

/* Whether a value of a command means to block: a word, a number, a boolean. */
static bool is_blocking(const struct command_value *value)
{
    switch (value->type) {
    case COMMAND_BOOLEAN: return value->boolean;
    case COMMAND_INTEGER: return value->integer != 0;
    case COMMAND_NUMBER: return value->number != 0;
    case COMMAND_TEXT: return mac_filter_word(value->text, value->count);
    default: return false;
    }
}

static void set_default(struct request *request, struct mac_filter *filter)
{
    const struct command_value *value = command_find(request_command(request), "default");
    if (!filter)
        return;
    if (!value || value->type == COMMAND_NULL || value->type >= COMMAND_LIST) {
        reply_error(request, 400, "the key default takes a word: block, pass");
        return;
    }
    bool blocks = is_blocking(value);
    mac_filter_set_default(filter, blocks);
    reply_text(request, 200, blocks ? "Default filter: 1" : "Default filter: 0");
}

static void set_packet_default(struct request *request)
{
    set_default(request, find_packet_filter(request));
}

static void set_device_default(struct request *request)
{
    set_default(request, find_device_filter(request));
}

/* What a command changes. */
struct change {
    struct mac_filter *filter;
    const char *phy;
    enum mac_filter_role role;
    struct mac_filter_rule *rules;
    size_t count;
};

/* A list for as many rules. False when a reply was made instead. */
static bool make_room(struct request *request, struct change *change, size_t count)
{
    if (count > MAC_FILTER_RULES) {
        reply_error(request, 400, "a filter takes up to %d addresses", MAC_FILTER_RULES);
        return false;
    }
    change->rules = arena_new(request_arena(request), (count + 1) * sizeof *change->rules);
    if (!change->rules)
        reply_error(request, 503, "out of memory");
    return change->rules;
}

static bool add_rule(struct request *request, struct change *change, const char *text,
                     size_t length, bool blocks)
{
    struct mac_filter_rule *rule = &change->rules[change->count++];
    rule->blocks = blocks;
    if (macaddr_parse(text, length, &rule->mac, &rule->mask) == 0)
        return true;
    reply_error(request, 400,
                "'%.64s' is no address; one looks like AA:BB:CC:DD:EE:FF, or with a mask like "
                "AA:BB:CC:00:00:00/FF:FF:FF:00:00:00",
                text);
    return false;
}

/* Rules {address: whether to block it}. False when a reply was made instead. */
static bool read_rules(struct request *request, struct change *change)
{
    const struct command_value *filter = command_find(request_command(request), "filter");
    if (!filter || filter->type != COMMAND_MAP) {
        reply_error(request, 400,
                    "the key filter takes a dictionary: {\"AA:BB:CC:DD:EE:FF\": true}");
        return false;
    }
    if (!make_room(request, change, filter->count))
        return false;
    for (size_t i = 0; i < filter->count; i++) {
        const struct command_member *member = &filter->members[i];
        if (!add_rule(request, change, member->key, member->key_length,
                      is_blocking(&member->value)))
            return false;
    }
    return true;
}

/* Addresses under the key of today or that of the documents. False when a reply was made instead.
 */
static bool read_addresses(struct request *request, struct change *change)
{
    const struct command *command = request_command(request);
    const struct target_part *texts;
    size_t count;
    if (command_texts(command, "filter", false, &texts, &count) != 0 &&
        command_texts(command, "addresses", false, &texts, &count) != 0) {
        reply_error(request, 400, "the key filter takes a list of addresses");
        return false;
    }
    if (!make_room(request, change, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_rule(request, change, texts[i].text, texts[i].length, false))
            return false;
    return true;
}

static void set_rules(struct request *request, struct change *change)
{
    if (!read_rules(request, change))
        return;
    int error =
        mac_filter_set(change->filter, change->phy, change->role, change->rules, change->count);
    if (error == -EINVAL)
        reply_error(request, 400, "'%.40s' cannot be a phy's name; see /phy/all_phys.json",
                    change->phy);
    else if (error == -ENOSPC)
        reply_error(request, 500, "there is no room: a filter has %d rules and %d phys at most",
                    MAC_FILTER_RULES, MAC_FILTER_PHYS);
    else if (error)
        reply_error(request, 503, "out of memory");
    else
        reply_text(request, 200, "Set filter");
}

static void remove_rules(struct request *request, struct change *change)
{
    if (!read_addresses(request, change))
        return;
    mac_filter_remove(change->filter, change->phy, change->role, change->rules, change->count);
    reply_text(request, 200, "Removed filter");
}

/* The filter, phy and role that the path names. False when a reply was made instead. */
static bool read_packet_path(struct request *request, struct change *ret_change)
{
    size_t length;
    const char *word = request_parameter(request, "block", &length);
    int role = mac_filter_role(word, length);
    *ret_change = (struct change){.filter = find_packet_filter(request),
                                  .phy = request_parameter(request, "phy", NULL),
                                  .role = (enum mac_filter_role)role};
    if (ret_change->filter && role < 0)
        reply_error(request, 400, "'%.40s' is not one of source, destination, network, other, any",
                    word);
    return ret_change->filter && role >= 0;
}

static void set_packet_rules(struct request *request)
{
    struct change change;
    if (read_packet_path(request, &change))
        set_rules(request, &change);
}

static void remove_packet_rules(struct request *request)
{
    struct change change;
    if (read_packet_path(request, &change))
        remove_rules(request, &change);
}

static bool read_device_path(struct request *request, struct change *ret_change)
{
    *ret_change = (struct change){.filter = find_device_filter(request),
                                  .phy = request_parameter(request, "phy", NULL),
                                  .role = MAC_FILTER_ANY};
    return ret_change->filter;
}

static void set_device_rules(struct request *request)
{
    struct change change;
    if (read_device_path(request, &change))
        set_rules(request, &change);
}

static void remove_device_rules(struct request *request)
{
    struct change change;
    if (read_device_path(request, &change))
        remove_rules(request, &change);
}

// clang-format off
const struct route api_filters_routes[] = {
    {METHOD_GET | METHOD_POST, "/filters/packet/{id}/filter", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_packet_filter,
     "The rules of a filter of packets: kismetdb_packets.", ANSWER_RECORD, &mac_filter_packet_type},
    {METHOD_POST, "/filters/packet/{id}/set_default", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_packet_default,
     "Chooses what is done with packets that no rule speaks of: default is block or pass."},
    {METHOD_POST, "/filters/packet/{id}/{phy}/{block}/set_filter", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_packet_rules,
     "Blocks or lets pass packets by an address in the role {block} (source, destination, network, other, any): filter is {address[/mask]: whether to block}."},
    {METHOD_POST, "/filters/packet/{id}/{phy}/{block}/remove_filter", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, remove_packet_rules,
     "Takes rules back: filter is a list of their addresses."},
    {METHOD_GET | METHOD_POST, "/filters/class/{id}/filter", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_device_filter,
     "The rules of a filter of devices: kismetdb_devices.", ANSWER_RECORD, &mac_filter_class_type},
    {METHOD_POST, "/filters/class/{id}/set_default", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_device_default,
     "Chooses what is done with devices that no rule speaks of: default is block or pass."},
    {METHOD_POST, "/filters/class/{id}/{phy}/set_filter", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_device_rules,
     "Blocks or lets pass devices: filter is {address[/mask]: whether to block}."},
    {METHOD_POST, "/filters/class/{id}/{phy}/remove_filter", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, remove_device_rules,
     "Takes rules back: filter is a list of their addresses."},
    {0},
};
