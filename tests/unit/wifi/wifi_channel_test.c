/* Channels: every form as written, as tuned to, as written back; what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

#include "tools/wifi/wifi_channel.h"

struct form {
    const char *text;
    uint32_t mhz, width, centre_1, centre_2;
    const char *usual; /* NULL: as it is */
};

static const struct form known[] = {
    {"6", 2437, NL80211_CHAN_WIDTH_20_NOHT, 2437, 0, NULL},
    {"1", 2412, NL80211_CHAN_WIDTH_20_NOHT, 2412, 0, NULL},
    {"14", 2484, NL80211_CHAN_WIDTH_20_NOHT, 2484, 0, NULL},
    {"153", 5765, NL80211_CHAN_WIDTH_20_NOHT, 5765, 0, NULL},
    {"184", 4920, NL80211_CHAN_WIDTH_20_NOHT, 4920, 0, NULL},
    {"2412", 2412, NL80211_CHAN_WIDTH_20_NOHT, 2412, 0, "1"},
    {"5180", 5180, NL80211_CHAN_WIDTH_20_NOHT, 5180, 0, "36"},
    {"4920", 4920, NL80211_CHAN_WIDTH_20_NOHT, 4920, 0, "184"},
    {"6HT20", 2437, NL80211_CHAN_WIDTH_20, 2437, 0, NULL},
    {"6HT40+", 2437, NL80211_CHAN_WIDTH_40, 2447, 0, NULL},
    {"6ht40-", 2437, NL80211_CHAN_WIDTH_40, 2427, 0, "6HT40-"},
    {"2437HT40+", 2437, NL80211_CHAN_WIDTH_40, 2447, 0, "6HT40+"},
    {"3HT40", 2422, NL80211_CHAN_WIDTH_40, 2432, 0, NULL},
    {"11HT40", 2462, NL80211_CHAN_WIDTH_40, 2452, 0, NULL},
    {"40HT40", 5200, NL80211_CHAN_WIDTH_40, 5190, 0, NULL},
    {"144HT40-", 5720, NL80211_CHAN_WIDTH_40, 5710, 0, NULL},
    {"36VHT80", 5180, NL80211_CHAN_WIDTH_80, 5210, 0, NULL},
    {"48VHT80", 5240, NL80211_CHAN_WIDTH_80, 5210, 0, NULL},
    {"36VHT80-5210", 5180, NL80211_CHAN_WIDTH_80, 5210, 0, "36VHT80"},
    {"40VHT80-5230", 5200, NL80211_CHAN_WIDTH_80, 5230, 0, NULL},
    {"144VHT80", 5720, NL80211_CHAN_WIDTH_80, 5690, 0, NULL},
    {"149VHT80", 5745, NL80211_CHAN_WIDTH_80, 5775, 0, NULL},
    {"177VHT80", 5885, NL80211_CHAN_WIDTH_80, 5855, 0, NULL},
    {"36VHT160", 5180, NL80211_CHAN_WIDTH_160, 5250, 0, NULL},
    {"128VHT160", 5640, NL80211_CHAN_WIDTH_160, 5570, 0, NULL},
    {"149VHT160", 5745, NL80211_CHAN_WIDTH_160, 5815, 0, NULL},
    {"36VHT80+80-5775", 5180, NL80211_CHAN_WIDTH_80P80, 5210, 5775, NULL},
    {"36HE80", 5180, NL80211_CHAN_WIDTH_80, 5210, 0, NULL},
    {"6HE40+", 2437, NL80211_CHAN_WIDTH_40, 2447, 0, NULL},
    {"36EHT160", 5180, NL80211_CHAN_WIDTH_160, 5250, 0, NULL},
    {"6W5", 2437, NL80211_CHAN_WIDTH_5, 2437, 0, NULL},
    {"6w10", 2437, NL80211_CHAN_WIDTH_10, 2437, 0, "6W10"},
    {"1W6e", 5955, NL80211_CHAN_WIDTH_20_NOHT, 5955, 0, NULL},
    {"1-w6E", 5955, NL80211_CHAN_WIDTH_20_NOHT, 5955, 0, "1W6e"},
    {"2W6e", 5935, NL80211_CHAN_WIDTH_20_NOHT, 5935, 0, NULL},
    {"233W6e", 7115, NL80211_CHAN_WIDTH_20_NOHT, 7115, 0, NULL},
    {"5955", 5955, NL80211_CHAN_WIDTH_20_NOHT, 5955, 0, "1W6e"},
    {"5W6eHE40", 5975, NL80211_CHAN_WIDTH_40, 5965, 0, NULL},
    {"5W6eHE80", 5975, NL80211_CHAN_WIDTH_80, 5985, 0, NULL},
    {"5HE80W6e", 5975, NL80211_CHAN_WIDTH_80, 5985, 0, "5W6eHE80"},
    {"5955HE160", 5955, NL80211_CHAN_WIDTH_160, 6025, 0, "1W6eHE160"},
    {"1W6eEHT320", 5955, NL80211_CHAN_WIDTH_320, 6105, 0, NULL},
    {"61W6eEHT320", 6255, NL80211_CHAN_WIDTH_320, 6105, 0, NULL},
    {"33W6eEHT320-6265", 6115, NL80211_CHAN_WIDTH_320, 6265, 0, NULL},
    {"221W6eEHT320", 7055, NL80211_CHAN_WIDTH_320, 6905, 0, NULL}, /* of the second plan only */
};

