/* Kinds of content by extension. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/media_type.h"

static void known_extensions(void **state)
{
    assert_string_equal(media_type_of("index.html"), "text/html; charset=utf-8");
    assert_string_equal(media_type_of("a/b.c/page.JS"), "application/javascript; charset=utf-8");
    assert_string_equal(media_type_of("icon.min.svg"), "image/svg+xml");
}

static void all_else_is_bytes(void **state)
{
    static const char *const paths[] = {"", "none", "a.css/none", "css", ".", "page.", "page.exe"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_string_equal(media_type_of(paths[i]), "application/octet-stream");
}

static void text_is_told_from_pictures(void **state)
{
    assert_true(media_type_is_text(media_type_of("a.css")));
    assert_true(media_type_is_text(media_type_of("a.json")));
    assert_true(media_type_is_text(media_type_of("a.svg")));
    assert_false(media_type_is_text(media_type_of("a.png")));
    assert_false(media_type_is_text(media_type_of("a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_extensions),
        cmocka_unit_test(all_else_is_bytes),
        cmocka_unit_test(text_is_told_from_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
