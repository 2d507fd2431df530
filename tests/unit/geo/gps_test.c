/* Receivers: definitions, ranks, freshness, heading from movement, UUIDs as the API makes them. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/gps.h"

enum { NOW = 1700000000 };

static void add(struct gps *gps, const char *definition, int expected)
{
    struct buffer why = {0};
    assert_int_equal(gps_add(gps, definition, &why), expected);
    assert_int_equal(why.length != 0, expected != 0);
    buffer_done(&why);
}

static void test_definitions_are_checked(void **state)
{
    struct gps *gps = gps_new("server");
    static const char *const bad[] = {
        "",
        "serial:device=x",
        "web:lat=1",
        "web:name",
        "web:name=",
        "web:name=\"open",
        "web:uuid=aaa:bbb",
        "virtual",
        "virtual:lat=91,lon=0",
        "virtual:lat=1,lon=181",
        "virtual:lat=nan,lon=1",
        "virtual:lat=1,lon=1,priority=x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        add(gps, bad[i], -EINVAL);
    struct gps_record records[GPS_MAX];
    assert_int_equal(gps_list(gps, NOW, records), 0);
    gps_free(gps);
}

static void test_one_of_a_kind(void **state)
{
    struct gps *gps = gps_new("server");
    add(gps, "web:name=webgps", 0);
    add(gps, "web:name=other", -EEXIST);
    add(gps, "virtual:name=webgps,lat=1,lon=2,alt=3", 0);
    add(gps, "VIRTUAL:lat=1,lon=2", -EEXIST);
    struct gps_record records[GPS_MAX];
    assert_int_equal(gps_list(gps, NOW, records), 2);
    assert_string_equal(records[0].name, "webgps");
    assert_string_equal(records[1].name, "webgps1");
    gps_free(gps);
}

static void test_uuid_is_that_of_the_reference(void **state)
{
    struct gps *gps = gps_new("");
    add(gps, "virtual:lat=47.4,lon=8.5,alt=400", 0);
    struct gps_record records[GPS_MAX];
    gps_list(gps, NOW, records);
    char text[UUID_TEXT];
    uuid_write(records[0].uuid, text);
    text[28] = '\0';
    assert_string_equal(text, "17180436-0000-0000-0000-0000");
    gps_free(gps);
}

static void test_own_uuid_and_quotes(void **state)
{
    struct gps *gps = gps_new("");
    add(gps, "web:name=\"a, b\",uuid=00000000-1111-2222-3333-444444444444,dataonly=true", 0);
    struct gps_record records[GPS_MAX];
    gps_list(gps, NOW, records);
    assert_string_equal(records[0].name, "a, b");
    assert_int_equal(records[0].uuid.octet[4], 0x11);
    assert_int_equal(records[0].data_only, 1);
    struct location location;
    assert_int_equal(gps_post(gps, 1, 2, NAN, NAN, NOW, 0), 0);
    assert_false(gps_locate(gps, NOW, &location, NULL));
    gps_free(gps);
}

static void test_post_needs_a_web_receiver(void **state)
{
    struct gps *gps = gps_new("");
    assert_int_equal(gps_post(gps, 1, 2, NAN, NAN, NOW, 0), -ENOENT);
    add(gps, "virtual:lat=1,lon=2", 0);
    assert_int_equal(gps_post(gps, 1, 2, NAN, NAN, NOW, 0), -ENOENT);
    add(gps, "web", 0);
    assert_int_equal(gps_post(gps, 90.1, 2, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(gps_post(gps, 1, -180.1, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(gps_post(gps, NAN, 2, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(gps_post(gps, 1, 2, INFINITY, NAN, NOW, 0), -EINVAL);
    assert_int_equal(gps_post(gps, -90, 180, 0, 0, NOW, 0), 0);
    gps_free(gps);
}

static void test_fix_and_freshness(void **state)
{
    struct gps *gps = gps_new("");
    struct location location;
    struct uuid uuid;
    add(gps, "web", 0);
    assert_false(gps_locate(gps, NOW, &location, &uuid));
    gps_post(gps, 47.25, 8.5, NAN, NAN, NOW, 250000);
    assert_true(gps_locate(gps, NOW, &location, &uuid));
    assert_int_equal(location.fix, 2);
    assert_true(location.point.latitude == 47.25 && location.point.longitude == 8.5);
    assert_int_equal(location.seconds, NOW);
    assert_int_equal(location.microseconds, 250000);
    assert_int_equal(uuid.octet[0], 0x17);
    gps_post(gps, 47.25, 8.5, 0, 36, NOW + 1, 0);
    assert_true(gps_locate(gps, NOW + 31, &location, NULL));
    assert_false(gps_locate(gps, NOW - 1000, &location, NULL)); /* the clock was set back */
    assert_int_equal(location.fix, 3);
    assert_true(location.speed == 36);
    assert_false(gps_locate(gps, NOW + 32, &location, NULL));
    gps_free(gps);
}

static void test_heading_once_in_five_seconds(void **state)
{
    struct gps *gps = gps_new("");
    struct location location;
    add(gps, "web", 0);
    gps_post(gps, 10, 10, NAN, NAN, NOW, 0);
    gps_post(gps, 11, 10, NAN, NAN, NOW + 4, 0);
    gps_locate(gps, NOW + 4, &location, NULL);
    assert_true(location.heading == 0);
    gps_post(gps, 10, 11, NAN, NAN, NOW + 5, 0); /* east of where it was five seconds ago */
    gps_locate(gps, NOW + 5, &location, NULL);
    assert_true(fabs(location.heading - 90) < 0.5);
    gps_post(gps, 9, 11, NAN, NAN, NOW + 9, 0); /* too early to look again */
    gps_locate(gps, NOW + 9, &location, NULL);
    assert_true(fabs(location.heading - 90) < 0.5);
    gps_post(gps, 9, 11, NAN, NAN, NOW + 10, 0);
    gps_locate(gps, NOW + 10, &location, NULL);
    assert_true(fabs(location.heading - 180) < 0.5);
    gps_post(gps, 9, 11, NAN, NAN, NOW + 15, 0); /* standing still keeps it */
    gps_locate(gps, NOW + 15, &location, NULL);
    assert_true(fabs(location.heading - 180) < 0.5);
    gps_free(gps);
}

static void test_rank(void **state)
{
    struct gps *gps = gps_new("");
    struct location location;
    add(gps, "virtual:lat=1,lon=2", 0);
    add(gps, "web:priority=-5", 0);
    assert_true(gps_locate(gps, NOW, &location, NULL));
    assert_true(location.point.latitude == 1);
    assert_int_equal(location.seconds, NOW);
    gps_post(gps, 5, 6, NAN, NAN, NOW, 0);
    gps_locate(gps, NOW, &location, NULL);
    assert_true(location.point.latitude == 5);
    gps_locate(gps, NOW + 60, &location, NULL);
    assert_true(location.point.latitude == 1);
    struct gps_record records[GPS_MAX];
    assert_int_equal(gps_list(gps, NOW + 60, records), 2);
    assert_string_equal(records[0].type->class, "web");
    assert_int_equal(records[0].connected, 0);
    assert_int_equal(records[1].connected, 1);
    gps_free(gps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions_are_checked),
        cmocka_unit_test(test_one_of_a_kind),
        cmocka_unit_test(test_uuid_is_that_of_the_reference),
        cmocka_unit_test(test_own_uuid_and_quotes),
        cmocka_unit_test(test_post_needs_a_web_receiver),
        cmocka_unit_test(test_fix_and_freshness),
        cmocka_unit_test(test_heading_once_in_five_seconds),
        cmocka_unit_test(test_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
