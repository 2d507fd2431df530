/* What the phy of basic rate makes of an adapter's talk with its host: inquiries, names, classes,
 * connections with their handles and data, the adapter itself. Core Specification Vol 4, Part E, 7.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/linktype.h"
#include "phy_bench.h"
#include "schema/bluetooth_fields.h"
#include "util/hash.h"

#define PEER      "010000ed0418"
#define PEER_TEXT "18:04:ED:00:00:01"

static struct bench bench;

static int set_up(void **state)
{
    bench = bench_new(bench_limits);
    return 0;
}

static int tear_down(void **state)
{
    bench_free(&bench);
    return 0;
}

static void send(const char *hex)
{
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI, hex);
}

static const struct device *device(const char *address)
{
    const struct device *found = bench_find(&bench, "Bluetooth", address);
    assert_non_null(found);
    assert_int_equal(found->part, DEVICE_PART_BLUETOOTH);
    return found;
}

static const struct bluetooth_device *part(const char *address)
{
    const struct bluetooth_device *found = device_bluetooth(device(address));
    assert_non_null(found);
    return found;
}

static void inquiry_makes_devices(void **state)
{
    send("04 2f ff 01 " PEER " 01 00 04045a 1234 c4 05096e6f726e 0503 1e110b11 020a04"
         "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
         "00000000000000000000000000000000000000000000000000000000000000000000000000000000");
    const struct device *found = device(PEER_TEXT);
    assert_string_equal(string_text(found->name), "norn");
    assert_string_equal(string_text(found->type), "BT Headset");
    assert_string_equal(string_text(found->channel), "FHSS");
    assert_string_equal(string_text(found->manufacturer), "Texas Instruments");
    assert_int_equal(found->signal.last_signal, -60);
    assert_int_equal(found->basic_type, DEVICE_TYPE_PEER);
    const struct bluetooth_advertised *said = &part(PEER_TEXT)->advertised;
    assert_int_equal(said->service_count, 2);
    assert_string_equal(string_text(said->services->name), "Hands-Free");
    assert_int_equal(said->power, 4);
    assert_int_equal(said->device_class, 0x5a0404);
}

static void names_and_classes_of_events(void **state)
{
    send("04 04 0a " PEER " 0c025a 01");
    assert_string_equal(string_text(device(PEER_TEXT)->type), "BT Smartphone");
    send("04 07 ff 00 " PEER " 6e6f726e 00");
    assert_string_equal(string_text(device(PEER_TEXT)->name), "norn");
    send("04 04 0a " PEER " 000000 01");
    assert_string_equal(string_text(device(PEER_TEXT)->type), "BT Miscellaneous");
    assert_int_equal(device(PEER_TEXT)->packets, 3);
}

static void wishes_and_failures_make_no_device(void **state)
{
    send("01 0504 0d " PEER " 18cc 01 00 0000 01");
    send("04 03 0b 04 4100 " PEER " 01 00");
    assert_int_equal(bench.store->device_count, 0);
    send("04 03 0b 00 4100 " PEER " 01 00");
    send("01 1904 0a " PEER " 01 00 0000");
    assert_int_equal(bench.store->device_count, 1);
    assert_int_equal(device(PEER_TEXT)->packets_sent, 1);
    assert_int_equal(device(PEER_TEXT)->packets_received, 1);
    assert_string_equal(string_text(device(PEER_TEXT)->type), "BT Device");
}

static void handles_lead_to_devices(void **state)
{
    send("04 03 0b 00 4100 " PEER " 01 00");
    send("04 0b 0b 00 4100 fffe8ffedbff5b87");
    assert_true(part(PEER_TEXT)->features == 0x875bffdbfe8ffeff);
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI_PHDR, "00000001 02 4120 0400 01020304");
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI_PHDR, "00000000 02 4120 0200 0102");
    assert_int_equal(device(PEER_TEXT)->packets_data, 2);
    assert_int_equal(device(PEER_TEXT)->data_bytes, 6);
    assert_int_equal(device(PEER_TEXT)->packets_received, 1);
    bench.source = 1; /* the same handle of another adapter */
    send("02 4120 0400 01020304");
    bench.source = 0;
    send("04 05 04 00 4100 13");
    uint64_t packets = device(PEER_TEXT)->packets;
    send("02 4120 0400 01020304"); /* the connection is over */
    assert_int_equal(device(PEER_TEXT)->packets, packets);
    assert_int_equal(bench_phy(&bench, "Bluetooth")->packets_data, 4);
}

static void many_connections_forget_the_oldest(void **state)
{
    char hex[128];
    for (int i = 0; i < 100; i++) {
        snprintf(hex, sizeof hex, "04 03 0b 00 %02x00 %02x0000ed0418 01 00", i, i);
        send(hex);
    }
    send("02 0020 0400 01020304");
    send("02 6320 0400 01020304");
    assert_int_equal(device("18:04:ED:00:00:63")->packets_data, 1);
    assert_int_equal(device("18:04:ED:00:00:00")->packets_data, 0);
}

static void the_adapter_is_a_device_too(void **state)
{
    send("04 0e 0a 01 0910 00 " PEER);
    assert_int_equal(part(PEER_TEXT)->is_adapter, 1);
    assert_string_equal(string_text(device(PEER_TEXT)->type), "BT Adapter");
}

