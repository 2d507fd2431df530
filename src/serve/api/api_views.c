/* /devices/views: lists of devices that have something in common: all, those of a phy, access
 * points, those a source heard. Input: the name of a view, what the client wants of it. Output:
 * plans for list_reply.c. */
#include <stdio.h>
#include <string.h>

#include "schema/device_fields.h"
#include "schema/devicelist_fields.h"
#include "serve/api/routes.h"
#include "serve/list/device_reply.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"

enum { ACCESS_POINT_TYPES = DOT11_TYPE_BEACON_AP | DOT11_TYPE_PROBE_AP | DOT11_TYPE_ADHOC };

static const char phy_prefix[] = "phy-", seenby_prefix[] = "seenby-";
static const char all_name[] = "all", access_points_name[] = "phydot11_accesspoints";

/* False when the option says that there are no views of that kind. */
static bool is_on(const struct request *request, const char *option)
{
    return options_boolean(monitor_of(request)->options, option);
}

static bool choose_phy(const struct request *request, const char *name, struct query *query)
{
    struct store *store = monitor_of(request)->store;
    store_lock_read(store);
    for (uint32_t i = 0; i < store->phy_count; i++)
        if (strcmp(store->phys[i].name, name) == 0)
            query->phy = (int)i;
    store_unlock(store);
    return query->phy >= 0 && is_on(request, "track_device_phy_views");
}

static bool choose_source(const struct request *request, const char *text, struct query *query)
{
    struct uuid uuid;
    uint16_t number;
    if (uuid_parse(text, strlen(text), &uuid) != 0 ||
        capture_find(monitor_of(request)->capture, uuid, &number) != 0)
        return false;
    query->sources = store_source_bit(number);
    return is_on(request, "track_device_seenby_views");
}

/* What a view holds; false when there is none of that name. */
static bool choose_view(const struct request *request, const char *name, struct query *query)
{
    if (strcmp(name, all_name) == 0)
        return true;
    if (strcmp(name, access_points_name) == 0) {
        query->types = ACCESS_POINT_TYPES;
        return is_on(request, "dot11_view_accesspoints");
    }
    if (strncmp(name, phy_prefix, sizeof phy_prefix - 1) == 0)
        return choose_phy(request, name + sizeof phy_prefix - 1, query);
    return strncmp(name, seenby_prefix, sizeof seenby_prefix - 1) == 0 &&
           choose_source(request, name + sizeof seenby_prefix - 1, query);
}

/* Answers with the part of a view that the client wants. */
static void reply_devices(struct request *request, const struct query *query, bool in_path)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    plan.query = *query;
    if (list_reply_read_since(request, in_path, &plan) && list_window_read(request, &plan.window))
        list_reply_send(request, &plan);
}

static void reply_unknown(struct request *request, const char *name)
{
    reply_error(request, 404, "there is no view '%.80s'; see /devices/views/all_views.json", name);
}

