/* Advertising data by hand-made bytes: each type of structure, lists in all three sizes, more than
 * there is room for, and what is cut or too short. Core Specification Supplement, Part A. Input:
 * hex text; output: struct btle_ad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/btle_ad.h"
#include "hex_bytes.h"

static struct btle_ad ad;
static struct bytes kept;

static void parse(const char *text)
{
    bytes_done(&kept);
    kept = bytes_of(text);
    btle_ad_parse(kept.data, kept.length, &ad);
}

static void assert_bytes(struct btle_ad_bytes bytes, const char *expected)
{
    assert_int_equal(bytes.length, strlen(expected));
    assert_memory_equal(bytes.bytes, expected, bytes.length);
}

static void assert_uuid(struct uuid uuid, const char *expected)
{
    char text[UUID_TEXT];
    uuid_write(uuid, text);
    assert_string_equal(text, expected);
}

static void flags_names_and_power(void **state)
{
    parse("020106 0509 6e6f726e 0308 6e6f 020af4 0319 c203 021c02 031a a000");
    assert_int_equal(ad.malformed, MALFORMED_NONE);
    assert_true(ad.has_flags && ad.has_power && ad.has_appearance && ad.has_role);
    assert_int_equal(ad.flags, BTLE_AD_GENERAL_DISCOVERABLE | BTLE_AD_NO_BR_EDR);
    assert_bytes(ad.name, "norn");
    assert_bytes(ad.short_name, "no");
    assert_int_equal(ad.power, -12);
    assert_int_equal(ad.appearance, 962);
    assert_int_equal(ad.role, 2);
    assert_int_equal(ad.interval, 160);
}

static void services_in_three_sizes(void **state)
{
    parse("0503 0f18 0a18 0304 7856 0506 01020304 1107 000102030405060708090a0b0c0d0e0f");
    assert_int_equal(ad.uuid_count, 3);
    assert_uuid(ad.uuids[0].uuid, "0000180F-0000-1000-8000-00805F9B34FB");
    assert_true(ad.uuids[0].is_complete && !ad.uuids[0].is_solicited);
    assert_uuid(ad.uuids[1].uuid, "0000180A-0000-1000-8000-00805F9B34FB");
    assert_uuid(ad.uuids[2].uuid, "0F0E0D0C-0B0A-0908-0706-050403020100");
    assert_int_equal(ad.malformed, MALFORMED_AD_CONTENT); /* 2 of 4 octets, 4 of 16 */
    parse("0504 78563412 0302 3412 0514 12180d18 051f 01000000");
    assert_int_equal(ad.malformed, MALFORMED_NONE);
    assert_int_equal(ad.uuid_count, 5);
    assert_uuid(ad.uuids[0].uuid, "12345678-0000-1000-8000-00805F9B34FB");
    assert_false(ad.uuids[1].is_complete);
    assert_true(ad.uuids[2].is_solicited && ad.uuids[3].is_solicited && ad.uuids[4].is_solicited);
}

static void data_of_services_and_makers(void **state)
{
    parse("0616 aafe 100001 05ff 4c00 1005 03ff ffff 0520 78563412");
    assert_int_equal(ad.malformed, MALFORMED_NONE);
    assert_int_equal(ad.service_count, 2);
    assert_uuid(ad.services[0].uuid, "0000FEAA-0000-1000-8000-00805F9B34FB");
    assert_int_equal(ad.services[0].data.length, 3);
    assert_int_equal(ad.services[0].data.bytes[0], 0x10);
    assert_int_equal(ad.services[1].data.length, 0);
    assert_int_equal(ad.maker_count, 2);
    assert_int_equal(ad.makers[0].company, 0x004c);
    assert_int_equal(ad.makers[0].data.length, 2);
    assert_int_equal(ad.makers[1].company, 0xffff);
    assert_int_equal(ad.makers[1].data.length, 0);
}

static void addresses_class_and_uri(void **state)
{
    parse("0d17 060504030201 0c0b0a090807 0718 010000ed0418 081b 010000ed0418 01 040d 04045a "
          "0724 16 2f2f6e6f72");
    assert_int_equal(ad.malformed, MALFORMED_NONE);
    assert_int_equal(ad.target_count, 3);
    assert_int_equal(ad.targets[1].mac.octet[0], 0x07);
    assert_true(!ad.targets[0].is_random && ad.targets[2].is_random);
    assert_true(ad.has_address && ad.address_is_random && ad.has_class);
    assert_int_equal(ad.address.octet[0], 0x18);
    assert_int_equal(ad.device_class, 0x5a0404);
    assert_bytes(ad.uri, "\x16//nor");
}

static void more_than_there_is_room_for(void **state)
{
    char text[1024] = "83 03 ";
    for (int i = 0; i < 65; i++)
        strcat(text, "0f18");
    parse(text);
    assert_int_equal(ad.malformed, MALFORMED_NONE);
    assert_int_equal(ad.uuid_count, BTLE_AD_UUIDS_MAX);
    text[0] = '\0';
    for (int i = 0; i < 20; i++)
        strcat(text, "0316 0f18 03ff 4c00 0717 010203040506");
    parse(text);
    assert_int_equal(ad.service_count, BTLE_AD_SERVICES_MAX);
    assert_int_equal(ad.maker_count, BTLE_AD_MAKERS_MAX);
    assert_int_equal(ad.target_count, BTLE_AD_TARGETS_MAX);
}

static void structures_that_are_wrong(void **state)
{
    parse("020106 0509 6e6f");
    assert_int_equal(ad.malformed, MALFORMED_AD_LENGTH);
    assert_true(ad.has_flags);
    assert_null(ad.name.bytes);
    parse("0119 020106");
    assert_int_equal(ad.malformed, MALFORMED_AD_CONTENT);
    assert_true(ad.has_flags && !ad.has_appearance);
    parse("020106 00 0509");
    assert_int_equal(ad.malformed, MALFORMED_NONE); /* filled up from there on */
    parse("0399 0102 01");
    assert_int_equal(ad.malformed, MALFORMED_AD_LENGTH);
    parse("");
    assert_int_equal(ad.malformed, MALFORMED_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_names_and_power),       cmocka_unit_test(services_in_three_sizes),
        cmocka_unit_test(data_of_services_and_makers), cmocka_unit_test(addresses_class_and_uri),
        cmocka_unit_test(more_than_there_is_room_for), cmocka_unit_test(structures_that_are_wrong),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    bytes_done(&kept);
    return failed;
}
