/* What a device's places add up to: which are worth keeping, box, mean by signal, newest, and how
 * they are published. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/emit.h"
#include "schema/location_fields.h"

static struct location at(double latitude, double longitude, uint64_t seconds)
{
    return (struct location){.point = {longitude, latitude}, .fix = 2, .seconds = seconds};
}

static void judges_places(void **state)
{
    struct location place = at(47.4, 8.5, 1);
    assert_true(location_is_sane(&place));
    place.fix = 1;
    assert_false(location_is_sane(&place));
    place = at(0, 0, 1);
    assert_false(location_is_sane(&place));
    place = at(0, 8.5, 1); /* on the equator */
    assert_true(location_is_sane(&place));
    place = at(51.5, 0, 1); /* at Greenwich */
    assert_true(location_is_sane(&place));
    place.speed = 1501;
    assert_false(location_is_sane(&place));
    place = at(90.1, 0, 1);
    assert_false(location_is_sane(&place));
    place = at(0, -180.1, 1);
    assert_false(location_is_sane(&place));
    place = at(NAN, 8, 1);
    assert_false(location_is_sane(&place));
    place = at(8, NAN, 1);
    assert_false(location_is_sane(&place));
}

/* The published mean of a summary. */
static struct location mean_of(const struct location_summary *summary)
{
    struct view view = {0};
    struct value value;
    record_value(record_find(&location_summary_type, "kismet.common.location.avg_loc", 30), summary,
                 &view, &value);
    assert_false(value.absent);
    return *(const struct location *)value.record;
}

static void the_mean_leans_to_where_the_signal_was_strong(void **state)
{
    struct location_summary summary = {0};
    struct location near = at(10, 20, 1), far = at(11, 20, 2);
    location_summary_add(&summary, &near, -60);
    location_summary_add(&summary, &far, -80); /* a tenth of the amplitude */
    struct location mean = mean_of(&summary);
    assert_true(fabs(mean.point.latitude - (10 + 1.0 / 11)) < 1e-4);
    assert_true(fabs(mean.point.longitude - 20) < 1e-9);
    assert_int_equal(mean.seconds, 2);
    assert_int_equal(mean.fix, 2);
}

static void without_signals_it_is_the_plain_mean(void **state)
{
    struct location_summary summary = {0};
    struct location one = at(10, 20, 1), other = at(11, 20, 2);
    location_summary_add(&summary, &one, 0);
    location_summary_add(&summary, &other, 0);
    assert_true(fabs(mean_of(&summary).point.latitude - 10.5) < 1e-4);
}

static void one_place_a_second_counts(void **state)
{
    struct location_summary summary = {0};
    struct location place = at(10, 20, 1), other = at(50, 60, 1);
    assert_true(location_summary_add(&summary, &place, -60));
    other.microseconds = 900000;
    assert_false(location_summary_add(&summary, &other, -30));
    assert_true(fabs(mean_of(&summary).point.latitude - 10) < 1e-9);
    assert_int_equal(summary.samples, 1);
    assert_true(summary.north_east.latitude == 50); /* but the box and the newest know of it */
    assert_true(summary.last.point.longitude == 60);
    other.seconds = 2;
    assert_true(location_summary_add(&summary, &other, -30));
}

static void a_place_that_never_changes_is_its_own_mean(void **state)
{
    struct location_summary summary = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        struct location place = at(47.4, 8.5, i);
        location_summary_add(&summary, &place, -60);
    }
    struct location mean = mean_of(&summary);
    assert_true(mean.point.latitude == 47.4 && mean.point.longitude == 8.5);
}

static void means_cross_the_date_line(void **state)
{
    struct location_summary summary = {0};
    struct location west = at(0.5, 179.5, 1), east = at(0.5, -178.5, 2);
    location_summary_add(&summary, &west, 0);
    location_summary_add(&summary, &east, 0);
    struct location mean = mean_of(&summary);
    assert_true(fabs(fabs(mean.point.longitude) - 179.5) < 1e-6 && mean.point.longitude < 0);
}

static void altitudes_count_where_there_are_any(void **state)
{
    struct location_summary summary = {0};
    struct location flat = at(10, 20, 1), high = at(10, 20, 2), low = at(10, 20, 3);
    high.fix = low.fix = 3;
    high.altitude = 300;
    low.altitude = -100;
    location_summary_add(&summary, &flat, 0);
    assert_int_equal(mean_of(&summary).fix, 2);
    location_summary_add(&summary, &high, 0);
    location_summary_add(&summary, &low, 0);
    assert_true(mean_of(&summary).altitude == 100);
    assert_int_equal(mean_of(&summary).fix, 3);
    assert_true(summary.lowest == -100 && summary.highest == 300);
    assert_int_equal(summary.fix, 3);
}

static void is_published_whole(void **state)
{
    static const char expected[] =
        "{\"kismet.common.location.loc_fix\":3,"
        "\"kismet.common.location.min_loc\":{\"kismet.common.location.geopoint\":[-8.500000,-1."
        "250000],"
        "\"kismet.common.location.alt\":12,\"kismet.common.location.fix\":3,"
        "\"kismet.common.location.time_sec\":7,\"kismet.common.location.time_usec\":5},"
        "\"kismet.common.location.max_loc\":{\"kismet.common.location.geopoint\":[-8.500000,-1."
        "250000],"
        "\"kismet.common.location.alt\":12,\"kismet.common.location.fix\":3,"
        "\"kismet.common.location.time_sec\":7,\"kismet.common.location.time_usec\":5},"
        "\"kismet.common.location.avg_loc\":{\"kismet.common.location.geopoint\":[-8.500000,-1."
        "250000],"
        "\"kismet.common.location.alt\":12,\"kismet.common.location.fix\":3,"
        "\"kismet.common.location.time_sec\":7,\"kismet.common.location.time_usec\":5},"
        "\"kismet.common.location.last\":{\"kismet.common.location.geopoint\":[-8.500000,-1.250000]"
        ","
        "\"kismet.common.location.alt\":12,\"kismet.common.location.fix\":3,"
        "\"kismet.common.location.time_sec\":7,\"kismet.common.location.time_usec\":5,"
        "\"kismet.common.location.speed\":3.500000,\"kismet.common.location.heading\":90,"
        "\"kismet.common.location.magheading\":0,\"norn.location.accuracy\":4.500000}}";
    struct location_summary summary = {0};
    struct location place = at(-1.25, -8.5, 7);
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    struct view view = {0};
    place.fix = 3;
    place.altitude = 12;
    place.microseconds = 5;
    place.speed = 3.5;
    place.heading = 90;
    place.accuracy = 4.5f;
    location_summary_add(&summary, &place, -60);
    emit_record(&emitter, &location_summary_type, NULL, &summary, &view);
    buffer_add_byte(&buffer, 0);
    assert_string_equal(buffer.data, expected);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_places),
        cmocka_unit_test(the_mean_leans_to_where_the_signal_was_strong),
        cmocka_unit_test(without_signals_it_is_the_plain_mean),
        cmocka_unit_test(one_place_a_second_counts),
        cmocka_unit_test(a_place_that_never_changes_is_its_own_mean),
        cmocka_unit_test(means_cross_the_date_line),
        cmocka_unit_test(altitudes_count_where_there_are_any),
        cmocka_unit_test(is_published_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