static const char *const none[] = {
    "",
    "x",
    "0",
    "15",
    "31",
    "178",
    "200",
    "9999",
    "2411x",
    "6HT",
    "6HT40*",
    "6HT40+x",
    "6 ",
    " 6",
    "+6",
    "-6",
    "00006",
    "165VHT",
    "14HT40+",
    "165HT80",
    "132VHT160",
    "144HT40x",
    "0W6e",
    "234W6e",
    "233W6eHE40",
    "1W6eW5",
    "2W6eHE80",
    "36VHT80-",
    "36VHT80-5775",
    "36VHT80-5211",
    "36VHT80+80",
    "36VHT80+80-5210",
    "36VHT80+80-2437",
    "36HT40+-5190",
    "225W6eEHT320",
    "36EHT320",
    "99999999999999999999",
    "6\n",
    "1W6e1W6e",
    "6HT206HT20",
};

static void test_forms(void **state)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct form *form = &known[i];
        struct wifi_channel channel;
        char text[TOOL_CHANNEL_TEXT];
        if (wifi_channel_parse(form->text, &channel) < 0)
            fail_msg("%s", form->text);
        wifi_channel_write(&channel, text);
        assert_string_equal(text, form->usual ? form->usual : form->text);
        if (channel.mhz != form->mhz || channel.width != form->width ||
            channel.centre_1 != form->centre_1 || channel.centre_2 != form->centre_2)
            fail_msg("%s: %u MHz, width %u, centres %u and %u", form->text, channel.mhz,
                     channel.width, channel.centre_1, channel.centre_2);
    }
}

static void test_what_is_none(void **state)
{
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct wifi_channel channel = {.mhz = 7};
        if (wifi_channel_parse(none[i], &channel) != -EINVAL || channel.mhz != 7)
            fail_msg("%s", none[i]);
    }
}

/* Any number with any form is read as it is written, or refused. */
static void test_writing_back(void **state)
{
    static const char *const behind[] = {"",        "W6e",      "HT20",   "HT40+",
                                         "HT40-",   "VHT80",    "VHT160", "W6eHE40",
                                         "W6eHE80", "W6eHE160", "W5",     "W6eEHT320"};
    unsigned read = 0;
    for (unsigned number = 0; number < 9999; number++)
        for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
            struct wifi_channel channel, again;
            char text[TOOL_CHANNEL_TEXT], written[TOOL_CHANNEL_TEXT];
            snprintf(text, sizeof text, "%u%s", number, behind[i]);
            if (wifi_channel_parse(text, &channel) < 0)
                continue;
            read++;
            wifi_channel_write(&channel, written);
            assert_int_equal(wifi_channel_parse(written, &again), 0);
            assert_memory_equal(&channel, &again, sizeof channel);
        }
    assert_true(read > 1000);
}

static void expect_found(uint32_t mhz, enum nl80211_chan_width width, uint32_t centre_1,
                         uint32_t centre_2, const char *text)
{
    struct wifi_channel channel;
    char written[TOOL_CHANNEL_TEXT];
    assert_int_equal(wifi_channel_find(mhz, width, centre_1, centre_2, &channel), 0);
    wifi_channel_write(&channel, written);
    assert_string_equal(written, text);
}

static void test_what_the_kernel_says(void **state)
{
    struct wifi_channel channel;
    expect_found(2412, NL80211_CHAN_WIDTH_20_NOHT, 2412, 0, "1");
    expect_found(2412, NL80211_CHAN_WIDTH_20, 2412, 0, "1HT20");
    expect_found(2412, NL80211_CHAN_WIDTH_40, 2422, 0, "1HT40+");
    expect_found(2462, NL80211_CHAN_WIDTH_40, 2452, 0, "11HT40-");
    expect_found(5180, NL80211_CHAN_WIDTH_80, 5210, 0, "36VHT80");
    expect_found(5180, NL80211_CHAN_WIDTH_160, 5250, 0, "36VHT160");
    expect_found(5180, NL80211_CHAN_WIDTH_80P80, 5210, 5775, "36VHT80+80-5775");
    expect_found(5955, NL80211_CHAN_WIDTH_20, 5955, 0, "1W6e");
    expect_found(5975, NL80211_CHAN_WIDTH_40, 5965, 0, "5W6eHE40");
    expect_found(6115, NL80211_CHAN_WIDTH_320, 6265, 0, "33W6eEHT320-6265");
    expect_found(2437, NL80211_CHAN_WIDTH_10, 2437, 0, "6W10");
    assert_int_equal(wifi_channel_find(0, 0, 0, 0, &channel), -EINVAL);
    assert_int_equal(wifi_channel_find(58320, 0, 58320, 0, &channel), -EINVAL);
    assert_int_equal(wifi_channel_find(5180, NL80211_CHAN_WIDTH_80, 2437, 0, &channel), -EINVAL);
}

static void test_first_of_its_block(void **state)
{
    struct wifi_channel channel;
    assert_int_equal(wifi_channel_parse("100VHT160", &channel), 0);
    assert_true(wifi_channel_is_first(&channel));
    assert_int_equal(wifi_channel_parse("104VHT160", &channel), 0);
    assert_false(wifi_channel_is_first(&channel));
    assert_int_equal(wifi_channel_parse("44HT40", &channel), 0);
    assert_true(wifi_channel_is_first(&channel));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_writing_back),
        cmocka_unit_test(test_what_the_kernel_says),
        cmocka_unit_test(test_first_of_its_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
