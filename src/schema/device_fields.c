/* Table of the device record, and what of it is computed. */
#include "schema/device_fields.h"

#include <string.h>

#include "schema/bluetooth_fields.h"
#include "schema/btle_fields.h"
#include "schema/datasource_fields.h"
#include "schema/dot11_fields.h"
#include "schema/location_cloud.h"
#include "schema/related_fields.h"
#include "schema/phy_fields.h"

struct device_key device_record_key_of(struct macaddr mac, uint8_t phy, const struct view *view)
{
    const struct view_tables *tables = view->tables;
    uint64_t key = tables && phy < tables->phy_count ? tables->phys[phy].key : 0;
    return (struct device_key){.phy = key, .mac = macaddr_u64(mac)};
}

struct device_key device_record_key(const struct device *device, const struct view *view)
{
    return device_record_key_of(device->mac, device->phy, view);
}

uint64_t device_record_now(const struct device *device, const struct view *view)
{
    const struct view_tables *tables = view->tables;
    uint64_t clock =
        tables && device->source < tables->source_count ? tables->source_clocks[device->source] : 0;
    return clock ? clock : view->server_now;
}

static void get_key(const void *record, struct view *view, struct value *ret)
{
    ret->key = device_record_key(record, view);
}

static void give_text(const char *text, size_t length, struct value *ret)
{
    ret->text = text;
    ret->length = length;
}

static void get_phy_name(const void *record, struct view *view, struct value *ret)
{
    const struct device *device = record;
    const struct view_tables *tables = view->tables;
    const char *name =
        tables && device->phy < tables->phy_count ? tables->phys[device->phy].name : "";
    give_text(name, strlen(name), ret);
}

static void get_user_name(const void *record, struct view *view, struct value *ret)
{
    const struct device_note *note = ((const struct device *)record)->note;
    const struct string *name = note ? note->name : NULL;
    give_text(string_text(name), string_length(name), ret);
}

static void get_common_name(const void *record, struct view *view, struct value *ret)
{
    const struct device *device = record;
    const struct device_note *note = device->note;
    const struct string *name = note && note->name ? note->name : device->name;
    if (name) {
        give_text(name->text, name->length, ret);
        return;
    }
    char *text = view_scratch(view, MACADDR_TEXT);
    if (!text)
        return;
    macaddr_write(device->mac, text);
    give_text(text, MACADDR_TEXT - 1, ret);
}

static void render_history(const void *record, enum history_series series, struct view *view,
                           struct value *ret)
{
    const struct device *device = record;
    struct rrd_record *rrd = device->history.capacity ? view_scratch(view, sizeof *rrd) : NULL;
    if (rrd)
        history_render(&device->history, series, device_record_now(device, view), view->brief, rrd);
    ret->record = rrd;
    ret->absent = !rrd;
}

static void get_packets_rrd(const void *record, struct view *view, struct value *ret)
{
    render_history(record, HISTORY_PACKETS, view, ret);
}

static void get_bytes_rrd(const void *record, struct view *view, struct value *ret)
{
    render_history(record, HISTORY_BYTES, view, ret);
}

static void get_received_rrd(const void *record, struct view *view, struct value *ret)
{
    ret->absent = !((const struct device *)record)->packets_received;
    if (!ret->absent)
        render_history(record, HISTORY_RECEIVED, view, ret);
}

static void get_sent_rrd(const void *record, struct view *view, struct value *ret)
{
    ret->absent = !((const struct device *)record)->packets_sent;
    if (!ret->absent)
        render_history(record, HISTORY_SENT, view, ret);
}

/* Always there, so that every row of a table has the same members: of kind "none" and zeroes for
 * a device that was never heard itself. */
static void get_signal(const void *record, struct view *view, struct value *ret)
{
    const struct device *device = record;
    struct signal_record *signal = view_scratch(view, sizeof *signal);
    ret->absent = !signal;
    if (ret->absent)
        return;
    signal_render(&device->signal, signal);
    signal->peak = &device->peak;
    signal->history = &device->history;
    signal->now = device_record_now(device, view);
    ret->record = signal;
}

static bool next_frequency(const void *record, struct view *view, struct cursor *cursor)
{
    const struct device *device = record;
    if (cursor->index >= device->frequency_count)
        return false;
    const struct frequency_count *at = &device->frequencies[cursor->index++];
    cursor->key = (struct value){.type = FIELD_DOUBLE, .number = at->frequency};
    cursor->element = (struct value){.type = FIELD_DOUBLE, .number = at->packets};
    return true;
}

