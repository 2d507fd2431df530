/* Low energy packets by hand-made bytes: every link header, every PDU, the extended header, CRC-24,
 * and packets cut short. The packet with a known CRC is an advertisement in the form of Vol 6,
 * Part B, 2.3.1. Input: hex text; output: struct btle_radio and struct btle_frame. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/btle_frame.h"
#include "dissect/linktype.h"
#include "hex_bytes.h"

/* An advertisement of 18:04:ed:00:00:01 with flags and a name, and its CRC. */
#define ADDRESS "d6be898e"
#define PDU     "000f 010000ed0418 020106 0509 6e6f726e"
#define CRC     "4de93e"

static struct btle_radio radio;
static struct btle_frame frame;
static struct bytes kept;

static int parse_cut(uint16_t link_type, const char *header, const char *packet, uint32_t missing)
{
    bytes_done(&kept);
    kept = bytes_from(header, packet, NULL);
    int result = btle_radio_parse(link_type, kept.data, kept.length, kept.length + missing, &radio);
    return result ? result : btle_frame_parse(&radio, &frame);
}

static int parse(uint16_t link_type, const char *header, const char *packet)
{
    return parse_cut(link_type, header, packet, 0);
}

static int parse_bare(const char *packet)
{
    return parse(LINKTYPE_BLUETOOTH_LE, "", packet);
}

static void assert_address(struct macaddr mac, const char *expected)
{
    char text[MACADDR_TEXT];
    macaddr_write(mac, text);
    assert_string_equal(text, expected);
}

static void advertisement_with_its_crc(void **state)
{
    assert_int_equal(parse_bare(ADDRESS PDU CRC), 0);
    assert_int_equal(frame.kind, BTLE_ADV_IND);
    assert_int_equal(frame.crc, FCS_RIGHT);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
    assert_true(frame.has_sender && !frame.sender_is_random && !frame.has_receiver);
    assert_address(frame.sender, "18:04:ED:00:00:01");
    assert_int_equal(frame.data_length, 9);
    assert_int_equal(frame.data[0], 2);
    assert_int_equal(frame.pdu_length, 17);
    assert_int_equal(radio.channel, BTLE_RADIO_CHANNEL_UNKNOWN);
    assert_true(btle_frame_advertises(&frame));
}

static void wrong_and_missing_crc(void **state)
{
    assert_int_equal(parse_bare(ADDRESS PDU "4de930"), 0);
    assert_int_equal(frame.crc, FCS_WRONG);
    assert_int_equal(parse_bare(ADDRESS PDU), 0);
    assert_int_equal(frame.crc, FCS_ABSENT);
    assert_int_equal(parse_cut(LINKTYPE_BLUETOOTH_LE, "", ADDRESS PDU "4d", 2), 0);
    assert_int_equal(frame.crc, FCS_UNCHECKED);
}

static void cut_by_a_snap_length(void **state)
{
    assert_int_equal(parse_cut(LINKTYPE_BLUETOOTH_LE, "", ADDRESS "000f 010000ed0418 0201", 10), 0);
    assert_address(frame.sender, "18:04:ED:00:00:01");
    assert_int_equal(frame.data_length, 2);
    assert_int_equal(parse_bare(ADDRESS "000f 010000ed0418 0201"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_LENGTH);
    assert_int_equal(parse_cut(LINKTYPE_BLUETOOTH_LE, "", ADDRESS "000f 0100", 10), -EBADMSG);
    assert_int_equal(parse_bare(ADDRESS "00"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_SHORT);
    assert_int_equal(parse_bare(""), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_FRAME_EMPTY);
}

static void header_of_the_radio(void **state)
{
    /* RF channel 12, -51 dBm, -90 dBm, dewhitened, signal, noise, checked and valid */
    const char *header = "0c cd a6 00 d6be898e 070c";
    assert_int_equal(parse(LINKTYPE_BLUETOOTH_LE_PHDR, header, ADDRESS PDU "000000"), 0);
    assert_int_equal(frame.crc, FCS_RIGHT); /* the radio's word */
    assert_int_equal(radio.channel, 38);
    assert_int_equal(radio.frequency_khz, 2426000);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_DBM);
    assert_int_equal(radio.signal, -51);
    assert_true(radio.has_noise);
    assert_int_equal(radio.noise, -90);
    assert_int_equal(
        parse(LINKTYPE_BLUETOOTH_LE_PHDR, "0c cd a6 00 d6be898e 0304", ADDRESS PDU CRC), 0);
    assert_int_equal(frame.crc, FCS_WRONG);
    assert_false(radio.has_noise);
    assert_int_equal(
        parse(LINKTYPE_BLUETOOTH_LE_PHDR, "28 00 00 00 00000000 0300", ADDRESS PDU CRC), 0);
    assert_int_equal(radio.malformed, MALFORMED_BTLE_CHANNEL);
    assert_int_equal(frame.crc, FCS_RIGHT); /* found here */
    assert_int_equal(parse(LINKTYPE_BLUETOOTH_LE_PHDR, "00 00 00 00 00000000 0200", ADDRESS PDU),
                     -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_BTLE_WHITENED);
    assert_int_equal(parse(LINKTYPE_BLUETOOTH_LE_PHDR, "00 00 00", ""), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_CAPTURE_SHORT);
}

static void coded_packets_have_an_octet_more(void **state)
{
    assert_int_equal(
        parse(LINKTYPE_BLUETOOTH_LE_PHDR, "00 00 00 00 00000000 0180", ADDRESS "01" PDU CRC), 0);
    assert_true(radio.is_coded);
    assert_address(frame.sender, "18:04:ED:00:00:01");
    assert_int_equal(frame.crc, FCS_RIGHT);
}

static void header_of_nordic(void **state)
{
    const char *header = "33 2400 02 1cda 06 0a 03 26 2c 0000 4c820000";
    assert_int_equal(parse(LINKTYPE_NORDIC_BLE, header, ADDRESS PDU "000000"), 0);
    assert_int_equal(frame.crc, FCS_RIGHT);
    assert_int_equal(radio.channel, 38);
    assert_int_equal(radio.frequency_khz, 2426000);
    assert_int_equal(radio.signal, -44);
    assert_int_equal(radio.direction, BTLE_FROM_CENTRAL);
    assert_int_equal(
        parse(LINKTYPE_NORDIC_BLE, "33 0624 01 1cda 06 0a 00 26 00 0000 4c820000", ADDRESS PDU CRC),
        0);
    assert_int_equal(frame.crc, FCS_WRONG);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_NONE);
    assert_int_equal(
        parse(LINKTYPE_NORDIC_BLE, "33 2400 09 1cda 06 0a 03 26 2c 0000 4c820000", ADDRESS PDU CRC),
        -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_NORDIC_VERSION);
    assert_int_equal(
        parse(LINKTYPE_NORDIC_BLE, "33 2400 02 1cda 06 04 03 26 2c 0000 4c820000", ADDRESS PDU CRC),
        -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_CAPTURE_SHORT);
}

