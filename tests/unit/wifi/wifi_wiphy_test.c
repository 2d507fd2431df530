/* A radio as nl80211 describes it: a recorded answer (hwsim_wiphy.bin: the messages of one of
 * Linux 6.1's simulated radios, each behind its length; tests/rig/record_wiphy.py makes it), made
 * up ones, cut off and damaged ones; and the channels that such a radio offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink_bytes.h"
#include "tools/wifi/wifi_interface.h"
#include "tools/wifi/wifi_link.h"
#include "tools/wifi/wifi_offer.h"

enum { RECORD_BYTES = 64 * 1024 };

static uint8_t record[RECORD_BYTES];
static size_t record_length;

static int load(void **state)
{
    FILE *file = fopen("tests/unit/wifi/hwsim_wiphy.bin", "rb");
    assert_non_null(file);
    record_length = fread(record, 1, sizeof record, file);
    fclose(file);
    return 0;
}

/* All messages of the recorded answer, each cut short by so many bytes. */
static void parse_record(struct wifi_wiphy *wiphy, size_t cut)
{
    struct reader reader = reader_over(record, record_length);
    *wiphy = (struct wifi_wiphy){0};
    while (reader_left(&reader)) {
        size_t length = reader_le32(&reader);
        const uint8_t *bytes = reader_bytes(&reader, length);
        uint8_t *copy = malloc(length); /* for the sanitizer to see its end */
        memcpy(copy, bytes, length);
        wifi_wiphy_parse(wiphy, (struct slice){copy, cut < length ? length - cut : 0});
        free(copy);
    }
}

static enum wifi_verdict judge(const struct wifi_wiphy *wiphy, const char *text)
{
    struct wifi_channel channel;
    assert_int_equal(wifi_channel_parse(text, &channel), 0);
    return wifi_wiphy_judge(wiphy, &channel);
}

static unsigned count_band(const struct wifi_wiphy *wiphy, enum wifi_band band)
{
    unsigned count = 0;
    for (size_t i = 0; i < wiphy->count; i++)
        count += wifi_channel_band(wiphy->frequencies[i].mhz) == band;
    return count;
}

static void test_recorded_radio(void **state)
{
    struct wifi_wiphy wiphy;
    parse_record(&wiphy, 0);
    assert_string_equal(wiphy.name, "phy0");
    assert_int_equal(wiphy.index, 0);
    assert_true(wiphy.has_monitor);
    assert_int_equal(count_band(&wiphy, WIFI_BAND_2), 14);
    assert_int_equal(count_band(&wiphy, WIFI_BAND_6), 60);
    assert_true(wiphy.abilities[WIFI_BAND_2].ht && wiphy.abilities[WIFI_BAND_2].wide_40);
    assert_false(wiphy.abilities[WIFI_BAND_2].wide_80);
    assert_true(wiphy.abilities[WIFI_BAND_5].wide_160);
    assert_true(wiphy.abilities[WIFI_BAND_6].wide_320);
    assert_int_equal(judge(&wiphy, "6"), WIFI_FITS);
    assert_int_equal(judge(&wiphy, "36VHT160"), WIFI_FITS);
    assert_int_equal(judge(&wiphy, "11HT40+"), WIFI_TOO_WIDE); /* the world's domain */
    assert_int_equal(judge(&wiphy, "1W6e"), WIFI_FORBIDDEN);
    assert_int_equal(judge(&wiphy, "34"), WIFI_UNKNOWN);
}

static void test_cut_off_and_damaged(void **state)
{
    struct wifi_wiphy wiphy;
    for (size_t cut = 0; cut < 200; cut++)
        parse_record(&wiphy, cut);
    srandom(1);
    for (unsigned round = 0; round < 300; round++) {
        uint8_t *byte = &record[(size_t)random() % record_length];
        uint8_t before = *byte;
        struct reader reader = reader_over(record, record_length);
        wiphy = (struct wifi_wiphy){0};
        *byte = (uint8_t)random();
        wifi_wiphy_parse(&wiphy, (struct slice){record, record_length});
        while (reader_left(&reader)) {
            struct reader part = reader_part(&reader, reader_le32(&reader));
            wifi_wiphy_parse(&wiphy, (struct slice){part.data, part.length});
        }
        *byte = before;
        assert_true(wiphy.count <= WIFI_FREQUENCIES);
    }
}

