/* Speed of the serialisers alone: a made-up record in the shape of a full device (some hundred
 * members, five histories, locations, two SSIDs, clients) is written over and over into one
 * buffer. Prints MB/s of output for each format, and records/s of a list of ten fields.
 * usage: serialise [SECONDS]   seconds for each figure, 1 by default */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "schema/emit.h"
#include "schema/projection.h"

struct ring_record {
    uint64_t last_time, serial_time;
    double last_value, last_value_n1, blank;
    double minute[60], hour[60], day[24];
};

struct spot_record {
    struct point point;
    double altitude;
    uint8_t fix;
    uint64_t seconds, microseconds;
};

struct network_record {
    const struct string *name, *channel, *crypt;
    uint64_t first_time, last_time, crypt_bits;
    uint32_t counts[12];
    double load;
    struct spot_record spot;
};

struct client_record {
    struct macaddr mac;
    uint64_t first_time, last_time, bytes;
    uint32_t type, decrypted;
};

struct machine_record {
    struct device_key key;
    struct macaddr mac, bssid;
    struct uuid server;
    const struct string *name, *maker, *crypt, *channel;
    const char *phy;
    uint64_t first_time, last_time, mod_time;
    uint64_t totals[12];
    uint32_t counts[32];
    int32_t signals[8];
    struct ring_record rings[5];
    struct spot_record spots[4];
    struct network_record networks[2];
    struct client_record clients[8];
};

static bool next_network(const void *record, struct view *view, struct cursor *cursor)
{
    const struct machine_record *machine = record;
    if (cursor->index == 2)
        return false;
    cursor->element.record = &machine->networks[cursor->index++];
    return true;
}

static bool next_client(const void *record, struct view *view, struct cursor *cursor)
{
    const struct machine_record *machine = record;
    if (cursor->index == 8)
        return false;
    cursor->key.mac = machine->clients[cursor->index].mac;
    cursor->element.record = &machine->clients[cursor->index++];
    return true;
}

// clang-format off
static const struct field ring_fields[] = {
    FIELD("kismet.common.rrd.last_time", FIELD_UINT64, struct ring_record, last_time, ""),
    FIELD("kismet.common.rrd.serial_time", FIELD_UINT64, struct ring_record, serial_time, ""),
    FIELD("kismet.common.rrd.last_value", FIELD_DOUBLE, struct ring_record, last_value, ""),
    FIELD("kismet.common.rrd.last_value_n1", FIELD_DOUBLE, struct ring_record, last_value_n1, ""),
    FIELD_NUMBERS("kismet.common.rrd.minute_vec", struct ring_record, minute, ""),
    FIELD_NUMBERS("kismet.common.rrd.hour_vec", struct ring_record, hour, ""),
    FIELD_NUMBERS("kismet.common.rrd.day_vec", struct ring_record, day, ""),
    FIELD("kismet.common.rrd.blank_val", FIELD_DOUBLE, struct ring_record, blank, ""),
};
static const struct record_type ring_type = RECORD_TYPE("ring", ring_fields);

static const struct field spot_fields[] = {
    FIELD("kismet.common.location.geopoint", FIELD_POINT, struct spot_record, point, ""),
    FIELD("kismet.common.location.alt", FIELD_DOUBLE, struct spot_record, altitude, ""),
    FIELD("kismet.common.location.fix", FIELD_UINT8, struct spot_record, fix, ""),
    FIELD("kismet.common.location.time_sec", FIELD_UINT64, struct spot_record, seconds, ""),
    FIELD("kismet.common.location.time_usec", FIELD_UINT64, struct spot_record, microseconds, ""),
};
static const struct record_type spot_type = RECORD_TYPE("spot", spot_fields);

