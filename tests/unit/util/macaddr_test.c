/* MAC addresses: text both ways, masks, the kinds of address, the 64-bit form. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "util/macaddr.h"

static struct macaddr parsed(const char *text)
{
    struct macaddr mac;
    assert_int_equal(macaddr_parse(text, strlen(text), &mac, NULL), 0);
    return mac;
}

static void test_text(void **state)
{
    char text[MACADDR_TEXT];
    static const char *const forms[] = {"00:1a:2B:3c:4D:fE", "00-1A-2B-3C-4D-FE", "001a2b3c4dfe"};
    for (int i = 0; i < 3; i++) {
        macaddr_write(parsed(forms[i]), text);
        assert_string_equal(text, "00:1A:2B:3C:4D:FE");
    }
    assert_true(macaddr_u64(parsed("00:1A:2B:3C:4D:FE")) == 0x001a2b3c4dfe0000ull);
    assert_true(macaddr_equal(macaddr_from_u64(0x001a2b3c4dfe0000ull), parsed("001A2B3C4DFE")));
}

static void test_wrong(void **state)
{
    static const char *const wrong[] = {"",
                                        "00",
                                        "00:11:22:33:44",
                                        "00:11:22:33:44:5",
                                        "00:11:22:33:44:5g",
                                        "00:11:22:33:44:55:",
                                        "00:11:22:33:44:55:66",
                                        "00::11:22:33:44:55",
                                        ":00:11:22:33:44:55",
                                        "00:11:22:33:44:55 ",
                                        "00:11:22:33:44:55/ff:ff:ff:00:00:00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct macaddr mac = {{9}};
        assert_int_equal(macaddr_parse(wrong[i], strlen(wrong[i]), &mac, NULL), -EINVAL);
        assert_int_equal(mac.octet[0], 9);
    }
}

static void test_masks(void **state)
{
    struct macaddr mac;
    uint64_t mask;
    const char *text = "AA:BB:CC:00:00:00/FF:FF:FF:00:00:00";
    assert_int_equal(macaddr_parse(text, strlen(text), &mac, &mask), 0);
    assert_true(mask == 0xffffff0000000000ull);
    assert_int_equal(macaddr_parse("AABBCC000000*FFFFFF000000", 25, &mac, &mask), 0);
    assert_true(mask == 0xffffff0000000000ull);
    assert_int_equal(macaddr_parse("AABBCC000000", 12, &mac, &mask), 0);
    assert_true(mask == 0xffffffffffff0000ull);
    mask = 5;
    assert_int_equal(macaddr_parse("AABBCC000000/", 13, &mac, &mask), -EINVAL);
    assert_int_equal(macaddr_parse("AABBCC000000/FF", 15, &mac, &mask), -EINVAL);
    assert_int_equal(macaddr_parse("AABBCC000000/FFFFFF0000000", 26, &mac, &mask), -EINVAL);
    assert_true(mask == 5);
}

static void test_kinds(void **state)
{
    assert_true(macaddr_is_group(parsed("FF:FF:FF:FF:FF:FF")));
    assert_true(macaddr_is_group(parsed("01:00:5E:00:00:01")));
    assert_false(macaddr_is_group(parsed("00:00:5E:00:00:01")));
    assert_true(macaddr_is_local(parsed("DA:A1:19:00:00:01")));
    assert_false(macaddr_is_local(parsed("00:A1:19:00:00:01")));
    assert_true(macaddr_is_zero(parsed("00:00:00:00:00:00")));
    assert_false(macaddr_is_zero(parsed("00:00:00:00:00:01")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
