/* Tables of the 802.11 records. Getters for the rarer parts are in dot11_extra_fields.c. */
#include "schema/dot11_fields.h"

#include <string.h>

#include "schema/dot11_extra_fields.h"

static bool step(struct cursor *cursor, const void *at)
{
    cursor->at = at;
    cursor->element = (struct value){.type = FIELD_RECORD, .record = at};
    return at != NULL;
}

static bool next_ssid(struct cursor *cursor, const struct dot11_ssid *first)
{
    return step(cursor, cursor->index++ ? ((const struct dot11_ssid *)cursor->at)->next : first);
}

static bool next_advertised(const void *record, struct view *view, struct cursor *cursor)
{
    return next_ssid(cursor, ((const struct dot11_device *)record)->advertised);
}

static bool next_responded(const void *record, struct view *view, struct cursor *cursor)
{
    return next_ssid(cursor, ((const struct dot11_device *)record)->responded);
}

static bool next_probed(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_probe *at = cursor->index++ ? ((const struct dot11_probe *)cursor->at)->next
                                                   : ((const struct dot11_device *)record)->probed;
    return step(cursor, at);
}

static bool next_link(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_link *at = cursor->index++
                                      ? ((const struct dot11_link *)cursor->at)->next_of_client
                                      : ((const struct dot11_device *)record)->links;
    if (at)
        cursor->key = (struct value){.type = FIELD_MAC, .mac = at->bssid};
    return step(cursor, at);
}

static bool next_client(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_link *at = cursor->index++
                                      ? ((const struct dot11_link *)cursor->at)->next_of_ap
                                      : ((const struct dot11_device *)record)->clients;
    cursor->at = at;
    if (!at)
        return false;
    const struct device *client = at->client->device;
    cursor->key = (struct value){.type = FIELD_MAC, .mac = client->mac};
    cursor->element = (struct value){.type = FIELD_KEY, .key = device_record_key(client, view)};
    return true;
}

static bool next_handshake(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_handshake *at = cursor->index++
                                           ? ((const struct dot11_handshake *)cursor->at)->next
                                           : ((const struct dot11_device *)record)->handshakes;
    bool more = step(cursor, at);
    cursor->element.type = FIELD_LIST; /* its messages: the first row of dot11_handshake_type */
    if (more)
        cursor->key = (struct value){.type = FIELD_MAC, .mac = at->client};
    return more;
}

static bool next_key(const void *record, struct view *view, struct cursor *cursor)
{
    const struct dot11_key_record *at = cursor->index++
                                            ? ((const struct dot11_key_record *)cursor->at)->next
                                            : ((const struct dot11_handshake *)record)->keys;
    return step(cursor, at);
}

const struct dot11_key_record *dot11_fields_find_pmkid(const struct dot11_device *ap)
{
    const struct dot11_key_record *found = NULL;
    for (const struct dot11_handshake *at = ap->handshakes; at; at = at->next)
        for (const struct dot11_key_record *key = at->keys; key; key = key->next)
            if (key->has_pmkid && (!found || key->frame.time_ns >= found->frame.time_ns))
                found = key;
    return found;
}

static void get_pmkid_packet(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_key_record *key = dot11_fields_find_pmkid(record);
    ret->record = key ? &key->frame : NULL;
    ret->absent = !key;
}

/* The beacon is of use with key messages only. */
static void get_beacon_packet(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_device *ap = record;
    ret->record = ap->handshakes ? ap->beacon : NULL;
    ret->absent = !ret->record;
}

static void give_string(const struct string *string, struct value *ret)
{
    ret->text = string_text(string);
    ret->length = string_length(string);
}

static void get_last_beaconed(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid *ssid = ((const struct dot11_device *)record)->last_beaconed;
    ret->absent = !ssid;
    give_string(ssid ? ssid->ssid : NULL, ret);
}