#define COUNT(structure, wire, at) FIELD(wire, FIELD_UINT32, structure, counts[at], "")
#define NETWORK(wire, kind, member) FIELD("dot11.advertisedssid." wire, kind, struct network_record, member, "")
static const struct field network_fields[] = {
    NETWORK("ssid", FIELD_STRING, name), NETWORK("channel", FIELD_STRING, channel),
    NETWORK("crypt_string", FIELD_STRING, crypt), NETWORK("crypt_bitfield", FIELD_UINT64, crypt_bits),
    NETWORK("first_time", FIELD_UINT64, first_time), NETWORK("last_time", FIELD_UINT64, last_time),
    NETWORK("ssidlen", FIELD_UINT32, counts[0]), NETWORK("beacon", FIELD_UINT32, counts[1]),
    NETWORK("probe_response", FIELD_UINT32, counts[2]), NETWORK("beaconrate", FIELD_UINT32, counts[3]),
    NETWORK("beacons_sec", FIELD_UINT32, counts[4]), NETWORK("cloaked", FIELD_UINT32, counts[5]),
    NETWORK("ht_center_1", FIELD_UINT32, counts[6]), NETWORK("ht_center_2", FIELD_UINT32, counts[7]),
    NETWORK("ietag_checksum", FIELD_UINT32, counts[8]), NETWORK("wpa_mfp_required", FIELD_UINT32, counts[9]),
    NETWORK("wpa_mfp_supported", FIELD_UINT32, counts[10]), NETWORK("dot11e_qbss_stations", FIELD_UINT32, counts[11]),
    NETWORK("dot11e_channel_utilization_perc", FIELD_DOUBLE, load),
    {.name = "dot11.advertisedssid.location", .type = FIELD_INLINE, .offset = offsetof(struct network_record, spot), .record = &spot_type},
};
static const struct record_type network_type = RECORD_TYPE("network", network_fields);

#define CLIENT(wire, kind, member) FIELD("dot11.client." wire, kind, struct client_record, member, "")
static const struct field client_fields[] = {
    CLIENT("bssid", FIELD_MAC, mac), CLIENT("first_time", FIELD_UINT64, first_time),
    CLIENT("last_time", FIELD_UINT64, last_time), CLIENT("datasize", FIELD_UINT64, bytes),
    CLIENT("type", FIELD_UINT32, type), CLIENT("decrypted", FIELD_UINT32, decrypted),
};
static const struct record_type client_type = RECORD_TYPE("client", client_fields);

