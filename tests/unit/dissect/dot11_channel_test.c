/* Channels and frequencies, there and back in every band. Input: channels and
 * frequencies that the standard's annexes pair. Also those that have no partner,
 * and the text of a channel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "dissect/dot11_channel.h"

static void test_there_and_back(void **state)
{
    (void)state;
    static const struct {
        uint16_t channel;
        uint32_t mhz;
        enum radio_band band;
    } rows[] = {
        {1, 2412, RADIO_BAND_2GHZ},   {13, 2472, RADIO_BAND_2GHZ},  {14, 2484, RADIO_BAND_2GHZ},
        {36, 5180, RADIO_BAND_5GHZ},  {165, 5825, RADIO_BAND_5GHZ}, {177, 5885, RADIO_BAND_5GHZ},
        {184, 4920, RADIO_BAND_4GHZ}, {196, 4980, RADIO_BAND_4GHZ}, {1, 5955, RADIO_BAND_6GHZ},
        {2, 5935, RADIO_BAND_6GHZ},   {233, 7115, RADIO_BAND_6GHZ}, {2, 60480, RADIO_BAND_60GHZ},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(dot11_channel_band(rows[i].mhz * 1000), rows[i].band);
        assert_int_equal(dot11_channel_from_frequency(rows[i].mhz * 1000), rows[i].channel);
        assert_int_equal(dot11_channel_to_frequency(rows[i].channel, rows[i].band),
                         rows[i].mhz * 1000);
    }
}

static void test_none(void **state)
{
    (void)state;
    assert_int_equal(dot11_channel_from_frequency(0), 0);
    assert_int_equal(dot11_channel_from_frequency(2415000), 0);
    assert_int_equal(dot11_channel_from_frequency(178000), 0);
    assert_int_equal(dot11_channel_band(178000), RADIO_BAND_UNKNOWN);
    assert_int_equal(dot11_channel_band(908000), RADIO_BAND_SUB_1GHZ);
    assert_int_equal(dot11_channel_to_frequency(0, RADIO_BAND_UNKNOWN), 0);
    assert_int_equal(dot11_channel_to_frequency(15, RADIO_BAND_2GHZ), 0);
    assert_int_equal(dot11_channel_to_frequency(6, RADIO_BAND_UNKNOWN), 2437000);
    assert_int_equal(dot11_channel_to_frequency(100, RADIO_BAND_UNKNOWN), 5500000);
    assert_int_equal(dot11_channel_to_frequency(184, RADIO_BAND_UNKNOWN), 4920000);
}

static void test_text(void **state)
{
    (void)state;
    char text[DOT11_CHANNEL_TEXT];
    dot11_channel_write(6, 2437000, text);
    assert_string_equal(text, "6");
    dot11_channel_write(0, 2415000, text);
    assert_string_equal(text, "2415MHz");
    dot11_channel_write(0, 0, text);
    assert_string_equal(text, "");
    dot11_channel_write(0, UINT32_MAX, text);
    assert_true(strlen(text) < DOT11_CHANNEL_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
