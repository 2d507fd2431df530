/* One frame heard by several sources counts once; a flood counts in full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phy/repeat.h"

#define MS 1000000ULL

static struct repeats *repeats;

static int set_up(void **state)
{
    repeats = repeat_new();
    return repeats ? 0 : -1;
}

static int tear_down(void **state)
{
    repeat_free(repeats);
    return 0;
}

static void three_sources_one_frame(void **state)
{
    assert_false(repeat_hear(repeats, 7, 0, 1000 * MS));
    assert_true(repeat_hear(repeats, 7, 1, 1003 * MS));
    assert_true(repeat_hear(repeats, 7, 2, 998 * MS)); /* its clock is a little behind */
    assert_false(repeat_hear(repeats, 8, 1, 1004 * MS));
}

static void a_flood_counts_in_full(void **state)
{
    unsigned counted = 0;
    for (unsigned i = 0; i < 100; i++) /* one radio hears each, another every second one */
        for (uint16_t source = 0; source < 2; source++)
            if (!source || i % 2)
                counted += !repeat_hear(repeats, 9, source, (1000 + i) * MS);
    assert_int_equal(counted, 100);
}

static void the_better_ear_counts(void **state)
{
    unsigned counted = 0;
    for (unsigned i = 0; i < 3; i++)
        counted += !repeat_hear(repeats, 5, 0, (1000 + i) * MS);
    for (unsigned i = 0; i < 5; i++) /* the second source heard two more */
        counted += !repeat_hear(repeats, 5, 1, (1000 + i) * MS);
    assert_int_equal(counted, 5);
}

static void an_old_frame_is_new_again(void **state)
{
    assert_false(repeat_hear(repeats, 7, 0, 1000 * MS));
    assert_false(repeat_hear(repeats, 7, 1, 2001 * MS));
    assert_true(repeat_hear(repeats, 7, 0, 2002 * MS));
}

static void many_fingerprints_forget_the_oldest(void **state)
{
    assert_false(repeat_hear(repeats, 1, 0, 1000 * MS));
    for (uint64_t i = 1; i <= 4; i++) /* the same bucket */
        assert_false(repeat_hear(repeats, 1 + (i << 32), 0, (1000 + i) * MS));
    assert_false(repeat_hear(repeats, 1, 1, 1010 * MS));
    assert_true(repeat_hear(repeats, 1 + (4ull << 32), 1, 1010 * MS));
}

static void a_very_long_flood(void **state)
{
    unsigned counted = 0;
    for (unsigned i = 0; i < 1000; i++)
        counted += !repeat_hear(repeats, 3, 0, 1000 * MS + i);
    assert_int_equal(counted, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_sources_one_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flood_counts_in_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_better_ear_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_old_frame_is_new_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_fingerprints_forget_the_oldest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_very_long_flood, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