#define BASE(wire, kind, member) FIELD("kismet.device.base." wire, kind, struct machine_record, member, "")
#define RING(wire, at) {.name = wire, .type = FIELD_INLINE, .offset = offsetof(struct machine_record, rings[at]), .record = &ring_type}
#define SPOT(wire, at) {.name = wire, .type = FIELD_INLINE, .offset = offsetof(struct machine_record, spots[at]), .record = &spot_type}
static const struct field machine_fields[] = {
    BASE("key", FIELD_KEY, key), BASE("macaddr", FIELD_MAC, mac), BASE("phyname", FIELD_TEXT, phy),
    BASE("name", FIELD_STRING, name), BASE("commonname", FIELD_STRING, name), BASE("manuf", FIELD_STRING, maker),
    BASE("crypt", FIELD_STRING, crypt), BASE("channel", FIELD_STRING, channel), BASE("server_uuid", FIELD_UUID, server),
    BASE("first_time", FIELD_UINT64, first_time), BASE("last_time", FIELD_UINT64, last_time), BASE("mod_time", FIELD_UINT64, mod_time),
    BASE("packets.total", FIELD_UINT64, totals[0]), BASE("packets.rx_total", FIELD_UINT64, totals[1]),
    BASE("packets.tx_total", FIELD_UINT64, totals[2]), BASE("packets.llc", FIELD_UINT64, totals[3]),
    BASE("packets.error", FIELD_UINT64, totals[4]), BASE("packets.data", FIELD_UINT64, totals[5]),
    BASE("packets.crypt", FIELD_UINT64, totals[6]), BASE("packets.filtered", FIELD_UINT64, totals[7]),
    BASE("datasize", FIELD_UINT64, totals[8]), BASE("frequency", FIELD_UINT64, totals[9]), BASE("num_alerts", FIELD_UINT64, totals[10]),
    BASE("signal/last_signal", FIELD_INT32, signals[0]), BASE("signal/min_signal", FIELD_INT32, signals[1]),
    BASE("signal/max_signal", FIELD_INT32, signals[2]), BASE("signal/last_noise", FIELD_INT32, signals[3]),
    RING("kismet.device.base.packets.rrd", 0), RING("kismet.device.base.datasize.rrd", 1),
    RING("kismet.device.base.rx_packets.rrd", 2), RING("kismet.device.base.tx_packets.rrd", 3),
    RING("kismet.common.signal.signal_rrd", 4),
    SPOT("kismet.common.location.avg_loc", 0), SPOT("kismet.common.location.min_loc", 1),
    SPOT("kismet.common.location.max_loc", 2), SPOT("kismet.common.location.last", 3),
    COUNT(struct machine_record, "dot11.device.typeset", 0), COUNT(struct machine_record, "dot11.device.num_client_aps", 1),
    COUNT(struct machine_record, "dot11.device.num_advertised_ssids", 2), COUNT(struct machine_record, "dot11.device.num_responded_ssids", 3),
    COUNT(struct machine_record, "dot11.device.num_probed_ssids", 4), COUNT(struct machine_record, "dot11.device.num_associated_clients", 5),
    COUNT(struct machine_record, "dot11.device.client_disconnects", 6), COUNT(struct machine_record, "dot11.device.client_disconnects_last", 7),
    COUNT(struct machine_record, "dot11.device.num_fragments", 8), COUNT(struct machine_record, "dot11.device.num_retries", 9),
    COUNT(struct machine_record, "dot11.device.datasize", 10), COUNT(struct machine_record, "dot11.device.datasize_retry", 11),
    COUNT(struct machine_record, "dot11.device.last_sequence", 12), COUNT(struct machine_record, "dot11.device.beacon_fingerprint", 13),
    COUNT(struct machine_record, "dot11.device.probe_fingerprint", 14), COUNT(struct machine_record, "dot11.device.response_fingerprint", 15),
    COUNT(struct machine_record, "dot11.device.min_tx_power", 16), COUNT(struct machine_record, "dot11.device.max_tx_power", 17),
    COUNT(struct machine_record, "dot11.device.link_measurement_capable", 18), COUNT(struct machine_record, "dot11.device.neighbor_report_capable", 19),
    COUNT(struct machine_record, "dot11.device.wps_m3_count", 20), COUNT(struct machine_record, "dot11.device.wps_m3_last", 21),
    FIELD("dot11.device.last_bssid", FIELD_MAC, struct machine_record, bssid, ""),
    {.name = "dot11.device.advertised_ssid_map", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &network_type, .next = next_network},
    {.name = "dot11.device.client_map", .type = FIELD_MAP_MAC, .element = FIELD_RECORD, .record = &client_type, .next = next_client},
};
static const struct record_type machine_type = RECORD_TYPE("machine", machine_fields);

const struct record_type *const record_types[] = {&machine_type, NULL};
// clang-format on

static const struct string *make_string(const char *text)
{
    struct string *string = calloc(1, sizeof *string + strlen(text) + 1);
    if (!string)
        abort();
    string->length = (uint32_t)strlen(text);
    memcpy(string->text, text, string->length);
    return string;
}

static void fill_spot(struct spot_record *spot)
{
    *spot = (struct spot_record){{8.512345, 47.412345}, 408.5, 3, 1795382139, 702054};
}

static void fill_network(struct network_record *network, const char *name)
{
    *network = (struct network_record){.name = make_string(name), .channel = make_string("6HT40"),
                                       .crypt = make_string("WPA2 WPA2-PSK TKIP AES-CCMP"),
                                       .first_time = 1433010523, .last_time = 1433010530,
                                       .crypt_bits = 274978570766, .load = 4.313725,
                                       .counts = {9, 1, 0, 10, 9, 0, 0, 0, 3496492176, 0, 1, 4}};
    fill_spot(&network->spot);
}