/* A radio that is made up: bands in the nest that begin_radio() opened. */
struct made {
    struct buffer bytes;
    size_t bands;
};

static void begin_radio(struct made *made)
{
    *made = (struct made){0};
    put_u32(&made->bytes, NL80211_ATTR_WIPHY, 7);
    put_text(&made->bytes, NL80211_ATTR_WIPHY_NAME, "phy7");
    made->bands = begin_nest(&made->bytes, NL80211_ATTR_WIPHY_BANDS);
}

static void put_frequency(struct buffer *to, uint32_t mhz, uint16_t limit)
{
    size_t at = begin_nest(to, 0);
    put_u32(to, NL80211_FREQUENCY_ATTR_FREQ, mhz);
    if (limit)
        put_attribute(to, limit, NULL, 0);
    end_nest(to, at);
}

/* A band with the frequencies from first to last; what limits one of them. */
static void put_band(struct made *made, uint16_t band, uint32_t first, uint32_t last, uint32_t step,
                     uint32_t limited, uint16_t limit)
{
    struct buffer *to = &made->bytes;
    size_t at = begin_nest(to, band), inner = begin_nest(to, NL80211_BAND_ATTR_FREQS);
    for (uint32_t mhz = first; mhz <= last; mhz += step)
        put_frequency(to, mhz, mhz == limited ? limit : 0);
    end_nest(to, inner);
    if (band != NL80211_BAND_6GHZ) {
        const uint16_t ht = 1 << 1;
        put_attribute(to, NL80211_BAND_ATTR_HT_CAPA, &ht, sizeof ht);
    }
    if (band == NL80211_BAND_5GHZ)
        put_u32(to, NL80211_BAND_ATTR_VHT_CAPA, 2 << 2);
    if (band == NL80211_BAND_6GHZ) {
        const uint8_t he = 1 << 2 | 1 << 3, eht = 1 << 1;
        inner = begin_nest(to, NL80211_BAND_ATTR_IFTYPE_DATA);
        size_t type = begin_nest(to, 0);
        put_attribute(to, NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY, &he, 1);
        put_attribute(to, NL80211_BAND_IFTYPE_ATTR_EHT_CAP_PHY, &eht, 1);
        end_nest(to, type);
        end_nest(to, inner);
    }
    end_nest(to, at);
}

static void end_radio(struct made *made, struct wifi_wiphy *wiphy)
{
    end_nest(&made->bytes, made->bands);
    *wiphy = (struct wifi_wiphy){0};
    wifi_wiphy_parse(wiphy, bytes_of(&made->bytes));
    buffer_done(&made->bytes);
}

static void add_text(void *context, const char *channel)
{
    buffer_printf(context, "%s ", channel);
}

static void expect_offer(const struct wifi_offer *offer, const struct wifi_wiphy *wiphy,
                         const char *text)
{
    struct buffer list = {0};
    wifi_offer_list(offer, wiphy, add_text, &list);
    buffer_add_byte(&list, 0);
    assert_string_equal((const char *)list.data, text);
    buffer_done(&list);
}

static const struct wifi_offer usual = {.ht = true, .vht = true, .plain = true};

static void test_offer_in_2_4_ghz(void **state)
{
    struct wifi_wiphy wiphy;
    struct made made;
    struct wifi_offer offer = usual;
    begin_radio(&made);
    put_band(&made, NL80211_BAND_2GHZ, 2412, 2472, 5, 2472, NL80211_FREQUENCY_ATTR_DISABLED);
    end_radio(&made, &wiphy);
    assert_int_equal(wiphy.index, 7);
    assert_false(wiphy.has_monitor);
    expect_offer(&offer, &wiphy, "1 1HT40+ 2 3 4 5 6 6HT40+ 6HT40- 7 8 9 10 11 11HT40- 12 ");
    offer = (struct wifi_offer){.ht20 = true};
    expect_offer(&offer, &wiphy,
                 "1HT20 2HT20 3HT20 4HT20 5HT20 6HT20 7HT20 8HT20 9HT20 10HT20 11HT20 12HT20 ");
    offer = (struct wifi_offer){.plain = true, .bands = {[WIFI_BAND_5] = true}};
    expect_offer(&offer, &wiphy, "");
    assert_int_equal(judge(&wiphy, "13"), WIFI_FORBIDDEN);
    assert_int_equal(judge(&wiphy, "9HT40+"), WIFI_FORBIDDEN); /* its other half is 13 */
    assert_int_equal(judge(&wiphy, "8HT40+"), WIFI_FITS);
    assert_int_equal(judge(&wiphy, "12HT40-"), WIFI_FITS);
    assert_int_equal(judge(&wiphy, "14"), WIFI_UNKNOWN);
}