static bool next_seenby(const void *record, struct view *view, struct cursor *cursor)
{
    const struct seenby *at = cursor->index++ ? ((const struct seenby *)cursor->at)->next
                                              : ((const struct device *)record)->seenby;
    if (!at)
        return false;
    cursor->at = at;
    cursor->element = (struct value){.type = FIELD_RECORD, .record = at};
    return true;
}

static bool next_note_tag(const void *record, struct view *view, struct cursor *cursor)
{
    const struct device_note *note = record;
    const struct device_tag *first = note ? note->tags : NULL;
    const struct device_tag *at =
        cursor->index++ ? ((const struct device_tag *)cursor->at)->next : first;
    if (!at)
        return false;
    cursor->at = at;
    give_text(string_text(at->name), string_length(at->name), &cursor->key);
    give_text(string_text(at->value), string_length(at->value), &cursor->element);
    return true;
}

static bool next_tag(const void *record, struct view *view, struct cursor *cursor)
{
    return next_note_tag(((const struct device *)record)->note, view, cursor);
}

static const struct datasource_record *find_source(const void *record, const struct view *view)
{
    const struct seenby *seenby = record;
    const struct view_tables *tables = view->tables;
    return tables && seenby->source < tables->source_count ? tables->sources[seenby->source] : NULL;
}

static void get_source(const void *record, struct view *view, struct value *ret)
{
    ret->record = find_source(record, view);
    ret->absent = !ret->record;
}

static void get_source_uuid(const void *record, struct view *view, struct value *ret)
{
    const struct datasource_record *source = find_source(record, view);
    if (source)
        ret->uuid = source->uuid;
}

/* How that source hears the device: what is kept of it, as a signal record. */
static void get_source_signal(const void *record, struct view *view, struct value *ret)
{
    const struct seenby *seenby = record;
    struct signal_record *signal = seenby->last_signal ? view_scratch(view, sizeof *signal) : NULL;
    ret->record = signal;
    ret->absent = !signal;
    if (signal)
        *signal = (struct signal_record){.type = "dbm",
                                         .last_signal = seenby->last_signal,
                                         .minimum_signal = seenby->minimum_signal,
                                         .maximum_signal = seenby->maximum_signal};
}

static void get_frequency(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct device *)record)->frequency;
}

static void get_dot11(const void *record, struct view *view, struct value *ret)
{
    ret->record = device_dot11(record);
    ret->absent = !ret->record;
}

static void get_bluetooth(const void *record, struct view *view, struct value *ret)
{
    ret->record = device_bluetooth(record);
    ret->absent = !ret->record;
}

static void get_btle(const void *record, struct view *view, struct value *ret)
{
    ret->record = device_btle(record);
    ret->absent = !ret->record;
}

/* What a Bluetooth device of either phy says of itself, or NULL. */
static const struct bluetooth_advertised *find_advertised(const struct device *device)
{
    const struct bluetooth_device *bluetooth = device_bluetooth(device);
    const struct btle_device *btle = device_btle(device);
    return bluetooth ? &bluetooth->advertised : btle ? &btle->advertised : NULL;
}

static void get_company(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = find_advertised(record);
    const struct string *name = advertised ? advertised->company_name : NULL;
    ret->absent = !name;
    give_text(string_text(name), string_length(name), ret);
}

/* The newest service that has a name. */
static void get_service(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = find_advertised(record);
    const struct bluetooth_service *service = advertised ? advertised->services : NULL;
    while (service && !service->name)
        service = service->next;
    ret->absent = !service;
    if (service)
        give_text(string_text(service->name), string_length(service->name), ret);
}

static void get_random(const void *record, struct view *view, struct value *ret)
{
    ret->natural = (((const struct device *)record)->flags & DEVICE_LOCAL_ADDRESS) != 0;
}

// clang-format off
#define DEVICE(wire, kind, member, text) FIELD(wire, kind, struct device, member, text)
#define SUMMARY(wire, kind, member, text) \
    {.name = (wire), .type = (kind), .offset = offsetof(struct device, member), .flags = FIELD_SUMMARY, .description = (text)}

