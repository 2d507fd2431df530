/* /devices/views: lists of devices that have something in common: all, those of a phy, access
 * points, those a source heard. Input: the name of a view, field list, regex, last_time. Output:
 * plans for device_reply.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schema/devicelist_fields.h"
#include "serve/device_reply.h"
#include "serve/record_reply.h"
#include "serve/routes.h"
#include "util/text.h"

enum { ACCESS_POINT_TYPES = DOT11_TYPE_BEACON_AP | DOT11_TYPE_PROBE_AP | DOT11_TYPE_ADHOC };

static const char phy_prefix[] = "phy-", seenby_prefix[] = "seenby-";
static const char all_name[] = "all", access_points_name[] = "phydot11_accesspoints";

static bool keep_seen(const struct device_plan *plan, const struct device *device,
                      struct view *view)
{
    for (const struct seenby *seenby = device->seenby; seenby; seenby = seenby->next)
        if (seenby->source == *(const uint16_t *)plan->context)
            return true;
    return false;
}

static bool choose_phy(struct monitor *monitor, const char *name, struct device_plan *plan)
{
    struct store *store = monitor->store;
    store_lock_read(store);
    for (uint32_t i = 0; i < store->phy_count; i++)
        if (strcmp(store->phys[i].name, name) == 0)
            plan->query.phy = (int)i;
    store_unlock(store);
    return plan->query.phy >= 0;
}

static bool choose_source(struct request *request, const char *text, struct device_plan *plan)
{
    struct uuid uuid;
    uint16_t *number = arena_new(request_arena(request), sizeof *number);
    if (!number || uuid_parse(text, strlen(text), &uuid) != 0 ||
        capture_find(monitor_of(request)->capture, uuid, number) != 0)
        return false;
    plan->context = number;
    plan->keep = keep_seen;
    return true;
}

/* Makes the plan of a view; false when there is none of that name. */
static bool choose_view(struct request *request, const char *name, struct device_plan *plan)
{
    if (strcmp(name, all_name) == 0)
        return true;
    if (strcmp(name, access_points_name) == 0) {
        plan->query.types = ACCESS_POINT_TYPES;
        return true;
    }
    if (strncmp(name, phy_prefix, sizeof phy_prefix - 1) == 0)
        return choose_phy(monitor_of(request), name + sizeof phy_prefix - 1, plan);
    return strncmp(name, seenby_prefix, sizeof seenby_prefix - 1) == 0 &&
           choose_source(request, name + sizeof seenby_prefix - 1, plan);
}

static void set_since(const struct request *request, struct device_plan *plan, int64_t time)
{
    plan->query.has_since = true;
    plan->query.since = device_reply_time(monitor_of(request)->store, time);
}

/* Reads the time of the path or the command. False when 400 was replied instead. */
static bool read_since(struct request *request, bool in_path, struct device_plan *plan)
{
    size_t length;
    int64_t time;
    if (in_path) {
        const char *text = request_parameter(request, "time", &length);
        if (text_parse_i64(text, length, &time) != 0) {
            reply_error(request, 400, "'%.40s' is no time: it takes whole seconds", text);
            return false;
        }
        set_since(request, plan, time);
        return true;
    }
    int error = command_integer(request_command(request), "last_time", &time);
    if (error == -EINVAL)
        reply_error(request, 400, "last_time must be a whole number of seconds");
    if (!error)
        set_since(request, plan, time);
    return error != -EINVAL;
}

static void reply_view(struct request *request, bool in_path)
{
    struct device_plan plan = device_reply_plan(request, DEVICE_FULL);
    const char *name = request_parameter(request, "view", NULL);
    if (!choose_view(request, name, &plan))
        reply_error(request, 404, "there is no view '%.80s'; see /devices/views/all_views.json",
                    name);
    else if (read_since(request, in_path, &plan))
        device_reply_send(request, &plan);
}

static void get_view(struct request *request)
{
    reply_view(request, false);
}

static void get_view_since(struct request *request)
{
    reply_view(request, true);
}

/* The same under paths with the kind of view as a segment of its own. */
static void reply_kind(struct request *request, bool in_path, bool is_phy)
{
    struct device_plan plan = device_reply_plan(request, DEVICE_FULL);
    const char *name = request_parameter(request, "name", NULL);
    bool found =
        is_phy ? choose_phy(monitor_of(request), name, &plan) : choose_source(request, name, &plan);
    if (!found)
        reply_error(request, 404, "there is no %s '%.80s'", is_phy ? "phy" : "source", name);
    else if (read_since(request, in_path, &plan))
        device_reply_send(request, &plan);
}

static void get_phy(struct request *request)
{
    reply_kind(request, false, true);
}

static void get_phy_since(struct request *request)
{
    reply_kind(request, true, true);
}

static void get_source(struct request *request)
{
    reply_kind(request, false, false);
}

static void get_source_since(struct request *request)
{
    reply_kind(request, true, false);
}

static uint64_t count_access_points(const struct store *store)
{
    struct query_result result;
    struct query query = {.phy = -1, .types = ACCESS_POINT_TYPES};
    if (query_run(store, &query, &result) != 0)
        return 0;
    uint64_t count = result.count;
    query_done(&result);
    return count;
}

static void get_views(struct request *request)
{
    struct store *store = monitor_of(request)->store;
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    char id[64];
    if (!record_reply_begin(&reply, request, &view_type))
        return;
    store_lock_read(store);
    struct view_record all = {all_name, "all devices", store->device_count, 1};
    struct view_record points = {access_points_name, "access points of 802.11",
                                 count_access_points(store), 1};
    record_reply_list_begin(&reply, 2 + store->phy_count);
    record_reply_element(&reply, &all, &view);
    record_reply_element(&reply, &points, &view);
    for (uint32_t i = 0; i < store->phy_count; i++) {
        struct view_record row = {id, "devices of this phy", store->phys[i].devices, 1};
        snprintf(id, sizeof id, "%s%s", phy_prefix, store->phys[i].name);
        record_reply_element(&reply, &row, &view);
    }
    store_unlock(store);
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

// clang-format off
#define VIEW(path, handler, doc) {METHOD_GET | METHOD_POST, path, ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, handler, doc}

const struct route api_views_routes[] = {
    VIEW("/devices/views/all_views", get_views, "The views there are."),
    VIEW("/devices/views/{view}/devices", get_view, "The devices of a view: all, phy-NAME, phydot11_accesspoints, seenby-UUID."),
    VIEW("/devices/views/{view}/last-time/{time}/devices", get_view_since, "Those of them modified since that time."),
    VIEW("/devices/views/phy/{name}/devices", get_phy, "The devices of a phy."),
    VIEW("/devices/views/phy/{name}/last-time/{time}/devices", get_phy_since, "Those of them modified since that time."),
    VIEW("/devices/views/seenby-uuid/{name}/devices", get_source, "The devices that a source heard."),
    VIEW("/devices/views/seenby-uuid/{name}/last-time/{time}/devices", get_source_since, "Those of them modified since that time."),
    {0},
};
