/* Link types and the names of malformations: tables sorted, complete, unique.
 * Includes the source for its table. Also walks every name of a malformation,
 * which the API shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/linktype.c"
#include "dissect/malformed.h"

static void test_table_is_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        assert_non_null(linktypes[i].name);
        assert_non_null(linktypes[i].description);
        assert_true(linktypes[i].name[0] != '\0');
        if (i)
            assert_true(linktypes[i].number > linktypes[i - 1].number);
    }
}

static void test_find(void **state)
{
    (void)state;
    static const uint16_t named[] = {1, 195, 215, 230, 255, 258, 283};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        assert_non_null(linktype_find(named[i]));
        assert_false(linktype_supported(named[i]));
    }
    static const uint16_t ours[] = {105, 119, 127, 163, 187, 192, 201, 251, 254, 256, 272};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_true(linktype_supported(ours[i]));
    assert_null(linktype_find(65535));
    assert_null(linktype_find(60));
    assert_false(linktype_supported(65535));
    assert_string_equal(linktype_find(127)->name, "IEEE802_11_RADIOTAP");
}

static void test_malformed_names(void **state)
{
    (void)state;
    for (int i = 0; i < MALFORMED_COUNT; i++) {
        assert_string_not_equal(malformed_name((enum malformed)i), "unknown");
        for (int k = 0; k < i; k++)
            assert_string_not_equal(malformed_name((enum malformed)i),
                                    malformed_name((enum malformed)k));
    }
    assert_string_equal(malformed_name(MALFORMED_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_sorted),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_malformed_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
