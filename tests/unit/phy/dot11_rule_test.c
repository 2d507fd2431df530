/* Rules about network names: how they are written, what they mean, what is refused and why. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "phy/dot11_rule.h"

/* Whether the rule on that line means an SSID. */
static bool means(const char *line, const char *ssid)
{
    struct dot11_rule rule;
    struct buffer why = {0};
    struct string *string = calloc(1, sizeof *string + strlen(ssid) + 1);
    assert_int_equal(dot11_rule_parse(line, false, &rule, &why), 0);
    assert_non_null(string);
    string->length = (uint32_t)strlen(ssid);
    memcpy(string->text, ssid, string->length);
    bool found = dot11_rule_matches(&rule, string);
    assert_false(dot11_rule_matches(&rule, NULL));
    dot11_rule_done(&rule);
    free(string);
    return found;
}

static void a_text_is_meant_as_it_stands(void **state)
{
    assert_true(means("a:ssid=\"home\"", "home"));
    assert_true(means("a:ssid=home", "home"));
    assert_true(means("a:SSID=\"my, home\"", "my, home"));
    assert_false(means("a:ssid=\"home\"", "Home"));
    assert_false(means("a:ssid=\"home\"", "home2"));
    assert_false(means("a:ssid=\"ho.e\"", "home"));
    assert_true(means("a:ssid=\"caf\xc3\xa9 \\o/\"", "caf\xc3\xa9 \\\\o/")); /* as it is shown */
}

static void a_pattern_is_matched(void **state)
{
    assert_true(means("a:ssidregex=\"^ho.e$\"", "home"));
    assert_false(means("a:ssidregex=\"^ho.e$\"", "homer"));
    assert_true(means("a:ssid=\"(?i:home)\"", "My HOME"));
    assert_false(means("a:ssid=\"(?i:home)\"", "hom"));
    assert_true(means("a:ssid=\"lan\",ssidregex=\"^wlan\"", "lan")); /* either */
    assert_true(means("a:ssid=\"lan\",ssidregex=\"^wlan\"", "wlan0"));
    assert_false(means("a:ssidregex=\"^(a|a)*$\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
}

static void addresses_have_masks(void **state)
{
    struct dot11_rule rule;
    struct buffer why = {0};
    assert_int_equal(dot11_rule_parse("home:ssid=\"h\",validmacs=\"00:11:22:33:44:55,"
                                      "AABBCC000000/FFFFFF000000\"",
                                      true, &rule, &why),
                     0);
    assert_string_equal(rule.name, "home");
    assert_true(dot11_rule_lists(&rule, (struct macaddr){{0, 0x11, 0x22, 0x33, 0x44, 0x55}}));
    assert_false(dot11_rule_lists(&rule, (struct macaddr){{0, 0x11, 0x22, 0x33, 0x44, 0x56}}));
    assert_true(dot11_rule_lists(&rule, (struct macaddr){{0xaa, 0xbb, 0xcc, 1, 2, 3}}));
    assert_false(dot11_rule_lists(&rule, (struct macaddr){{0xaa, 0xbb, 0xcd, 1, 2, 3}}));
    dot11_rule_done(&rule);
    buffer_done(&why);
}

static void what_cannot_be_read_is_said(void **state)
{
    static const struct {
        const char *line, *says;
    } bad[] = {
        {"", "NAME:ssid="},
        {"home", "NAME:ssid="},
        {":ssid=\"x\"", "NAME:ssid="},
        {"home:", "NAME:ssid="},
        {"home:ssid", "NAME:ssid="},
        {"home:ssid=", "NAME:ssid="},
        {"home:ssid=\"x", "quotes"},
        {"home:ssid=\"x\"y", "quotes"},
        {"home:essid=\"x\"", "'essid' is not one of"},
        {"home:ssid=\"x\",validmacs=\"00:11\"", "'00:11' is no address"},
        {"home:ssid=\"x\",validmacs=\"\"", "validmacs"},
        {"home:ssid=\"x\"", "validmacs"},
        {"home:ssid=\"(?i:x\",validmacs=\"001122334455\"", "offset"},
        {"a name that is much longer than the forty-seven bytes there are:ssid=x", "NAME:ssid="},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dot11_rule rule = {.name = "untouched"};
        struct buffer why = {0};
        assert_int_equal(dot11_rule_parse(bad[i].line, true, &rule, &why), -EINVAL);
        assert_string_equal(rule.name, "untouched");
        buffer_add_byte(&why, 0);
        assert_non_null(strstr((const char *)why.data, bad[i].says));
        buffer_done(&why);
    }
}

static void addresses_have_a_limit(void **state)
{
    struct dot11_rule rule;
    struct buffer line = {0}, why = {0};
    buffer_add_text(&line, "home:ssid=\"x\",validmacs=\"");
    for (int i = 0; i <= DOT11_RULE_ADDRESSES; i++)
        buffer_printf(&line, "%s00112233%04X", i ? "," : "", (unsigned)i);
    buffer_add(&line, "\"", 2);
    assert_int_equal(dot11_rule_parse((const char *)line.data, true, &rule, &why), -EINVAL);
    line.data[line.length - 2 - 13] = '"'; /* without the last */
    line.data[line.length - 1 - 13] = 0;
    assert_int_equal(dot11_rule_parse((const char *)line.data, true, &rule, &why), 0);
    assert_int_equal(rule.address_count, DOT11_RULE_ADDRESSES);
    dot11_rule_done(&rule);
    buffer_done(&line);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_meant_as_it_stands),
        cmocka_unit_test(a_pattern_is_matched),
        cmocka_unit_test(addresses_have_masks),
        cmocka_unit_test(what_cannot_be_read_is_said),
        cmocka_unit_test(addresses_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
