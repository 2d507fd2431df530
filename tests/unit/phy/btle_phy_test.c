/* What the low energy phy makes of packets: kinds of addresses, names and services, who spoke to
 * whom, connections, checksums, limits, and devices that adapters tell of. Core Specification
 * Vol 6, Part B, 2.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/linktype.h"
#include "phy_bench.h"
#include "schema/btle_fields.h"
#include "track/channel.h"
#include "util/hash.h"

#define ADVERTISING "d6be898e"
#define PUBLIC      "010000ed0418" /* 18:04:ED:00:00:01 */
#define PUBLIC_TEXT "18:04:ED:00:00:01"
#define RANDOM      "0605040302c1"
#define RANDOM_TEXT "C1:02:03:04:05:06"
#define GOOD        "0c cd a6 00 00000000 070c " /* RF channel 12, -51 dBm, CRC found right */
#define BAD         "0c cd a6 00 00000000 0704 "

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

static size_t hex_octets(const char *hex)
{
    size_t digits = 0;
    for (; *hex; hex++)
        digits += *hex != ' ';
    return digits / 2;
}

/* A packet of the advertising channels behind its radio header: the first octet of the PDU's header
 * and its payload. The CRC is left empty. */
static void send(const char *radio, const char *header, const char *payload)
{
    char hex[1200];
    snprintf(hex, sizeof hex, "%s" ADVERTISING "%s%02zx%s000000", radio, header,
             hex_octets(payload), payload);
    bench_send(&bench, LINKTYPE_BLUETOOTH_LE_PHDR, hex);
}

static const struct device *device(const char *address)
{
    const struct device *found = bench_find(&bench, "BTLE", address);
    assert_non_null(found);
    assert_int_equal(found->part, DEVICE_PART_BTLE);
    return found;
}

static const struct btle_device *part(const char *address)
{
    const struct btle_device *found = device_btle(device(address));
    assert_non_null(found);
    return found;
}

static void advertiser_with_a_public_address(void **state)
{
    send(GOOD, "00", PUBLIC "020106 05096e6f726e");
    const struct device *found = device(PUBLIC_TEXT);
    assert_string_equal(string_text(found->name), "norn");
    assert_string_equal(string_text(found->type), "BTLE Device");
    assert_string_equal(string_text(found->channel), "38");
    assert_string_equal(string_text(found->manufacturer), "Texas Instruments");
    assert_int_equal(found->frequency, 2426000);
    assert_int_equal(found->packets_sent, 1);
    assert_int_equal(found->packets_llc, 1);
    assert_int_equal(found->signal.last_signal, -51);
    assert_int_equal(found->signal.last_noise, -90);
    assert_false(found->flags & DEVICE_LOCAL_ADDRESS);
    assert_int_equal(part(PUBLIC_TEXT)->address, BTLE_ADDRESS_PUBLIC);
    assert_int_equal(part(PUBLIC_TEXT)->advertised.flags, 6);
    assert_string_equal(part(PUBLIC_TEXT)->last_pdu, "ADV_IND");
    assert_null(device_dot11(found));
    assert_int_equal(bench_phy(&bench, "BTLE")->packets, 1);
    assert_int_equal(bench_phy(&bench, "BTLE")->devices, 1);
}

static void kinds_of_random_addresses(void **state)
{
    static const struct {
        const char *octets, *text;
        enum btle_address kind;
    } rows[] = {{"0605040302c1", "C1:02:03:04:05:06", BTLE_ADDRESS_STATIC},
                {"060504030241", "41:02:03:04:05:06", BTLE_ADDRESS_RESOLVABLE},
                {"060504030201", "01:02:03:04:05:06", BTLE_ADDRESS_NON_RESOLVABLE},
                {"060504030281", "81:02:03:04:05:06", BTLE_ADDRESS_RESERVED}};
    char pdu[64];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(pdu, sizeof pdu, "%s020106", rows[i].octets);
        send(GOOD, "42", pdu);
        assert_int_equal(part(rows[i].text)->address, rows[i].kind);
        assert_true(device(rows[i].text)->flags & DEVICE_LOCAL_ADDRESS);
        assert_string_equal(string_text(device(rows[i].text)->manufacturer), "Unknown");
    }
}