static void get_last_probed(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_probe *probe = ((const struct dot11_device *)record)->last_probed;
    ret->absent = !probe;
    give_string(probe ? probe->ssid : NULL, ret);
}

static void get_beaconed_checksum(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_ssid *ssid = ((const struct dot11_device *)record)->last_beaconed;
    ret->natural = ssid ? (uint32_t)ssid->hash : 0;
}

static void get_probed_checksum(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_probe *probe = ((const struct dot11_device *)record)->last_probed;
    ret->natural = probe ? (uint32_t)probe->hash : 0;
}

static void get_max_rate(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct dot11_ssid *)record)->max_rate / 10.0;
}

static void get_utilization(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct dot11_ssid *)record)->qbss_utilization * 100 / 255.0;
}

static void get_bssid_key(const void *record, struct view *view, struct value *ret)
{
    const struct dot11_link *link = record;
    ret->key = device_record_key_of(link->bssid, link->client->device->phy, view);
}

static void get_hash(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ssid_group_hash_shown(((const struct dot11_ssid *)record)->hash);
}

// clang-format off
#define SSID(wire, kind, member, text) FIELD(wire, kind, struct dot11_ssid, member, text)
#define SSID_IF_SET(wire, kind, member, text) FIELD_IF_SET(wire, kind, struct dot11_ssid, member, text)
#define EXTRA(wire, kind, getter, text) {.name = (wire), .type = (kind), .get = (getter), .flags = FIELD_OPTIONAL, .description = (text)}

