/* The coverage ledger: what it keeps, what it forgets, and its arithmetic against simulation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "capture/ledger.h"

#define MINUTE 60000ULL
#define BEGIN  (1000 * MINUTE)

static struct ledger_report report;

static void near(double value, double expected, double tolerance)
{
    if (fabs(value - expected) > tolerance)
        print_error("%f is not %f\n", value, expected);
    assert_true(fabs(value - expected) <= tolerance);
}

static const struct ledger_channel *channel(const char *text)
{
    for (unsigned i = 0; i < report.channel_count; i++)
        if (strcmp(report.channels[i].text, text) == 0)
            return &report.channels[i];
    fail_msg("no channel %s", text);
    return NULL;
}

static void a_locked_radio_misses_nothing(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    ledger_listen(ledger, "6", BEGIN, BEGIN + 10 * MINUTE, true);
    ledger_read(ledger, BEGIN, BEGIN + 10 * MINUTE, NULL, &report);
    near(channel("6")->fraction, 1, 1e-9);
    near(channel("6")->listened, 600, 1e-9);
    near(channel("6")->beacon_missed, 0, 1e-9);
    near(channel("6")->frame_missed, 0, 1e-9);
    assert_int_equal(report.hops, 1);
    ledger_free(ledger);
}

static void time_that_was_not_listened_counts(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    ledger_listen(ledger, "6", BEGIN, BEGIN + MINUTE, true);
    ledger_miss(ledger, LEDGER_GAP_ERROR, BEGIN + MINUTE, BEGIN + 3 * MINUTE);
    ledger_miss(ledger, LEDGER_GAP_PAUSED, BEGIN + 3 * MINUTE, BEGIN + 4 * MINUTE);
    ledger_read(ledger, 0, BEGIN + 4 * MINUTE, "6", &report);
    assert_int_equal(report.begin_ms, BEGIN); /* there is nothing before it */
    near(channel("6")->fraction, 0.25, 1e-9);
    near(channel("6")->frame_missed, 0.75, 1e-9);
    near(report.gaps[LEDGER_GAP_ERROR], 120, 1e-9);
    near(report.gaps[LEDGER_GAP_PAUSED], 60, 1e-9);
    assert_true(report.slot_count == 5);
    near(channel("6")->slots[0], 1, 1e-9);
    near(channel("6")->slots[1], 0, 1e-9);
    ledger_free(ledger);
}

static void lost_frames_are_missed(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    const uint64_t counts[LEDGER_COUNTS] = {[LEDGER_FRAMES] = 750, [LEDGER_KERNEL_DROPS] = 250};
    ledger_count(ledger, BEGIN, counts);
    ledger_listen(ledger, "6", BEGIN, BEGIN + MINUTE, true);
    ledger_read(ledger, BEGIN, BEGIN + MINUTE - 1, NULL, &report);
    near(report.lost, 0.25, 1e-9);
    near(channel("6")->frame_missed, 0.25, 1e-4);
    near(channel("6")->beacon_missed, 0, 1e-9); /* 586 beacons, a quarter of them lost */
    ledger_free(ledger);
}

static void a_day_is_kept_and_no_more(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    uint64_t day = LEDGER_MINUTES * MINUTE, now = BEGIN + 3 * day;
    for (uint64_t at = BEGIN; at < now; at += MINUTE)
        ledger_listen(ledger, at < BEGIN + day ? "1" : "11", at, at + MINUTE, false);
    ledger_read(ledger, BEGIN, now, NULL, &report);
    assert_int_equal(report.channel_count, 1);
    near(channel("11")->fraction, 1, 1e-3);
    near(channel("11")->listened, day / 1000.0, 61);
    ledger_listen(ledger, "6", BEGIN, BEGIN + MINUTE, true); /* too late */
    ledger_read(ledger, BEGIN, now, "6", &report);
    assert_int_equal(report.channel_count, 0);
    ledger_listen(ledger, "6", now + 5 * day, now + 5 * day + 1, true); /* asleep for days */
    ledger_read(ledger, now, now + 5 * day + 1, NULL, &report);
    assert_int_equal(report.channel_count, 1);
    ledger_free(ledger);
}

static void channels_have_a_limit(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    for (unsigned i = 0; i < 2 * LEDGER_CHANNELS; i++) {
        char text[SOURCE_CHANNEL_TEXT];
        snprintf(text, sizeof text, "%u", 2000 + i);
        ledger_listen(ledger, text, BEGIN, BEGIN + 10, true);
    }
    ledger_read(ledger, BEGIN, BEGIN + MINUTE, NULL, &report);
    assert_int_equal(report.channel_count, LEDGER_CHANNELS);
    ledger_free(ledger);
}

static void refusals_are_no_visits(void **state)
{
    struct ledger *ledger = ledger_new(BEGIN);
    ledger_refuse(ledger, "165HT40-", BEGIN);
    ledger_read(ledger, BEGIN, BEGIN + MINUTE, NULL, &report);
    assert_int_equal(report.refused, 1);
    assert_int_equal(channel("165HT40-")->visits, 0);
    near(channel("165HT40-")->beacon_missed, 1, 1e-9);
    ledger_free(ledger);
}

