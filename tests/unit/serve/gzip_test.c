/* Compression there and back, and what is no gzip file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "serve/http/gzip.h"

static const char text[] = "the same words again and again and again and again and again";

static struct buffer compressed(void)
{
    struct buffer packed = {0};
    struct gzip *gzip = gzip_new();
    assert_int_equal(gzip_add(gzip, text, sizeof text, true, &packed), 0);
    gzip_free(gzip);
    assert_true(packed.length < sizeof text);
    return packed;
}

static void expands_to_what_it_was(void **state)
{
    struct buffer packed = compressed(), plain = {0};
    assert_int_equal(gzip_expand(packed.data, packed.length, sizeof text, &plain), 0);
    assert_int_equal(plain.length, sizeof text);
    assert_memory_equal(plain.data, text, sizeof text);
    buffer_done(&packed);
    buffer_done(&plain);
}

static void refuses_all_else(void **state)
{
    struct buffer packed = compressed(), plain = {0};
    for (size_t length = 0; length < packed.length; length++)
        assert_int_equal(gzip_expand(packed.data, length, sizeof text, &plain), -EINVAL);
    assert_int_equal(gzip_expand(packed.data, packed.length, sizeof text - 1, &plain), -EINVAL);
    assert_int_equal(gzip_expand(packed.data, packed.length, sizeof text + 1, &plain), -EINVAL);
    assert_int_equal(gzip_expand(text, sizeof text, sizeof text, &plain), -EINVAL);
    assert_int_equal(plain.length, 0);
    buffer_done(&packed);
    buffer_done(&plain);
}

static void encodings_that_take_gzip(void **state)
{
    assert_true(gzip_is_accepted("gzip"));
    assert_true(gzip_is_accepted("br, GZIP;q=0.5"));
    assert_false(gzip_is_accepted("gzip;q=0"));
    assert_false(gzip_is_accepted("br, x-gzip"));
    assert_false(gzip_is_accepted(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expands_to_what_it_was),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(encodings_that_take_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
