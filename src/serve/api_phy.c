/* /phy: the radio families with their counters, and what only one of them offers: the devices of
 * networks by patterns over their SSIDs, scans that others post. Input: the store. Output: records,
 * reports for the capture. */
#include <errno.h>
#include <string.h>

#include "schema/devicelist_fields.h"
#include "schema/phy_fields.h"
#include "serve/device_reply.h"
#include "serve/pattern.h"
#include "serve/record_reply.h"
#include "serve/routes.h"
#include "serve/scan_reply.h"

/* With the read lock. */
static void write_phys(struct record_reply *reply, const struct store *store, bool as_table)
{
    struct view view;
    struct view_tables tables;
    const char *name = devicelist_table_type.fields[0].name;
    store_view(store, monitor_now(), &view, &tables);
    if (as_table)
        record_reply_table_begin(reply, name, store->phy_count);
    else
        record_reply_list_begin(reply, store->phy_count);
    for (uint32_t i = 0; i < store->phy_count; i++)
        record_reply_element(reply, &store->phys[i], &view);
    if (as_table)
        record_reply_table_end(reply);
    else
        record_reply_list_end(reply);
}

static void reply_phys(struct request *request, bool as_table)
{
    struct monitor *monitor = monitor_of(request);
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, &phy_record_type))
        return;
    store_lock_read(monitor->store);
    write_phys(&reply, monitor->store, as_table);
    store_unlock(monitor->store);
    record_reply_send(&reply);
}

static void get_phys(struct request *request)
{
    reply_phys(request, false);
}

static void get_phys_table(struct request *request)
{
    reply_phys(request, true);
}

/* The patterns of an SSID search: texts of the command, then their programs. */
struct ssid_search {
    const struct command_value *texts;
    size_t count, compiled;
    struct pattern *patterns[PATTERNS_MAX];
};

static int prepare_search(struct device_plan *plan, struct buffer *ret_why)
{
    struct ssid_search *search = (struct ssid_search *)plan->context;
    for (; search->compiled < search->count; search->compiled++) {
        const struct command_value *text = &search->texts[search->compiled];
        struct pattern *pattern = pattern_new(text->text, text->count, ret_why);
        if (!pattern)
            return -errno;
        search->patterns[search->compiled] = pattern;
    }
    return 0;
}

static void finish_search(struct device_plan *plan)
{
    const struct ssid_search *search = plan->context;
    for (size_t i = 0; i < search->compiled; i++)
        pattern_free(search->patterns[i]);
}

static bool matches_any(const struct ssid_search *search, const struct dot11_ssid *ssid)
{
    for (; ssid; ssid = ssid->next)
        for (size_t i = 0; i < search->compiled; i++)
            if (pattern_matches(search->patterns[i], string_text(ssid->ssid),
                                string_length(ssid->ssid)))
                return true;
    return false;
}

static bool keep_network(const struct device_plan *plan, const struct device *device,
                         struct view *view)
{
    const struct dot11_device *dot11 = device_dot11(device);
    return dot11 && (matches_any(plan->context, dot11->advertised) ||
                     matches_any(plan->context, dot11->responded));
}

/* Reads the list of patterns; false when a reply was made instead. */
static bool read_search(struct request *request, struct ssid_search *search)
{
    const struct command_value *list = command_find(request_command(request), "essid");
    if (!list) {
        reply_error(request, 400, "the key essid is missing: a list of patterns");
        return false;
    }
    bool texts = list->type == COMMAND_LIST;
    for (size_t i = 0; texts && i < list->count; i++)
        texts = list->items[i].type == COMMAND_TEXT;
    if (!texts) {
        reply_error(request, 400, "essid must be a list of texts, as in [\"^linksys$\"]");
        return false;
    }
    if (list->count > PATTERNS_MAX) {
        reply_error(request, 400, "essid may hold %d patterns at most", PATTERNS_MAX);
        return false;
    }
    search->texts = list->items;
    search->count = list->count;
    return true;
}

/* Answers in the encoding of the question: msgpack to msgpack, JSON to JSON. */
static void find_ssids(struct request *request)
{
    struct ssid_search *search = arena_new(request_arena(request), sizeof *search);
    struct device_plan plan = device_reply_plan(request, DEVICE_SUMMARY);
    if (!search) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (!read_search(request, search))
        return;
    plan.context = search;
    plan.prepare = prepare_search;
    plan.keep = keep_network;
    plan.finish = finish_search;
    if (request_command(request)->encoding == COMMAND_MSGPACK)
        plan.format = request_msgpack_format(request);
    device_reply_send(request, &plan);
}

static void post_dot11_scan(struct request *request)
{
    scan_reply_take(request, "DOT11SCAN", "bssid");
}

static void post_bluetooth_scan(struct request *request)
{
    scan_reply_take(request, "BLUETOOTHSCAN", "btaddr");
}

// clang-format off
const struct route api_phy_routes[] = {
    {METHOD_GET | METHOD_POST, "/phy/all_phys", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_phys,
     "Every phy with its counts of packets and devices."},
    {METHOD_GET | METHOD_POST, "/phy/all_phys_dt", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_phys_table,
     "The same as rows for jQuery DataTables, under aaData."},
    {METHOD_POST, "/phy/phy80211/ssid_regex", ROUTE_COMMAND, ROLE_READONLY, BODY_COMMAND, find_ssids,
     "Short records of the devices that advertise an SSID which any pattern of essid matches."},
    {METHOD_POST, "/phy/phy80211/scan/scan_report", ROUTE_COMMAND, ROLE_SCANREPORT | ROLE_ADMIN, BODY_COMMAND, post_dot11_scan,
     "Takes access points that others found: source_uuid, source_name and reports, each with bssid and if known ssid, capabilities, channel, freqkhz, signal, timestamp, lat, lon, alt, spd (km/h)."},
    {METHOD_POST, "/phy/phybluetooth/scan/scan_report", ROUTE_COMMAND, ROLE_SCANREPORT | ROLE_ADMIN, BODY_COMMAND, post_bluetooth_scan,
     "Takes Bluetooth devices that others found: the same with btaddr and if known name, devicetype, txpowerlevel, pathloss, scan_data, service_data."},
    {0},
};