static const struct field dot11_ssid_fields[] = {
    SSID("dot11.advertisedssid.ssid", FIELD_STRING, ssid, "SSID, unprintable bytes as octal escapes; empty while hidden"),
    SSID("dot11.advertisedssid.ssidlen", FIELD_UINT8, ssid_length, "length of the SSID in bytes"),
    {.name = "dot11.advertisedssid.ssid_hash", .type = FIELD_UINT64, .get = get_hash, .description = "hash of the SSID"},
    SSID("dot11.advertisedssid.beacon", FIELD_UINT8, beacon, "1: it was beaconed"),
    SSID("dot11.advertisedssid.probe_response", FIELD_UINT8, probe_response, "1: a probe was answered with it"),
    SSID("dot11.advertisedssid.channel", FIELD_STRING, channel, "channel it says it is on"),
    SSID("dot11.advertisedssid.ht_mode", FIELD_STRING, ht_mode, "width of its channel: HT20, HT40+, HT80, HT160 ..."),
    SSID("dot11.advertisedssid.ht_center_1", FIELD_UINT32, center_1, "centre of the first segment, MHz; 0 when it does not say"),
    SSID("dot11.advertisedssid.ht_center_2", FIELD_UINT32, center_2, "centre of the second segment, MHz; 0 when there is none"),
    SSID("dot11.advertisedssid.first_time", FIELD_UINT64, first_time, "when it was first heard, seconds"),
    SSID("dot11.advertisedssid.last_time", FIELD_UINT64, last_time, "when it was last heard, seconds"),
    SSID("dot11.advertisedssid.cloaked", FIELD_UINT8, cloaked, "1: its beacons hide the SSID"),
    SSID("dot11.advertisedssid.crypt_bitfield", FIELD_UINT64, crypt_bits, "encryption as bits"),
    SSID("dot11.advertisedssid.crypt_set", FIELD_UINT64, crypt_legacy, "encryption as the older bits"),
    SSID("dot11.advertisedssid.crypt_string", FIELD_STRING, crypt, "encryption in words"),
    {.name = "dot11.advertisedssid.maxrate", .type = FIELD_DOUBLE, .get = get_max_rate, .unit = "Mb/s", .description = "fastest rate it offers"},
    SSID("dot11.advertisedssid.beaconrate", FIELD_UINT32, beacon_rate, "beacons a second it promises"),
    SSID("dot11.advertisedssid.beacons_sec", FIELD_UINT32, beacons_second, "beacons counted in the newest second"),
    SSID("dot11.advertisedssid.ietag_checksum", FIELD_UINT32, element_checksum, "checksum of its elements"),
    SSID("dot11.advertisedssid.wpa_mfp_required", FIELD_UINT8, mfp_required, "1: protected management frames are required"),
    SSID("dot11.advertisedssid.wpa_mfp_supported", FIELD_UINT8, mfp_supported, "1: protected management frames are supported"),
    SSID_IF_SET("dot11.advertisedssid.dot11d_country", FIELD_STRING, country, "country it says it is in"),
    {.name = "dot11.advertisedssid.dot11d_list", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &dot11_range_type, .next = dot11_extra_next_range, .flags = FIELD_OPTIONAL, .description = "channels and powers allowed there"},
    SSID("dot11.advertisedssid.dot11r_mobility", FIELD_UINT8, mobility, "1: fast transition is offered"),
    SSID("dot11.advertisedssid.dot11r_mobility_domain_id", FIELD_UINT16, mobility_domain, "domain of fast transition"),
    SSID("dot11.advertisedssid.dot11e_qbss", FIELD_UINT8, qbss, "1: it reports its load"),
    SSID("dot11.advertisedssid.dot11e_qbss_stations", FIELD_UINT16, qbss_stations, "stations it says it has"),
    {.name = "dot11.advertisedssid.dot11e_channel_utilization_perc", .type = FIELD_DOUBLE, .get = get_utilization, .unit = "%", .description = "share of time it says the channel is busy"},
    {.name = "dot11.advertisedssid.ccx_txpower", .type = FIELD_UINT8, .get = dot11_extra_get_ccx_power, .unit = "dBm", .description = "power that Cisco's extensions announce"},
    {.name = "dot11.advertisedssid.cisco_client_mfp", .type = FIELD_UINT8, .get = dot11_extra_get_cisco_mfp, .description = "1: Cisco's protected management frames"},
    {.name = "dot11.advertisedssid.advertised_txpower", .type = FIELD_UINT8, .get = dot11_extra_get_power, .unit = "dBm", .description = "power it announces"},
    EXTRA("dot11.advertisedssid.owe_ssid", FIELD_STRING, dot11_extra_get_owe_ssid, "SSID of its encrypted twin (OWE transition)"),
    EXTRA("dot11.advertisedssid.owe_ssid_len", FIELD_UINT8, dot11_extra_get_owe_ssid_length, "length of that SSID in bytes"),
    EXTRA("dot11.advertisedssid.owe_bssid", FIELD_MAC, dot11_extra_get_owe_bssid, "BSSID of its encrypted twin (OWE transition)"),
    EXTRA("dot11.advertisedssid.beacon_info", FIELD_STRING, dot11_extra_get_beacon_info, "name of the access point that Cisco's extensions announce"),
    EXTRA("dot11.advertisedssid.dot11s.meshid", FIELD_STRING, dot11_extra_get_mesh_id, "name of the mesh"),
    EXTRA("dot11.advertisedssid.dot11s.gateway", FIELD_UINT8, dot11_extra_get_mesh_gateway, "1: connected to a mesh gate"),
    EXTRA("dot11.advertisedssid.dot11s.num_peerings", FIELD_UINT8, dot11_extra_get_mesh_peerings, "peers in the mesh"),
    EXTRA("dot11.advertisedssid.dot11s.forwarding", FIELD_UINT8, dot11_extra_get_mesh_forwarding, "1: forwards for the mesh"),
    EXTRA("dot11.advertisedssid.wps_version", FIELD_UINT8, dot11_extra_get_wps_version, "version of Wi-Fi Protected Setup"),
    EXTRA("dot11.advertisedssid.wps_state", FIELD_UINT32, dot11_extra_get_wps_state, "state of Wi-Fi Protected Setup: 1 not configured, 2 configured"),
    EXTRA("dot11.advertisedssid.wps_config_methods", FIELD_UINT16, dot11_extra_get_wps_methods, "set-up methods offered, as bits"),
    EXTRA("dot11.advertisedssid.wps_manuf", FIELD_STRING, dot11_extra_get_wps_manufacturer, "maker, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.advertisedssid.wps_device_name", FIELD_STRING, dot11_extra_get_wps_device_name, "name, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.advertisedssid.wps_model_name", FIELD_STRING, dot11_extra_get_wps_model_name, "model, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.advertisedssid.wps_model_number", FIELD_STRING, dot11_extra_get_wps_model_number, "model number, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.advertisedssid.wps_serial_number", FIELD_STRING, dot11_extra_get_wps_serial, "serial number, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.advertisedssid.wps_uuid_e", FIELD_STRING, dot11_extra_get_wps_uuid, "UUID, as Wi-Fi Protected Setup tells, hex"),
    SSID_IF_SET("norn.advertisedssid.standard", FIELD_STRING, standard, "newest generation it offers: 802.11b ... 802.11be"),
    SSID_IF_SET("norn.advertisedssid.rsn_group", FIELD_STRING, rsn_group, "group cipher of its RSN element"),
    SSID_IF_SET("norn.advertisedssid.rsn_pairwise", FIELD_STRING, rsn_pairwise, "pairwise ciphers of its RSN element, joined by +"),
    SSID_IF_SET("norn.advertisedssid.rsn_akm", FIELD_STRING, rsn_akm, "key managements of its RSN element, joined by +"),
    SSID_IF_SET("norn.advertisedssid.wpa_group", FIELD_STRING, wpa_group, "group cipher of its WPA element"),
    SSID_IF_SET("norn.advertisedssid.wpa_pairwise", FIELD_STRING, wpa_pairwise, "pairwise ciphers of its WPA element, joined by +"),
    SSID_IF_SET("norn.advertisedssid.wpa_akm", FIELD_STRING, wpa_akm, "key managements of its WPA element, joined by +"),
    {.name = "dot11.advertisedssid.location", .type = FIELD_RECORD, .offset = offsetof(struct dot11_ssid, location), .flags = FIELD_OPTIONAL, .record = &location_summary_type, .description = "where it was heard"},
};