static void requests_make_devices_of_both_ends(void **state)
{
    send(GOOD, "43", RANDOM PUBLIC);
    assert_int_equal(device(RANDOM_TEXT)->packets_sent, 1);
    assert_int_equal(device(PUBLIC_TEXT)->packets_received, 1);
    assert_int_equal(device(PUBLIC_TEXT)->packets_sent, 0);
    assert_null(part(PUBLIC_TEXT)->last_pdu);
    assert_int_equal(device(PUBLIC_TEXT)->signal.last_signal, 0); /* it was not heard itself */
}

static void its_own_word_on_its_address_stands(void **state)
{
    send(GOOD, "43", PUBLIC "0605040302c1"); /* asked as a public one */
    assert_int_equal(part(RANDOM_TEXT)->address, BTLE_ADDRESS_PUBLIC);
    send(GOOD, "42", RANDOM "020106");
    assert_int_equal(part(RANDOM_TEXT)->address, BTLE_ADDRESS_STATIC);
    assert_true(device(RANDOM_TEXT)->flags & DEVICE_LOCAL_ADDRESS);
    send(GOOD, "43", PUBLIC "0605040302c1");
    assert_int_equal(part(RANDOM_TEXT)->address, BTLE_ADDRESS_STATIC);
}

static void services_company_and_more(void **state)
{
    send(GOOD, "00", PUBLIC "0503 0f180a18 0616 0f1864aabb 05ff 4c001005 020af4 0319 c203");
    const struct bluetooth_advertised *said = &part(PUBLIC_TEXT)->advertised;
    assert_int_equal(said->service_count, 2);
    assert_string_equal(string_text(said->services->name), "Battery");
    assert_int_equal(said->services->data->length, 3);
    assert_int_equal(said->services->data->bytes[0], 0x64);
    assert_string_equal(string_text(said->services->next->name), "Device Information");
    assert_int_equal(said->company, 0x4c);
    assert_string_equal(string_text(said->company_name), "Apple");
    assert_int_equal(said->power, -12);
    assert_int_equal(said->appearance, 962);
    send(GOOD, "00", PUBLIC "0314 1218 0516 0f180102");
    assert_int_equal(said->service_count, 3);
    assert_true(said->services->next->is_solicited && !said->services->next->is_offered);
    assert_int_equal(said->services->data->length, 2);
}

static void lists_keep_their_limits(void **state)
{
    char pdu[64];
    for (int i = 0; i < 40; i++) {
        snprintf(pdu, sizeof pdu, PUBLIC "0303 %02x18 0309 61%02x", i, 0x41 + i % 20);
        send(GOOD, "00", pdu);
    }
    const struct bluetooth_advertised *said = &part(PUBLIC_TEXT)->advertised;
    assert_int_equal(said->service_count, 4);
    assert_int_equal(said->services->uuid.octet[3], 39);
    assert_int_equal(said->name_count, 3);
    assert_string_equal(string_text(said->names->text), "aT");
    assert_string_equal(string_text(said->names->next->next->text), "aR");
    assert_null(said->names->next->next->next);
    send(GOOD, "00", PUBLIC "0309 6152"); /* known: it comes to the front */
    assert_int_equal(said->name_count, 3);
    assert_string_equal(string_text(said->names->text), "aR");
    assert_string_equal(string_text(said->names->next->text), "aT");
}

static void shortened_names_give_way(void **state)
{
    send(GOOD, "00", PUBLIC "0308 6e6f");
    assert_string_equal(string_text(device(PUBLIC_TEXT)->name), "no");
    send(GOOD, "04", PUBLIC "0709 6e6f726e 0000"); /* filled up with zeroes */
    assert_string_equal(string_text(device(PUBLIC_TEXT)->name), "norn");
    send(GOOD, "00", PUBLIC "0308 6e6f");
    assert_string_equal(string_text(device(PUBLIC_TEXT)->name), "norn");
    assert_int_equal(part(PUBLIC_TEXT)->advertised.name_count, 2);
    send(GOOD, "00", PUBLIC "00");
    assert_string_equal(string_text(device(PUBLIC_TEXT)->name), "norn");
}

