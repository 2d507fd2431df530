/* Channels, channel lists and hop rates as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "capture/channel_text.h"

static void expect(const char *text, const char *usual, unsigned mhz)
{
    char out[SOURCE_CHANNEL_TEXT];
    unsigned found;
    if (channel_text_parse(text, out, &found) < 0)
        fail_msg("%s was refused", text);
    assert_string_equal(out, usual);
    assert_int_equal(found, mhz);
}

static void test_channels(void **state)
{
    expect("6", "6", 2437);
    expect("14", "14", 2484);
    expect("153", "153", 5765);
    expect("184", "184", 4920);
    expect("2412", "2412", 2412);
    expect("5180", "5180", 5180);
    expect("6ht40+", "6HT40+", 2437);
    expect("11HT40-", "11HT40-", 2462);
    expect("6HT20", "6HT20", 2437);
    expect("6ht40", "6HT40", 2437); /* as 2016 wrote it */
    expect("36VHT80", "36VHT80", 5180);
    expect("36vht80-5210", "36VHT80-5210", 5180);
    expect("100VHT160", "100VHT160", 5500);
    expect("6W5", "6W5", 2437);
    expect("6w10", "6W10", 2437);
    expect("1W6e", "1W6e", 5955);
    expect("1-w6E", "1W6e", 5955);
    expect("2W6e", "2W6e", 5935);
    expect("233W6e", "233W6e", 7115);
    expect("36HE80", "36HE80", 5180);
    expect("5955HE160", "5955HE160", 5955);
    expect("1W6eHE160", "1W6eHE160", 5955);
    expect("5EHT320W6e", "5W6eEHT320", 5975);
    expect("5955EHT320-6105", "5955EHT320-6105", 5955);
    expect("2437HT40+", "2437HT40+", 2437);
}

static void test_refused(void **state)
{
    static const char *const wrong[] = {
        "",      "x",     "0",      "15",      "31",      "178",       "300",
        "9999",  "12345", "6HT",    "6HT400",  "6HT40+x", "6 ",        " 6",
        "-6",    "6W6",   "234W6e", "0W6e",    "1W6eW5",  "36VHT80-1", "6HT20-5",
        "36VHT", "5W6e6", "2400",   "36EHT81", "6;rm",    "6,11",      "99999999999"};
    char out[SOURCE_CHANNEL_TEXT] = "kept";
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (channel_text_parse(wrong[i], out, NULL) != -EINVAL)
            fail_msg("\"%s\" was taken", wrong[i]);
    assert_string_equal(out, "kept");
}

static void test_lists(void **state)
{
    struct source_channels list;
    assert_int_equal(channel_text_parse_list("1,6, 11ht40-,6", &list, NULL), 0);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.text[2], "11HT40-");
    assert_int_equal(channel_text_parse_list("", &list, NULL), -EINVAL);
    assert_int_equal(channel_text_parse_list(" , ", &list, NULL), -EINVAL);
    struct buffer why = {0};
    assert_int_equal(
        channel_text_parse_list("1,abcdefghijklmnopqrstuvwxyzabcdefghijklm", &list, &why), -EINVAL);
    assert_true(why.length > 0);
    buffer_done(&why);
    channel_text_default_list(&list);
    assert_int_equal(list.count, 14 + 8 + 12 + 8);
    for (unsigned i = 0; i < list.count; i++) {
        char out[SOURCE_CHANNEL_TEXT];
        assert_int_equal(channel_text_parse(list.text[i], out, NULL), 0);
    }
}

static void test_rates(void **state)
{
    double rate;
    assert_int_equal(channel_text_parse_rate("5/sec", &rate), 0);
    assert_true(rate == 5);
    assert_int_equal(channel_text_parse_rate("30/min", &rate), 0);
    assert_true(rate == 0.5);
    assert_int_equal(channel_text_parse_rate("4/dwell", &rate), 0);
    assert_true(rate == 0.25);
    assert_int_equal(channel_text_parse_rate("2.5", &rate), 0);
    assert_true(rate == 2.5);
    static const char *const wrong[] = {"",     "x",       "0",   "-1/sec", "5/hour",
                                        "/sec", "1e9/sec", "nan", "5/",     "0/dwell"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (channel_text_parse_rate(wrong[i], &rate) != -EINVAL)
            fail_msg("\"%s\" was taken", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
