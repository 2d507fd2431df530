/* Trails: places between fixes, how long they hold, gaps, bounds, copies. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/trail.h"

#define S      1000000000ULL
#define MS     1000000ULL
#define BEGIN  (1700000000 * S)
#define HOLD_S 30

static struct trail trail, copy;

static int set_up(void **state)
{
    memset(&trail, 0, sizeof trail);
    trail.hold_ns = HOLD_S * S;
    return 0;
}

static void add(uint64_t after_ns, double latitude, double longitude)
{
    struct location location = {
        .point = {longitude, latitude}, .altitude = latitude * 10, .fix = 3, .accuracy = 5};
    trail_add(&trail, BEGIN + after_ns, &location);
}

static void add_gap(uint64_t after_ns)
{
    struct location none = {0};
    trail_add(&trail, BEGIN + after_ns, &none);
}

static void assert_at(uint64_t after_ns, double latitude, double longitude)
{
    struct location found;
    assert_true(trail_find(&trail, BEGIN + after_ns, &found));
    if (fabs(found.point.latitude - latitude) > 1e-9 ||
        fabs(found.point.longitude - longitude) > 1e-9)
        fail_msg("%f %f", found.point.latitude, found.point.longitude);
}

static void assert_nowhere(uint64_t after_ns)
{
    struct location found;
    assert_false(trail_find(&trail, BEGIN + after_ns, &found));
}

static void interpolates_between_fixes(void **state)
{
    struct location found;
    assert_nowhere(0);
    add(0, 10, 20);
    add(4 * S, 11, 18);
    assert_at(0, 10, 20);
    assert_at(1 * S, 10.25, 19.5);
    assert_at(4 * S, 11, 18);
    assert_true(trail_find(&trail, BEGIN + 2500 * MS, &found));
    assert_true(fabs(found.altitude - 106.25) < 1e-9);
    assert_int_equal(found.fix, 3);
    assert_int_equal(found.seconds, 1700000002);
    assert_int_equal(found.microseconds, 500000);
}

static void holds_the_newest_for_a_while(void **state)
{
    add(0, 10, 20);
    assert_at(HOLD_S * S, 10, 20);
    assert_nowhere(HOLD_S * S + 1);
    assert_nowhere((uint64_t)-1); /* before the first: BEGIN - 1 */
}

static void does_not_bridge_what_is_too_long(void **state)
{
    add(0, 10, 20);
    add(40 * S, 11, 20);
    assert_at(20 * S, 10, 20); /* held, not drawn towards the next */
    assert_nowhere(35 * S);
    assert_at(40 * S, 11, 20);
}

static void knows_nothing_within_a_gap(void **state)
{
    add(0, 10, 20);
    add_gap(2 * S);
    add(5 * S, 11, 20);
    assert_at(2 * S - 1, 10, 20);
    assert_nowhere(2 * S);
    assert_nowhere(5 * S - 1);
    assert_at(5 * S, 11, 20);
    add(6 * S, 12, 20);
    add_gap(5 * S); /* of a clock that is a little ahead: still a gap from now on */
    assert_at(6 * S, 12, 20);
    assert_nowhere(7 * S);
}

static void crosses_the_date_line_the_short_way(void **state)
{
    add(0, 0, 179);
    add(2 * S, 0, -179);
    struct location found;
    assert_true(trail_find(&trail, BEGIN + 1 * S, &found));
    assert_true(fabs(fabs(found.point.longitude) - 180) < 1e-9);
    assert_at(500 * MS, 0, 179.5);
    assert_at(1500 * MS, 0, -179.5);
}

static void a_second_word_of_the_same_moment_counts(void **state)
{
    add(0, 10, 20);
    add(0, 11, 20);
    assert_int_equal(trail.count, 1);
    assert_at(0, 11, 20);
}

static void lets_older_fixes_go_and_begins_anew_with_the_clock(void **state)
{
    add(100 * S, 10, 20);
    add(90 * S, 11, 20);
    assert_at(100 * S, 10, 20);
    add(10 * S, 12, 20); /* set back by more than a minute */
    assert_at(11 * S, 12, 20);
    assert_int_equal(trail.count, 1);
}

static void is_bounded_and_covers_minutes_at_any_rate(void **state)
{
    for (uint64_t i = 0; i < 100000; i++) /* ten a second */
        add(i * 100 * MS, (double)i / 1e6, 0);
    assert_true(trail.count <= TRAIL_POINTS);
    uint64_t last = 99999 * 100 * MS;
    assert_at(last, 0.099999, 0);
    assert_at(last - 240 * S, 0.099999 - 0.0024, 0);
    struct location found;
    assert_false(trail_find(&trail, BEGIN, &found));
}

static void copies_what_the_times_need(void **state)
{
    for (uint64_t i = 0; i < 100; i++)
        add(i * S, (double)i, 0);
    trail_copy(&trail, BEGIN + 50500 * MS, BEGIN + 52500 * MS, &copy);
    assert_int_equal(copy.count, 4); /* 50, 51, 52, 53 */
    struct location found;
    assert_true(trail_find(&copy, BEGIN + 50500 * MS, &found));
    assert_true(fabs(found.point.latitude - 50.5) < 1e-9);
    assert_true(trail_find(&copy, BEGIN + 52500 * MS, &found));
    assert_true(fabs(found.point.latitude - 52.5) < 1e-9);
    trail_copy(&trail, BEGIN - 1, BEGIN + 200 * S, &copy);
    assert_int_equal(copy.count, 100);
    trail_copy(&trail, BEGIN + 120 * S, BEGIN + 121 * S, &copy);
    assert_int_equal(copy.count, 1);
    trail_copy(&trail, 0, 1, &copy);
    assert_false(trail_find(&copy, 1, &found));
}

static void a_pinned_place_is_good_for_ever(void **state)
{
    struct location place = {.point = {8.5, 47.4}, .fix = 2}, found;
    trail_pin(&trail, &place);
    assert_true(trail_find(&trail, 1, &found));
    assert_true(trail_find(&trail, UINT64_MAX, &found));
    assert_true(found.point.longitude == 8.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(interpolates_between_fixes, set_up),
        cmocka_unit_test_setup(holds_the_newest_for_a_while, set_up),
        cmocka_unit_test_setup(does_not_bridge_what_is_too_long, set_up),
        cmocka_unit_test_setup(knows_nothing_within_a_gap, set_up),
        cmocka_unit_test_setup(crosses_the_date_line_the_short_way, set_up),
        cmocka_unit_test_setup(a_second_word_of_the_same_moment_counts, set_up),
        cmocka_unit_test_setup(lets_older_fixes_go_and_begins_anew_with_the_clock, set_up),
        cmocka_unit_test_setup(is_bounded_and_covers_minutes_at_any_rate, set_up),
        cmocka_unit_test_setup(copies_what_the_times_need, set_up),
        cmocka_unit_test_setup(a_pinned_place_is_good_for_ever, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