static void what_is_not_understood_is_counted(void **state)
{
    send("09 0102");
    assert_int_equal(bench.store->packets_unsupported, 1);
    send("04 0e");
    assert_int_equal(bench_phy(&bench, "Bluetooth")->packets_error, 1);
    send("04 ff 03 010203");
    send("04 16 06 000000000000"); /* no address at all */
    assert_int_equal(bench_phy(&bench, "Bluetooth")->packets, 3);
    assert_int_equal(bench.store->device_count, 0);
}

static void evicted_devices_give_everything_back(void **state)
{
    char hex[256];
    bench.store->limits.devices = 3;
    for (int i = 0; i < 2000; i++) {
        bench.seconds++;
        snprintf(hex, sizeof hex,
                 "04 2f 26 01 %02x%02x00ed0418 01 00 04045a 1234 c4 0509%02x6f726e 0503 1e110b11"
                 "020a04 0724 162f2f6e6f72",
                 i & 0xff, i >> 8, 0x41 + i % 20);
        send(hex);
    }
    assert_int_equal(bench.store->device_count, 3);
    assert_true(bench.store->pool.bytes_used < 16384);
}

static void reports_of_a_host(void **state)
{
    static const struct {
        const char *type, *word;
    } rows[] = {{"0", "BR/EDR"}, {"1", "BTLE"}, {"2", "BTLE"}};
    char json[256];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(json, sizeof json, "{\"addr\":\"" PEER_TEXT "\",\"name\":\"norn\",\"type\":%s}",
                 rows[i].type);
        bench_report(&bench, "linuxbthci", json);
        assert_string_equal(string_text(device(PEER_TEXT)->type), rows[i].word);
        assert_int_equal(part(PEER_TEXT)->kind, i);
    }
    bench_report(&bench, "linuxbthci", "{\"addr\":\"" PEER_TEXT "\",\"name\":\"\"}");
    assert_string_equal(string_text(device(PEER_TEXT)->name), "norn");
    assert_int_equal(device(PEER_TEXT)->packets, 4);
}

static void reports_of_a_scan(void **state)
{
    bench_report(&bench, "BLUETOOTHSCAN",
                 "{\"btaddr\":\"" PEER_TEXT "\",\"devicetype\":\"Watch\\n\",\"name\":\"n\u00e9\","
                 "\"txpowerlevel\":-12,\"pathloss\":70,\"signal\":-40,"
                 "\"scan_data\":\"02010605ff4c001005\","
                 "\"service_data\":{\"0000180f-0000-1000-8000-00805f9b34fb\":\"64aB\","
                 "\"180f\":\"01\",\"0000180a-0000-1000-8000-00805f9b34fb\":\"xy\"}}");
    const struct bluetooth_device *found = part(PEER_TEXT);
    assert_string_equal(string_text(device(PEER_TEXT)->type), "Watch\\012");
    assert_string_equal(string_text(device(PEER_TEXT)->name), "n\xc3\xa9");
    assert_int_equal(device(PEER_TEXT)->signal.last_signal, -40);
    assert_int_equal(found->advertised.power, -12);
    assert_int_equal(found->path_loss, 70);
    assert_int_equal(found->scan_data->length, 9);
    assert_int_equal(found->advertised.flags, 6);
    assert_string_equal(string_text(found->advertised.company_name), "Apple");
    assert_int_equal(found->advertised.service_count, 1);
    assert_int_equal(found->advertised.services->data->length, 2);
    assert_int_equal(found->advertised.services->data->bytes[1], 0xab);
}

static void what_the_sensor_adds_to_a_report(void **state)
{
    struct frame_extra extra = {.has_signal = true,
                                .signal = -70,
                                .has_place = true,
                                .fix = 3,
                                .latitude = 47.5,
                                .longitude = 8.5,
                                .altitude = 400};
    bench.extra = &extra;
    bench_report(&bench, "BLUETOOTHSCAN", "{\"btaddr\":\"" PEER_TEXT "\"}");
    assert_int_equal(device(PEER_TEXT)->signal.last_signal, -70);
    assert_non_null(device(PEER_TEXT)->location);
    assert_true(device(PEER_TEXT)->location->last.point.latitude == 47.5);
}

static void reports_that_are_wrong(void **state)
{
    bench_report(&bench, "BLUETOOTHSCAN", "{\"name\":\"norn\"}");
    bench_report(&bench, "BLUETOOTHSCAN", "{\"btaddr\":");
    bench_report(&bench, "nobody", "{\"btaddr\":\"" PEER_TEXT "\"}");
    assert_int_equal(bench.store->device_count, 0);
    assert_int_equal(bench.store->packets_unsupported, 1);
    assert_int_equal(bench_phy(&bench, "Bluetooth")->packets_error, 1);
    assert_int_equal(bench_phy(&bench, "IEEE802.11")->packets_error, 1); /* asked first */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(inquiry_makes_devices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_and_classes_of_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wishes_and_failures_make_no_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(handles_lead_to_devices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_connections_forget_the_oldest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_adapter_is_a_device_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_of_a_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_of_a_scan, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_sensor_adds_to_a_report, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_that_are_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evicted_devices_give_everything_back, set_up, tear_down),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
