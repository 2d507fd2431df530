/* Getters of the rarer 802.11 members, and the tables of ranges, key messages and kept frames. */
#include "schema/dot11_extra_fields.h"

#include <stdlib.h>
#include <string.h>

static const struct dot11_ssid_extra *extra_of(const void *record)
{
    static const struct dot11_ssid_extra none;
    const struct dot11_ssid_extra *extra = ((const struct dot11_ssid *)record)->extra;
    return extra ? extra : &none;
}

static const struct dot11_abilities *abilities_of(const void *record)
{
    static const struct dot11_abilities none;
    const struct dot11_abilities *abilities = ((const struct dot11_device *)record)->abilities;
    return abilities ? abilities : &none;
}

static const struct dot11_wps_record *ssid_wps(const void *record)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    return extra->has_wps ? &extra->wps : NULL;
}

static const struct dot11_wps_record *probe_wps(const void *record)
{
    return ((const struct dot11_probe *)record)->wps;
}

static void give_number(bool there, uint64_t number, struct value *ret)
{
    ret->absent = !there;
    ret->natural = number;
}

static void give_string(const struct string *string, struct value *ret)
{
    ret->absent = !string;
    ret->text = string_text(string);
    ret->length = string_length(string);
}

void dot11_extra_get_ccx_power(const void *record, struct view *view, struct value *ret)
{
    ret->natural = extra_of(record)->ccx_power;
}

void dot11_extra_get_cisco_mfp(const void *record, struct view *view, struct value *ret)
{
    ret->natural = extra_of(record)->cisco_mfp;
}

void dot11_extra_get_power(const void *record, struct view *view, struct value *ret)
{
    ret->natural = extra_of(record)->power;
}

void dot11_extra_get_owe_ssid(const void *record, struct view *view, struct value *ret)
{
    give_string(extra_of(record)->owe_ssid, ret);
}

void dot11_extra_get_owe_ssid_length(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    give_number(extra->has_owe, string_length(extra->owe_ssid), ret);
}

void dot11_extra_get_owe_bssid(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    ret->absent = !extra->has_owe;
    ret->mac = extra->owe_bssid;
}

void dot11_extra_get_beacon_info(const void *record, struct view *view, struct value *ret)
{
    give_string(extra_of(record)->beacon_info, ret);
}

void dot11_extra_get_mesh_id(const void *record, struct view *view, struct value *ret)
{
    give_string(extra_of(record)->mesh_id, ret);
}

void dot11_extra_get_mesh_gateway(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    give_number(extra->has_mesh, extra->mesh_gateway, ret);
}

void dot11_extra_get_mesh_peerings(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    give_number(extra->has_mesh, extra->mesh_peerings, ret);
}

void dot11_extra_get_mesh_forwarding(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    give_number(extra->has_mesh, extra->mesh_forwarding, ret);
}

void dot11_extra_get_wps_version(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_number(wps, wps ? wps->version : 0, ret);
}

void dot11_extra_get_wps_state(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_number(wps, wps ? wps->state : 0, ret);
}

void dot11_extra_get_wps_methods(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_number(wps, wps ? wps->config_methods : 0, ret);
}

void dot11_extra_get_wps_manufacturer(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->manufacturer : NULL, ret);
}

void dot11_extra_get_wps_device_name(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->device_name : NULL, ret);
}

void dot11_extra_get_wps_model_name(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->model_name : NULL, ret);
}

void dot11_extra_get_wps_model_number(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->model_number : NULL, ret);
}

void dot11_extra_get_wps_serial(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->serial_number : NULL, ret);
}

void dot11_extra_get_wps_uuid(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = ssid_wps(record);
    give_string(wps ? wps->uuid : NULL, ret);
}

void dot11_extra_get_probe_wps_version(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_number(wps, wps ? wps->version : 0, ret);
}

void dot11_extra_get_probe_wps_state(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_number(wps, wps ? wps->state : 0, ret);
}

void dot11_extra_get_probe_wps_methods(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_number(wps, wps ? wps->config_methods : 0, ret);
}

void dot11_extra_get_probe_wps_manufacturer(const void *record, struct view *view,
                                            struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->manufacturer : NULL, ret);
}

void dot11_extra_get_probe_wps_device_name(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->device_name : NULL, ret);
}

void dot11_extra_get_probe_wps_model_name(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->model_name : NULL, ret);
}

void dot11_extra_get_probe_wps_model_number(const void *record, struct view *view,
                                            struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->model_number : NULL, ret);
}

void dot11_extra_get_probe_wps_serial(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->serial_number : NULL, ret);
}

void dot11_extra_get_probe_wps_uuid(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_wps_record *wps = probe_wps(record);
    give_string(wps ? wps->uuid : NULL, ret);
}

void dot11_extra_get_min_power(const void *record, struct view *view, struct value *ret)
{
    ret->natural = abilities_of(record)->min_power;
}

void dot11_extra_get_max_power(const void *record, struct view *view, struct value *ret)
{
    ret->natural = abilities_of(record)->max_power;
}

void dot11_extra_get_link_measurement(const void *record, struct view *view, struct value *ret)
{
    ret->natural = abilities_of(record)->link_measurement;
}

void dot11_extra_get_neighbor_report(const void *record, struct view *view, struct value *ret)
{
    ret->natural = abilities_of(record)->neighbor_report;
}

