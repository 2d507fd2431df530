/* Fixed fields of management frames by hand-made bytes, and where their elements start. Input: hex
 * text; output: struct dot11_management. Encrypted, cut and fragmented ones give nothing away that
 * they do not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_management.h"
#include "hex_bytes.h"

#define ADDRESSES "0000 020000000001 020000000002 020000000003 0000"

static void parse(const char *control, const char *body, struct dot11_management *management)
{
    static struct bytes kept;
    struct dot11_frame frame;
    bytes_done(&kept);
    kept = bytes_from(control, ADDRESSES, body);
    assert_int_equal(dot11_frame_parse(kept.data, kept.length, false, &frame), 0);
    dot11_management_parse(&frame, management);
}

static void test_beacon(void **state)
{
    (void)state;
    struct dot11_management management;
    parse("8000", "0807060504030201 6400 1104 0000", &management);
    assert_true(management.timestamp == 0x0102030405060708);
    assert_int_equal(management.interval, 100);
    assert_int_equal(management.capability,
                     DOT11_CAPABILITY_ESS | DOT11_CAPABILITY_PRIVACY | DOT11_CAPABILITY_SHORT_SLOT);
    assert_int_equal(management.elements_length, 2);
    assert_int_equal(management.malformed, MALFORMED_NONE);
    parse("8000", "0807060504030201 6400", &management);
    assert_int_equal(management.malformed, MALFORMED_MANAGEMENT_SHORT);
    assert_null(management.elements);
}

static void test_association(void **state)
{
    (void)state;
    struct dot11_management management;
    parse("0000", "0104 0a00 00", &management);
    assert_int_equal(management.listen_interval, 10);
    assert_int_equal(management.elements_length, 1);
    parse("2000", "0104 0a00 020000000009 0000", &management);
    assert_int_equal(management.current_ap.octet[5], 9);
    assert_int_equal(management.elements_length, 2);
    parse("1000", "0104 1100 01c0 000000", &management);
    assert_int_equal(management.status, 17);
    assert_int_equal(management.aid, 1);
    assert_int_equal(management.elements_length, 3);
    parse("c000", "0700", &management);
    assert_int_equal(management.reason, 7);
    assert_true(management.present & DOT11_FIXED_REASON);
    parse("c040", "0700", &management);
    assert_true(management.encrypted);
    assert_int_equal(management.present, 0);
}

static void test_authentication(void **state)
{
    (void)state;
    struct dot11_management management;
    char commit[400] = "0300 0100 7e00 1300";
    parse("b000", "0000 0100 0000 dd00", &management);
    assert_int_equal(management.auth_algorithm, DOT11_AUTH_OPEN);
    assert_int_equal(management.elements_length, 2);
    for (int i = 0; i < 96; i++)
        strcat(commit, "5a");
    strcat(commit, "ff03 5c1400");
    parse("b000", commit, &management); /* hashed to the curve: elements after the commit */
    assert_int_equal(management.auth_algorithm, DOT11_AUTH_SAE);
    assert_int_equal(management.status, 126);
    assert_int_equal(management.elements_length, 5);
    memcpy(commit + 10, "0000", 4); /* hunting and pecking: anything may be a token */
    parse("b000", commit, &management);
    assert_null(management.elements);
    assert_int_equal(management.malformed, MALFORMED_NONE);
    parse("b000", "0300 0200 0000 0000", &management);
    assert_null(management.elements);
    parse("b000", "0400 0100 0000 3000", &management); /* FILS shared key */
    assert_int_equal(management.elements_length, 2);
    parse("b040", "0102 0300", &management); /* the third frame of shared key */
    assert_true(management.encrypted);
    parse("b000", "0000 01", &management);
    assert_int_equal(management.malformed, MALFORMED_MANAGEMENT_SHORT);
}

static void test_action(void **state)
{
    (void)state;
    struct dot11_management management;
    parse("d000", "05 05 07 3400", &management); /* neighbour report response */
    assert_int_equal(management.category, DOT11_ACTION_RADIO_MEASUREMENT);
    assert_int_equal(management.action, 5);
    assert_int_equal(management.dialog_token, 7);
    assert_int_equal(management.elements_length, 2);
    parse("d000", "04 09 506f9a 13 00", &management); /* public, vendor */
    assert_int_equal(management.vendor_oui, 0x506f9a);
    assert_int_equal(management.vendor_type, 0x13);
    parse("d000", "7f 0017f2 08", &management);
    assert_int_equal(management.vendor_oui, 0x0017f2);
    parse("d000", "88 01 0102", &management);
    assert_true(management.category_error);
    assert_int_equal(management.category, DOT11_ACTION_SA_QUERY);
    assert_int_equal(management.elements_length, 0);
    parse("d000", "55 01", &management); /* unknown: no guess */
    assert_null(management.elements);
    parse("d000", "", &management);
    assert_int_equal(management.malformed, MALFORMED_MANAGEMENT_SHORT);
}

static void test_fragment(void **state)
{
    (void)state;
    static struct bytes kept;
    struct dot11_frame frame;
    struct dot11_management management;
    kept = bytes_of(
        "8000 0000 020000000001 020000000002 020000000003 0100 0807060504030201 6400 1104");
    assert_int_equal(dot11_frame_parse(kept.data, kept.length, false, &frame), 0);
    dot11_management_parse(&frame, &management);
    assert_int_equal(management.present, 0);
    bytes_done(&kept);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(dot11_management_auth_name(DOT11_AUTH_SAE), "sae");
    assert_null(dot11_management_auth_name(99));
    assert_string_equal(dot11_management_category_name(DOT11_ACTION_VENDOR), "vendor");
    assert_null(dot11_management_category_name(2));
    assert_non_null(dot11_management_reason_name(7));
    assert_null(dot11_management_reason_name(0));
    assert_null(dot11_management_reason_name(65535));
    assert_non_null(dot11_management_status_name(0));
    assert_null(dot11_management_status_name(65535));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beacon),         cmocka_unit_test(test_association),
        cmocka_unit_test(test_authentication), cmocka_unit_test(test_action),
        cmocka_unit_test(test_fragment),       cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
