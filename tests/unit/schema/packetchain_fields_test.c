/* Packet statistics: totals become rates, the peak is the greatest of them, the depth is no rate,
 * totals that are begun anew, a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/packetchain_fields.h"

enum { NOW = 7200 };

static struct rrd_record ring_of(const struct packetchain *chain, enum packetchain_count ring,
                                 uint64_t now)
{
    struct rrd_record record;
    packetchain_render(chain, ring, now, &record);
    return record;
}

static void take(struct packetchain *chain, uint64_t now, uint64_t packets, uint64_t queued)
{
    const uint64_t totals[PACKETCHAIN_COUNTS] = {
        [PACKETCHAIN_PACKETS] = packets,
        [PACKETCHAIN_ERROR] = packets / 10,
        [PACKETCHAIN_QUEUED] = queued,
    };
    packetchain_take(chain, now, totals);
}

static void test_totals_become_rates(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 600, 0);
    take(&chain, NOW + 1, 660, 0);
    struct rrd_record rate = ring_of(&chain, PACKETCHAIN_PACKETS, NOW + 1);
    assert_true(rate.minute[0] == 600 && rate.minute[1] == 60 && rate.last_value == 60);
    assert_true(rate.hour[0] == 11); /* a minute's mean */
    assert_true(ring_of(&chain, PACKETCHAIN_ERROR, NOW + 1).last_value == 6);
    assert_true(ring_of(&chain, PACKETCHAIN_DROPPED, NOW + 1).last_value == 0);
}

static void test_the_peak_is_the_greatest_rate(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 600, 0);
    take(&chain, NOW + 1, 660, 0);
    struct rrd_record peak = ring_of(&chain, PACKETCHAIN_PEAK, NOW + 1);
    assert_true(peak.minute[1] == 60 && peak.hour[0] == 600 && peak.day[2] == 600);
}

static void test_the_peak_is_of_whole_seconds(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 40, 0);
    take(&chain, NOW, 100, 0);
    assert_true(ring_of(&chain, PACKETCHAIN_PEAK, NOW).last_value == 100);
    assert_true(ring_of(&chain, PACKETCHAIN_PACKETS, NOW).last_value == 100);
}

static void test_the_depth_is_no_rate(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 0, 500);
    take(&chain, NOW + 1, 0, 200);
    struct rrd_record depth = ring_of(&chain, PACKETCHAIN_QUEUED, NOW + 1);
    assert_true(depth.minute[0] == 500 && depth.minute[1] == 200 && depth.hour[0] == 500);
}

static void test_a_total_may_begin_anew(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 1000, 0);
    take(&chain, NOW + 1, 30, 0);
    assert_true(ring_of(&chain, PACKETCHAIN_PACKETS, NOW + 1).last_value == 30);
}

static void test_values_keep_their_age_when_the_clock_is_set(void **state)
{
    struct packetchain chain = {0};
    take(&chain, NOW, 7, 0);
    packetchain_shift(&chain, 1000);
    struct rrd_record rate = ring_of(&chain, PACKETCHAIN_PACKETS, NOW + 1000);
    assert_true(rate.last_value == 7 && rate.minute[(NOW + 1000) % 60] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals_become_rates),
        cmocka_unit_test(test_the_peak_is_the_greatest_rate),
        cmocka_unit_test(test_the_peak_is_of_whole_seconds),
        cmocka_unit_test(test_the_depth_is_no_rate),
        cmocka_unit_test(test_a_total_may_begin_anew),
        cmocka_unit_test(test_values_keep_their_age_when_the_clock_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
