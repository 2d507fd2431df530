/* Source definitions: grammar, quotes, old names, checks, limits, re-printing, secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture/definition.h"

static struct definition *parse(const char *text)
{
    struct definition *definition = NULL;
    struct buffer why = {0};
    int result = definition_parse(text, &definition, &why);
    if (result)
        fail_msg("%s: %.*s", text, (int)why.length, (char *)why.data);
    buffer_done(&why);
    return definition;
}

static void expect_option(const char *text, const char *key, const char *value)
{
    struct definition *definition = parse(text);
    const char *found = definition_find(definition, key);
    if (value)
        assert_string_equal(found, value);
    else
        assert_null(found);
    definition_free(definition);
}

static void expect_error(const char *text, const char *why_part)
{
    struct definition *definition = NULL;
    struct buffer why = {0};
    assert_int_equal(definition_parse(text, &definition, &why), -EINVAL);
    assert_null(definition);
    buffer_add_byte(&why, 0);
    if (!strstr((char *)why.data, why_part))
        fail_msg("%s: %s", text, (char *)why.data);
    buffer_done(&why);
}

static void test_grammar(void **state)
{
    struct definition *definition = parse("  wlan0 ");
    assert_string_equal(definition->interface, "wlan0");
    assert_int_equal(definition->count, 0);
    definition_free(definition);
    definition = parse("wlan0:");
    assert_int_equal(definition->count, 0);
    definition_free(definition);
    expect_option("wlan0:name=foo", "name", "foo");
    expect_option("wlan0:NAME=foo,type=linuxwifi", "name", "foo");
    expect_option("wlan0: name = foo bar , retry=false", "name", "foo bar");
    expect_option("wlan0:channels=\"1,6,11HT40-\",name=x", "channels", "1,6,11HT40-");
    expect_option("wlan0:name=\"a,b:c=d\"", "name", "a,b:c=d");
    expect_option("wlan0:name=a=b", "name", "a=b");
    expect_option("wlan0:name=first,name=second", "name", "second");
    expect_option("wlan0:name=", "name", "");
    expect_option("wlan0:name=x", "type", NULL);
    definition = parse("wlan0:filter_address=a,filter_address=b,name=x");
    assert_int_equal(definition->count, 3);
    definition_free(definition);
}

static void test_errors(void **state)
{
    expect_error("", "empty");
    expect_error("   ", "empty");
    expect_error(":name=x", "no interface");
    expect_error("wlan0,name=x", "comma before the first colon");
    expect_error("wlan0,name=x:retry=true", "comma before the first colon");
    expect_error("wlan0:name", "not an option");
    expect_error("wlan0:=x", "not an option");
    expect_error("wlan0:channels=1,6", "quotes around a value");
    expect_error("wlan0:name=\"x", "quotes do not match");
    expect_error("wlan0:name=x\"y", "quotes do not match");
    expect_error("wlan0:name=\"x\"y\"", "quotes do not match");
    expect_error("wlan0:chanels=6", "did you mean \"channels\"?");
    expect_error("wlan0:zzzzzz=6", "name, uuid, type");
    expect_error("wlan0:name=\x01", "control characters");
    expect_error("wlan0:name=\xff", "UTF-8");
    expect_error("wlan0:uuid=aaa:bbb:ccc", "36 characters");
    expect_error("wlan0:realtime=maybe", "true or false");
    expect_error("wlan0:pps=0", "packets a second");
    expect_error("wlan0:pps=1e9", "packets a second");
    expect_error("wlan0:channel=foo", "write a channel");
    expect_error("wlan0:channels=\"6,foo\"", "\"foo\" is not a channel");
    expect_error("wlan0:channel_hoprate=fast", "N/sec");
    expect_error("wlan0:tuner=real", "null");
    expect_error("wlan0:info_antenna_gain=big", "number");
}

static void test_limits(void **state)
{
    char text[SOURCE_DEFINITION + 16];
    int used = snprintf(text, sizeof text, "f:");
    for (unsigned i = 0; i <= DEFINITION_OPTIONS; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "filter_address=%u,", i);
    expect_error(text, "more than 64 options");
    memset(text, 'a', sizeof text);
    text[SOURCE_INTERFACE - 1] = '\0';
    definition_free(parse(text));
    text[SOURCE_INTERFACE - 1] = 'a';
    text[SOURCE_INTERFACE] = '\0';
    expect_error(text, "at most 1023 bytes");
    text[SOURCE_INTERFACE] = 'a';
    text[SOURCE_DEFINITION] = '\0';
    expect_error(text, "at most 2047 bytes");
}

static void test_old_names(void **state)
{
    expect_option("wlan0:hop=false", "channel_hop", "false");
    expect_option("wlan0:channellist=\"1,6\"", "channels", "1,6");
    expect_option("wlan0:velocity=3", "channel_hoprate", "3/sec");
    expect_option("wlan0:velocity=3/min", "channel_hoprate", "3/min");
    expect_option("wlan0:dwell=4", "channel_hoprate", "4/dwell");
    expect_option("wlan0:vap=mon0", "vif", "mon0");
    expect_option("wlan0:validatefcs=true", "validatefcs", "true");
    expect_option("wlan0:fcs=false,forcevap=true", "fcs", "false");
    expect_error("wlan0:velocity=x", "N/sec");
}

static void expect_print(const char *text, bool hide, const char *printed)
{
    char out[SOURCE_DEFINITION];
    struct definition *definition = parse(text);
    definition_write(definition, hide, out);
    assert_string_equal(out, printed);
    definition_free(definition);
}

static void test_printing(void **state)
{
    expect_print("wlan0", false, "wlan0");
    expect_print(" wlan0: Name=x , velocity=3", false, "wlan0:Name=x,velocity=3");
    expect_print("wlan0:channels=\"1,6\",name=\"x\"", false, "wlan0:channels=\"1,6\",name=\"x\"");
    expect_print("w:name=a,name=b", false, "w:name=b");
    expect_print("w:user=me,password=\"se,cret\",name=x", false,
                 "w:user=me,password=\"se,cret\",name=x");
    expect_print("w:user=me,PASSWORD=\"se,cret\",name=x", true,
                 "w:user=***,PASSWORD=\"***\",name=x");
    expect_print("w:apikey=abc,tls_psk=d", true, "w:apikey=***,tls_psk=***");
}

static void test_typed_values(void **state)
{
    struct definition *definition = parse("f:realtime=T,pps=2.5,info_amp_gain=-3");
    assert_true(definition_bool(definition, "realtime", false));
    assert_true(definition_bool(definition, "loop", true));
    assert_true(definition_number(definition, "pps", 0) == 2.5);
    assert_true(definition_number(definition, "info_amp_gain", 0) == -3);
    assert_true(definition_number(definition, "info_antenna_gain", 7) == 7);
    definition_free(definition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grammar),  cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits),   cmocka_unit_test(test_old_names),
        cmocka_unit_test(test_printing), cmocka_unit_test(test_typed_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
