/* Rates of alerts: their text, and what passes when, with times that the test makes up. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "alert/alert_rate.h"

#define SECONDS 1000000000ULL

static const struct alert_throttle usual = {.rate = {10, ALERT_MINUTE}, .burst = {1, ALERT_SECOND}};

static void rates_have_a_text(void **state)
{
    static const struct {
        const char *text;
        struct alert_rate rate;
    } good[] = {
        {"10/min", {10, ALERT_MINUTE}},  {"1/sec", {1, ALERT_SECOND}},
        {"2/second", {2, ALERT_SECOND}}, {"5/minute", {5, ALERT_MINUTE}},
        {"3/HR", {3, ALERT_HOUR}},       {"4/hour", {4, ALERT_HOUR}},
        {"1/day", {1, ALERT_DAY}},       {"7", {7, ALERT_MINUTE}},
        {"0/min", {0, ALERT_MINUTE}},
    };
    static const char *const bad[] = {"",         "/",  "/min",   "x/min",  "-1/min",
                                      "1/week",   "1/", "1 /min", "1/mins", "99999999999/min",
                                      "1/min/sec"};
    struct buffer why = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct alert_rate rate = {99, 99};
        assert_int_equal(alert_rate_parse(good[i].text, strlen(good[i].text), &rate, &why), 0);
        assert_int_equal(rate.count, good[i].rate.count);
        assert_int_equal(rate.unit, good[i].rate.unit);
    }
    assert_int_equal(why.length, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct alert_rate rate = {99, 99};
        why.length = 0;
        assert_int_equal(alert_rate_parse(bad[i], strlen(bad[i]), &rate, &why), -EINVAL);
        assert_int_equal(rate.count, 99);
        assert_true(why.length > 0);
    }
    why.length = 0;
    alert_rate_write((struct alert_rate){3, ALERT_HOUR}, &why);
    assert_memory_equal(why.data, "3/hour", why.length);
    buffer_done(&why);
}

/* How many of `attempts`, `step_ns` apart from `begin_ns` on, pass. */
static unsigned passing(struct alert_throttle *throttle, uint64_t begin_ns, uint64_t step_ns,
                        unsigned attempts)
{
    unsigned passed = 0;
    for (unsigned i = 0; i < attempts; i++)
        passed += alert_rate_pass(throttle, begin_ns + i * step_ns);
    return passed;
}

static void a_rate_of_nothing_is_mute(void **state)
{
    struct alert_throttle throttle = {.rate = {0, ALERT_MINUTE}, .burst = {1, ALERT_SECOND}};
    assert_int_equal(passing(&throttle, 0, 100 * SECONDS, 100), 0);
}

static void bursts_are_cut_and_come_again(void **state)
{
    struct alert_throttle throttle = usual;
    assert_true(alert_rate_pass(&throttle, 1000 * SECONDS));
    assert_false(alert_rate_pass(&throttle, 1000 * SECONDS));
    assert_false(alert_rate_pass(&throttle, 1001 * SECONDS)); /* a second later is not longer */
    assert_true(alert_rate_pass(&throttle, 1001 * SECONDS + 1));
    assert_int_equal(throttle.total_sent, 2);
    assert_int_equal(throttle.burst_sent, 1);
    throttle = usual;
    throttle.burst.count = 2;
    assert_int_equal(passing(&throttle, 5 * SECONDS, SECONDS / 10, 10), 2);
}

static void the_rate_counts_until_its_unit_has_been_quiet(void **state)
{
    struct alert_throttle throttle = usual;
    uint64_t step = 2 * SECONDS;
    assert_int_equal(passing(&throttle, 100 * SECONDS, step, 10), 10);
    uint64_t last = 100 * SECONDS + 9 * step;
    assert_false(alert_rate_pass(&throttle, last + step));
    assert_false(alert_rate_pass(&throttle, last + 60 * SECONDS));
    assert_true(alert_rate_pass(&throttle, last + 60 * SECONDS + 1));
    assert_int_equal(throttle.total_sent, 1);
}

static void no_burst_leaves_one_each_unit(void **state)
{
    struct alert_throttle throttle = {.rate = {10, ALERT_MINUTE}, .burst = {0, ALERT_SECOND}};
    assert_int_equal(passing(&throttle, 100 * SECONDS, SECONDS, 60), 1);
    assert_true(alert_rate_pass(&throttle, 161 * SECONDS));
}

static void a_clock_that_goes_back_does_not_mute(void **state)
{
    struct alert_throttle throttle = usual;
    assert_true(alert_rate_pass(&throttle, 5000 * SECONDS));
    assert_false(alert_rate_pass(&throttle, 5000 * SECONDS - SECONDS / 2));
    assert_true(alert_rate_pass(&throttle, 10 * SECONDS));
    assert_false(alert_rate_pass(&throttle, 10 * SECONDS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_have_a_text),
        cmocka_unit_test(a_rate_of_nothing_is_mute),
        cmocka_unit_test(bursts_are_cut_and_come_again),
        cmocka_unit_test(the_rate_counts_until_its_unit_has_been_quiet),
        cmocka_unit_test(no_burst_leaves_one_each_unit),
        cmocka_unit_test(a_clock_that_goes_back_does_not_mute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
