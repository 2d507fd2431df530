/* /phy: the radio families with their counters, and what only one of them offers: devices by
 * patterns over their SSIDs, the clients of access points, SSIDs, scans that others post. Input:
 * the store. Output: records, reports for the capture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schema/device_fields.h"
#include "schema/devicelist_fields.h"
#include "schema/phy_fields.h"
#include "schema/result_fields.h"
#include "schema/ssid_group_fields.h"
#include "serve/api/routes.h"
#include "serve/api/scan_reply.h"
#include "serve/list/device_reply.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/packet/handshake_reply.h"
#include "serve/packet/packet_stream.h"
#include "track/device.h"
#include "track/ssid_group.h"
#include "util/pattern.h"
#include "util/text.h"

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
    bool probed; /* SSIDs that devices ask for, not those they offer */
    const struct command_value *texts;
    size_t count, compiled;
    struct pattern *patterns[PATTERNS_MAX];
};

static int prepare_search(struct list_plan *plan, struct buffer *ret_why)
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

static void finish_search(struct list_plan *plan)
{
    const struct ssid_search *search = plan->context;
    for (size_t i = 0; i < search->compiled; i++)
        pattern_free(search->patterns[i]);
}

static bool matches_any(const struct list_plan *plan, const struct string *ssid)
{
    const struct ssid_search *search = plan->context;
    for (size_t i = 0; i < search->compiled; i++)
        if (pattern_budget_try(plan->budget, search->patterns[i], string_text(ssid),
                               string_length(ssid)))
            return true;
    return false;
}

static bool offers_any(const struct list_plan *plan, const struct dot11_ssid *ssid)
{
    while (ssid && !matches_any(plan, ssid->ssid))
        ssid = ssid->next;
    return ssid != NULL;
}

static bool asks_for_any(const struct list_plan *plan, const struct dot11_probe *probe)
{
    while (probe && !matches_any(plan, probe->ssid))
        probe = probe->next;
    return probe != NULL;
}

static bool keep_network(const struct list_plan *plan, const void *record, struct view *view)
{
    const struct ssid_search *search = plan->context;
    const struct dot11_device *dot11 = device_dot11(record);
    if (!dot11)
        return false;
    if (search->probed)
        return asks_for_any(plan, dot11->probed);
    return offers_any(plan, dot11->advertised) || offers_any(plan, dot11->responded);
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
static void reply_search(struct request *request, bool probed)
{
    struct ssid_search *search = arena_new(request_arena(request), sizeof *search);
    struct list_plan plan = device_reply_plan(request, DEVICE_SUMMARY);
    if (!search) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (!read_search(request, search))
        return;
    search->probed = probed;
    plan.context = search;
    plan.prepare = prepare_search;
    plan.keep = keep_network;
    plan.finish = finish_search;
    if (request_command(request)->encoding == COMMAND_MSGPACK)
        plan.format = request_msgpack_format(request);
    list_reply_send(request, &plan);
}

static void find_ssids(struct request *request)
{
    reply_search(request, false);
}

static void find_probed(struct request *request)
{
    reply_search(request, true);
}

/* ---- devices around an access point */

enum {
    RELATED_MAX = 16384,  /* devices in one answer */
    RELATED_LINKS = 1024, /* looked at under one hold of the lock */
};

/* A walk from a device to its clients, and on to theirs. */
struct relatives {
    struct device_key key;
    uint32_t ids[RELATED_MAX]; /* found; those before `next` were walked from */
    uint32_t count, next;
};

static const struct dot11_link *first_client(const struct device *device)
{
    return device && device_dot11(device) ? device->dot11->clients : NULL;
}

static int select_clients(const struct store *store, const struct list_plan *plan,
                          struct query_result *ret_result)
{
    const struct device_key *key = plan->context;
    int error = query_none(store->slot_count, ret_result);
    if (error)
        return error;
    const struct dot11_link *link = first_client(device_find_key(store, *key));
    for (; link; link = link->next_of_ap)
        if (!(link->client->device->flags & DEVICE_EVICTED))
            query_add(ret_result, link->client->device->id);
    return 0;
}

static void add_relative(struct relatives *relatives, const struct device *device,
                         struct query_result *result)
{
    uint32_t before = result->count;
    bool fits = relatives->count < RELATED_MAX && device->id < result->slots;
    if (!fits || device->flags & DEVICE_EVICTED)
        return;
    query_add(result, device->id);
    if (result->count != before)
        relatives->ids[relatives->count++] = device->id;
}

static int select_relatives(const struct store *store, const struct list_plan *plan,
                            struct query_result *ret_result)
{
    struct relatives *relatives = (struct relatives *)plan->context;
    const struct device *device = device_find_key(store, relatives->key);
    int error = query_none(store->slot_count, ret_result);
    if (!error && device)
        add_relative(relatives, device, ret_result);
    return error;
}

static int extend_relatives(const struct store *store, const struct list_plan *plan,
                            struct query_result *result)
{
    struct relatives *relatives = (struct relatives *)plan->context;
    for (unsigned links = 0; relatives->next < relatives->count; relatives->next++) {
        const struct device *device = store_device(store, relatives->ids[relatives->next]);
        const struct dot11_link *link = first_client(device);
        if (links >= RELATED_LINKS)
            return -EAGAIN;
        for (; link; link = link->next_of_ap, links++)
            add_relative(relatives, link->client->device, result);
    }
    return 0;
}

static void get_clients(struct request *request)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    struct device_key *key = arena_new(request_arena(request), sizeof *key);
    plan.select = select_clients;
    plan.context = key;
    if (!key)
        reply_error(request, 503, "out of memory");
    else if (device_reply_read_key(request, key))
        list_reply_send(request, &plan);
}

