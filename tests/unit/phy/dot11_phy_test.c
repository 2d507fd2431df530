/* What the 802.11 phy makes of frames: kinds of stations, hidden names, links, limits, checksums.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "air.h"
#include "dissect/dot11_channel.h"
#include "dissect/linktype.h"
#include "track/device.h"
#include "util/hash.h"

static void send_beacon(struct air *air, uint8_t control, const char *ssid, size_t length)
{
    begin(air, control, 0, everyone, ap, ap);
    add(air, "\1\2\3\4\5\6\7\x8\x64\0\x11\4", 12); /* timestamp, interval, ESS and privacy */
    add_element(air, 0, ssid, length);
    add_element(air, 3, "\x6", 1);
    send_frame(air);
}

static const struct dot11_device *station(const struct air *air, struct macaddr mac)
{
    const struct device *device = device_find(air->store, 0, mac);
    assert_non_null(device);
    assert_non_null(device->dot11);
    return device->dot11;
}

static void beacon_makes_an_access_point(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, "linksys", 7);
    const struct dot11_device *found = station(&air, ap);
    assert_string_equal(string_text(found->device->name), "linksys");
    assert_string_equal(string_text(found->device->type), "Wi-Fi AP");
    assert_string_equal(string_text(found->device->channel), "6");
    assert_string_equal(string_text(found->device->crypt), "WEP");
    assert_int_equal(found->type_set, DOT11_TYPE_BEACON_AP);
    assert_int_equal(found->advertised_count, 1);
    assert_int_equal(found->advertised->beacon_rate, 10);
    assert_int_equal(found->bss_timestamp, 0x0807060504030201);
    assert_int_equal(air.store->device_count, 1); /* broadcast is no device */
    air_free(&air);
}

static void same_body_is_counted_not_parsed(void **state)
{
    struct air air = air_new(roomy);
    for (int i = 0; i < 5; i++)
        send_beacon(&air, 0x80, "linksys", 7);
    air.seconds++;
    send_beacon(&air, 0x80, "linksys", 7);
    const struct dot11_ssid *ssid = station(&air, ap)->advertised;
    assert_null(ssid->next);
    assert_int_equal(ssid->beacons_second, 1);
    assert_int_equal(ssid->first_time, 1000);
    assert_int_equal(ssid->last_time, 1001);
    assert_int_equal(station(&air, ap)->device->packets, 6);
    air_free(&air);
}

/* HE can say no more than 160 MHz: EHT has the centres of the primary half and of the whole. */
static void eht_tells_the_centres_of_320_mhz(void **state)
{
    struct air air = air_new(roomy);
    begin(&air, 0x80, 0, everyone, ap, ap);
    add(&air, "\1\0\0\0\0\0\0\0\x64\0\1\0", 12);
    add_element(&air, 0, "wide", 4);
    add_element(&air, 255, "\x24\0\0\2\5\0\0\5\3\7\x0f\6", 12);
    add_element(&air, 255, "\x6a\1\0\0\0\0\4\x0f\x1f", 9);
    send_frame(&air);
    const struct dot11_ssid *ssid = station(&air, ap)->advertised;
    assert_string_equal(string_text(ssid->channel), "5");
    assert_string_equal(string_text(ssid->ht_mode), "EHT320");
    assert_int_equal(ssid->center_1, 6025);
    assert_int_equal(ssid->center_2, 6105);
    air_free(&air);
}

static void probe_response_reveals_a_hidden_name(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, "\0\0\0\0\0\0", 6);
    const struct dot11_device *found = station(&air, ap);
    assert_int_equal(found->advertised->cloaked, 1);
    assert_null(found->advertised->ssid);
    send_beacon(&air, 0x50, "secret", 6);
    assert_string_equal(string_text(found->advertised->ssid), "secret");
    assert_int_equal(found->advertised->cloaked, 1);
    assert_int_equal(found->responded_count, 1);
    send_beacon(&air, 0x80, "\0\0\0\0\0\0", 6);
    assert_string_equal(string_text(found->device->name), "secret");
    assert_int_equal(found->advertised_count, 1);
    air_free(&air);
}

static void association_reveals_a_hidden_name(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, "", 0);
    begin(&air, 0x00, 0, ap, client, ap);
    add(&air, "\x11\4\xa\0", 4);
    add_element(&air, 0, "secret", 6);
    send_frame(&air);
    assert_string_equal(string_text(station(&air, ap)->advertised->ssid), "secret");
    assert_string_equal(string_text(station(&air, client)->device->type), "Wi-Fi Client");
    assert_int_equal(station(&air, ap)->client_count, 1);
    air_free(&air);
}

