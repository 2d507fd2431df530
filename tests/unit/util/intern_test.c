/* Interned strings: one copy each, counted, gone with the last reference; many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "util/intern.h"

static void test_references(void **state)
{
    struct pool pool = {0};
    struct intern intern;
    intern_init(&intern, &pool);
    const struct string *a = intern_ref(&intern, "linksys", 7);
    const struct string *b = intern_ref(&intern, "linksys and more", 7);
    assert_ptr_equal(a, b);
    assert_string_equal(a->text, "linksys");
    assert_int_equal(a->references, 2);
    assert_null(intern_ref(&intern, "", 0));
    assert_ptr_equal(intern_again(a), a);
    assert_null(intern_again(NULL));
    intern_unref(&intern, NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(intern.count, 1);
        intern_unref(&intern, a);
    }
    assert_int_equal(intern.count, 0);
    assert_int_equal(pool.bytes_used, 0);
    assert_string_equal(string_text(NULL), "");
    assert_int_equal(string_length(NULL), 0);
    intern_done(&intern);
    pool_done(&pool);
}

static void test_set(void **state)
{
    struct pool pool = {0};
    struct intern intern;
    const struct string *slot = NULL;
    intern_init(&intern, &pool);
    intern_set(&intern, &slot, "one", 3);
    intern_set(&intern, &slot, "one", 3);
    assert_int_equal(slot->references, 1);
    intern_set(&intern, &slot, "two", 3);
    assert_string_equal(slot->text, "two");
    assert_int_equal(intern.count, 1);
    intern_set(&intern, &slot, "", 0);
    assert_null(slot);
    assert_int_equal(intern.count, 0);
    intern_done(&intern);
    pool_done(&pool);
}

static void test_many(void **state)
{
    enum { COUNT = 20000 };
    static const struct string *held[COUNT];
    struct pool pool = {0};
    struct intern intern;
    char text[32];
    intern_init(&intern, &pool);
    srand(2);
    for (int round = 0; round < 10 * COUNT; round++) {
        int i = rand() % COUNT;
        int length = snprintf(text, sizeof text, "ssid-%d", i);
        if (held[i]) {
            assert_ptr_equal(intern_ref(&intern, text, (size_t)length), held[i]);
            intern_unref(&intern, held[i]);
            intern_unref(&intern, held[i]);
            held[i] = NULL;
        } else {
            held[i] = intern_ref(&intern, text, (size_t)length);
            assert_int_equal(held[i]->references, 1);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        int length = snprintf(text, sizeof text, "ssid-%d", i);
        if (held[i]) {
            assert_string_equal(held[i]->text, text);
            assert_int_equal(held[i]->length, length);
        }
        intern_unref(&intern, held[i]);
    }
    assert_int_equal(intern.count, 0);
    assert_int_equal(pool.bytes_used, 0);
    intern_done(&intern);
    pool_done(&pool);
}

static void test_printable(void **state)
{
    static const uint8_t long_bytes[300] = {1};
    struct pool pool = {0};
    struct intern intern;
    const struct string *text = NULL;
    intern_init(&intern, &pool);
    intern_set_printable(&intern, &text, "a\nb", 3);
    assert_string_equal(string_text(text), "a\\012b");
    intern_set_printable(&intern, &text, long_bytes, sizeof long_bytes);
    assert_int_equal(string_length(text), 255 * 4);
    intern_set_printable(&intern, &text, "", 0);
    assert_null(text);
    assert_int_equal(pool.bytes_used, 0);
    intern_done(&intern);
    pool_done(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printable),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
