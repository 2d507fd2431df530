/* EAPOL by hand-made bytes: the four messages, group handshakes, MIC lengths,
 * PMKID, EAP and Simple Configuration, and frames cut short. Input: hex text;
 * output: struct dot11_eapol. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_eapol.h"
#include "hex_bytes.h"

#define NONCE     "0101010101010101010101010101010101010101010101010101010101010101"
#define ZERO32    "0000000000000000000000000000000000000000000000000000000000000000"
#define ZERO16    "00000000000000000000000000000000"
#define PMKID_KDE "dd14 000fac04 000102030405060708090a0b0c0d0e0f"

static struct dot11_eapol eapol;
static struct bytes kept;

static int parse(const char *first, const char *second, const char *third)
{
    bytes_done(&kept);
    kept = bytes_from(first, second, third);
    return dot11_eapol_parse(kept.data, kept.length, &eapol);
}

/* A key frame of 95 bytes and its data. */
static void parse_key(const char *start, const char *nonce, const char *data)
{
    char rest[512];
    snprintf(rest, sizeof rest, "%s" ZERO32 ZERO16 "%s", nonce, data);
    assert_int_equal(parse(start, rest, NULL), 0);
    assert_true(eapol.has_key);
}

static void test_messages(void **state)
{
    (void)state;
    parse_key("02 03 0075 02 008a 0010 0000000000000001", NONCE, "0016" PMKID_KDE);
    assert_int_equal(eapol.malformed, MALFORMED_NONE);
    assert_int_equal(eapol.key.message, 1);
    assert_int_equal(eapol.key.replay_counter, 1);
    assert_int_equal(eapol.key.mic_length, 16);
    assert_int_equal(eapol.key.data_length, 22);
    assert_non_null(eapol.key.pmkid);
    assert_int_equal(eapol.key.pmkid[15], 0x0f);
    assert_false(eapol.key.nonce_zero);
    parse_key("01 03 0061 02 010a 0000 0000000000000001", NONCE, "0002 3000");
    assert_int_equal(eapol.key.message, 2);
    parse_key("02 03 0061 02 13ca 0010 0000000000000002", NONCE, "0002 0000");
    assert_int_equal(eapol.key.message, 3);
    assert_null(eapol.key.pmkid); /* encrypted: not looked into */
    parse_key("01 03 005f 02 030a 0000 0000000000000002", ZERO32, "0000");
    assert_int_equal(eapol.key.message, 4);
    assert_true(eapol.key.nonce_zero);
    /* secure set early, as when rekeying */
    parse_key("01 03 0061 02 030a 0000 0000000000000001", NONCE, "0002 3000");
    assert_int_equal(eapol.key.message, 2);
    /* WPA's own descriptor, message 4 */
    parse_key("01 03 005f fe 0109 0000 0000000000000002", ZERO32, "0000");
    assert_int_equal(eapol.key.message, 4);
    assert_int_equal(eapol.key.descriptor, DOT11_EAPOL_WPA);
}

static void test_groups_and_requests(void **state)
{
    (void)state;
    parse_key("02 03 0061 02 1382 0010 0000000000000003", NONCE, "0002 0000");
    assert_int_equal(eapol.key.message, 0);
    assert_int_equal(eapol.key.group_message, 1);
    parse_key("02 03 005f 02 0302 0010 0000000000000003", ZERO32, "0000");
    assert_int_equal(eapol.key.group_message, 2);
    parse_key("02 03 005f 02 0d08 0010 0000000000000003", ZERO32, "0000");
    assert_int_equal(eapol.key.message, 0);
    assert_int_equal(eapol.key.group_message, 0);
}

static void test_mic_lengths(void **state)
{
    (void)state;
    char rest[512];
    snprintf(rest, sizeof rest,
             NONCE ZERO32 ZERO16 "0000000000000000"
                                 "0002 3000"); /* 24 */
    assert_int_equal(parse("02 03 0069 02 0108 0000 0000000000000001", rest, NULL), 0);
    assert_int_equal(eapol.key.mic_length, 24);
    assert_int_equal(eapol.key.message, 2);
    snprintf(rest, sizeof rest, NONCE ZERO32 "0003 300100"); /* none: FILS */
    assert_int_equal(parse("02 03 0052 02 1008 0000 0000000000000001", rest, NULL), 0);
    assert_int_equal(eapol.key.mic_length, 0);
    assert_null(eapol.key.mic);
    assert_int_equal(eapol.key.message, 2);
    snprintf(rest, sizeof rest, ZERO32 ZERO32 "0003 300100");
    assert_int_equal(parse("02 03 0052 02 1208 0000 0000000000000001", rest, NULL), 0);
    assert_int_equal(eapol.key.message, 4);
}