static void ppi_of_ubertooth(void **state)
{
    const char *header = "00 00 1800 93000000 3675 0c00 00 6209 00 6b36e300 e8 dc ee 3c";
    assert_int_equal(parse(LINKTYPE_PPI, header, ADDRESS PDU CRC), 0);
    assert_int_equal(frame.crc, FCS_RIGHT);
    assert_int_equal(radio.channel, 37);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_RSSI);
    assert_int_equal(radio.signal, -24);
    /* the same link type without that field may be anything */
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0800 93000000", ADDRESS PDU CRC), -EOPNOTSUPP);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0700 93000000", ""), -EOPNOTSUPP);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "", ADDRESS PDU CRC), -EOPNOTSUPP);
}

static void channels_have_their_frequencies(void **state)
{
    static const struct {
        uint8_t channel;
        uint32_t mhz;
    } rows[] = {{37, 2402}, {0, 2404}, {10, 2424}, {38, 2426}, {11, 2428}, {36, 2478}, {39, 2480}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(btle_radio_frequency(rows[i].channel), rows[i].mhz * 1000);
    assert_int_equal(btle_radio_frequency(40), 0);
    assert_int_equal(btle_radio_frequency(BTLE_RADIO_CHANNEL_UNKNOWN), 0);
}

static void requests_name_both_ends(void **state)
{
    assert_int_equal(parse_bare(ADDRESS "430c 060504030201 010000ed0418"), 0);
    assert_int_equal(frame.kind, BTLE_SCAN_REQ);
    assert_address(frame.sender, "01:02:03:04:05:06");
    assert_true(frame.sender_is_random && !frame.receiver_is_random);
    assert_address(frame.receiver, "18:04:ED:00:00:01");
    assert_false(btle_frame_advertises(&frame));
    assert_int_equal(parse_bare(ADDRESS "810c 060504030201 010000ed0418"), 0);
    assert_int_equal(frame.kind, BTLE_ADV_DIRECT_IND);
    assert_true(!frame.sender_is_random && frame.receiver_is_random);
    assert_int_equal(parse_bare(ADDRESS "0522 060504030201 010000ed0418 785634 12 563412 03 0b00 "
                                        "1800 0000 4800 ffffffff1f a7"),
                     0);
    assert_int_equal(frame.kind, BTLE_CONNECT_IND);
    assert_true(frame.has_connection);
    assert_int_equal(frame.connection.access_address, 0x12345678);
    assert_int_equal(frame.connection.crc_start, 0x123456);
    assert_int_equal(frame.connection.interval, 24);
    assert_int_equal(frame.connection.timeout, 72);
    assert_int_equal(frame.connection.hop, 7);
}

static void lengths_that_their_type_does_not_have(void **state)
{
    assert_int_equal(parse_bare(ADDRESS "0514 060504030201 010000ed0418 78563412 56341203"), 0);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_LENGTH);
    assert_true(frame.has_sender && frame.has_receiver && !frame.has_connection);
    assert_int_equal(parse_bare(ADDRESS "0005 0100 00ed04"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_LENGTH);
    assert_int_equal(parse_bare(ADDRESS "0e06 010000ed0418"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_TYPE);
}

static void extended_header(void **state)
{
    /* ADV_EXT_IND: AdvA, ADI and a pointer to channel 9 on LE 2M; connectable */
    assert_int_equal(parse_bare(ADDRESS "470d 4c 19 060504030201 3412 09 0020"), 0);
    assert_int_equal(frame.kind, BTLE_ADV_EXT_IND);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
    assert_true(frame.has_extended && frame.has_sender && frame.sender_is_random);
    assert_address(frame.sender, "01:02:03:04:05:06");
    assert_int_equal(frame.extended.mode, 1);
    assert_true(frame.extended.has_set);
    assert_int_equal(frame.extended.data_id, 0x234);
    assert_int_equal(frame.extended.set_id, 1);
    assert_true(frame.extended.has_pointer);
    assert_int_equal(frame.extended.pointer, 9);
    assert_int_equal(frame.extended.pointer_phy, 1);
    assert_int_equal(frame.data_length, 0);
    assert_true(btle_frame_advertises(&frame));
}

static void auxiliary_advertisement(void **state)
{
    /* every field, two octets of ACAD, then data; heard on channel 9 */
    const char *packet = ADDRESS "072c 28 7f 060504030201 010000ed0418 05 3412 09 0020 0000 5000 "
                                 "0000000000000000000000000000 f4 01ff 020106";
    assert_int_equal(parse(LINKTYPE_BLUETOOTH_LE_PHDR, "0a 00 00 00 00000000 0100", packet), 0);
    assert_int_equal(radio.channel, 9);
    assert_int_equal(frame.kind, BTLE_AUX_ADV_IND);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
    assert_true(frame.has_sender && frame.has_receiver);
    assert_true(frame.extended.has_cte && frame.extended.has_sync && frame.extended.has_power);
    assert_int_equal(frame.extended.cte, 5);
    assert_int_equal(frame.extended.interval, 0x50);
    assert_int_equal(frame.extended.power, -12);
    assert_int_equal(frame.extended.acad_length, 2);
    assert_int_equal(frame.extended.acad[1], 0xff);
    assert_int_equal(frame.data_length, 3);
}

static void extended_header_that_ends_too_soon(void **state)
{
    assert_int_equal(parse_bare(ADDRESS "0705 04 09 010203"), 0);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_EXTENDED);
    assert_false(frame.has_sender);
    assert_int_equal(parse_bare(ADDRESS "0703 3f 01 02"), 0);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_EXTENDED);
    assert_int_equal(parse_bare(ADDRESS "0701 00"), 0);
    assert_int_equal(frame.malformed, MALFORMED_NONE);
}