#define PROBE(wire, kind, member, text) FIELD(wire, kind, struct dot11_probe, member, text)

static const struct field dot11_probe_fields[] = {
    PROBE("dot11.probedssid.ssid", FIELD_STRING, ssid, "SSID probed for; empty for any"),
    PROBE("dot11.probedssid.ssidlen", FIELD_UINT8, ssid_length, "length of the SSID in bytes"),
    PROBE("dot11.probedssid.bssid", FIELD_MAC, bssid, "BSSID asked last; zeroes for any"),
    PROBE("dot11.probedssid.first_time", FIELD_UINT64, first_time, "when it was first probed for, seconds"),
    PROBE("dot11.probedssid.last_time", FIELD_UINT64, last_time, "when it was last probed for, seconds"),
    PROBE("dot11.probedssid.crypt_bitfield", FIELD_UINT64, crypt_bits, "encryption asked for, as bits"),
    PROBE("dot11.probedssid.crypt_set", FIELD_UINT64, crypt_legacy, "encryption asked for, as the older bits"),
    PROBE("dot11.probedssid.crypt_string", FIELD_STRING, crypt, "encryption asked for, in words"),
    PROBE("dot11.probedssid.wpa_mfp_required", FIELD_UINT8, mfp_required, "1: wants protected management frames"),
    PROBE("dot11.probedssid.wpa_mfp_supported", FIELD_UINT8, mfp_supported, "1: can do protected management frames"),
    FIELD_IF_SET("dot11.probedssid.dot11r_mobility", FIELD_UINT8, struct dot11_probe, mobility, "1: can do fast transition"),
    FIELD_IF_SET("dot11.probedssid.dot11r_mobility_domain_id", FIELD_UINT16, struct dot11_probe, mobility_domain, "domain of fast transition"),
    EXTRA("dot11.probedssid.wps_version", FIELD_UINT8, dot11_extra_get_probe_wps_version, "version of Wi-Fi Protected Setup"),
    EXTRA("dot11.probedssid.wps_state", FIELD_UINT32, dot11_extra_get_probe_wps_state, "state of Wi-Fi Protected Setup"),
    EXTRA("dot11.probedssid.wps_config_methods", FIELD_UINT16, dot11_extra_get_probe_wps_methods, "set-up methods, as bits"),
    EXTRA("dot11.probedssid.wps_manuf", FIELD_STRING, dot11_extra_get_probe_wps_manufacturer, "maker, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.probedssid.wps_device_name", FIELD_STRING, dot11_extra_get_probe_wps_device_name, "name, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.probedssid.wps_model_name", FIELD_STRING, dot11_extra_get_probe_wps_model_name, "model, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.probedssid.wps_model_number", FIELD_STRING, dot11_extra_get_probe_wps_model_number, "model number, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.probedssid.wps_serial_number", FIELD_STRING, dot11_extra_get_probe_wps_serial, "serial number, as Wi-Fi Protected Setup tells"),
    EXTRA("dot11.probedssid.wps_uuid_e", FIELD_STRING, dot11_extra_get_probe_wps_uuid, "UUID, as Wi-Fi Protected Setup tells, hex"),
    FIELD_OLD("dot11.probessid.bssid", FIELD_MAC, struct dot11_probe, bssid, "BSSID probed for, 2016 spelling"),
    FIELD_OLD("dot11.probessid.first_time", FIELD_UINT64, struct dot11_probe, first_time, "when it was first probed for, 2016 spelling"),
    FIELD_OLD("dot11.probessid.last_time", FIELD_UINT64, struct dot11_probe, last_time, "when it was last probed for, 2016 spelling"),
};