/* The capture began between two beacons. */
static void association_names_what_hides_later(void **state)
{
    struct air air = air_new(roomy);
    begin(&air, 0x00, 0, ap, client, ap);
    add(&air, "\x11\4\xa\0", 4);
    add_element(&air, 0, "secret", 6);
    send_frame(&air);
    assert_null(station(&air, ap)->advertised);
    send_beacon(&air, 0x80, "\0\0", 2);
    const struct dot11_ssid *ssid = station(&air, ap)->advertised;
    assert_string_equal(string_text(ssid->ssid), "secret");
    assert_int_equal(ssid->ssid_length, 6);
    assert_int_equal(ssid->cloaked, 1);
    assert_string_equal(string_text(station(&air, ap)->device->name), "secret");
    send_beacon(&air, 0x80, "open", 4);
    assert_string_equal(string_text(station(&air, ap)->advertised->ssid), "open");
    air_free(&air);
}

static void probe_request_tells_what_is_asked_for(void **state)
{
    static const char rsn[] = "\1\0\0\x0f\xac\4\1\0\0\x0f\xac\4\1\0\0\x0f\xac\2";
    static const struct macaddr nobody;
    struct air air = air_new(roomy);
    begin(&air, 0x40, 0, ap, client, ap);
    add_element(&air, 0, "home", 4);
    add_element(&air, 48, rsn, sizeof rsn - 1);
    send_frame(&air);
    const struct dot11_probe *probe = station(&air, client)->probed;
    assert_string_equal(string_text(probe->ssid), "home");
    assert_true(macaddr_equal(probe->bssid, ap));
    assert_string_equal(string_text(probe->crypt), "WPA2 WPA2-PSK AES-CCMP");
    assert_int_equal(probe->crypt_legacy, 0x100002c0);
    begin(&air, 0x40, 0, everyone, client, everyone);
    add_element(&air, 0, "home", 4);
    send_frame(&air);
    assert_true(macaddr_equal(probe->bssid, nobody));
    air_free(&air);
}

/* Nobody sends through an access point here: who is sent to is a member as well. */
static void data_between_stations_relates_both(void **state)
{
    static const struct macaddr cell = {{2, 0, 0, 0, 0, 9}};
    struct air air = air_new(roomy);
    begin(&air, 0x08, 0, wired, client, cell);
    add(&air, "payload", 7);
    send_frame(&air);
    assert_string_equal(string_text(station(&air, client)->device->type), "Wi-Fi Ad-Hoc");
    assert_string_equal(string_text(station(&air, wired)->device->type), "Wi-Fi Ad-Hoc");
    assert_true(macaddr_equal(station(&air, wired)->links->bssid, cell));
    send_beacon(&air, 0x80, "linksys", 7);
    begin(&air, 0x08, 0, everyone, (struct macaddr){{0, 1, 2, 3, 4, 5}}, ap);
    add(&air, "payload", 7);
    send_frame(&air);
    begin(&air, 0x08, 0, (struct macaddr){{0, 1, 2, 3, 4, 6}}, (struct macaddr){{0, 1, 2, 3, 4, 5}},
          ap);
    add(&air, "payload", 7);
    send_frame(&air);
    assert_int_equal(station(&air, ap)->client_count, 2);
    assert_string_equal(
        string_text(station(&air, (struct macaddr){{0, 1, 2, 3, 4, 6}})->device->type),
        "Wi-Fi Client");
    air_free(&air);
}

static void data_links_clients_and_wired_hosts(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, "linksys", 7);
    begin(&air, 0x08, 0x41, ap, client, wired); /* to the distribution system, protected */
    add(&air, "12345678payload", 15);
    send_frame(&air);
    begin(&air, 0x08, 0x42, client, ap, wired); /* from it */
    add(&air, "12345678payload", 15);
    send_frame(&air);
    const struct dot11_device *found = station(&air, client);
    assert_int_equal(found->link_count, 1);
    assert_true(macaddr_equal(found->links->bssid, ap));
    assert_int_equal(found->links->data_bytes, 30);
    assert_int_equal(found->device->packets_sent, 1);
    assert_int_equal(found->device->packets_received, 1);
    assert_int_equal(found->device->packets_crypt, 2);
    assert_string_equal(string_text(station(&air, wired)->device->type), "Wi-Fi Bridged");
    assert_int_equal(station(&air, ap)->client_count, 2);
    assert_string_equal(string_text(station(&air, ap)->device->type), "Wi-Fi AP");
    air_free(&air);
}