static const struct field seenby_fields[] = {
    {.name = "kismet.common.seenby.uuid", .type = FIELD_UUID, .get = get_source_uuid, .description = "UUID of the source that heard the device"},
    FIELD("kismet.common.seenby.first_time", FIELD_UINT64, struct seenby, first_time, "when that source first heard it, seconds"),
    FIELD("kismet.common.seenby.last_time", FIELD_UINT64, struct seenby, last_time, "when that source last heard it, seconds"),
    FIELD("kismet.common.seenby.num_packets", FIELD_UINT64, struct seenby, packets, "packets of it that the source delivered"),
    {.name = "kismet.common.seenby.signal", .type = FIELD_RECORD, .get = get_source_signal, .flags = FIELD_OPTIONAL, .record = &signal_record_type, .description = "how well that source hears it"},
    {.name = "kismet.common.seenby.source", .type = FIELD_RECORD, .get = get_source, .record = &datasource_type, .description = "record of the source"},
};

static const struct field device_fields[] = {
    {.name = "kismet.device.base.key", .type = FIELD_KEY, .get = get_key, .flags = FIELD_SUMMARY, .description = "key of the device: its phy and its address"},
    SUMMARY("kismet.device.base.macaddr", FIELD_MAC, mac, "address of the device"),
    {.name = "kismet.device.base.phyname", .type = FIELD_STRING, .get = get_phy_name, .flags = FIELD_SUMMARY, .description = "phy that the device belongs to"},
    SUMMARY("kismet.device.base.name", FIELD_STRING, name, "name the device gave itself"),
    {.name = "kismet.device.base.username", .type = FIELD_STRING, .get = get_user_name, .flags = FIELD_OPTIONAL, .description = "name given by an operator"},
    {.name = "kismet.device.base.commonname", .type = FIELD_STRING, .get = get_common_name, .flags = FIELD_SUMMARY, .description = "name to show: the operator's, else its own, else its address"},
    SUMMARY("kismet.device.base.type", FIELD_STRING, type, "kind of device in words"),
    DEVICE("kismet.device.base.basic_type_set", FIELD_UINT8, basic_type, "kind as bits: 1 access point, 2 client, 4 wired, 8 peer"),
    SUMMARY("kismet.device.base.crypt", FIELD_STRING, crypt, "encryption in words"),
    DEVICE("kismet.device.base.basic_crypt_set", FIELD_UINT8, basic_crypt, "encryption as bits: 2 encrypted, 4 link layer, 8 network layer, 16 weak, 32 decrypted"),
    SUMMARY("kismet.device.base.first_time", FIELD_UINT64, first_time, "when it was first heard, seconds"),
    SUMMARY("kismet.device.base.last_time", FIELD_UINT64, last_time, "when it was last heard, seconds"),
    DEVICE("kismet.device.base.mod_time", FIELD_UINT64, mod_time, "when the record last changed by the server's clock, seconds"),
    SUMMARY("kismet.device.base.packets.total", FIELD_UINT64, packets, "packets that concern the device"),
    DEVICE("kismet.device.base.packets.rx_total", FIELD_UINT64, packets_received, "packets sent to it"),
    DEVICE("kismet.device.base.packets.tx_total", FIELD_UINT64, packets_sent, "packets sent by it"),
    DEVICE("kismet.device.base.packets.llc", FIELD_UINT64, packets_llc, "packets that manage the link"),
    DEVICE("kismet.device.base.packets.error", FIELD_UINT32, packets_error, "packets with errors"),
    DEVICE("kismet.device.base.packets.data", FIELD_UINT64, packets_data, "packets with data"),
    DEVICE("kismet.device.base.packets.crypt", FIELD_UINT64, packets_crypt, "packets with encrypted data"),
    DEVICE("kismet.device.base.packets.filtered", FIELD_UINT32, packets_filtered, "packets that a filter left out"),
    DEVICE("kismet.device.base.datasize", FIELD_UINT64, data_bytes, "data carried, bytes"),
    {.name = "kismet.device.base.packets.rrd", .type = FIELD_RECORD, .get = get_packets_rrd, .flags = FIELD_OPTIONAL | FIELD_SUMMARY, .record = &rrd_record_type, .description = "packets over time"},
    {.name = "kismet.device.base.datasize.rrd", .type = FIELD_RECORD, .get = get_bytes_rrd, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "bytes of data over time"},
    {.name = "kismet.device.base.rx_packets.rrd", .type = FIELD_RECORD, .get = get_received_rrd, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "packets sent to it over time"},
    {.name = "kismet.device.base.tx_packets.rrd", .type = FIELD_RECORD, .get = get_sent_rrd, .flags = FIELD_OPTIONAL, .record = &rrd_record_type, .description = "packets sent by it over time"},
    {.name = "kismet.device.base.signal", .type = FIELD_RECORD, .get = get_signal, .flags = FIELD_SUMMARY, .record = &signal_record_type, .description = "signal"},
    {.name = "kismet.device.base.freq_khz_map", .type = FIELD_MAP_DOUBLE, .element = FIELD_DOUBLE, .next = next_frequency, .description = "packets on each frequency, by kHz"},
    SUMMARY("kismet.device.base.channel", FIELD_STRING, channel, "newest channel"),
    {.name = "kismet.device.base.frequency", .type = FIELD_DOUBLE, .get = get_frequency, .flags = FIELD_SUMMARY, .unit = "kHz", .description = "newest frequency, kHz"},
    SUMMARY("kismet.device.base.manuf", FIELD_STRING, manufacturer, "maker, from the address"),
    DEVICE("kismet.device.base.num_alerts", FIELD_UINT32, alerts, "alerts raised about it"),
    {.name = "kismet.device.base.location", .type = FIELD_RECORD, .offset = offsetof(struct device, location), .flags = FIELD_OPTIONAL, .record = &location_summary_type, .description = "where it was heard"},
    {.name = "kismet.device.base.location_cloud", .type = FIELD_RECORD, .offset = offsetof(struct device, cloud), .flags = FIELD_OPTIONAL, .record = &location_cloud_type, .description = "places where it was heard, where the option keep_location_cloud_history asks for them"},
    {.name = "kismet.device.base.seenby", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &seenby_type, .next = next_seenby, .description = "sources that heard it"},
    {.name = "kismet.device.base.tags", .type = FIELD_MAP_STRING, .element = FIELD_STRING, .next = next_tag, .flags = FIELD_OPTIONAL, .description = "words an operator hung on it, with what they say"},
    {.name = "kismet.device.base.related_devices", .type = FIELD_MAP_STRING, .element = FIELD_LIST, .record = &related_type, .next = related_next, .description = "keys of devices it is related to, by relation: dot11_access_points, dot11_bssts_similar, dot11_clients, dot11_owe_twins"},
    {.name = "norn.device.random_address", .type = FIELD_UINT8, .get = get_random, .description = "1: the address is locally administered, most likely random"},
    {.name = "kismet.device.base.btmanuf", .type = FIELD_TEXT, .get = get_company, .flags = FIELD_OPTIONAL, .description = "name of the company whose data a Bluetooth device sends"},
    {.name = "kismet.device.base.btoid", .type = FIELD_TEXT, .get = get_service, .flags = FIELD_OPTIONAL, .description = "name of the service that a Bluetooth device named last"},
    {.name = "dot11.device", .type = FIELD_RECORD, .get = get_dot11, .flags = FIELD_OPTIONAL, .record = &dot11_device_type, .description = "what is known of it as an 802.11 station"},
    {.name = "bluetooth.device", .type = FIELD_RECORD, .get = get_bluetooth, .flags = FIELD_OPTIONAL, .record = &bluetooth_device_type, .description = "what is known of it as a Bluetooth device of basic rate"},
    {.name = "btle.device", .type = FIELD_RECORD, .get = get_btle, .flags = FIELD_OPTIONAL, .record = &btle_device_type, .description = "what is known of it as a Bluetooth low energy device"},
    FIELD_OLD("kismet.device.base.packets.rx", FIELD_UINT64, struct device, packets_received, "packets sent to it, 2016 name"),
    FIELD_OLD("kismet.device.base.packets.tx", FIELD_UINT64, struct device, packets_sent, "packets sent by it, 2016 name"),
};

static const struct field device_note_fields[] = {
    FIELD("kismet.device.base.key", FIELD_KEY, struct device_note, key, "key of the device"),
    FIELD_IF_SET("kismet.device.base.username", FIELD_STRING, struct device_note, name, "name given by an operator"),
    {.name = "kismet.device.base.tags", .type = FIELD_MAP_STRING, .element = FIELD_STRING, .next = next_note_tag, .flags = FIELD_OPTIONAL, .description = "words an operator hung on it, with what they say"},
};

const struct record_type seenby_type = RECORD_TYPE("sighting by a source", seenby_fields);
const struct record_type device_type = RECORD_TYPE("device", device_fields);
const struct record_type device_note_type = RECORD_TYPE("note about a device", device_note_fields);