static void test_rc4(void **state)
{
    (void)state;
    assert_int_equal(parse("01 03 000b 01 000d 0102030405060708", NULL, NULL), 0);
    assert_true(eapol.has_key);
    assert_int_equal(eapol.key.descriptor, DOT11_EAPOL_RC4);
    assert_true(eapol.key.replay_counter == 0x0102030405060708);
    assert_int_equal(eapol.key.message, 0);
}

static void test_faults(void **state)
{
    (void)state;
    memset(&eapol, 0x5a, sizeof eapol);
    assert_int_equal(parse("02 03 00", NULL, NULL), -EBADMSG);
    assert_int_equal(eapol.version, 0x5a); /* nothing written */
    assert_int_equal(parse("02 03 005f 02 008a 0010", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_EAPOL_SHORT);
    assert_false(eapol.has_key);
    assert_int_equal(parse("02 03 0001 07", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_EAPOL_KEY_TYPE);
    parse_key("02 03 0061 02 008a 0010 0000000000000001", NONCE, "ffff 0000");
    assert_int_equal(eapol.malformed, MALFORMED_EAPOL_KEY_LENGTH);
    assert_int_equal(eapol.key.data_length, 0xffff);
    assert_null(eapol.key.data);
    assert_int_equal(parse("01 01 0000", NULL, NULL), 0); /* start */
    assert_int_equal(eapol.malformed, MALFORMED_NONE);
    assert_false(eapol.has_key || eapol.has_eap);
}

static void test_eap(void **state)
{
    (void)state;
    assert_int_equal(parse("01 00 0009 02 07 0009 01 6a6f6521", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_NONE);
    assert_true(eapol.has_eap && eapol.eap.has_identity);
    assert_int_equal(eapol.eap.identity.length, 4);
    assert_memory_equal(eapol.eap.identity.bytes, "joe!", 4);
    assert_int_equal(eapol.eap.identifier, 7);
    assert_int_equal(parse("01 00 0004 03 07 0004", NULL, NULL), 0);
    assert_int_equal(eapol.eap.code, 3);
    assert_int_equal(eapol.eap.type, 0);
    assert_int_equal(parse("01 00 0004 02 07 0003", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_EAP_LENGTH);
    assert_int_equal(parse("01 00 0005 02 07 00ff 01", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_EAP_LENGTH);
    assert_int_equal(eapol.eap.type, 1);
}

static void test_wsc(void **state)
{
    (void)state;
    /* message M3 */
    assert_int_equal(
        parse("01 00 0018 02 07 0018 fe 00372a 00000001 04 00 104a000110 1022000107", NULL, NULL),
        0);
    assert_int_equal(eapol.malformed, MALFORMED_NONE);
    assert_int_equal(eapol.eap.type, 254);
    assert_int_equal(eapol.eap.wsc_opcode, 4);
    assert_int_equal(eapol.eap.wps.message_type, 7);
    /* a first fragment ends anywhere; another vendor's expanded type */
    assert_int_equal(
        parse("01 00 0014 01 07 0014 fe 00372a 00000001 04 03 0100 1022 0001", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_NONE);
    assert_int_equal(parse("01 00 000e 01 07 000e fe 001122 00000001 04 00", NULL, NULL), 0);
    assert_int_equal(eapol.eap.wsc_opcode, 0);
    assert_int_equal(parse("01 00 0009 01 07 0009 fe 00372a 00", NULL, NULL), 0);
    assert_int_equal(eapol.malformed, MALFORMED_EAP_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),    cmocka_unit_test(test_groups_and_requests),
        cmocka_unit_test(test_mic_lengths), cmocka_unit_test(test_rc4),
        cmocka_unit_test(test_faults),      cmocka_unit_test(test_eap),
        cmocka_unit_test(test_wsc),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    bytes_done(&kept);
    return failed;
}