static void four_addresses_make_a_bridge(void **state)
{
    struct air air = air_new(roomy);
    begin(&air, 0x08, 0x03, ap, client, wired);
    add(&air, (const char *)&wired, 6);
    add(&air, "\xaa\xaa\3\0\0\0\x8\0data", 12);
    send_frame(&air);
    assert_string_equal(string_text(station(&air, ap)->device->type), "Wi-Fi WDS");
    assert_string_equal(string_text(station(&air, client)->device->type), "Wi-Fi WDS");
    air_free(&air);
}

static void wrong_checksum_touches_no_record(void **state)
{
    /* radiotap with flags: FCS at the end; then a frame whose FCS is wrong */
    static const char radiotap[] = "\0\0\x9\0\2\0\0\0\x10";
    struct air air = air_new(roomy);
    struct buffer frame = {0};
    send_beacon(&air, 0x80, "linksys", 7);
    buffer_add(&frame, radiotap, 9);
    begin(&air, 0x80, 0, everyone, client, client);
    add(&air, "\1\2\3\4\5\6\7\x8\x64\0\x11\4", 12);
    add_element(&air, 0, "noise", 5);
    uint32_t crc = crc32_ieee(air.frame.data, air.frame.length);
    buffer_add(&frame, air.frame.data, air.frame.length);
    for (int good = 0; good < 2; good++) {
        uint32_t sent = good ? crc : ~crc;
        air.frame.length = 0;
        buffer_add(&air.frame, frame.data, frame.length);
        buffer_add(&air.frame, &sent, 4);
        send_on(&air, LINKTYPE_RADIOTAP, 0);
        assert_int_equal(device_find(air.store, 0, client) != NULL, good);
        assert_int_equal(air.store->phys[0].packets_error, 1);
    }
    buffer_done(&frame);
    air_free(&air);
}

static void every_list_keeps_its_limit(void **state)
{
    struct air air = air_new(roomy);
    char name[8] = "net ";
    for (int i = 0; i < 200; i++) {
        struct macaddr other = {{0, 1, 2, 3, 4, (uint8_t)i}};
        air.seconds++;
        name[4] = (char)('a' + i % 26);
        name[5] = (char)('a' + i / 26);
        send_beacon(&air, 0x80, name, 6);
        send_beacon(&air, 0x50, name, 6);
        begin(&air, 0x40, 0, everyone, client, everyone);
        add_element(&air, 0, name, 6);
        send_frame(&air);
        begin(&air, 0x08, 0x01, ap, other, wired);
        send_frame(&air);
        begin(&air, 0x08, 0x01, other, client, wired);
        send_frame(&air);
    }
    assert_int_equal(station(&air, ap)->advertised_count, 4);
    assert_int_equal(station(&air, ap)->responded_count, 4);
    assert_int_equal(station(&air, client)->probed_count, 4);
    assert_int_equal(station(&air, client)->link_count, 4);
    assert_in_range(station(&air, ap)->client_count, 1, 4);
    int count = 0;
    for (const struct dot11_link *at = station(&air, ap)->clients; at; at = at->next_of_ap)
        count++;
    assert_int_equal(count, station(&air, ap)->client_count);
    air_free(&air);
}

static void evicted_stations_leave_no_links_behind(void **state)
{
    struct store_limits limits = roomy;
    limits.devices = 3;
    struct air air = air_new(limits);
    for (int i = 0; i < 300; i++) {
        struct macaddr one = {{0, 1, 2, 3, (uint8_t)(i >> 8), (uint8_t)i}};
        struct macaddr two = {{0, 9, 2, 3, (uint8_t)((i * 7) >> 8), (uint8_t)(i * 7)}};
        air.seconds++;
        begin(&air, 0x08, i % 2 ? 0x01 : 0x02, one, two, wired);
        send_frame(&air);
        send_beacon(&air, 0x80, "linksys", 7);
        assert_in_range(air.store->device_count, 1, 3);
    }
    assert_true(air.store->evicted > 500);
    air_free(&air);
}