static void get_related(struct request *request)
{
    struct list_plan plan = device_reply_plan(request, DEVICE_FULL);
    struct relatives *relatives = arena_new(request_arena(request), sizeof *relatives);
    plan.select = select_relatives;
    plan.extend = extend_relatives;
    plan.context = relatives;
    if (!relatives)
        reply_error(request, 503, "out of memory");
    else if (device_reply_read_key(request, &relatives->key))
        list_reply_send(request, &plan);
}

/* ---- SSIDs */

static const void *find_ssid(const struct store *store, uint32_t id)
{
    return ssid_group_get(store, id);
}

static const struct list_source ssid_source = {
    .type = &ssid_group_type,
    .record = find_ssid,
    .query = ssid_group_query,
    .hot_bytes = sizeof(struct ssid_group),
    .least_bytes = 256,
};

/* False when 404 was replied instead. */
static bool keeps_ssids(struct request *request)
{
    if (options_boolean(monitor_of(request)->options, "dot11_view_ssids"))
        return true;
    reply_error(request, 404, "SSIDs are not kept: the option dot11_view_ssids is off");
    return false;
}

static void get_ssids(struct request *request)
{
    struct list_plan plan = list_reply_plan(request, &ssid_source);
    if (keeps_ssids(request) && list_reply_read_since(request, false, &plan) &&
        list_window_read(request, &plan.window))
        list_reply_send(request, &plan);
}

static void get_ssid(struct request *request)
{
    struct store *store = monitor_of(request)->store;
    struct record_reply reply;
    struct view view;
    struct view_tables tables;
    size_t length;
    int64_t hash;
    const char *text = request_parameter(request, "hash", &length);
    if (text_parse_i64(text, length, &hash) != 0 || hash < 0) {
        reply_error(request, 400,
                    "'%.40s' is no hash of an SSID: it takes a number, see dot11.ssidgroup.hash in "
                    "/phy/phy80211/ssids/views/ssids.json",
                    text);
        return;
    }
    if (!keeps_ssids(request) || !record_reply_begin(&reply, request, &ssid_group_type))
        return;
    store_lock_read(store);
    store_view(store, monitor_now(), &view, &tables);
    const struct ssid_group *group = ssid_group_find(store, (uint64_t)hash);
    if (group)
        record_reply_record(&reply, group, &view);
    store_unlock(store);
    if (group) {
        record_reply_send(&reply);
        return;
    }
    record_reply_drop(&reply);
    reply_error(request, 404, "no SSID has that hash");
}