bool dot11_extra_next_range(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_ssid_extra *extra = extra_of(record);
    if (cursor->index >= extra->range_count)
        return false;
    cursor->element =
        (struct value){.type = FIELD_RECORD, .record = &extra->ranges[cursor->index++]};
    return true;
}

/* Channels are kept as text: "1+11,36+4" is channels 1 to 11, then 36, 40, 44 and 48. */
bool dot11_extra_next_channel(const void *record, struct view *view, struct cursor *cursor)
{
    const struct string *ranges = abilities_of(record)->supported_channels;
    uint64_t left = cursor->index++;
    double channel = 0;
    const char *at = string_text(ranges);
    while (*at) {
        char *end;
        unsigned long first = strtoul(at, &end, 10);
        unsigned long count = *end == '+' ? strtoul(end + 1, &end, 10) : 1;
        if (left < count) {
            channel = (double)(first + left * (first > 14 ? 4 : 1));
            cursor->element = (struct value){.type = FIELD_DOUBLE, .number = channel};
            return true;
        }
        left -= count;
        at = *end == ',' ? end + 1 : "";
    }
    return false;
}

bool dot11_extra_next_capability(const void *record, struct view *view, struct cursor *cursor)
{
    const struct string *names = abilities_of(record)->extended;
    const char *at = cursor->index ? cursor->at : string_text(names);
    if (!at || !*at)
        return false;
    const char *end = strchr(at, ',');
    size_t length = end ? (size_t)(end - at) : strlen(at);
    cursor->element = (struct value){.type = FIELD_STRING, .text = at, .length = length};
    cursor->at = end ? end + 1 : NULL;
    cursor->index++;
    return true;
}

static void get_key_time(const void *record, struct view *view, struct value *ret)
{
    ret->number = (double)(((const struct dot11_key_record *)record)->frame.time_ns / 1000) / 1e6;
}

static void get_nonce(const void *record, struct view *view, struct value *ret)
{
    ret->bytes = (struct bytes){((const struct dot11_key_record *)record)->nonce, 32};
}

static void get_pmkid(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_key_record *key = record;
    ret->bytes = (struct bytes){key->pmkid, key->has_pmkid ? 16 : 0};
}

static void get_packet(const void *record, struct view *view, struct value *ret)
{
    ret->record = &((const struct dot11_key_record *)record)->frame;
}

static void get_seconds(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ((const struct dot11_kept_frame *)record)->time_ns / 1000000000;
}

static void get_microseconds(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ((const struct dot11_kept_frame *)record)->time_ns % 1000000000 / 1000;
}

static void get_frame(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_kept_frame *frame = record;
    ret->bytes = (struct bytes){frame->bytes, frame->length};
}

// clang-format off
#define RANGE(wire, kind, member, text) FIELD(wire, kind, struct dot11_range_record, member, text)
#define KEY(wire, kind, member, text) FIELD(wire, kind, struct dot11_key_record, member, text)
#define KEPT(wire, kind, member, text) FIELD(wire, kind, struct dot11_kept_frame, member, text)

static const struct field dot11_range_fields[] = {
    RANGE("dot11.11d.start_channel", FIELD_UINT32, first_channel, "first channel of the range"),
    RANGE("dot11.11d.num_channels", FIELD_UINT32, channel_count, "how many channels it has"),
    RANGE("dot11.11d.tx_power", FIELD_INT32, max_power, "most power allowed, dBm"),
};

static const struct field dot11_packet_fields[] = {
    {.name = "kismet.packet.ts_sec", .type = FIELD_UINT64, .get = get_seconds, .description = "when the frame was heard, seconds"},
    {.name = "kismet.packet.ts_usec", .type = FIELD_UINT64, .get = get_microseconds, .description = "microseconds within that second"},
    KEPT("kismet.packet.dlt", FIELD_UINT16, link_type, "link type of the kept bytes"),
    KEPT("kismet.packet.source", FIELD_UINT16, source, "number of the source that heard it"),
    {.name = "kismet.packet.data", .type = FIELD_BYTES, .get = get_frame, .description = "the frame, hex"},
};

static const struct field dot11_key_fields[] = {
    {.name = "dot11.eapol.timestamp", .type = FIELD_DOUBLE, .get = get_key_time, .description = "when the message was heard, seconds"},
    KEY("dot11.eapol.direction", FIELD_UINT8, direction, "1 from the access point, 2 to it"),
    KEY("dot11.eapol.message_num", FIELD_UINT8, message, "number of the message in the handshake"),
    KEY("dot11.eapol.replay_counter", FIELD_UINT64, replay_counter, "replay counter"),
    KEY("dot11.eapol.install", FIELD_UINT8, install, "1: says to install the key"),
    {.name = "dot11.eapol.nonce", .type = FIELD_BYTES, .get = get_nonce, .description = "nonce, hex"},
    {.name = "dot11.eapol.rsn_pmkid", .type = FIELD_BYTES, .get = get_pmkid, .description = "PMKID of the first message, hex; empty without"},
    {.name = "dot11.eapol.packet", .type = FIELD_RECORD, .get = get_packet, .record = &dot11_packet_type, .description = "the frame it came in"},
};

const struct record_type dot11_range_type = RECORD_TYPE("range of channels", dot11_range_fields);
const struct record_type dot11_packet_type = RECORD_TYPE("kept frame", dot11_packet_fields);
const struct record_type dot11_key_type = RECORD_TYPE("key message", dot11_key_fields);
