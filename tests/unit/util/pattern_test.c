/* Patterns: matching as the first API says, faults named with their place, hostile ones bounded. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "util/pattern.h"

static bool matches(const char *pattern_text, const char *text)
{
    struct buffer why = {0};
    struct pattern *pattern = pattern_new(pattern_text, strlen(pattern_text), &why);
    assert_non_null(pattern);
    bool found = pattern_matches(pattern, text, strlen(text));
    pattern_free(pattern);
    buffer_done(&why);
    return found;
}

static void test_matching(void **state)
{
    assert_true(matches("^linksys$", "linksys"));
    assert_false(matches("^linksys$", "linksys5"));
    assert_true(matches(".*foo$", "barfoo"));
    assert_true(matches("inks", "linksys"));
    assert_false(matches("LINKSYS", "linksys"));
    assert_true(matches("(?i)LINKSYS", "linksys"));
    assert_true(matches("^$", ""));
    assert_true(matches("", "anything"));
    assert_true(matches("(*UTF)^caf.$", "caf\xc3\xa9"));
}

static void test_faults_name_their_place(void **state)
{
    static const char *const bad[] = {"a(b", "[", "*a", "a{2,1}", "(?P<x>", "\\C"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buffer why = {0};
        errno = 0;
        assert_null(pattern_new(bad[i], strlen(bad[i]), &why));
        assert_int_equal(errno, EINVAL);
        buffer_add_byte(&why, 0);
        assert_non_null(strstr((char *)why.data, "at offset "));
        assert_non_null(strstr((char *)why.data, bad[i]));
        buffer_done(&why);
    }
}

static void test_too_long_a_pattern(void **state)
{
    char text[PATTERN_LENGTH_MAX + 1];
    memset(text, 'a', sizeof text);
    struct buffer why = {0};
    assert_null(pattern_new(text, sizeof text, &why));
    assert_true(why.length > 0);
    buffer_done(&why);
    struct pattern *pattern = pattern_new(text, sizeof text - 1, &why);
    assert_non_null(pattern);
    pattern_free(pattern);
}

static void test_hostile_patterns_end_soon(void **state)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_false(matches("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
    assert_false(matches("(*NO_JIT)^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
    assert_false(matches("(x(?1)?x)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(end.tv_sec - start.tv_sec < 2);
}

static void test_fewer_steps(void **state)
{
    static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaab";
    struct buffer why = {0};
    struct pattern *pattern = pattern_new("(*NO_JIT)^(a|a)*b$", 18, &why);
    assert_non_null(pattern);
    assert_true(pattern_matches(pattern, text, sizeof text - 1));
    pattern_limit(pattern, 10);
    assert_false(pattern_matches(pattern, text, sizeof text - 1));
    pattern_free(pattern);
}

static void test_library_is_named(void **state)
{
    assert_int_equal(strncmp(pattern_library(), "PCRE2 10.", 9), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching),           cmocka_unit_test(test_faults_name_their_place),
        cmocka_unit_test(test_too_long_a_pattern), cmocka_unit_test(test_hostile_patterns_end_soon),
        cmocka_unit_test(test_fewer_steps),        cmocka_unit_test(test_library_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