/* The packets of one BSSID. The phy's own number is not needed: no other has networks. */
static void get_packets(struct request *request)
{
    struct packet_filter filter = {.has_network = true};
    uint64_t mask;
    size_t length;
    const char *text = request_parameter(request, "mac", &length);
    char address[MACADDR_TEXT], file[96];
    if (macaddr_parse(text, length, &filter.network, &mask) != 0) {
        reply_error(request, 400, "'%.64s' is no MAC address; one looks like AA:BB:CC:DD:EE:FF",
                    text);
        return;
    }
    if (!packet_filter_read(request, &filter))
        return;
    macaddr_write(filter.network, address);
    snprintf(file, sizeof file, "kismet-bssid-%s.pcapng", address);
    packet_stream_reply(request, &filter, file, "packets of one network");
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
     "Every phy with its counts of packets and devices.", ANSWER_LIST, &phy_record_type},
    {METHOD_GET | METHOD_POST, "/phy/all_phys_dt", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_phys_table,
     "The same as rows for jQuery DataTables, under aaData.", ANSWER_TABLE, &phy_record_type},
    {METHOD_GET, "/phy/phy80211/pcap/by-bssid/{mac}/packets.pcapng", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_packets,
     "The packets of one network from now on, as pcapng."},
    {METHOD_GET, "/phy/phy80211/by-key/{key}/device/{mac}/pcap/handshake.pcap", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, handshake_reply_client,
     "The newest key messages between the access point of that key and the client {mac}, with a beacon, as pcap."},
    {METHOD_GET, "/phy/phy80211/by-key/{key}/pcap/handshake-pmkid.pcap", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, handshake_reply_pmkid,
     "The newest key message with a PMKID from the access point of that key, with a beacon, as pcap."},
    {METHOD_POST, "/phy/phy80211/ssid_regex", ROUTE_COMMAND, ROLE_READONLY, BODY_COMMAND, find_ssids,
     "Short records of the devices that advertise an SSID which any pattern of essid matches.", ANSWER_LIST, &device_type},
    {METHOD_POST, "/phy/phy80211/probe_regex", ROUTE_COMMAND, ROLE_READONLY, BODY_COMMAND, find_probed,
     "Short records of the devices that probed for an SSID which any pattern of essid matches.", ANSWER_LIST, &device_type},
    {METHOD_GET | METHOD_POST, "/phy/phy80211/clients-of/{key}/clients", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_clients,
     "The clients of the access point of that key.", ANSWER_LIST, &device_type},
    {METHOD_GET | METHOD_POST, "/phy/phy80211/related-to/{key}/devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_related,
     "The device of that key, its clients, and theirs in turn.", ANSWER_LIST, &device_type},
    {METHOD_GET | METHOD_POST, "/phy/phy80211/ssids/views/ssids", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_ssids,
     "Every SSID with the devices that advertise it, answer with it or probe for it; or a page of them, searched and sorted.", ANSWER_VIEW, &ssid_group_type},
    {METHOD_GET | METHOD_POST, "/phy/phy80211/ssids/by-hash/{hash}/ssid", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_ssid,
     "The SSID of that hash.", ANSWER_RECORD, &ssid_group_type},
    {METHOD_POST, "/phy/phy80211/scan/scan_report", ROUTE_COMMAND, ROLE_SCANREPORT | ROLE_ADMIN, BODY_COMMAND, post_dot11_scan,
     "Takes access points that others found: source_uuid, source_name and reports, each with bssid and if known ssid, capabilities, channel, freqkhz, signal, timestamp, lat, lon, alt, spd (km/h).", ANSWER_RECORD, &result_record_type},
    {METHOD_POST, "/phy/phybluetooth/scan/scan_report", ROUTE_COMMAND, ROLE_SCANREPORT | ROLE_ADMIN, BODY_COMMAND, post_bluetooth_scan,
     "Takes Bluetooth devices that others found: the same with btaddr and if known name, devicetype, txpowerlevel, pathloss, scan_data, service_data.", ANSWER_RECORD, &result_record_type},
    {0},
};
