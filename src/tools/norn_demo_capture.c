/* Host tool of the build: makes the small capture that `norn --demo` replays. All of it is made up
 * here: 72 seconds of a neighbourhood as a hopping radio hears it, the same bytes every run.
 * Output, to standard output: a pcap file (LINKTYPE_IEEE802_11_RADIOTAP, FCS at the end of each
 * frame), or with --c the same bytes as the C header that the program embeds.
 * Frames: IEEE Std 802.11-2020, clause 9; 802.11ax and 802.11be for HE and EHT elements. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/air.h"
#include "util/buffer.h"

enum { SECONDS = 72 };

struct client {
    uint8_t mac[6];
    uint8_t network; /* index of its access point */
    int8_t signal;
    uint8_t joins_at;   /* second it associates; 0: linked all along */
    uint16_t period_ms; /* between bursts of data */
};

struct prober {
    uint8_t mac[6];
    int8_t signal;
    const char *ssids[4]; /* NULL-ended; "" is the wildcard */
};

enum {
    LINKSYS,
    SINGLE,
    BARFOO,
    CELLAR,
    NORTHLIGHT,
    CAMPUS,
    PRINTERS,
    OLDTIMER,
    MUSEUM,
    CAFE,
    SKYLINE,
    NAMELESS,
    ACCESS_POINTS,
    CLIENTS = 13,
    PROBERS = 7,
};

static const struct access_point access_points[ACCESS_POINTS];
static const struct client clients[CLIENTS];
static const struct prober probers[PROBERS];

