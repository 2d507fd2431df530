/* The grammar of source definitions alone: interface, options, quotes, blanks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "util/definition_text.h"

static void expect_span(struct definition_span span, const char *text)
{
    assert_int_equal(span.length, strlen(text));
    assert_memory_equal(span.text, text, span.length);
}

static void expect_part(const char **options, const char *key, const char *value, bool quoted)
{
    struct definition_part part;
    assert_true(definition_text_next(options, &part));
    expect_span(part.key, key);
    expect_span(part.value, value);
    assert_int_equal(part.quoted, quoted);
    assert_false(part.unmatched);
}

static void test_interface(void **state)
{
    const char *options;
    expect_span(definition_text_interface("wlan0", &options), "wlan0");
    assert_string_equal(options, "");
    expect_span(definition_text_interface(" /a b.pcap :", &options), "/a b.pcap");
    assert_string_equal(options, "");
    expect_span(definition_text_interface("w:a=b:c", &options), "w");
    assert_string_equal(options, "a=b:c");
    expect_span(definition_text_interface(":a=b", &options), "");
}

static void test_options(void **state)
{
    const char *options = "a=b, Key = some value ,,c=\"1,2\",d=x=y,e=,f=\"\"";
    struct definition_part part;
    expect_part(&options, "a", "b", false);
    expect_part(&options, "Key", "some value", false);
    expect_part(&options, "c", "1,2", true);
    expect_part(&options, "d", "x=y", false);
    expect_part(&options, "e", "", false);
    expect_part(&options, "f", "", true);
    assert_false(definition_text_next(&options, &part));
}

static void test_what_is_no_option(void **state)
{
    const char *options = "channels=1,6,=x";
    struct definition_part part;
    expect_part(&options, "channels", "1", false);
    assert_true(definition_text_next(&options, &part));
    assert_null(part.key.text);
    expect_span(part.whole, "6");
    assert_true(definition_text_next(&options, &part));
    assert_null(part.key.text);
    expect_span(part.whole, "=x");
}

static void expect_unmatched(const char *options)
{
    struct definition_part part;
    assert_true(definition_text_next(&options, &part));
    assert_true(part.unmatched);
}

static void test_quotes_that_do_not_match(void **state)
{
    expect_unmatched("a=\"b");
    expect_unmatched("a=b\"");
    expect_unmatched("a=\"b\"c\"");
    expect_unmatched("a=\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interface),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_what_is_no_option),
        cmocka_unit_test(test_quotes_that_do_not_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