static void data_of_a_connection(void **state)
{
    assert_int_equal(parse(LINKTYPE_BLUETOOTH_LE_PHDR, "06 00 00 00 00000000 030d",
                           "785634 12 0604 0a0b0c0d 112233"),
                     0);
    assert_int_equal(frame.kind, BTLE_DATA);
    assert_int_equal(frame.access_address, 0x12345678);
    assert_int_equal(frame.data_length, 4);
    assert_int_equal(frame.crc, FCS_RIGHT);
    assert_int_equal(radio.direction, BTLE_FROM_CENTRAL);
    assert_int_equal(parse_bare("78563412 0302 0c09 112233"), 0);
    assert_int_equal(frame.kind, BTLE_CONTROL);
    assert_int_equal(frame.crc, FCS_UNCHECKED);                      /* its start is not known */
    assert_int_equal(parse_bare("78563412 2202 ff 0c09 112233"), 0); /* with a tone extension */
    assert_int_equal(frame.data_length, 2);
    assert_int_equal(frame.data[0], 0x0c);
    assert_int_equal(parse_bare("78563412 0000"), -EBADMSG);
    assert_int_equal(frame.malformed, MALFORMED_BTLE_TYPE);
}

static void kinds_have_names(void **state)
{
    for (int kind = 0; kind < BTLE_KINDS; kind++)
        assert_non_null(btle_frame_kind_name((enum btle_kind)kind));
    assert_string_equal(btle_frame_kind_name(BTLE_SCAN_RSP), "SCAN_RSP");
    assert_string_equal(btle_frame_kind_name(BTLE_KINDS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advertisement_with_its_crc),
        cmocka_unit_test(wrong_and_missing_crc),
        cmocka_unit_test(cut_by_a_snap_length),
        cmocka_unit_test(header_of_the_radio),
        cmocka_unit_test(coded_packets_have_an_octet_more),
        cmocka_unit_test(header_of_nordic),
        cmocka_unit_test(ppi_of_ubertooth),
        cmocka_unit_test(channels_have_their_frequencies),
        cmocka_unit_test(requests_name_both_ends),
        cmocka_unit_test(lengths_that_their_type_does_not_have),
        cmocka_unit_test(extended_header),
        cmocka_unit_test(auxiliary_advertisement),
        cmocka_unit_test(extended_header_that_ends_too_soon),
        cmocka_unit_test(data_of_a_connection),
        cmocka_unit_test(kinds_have_names),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    bytes_done(&kept);
    return failed;
}
