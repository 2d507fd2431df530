/* Ranges of bytes: what is a part, what is overlooked, what does not exist (RFC 9110, 14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "serve/http/byte_range.h"

enum { LENGTH = 1000 };

static void parts_are_cut_to_the_file(void **state)
{
    static const struct {
        const char *text;
        uint64_t first, count;
    } cases[] = {
        {"bytes=0-0", 0, 1},
        {"bytes=0-499", 0, 500},
        {"bytes=500-", 500, 500},
        {"bytes=999-999", 999, 1},
        {"bytes=900-2000", 900, 100},
        {"bytes=0-18446744073709551615", 0, 1000},
        {"bytes=0-99999999999999999999999", 0, 1000},
        {"bytes=-1", 999, 1},
        {"bytes=-5000", 0, 1000},
        {"Bytes= 1-2 ", 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct byte_range range;
        assert_int_equal(byte_range_parse(cases[i].text, LENGTH, &range), BYTE_RANGE_PART);
        assert_int_equal(range.first, cases[i].first);
        assert_int_equal(range.count, cases[i].count);
    }
}

static void what_is_no_single_range_means_the_whole(void **state)
{
    static const char *const texts[] = {
        NULL,        "",          "bytes",       "bytes=",        "bytes=-",
        "bytes=5",   "bytes=5-4", "bytes=a-b",   "bytes=1-2,4-5", "items=0-1",
        "bytes=0-x", "bytes=--1", "bytes=0x1-2", "bytes=0-1-2",
    };
    struct byte_range range = {7, 7};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(byte_range_parse(texts[i], LENGTH, &range), BYTE_RANGE_WHOLE);
    assert_int_equal(range.first, 7);
}

static void outside_is_said(void **state)
{
    static const char *const texts[] = {"bytes=1000-", "bytes=1000-1001", "bytes=-0",
                                        "bytes=99999999999999999999999-"};
    struct byte_range range;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(byte_range_parse(texts[i], LENGTH, &range), BYTE_RANGE_OUTSIDE);
    assert_int_equal(byte_range_parse("bytes=0-", 0, &range), BYTE_RANGE_OUTSIDE);
    assert_int_equal(byte_range_parse("bytes=-5", 0, &range), BYTE_RANGE_OUTSIDE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_cut_to_the_file),
        cmocka_unit_test(what_is_no_single_range_means_the_whole),
        cmocka_unit_test(outside_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