static void names_of_channels(void **state)
{
    assert_true(ledger_is_channel("36VHT80", "36"));
    assert_true(ledger_is_channel("36VHT80", "36VHT80"));
    assert_true(ledger_is_channel("1W6eHE80", "1W6e"));
    assert_false(ledger_is_channel("1W6e", "1"));
    assert_false(ledger_is_channel("36", "3"));
    assert_false(ledger_is_channel("36", "36HT40+"));
    assert_false(ledger_is_channel("36", ""));
}

/* ---- simulation */

static uint64_t random_state = 1;

static double random_part(void)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(random_state >> 11) / (double)(1ULL << 53);
}

/* The part of many trials in which an access point on channel "6" went unheard while a radio
 * hopped for `seconds` over `channels` channels with this dwell, losing this share of frames. */
static double simulate_beacons(unsigned seconds, unsigned channels, double dwell, double lost)
{
    enum { TRIALS = 20000 };
    unsigned missed = 0;
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        double phase = random_part() * 102.4, end = seconds * 1000.0;
        bool heard = false;
        /* A shuffled radio comes by once in each cycle, at any time of it. */
        for (double cycle = 0; cycle < end && !heard; cycle += dwell * channels) {
            double at = cycle + random_part() * dwell * (channels - 1);
            double first = phase + ceil((at - phase) / 102.4) * 102.4;
            for (double beacon = first; beacon < at + dwell && !heard; beacon += 102.4)
                heard = random_part() >= lost;
        }
        missed += !heard;
    }
    return (double)missed / TRIALS;
}

/* What the ledger says of the same, with a frame count that makes that share lost. */
static double reckon_beacons(unsigned seconds, unsigned channels, double dwell, double lost)
{
    struct ledger *ledger = ledger_new(BEGIN);
    for (double at = 0; at < seconds * 1000.0; at += dwell * channels) {
        uint64_t begin = BEGIN + (uint64_t)at;
        ledger_listen(ledger, "6", begin, begin + (uint64_t)dwell, true);
    }
    uint64_t counts[LEDGER_COUNTS] = {[LEDGER_FRAMES] = 1000 - (uint64_t)(lost * 1000),
                                      [LEDGER_QUEUE_DROPS] = (uint64_t)(lost * 1000)};
    for (uint64_t minute = 0; minute <= seconds / 60; minute++)
        ledger_count(ledger, BEGIN + minute * MINUTE, counts);
    ledger_read(ledger, BEGIN, BEGIN + seconds * 1000, "6", &report);
    double missed = report.channel_count ? report.channels[0].beacon_missed : 1;
    ledger_free(ledger);
    return missed;
}

static void beacons_agree_with_simulation(void **state)
{
    static const struct {
        unsigned seconds, channels;
        double dwell, lost;
    } cases[] = {
        {10, 13, 200, 0}, {5, 40, 50, 0},   {30, 90, 50, 0.2},  {20, 90, 200, 0.5},
        {60, 40, 20, 0},  {10, 11, 100, 0}, {60, 200, 50, 0.9}, {4, 20, 40, 0.1},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        double simulated =
            simulate_beacons(cases[i].seconds, cases[i].channels, cases[i].dwell, cases[i].lost);
        double reckoned =
            reckon_beacons(cases[i].seconds, cases[i].channels, cases[i].dwell, cases[i].lost);
        if (fabs(simulated - reckoned) > 0.06)
            print_error("case %u: simulated %f, reckoned %f\n", i, simulated, reckoned);
        near(reckoned, simulated, 0.06);
    }
}

static void single_frames_agree_with_simulation(void **state)
{
    enum { TRIALS = 50000, CHANNELS = 13, DWELL = 200, SECONDS = 300 };
    struct ledger *ledger = ledger_new(BEGIN);
    unsigned missed = 0;
    for (uint64_t at = 0; at < SECONDS * 1000ULL; at += DWELL * CHANNELS)
        ledger_listen(ledger, "6", BEGIN + at, BEGIN + at + DWELL, true);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        double time = random_part() * SECONDS * 1000.0;
        missed += fmod(time, (double)DWELL * CHANNELS) >= DWELL;
    }
    ledger_read(ledger, BEGIN, BEGIN + SECONDS * 1000ULL, "6", &report);
    near(channel("6")->frame_missed, (double)missed / TRIALS, 0.01);
    ledger_free(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_locked_radio_misses_nothing),
        cmocka_unit_test(time_that_was_not_listened_counts),
        cmocka_unit_test(lost_frames_are_missed),
        cmocka_unit_test(a_day_is_kept_and_no_more),
        cmocka_unit_test(channels_have_a_limit),
        cmocka_unit_test(refusals_are_no_visits),
        cmocka_unit_test(names_of_channels),
        cmocka_unit_test(beacons_agree_with_simulation),
        cmocka_unit_test(single_frames_agree_with_simulation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
