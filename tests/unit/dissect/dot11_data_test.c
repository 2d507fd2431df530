/* Bodies of data frames by hand-made bytes: cipher headers, LLC/SNAP, mesh
 * control, A-MSDU, and where EAPOL is found. Input: hex text; output: struct
 * dot11_data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_data.h"
#include "hex_bytes.h"

#define HEADER    "0802 0000 020000000001 020000000002 020000000003 0000"
#define PROTECTED "0842 0000 020000000001 020000000002 020000000003 0000"
#define QOS_AMSDU "8802 0000 020000000001 020000000002 020000000003 0000 8000"

static void parse(const char *header, const char *body, struct dot11_data *data)
{
    static struct bytes kept;
    struct dot11_frame frame;
    bytes_done(&kept);
    kept = bytes_from(header, body, NULL);
    assert_int_equal(dot11_frame_parse(kept.data, kept.length, false, &frame), 0);
    dot11_data_parse(&frame, data);
}

static void test_security(void **state)
{
    (void)state;
    struct dot11_data data;
    parse(PROTECTED, "010203 80 aabbccdd", &data);
    assert_int_equal(data.security, DOT11_SECURITY_WEP);
    assert_int_equal(data.wep_iv, 0x010203);
    assert_int_equal(data.key_id, 2);
    assert_int_equal(data.payload_length, 4);
    parse(PROTECTED, "0102 00 60 03040506 aa", &data);
    assert_int_equal(data.security, DOT11_SECURITY_CCMP);
    assert_int_equal(data.key_id, 1);
    assert_true(data.packet_number == 0x060504030201);
    parse(PROTECTED, "11 31 22 20 03040506", &data);
    assert_int_equal(data.security, DOT11_SECURITY_TKIP);
    assert_true(data.packet_number == 0x060504031122);
    parse(PROTECTED, "11 99 22 20 03040506", &data);
    assert_int_equal(data.security, DOT11_SECURITY_OTHER);
    parse(PROTECTED, "0102 00 20 0304", &data);
    assert_int_equal(data.malformed, MALFORMED_DATA_SHORT);
    parse(PROTECTED, "01", &data);
    assert_int_equal(data.malformed, MALFORMED_DATA_SHORT);
}

static void test_llc(void **state)
{
    (void)state;
    struct dot11_data data;
    parse(HEADER, "aaaa03 000000 0800 4500", &data);
    assert_true(data.has_ethertype);
    assert_int_equal(data.ethertype, 0x0800);
    assert_int_equal(data.payload_length, 2);
    assert_int_equal(data.eapol_count, 0);
    parse(HEADER, "aaaa03 00000c 2000 0102", &data); /* another organisation's */
    assert_false(data.has_ethertype);
    assert_true(data.has_llc);
    assert_int_equal(data.snap_oui, 0x0c);
    assert_int_equal(data.ethertype, 0x2000);
    parse(HEADER, "424203 0000", &data);
    assert_true(data.has_llc);
    assert_int_equal(data.llc_dsap, 0x42);
    parse(HEADER, "aaaa03 0000", &data);
    assert_int_equal(data.malformed, MALFORMED_DATA_SHORT);
    parse(HEADER, "", &data);
    assert_int_equal(data.malformed, MALFORMED_DATA_SHORT);
    parse("0802 0000 020000000001 020000000002 020000000003 0100", "aaaa03 000000 888e 01030000",
          &data); /* second fragment: no LLC there */
    assert_false(data.has_ethertype);
    assert_int_equal(data.eapol_count, 0);
}

static void test_eapol(void **state)
{
    (void)state;
    struct dot11_data data;
    parse(HEADER, "aaaa03 000000 888e 02030000 ff", &data);
    assert_int_equal(data.eapol_count, 1);
    assert_int_equal(data.eapols[0].length, 5);
    assert_int_equal(data.eapols[0].source.octet[5], 3);
    assert_int_equal(data.eapols[0].destination.octet[5], 1);
    parse(HEADER, "aaaa03 000000 88c7 02030000", &data); /* pre-authentication */
    assert_int_equal(data.eapol_count, 1);
}

static void test_amsdu(void **state)
{
    (void)state;
    struct dot11_data data;
    const char *body = "0200000000aa 0200000000bb 0009 aaaa03 000000 0800 45 00"
                       "0200000000cc 0200000000dd 000c aaaa03 000000 888e 01030000";
    parse(QOS_AMSDU, body, &data);
    assert_int_equal(data.malformed, MALFORMED_NONE);
    assert_int_equal(data.subframe_count, 2);
    assert_int_equal(data.ethertype, 0x0800);
    assert_int_equal(data.source.octet[5], 0xbb);
    assert_int_equal(data.destination.octet[5], 0xaa);
    assert_int_equal(data.eapol_count, 1);
    assert_int_equal(data.eapols[0].source.octet[5], 0xdd);
    parse(QOS_AMSDU, "0200000000aa 0200000000bb 0900 aaaa03", &data);
    assert_int_equal(data.malformed, MALFORMED_AMSDU_LENGTH);
}

static void test_mesh(void **state)
{
    (void)state;
    struct dot11_data data;
    static const char header[] = "8803 0000 020000000001 020000000002 020000000003 0000"
                                 "020000000004 0001";
    parse(header, "00 1f 07000000 aaaa03 000000 0806 0001", &data);
    assert_true(data.has_mesh);
    assert_int_equal(data.mesh_ttl, 31);
    assert_int_equal(data.mesh_sequence, 7);
    assert_int_equal(data.ethertype, 0x0806);
    parse(header, "02 1f 07000000 0200000000aa 0200000000bb aaaa03 000000 0806 0001", &data);
    assert_true(data.has_source && data.has_destination);
    assert_int_equal(data.source.octet[5], 0xbb);
    parse(header, "aaaa03 000000 0806 0001", &data); /* the bit meant something else */
    assert_false(data.has_mesh);
    assert_int_equal(data.ethertype, 0x0806);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_security), cmocka_unit_test(test_llc),  cmocka_unit_test(test_eapol),
        cmocka_unit_test(test_amsdu),    cmocka_unit_test(test_mesh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
