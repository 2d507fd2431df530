/* UUIDs: text both ways, the made-up form, random ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "util/uuid.h"

static void test_text(void **state)
{
    struct uuid uuid;
    char text[UUID_TEXT];
    const char *written = "12345678-9ABC-DEF0-1234-56789ABCDEF0";
    assert_int_equal(uuid_parse("12345678-9abc-def0-1234-56789abcdef0", 36, &uuid), 0);
    uuid_write(uuid, text);
    assert_string_equal(text, written);
    assert_int_equal(uuid.octet[0], 0x12);
    assert_int_equal(uuid.octet[15], 0xf0);
}

static void test_wrong(void **state)
{
    static const char *const wrong[] = {"",
                                        "aaa:bbb:ccc",
                                        "12345678-9abc-def0-1234-56789abcdef",
                                        "12345678-9abc-def0-1234-56789abcdef00",
                                        "123456789-abc-def0-1234-56789abcdef0",
                                        "12345678-9abc-def0-1234-56789abcdeg0",
                                        "12345678 9abc def0 1234 56789abcdef0"};
    struct uuid uuid = {{7}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(uuid_parse(wrong[i], strlen(wrong[i]), &uuid), -EINVAL);
    assert_int_equal(uuid.octet[0], 7);
}

static void test_made(void **state)
{
    char text[UUID_TEXT];
    uuid_write(uuid_made(0x5fe308bd, 0x0000aabbccddeeffull), text);
    assert_string_equal(text, "5FE308BD-0000-0000-0000-AABBCCDDEEFF");
    struct uuid a = uuid_random(), b = uuid_random();
    assert_false(uuid_equal(a, b));
    assert_true(uuid_equal(a, a));
    assert_int_equal(a.octet[6] >> 4, 4);
    assert_int_equal(a.octet[8] >> 6, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
