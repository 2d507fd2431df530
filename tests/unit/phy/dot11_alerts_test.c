/* The alerts of 802.11 where captures alone do not show them: several sources, packet times to the
 * nanosecond, rules that cannot be read, stations without an alert engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "air.h"
#include "phy/dot11_alerts.h"
#include "track/device.h"
#include "util/hash.h"

static uint64_t now_us(void *context)
{
    return 1700000000000000;
}

/* An engine of alerts with these options, KEY then VALUE, NULL-ended. */
struct bench {
    struct options *options;
    struct alert *alert;
    struct buffer why;
    struct air air;
};

static void set_up(struct bench *bench, const char *const *settings)
{
    static struct option_table tables[3];
    tables[0] = (struct option_table){"Alerts", alert_options, alert_options_count};
    tables[1] = (struct option_table){"Wi-Fi", dot11_alerts_options, dot11_alerts_options_count};
    *bench = (struct bench){.options = options_new(tables)};
    for (; settings && *settings; settings += 2)
        assert_int_equal(options_set(bench->options, settings[0], settings[1], &bench->why), 0);
    struct alert_config config = {.options = bench->options, .now_us = now_us};
    bench->alert = alert_new(&config, &bench->why);
    bench->air = air_new_with(roomy, bench->alert, bench->options, &bench->why);
}

static void tear_down(struct bench *bench)
{
    air_free(&bench->air);
    alert_free(bench->alert);
    options_free(bench->options);
    buffer_done(&bench->why);
}

static unsigned count(struct bench *bench, const char *name)
{
    struct alert_record records[50];
    uint32_t all = backlog_copy(alert_backlog(bench->alert), records);
    unsigned found = 0;
    for (uint32_t i = 0; i < all; i++)
        found += strcmp(records[i].header, name) == 0;
    return found;
}

/* One transmission of a deauthentication, heard by these sources. */
static void deauth(struct air *air, uint8_t number, const uint16_t *sources, unsigned source_count)
{
    begin(air, 0xc0, 0, client, ap, ap);
    air->frame.data[22] = (uint8_t)(number << 4);
    add(air, "\7\0", 2);
    for (unsigned i = 0; i < source_count; i++)
        send_on(air, LINKTYPE_IEEE802_11, sources[i]);
}

/* From the second source on, transmissions are told apart. */
static void warm_up(struct air *air)
{
    for (uint16_t source = 0; source < 3; source++) {
        begin(air, 0x80, 0, everyone, ap, ap);
        add(air, "\1\2\3\4\5\6\7\x8\x64\0\x11\4", 12);
        send_on(air, LINKTYPE_IEEE802_11, source);
    }
}

static void a_flood_counts_transmissions_not_sources(void **state)
{
    static const uint16_t all[] = {0, 1, 2};
    struct bench bench;
    set_up(&bench, NULL);
    warm_up(&bench.air);
    for (uint8_t i = 0; i < 10; i++)
        deauth(&bench.air, i, all, 3);
    assert_int_equal(count(&bench, "DEAUTHFLOOD"), 0);
    deauth(&bench.air, 10, all, 3);
    assert_int_equal(count(&bench, "DEAUTHFLOOD"), 1);
    assert_int_equal(device_find(bench.air.store, 0, ap)->alerts, 1);
    tear_down(&bench);
}

static void the_same_octets_again_are_a_flood(void **state)
{
    static const uint16_t all[] = {0, 1, 2};
    struct bench bench;
    set_up(&bench, NULL);
    warm_up(&bench.air);
    for (uint8_t i = 0; i < 11; i++)
        deauth(&bench.air, 5, all, 3);
    assert_int_equal(count(&bench, "DEAUTHFLOOD"), 1);
    tear_down(&bench);
}

static void gaps_are_measured_exactly(void **state)
{
    struct dot11_device bss = {0};
    uint64_t time = 1700000000000000000;
    unsigned floods = 0;
    for (int i = 0; i < 22; i++, time += 1000000000)
        floods += dot11_alerts_count_disconnect(&bss, time);
    assert_int_equal(floods, 2);
    for (int i = 0; i < 100; i++, time += 1000000001)
        floods += dot11_alerts_count_disconnect(&bss, time);
    assert_int_equal(floods, 2);
    assert_int_equal(bss.disconnects_last, (time - 1000000001) / 1000000000);
    for (int i = 0; i < 11; i++)
        floods += dot11_alerts_count_disconnect(&bss, time); /* all at once */
    assert_int_equal(floods, 3);
    assert_int_equal(bss.disconnects, 0);
}

static void unknown_bssids_do_no_harm(void **state)
{
    struct bench bench;
    set_up(&bench, NULL);
    for (int i = 0; i < 20; i++) {
        begin(&bench.air, 0xa0, 0, everyone, client, wired);
        send_frame(&bench.air);
    }
    assert_int_equal(count(&bench, "DEAUTHFLOOD"), 0);
    assert_int_equal(count(&bench, "BCASTDISCON"), 2);
    tear_down(&bench);
}

static void bad_rules_are_told_and_passed_over(void **state)
{
    static const char *const settings[] = {
        "apspoof",    "home:ssid=\"home\"",   "apspoof",    "a:ssid=\"home\",validmacs=\"x\"",
        "ssidcanary", "b:ssidregex=\"(bad\"", "ssidcanary", "c:ssid=\"bait\"",
        NULL};
    struct bench bench;
    set_up(&bench, settings);
    buffer_add_byte(&bench.why, 0);
    const char *text = (const char *)bench.why.data;
    assert_non_null(strstr(text, "apspoof=home:ssid=\"home\": validmacs="));
    assert_non_null(strstr(text, "'x' is no address"));
    assert_non_null(strstr(text, "is wrong at offset"));
    assert_null(strstr(text, "bait"));
    tear_down(&bench);
}

static void networks_change_without_anybody_to_tell(void **state)
{
    struct air air = air_new(roomy);
    for (int i = 0; i < 30; i++) {
        begin(&air, 0x80, 0, everyone, ap, ap);
        add(&air, "\1\2\3\4\5\6\7\x8\x64\0", 10);
        add(&air, i % 2 ? "\x11\4" : "\1\4", 2);
        add_element(&air, 3, (const char[]){(char)(i + 1)}, 1);
        send_frame(&air);
        begin(&air, 0xc0, 0, everyone, ap, ap);
        send_frame(&air);
    }
    assert_int_equal(device_find(air.store, 0, ap)->alerts, 0);
    air_free(&air);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_counts_transmissions_not_sources),
        cmocka_unit_test(the_same_octets_again_are_a_flood),
        cmocka_unit_test(gaps_are_measured_exactly),
        cmocka_unit_test(unknown_bssids_do_no_harm),
        cmocka_unit_test(bad_rules_are_told_and_passed_over),
        cmocka_unit_test(networks_change_without_anybody_to_tell),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
