/* Lines out of bytes: in pieces, with any end, too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/lines.h"

static struct lines lines;

static void put(const char *bytes)
{
    size_t size;
    for (size_t length = strlen(bytes); length;) {
        uint8_t *room = lines_room(&lines, &size);
        assert_true(size > 0);
        size_t count = length < size ? length : size;
        memcpy(room, bytes, count);
        lines_filled(&lines, count);
        bytes += count;
        length -= count;
    }
}

static void assert_next(const char *expected)
{
    size_t length = 0;
    const uint8_t *line = lines_next(&lines, &length);
    if (!expected) {
        assert_null(line);
        return;
    }
    assert_non_null(line);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(line, expected, length);
}

static void gives_whole_lines_only(void **state)
{
    memset(&lines, 0, sizeof lines);
    put("one\r\ntwo\n\n\rthr");
    assert_next("one");
    assert_next("two");
    assert_next(NULL);
    put("ee");
    assert_next(NULL);
    put("\n");
    assert_next("three");
    assert_next(NULL);
}

static void passes_over_a_line_that_is_too_long(void **state)
{
    memset(&lines, 0, sizeof lines);
    put("first\n");
    assert_next("first");
    for (int i = 0; i < 5 * LINES_MAX / 8; i++) {
        put("xxxxxxxx");
        assert_next(NULL);
    }
    put("\nnext\n");
    assert_next("next");
    assert_next(NULL);
}

static void takes_a_line_that_just_fits(void **state)
{
    static char longest[LINES_MAX + 1];
    memset(&lines, 0, sizeof lines);
    memset(longest, 'y', LINES_MAX - 1);
    put(longest);
    assert_next(NULL);
    put("\n");
    assert_next(longest);
    put("z\n");
    assert_next("z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_whole_lines_only),
        cmocka_unit_test(passes_over_a_line_that_is_too_long),
        cmocka_unit_test(takes_a_line_that_just_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
