/* From a source's record, second by second, to its ledger; and when a source is called deaf. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/coverage.h"

enum { SECOND = 1000, DEAF = 10 * SECOND };
#define BEGIN 3600000ULL

static struct coverage coverage;
static struct source_status status;
static struct ledger_report report;
static uint64_t now;

static int set_up(void **state)
{
    now = BEGIN;
    coverage_init(&coverage, now);
    memset(&status, 0, sizeof status);
    status.state = SOURCE_RUNNING;
    coverage_tick(&coverage, &status, now, DEAF);
    return 0;
}

static int tear_down(void **state)
{
    coverage_done(&coverage);
    return 0;
}

/* Lets seconds pass in which `frames` arrive each; how often it was found deaf. */
static unsigned pass(unsigned seconds, unsigned frames)
{
    unsigned found = 0;
    while (seconds--) {
        now += SECOND;
        status.counts.packets += frames;
        found += coverage_tick(&coverage, &status, now, DEAF);
    }
    return found;
}

static double listened(const char *channel)
{
    ledger_read(coverage.ledger, BEGIN, now, channel, &report);
    return report.channel_count ? report.channels[0].listened : 0;
}

static void tune(bool hopping, const char *channel)
{
    status.tunable = true;
    status.hopping = hopping;
    strcpy(status.channel, channel);
}

static void a_locked_channel(void **state)
{
    tune(false, "6");
    pass(30, 5);
    assert_true(fabs(listened("6") - 30) < 0.01);
    assert_int_equal(report.counts[LEDGER_FRAMES], 150);
}

static void hopping_shares_the_time(void **state)
{
    tune(true, "");
    status.hop_rate = 5;
    status.hop_channels.count = 3;
    strcpy(status.hop_channels.text[0], "1");
    strcpy(status.hop_channels.text[1], "6");
    strcpy(status.hop_channels.text[2], "11");
    pass(30, 5);
    assert_true(fabs(listened("1") - 10) < 0.3);
    assert_true(fabs(listened("11") - 10) < 0.3);
    assert_true(report.channels[0].visits >= 49 && report.channels[0].visits <= 51);
}

static void what_the_tool_tells_is_not_inferred(void **state)
{
    tune(false, "6");
    coverage_listened(&coverage, "1", 200, true, now + 500);
    coverage_refused(&coverage, "14", now + 500);
    pass(10, 5);
    assert_true(listened("6") == 0);
    assert_true(fabs(listened("1") - 0.2) < 1e-9);
    ledger_read(coverage.ledger, BEGIN, now, "14", &report);
    assert_int_equal(report.refused, 1);
}

static void gaps_have_their_reasons(void **state)
{
    status.state = SOURCE_ERROR;
    pass(5, 0);
    status.state = SOURCE_CLOSED;
    pass(4, 0);
    status.state = SOURCE_RUNNING;
    status.paused = true;
    pass(3, 0);
    status.paused = false;
    pass(2, 1);
    assert_true(fabs(listened("?") - 2) < 0.01);
    assert_true(fabs(report.gaps[LEDGER_GAP_ERROR] - 5) < 0.01);
    assert_true(fabs(report.gaps[LEDGER_GAP_CLOSED] - 4) < 0.01);
    assert_true(fabs(report.gaps[LEDGER_GAP_PAUSED] - 3) < 0.01);
}

static void deaf_until_it_hears_again(void **state)
{
    assert_int_equal(pass(20, 1), 0);
    assert_int_equal(pass(9, 0), 0);
    assert_int_equal(pass(1, 0), 1);
    assert_true(status.deaf);
    status.state = SOURCE_OPENING; /* it is opened again, and stays deaf */
    assert_int_equal(pass(2, 0), 0);
    status.state = SOURCE_RUNNING;
    assert_int_equal(pass(20, 0), 2);
    assert_true(status.deaf);
    assert_int_equal(pass(1, 1), 0);
    assert_false(status.deaf);
    ledger_read(coverage.ledger, BEGIN, now, NULL, &report);
    assert_true(fabs(report.gaps[LEDGER_GAP_DEAF] - 20) < 1.1);
}

static void nobody_listens_while_the_machine_sleeps(void **state)
{
    tune(false, "6");
    pass(5, 1);
    now += 3600 * SECOND;
    assert_int_equal(pass(1, 1), 0);
    pass(5, 1);
    assert_true(fabs(listened("6") - 10) < 0.01);
}

static void files_and_pauses_are_not_deaf(void **state)
{
    status.paused = true;
    assert_int_equal(pass(60, 0), 0);
    status.paused = false;
    status.file_source = true;
    assert_int_equal(pass(60, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_locked_channel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hopping_shares_the_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_tool_tells_is_not_inferred, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gaps_have_their_reasons, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deaf_until_it_hears_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_listens_while_the_machine_sleeps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_and_pauses_are_not_deaf, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