/* A PPI header around a frame of link type 1. */
static void add_wrapped(struct air *air)
{
    air->frame.length = 0;
    add(air, "\0\0\x8\0\1\0\0\0", 8);
    add(air, "\1\2\3\4", 4);
}

static void unsupported_link_types_are_counted(void **state)
{
    struct air air = air_new(roomy);
    begin(&air, 0x80, 0, everyone, ap, ap);
    send_on(&air, 1, 0);
    assert_int_equal(air.store->packets_unsupported, 1);
    add_wrapped(&air);
    send_on(&air, LINKTYPE_PPI, 0);
    assert_int_equal(air.store->packets_unsupported, 2);
    assert_int_equal(air.store->phys[0].packets, 0);
    assert_int_equal(air.store->device_count, 0);
    assert_int_equal(air.store->phys[0].packets, 0);
    air_free(&air);
}

static void two_sources_are_both_seen_by(void **state)
{
    struct air air = air_new(roomy);
    begin(&air, 0xc4, 0, client, ap, ap);
    for (uint16_t source = 0; source < 2; source++) {
        begin(&air, 0x48, 0x01, ap, client, ap);
        send_on(&air, LINKTYPE_IEEE802_11, source);
    }
    const struct seenby *seenby = station(&air, client)->device->seenby;
    assert_non_null(seenby->next);
    assert_null(seenby->next->next);
    air_free(&air);
}

/* The seen-by entry of a source, or NULL. */
static const struct seenby *seen_by(const struct device *device, uint16_t source)
{
    const struct seenby *seenby = device->seenby;
    while (seenby && seenby->source != source)
        seenby = seenby->next;
    return seenby;
}

static void send_beacon_to(struct air *air, uint16_t source, int8_t signal)
{
    struct frame_extra extra = {.has_signal = true, .signal = signal, .frequency = 2437000};
    begin(air, 0x80, 0, everyone, ap, ap);
    add(air, "\1\2\3\4\5\6\7\x8\x64\0\x11\4", 12);
    add_element(air, 0, "norn", 4);
    send_with(air, LINKTYPE_IEEE802_11, source, &extra);
}

static void several_sources_hear_one_frame(void **state)
{
    struct air air = air_new(roomy);
    send_beacon_to(&air, 2, -70); /* before there is a second source nothing is told apart */
    send_beacon_to(&air, 3, -60);
    const struct device *device = station(&air, ap)->device;
    uint64_t before = device->packets;
    air.seconds++;
    send_beacon_to(&air, 2, -70);
    send_beacon_to(&air, 3, -50);
    send_beacon_to(&air, 4, -40);
    assert_int_equal(device->packets, before + 1);
    assert_int_equal(seen_by(device, 3)->packets, 2);
    assert_int_equal(seen_by(device, 3)->minimum_signal, -60);
    assert_int_equal(seen_by(device, 3)->last_signal, -50);
    assert_int_equal(seen_by(device, 4)->maximum_signal, -40);
    assert_int_equal(device->signal.maximum_signal, -40);
    for (int i = 0; i < 50; i++)
        send_beacon_to(&air, 3, -50); /* the same octets again and again */
    assert_int_equal(device->packets, before + 1 + 50);
    assert_int_equal(air.store->packets_repeated, 2);
    air_free(&air);
}

static void send_report(struct air *air, const char *json)
{
    air->frame.length = 0;
    add(air, "DOT11SCAN", 10);
    add(air, json, strlen(json));
    send_on(air, FRAME_REPORT, 0);
}

static void scan_reports_make_access_points(void **state)
{
    struct air air = air_new(roomy);
    send_report(&air, "{\"bssid\":\"00:13:10:00:00:01\",\"ssid\":\"norn\",\"signal\":-60,"
                      "\"channel\":\"6\",\"capabilities\":\"[WPA2-PSK-CCMP][ESS]\"}");
    const struct dot11_device *found = station(&air, ap);
    assert_string_equal(string_text(found->device->name), "norn");
    assert_string_equal(string_text(found->device->type), "Wi-Fi AP");
    assert_string_equal(string_text(found->device->channel), "6");
    assert_string_equal(string_text(found->device->crypt), "WPA2 WPA2-PSK AES-CCMP");
    assert_int_equal(found->device->frequency, 2437000);
    assert_int_equal(found->device->signal.last_signal, -60);
    assert_int_equal(found->advertised_count, 1);
    assert_int_equal(found->advertised->last_time, 1000);
    send_report(&air, "{\"bssid\":\"02:13:10:00:00:09\",\"capabilities\":\"[IBSS]\"}");
    const struct macaddr cell = {{0x02, 0x13, 0x10, 0, 0, 9}};
    assert_string_equal(string_text(station(&air, cell)->device->type), "Wi-Fi Ad-Hoc");
    send_report(&air, "{\"bssid\":\"01:13:10:00:00:09\"}"); /* a group's address */
    assert_int_equal(air.store->device_count, 2);
    air_free(&air);
}

