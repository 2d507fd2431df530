/* MAC headers by hand-made bytes: the roles of addresses by the DS bits, QoS, HT control, A-MSDU,
 * mesh, every control frame, extensions, other protocol versions, and headers cut short. Input:
 * hex text; output: struct dot11_frame. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_frame.h"
#include "hex_bytes.h"

#define A1 "020000000001"
#define A2 "020000000002"
#define A3 "020000000003"
#define A4 "020000000004"

static int parse(const char *text, bool padded, struct dot11_frame *frame)
{
    static struct bytes kept;
    bytes_done(&kept);
    kept = bytes_of(text);
    return dot11_frame_parse(kept.data, kept.length, padded, frame);
}

static unsigned last(struct macaddr mac)
{
    return mac.octet[5];
}

static void test_management(void **state)
{
    (void)state;
    struct dot11_frame frame;
    assert_int_equal(parse("8008 3a01" A1 A2 A3 "5012 aabb", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_BEACON);
    assert_int_equal(frame.type, DOT11_TYPE_MANAGEMENT);
    assert_true(frame.retry);
    assert_false(frame.protected_frame);
    assert_int_equal(frame.duration, 0x013a);
    assert_int_equal(frame.sequence, 0x125);
    assert_int_equal(frame.fragment, 0);
    assert_int_equal(last(frame.receiver), 1);
    assert_int_equal(last(frame.destination), 1);
    assert_int_equal(last(frame.transmitter), 2);
    assert_int_equal(last(frame.source), 2);
    assert_int_equal(last(frame.bssid), 3);
    assert_int_equal(frame.body_length, 2);
    assert_int_equal(frame.header_length, 24);
    assert_int_equal(parse("8080 0000" A1 A2 A3 "0000 11223344 aa", false, &frame), 0);
    assert_int_equal(frame.ht_control, 0x44332211);
    assert_true(frame.present & DOT11_HAS_HT_CONTROL);
    assert_int_equal(frame.body_length, 1);
    assert_int_equal(parse("7000 0000" A1 A2 A3 "0000", false, &frame), 0);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_TYPE);
    assert_string_equal(dot11_frame_kind_name(frame.kind), "reserved");
}

static void test_data_roles(void **state)
{
    (void)state;
    struct dot11_frame frame;
    assert_int_equal(parse("0800 0000" A1 A2 A3 "0000", false, &frame), 0); /* ad hoc */
    assert_int_equal(last(frame.bssid), 3);
    assert_int_equal(last(frame.source), 2);
    assert_int_equal(last(frame.destination), 1);
    assert_int_equal(parse("0801 0000" A1 A2 A3 "0000", false, &frame), 0); /* to the DS */
    assert_int_equal(last(frame.bssid), 1);
    assert_int_equal(last(frame.source), 2);
    assert_int_equal(last(frame.destination), 3);
    assert_int_equal(parse("0802 0000" A1 A2 A3 "0000", false, &frame), 0); /* from the DS */
    assert_int_equal(last(frame.bssid), 2);
    assert_int_equal(last(frame.source), 3);
    assert_int_equal(last(frame.destination), 1);
    assert_int_equal(last(frame.transmitter), 2);
    assert_int_equal(parse("0803 0000" A1 A2 A3 "0000" A4 "99", false, &frame), 0); /* between */
    assert_false(frame.present & DOT11_HAS_BSSID);
    assert_int_equal(last(frame.source), 4);
    assert_int_equal(last(frame.destination), 3);
    assert_int_equal(frame.header_length, 30);
    assert_int_equal(frame.body_length, 1);
    assert_true(dot11_frame_has_payload(&frame));
    assert_int_equal(parse("4801 0000" A1 A2 A3 "0000", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_NULL);
    assert_false(dot11_frame_has_payload(&frame));
}

