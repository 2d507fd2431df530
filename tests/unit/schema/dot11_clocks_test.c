/* Access points by their timers: who is near, order under many changes, forged timers, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/dot11_clocks.h"
#include "schema/dot11_fields.h"

enum { MANY = 200, WINDOW = 1000 };

static struct device devices[MANY];
static struct dot11_device stations[MANY];

static struct dot11_clocks new_clocks(void)
{
    for (uint32_t i = 0; i < MANY; i++) {
        devices[i] = (struct device){.mac = {{0, 0x13, 0x10, 0, (uint8_t)(i >> 8), (uint8_t)i}}};
        stations[i] = (struct dot11_device){.device = &devices[i]};
    }
    return (struct dot11_clocks){.window_us = WINDOW};
}

/* How many are near a station; the first of them in *ret_first. */
static unsigned count_near(const struct dot11_clocks *clocks, unsigned station,
                           const struct dot11_device **ret_first)
{
    uint64_t step = 0;
    unsigned count = 0;
    const struct dot11_device *other;
    while ((other = dot11_clocks_next(clocks, &stations[station], &step))) {
        assert_ptr_not_equal(other, &stations[station]);
        if (ret_first && !count)
            *ret_first = other;
        count++;
    }
    return count;
}

static void test_timers_of_one_moment_are_near(void **state)
{
    struct dot11_clocks clocks = new_clocks();
    const struct dot11_device *first = NULL;
    dot11_clocks_set(&clocks, &stations[0], 5000, 1000000); /* began at 995000 */
    assert_int_equal(count_near(&clocks, 0, NULL), 0);
    dot11_clocks_set(&clocks, &stations[1], 105999, 1100000); /* at 994001 */
    dot11_clocks_set(&clocks, &stations[2], 6000, 1000000);   /* at 994000 */
    assert_int_equal(count_near(&clocks, 0, &first), 1);
    assert_ptr_equal(first, &stations[1]);
    assert_int_equal(count_near(&clocks, 1, NULL), 2);
    dot11_clocks_set(&clocks, &stations[1], 1, 1100000); /* was switched off */
    assert_int_equal(count_near(&clocks, 0, NULL), 0);
    dot11_clocks_done(&clocks);
}

static void test_no_timer_and_no_window(void **state)
{
    struct dot11_clocks clocks = new_clocks();
    dot11_clocks_set(&clocks, &stations[0], 0, 1000000);
    assert_int_equal(clocks.count, 0);
    clocks.window_us = 0;
    dot11_clocks_set(&clocks, &stations[0], 5, 1000000);
    assert_int_equal(clocks.count, 0);
    assert_int_equal(count_near(&clocks, 0, NULL), 0);
    dot11_clocks_done(&clocks);
}

static void test_forged_timers(void **state)
{
    struct dot11_clocks clocks = new_clocks();
    dot11_clocks_set(&clocks, &stations[0], UINT64_MAX, 1);
    dot11_clocks_set(&clocks, &stations[1], 1ull << 63, 0);
    dot11_clocks_set(&clocks, &stations[2], (1ull << 63) + 2, 1);
    assert_int_equal(count_near(&clocks, 0, NULL), 0);
    assert_int_equal(count_near(&clocks, 1, NULL), 0); /* the ends of time are far apart */
    for (unsigned i = 0; i < MANY; i++)
        dot11_clocks_set(&clocks, &stations[i], 7, 1000007);
    assert_int_equal(count_near(&clocks, MANY / 2, NULL), 2 * DOT11_CLOCKS_NEAR);
    assert_int_equal(count_near(&clocks, 0, NULL), DOT11_CLOCKS_NEAR);
    dot11_clocks_done(&clocks);
}

static void test_the_order_holds(void **state)
{
    struct dot11_clocks clocks = new_clocks();
    for (uint64_t turn = 1; turn <= 20000; turn++) {
        unsigned i = (unsigned)(turn * 7919 % MANY);
        if (turn % 11 == 0)
            dot11_clocks_remove(&clocks, &stations[i]);
        else
            dot11_clocks_set(&clocks, &stations[i], turn * 104729 % 5000 + 1, 1000000 + turn % 3);
    }
    for (uint32_t i = 1; i < clocks.count; i++)
        assert_true(clocks.list[i - 1]->clock_zero <= clocks.list[i]->clock_zero);
    for (unsigned i = 0; i < MANY; i++) {
        unsigned near = 0;
        for (uint32_t k = 0; k < clocks.count; k++) {
            int64_t apart = clocks.list[k]->clock_zero - stations[i].clock_zero;
            near += stations[i].has_clock && clocks.list[k] != &stations[i] && apart < WINDOW &&
                    apart > -WINDOW;
        }
        unsigned found = count_near(&clocks, i, NULL);
        assert_true(near > 2 * DOT11_CLOCKS_NEAR || found == near || found >= DOT11_CLOCKS_NEAR);
    }
    for (unsigned i = 0; i < MANY; i++)
        dot11_clocks_remove(&clocks, &stations[i]);
    assert_int_equal(clocks.count, 0);
    dot11_clocks_done(&clocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timers_of_one_moment_are_near),
        cmocka_unit_test(test_no_timer_and_no_window),
        cmocka_unit_test(test_forged_timers),
        cmocka_unit_test(test_the_order_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
