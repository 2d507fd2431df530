/* The timing of replayed frames: original spacing, rates, jumps of the file's clock, rounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/pace.h"

#define S 1000000000ULL

static void test_realtime(void **state)
{
    struct pace pace = {.mode = PACE_REALTIME};
    struct pace_now now = {.monotonic_ns = 100 * S, .wall_ns = 5000 * S};
    pace_restart(&pace, now, 0);
    assert_int_equal(pace_due(&pace, 7 * S, now), 100 * S);
    assert_int_equal(pace_stamp(&pace, 7 * S, now), 5000 * S);
    assert_int_equal(pace_due(&pace, 9 * S, now), 102 * S);
    assert_int_equal(pace_stamp(&pace, 9 * S, now), 5002 * S);
    /* a little out of order: due in the past */
    assert_int_equal(pace_due(&pace, 9 * S - 1000, now), 102 * S - 1000);
    /* far back or far ahead: not waited for */
    now.monotonic_ns += 3 * S;
    now.wall_ns += 3 * S;
    assert_int_equal(pace_due(&pace, 1 * S, now), 103 * S);
    assert_int_equal(pace_stamp(&pace, 1 * S, now), 5003 * S);
    assert_int_equal(pace_due(&pace, 1000000 * S, now), 103 * S);
    assert_int_equal(pace_due(&pace, 1000001 * S, now), 104 * S);
    /* the next round starts a gap later */
    pace_restart(&pace, now, S / 10);
    assert_int_equal(pace_due(&pace, 7 * S, now), 103 * S + S / 10);
    assert_int_equal(pace_due(&pace, 8 * S, now), 104 * S + S / 10);
}

/* Frames keep their spacing and go out at the time that the wall clock shows by then. */
static void test_the_wall_clock_is_set(void **state)
{
    const uint64_t years = 40 * 365 * 24 * 3600ULL * S;
    struct pace pace = {.mode = PACE_REALTIME};
    struct pace_now now = {.monotonic_ns = 100 * S, .wall_ns = years + 5000 * S};
    pace_restart(&pace, now, 0);
    assert_int_equal(pace_due(&pace, 7 * S, now), 100 * S);
    assert_int_equal(pace_stamp(&pace, 7 * S, now), years + 5000 * S);
    now = (struct pace_now){101 * S, 2 * years + 5001 * S};
    assert_int_equal(pace_due(&pace, 8 * S, now), 101 * S);
    assert_int_equal(pace_stamp(&pace, 8 * S, now), 2 * years + 5001 * S);
    now = (struct pace_now){102 * S, 5002 * S};
    assert_int_equal(pace_due(&pace, 9 * S, now), 102 * S);
    assert_int_equal(pace_stamp(&pace, 9 * S, now), 5002 * S);
    now.wall_ns += S / 2; /* half a second is not worth a jump */
    assert_int_equal(pace_stamp(&pace, 9 * S, now), 5002 * S);
}

static void test_rate(void **state)
{
    struct pace pace = {.mode = PACE_RATE, .rate = 4};
    struct pace_now now = {.monotonic_ns = 100 * S, .wall_ns = 5000 * S};
    pace_restart(&pace, now, 0);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(pace_due(&pace, i, now), 100 * S + i * S / 4);
        assert_int_equal(pace_stamp(&pace, i, now), i);
    }
    pace.rebased = true;
    assert_int_equal(pace_stamp(&pace, 7, now), 5000 * S);
}

static void test_unpaced(void **state)
{
    struct pace pace = {.mode = PACE_FREE};
    struct pace_now now = {.monotonic_ns = 100 * S, .wall_ns = 5000 * S};
    assert_int_equal(pace_due(&pace, 7 * S, now), 0);
    assert_int_equal(pace_stamp(&pace, 7 * S, now), 7 * S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_realtime),
        cmocka_unit_test(test_the_wall_clock_is_set),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_unpaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
