/* HCI packets by hand-made bytes: all three transports, each event and command that names a device,
 * sightings one by one, and packets cut short. Core Specification Vol 4, Part E, 7. Input: hex
 * text; output: struct hci_frame and struct hci_sighting. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/btle_frame.h"
#include "dissect/hci_frame.h"
#include "dissect/linktype.h"
#include "hex_bytes.h"

#define PEER      "010000ed0418"
#define PEER_TEXT "18:04:ED:00:00:01"

static struct hci_frame frame;
static struct hci_sighting sighting;
static struct hci_walk walk;
static struct bytes kept;

static int parse_as(uint16_t link_type, const char *text, uint32_t missing)
{
    bytes_done(&kept);
    kept = bytes_of(text);
    walk = (struct hci_walk){0};
    return hci_frame_parse(link_type, kept.data, kept.length, kept.length + missing, &frame);
}

static int parse(const char *text)
{
    return parse_as(LINKTYPE_BLUETOOTH_HCI, text, 0);
}

static void assert_address(struct macaddr mac, const char *expected)
{
    char text[MACADDR_TEXT];
    macaddr_write(mac, text);
    assert_string_equal(text, expected);
}

static void assert_peer(const char *text)
{
    assert_int_equal(parse(text), 0);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
    assert_int_equal(frame.kind, HCI_PEER);
    assert_address(frame.address, PEER_TEXT);
}

static void inquiry_results(void **state)
{
    assert_int_equal(parse("04 02 1d 02 " PEER " 01 00 00 04045a 1234 "
                           "060504030201 01 00 00 0c025a 1234"),
                     0);
    assert_int_equal(frame.kind, HCI_SIGHTINGS);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_address(sighting.mac, PEER_TEXT);
    assert_true(sighting.has_class);
    assert_int_equal(sighting.device_class, 0x5a0404);
    assert_int_equal(sighting.signal, 0);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_address(sighting.mac, "01:02:03:04:05:06");
    assert_false(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(parse("04 22 0f 01 " PEER " 01 00 04045a 1234 c4"), 0);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(sighting.signal, -60);
    assert_int_equal(parse("04 2f 14 01 " PEER " 01 00 04045a 1234 7f 0309 6162 00"), 0);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(sighting.signal, 0); /* 127: it was not measured */
    assert_int_equal(sighting.data_length, 5);
    assert_int_equal(sighting.data[0], 3);
}

static void connections_open_and_close(void **state)
{
    assert_peer("04 03 0b 00 4120 " PEER " 01 00");
    assert_true(frame.opens);
    assert_int_equal(frame.handle, 0x041);
    assert_peer("04 03 0b 04 4120 " PEER " 01 00");
    assert_false(frame.opens);
    assert_int_equal(frame.status, 4);
    assert_peer("04 04 0a " PEER " 04045a 01");
    assert_true(frame.has_class);
    assert_int_equal(frame.device_class, 0x5a0404);
    assert_int_equal(parse("04 05 04 00 4100 13"), 0);
    assert_int_equal(frame.kind, HCI_CLOSED);
    assert_int_equal(frame.handle, 0x041);
    assert_int_equal(parse("04 0b 0b 00 4100 fffe8ffedbff5b87"), 0);
    assert_int_equal(frame.kind, HCI_LINK);
    assert_true(frame.has_features);
    assert_true(frame.features == 0x875bffdbfe8ffeff);
    assert_int_equal(parse("04 23 0d 00 4100 01 02 0700000000000000"), 0);
    assert_false(frame.has_features); /* another page than the first */
}

static void names_end_at_a_zero(void **state)
{
    assert_peer("04 07 0c 00 " PEER " 6e6f726e 00");
    assert_int_equal(frame.name_length, 4);
    assert_memory_equal(frame.name, "norn", 4);
    assert_peer("04 07 0b 00 " PEER " 6e6f726e");
    assert_int_equal(frame.name_length, 4);
    assert_peer("04 07 0c 04 " PEER " 6e6f726e 00"); /* it did not answer */
    assert_null(frame.name);
    assert_peer("04 07 07 00 " PEER);
    assert_null(frame.name);
}