static void fill_machine(struct machine_record *machine)
{
    machine->key = (struct device_key){0x0d770242, 0x001dd59b11000000};
    machine->mac = machine->bssid = (struct macaddr){{0x00, 0x1d, 0xd5, 0x9b, 0x11, 0x00}};
    machine->name = make_string("HOME-1102");
    machine->maker = make_string("Commscope");
    machine->crypt = make_string("WPA2 WPA2-PSK TKIP AES-CCMP");
    machine->channel = make_string("6");
    machine->phy = "IEEE802.11";
    machine->first_time = machine->last_time = machine->mod_time = 1433010523;
    for (unsigned i = 0; i < 12; i++)
        machine->totals[i] = i % 3 ? i * i * 97 : 0;
    for (unsigned i = 0; i < 32; i++)
        machine->counts[i] = i % 4 ? 0 : i * 31;
    for (int i = 0; i < 8; i++)
        machine->signals[i] = -40 - i;
    for (unsigned i = 0; i < 5; i++) {
        struct ring_record *ring = &machine->rings[i];
        ring->last_time = ring->serial_time = 1795382148;
        ring->last_value_n1 = 107;
        ring->minute[39] = 107;
        ring->minute[12 + i] = 3;
        ring->hour[15] = 1.783333;
        ring->day[21] = 0.029722;
    }
    for (unsigned i = 0; i < 4; i++)
        fill_spot(&machine->spots[i]);
    fill_network(&machine->networks[0], "HOME-1102");
    fill_network(&machine->networks[1], "Caf\xc3\xa9 \"upstairs\"");
    for (unsigned i = 0; i < 8; i++)
        machine->clients[i] = (struct client_record){
            .mac = {{0x54, 0x35, 0x30, 0x23, 0x62, (uint8_t)i}}, .first_time = 1433010523,
            .last_time = 1433010530, .bytes = i * 1973, .type = 1};
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Writes the record for so many seconds; prints bytes a record, MB/s and records/s. */
static void measure(const char *title, enum format format, const struct projection *projection,
                    const struct machine_record *machine, double seconds)
{
    static struct view view;
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = format};
    double began = seconds_now(), passed = 0;
    uint64_t records = 0, bytes = 0;
    while (passed < seconds) {
        for (int i = 0; i < 64; i++, records++) {
            emit_record(&emitter, &machine_type, projection, machine, &view);
            bytes += buffer.length;
            buffer.length = 0;
        }
        passed = seconds_now() - began;
    }
    printf("%-24s %6lu bytes a record %9.1f MB/s %12.0f records/s\n", title,
           (unsigned long)(bytes / records), (double)bytes / passed / 1e6,
           (double)records / passed);
    buffer_done(&buffer);
}

int main(int count, char **arguments)
{
    static const struct field_request requests[] = {
        {"kismet.device.base.key", NULL},           {"kismet.device.base.macaddr", NULL},
        {"kismet.device.base.name", "name"},        {"kismet.device.base.manuf", NULL},
        {"kismet.device.base.last_time", "time"},   {"kismet.device.base.packets.total", NULL},
        {"kismet.device.base.channel", NULL},       {"kismet.device.base.crypt", NULL},
        {"kismet.device.base.datasize", NULL},
        {"kismet.common.location.last/kismet.common.location.geopoint", "where"},
    };
    double seconds = count > 1 ? strtod(arguments[1], NULL) : 1;
    struct machine_record *machine = calloc(1, sizeof *machine);
    struct projection *ten = projection_new(&machine_type, requests, 10, NULL);
    if (!machine || !ten)
        return 1;
    fill_machine(machine);
    measure("json", FORMAT_JSON, NULL, machine, seconds);
    measure("json, underscores", FORMAT_UNDERSCORE, NULL, machine, seconds);
    measure("json, pretty", FORMAT_PRETTY, NULL, machine, seconds);
    measure("msgpack", FORMAT_MSGPACK, NULL, machine, seconds);
    measure("msgpack, typed", FORMAT_MSGPACK_TYPED, NULL, machine, seconds);
    measure("json, ten fields", FORMAT_JSON, ten, machine, seconds);
    measure("msgpack, ten fields", FORMAT_MSGPACK, ten, machine, seconds);
    projection_free(ten);
    return 0;
}