#define LINK(wire, kind, member, text) FIELD(wire, kind, struct dot11_link, member, text)

static const struct field dot11_link_fields[] = {
    LINK("dot11.client.bssid", FIELD_MAC, bssid, "BSSID it is a client of"),
    {.name = "dot11.client.bssid_key", .type = FIELD_KEY, .get = get_bssid_key, .description = "key of that access point"},
    LINK("dot11.client.first_time", FIELD_UINT64, first_time, "when they were first heard together, seconds"),
    LINK("dot11.client.last_time", FIELD_UINT64, last_time, "when they were last heard together, seconds"),
    LINK("dot11.client.type", FIELD_UINT8, type, "direction of its data: 0 unknown, 1 from the distribution system, 2 to it, 3 between, 4 ad-hoc"),
    LINK("dot11.client.decrypted", FIELD_UINT8, decrypted, "1: its data could be decrypted"),
    LINK("dot11.client.datasize", FIELD_UINT64, data_bytes, "data carried there, bytes"),
    LINK("dot11.client.datasize_retry", FIELD_UINT64, data_bytes_retry, "data carried there again, bytes"),
    LINK("dot11.client.num_fragments", FIELD_UINT32, fragments, "fragments carried there"),
    LINK("dot11.client.num_retries", FIELD_UINT32, retries, "retries there"),
    FIELD_IF_SET("dot11.client.eap_identity", FIELD_STRING, struct dot11_link, identity, "name it gave for authentication"),
};

static const struct field dot11_handshake_fields[] = {
    {.name = "dot11.eapol.key", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &dot11_key_type, .next = next_key, .description = "key messages"},
};

