/* Clouds of places: three levels of a hundred, means in between, and what they cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/location_cloud.h"

static struct pool pool;
static struct location_cloud cloud;

static int set_up(void **state)
{
    memset(&cloud, 0, sizeof cloud);
    memset(&pool, 0, sizeof pool);
    return 0;
}

static int tear_down(void **state)
{
    location_cloud_done(&cloud, &pool);
    assert_int_equal(pool.bytes_used, 0);
    pool_done(&pool);
    return 0;
}

static void add(uint32_t number, double longitude)
{
    struct location_sample sample = {.point = {longitude, 10},
                                     .altitude = (float)number,
                                     .heading = number % 2 ? 350 : 10,
                                     .signal = number % 2 ? -60 : 0,
                                     .frequency = 2412000,
                                     .seconds = number};
    location_cloud_add(&cloud, &pool, &sample);
}

/* Samples of a level as the API gives them; the newest and how many. */
static uint32_t walk(size_t row, const struct location_sample **ret_newest)
{
    struct view view = {0};
    struct cursor cursor = {0};
    uint32_t count = 0, seconds = 0;
    const struct field *field = &location_cloud_type.fields[row];
    for (; field->next(&cloud, &view, &cursor); count++) {
        *ret_newest = cursor.element.record;
        assert_true((*ret_newest)->seconds >= seconds); /* oldest first */
        seconds = (*ret_newest)->seconds;
    }
    return count;
}

static void keeps_a_hundred_of_each_level(void **state)
{
    const struct location_sample *newest;
    for (uint32_t i = 0; i < 1000050; i++)
        add(i, 20);
    assert_int_equal(walk(0, &newest), 100);
    assert_int_equal(newest->seconds, 1000049);
    assert_int_equal(walk(1, &newest), 100);
    assert_int_equal(newest->seconds, 999999);
    assert_true(newest->altitude == 999949.5f);
    assert_int_equal(walk(2, &newest), 100);
    assert_true(fabs(newest->altitude - 994999.5) < 1);
    assert_true(fabs(newest->point.longitude - 20) < 1e-9);
    assert_true(pool.bytes_used <= 12 * 1024);
}

static void takes_means(void **state)
{
    const struct location_sample *newest;
    for (uint32_t i = 0; i < 99; i++)
        add(i, i % 2 ? 179 : -179);
    assert_int_equal(walk(1, &newest), 0);
    add(99, 179);
    assert_int_equal(walk(1, &newest), 1);
    assert_true(fabs(fabs(newest->point.longitude) - 180) < 1e-6);
    assert_true(newest->altitude == 49.5f);
    assert_true(newest->heading < 0.001f || newest->heading > 359.999f); /* of 350 and 10 */
    assert_int_equal(newest->signal, -60); /* of those that have one */
    assert_int_equal(newest->seconds, 99);
}

static void costs_little_for_a_few_places(void **state)
{
    const struct location_sample *newest;
    add(1, 20);
    assert_true(pool.bytes_used <= 8 * sizeof(struct location_sample));
    assert_int_equal(walk(0, &newest), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_a_hundred_of_each_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_means, set_up, tear_down),
        cmocka_unit_test_setup_teardown(costs_little_for_a_few_places, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
