/* Definitions in a tool: as people type them and as servers send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tools/tool_options.h"

static struct tool_options parse(const char *text)
{
    struct tool_options options;
    struct buffer why = {0};
    assert_int_equal(tool_options_parse(protocol_text_of(text), &options, &why), 0);
    assert_string_equal(options.definition, text);
    return options;
}

static void expect(const char *text, const char *key, size_t skip, const char *value)
{
    struct tool_options options = parse(text);
    const char *found = tool_options_find(&options, key, skip);
    if (value)
        assert_string_equal(found, value);
    else
        assert_null(found);
    tool_options_done(&options);
}

static void test_options(void **state)
{
    struct tool_options options = parse("/tmp/a b.pcap");
    assert_string_equal(options.interface, "/tmp/a b.pcap");
    assert_int_equal(options.count, 0);
    tool_options_done(&options);
    expect("w:Name=roof,realtime=true", "name", 0, "roof");
    expect("w:Name=roof,realtime=true", "REALTIME", 0, "true");
    expect("w:Name=roof", "realtime", 0, NULL);
    expect("w:a=1,a=2,b=3,a=4", "a", 2, "4");
    expect("w:a=1,a=2", "a", 2, NULL);
    expect("w:a=", "a", 0, "");
}

static void test_commas_in_values(void **state)
{
    expect("w:channels=\"1,6,11\",name=x", "channels", 0, "1,6,11");
    expect("w:channels=1,6,11,name=x", "channels", 0, "1,6,11");
    expect("w:channels=1,6,11,name=x", "name", 0, "x");
    expect("w:6,channels=1", "channels", 0, "1");
}

static void expect_refusal(struct protocol_text text, const char *part)
{
    struct tool_options options;
    struct buffer why = {0};
    assert_int_equal(tool_options_parse(text, &options, &why), -EINVAL);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((char *)why.data, part));
    buffer_done(&why);
}

static void test_refusals(void **state)
{
    char text[TOOL_DEFINITION_MAX + 2];
    expect_refusal(protocol_text_of(""), "up to 8191 bytes");
    expect_refusal(protocol_text_of(":a=b"), "interface");
    expect_refusal((struct protocol_text){"a\0b", 3}, "text");
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    expect_refusal(protocol_text_of(text), "up to 8191 bytes");
    text[sizeof text - 2] = '\0';
    struct tool_options options = parse(text);
    tool_options_done(&options);
}

static void test_limit_of_options(void **state)
{
    struct buffer text = {0};
    buffer_add_text(&text, "w:");
    for (int i = 0; i < TOOL_OPTIONS + 10; i++)
        buffer_printf(&text, "k%d=v,", i);
    buffer_add_byte(&text, 0);
    struct tool_options options = parse((char *)text.data);
    assert_int_equal(options.count, TOOL_OPTIONS);
    tool_options_done(&options);
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_commas_in_values),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_limit_of_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