static void peers_of_events_and_commands(void **state)
{
    assert_peer("04 16 06 " PEER);
    assert_int_equal(frame.direction, HCI_FROM_CONTROLLER);
    assert_peer("04 36 07 00 " PEER);
    assert_peer("01 0504 0d " PEER " 18cc 01 00 0000 01");
    assert_int_equal(frame.type, HCI_COMMAND);
    assert_int_equal(frame.direction, HCI_TO_CONTROLLER);
    assert_peer("01 0d20 19 6000 3000 00 01 " PEER " 00 1800 2800 0000 2a00 0000 0000");
    assert_true(frame.is_low_energy && frame.address_is_random);
    assert_peer("01 1120 07 00 " PEER);
    assert_true(frame.is_low_energy && !frame.address_is_random);
    assert_peer("01 4320 09 00 01 03 " PEER);
    assert_true(frame.address_is_random);
    assert_int_equal(parse("01 0110 00"), 0);
    assert_int_equal(frame.kind, HCI_OTHER);
}

static void the_adapter_tells_its_address(void **state)
{
    assert_int_equal(parse("04 0e 0a 01 0910 00 " PEER), 0);
    assert_int_equal(frame.kind, HCI_ADAPTER);
    assert_address(frame.address, PEER_TEXT);
    assert_int_equal(parse("04 0e 0a 01 0910 01 " PEER), 0);
    assert_int_equal(frame.kind, HCI_OTHER);
    assert_int_equal(parse("04 0e 04 01 030c 00"), 0);
    assert_int_equal(frame.kind, HCI_OTHER);
    assert_int_equal(
        parse_as(LINKTYPE_BLUETOOTH_MONITOR, "0000 0000 00 01 " PEER " 6863693000000000", 0), 0);
    assert_int_equal(frame.kind, HCI_ADAPTER);
    assert_address(frame.address, PEER_TEXT);
}

static void advertising_reports(void **state)
{
    assert_int_equal(parse("04 3e 1b 02 02 00 01 " PEER " 03 020106 c4 04 00 060504030201 00 7f"),
                     0);
    assert_int_equal(frame.kind, HCI_SIGHTINGS);
    assert_true(frame.is_low_energy);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_address(sighting.mac, PEER_TEXT);
    assert_true(sighting.is_random);
    assert_int_equal(sighting.pdu, BTLE_ADV_IND);
    assert_int_equal(sighting.signal, -60);
    assert_int_equal(sighting.data_length, 3);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(sighting.pdu, BTLE_SCAN_RSP);
    assert_null(sighting.data);
    assert_int_equal(sighting.signal, 0);
    assert_false(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(parse("04 3e 12 0b 01 01 01 " PEER " 01 060504030201 c4"), 0);
    assert_true(hci_frame_next(&frame, &walk, &sighting));
    assert_int_equal(sighting.pdu, BTLE_ADV_DIRECT_IND);
    assert_int_equal(sighting.signal, -60);
}

static void extended_reports(void **state)
{
    static const struct {
        const char *type;
        enum btle_kind kind;
    } rows[] = {{"1300", BTLE_ADV_IND},      {"1500", BTLE_ADV_DIRECT_IND},
                {"1200", BTLE_ADV_SCAN_IND}, {"1000", BTLE_ADV_NONCONN_IND},
                {"1b00", BTLE_SCAN_RSP},     {"0100", BTLE_ADV_EXT_IND},
                {"2000", BTLE_ADV_EXT_IND}};
    char text[256];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text,
                 "04 3e 1d 0d 01 %s 01 " PEER " 01 00 ff f4 c4 0000 00 000000000000 03 020106",
                 rows[i].type);
        assert_int_equal(parse(text), 0);
        assert_int_equal(frame.malformed, MALFORMED_NONE);
        assert_true(hci_frame_next(&frame, &walk, &sighting));
        assert_int_equal(sighting.pdu, rows[i].kind);
        assert_address(sighting.mac, PEER_TEXT);
        assert_true(sighting.has_power);
        assert_int_equal(sighting.power, -12);
        assert_int_equal(sighting.signal, -60);
        assert_int_equal(sighting.data_length, 3);
        assert_int_equal(sighting.goes_on, rows[i].type[0] == '2');
    }
}

