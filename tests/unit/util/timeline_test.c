/* The wall clock is set, forward and back, by a little and by years: steps are told once, and marks
 * never go back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/timeline.h"

#define S     1000000000ULL
#define YEAR  (365 * 24 * 3600ULL)
#define START (30 * YEAR)

static struct timeline timeline;
static struct timeline_clock clock_now;

static int begin(void **state)
{
    timeline = (struct timeline){0};
    clock_now = (struct timeline_clock){.wall_ns = START * S, .boot_ns = 17 * S};
    return 0;
}

/* Lets time pass, sets the clock, reads. */
static struct timeline_reading after(uint64_t nanoseconds, int64_t set_by_ns)
{
    clock_now.boot_ns += nanoseconds;
    clock_now.wall_ns += nanoseconds + (uint64_t)set_by_ns;
    return timeline_read(&timeline, clock_now);
}

static void expect(struct timeline_reading reading, uint64_t now, uint64_t mark, int64_t step,
                   uint64_t leap)
{
    assert_int_equal(reading.now, now);
    assert_int_equal(reading.mark, mark);
    assert_int_equal(reading.step, step);
    assert_int_equal(reading.leap, leap);
}

static void the_first_reading_is_no_step(void **state)
{
    expect(after(0, 0), START, START, 0, 0);
    expect(after(5 * S, 0), START + 5, START + 5, 0, 0);
}

static void forward(void **state)
{
    after(0, 0);
    expect(after(S, 26 * YEAR * S), START + 26 * YEAR + 1, START + 26 * YEAR + 1, 26 * YEAR,
           26 * YEAR);
    expect(after(S, 0), START + 26 * YEAR + 2, START + 26 * YEAR + 2, 0, 0);
}

static void back_marks_go_on_ahead(void **state)
{
    after(0, 0);
    expect(after(S, -(int64_t)(3 * YEAR * S)), START - 3 * YEAR + 1, START + 1, -3 * (int64_t)YEAR,
           0);
    expect(after(10 * S, 0), START - 3 * YEAR + 11, START + 11, 0, 0);
}

static void back_and_forward_again_is_as_before(void **state)
{
    after(0, 0);
    after(S, -(int64_t)(3 * YEAR * S));
    expect(after(S, 3 * YEAR * S), START + 2, START + 2, 3 * YEAR, 0);
    expect(after(S, 2 * YEAR * S), START + 2 * YEAR + 3, START + 2 * YEAR + 3, 2 * YEAR, 2 * YEAR);
    after(S, -(int64_t)(YEAR * S));
    expect(after(S, 3 * YEAR * S), START + 4 * YEAR + 5, START + 4 * YEAR + 5, 3 * YEAR, 2 * YEAR);
}

static void little_is_let_pass_until_it_adds_up(void **state)
{
    after(0, 0);
    expect(after(10 * S, -(int64_t)S), START + 9, START + 9, 0, 0);
    expect(after(S / 2, -(int64_t)S * 9 / 10), START + 8, START + 9, 0, 0); /* stands still */
    expect(after(S, -(int64_t)S * 2 / 10), START + 9, START + 11, -2, 0);
    expect(after(10 * S, 0), START + 19, START + 21, 0, 0);
}

static void marks_never_go_back(void **state)
{
    uint64_t mark = 0;
    srand(1);
    for (int i = 0; i < 200000; i++) {
        int64_t set = 0;
        switch (rand() % 20) {
        case 0: set = (rand() % 8000 - 4000) * (int64_t)(S / 1000); break;
        case 1: set = (rand() % 200 - 100) * (int64_t)(3600 * S); break;
        case 2: set = (rand() % 11 - 5) * (int64_t)(YEAR * S); break;
        default: break;
        }
        if (clock_now.wall_ns < 10 * YEAR * S)
            set = 10 * YEAR * S;
        if (clock_now.wall_ns > 200 * YEAR * S)
            set = -(int64_t)(100 * YEAR * S);
        struct timeline_reading reading = after((uint64_t)rand() % S, set);
        assert_true(reading.mark >= mark && reading.mark >= reading.now);
        assert_true(!reading.leap || reading.step > 0);
        mark = reading.mark;
    }
}

static void times_move_along(void **state)
{
    assert_int_equal(timeline_move(0, 5), 0); /* no time */
    assert_int_equal(timeline_move(100, 5), 105);
    assert_int_equal(timeline_move(100, -5), 95);
    assert_int_equal(timeline_move(100, -100), 1);
    assert_int_equal(timeline_move(100, -5000), 1);
    assert_int_equal(timeline_move(START, -(int64_t)YEAR), START - YEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_reading_is_no_step, begin),
        cmocka_unit_test_setup(forward, begin),
        cmocka_unit_test_setup(back_marks_go_on_ahead, begin),
        cmocka_unit_test_setup(back_and_forward_again_is_as_before, begin),
        cmocka_unit_test_setup(little_is_let_pass_until_it_adds_up, begin),
        cmocka_unit_test_setup(marks_never_go_back, begin),
        cmocka_unit_test_setup(times_move_along, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