static void test_offer_in_5_ghz(void **state)
{
    struct wifi_wiphy wiphy;
    struct made made;
    struct wifi_offer offer = usual;
    begin_radio(&made);
    put_band(&made, NL80211_BAND_5GHZ, 5180, 5320, 20, 5300, NL80211_FREQUENCY_ATTR_NO_80MHZ);
    end_radio(&made, &wiphy);
    expect_offer(&offer, &wiphy,
                 "36 36HT40+ 36VHT80 40 40HT40- 40VHT80 44 44HT40+ 44VHT80 48 48HT40- 48VHT80 "
                 "52 52HT40+ 56 56HT40- 60 60HT40+ 64 64HT40- ");
    assert_int_equal(judge(&wiphy, "36VHT160"), WIFI_TOO_WIDE);
    begin_radio(&made);
    put_band(&made, NL80211_BAND_5GHZ, 5180, 5320, 20, 0, 0);
    end_radio(&made, &wiphy);
    offer = (struct wifi_offer){.vht = true, .pairs = true};
    expect_offer(&offer, &wiphy,
                 "36VHT80 36VHT160 36VHT80+80-5290 40VHT80 40VHT80+80-5290 44VHT80 "
                 "44VHT80+80-5290 48VHT80 48VHT80+80-5290 52VHT80 52VHT80+80-5210 56VHT80 "
                 "56VHT80+80-5210 60VHT80 60VHT80+80-5210 64VHT80 64VHT80+80-5210 ");
    /* Channels whose other half there is not, which Kismet lists all the same. */
    begin_radio(&made);
    put_band(&made, NL80211_BAND_5GHZ, 5805, 5825, 20, 0, 0);
    end_radio(&made, &wiphy);
    offer = usual;
    expect_offer(&offer, &wiphy, "161 165 ");
    assert_int_equal(judge(&wiphy, "165HT40-"), WIFI_FITS);
    assert_int_equal(judge(&wiphy, "165HT40+"), WIFI_TOO_WIDE);
}

static void test_offer_in_6_ghz(void **state)
{
    struct wifi_wiphy wiphy;
    struct made made;
    struct wifi_offer offer = usual;
    begin_radio(&made);
    put_band(&made, NL80211_BAND_6GHZ, 5955, 6255, 20, 6015, NL80211_FREQUENCY_ATTR_NO_HT40_MINUS);
    end_radio(&made, &wiphy);
    expect_offer(&offer, &wiphy,
                 "1W6e 5W6e 9W6e 13W6e 17W6e 21W6e 25W6e 29W6e 33W6e 37W6e 41W6e 45W6e 49W6e 53W6e "
                 "57W6e 61W6e ");
    offer = (struct wifi_offer){.he = true, .eht = true};
    struct buffer list = {0};
    wifi_offer_list(&offer, &wiphy, add_text, &list);
    buffer_add_byte(&list, 0);
    const char *text = (const char *)list.data;
    assert_non_null(strstr(text, "1W6e 1W6eHE40 1W6eHE80 1W6eHE160 1W6eEHT320 5W6e 5W6eHE40"));
    assert_non_null(strstr(text, " 9W6e 9W6eHE40 9W6eHE80 13W6e 13W6eHE80 17W6e"));
    assert_non_null(strstr(text, "33W6eHE160 "));
    assert_null(strstr(text, "33W6eEHT320"));
    buffer_done(&list);
}