static void wrong_checksum_touches_no_record(void **state)
{
    send(BAD, "00", PUBLIC "020106 05096e6f726e");
    send(GOOD, "0e", PUBLIC); /* a type that nobody knows */
    assert_int_equal(bench.store->device_count, 0);
    assert_int_equal(bench.store->packets_error, 1);
    assert_int_equal(bench_phy(&bench, "BTLE")->packets_error, 2);
}

static void data_counts_for_both_ends_of_a_connection(void **state)
{
    send(GOOD, "45", RANDOM PUBLIC "78563412 563412 03 0b00 1800 0000 4800 ffffffff1f a7");
    assert_int_equal(part(RANDOM_TEXT)->connections, 1);
    assert_int_equal(part(PUBLIC_TEXT)->connections, 1);
    bench_send(&bench, LINKTYPE_BLUETOOTH_LE_PHDR,
               "06 cd 00 00 00000000 030d 785634120604 0a0b0c0d 000000");
    bench_send(&bench, LINKTYPE_BLUETOOTH_LE_PHDR, "06 c0 00 00 00000000 830d 785634120d00 000000");
    bench_send(&bench, LINKTYPE_BLUETOOTH_LE_PHDR,
               "06 c0 00 00 00000000 830d 887766550d00 000000"); /* nobody's */
    assert_int_equal(device(RANDOM_TEXT)->packets_data, 1);
    assert_int_equal(device(RANDOM_TEXT)->data_bytes, 4);
    assert_int_equal(device(RANDOM_TEXT)->packets_sent, 2);
    assert_int_equal(device(RANDOM_TEXT)->packets_received, 1);
    assert_int_equal(device(PUBLIC_TEXT)->packets_received, 2);
    assert_int_equal(device(PUBLIC_TEXT)->packets_sent, 1);
    assert_int_equal(device(PUBLIC_TEXT)->signal.last_signal, -64);
    assert_string_equal(string_text(device(PUBLIC_TEXT)->channel), "5");
    assert_int_equal(bench_phy(&bench, "BTLE")->packets_data, 1);
    assert_int_equal(bench.store->device_count, 2);
}

static void random_addresses_can_be_left_out(void **state)
{
    bench.store->limits.ignore_random = true;
    send(GOOD, "42", RANDOM "020106");
    send(GOOD, "00", PUBLIC "020106");
    send(GOOD, "43", RANDOM PUBLIC);
    assert_int_equal(bench.store->device_count, 1);
    assert_int_equal(device(PUBLIC_TEXT)->packets, 2);
    assert_int_equal(bench_phy(&bench, "BTLE")->packets, 3);
    assert_int_equal(bench_phy(&bench, "BTLE")->packets_filtered, 2);
}

static void extended_advertising(void **state)
{
    send(GOOD, "47", "4c 19 " RANDOM " 3412 09 0020");
    assert_string_equal(part(RANDOM_TEXT)->last_pdu, "ADV_EXT_IND");
    bench_send(&bench, LINKTYPE_BLUETOOTH_LE_PHDR,
               "0a cd a6 00 00000000 070c " ADVERTISING "4714 0a 49 " RANDOM
               " 3412 f4 05096e6f726e 020106 000000");
    assert_string_equal(part(RANDOM_TEXT)->last_pdu, "AUX_ADV_IND");
    assert_int_equal(part(RANDOM_TEXT)->advertised.power, -12);
    send(GOOD, "07", "00"); /* who it is stands elsewhere */
    assert_int_equal(bench.store->device_count, 1);
    assert_int_equal(bench_phy(&bench, "BTLE")->packets, 3);
}