#define DOT11(wire, kind, member, text) FIELD(wire, kind, struct dot11_device, member, text)
#define SSID_LIST(wire, walker, text) \
    {.name = (wire), .type = FIELD_LIST, .element = FIELD_RECORD, .record = &dot11_ssid_type, .next = (walker), .flags = FIELD_OPTIONAL, .description = (text)}

static const struct field dot11_device_fields[] = {
    DOT11("dot11.device.typeset", FIELD_UINT32, type_set, "kind as bits: 1 access point, 2 ad-hoc, 4 client, 8 wired, 16 WDS, 256 answers probes, 512 mesh"),
    {.name = "dot11.device.client_map", .type = FIELD_MAP_MAC, .element = FIELD_RECORD, .record = &dot11_link_record_type, .next = next_link, .flags = FIELD_OPTIONAL, .description = "access points it is a client of, by BSSID"},
    DOT11("dot11.device.num_client_aps", FIELD_UINT16, link_count, "how many these are"),
    SSID_LIST("dot11.device.advertised_ssid_map", next_advertised, "networks it beacons"),
    DOT11("dot11.device.num_advertised_ssids", FIELD_UINT16, advertised_count, "how many these are"),
    SSID_LIST("dot11.device.responded_ssid_map", next_responded, "networks it answered probes with"),
    DOT11("dot11.device.num_responded_ssids", FIELD_UINT16, responded_count, "how many these are"),
    {.name = "dot11.device.probed_ssid_map", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &dot11_probe_type, .next = next_probed, .flags = FIELD_OPTIONAL, .description = "networks it probed for"},
    DOT11("dot11.device.num_probed_ssids", FIELD_UINT16, probed_count, "how many these are"),
    {.name = "dot11.device.associated_client_map", .type = FIELD_MAP_MAC, .element = FIELD_KEY, .next = next_client, .flags = FIELD_OPTIONAL, .description = "its clients: key of each, by address"},
    DOT11("dot11.device.num_associated_clients", FIELD_UINT16, client_count, "how many these are"),
    DOT11("dot11.device.client_disconnects", FIELD_UINT32, disconnects, "disconnects in the newest burst"),
    DOT11("dot11.device.client_disconnects_last", FIELD_UINT64, disconnects_last, "when the newest disconnect was heard, seconds"),
    DOT11("dot11.device.bss_timestamp", FIELD_UINT64, bss_timestamp, "its own timer, microseconds"),
    DOT11("dot11.device.num_fragments", FIELD_UINT64, fragments, "fragments heard"),
    DOT11("dot11.device.num_retries", FIELD_UINT64, retries, "retries heard"),
    DOT11("dot11.device.datasize", FIELD_UINT64, data_bytes, "data carried, bytes"),
    DOT11("dot11.device.datasize_retry", FIELD_UINT64, data_bytes_retry, "data carried again, bytes"),
    FIELD_IF_SET("dot11.device.last_bssid", FIELD_MAC, struct dot11_device, last_bssid, "BSSID it was last heard with"),
    DOT11("dot11.device.last_beacon_timestamp", FIELD_UINT64, last_beacon_time, "when its newest beacon was heard, seconds"),
    DOT11("dot11.device.wps_m3_count", FIELD_UINT32, wps_m3_count, "Wi-Fi Protected Setup tries (message M3) in the newest run"),
    DOT11("dot11.device.wps_m3_last", FIELD_UINT64, wps_m3_last, "when the newest of them was heard, seconds"),
    {.name = "dot11.device.wpa_handshake_list", .type = FIELD_MAP_MAC, .element = FIELD_LIST, .record = &dot11_handshake_type, .next = next_handshake, .flags = FIELD_OPTIONAL, .description = "key messages with each client, by address"},
    {.name = "dot11.device.ssid_beacon_packet", .type = FIELD_RECORD, .get = get_beacon_packet, .flags = FIELD_OPTIONAL, .record = &dot11_packet_type, .description = "beacon, or answer to a probe, that tells the network of these key messages"},
    {.name = "dot11.device.pmkid_packet", .type = FIELD_RECORD, .get = get_pmkid_packet, .flags = FIELD_OPTIONAL, .record = &dot11_packet_type, .description = "newest frame that carries a PMKID"},
    {.name = "dot11.device.min_tx_power", .type = FIELD_UINT8, .get = dot11_extra_get_min_power, .unit = "dBm", .description = "least power it says it can send with"},
    {.name = "dot11.device.max_tx_power", .type = FIELD_UINT8, .get = dot11_extra_get_max_power, .unit = "dBm", .description = "most power it says it can send with"},
    {.name = "dot11.device.link_measurement_capable", .type = FIELD_UINT8, .get = dot11_extra_get_link_measurement, .description = "1: can measure the link"},
    {.name = "dot11.device.neighbor_report_capable", .type = FIELD_UINT8, .get = dot11_extra_get_neighbor_report, .description = "1: can report neighbours"},
    {.name = "dot11.device.supported_channels", .type = FIELD_LIST, .element = FIELD_DOUBLE, .next = dot11_extra_next_channel, .flags = FIELD_OPTIONAL, .description = "channels it says it supports"},
    {.name = "dot11.device.extended_capabilities", .type = FIELD_LIST, .element = FIELD_STRING, .next = dot11_extra_next_capability, .flags = FIELD_OPTIONAL, .description = "extended capabilities it announces"},
    DOT11("dot11.device.beacon_fingerprint", FIELD_UINT32, beacon_fingerprint, "fingerprint of its beacons' layout"),
    DOT11("dot11.device.probe_fingerprint", FIELD_UINT32, probe_fingerprint, "fingerprint of its probes' layout"),
    DOT11("dot11.device.response_fingerprint", FIELD_UINT32, response_fingerprint, "fingerprint of its probe answers' layout"),
    {.name = "dot11.device.last_beaconed_ssid_record", .type = FIELD_RECORD, .offset = offsetof(struct dot11_device, last_beaconed), .flags = FIELD_OPTIONAL, .record = &dot11_ssid_type, .description = "network it beaconed last"},
    {.name = "dot11.device.last_probed_ssid_record", .type = FIELD_RECORD, .offset = offsetof(struct dot11_device, last_probed), .flags = FIELD_OPTIONAL, .record = &dot11_probe_type, .description = "network it probed for last"},
    {.name = "dot11.device.last_beaconed_ssid", .type = FIELD_STRING, .get = get_last_beaconed, .flags = FIELD_ALIAS, .description = "SSID it beaconed last, 2016 name"},
    {.name = "dot11.device.last_beaconed_ssid_checksum", .type = FIELD_UINT32, .get = get_beaconed_checksum, .flags = FIELD_ALIAS, .description = "checksum of that SSID, 2016 name"},
    {.name = "dot11.device.last_probed_ssid", .type = FIELD_STRING, .get = get_last_probed, .flags = FIELD_ALIAS, .description = "SSID it probed for last, 2016 name"},
    {.name = "dot11.device.last_probed_ssid_csum", .type = FIELD_UINT32, .get = get_probed_checksum, .flags = FIELD_ALIAS, .description = "checksum of that SSID, 2016 name"},
    FIELD_OLD("dot11.device.last_sequence", FIELD_UINT16, struct dot11_device, last_sequence, "sequence number of its newest frame, 2016 name"),
};

const struct record_type dot11_ssid_type = RECORD_TYPE("advertised network", dot11_ssid_fields);
const struct record_type dot11_probe_type = RECORD_TYPE("probed network", dot11_probe_fields);
const struct record_type dot11_link_record_type = RECORD_TYPE("client of an access point", dot11_link_fields);
const struct record_type dot11_handshake_type = RECORD_TYPE("handshake", dot11_handshake_fields);
const struct record_type dot11_device_type = RECORD_TYPE("802.11 station", dot11_device_fields);
