/* Fixes: distances, directions, and the filter against those that cannot be. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "geo/fix.h"

#define S 1000000000ULL

static const struct point zurich = {8.5417, 47.3769}, berne = {7.4474, 46.9480};
static const struct point sydney = {151.2093, -33.8688};

static enum fix_verdict judge(struct fix_filter *filter, uint64_t seconds, struct point point)
{
    return fix_judge(filter, seconds * S, point);
}

static struct point moved(struct point point, double north_metres)
{
    point.latitude += north_metres / 111195;
    return point;
}

static void measures(void **state)
{
    assert_true(fabs(fix_distance(zurich, berne) - 95500) < 500);
    assert_true(fix_distance(zurich, zurich) == 0);
    assert_true(fabs(fix_distance((struct point){179.5, 0}, (struct point){-179.5, 0}) - 111195) <
                100);
    assert_true(fabs(fix_bearing(zurich, moved(zurich, 100))) < 0.01);
    assert_true(fabs(fix_bearing(zurich, moved(zurich, -100)) - 180) < 0.01);
    assert_true(fabs(fix_bearing((struct point){10, 0}, (struct point){11, 0}) - 90) < 0.01);
    assert_true(fabs(fix_bearing((struct point){10, 0}, (struct point){9, 0}) - 270) < 0.01);
}

static void trusts_what_moves_as_things_do(void **state)
{
    struct fix_filter filter = {0};
    assert_int_equal(judge(&filter, 1, zurich), FIX_TRUSTED);
    assert_int_equal(judge(&filter, 2, moved(zurich, 300)), FIX_TRUSTED); /* an aeroplane */
    assert_int_equal(judge(&filter, 2, moved(zurich, 100)), FIX_TRUSTED); /* scatter */
    assert_int_equal(judge(&filter, 302, berne), FIX_TRUSTED);            /* time enough */
    assert_int_equal(judge(&filter, 100, moved(berne, 50)), FIX_TRUSTED); /* the clock was set */
}

static void doubts_a_jump_that_goes_back(void **state)
{
    struct fix_filter filter = {0};
    judge(&filter, 1, zurich);
    assert_int_equal(judge(&filter, 2, sydney), FIX_DOUBTFUL);
    assert_int_equal(judge(&filter, 3, berne), FIX_DOUBTFUL);
    assert_int_equal(judge(&filter, 4, moved(zurich, 10)), FIX_TRUSTED);
    assert_false(fix_settle(&filter, 100 * S));
}

static void believes_a_jump_that_stays(void **state)
{
    struct fix_filter filter = {0};
    judge(&filter, 1, zurich);
    assert_int_equal(judge(&filter, 2, sydney), FIX_DOUBTFUL);
    assert_int_equal(judge(&filter, 3, moved(sydney, 20)), FIX_MOVED);
    assert_int_equal(judge(&filter, 4, moved(sydney, 40)), FIX_TRUSTED);
    assert_int_equal(judge(&filter, 5, zurich), FIX_DOUBTFUL);
}

static void believes_a_jump_that_nobody_contradicts(void **state)
{
    struct fix_filter filter = {0};
    judge(&filter, 1, zurich);
    judge(&filter, 2, sydney);
    assert_false(fix_settle(&filter, 6 * S));
    assert_true(fix_settle(&filter, 7 * S));
    assert_false(fix_settle(&filter, 8 * S));
    assert_int_equal(judge(&filter, 9, moved(sydney, 10)), FIX_TRUSTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures),
        cmocka_unit_test(trusts_what_moves_as_things_do),
        cmocka_unit_test(doubts_a_jump_that_goes_back),
        cmocka_unit_test(believes_a_jump_that_stays),
        cmocka_unit_test(believes_a_jump_that_nobody_contradicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