static void test_qos(void **state)
{
    (void)state;
    struct dot11_frame frame;
    assert_int_equal(parse("8841 0000" A1 A2 A3 "0000 0600 aa", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_QOS_DATA);
    assert_int_equal(frame.tid, 6);
    assert_true(frame.protected_frame);
    assert_false(frame.amsdu);
    assert_int_equal(frame.body_length, 1);
    /* padding to a multiple of four, HT control, A-MSDU */
    assert_int_equal(parse("8882 0000" A1 A2 A3 "0000 8500 01020304 0000 bbcc", true, &frame), 0);
    assert_true(frame.amsdu);
    assert_int_equal(frame.ht_control, 0x04030201);
    assert_int_equal(frame.header_length, 30);
    assert_int_equal(frame.body_length, 2);
    assert_false(frame.present & DOT11_HAS_SOURCE); /* it is in the subframes */
    assert_true(frame.present & DOT11_HAS_DESTINATION);
    /* mesh control only between mesh stations */
    assert_int_equal(parse("8803 0000" A1 A2 A3 "0000" A4 "0001", false, &frame), 0);
    assert_true(frame.mesh_control);
    assert_int_equal(parse("8801 0000" A1 A2 A3 "0000 0001", false, &frame), 0);
    assert_false(frame.mesh_control);
    assert_int_equal(parse("8802 0000 ffffffffffff" A2 A3 "0000 0001", false, &frame), 0);
    assert_true(frame.mesh_control);
}

static void test_control(void **state)
{
    (void)state;
    struct dot11_frame frame;
    static const char *const two[] = {"2400", "3400", "4400", "5400", "8400",
                                      "9400", "a400", "b400", "e400", "f400"};
    char text[64];
    for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
        snprintf(text, sizeof text, "%s 0000 %s %s", two[i], A1, A2);
        assert_int_equal(parse(text, false, &frame), 0);
        assert_int_equal(frame.malformed, MALFORMED_NONE);
        assert_int_equal(last(frame.receiver), 1);
        assert_int_equal(last(frame.transmitter), 2);
        snprintf(text, sizeof text, "%s 0000 %s 0200", two[i], A1);
        assert_int_equal(parse(text, false, &frame), -EBADMSG);
    }
    assert_int_equal(parse("d400 0000" A1, false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_ACK);
    assert_int_equal(frame.present, DOT11_HAS_RECEIVER);
    assert_int_equal(parse("c400 0000" A1, false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_CTS);
    /* a power-save poll names its BSSID; RTS with the bandwidth bit in the transmitter */
    assert_int_equal(parse("a400 01c0" A1 A2, false, &frame), 0);
    assert_int_equal(last(frame.bssid), 1);
    assert_int_equal(parse("b400 0000" A1 "030000000002", false, &frame), 0);
    assert_int_equal(frame.transmitter.octet[0], 2);
    assert_int_equal(parse("1400 0000", false, &frame), 0);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_TYPE);
}

static void test_wrapper_and_extension(void **state)
{
    (void)state;
    struct dot11_frame frame;
    /* a wrapped block acknowledgement: its control, HT control, address 2 */
    assert_int_equal(parse("7400 0000" A1 "9400 11223344" A2 "aabb", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_CONTROL_WRAPPER);
    assert_int_equal(last(frame.transmitter), 2);
    assert_int_equal(frame.ht_control, 0x44332211);
    assert_int_equal(frame.body_length, 2);
    assert_int_equal(parse("7400 0000" A1 "d400 11223344", false, &frame), 0); /* ACK */
    assert_false(frame.present & DOT11_HAS_TRANSMITTER);
    /* control frame extension: the low flag bits are subtype */
    assert_int_equal(parse("6408 0000" A1 A2 "000000", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_SSW);
    assert_string_equal(dot11_frame_kind_name(frame.kind), "dmg-ssw");
    assert_false(frame.to_ds || frame.from_ds || frame.retry);
    assert_int_equal(parse("0c40 0000" A1 "00", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_DMG_BEACON);
    assert_int_equal(last(frame.bssid), 1);
    assert_int_equal(parse("1c00 0000" A1 "00", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_S1G_BEACON);
    assert_int_equal(parse("fc00 0000" A1 "00", false, &frame), 0);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_TYPE);
}

static void test_versions(void **state)
{
    (void)state;
    struct dot11_frame frame;
    assert_int_equal(parse("0500 0000", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_PV1 | 1);
    assert_string_equal(dot11_frame_kind_name(frame.kind), "pv1-management");
    assert_int_equal(frame.present, 0);
    assert_int_equal(parse("0200 0000", false, &frame), 0);
    assert_int_equal(frame.kind, DOT11_KIND_UNKNOWN);
    assert_int_equal(frame.malformed, MALFORMED_FRAME_TYPE);
}

static void test_cut(void **state)
{
    (void)state;
    struct dot11_frame frame = {.kind = 0x77};
    static const char whole[] = "8882 0000" A1 A2 A3 "0000 8500 01020304";
    struct bytes bytes = bytes_of(whole);
    for (uint32_t length = 0; length < bytes.length; length++) {
        struct bytes cut = {malloc(length ? length : 1), length};
        memcpy(cut.data, bytes.data, length);
        assert_int_equal(dot11_frame_parse(cut.data, length, false, &frame), -EBADMSG);
        assert_int_equal(frame.kind, 0x77); /* nothing written */
        bytes_done(&cut);
    }
    assert_int_equal(dot11_frame_parse(bytes.data, bytes.length, true, &frame), 0);
    assert_int_equal(frame.body_length, 0);
    bytes_done(&bytes);
}

static void test_names(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 0x500; kind++)
        assert_non_null(dot11_frame_kind_name((uint16_t)kind));
    assert_string_equal(dot11_frame_kind_name(DOT11_QOS_DATA), "qos-data");
    assert_string_equal(dot11_frame_kind_name(DOT11_BLOCKACK), "blockack");
    assert_string_equal(dot11_frame_kind_name(0xffff), "reserved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_management),
        cmocka_unit_test(test_data_roles),
        cmocka_unit_test(test_qos),
        cmocka_unit_test(test_control),
        cmocka_unit_test(test_wrapper_and_extension),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
