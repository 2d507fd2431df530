/* Options of a Wi-Fi source: what they set, what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tools/tool_session.h"
#include "tools/wifi/wifi_options.h"

static struct tool_session session;

static int read_options(const char *definition, struct wifi_options *ret_options,
                        struct buffer *ret_why)
{
    session.tool.session = &session;
    tool_options_done(&session.options);
    assert_int_equal(tool_options_parse(protocol_text_of(definition), &session.options, ret_why),
                     0);
    return wifi_options_read(&session.tool, ret_options, ret_why);
}

static struct wifi_options options_of(const char *definition)
{
    struct wifi_options options;
    struct buffer why = {0};
    if (read_options(definition, &options, &why) < 0)
        fail_msg("%.*s", (int)why.length, (const char *)why.data);
    return options;
}

static void expect_refusal(const char *definition, const char *reason)
{
    struct wifi_options options;
    struct buffer why = {0};
    assert_int_equal(read_options(definition, &options, &why), -EINVAL);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((const char *)why.data, reason));
    buffer_done(&why);
}

static const uint32_t usual_flags =
    1u << NL80211_MNTR_FLAG_CONTROL | 1u << NL80211_MNTR_FLAG_OTHER_BSS;

static void test_nothing_said(void **state)
{
    struct wifi_options options = options_of("wlan0");
    assert_true(options.offer.ht && options.offer.vht && options.offer.plain);
    assert_false(options.offer.he || options.offer.eht || options.offer.pairs ||
                 options.offer.ht20);
    assert_null(options.interface);
    assert_null(options.channel);
    assert_int_equal(options.flags, usual_flags);
    assert_false(options.keeps_primary || options.management_only || options.cuts_data);
    assert_true(wifi_options_hops_to(&options, "36"));
}

static void test_all_said(void **state)
{
    struct wifi_options options = options_of(
        "wlan0:vif=roof,channel=6HT40+,fcsfail=true,plcpfail=true,HT_channels=false,"
        "he_channels=true,expand_ht20=true,band5ghz=true,ignoreprimary=true,filter_mgmt=true");
    assert_string_equal(options.interface, "roof");
    assert_string_equal(options.channel, "6HT40+");
    assert_int_equal(options.flags, usual_flags | 1u << NL80211_MNTR_FLAG_FCSFAIL |
                                        1u << NL80211_MNTR_FLAG_PLCPFAIL);
    assert_false(options.offer.ht);
    assert_true(options.offer.he && options.offer.ht20 && options.offer.plain);
    assert_true(options.offer.bands[WIFI_BAND_5] && !options.offer.bands[WIFI_BAND_2]);
    assert_true(options.keeps_primary && options.management_only);
    options = options_of("wlan0:default_ht20=true");
    assert_true(options.offer.ht20 && !options.offer.plain);
}

static void test_bands_to_hop_in(void **state)
{
    struct wifi_options options = options_of("wlan0:hop_bands=2.4,6,name=roof");
    assert_true(wifi_options_hops_to(&options, "6HT40+"));
    assert_false(wifi_options_hops_to(&options, "36VHT80"));
    assert_true(wifi_options_hops_to(&options, "1W6e"));
    assert_true(wifi_options_hops_to(&options, "nonsense"));
    options = options_of("wlan0:hop_bands=\"5\"");
    assert_false(wifi_options_hops_to(&options, "6"));
    assert_true(wifi_options_hops_to(&options, "36"));
}

static void test_refusals(void **state)
{
    expect_refusal("wlan0:hop_bands=2.4,7", "hop_bands=7");
    expect_refusal("wlan0:fcsfail=maybe", "fcsfail=maybe");
    expect_refusal("wlan0:default_ht20=2", "default_ht20=2");
    expect_refusal("wlan0:band24ghz=x", "band24ghz=x");
    expect_refusal("wlan0:channel=200", "channel=200 is no channel");
    expect_refusal("wlan0:filter_mgmt=true,truncate_data=true", "exclude one another");
}

static int done(void **state)
{
    tool_options_done(&session.options);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_all_said),
        cmocka_unit_test(test_bands_to_hop_in),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