static const uint8_t everyone[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const uint8_t wired_host[6] = {0x00, 0x1e, 0x0b, 0x3c, 0x40, 0x17};
static const uint8_t bridge[6] = {0x00, 0x18, 0x39, 0x7a, 0x02, 0x66};
static const uint8_t mesh_points[2][6] = {{0x64, 0x66, 0xb3, 0x10, 0x20, 0x01},
                                          {0x64, 0x66, 0xb3, 0x10, 0x20, 0x02}};
static const uint8_t adhoc_peers[2][6] = {{0x00, 0x21, 0x5c, 0x0a, 0x11, 0x52},
                                          {0x00, 0x22, 0xfa, 0x4d, 0x77, 0x0e}};
static const uint8_t adhoc_bssid[6] = {0x02, 0x1b, 0x44, 0x11, 0x3a, 0xb7};

static void send_ack(uint64_t time_us, const uint8_t *to, const struct access_point *ap, int signal)
{
    air_put16(0x00d4);
    air_put16(0);
    air_put(to, 6);
    air_send(time_us, ap->frequency, signal, ap->frequency < 3000 ? 22 : 48);
}

static unsigned capabilities_of(const struct access_point *ap)
{
    return 0x0401u | (ap->security == OPEN ? 0 : 0x10);
}

static void put_fixed(const struct access_point *ap, uint64_t time_us)
{
    air_put_le64(time_us + 1000000000ull * (unsigned)(ap - access_points + 3));
    air_put16(100);
    air_put16(capabilities_of(ap));
}

static unsigned base_rate(const struct access_point *ap)
{
    return ap->frequency < 3000 ? 2 : 12; /* units of 500 kbit/s */
}

static void send_beacon(const struct access_point *ap, uint64_t time_us)
{
    air_put_header(0x0080, everyone, ap->mac, ap->mac);
    put_fixed(ap, time_us);
    air_put_elements(ap, ap->features & HIDDEN ? "" : ap->ssid, true);
    air_send(time_us, ap->frequency, ap->signal, base_rate(ap));
}

static void send_probe_response(const struct access_point *ap, const uint8_t *to, uint64_t time_us)
{
    air_put_header(0x0050, to, ap->mac, ap->mac);
    put_fixed(ap, time_us);
    air_put_elements(ap, ap->ssid, false);
    air_send(time_us, ap->frequency, ap->signal, base_rate(ap));
    send_ack(time_us + 320, ap->mac, ap, ap->signal - 6);
}

static void send_probe_request(const uint8_t *from, const char *ssid,
                               const struct access_point *heard_on, int signal, uint64_t time_us)
{
    air_put_header(0x0040, everyone, from, everyone);
    air_put_element(0, ssid, strlen(ssid));
    air_put_rates(heard_on);
    air_put_ht_vht(&access_points[PRINTERS], false);
    air_put_element(127, "\4\0\x0a\x82\1\0\0\x40", 8);
    air_send(time_us, heard_on->frequency, signal, base_rate(heard_on));
}

static void send_authentication(const struct access_point *ap, const struct client *client,
                                bool from_client, unsigned algorithm, unsigned transaction,
                                uint64_t time_us)
{
    air_put_header(0x00b0, from_client ? ap->mac : client->mac, from_client ? client->mac : ap->mac,
                   ap->mac);
    air_put16(algorithm);
    air_put16(transaction);
    bool sae = algorithm == 3;
    air_put16(sae && transaction == 1 ? 126 : 0); /* SAE by hash-to-element */
    if (sae && transaction == 1) {
        air_put16(19);
        air_put_random(32 + 64);
    } else if (sae) {
        air_put16(1);
        air_put_random(32);
    }
    air_send(time_us, ap->frequency, from_client ? client->signal : ap->signal, base_rate(ap));
    send_ack(time_us + 320, from_client ? client->mac : ap->mac, ap,
             from_client ? ap->signal : client->signal);
}

static void send_association(const struct access_point *ap, const struct client *client,
                             uint64_t time_us)
{
    air_put_header(0x0000, ap->mac, client->mac, ap->mac);
    air_put16(capabilities_of(ap));
    air_put16(10);
    air_put_element(0, ap->ssid, strlen(ap->ssid));
    air_put_rates(ap);
    if (ap->security >= WPA_MIXED)
        air_put_rsn(ap->security == WPA2_WPA3 ? WPA3 : ap->security);
    air_put_ht_vht(ap, false);
    if (ap->features & HE)
        air_put_he(ap, false);
    air_send(time_us, ap->frequency, client->signal, base_rate(ap));
    send_ack(time_us + 320, client->mac, ap, ap->signal);

    air_put_header(0x0010, client->mac, ap->mac, ap->mac);
    air_put16(capabilities_of(ap));
    air_put16(0);
    air_put16(0xc000u | (unsigned)(client - clients + 1));
    air_put_rates(ap);
    air_put_ht_vht(ap, true);
    air_send(time_us + 2000, ap->frequency, ap->signal, base_rate(ap));
    send_ack(time_us + 2320, ap->mac, ap, client->signal);
}

/* Header of a data frame between a client and somebody behind its access point. */
static void put_data_header(const struct access_point *ap, const uint8_t *client,
                            const uint8_t *other, bool up, unsigned flags)
{
    bool qos = ap->features & HT && !(other[0] & 1);
    unsigned control = (qos ? 0x0088u : 0x0008u) | flags | (up ? 0x0100u : 0x0200u);
    if (up)
        air_put_header(control, ap->mac, client, other);
    else
        air_put_header(control, client, ap->mac, other);
    if (qos)
        air_put16(0);
}

/* EAPOL-Key message 1 to 4 (12.7.2), well formed; nonces and checks are made up. */
static void send_eapol_key(const struct access_point *ap, const struct client *client,
                           unsigned message, uint64_t time_us)
{
    static const uint16_t information[] = {0x0088, 0x0108, 0x13c8, 0x0308};
    bool up = message == 2 || message == 4;
    unsigned version = ap->security == WPA2 || ap->security == WPA_MIXED ? 2 : 0;
    size_t key_data = message == 2 ? 22 : message == 3 ? 56 : 0;
    put_data_header(ap, client->mac, ap->mac, up, 0);
    air_put_llc(0x888e);
    air_put8(2);
    air_put8(3);
    air_put_be16((unsigned)(95 + key_data));
    air_put8(2);
    air_put_be16(information[message - 1] | version);
    air_put_be16(up ? 0 : 16);
    air_put_zeroes(7);
    air_put8(message > 2 ? 2 : 1);
    if (message < 4)
        air_put_random(32);
    else
        air_put_zeroes(32);
    air_put_zeroes(32);
    if (message > 1)
        air_put_random(16);
    else
        air_put_zeroes(16);
    air_put_be16((unsigned)key_data);
    if (message == 2)
        air_put_rsn(WPA2);
    else
        air_put_random(key_data);
    air_send(time_us, ap->frequency, up ? client->signal : ap->signal, 48);
    send_ack(time_us + 320, up ? client->mac : ap->mac, ap, up ? ap->signal : client->signal);
}

/* A client joins: probe, authentication, association and, where there are keys, the handshake. */
static void join(const struct client *client, uint64_t time_us)
{
    const struct access_point *ap = &access_points[client->network];
    bool sae = ap->security == WPA3 || ap->security == WPA2_WPA3;
    send_probe_request(client->mac, ap->ssid, ap, client->signal, time_us);
    send_probe_response(ap, client->mac, time_us + 3000);
    time_us += 20000;
    for (unsigned transaction = 1; transaction <= (sae ? 2 : 1); transaction++) {
        unsigned answer = sae ? transaction : 2;
        send_authentication(ap, client, true, sae ? 3 : 0, transaction, time_us);
        send_authentication(ap, client, false, sae ? 3 : 0, answer, time_us + 5000);
        time_us += 12000;
    }
    send_association(ap, client, time_us);
    for (unsigned message = 1; message <= 4 && ap->security >= WPA_MIXED; message++)
        send_eapol_key(ap, client, message, time_us + 4000 + message * 3000);
}

/* Who has ADDRESS, as every open network hears it. */
static void put_arp(const uint8_t *from, unsigned host, unsigned wanted)
{
    air_put_llc(0x0806);
    air_put("\0\1\x08\0\6\4\0\1", 8);
    air_put(from, 6);
    air_put("\xc0\xa8\1", 3);
    air_put8(host);
    air_put_zeroes(6);
    air_put("\xc0\xa8\1", 3);
    air_put8(wanted);
}

/* An IPv4 and UDP packet with made-up contents. */
static void put_udp(unsigned host, size_t length)
{
    air_put_llc(0x0800);
    air_put8(0x45);
    air_put8(0);
    air_put_be16((unsigned)(28 + length));
    air_put_be16((unsigned)air_random() & 0xffff);
    air_put("\x40\0\x40\x11\0\0\xc0\xa8\1", 9);
    air_put8(host);
    air_put("\xc0\x00\x02\x07", 4); /* a documentation address, RFC 5737 */
    air_put_be16(40000 + host);
    air_put_be16(443);
    air_put_be16((unsigned)(8 + length));
    air_put_be16(0);
    air_put_random(length);
}

static void put_payload(const struct access_point *ap, unsigned host, uint64_t number,
                        size_t length)
{
    if (ap->security == OPEN) {
        put_udp(host, length);
        return;
    }
    air_put8((unsigned)(number & 0xff)); /* CCMP's packet number; the first bytes of a WEP IV */
    air_put8((unsigned)(number >> 8 & 0xff));
    air_put8(0);
    air_put8(ap->security == WEP ? 0x00 : 0x20);
    if (ap->security != WEP)
        air_put_zeroes(4);
    air_put_random(length + (ap->security == WEP ? 4 : 8));
}

/* A few frames up and down, each acknowledged. */
static void send_burst(const struct client *client, uint64_t time_us, uint64_t number)
{
    const struct access_point *ap = &access_points[client->network];
    unsigned flags = ap->security == OPEN ? 0 : 0x4000;
    unsigned host = 20 + (unsigned)(client - clients);
    unsigned frames = 1 + air_random() % 3;
    for (unsigned i = 0; i < frames; i++) {
        bool up = i % 2 == 0;
        unsigned retry = air_random() % 9 == 0 ? 0x0800 : 0;
        put_data_header(ap, client->mac, ap->mac, up, flags | retry);
        put_payload(ap, host, number + i, 24 + air_random() % 80);
        air_send(time_us, ap->frequency, up ? client->signal : ap->signal, 108);
        send_ack(time_us + 320, up ? client->mac : ap->mac, ap, up ? ap->signal : client->signal);
        time_us += 1500 + air_random() % 4000;
    }
    if (air_random() % 3 == 0) { /* null data: the client goes to sleep */
        air_put_header(0x1148, ap->mac, client->mac, ap->mac);
        air_send(time_us + 900, ap->frequency, client->signal, base_rate(ap));
    }
}

static void make_access_points(void)
{
    for (const struct access_point *ap = access_points; ap < access_points + ACCESS_POINTS; ap++) {
        uint64_t at = 50000 + air_random() % 900000;
        for (; at < SECONDS * 1000000ull; at += ap->period_ms * 1250ull + air_random() % 400000)
            send_beacon(ap, at);
    }
}

static void make_clients(void)
{
    for (const struct client *client = clients; client < clients + CLIENTS; client++) {
        uint64_t at = client->joins_at * 1000000ull + 200000 + air_random() % 900000;
        if (client->joins_at)
            join(client, at - 150000);
        for (uint64_t number = 1; at < SECONDS * 1000000ull; number += 4) {
            send_burst(client, at, number);
            at += client->period_ms * 700ull + air_random() % (client->period_ms * 1200ull);
        }
    }
}

static void make_probers(void)
{
    for (const struct prober *prober = probers; prober < probers + PROBERS; prober++) {
        uint64_t at = 1000000 + air_random() % 20000000;
        for (; at < SECONDS * 1000000ull; at += 14000000 + air_random() % 9000000) {
            unsigned network = (unsigned)(air_random() % ACCESS_POINTS);
            const struct access_point *heard_on = &access_points[network];
            for (int i = 0; prober->ssids[i]; i++)
                send_probe_request(prober->mac, prober->ssids[i], heard_on, prober->signal,
                                   at + (uint64_t)i * 20000);
            if (!(heard_on->features & HIDDEN))
                send_probe_response(heard_on, prober->mac, at + 4000);
        }
    }
}

/* The wired printer behind linksys, and the bridge between it and its second box. */
static void make_wired(void)
{
    const struct access_point *ap = &access_points[LINKSYS];
    for (uint64_t at = 2300000; at < SECONDS * 1000000ull; at += 7100000) {
        air_put_header(0x0208, everyone, ap->mac, wired_host);
        put_arp(wired_host, 9, 1);
        air_send(at, ap->frequency, ap->signal, 22);
        air_put_header(0x0208, clients[0].mac, ap->mac, wired_host);
        put_udp(9, 60);
        air_send(at + 40000, ap->frequency, ap->signal, 108);
        send_ack(at + 40320, ap->mac, ap, clients[0].signal);
    }
    for (uint64_t at = 5200000; at < SECONDS * 1000000ull; at += 11300000) {
        air_put_header(0x0308, ap->mac, bridge, wired_host);
        air_put(clients[1].mac, 6);
        put_udp(31, 48);
        air_send(at, ap->frequency, -71, 48);
        send_ack(at + 320, bridge, ap, ap->signal);
    }
}

static void send_adhoc_beacon(unsigned peer, uint64_t time_us)
{
    static const uint8_t channel = 3;
    air_put_header(0x0080, everyone, adhoc_peers[peer], adhoc_bssid);
    air_put_le64(time_us + 5000000);
    air_put16(100);
    air_put16(0x0002);
    air_put_element(0, "fieldtrip", 9);
    air_put_element(1, "\x82\x84\x8b\x96\x0c\x12\x18\x24", 8);
    air_put_element(3, &channel, 1);
    air_put_element(6, "\0\0", 2);
    air_send(time_us, 2422, -66, 2);
}

static void send_mesh_beacon(unsigned point, uint64_t time_us)
{
    static const uint8_t channel = 1;
    air_put_header(0x0080, everyone, mesh_points[point], mesh_points[point]);
    air_put_le64(time_us + 9000000);
    air_put16(100);
    air_put16(0x0000);
    air_put_element(0, "", 0);
    air_put_element(1, "\x82\x84\x8b\x96\x0c\x12\x18\x24", 8);
    air_put_element(3, &channel, 1);
    air_put_ht_vht(&access_points[PRINTERS], false);
    air_put_element(113, "\1\1\0\1\0\2\x09", 7);
    air_put_element(114, "orchard", 7);
    air_send(time_us, 2412, -74, 2);
}

static void make_peers(void)
{
    for (uint64_t at = 900000; at < SECONDS * 1000000ull; at += 2900000 + air_random() % 800000) {
        send_adhoc_beacon((unsigned)(air_random() & 1), at);
        send_mesh_beacon((unsigned)(air_random() & 1), at + 310000);
        air_put_header(0x0008, adhoc_peers[0], adhoc_peers[1], adhoc_bssid);
        put_udp(77, 40);
        air_send(at + 500000, 2422, -63, 22);
    }
}

/* A burst of forged deauthentications against single, and two honest goodbyes. */
static void make_farewells(void)
{
    const struct access_point *single = &access_points[SINGLE];
    for (uint64_t i = 0; i < 10; i++) {
        air_put_header(0x00c0, everyone, single->mac, single->mac);
        air_put16(7);
        air_send(52000000 + i * 90000, single->frequency, -48, 2);
    }
    const struct client *leaver = &clients[1];
    const struct access_point *linksys = &access_points[LINKSYS];
    air_put_header(0x00a0, linksys->mac, leaver->mac, linksys->mac);
    air_put16(8);
    air_send(70500000, linksys->frequency, leaver->signal, 2);
    air_put_header(0x00c0, linksys->mac, leaver->mac, linksys->mac);
    air_put16(3);
    air_send(70540000, linksys->frequency, leaver->signal, 2);
}

/* Control frames around a busy client: RTS, CTS, block acknowledgement, PS-Poll. */
static void make_control(void)
{
    const struct client *client = &clients[5];
    const struct access_point *ap = &access_points[client->network];
    for (uint64_t at = 3100000; at < SECONDS * 1000000ull; at += 6700000) {
        air_put16(0x00b4);
        air_put16(0x0100);
        air_put(ap->mac, 6);
        air_put(client->mac, 6);
        air_send(at, ap->frequency, client->signal, 48);
        air_put16(0x00c4);
        air_put16(0x00d0);
        air_put(client->mac, 6);
        air_send(at + 60, ap->frequency, ap->signal, 48);
        air_put16(0x0094);
        air_put16(0);
        air_put(client->mac, 6);
        air_put(ap->mac, 6);
        air_put16(0x0005);
        air_put16((unsigned)(air_random() & 0xfff) << 4);
        air_put_le64(0x0fffffff);
        air_send(at + 900, ap->frequency, ap->signal, 48);
    }
    air_put16(0x00a4);
    air_put16(0xc001);
    air_put(access_points[SINGLE].mac, 6);
    air_put(clients[2].mac, 6);
    air_send(41000000, access_points[SINGLE].frequency, clients[2].signal, 2);
}

/* As a string literal, which compilers take in faster than a list of numbers. */
static void write_header(const struct buffer *file, size_t frames)
{
    printf("/* Made by src/tools/norn_demo_capture.c; do not edit. The demo's capture: a pcap file "
           "of\n"
           " * %zu bytes, %zu frames, %d seconds. */\n"
           "#ifndef NORN_DEMO_CAPTURE_H\n#define NORN_DEMO_CAPTURE_H\n\n#include <stddef.h>\n\n"
           "enum { DEMO_CAPTURE_FRAMES = %zu, DEMO_CAPTURE_SECONDS = %d };\n\n"
           "static const size_t demo_capture_length = %zu;\n\n"
           "static const unsigned char demo_capture[] =",
           file->length, frames, SECONDS, frames, SECONDS, file->length);
    for (size_t i = 0; i < file->length; i++)
        printf("%s\\%03o", i % 24 ? "" : i ? "\"\n    \"" : "\n    \"", file->data[i]);
    printf("\";\n\n#endif\n");
}

int main(int argc, char **argv)
{
    bool header = argc == 2 && strcmp(argv[1], "--c") == 0;
    if (argc > 1 && !header) {
        fprintf(stderr, "usage: norn_demo_capture [--c]\n");
        return 2;
    }
    make_access_points();
    make_clients();
    make_probers();
    make_wired();
    make_peers();
    make_farewells();
    make_control();
    struct buffer file = {0};
    size_t frames = air_write_file(&file);
    if (frames == 0)
        fprintf(stderr, "norn_demo_capture: out of memory, or more frames than air.c allows\n");
    else if (header)
        write_header(&file, frames);
    else
        fwrite(file.data, 1, file.length, stdout);
    buffer_done(&file);
    return frames == 0 || fflush(stdout) ? 1 : 0;
}

// clang-format off
static const struct access_point access_points[ACCESS_POINTS] = {
    /* ssid, address, channel, MHz, dBm, beacon every ms, security, features */
    [LINKSYS]    = {"linksys", {0x00, 0x13, 0x10, 0x5a, 0xc3, 0x01}, 6, 2437, -52, 2100, OPEN, 0},
    [SINGLE]     = {"single", {0x50, 0xc7, 0xbf, 0x21, 0x9e, 0x44}, 1, 2412, -47, 1900, WPA2, HT},
    [BARFOO]     = {"barfoo", {0xf0, 0x9f, 0xc2, 0x6b, 0x30, 0x18}, 11, 2462, -61, 2300, WPA3, HT | RSNX | LOAD},
    [CELLAR]     = {"cellar", {0x74, 0xac, 0xb9, 0x0d, 0x51, 0xe2}, 6, 2437, -68, 2600, WPA2, HT | HIDDEN},
    [NORTHLIGHT] = {"Northlight", {0x3c, 0x37, 0x86, 0xd4, 0x0f, 0x90}, 36, 5180, -57, 2200, WPA2_WPA3, HT | VHT | HE | LOAD},
    [CAMPUS]     = {"campus", {0x00, 0x1a, 0x1e, 0x88, 0x42, 0x60}, 149, 5745, -73, 2700, ENTERPRISE, HT | VHT | LOAD},
    [PRINTERS]   = {"Harbour-2G", {0xac, 0x84, 0xc6, 0x17, 0x73, 0x2c}, 11, 2462, -66, 2500, WPA2, HT | WPS},
    [OLDTIMER]   = {"oldtimer", {0x00, 0x14, 0xbf, 0x3e, 0x60, 0x05}, 1, 2412, -79, 3300, WPA_MIXED, 0},
    [MUSEUM]     = {"museum", {0x00, 0x09, 0x5b, 0x92, 0x1d, 0x7f}, 9, 2452, -82, 3700, WEP, 0},
    [CAFE]       = {"caf\xc3\xa9 guest", {0x18, 0xe8, 0x29, 0xa1, 0x0c, 0x33}, 44, 5220, -70, 3000, OWE, HT | VHT | HE},
    [SKYLINE]    = {"Skyline-6E", {0xe8, 0x9f, 0x80, 0x5e, 0x21, 0x0b}, 37, 6135, -64, 2900, WPA3, HE | EHT | RSNX},
    [NAMELESS]   = {"behind the curtain", {0xb8, 0x27, 0xeb, 0x4c, 0x0e, 0xd1}, 4, 2427, -85, 4100, WPA2, HT | HIDDEN},
};

static const struct client clients[CLIENTS] = {
    /* address, network, dBm, joins at s, burst every ms */
    {{0x00, 0x1b, 0x77, 0x20, 0x4a, 0x91}, LINKSYS, -55, 0, 4200},
    {{0x00, 0x23, 0x12, 0x0b, 0xee, 0x36}, LINKSYS, -63, 6, 6100},
    {{0xac, 0xbc, 0x32, 0x7f, 0x01, 0x58}, SINGLE, -49, 9, 4600},
    {{0x1e, 0x52, 0x0a, 0xc3, 0x9b, 0x40}, SINGLE, -58, 33, 5200},
    {{0xf4, 0xf5, 0xd8, 0x61, 0x12, 0x0d}, BARFOO, -60, 14, 5400},
    {{0x7a, 0x13, 0x98, 0xd0, 0x2e, 0x11}, BARFOO, -65, 0, 4800},
    {{0xb8, 0x27, 0xeb, 0x90, 0xa4, 0x62}, CELLAR, -71, 21, 6900},
    {{0x8c, 0x85, 0x90, 0x11, 0x57, 0xfe}, NORTHLIGHT, -54, 26, 4100},
    {{0xd2, 0x44, 0x07, 0x1b, 0x80, 0x9c}, NORTHLIGHT, -62, 0, 5100},
    {{0x34, 0x13, 0xe8, 0x55, 0x0a, 0xb4}, CAMPUS, -75, 0, 7300},
    {{0x00, 0x80, 0x92, 0x4e, 0x2a, 0x70}, PRINTERS, -67, 0, 8200},
    {{0x00, 0x16, 0x6f, 0x33, 0x18, 0xc5}, MUSEUM, -83, 0, 9400},
    {{0x9a, 0xe1, 0x5d, 0x42, 0xb7, 0x28}, SKYLINE, -61, 45, 5600},
};

static const struct prober probers[PROBERS] = {
    {{0x5e, 0x8b, 0x1d, 0x02, 0x77, 0xa0}, -72, {""}},
    {{0xca, 0x3f, 0xe0, 0x94, 0x11, 0x6d}, -80, {""}},
    {{0x00, 0x1f, 0x3b, 0x64, 0x90, 0x0c}, -69, {"", "linksys", "Grandma's place"}},
    {{0x26, 0xd1, 0x4a, 0xbb, 0x0f, 0x83}, -77, {"", "airport-free"}},
    {{0xd8, 0xbb, 0x2c, 0x19, 0xc2, 0x45}, -74, {"", "single", "hotel-lobby"}},
    {{0x6a, 0x70, 0xf9, 0x5c, 0xe4, 0x1e}, -86, {""}},
    {{0x00, 0x24, 0xd7, 0x8a, 0x36, 0x2b}, -81, {"somefoo", "barfoo"}},
};
// clang-format on