/* More frequencies than there is room for, bands without names here, the same twice. */
static void test_odd_radios(void **state)
{
    struct wifi_wiphy wiphy;
    struct made made;
    begin_radio(&made);
    put_band(&made, NL80211_BAND_6GHZ, 5925, 7125, 1, 0, 0);
    put_band(&made, NL80211_BAND_60GHZ, 58320, 64800, 2160, 0, 0);
    end_radio(&made, &wiphy);
    assert_int_equal(wiphy.count, WIFI_FREQUENCIES);
    begin_radio(&made);
    put_band(&made, NL80211_BAND_2GHZ, 2412, 2412, 5, 0, 0);
    put_band(&made, NL80211_BAND_2GHZ, 2412, 2412, 5, 2412, NL80211_FREQUENCY_ATTR_DISABLED);
    put_band(&made, 99, 2437, 2437, 5, 0, 0);
    end_radio(&made, &wiphy);
    assert_int_equal(wiphy.count, 1);
    assert_int_equal(judge(&wiphy, "1"), WIFI_FORBIDDEN);
}

static void test_interface(void **state)
{
    struct buffer bytes = {0};
    struct wifi_interface interface;
    struct wifi_channel channel;
    char text[TOOL_CHANNEL_TEXT];
    put_u32(&bytes, NL80211_ATTR_IFINDEX, 12);
    put_text(&bytes, NL80211_ATTR_IFNAME, "wlan0mon");
    put_u32(&bytes, NL80211_ATTR_WIPHY, 3);
    put_u32(&bytes, NL80211_ATTR_IFTYPE, NL80211_IFTYPE_MONITOR);
    wifi_interface_parse(bytes_of(&bytes), &interface);
    assert_int_equal(wifi_interface_channel(&interface, &channel), -22);
    put_u32(&bytes, NL80211_ATTR_WIPHY_FREQ, 5180);
    put_u32(&bytes, NL80211_ATTR_CHANNEL_WIDTH, NL80211_CHAN_WIDTH_80);
    put_u32(&bytes, NL80211_ATTR_CENTER_FREQ1, 5210);
    wifi_interface_parse(bytes_of(&bytes), &interface);
    assert_int_equal(interface.index, 12);
    assert_string_equal(interface.name, "wlan0mon");
    assert_int_equal(interface.wiphy, 3);
    assert_int_equal(interface.type, NL80211_IFTYPE_MONITOR);
    assert_int_equal(wifi_interface_channel(&interface, &channel), 0);
    wifi_channel_write(&channel, text);
    assert_string_equal(text, "36VHT80");
    buffer_done(&bytes);
    put_text(&bytes, NL80211_ATTR_IFNAME, "a name that is longer than any can be");
    put_attribute(&bytes, NL80211_ATTR_IFINDEX, "\1", 1);
    wifi_interface_parse(bytes_of(&bytes), &interface);
    assert_string_equal(interface.name, "a name that is ");
    assert_int_equal(interface.index, 0);
    buffer_done(&bytes);
}

static void test_link(void **state)
{
    struct buffer bytes = {0};
    struct wifi_link link;
    struct ifinfomsg header = {.ifi_index = 5, .ifi_type = 803, .ifi_flags = 1};
    struct rtnl_link_stats64 counters = {.rx_missed_errors = 3, .rx_fifo_errors = 40};
    buffer_add(&bytes, &header, sizeof header);
    put_text(&bytes, IFLA_IFNAME, "wlan0mon");
    put_attribute(&bytes, IFLA_ADDRESS, "\2\0\0\1\2\3", 6);
    put_attribute(&bytes, IFLA_STATS64, &counters, sizeof counters);
    wifi_link_parse(bytes_of(&bytes), &link);
    assert_int_equal(link.index, 5);
    assert_true(link.is_up);
    assert_true(wifi_link_is_monitor(&link));
    assert_string_equal(link.name, "wlan0mon");
    assert_int_equal(macaddr_u64(link.address) >> 16, 0x020000010203);
    assert_int_equal(link.lost, 43);
    for (size_t length = 0; length < bytes.length; length++)
        wifi_link_parse((struct slice){bytes.data, length}, &link);
    buffer_done(&bytes);
    put_attribute(&bytes, IFLA_ADDRESS, "\2\0\0\1", 4); /* shorter than its header, too */
    wifi_link_parse(bytes_of(&bytes), &link);
    assert_int_equal(link.index, 0);
    buffer_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_radio),   cmocka_unit_test(test_cut_off_and_damaged),
        cmocka_unit_test(test_offer_in_2_4_ghz), cmocka_unit_test(test_offer_in_5_ghz),
        cmocka_unit_test(test_offer_in_6_ghz),   cmocka_unit_test(test_odd_radios),
        cmocka_unit_test(test_interface),        cmocka_unit_test(test_link),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