static void low_energy_connections(void **state)
{
    assert_peer("04 3e 13 01 00 4000 00 01 " PEER " 2700 0000 2a00 00");
    assert_true(frame.is_low_energy && frame.address_is_random && frame.opens);
    assert_int_equal(frame.handle, 0x40);
    assert_peer("04 3e 1f 0a 00 4000 00 00 " PEER " 000000000000 000000000000 2700 0000 2a00 00");
    assert_false(frame.address_is_random);
}

static void data_and_its_direction(void **state)
{
    assert_int_equal(parse("02 4120 0400 01020304"), 0);
    assert_int_equal(frame.kind, HCI_DATA);
    assert_int_equal(frame.handle, 0x041);
    assert_int_equal(frame.data_length, 4);
    assert_int_equal(frame.direction, HCI_DIRECTION_UNKNOWN);
    assert_int_equal(parse_as(LINKTYPE_BLUETOOTH_HCI_PHDR, "00000001 03 4100 02 0102", 0), 0);
    assert_int_equal(frame.direction, HCI_FROM_CONTROLLER);
    assert_int_equal(frame.type, HCI_SCO);
    assert_int_equal(parse_as(LINKTYPE_BLUETOOTH_HCI_PHDR, "00000000 05 4100 0240 0102", 0), 0);
    assert_int_equal(frame.direction, HCI_TO_CONTROLLER);
    assert_int_equal(frame.data_length, 2);
    assert_int_equal(parse_as(LINKTYPE_BLUETOOTH_MONITOR, "0000 0005 4120 0400 01020304", 0), 0);
    assert_int_equal(frame.direction, HCI_FROM_CONTROLLER);
    assert_int_equal(frame.type, HCI_ACL);
}

static void packets_that_are_wrong(void **state)
{
    assert_int_equal(parse("09 0102"), -EOPNOTSUPP);
    assert_int_equal(parse_as(LINKTYPE_RADIOTAP, "04 00 00", 0), -EOPNOTSUPP);
    assert_int_equal(parse(""), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_CAPTURE_SHORT);
    assert_int_equal(parse("04 0e"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_SHORT);
    assert_int_equal(parse("04 03 0b 00 4120 0100"), 0);
    assert_int_equal(frame.malformed, MALFORMED_HCI_PARAMETERS);
    assert_int_equal(frame.kind, HCI_OTHER);
    assert_int_equal(parse("04 16 07 " PEER), 0);
    assert_int_equal(frame.malformed, MALFORMED_HCI_LENGTH);
    assert_int_equal(frame.kind, HCI_PEER);
    assert_int_equal(parse_as(LINKTYPE_BLUETOOTH_HCI, "04 16 07 " PEER, 1), 0);
    assert_int_equal(frame.malformed, MALFORMED_NONE); /* the snap length cut it */
    assert_int_equal(parse("01 0504 03 010000"), 0);
    assert_int_equal(frame.malformed, MALFORMED_HCI_PARAMETERS);
    assert_int_equal(parse("04 3e 09 02 ff 00 01 " PEER), 0);
    assert_false(hci_frame_next(&frame, &walk, &sighting));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inquiry_results),
        cmocka_unit_test(connections_open_and_close),
        cmocka_unit_test(names_end_at_a_zero),
        cmocka_unit_test(peers_of_events_and_commands),
        cmocka_unit_test(the_adapter_tells_its_address),
        cmocka_unit_test(advertising_reports),
        cmocka_unit_test(extended_reports),
        cmocka_unit_test(low_energy_connections),
        cmocka_unit_test(data_and_its_direction),
        cmocka_unit_test(packets_that_are_wrong),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    bytes_done(&kept);
    return failed;
}