static void what_was_heard_on_the_air_stands(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, "linksys", 7);
    air.seconds++;
    send_report(&air, "{\"bssid\":\"00:13:10:00:00:01\",\"ssid\":\"linksys\","
                      "\"capabilities\":\"[ESS]\"}");
    const struct dot11_device *found = station(&air, ap);
    assert_int_equal(found->advertised_count, 1);
    assert_string_equal(string_text(found->advertised->crypt), "WEP");
    assert_int_equal(found->advertised->beacon_rate, 10);
    assert_int_equal(found->advertised->last_time, 1001);
    air_free(&air);
}

static void timers_of_devices_that_go_are_forgotten(void **state)
{
    struct store_limits limits = roomy;
    limits.devices = 3;
    limits.bss_window = 10000000;
    struct air air = air_new(limits);
    for (uint8_t number = 0; number < 20; number++) {
        const struct macaddr other = {{0, 0x13, 0x10, 0, 1, number}};
        begin(&air, 0x80, 0, everyone, other, other);
        add(&air, "\1\2\3\4\0\0\0\0\x64\0\x11\4", 12);
        add_element(&air, 0, "net", 3);
        send_frame(&air);
        air.seconds++;
        assert_int_equal(air.store->clocks.count, air.store->device_count);
    }
    assert_int_equal(air.store->device_count, 3);
    air_free(&air);
}

/* More of them in turn than are remembered at a time. */
static void channels_bear_the_name_of_their_frequency(void **state)
{
    enum { FREQUENCIES = 300 };
    struct air air = air_new(roomy);
    begin(&air, 0x08, 1, ap, client, wired);
    for (uint32_t i = 0; i < 2 * FREQUENCIES; i++) {
        uint32_t frequency = 5000 * (1000 + i % FREQUENCIES);
        struct frame_extra extra = {.has_signal = true, .signal = -50, .frequency = frequency};
        char name[DOT11_CHANNEL_TEXT];
        dot11_channel_write(dot11_channel_from_frequency(frequency), frequency, name);
        send_with(&air, LINKTYPE_IEEE802_11, 0, &extra);
        assert_string_equal(string_text(station(&air, client)->device->channel), name);
    }
    assert_int_equal(air.store->frequency_count, FREQUENCIES);
    for (uint32_t i = 0; i < FREQUENCIES; i++)
        assert_int_equal(air.store->frequencies[i]->packets.last_value, 2);
    air_free(&air);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_sources_hear_one_frame),
        cmocka_unit_test(beacon_makes_an_access_point),
        cmocka_unit_test(same_body_is_counted_not_parsed),
        cmocka_unit_test(eht_tells_the_centres_of_320_mhz),
        cmocka_unit_test(probe_response_reveals_a_hidden_name),
        cmocka_unit_test(association_reveals_a_hidden_name),
        cmocka_unit_test(association_names_what_hides_later),
        cmocka_unit_test(probe_request_tells_what_is_asked_for),
        cmocka_unit_test(data_between_stations_relates_both),
        cmocka_unit_test(data_links_clients_and_wired_hosts),
        cmocka_unit_test(four_addresses_make_a_bridge),
        cmocka_unit_test(wrong_checksum_touches_no_record),
        cmocka_unit_test(every_list_keeps_its_limit),
        cmocka_unit_test(evicted_stations_leave_no_links_behind),
        cmocka_unit_test(unsupported_link_types_are_counted),
        cmocka_unit_test(scan_reports_make_access_points),
        cmocka_unit_test(what_was_heard_on_the_air_stands),
        cmocka_unit_test(timers_of_devices_that_go_are_forgotten),
        cmocka_unit_test(two_sources_are_both_seen_by),
        cmocka_unit_test(channels_bear_the_name_of_their_frequency),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