static void reply_view(struct request *request, bool in_path)
{
    struct query query = {.phy = -1};
    const char *name = request_parameter(request, "view", NULL);
    if (choose_view(request, name, &query))
        reply_devices(request, &query, in_path);
    else
        reply_unknown(request, name);
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
static void reply_phy(struct request *request, bool in_path)
{
    struct query query = {.phy = -1};
    const char *name = request_parameter(request, "name", NULL);
    if (choose_phy(request, name, &query))
        reply_devices(request, &query, in_path);
    else
        reply_error(request, 404, "there is no view of a phy '%.80s'; see /phy/all_phys.json",
                    name);
}

static void get_phy(struct request *request)
{
    reply_phy(request, false);
}

static void get_phy_since(struct request *request)
{
    reply_phy(request, true);
}

static void reply_source(struct request *request, bool in_path)
{
    struct query query = {.phy = -1};
    const char *name = request_parameter(request, "name", NULL);
    if (choose_source(request, name, &query))
        reply_devices(request, &query, in_path);
    else
        reply_error(request, 404,
                    "there is no view of a source '%.80s'; see /datasource/all_sources.json", name);
}

static void get_source(struct request *request)
{
    reply_source(request, false);
}

static void get_source_since(struct request *request)
{
    reply_source(request, true);
}

/* The old name of the view of all devices. */
static void get_summary(struct request *request)
{
    struct query query = {.phy = -1};
    reply_devices(request, &query, false);
}

/* The devices of a view, each time they change. */
static void open_monitor(struct request *request)
{
    struct query query = {.phy = -1};
    const char *name = request_parameter(request, "view", NULL);
    if (choose_view(request, name, &query))
        device_monitor_accept(request, monitor_of(request)->device_monitors, &query);
    else
        reply_unknown(request, name);
}

enum { VIEWS_MAX = 2 + STORE_PHYS + STORE_SOURCES, VIEW_NAME = 64 };

/* The views there are, with room for their names. */
struct views {
    struct view_record rows[VIEWS_MAX];
    struct query queries[VIEWS_MAX];
    char names[VIEWS_MAX][VIEW_NAME];
    uint32_t count;
};

static void add_view(struct views *views, const char *prefix, const char *name,
                     const char *description, const struct query *query)
{
    uint32_t at = views->count++;
    snprintf(views->names[at], VIEW_NAME, "%s%s", prefix, name);
    views->queries[at] = *query;
    views->rows[at] =
        (struct view_record){.id = views->names[at], .description = description, .indexed = 1};
}

static void add_sources(const struct store *store, struct views *views)
{
    char uuid[UUID_TEXT];
    for (uint16_t i = 0; i < STORE_SOURCES; i++) {
        struct query query = {.phy = -1, .sources = store_source_bit(i)};
        if (!store->sources[i])
            continue;
        uuid_write(store->sources[i]->uuid, uuid);
        add_view(views, seenby_prefix, uuid, "devices that this source heard", &query);
    }
}

static void add_views(const struct request *request, const struct store *store, struct views *views)
{
    struct query all = {.phy = -1}, points = {.phy = -1, .types = ACCESS_POINT_TYPES};
    add_view(views, all_name, "", "all devices", &all);
    if (is_on(request, "dot11_view_accesspoints"))
        add_view(views, access_points_name, "", "access points of 802.11", &points);
    for (uint32_t i = 0; i < store->phy_count && is_on(request, "track_device_phy_views"); i++) {
        struct query query = {.phy = (int)i};
        add_view(views, phy_prefix, store->phys[i].name, "devices of this phy", &query);
    }
    if (is_on(request, "track_device_seenby_views"))
        add_sources(store, views);
}

/* Counting takes a scan of the columns for each view: each under a hold of its own. */
static void count_views(struct store *store, struct views *views)
{
    struct query_result result;
    for (uint32_t i = 0; i < views->count; i++) {
        store_lock_read(store);
        int error = query_run(store, &views->queries[i], &result);
        store_unlock(store);
        if (error)
            continue;
        views->rows[i].size = result.count;
        query_done(&result);
    }
}

static void get_views(struct request *request)
{
    struct store *store = monitor_of(request)->store;
    struct views *views = arena_new(request_arena(request), sizeof *views);
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    if (!views) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (!record_reply_begin(&reply, request, &view_type))
        return;
    store_lock_read(store);
    add_views(request, store, views);
    store_unlock(store);
    count_views(store, views);
    record_reply_list_begin(&reply, views->count);
    for (uint32_t i = 0; i < views->count; i++)
        record_reply_element(&reply, &views->rows[i], &view);
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

// clang-format off
#define VIEW(path, handler, doc) {METHOD_GET | METHOD_POST, path, ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, handler, doc, ANSWER_VIEW, &device_type}

const struct route api_views_routes[] = {
    {METHOD_GET | METHOD_POST, "/devices/views/all_views", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_views,
     "The views there are.", ANSWER_LIST, &view_type},
    VIEW("/devices/views/{view}/devices", get_view, "The devices of a view (all, phy-NAME, phydot11_accesspoints, seenby-UUID), or a page of them, searched and sorted."),
    VIEW("/devices/views/{view}/last-time/{time}/devices", get_view_since, "Those of them modified since that time."),
    VIEW("/devices/views/phy/{name}/devices", get_phy, "The devices of a phy."),
    VIEW("/devices/views/phy/{name}/last-time/{time}/devices", get_phy_since, "Those of them modified since that time."),
    VIEW("/devices/views/seenby-uuid/{name}/devices", get_source, "The devices that a source heard."),
    VIEW("/devices/views/seenby-uuid/{name}/last-time/{time}/devices", get_source_since, "Those of them modified since that time."),
    {METHOD_WEBSOCKET, "/devices/views/{view}/monitor", ROUTE_WEBSOCKET, ROLE_READONLY, BODY_OPTIONAL, open_monitor,
     "As /devices/monitor.ws, within a view."},
    VIEW("/devices/summary/devices", get_summary, "The view of all devices under its old name."),
    {0},
};