static void adapters_tell_of_advertisers(void **state)
{
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI,
               "04 3e 22 02 02 00 01 " RANDOM " 09 020106 05096e6f726e c4 "
               "04 00 " PUBLIC " 00 7f");
    assert_string_equal(string_text(device(RANDOM_TEXT)->name), "norn");
    assert_int_equal(device(RANDOM_TEXT)->signal.last_signal, -60);
    assert_int_equal(part(RANDOM_TEXT)->address, BTLE_ADDRESS_STATIC);
    assert_string_equal(part(PUBLIC_TEXT)->last_pdu, "SCAN_RSP");
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI,
               "04 3e 13 01 00 4000 00 01 " RANDOM " 2700 0000 2a00 00");
    assert_int_equal(part(RANDOM_TEXT)->connections, 1);
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI,
               "04 3e 13 01 3e 4000 00 01 060504030241 2700 0000 2a00 00");   /* it failed */
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI, "01 1120 07 01 060504030241"); /* a wish */
    assert_int_equal(bench.store->device_count, 2);
    assert_int_equal(bench_phy(&bench, "BTLE")->packets, 4);
    assert_int_equal(bench_phy(&bench, "Bluetooth")->packets, 0);
}

static void data_of_reports_in_parts(void **state)
{
    static const char *const parts[] = {"2000", "2000", "0000"};
    static const char *const data[] = {"05096e6f726e", "ffffffffffff", "03096e6fffff"};
    char hex[256];
    for (int i = 0; i < 3; i++) {
        snprintf(hex, sizeof hex,
                 "04 3e 20 0d 01 %s 01 " RANDOM " 01 00 ff 7f c4 0000 00 000000000000 06 %s",
                 parts[i], data[i]);
        bench_send(&bench, LINKTYPE_BLUETOOTH_HCI, hex);
    }
    assert_string_equal(string_text(device(RANDOM_TEXT)->name), "norn");
    assert_int_equal(part(RANDOM_TEXT)->advertised.name_count, 1);
    assert_int_equal(part(RANDOM_TEXT)->goes_on, 0);
}

static void one_address_on_two_phys_is_two_devices(void **state)
{
    send(GOOD, "00", PUBLIC "020106 05096e6f726e");
    bench_send(&bench, LINKTYPE_BLUETOOTH_HCI, "04 03 0b 00 4100 " PUBLIC " 01 00");
    const struct device *other = bench_find(&bench, "Bluetooth", PUBLIC_TEXT);
    assert_non_null(other);
    assert_ptr_not_equal(other, device(PUBLIC_TEXT));
    assert_int_equal(bench.store->device_count, 2);
}

/* Low energy numbers its own channels: its 38 is nobody else's. */
static void channels_of_others_do_not_count_its_devices(void **state)
{
    struct channel_record *named = channel_named(bench.store, "38");
    struct channel_record *frequency = channel_at_frequency(bench.store, 2426000);
    send(GOOD, "00", PUBLIC "020106");
    for (uint32_t slab = 0; channel_count_devices(bench.store, &slab);)
        continue;
    assert_true(frequency->devices.last_value == 1);
    assert_true(named->devices.last_value == 0);
    assert_true(named->packets.last_value == 0);
    assert_int_equal(bench.store->channel_count, 1);
}

static void evicted_devices_give_everything_back(void **state)
{
    char pdu[128];
    bench.store->limits.devices = 3;
    for (int i = 0; i < 2000; i++) {
        bench.seconds++;
        snprintf(pdu, sizeof pdu,
                 "%02x%02x00ed0418 0503 0f180a18 0616 0f18%02x0102 0509%02x6f726e 0724 16"
                 "2f2f6e6f72 020af4",
                 i & 0xff, i >> 8, i & 0xff, 0x41 + i % 20);
        send(GOOD, "00", pdu);
    }
    assert_int_equal(bench.store->device_count, 3);
    assert_true(bench.store->pool.bytes_used < 16384);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(advertiser_with_a_public_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(kinds_of_random_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(requests_make_devices_of_both_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_own_word_on_its_address_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(services_company_and_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_keep_their_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shortened_names_give_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_checksum_touches_no_record, set_up, tear_down),
        cmocka_unit_test_setup_teardown(data_counts_for_both_ends_of_a_connection, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(random_addresses_can_be_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(extended_advertising, set_up, tear_down),
        cmocka_unit_test_setup_teardown(adapters_tell_of_advertisers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(data_of_reports_in_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_address_on_two_phys_is_two_devices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(channels_of_others_do_not_count_its_devices, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(evicted_devices_give_everything_back, set_up, tear_down),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
