/* Receivers: definitions, which of several is believed, freshness, heading from movement, places of
 * frames by the time they were heard, receivers of a source's own, UUIDs as the API makes them. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "geo/gps.h"

enum { NOW = 1700000000 };

#define S UINT64_C(1000000000)

static struct gps *make(const char *server_name)
{
    const struct gps_config config = {.server_name = server_name};
    struct gps *gps = gps_new(&config);
    assert_non_null(gps);
    return gps;
}

/* Posts to the web receiver, as of `now` seconds and `microseconds`. */
static int post(struct gps *gps, double latitude, double longitude, double altitude, double speed,
                uint64_t now, uint32_t microseconds)
{
    struct fix fix = fix_unknown();
    fix.dimensions = isnan(altitude) ? 2 : 3;
    fix.latitude = latitude;
    fix.longitude = longitude;
    fix.altitude = altitude;
    fix.speed = speed;
    return gps_post(gps, NULL, &fix, now * S + microseconds * 1000);
}

static int post_meta(struct gps *gps, const char *name, double latitude, double longitude,
                     double accuracy, uint64_t now)
{
    struct fix fix = fix_unknown();
    fix.dimensions = 2;
    fix.latitude = latitude;
    fix.longitude = longitude;
    fix.accuracy = accuracy;
    return gps_post(gps, name, &fix, now * S);
}

static bool locate(struct gps *gps, uint64_t now, struct location *ret_location,
                   struct uuid *ret_gps)
{
    return gps_locate(gps, now * S, ret_location, ret_gps);
}

static void add(struct gps *gps, const char *definition, int expected)
{
    struct buffer why = {0};
    assert_int_equal(gps_add(gps, definition, NULL, &why), expected);
    assert_int_equal(why.length != 0, expected != 0);
    buffer_done(&why);
}

static void test_definitions_are_checked(void **state)
{
    struct gps *gps = make("server");
    static const char *const bad[] = {
        "",
        "serial",
        "serial:device=x",
        "serial:device=/dev/ttyUSB0,baud=x",
        "serial:device=/dev/ttyUSB0,host=x",
        "tcp:host=localhost",
        "tcp:port=10110",
        "tcp:host=a b,port=1",
        "gpsd:host=",
        "gpsd:port=65536",
        "gpsd:port=0",
        "meta",
        "meta:lat=1",
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
    struct gps *gps = make("server");
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
    struct gps *gps = make("");
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
    struct gps *gps = make("");
    add(gps, "web:name=\"a, b\",uuid=00000000-1111-2222-3333-444444444444,dataonly=true", 0);
    struct gps_record records[GPS_MAX];
    gps_list(gps, NOW, records);
    assert_string_equal(records[0].name, "a, b");
    assert_int_equal(records[0].uuid.octet[4], 0x11);
    assert_int_equal(records[0].data_only, 1);
    struct location location;
    assert_int_equal(post(gps, 1, 2, NAN, NAN, NOW, 0), 0);
    assert_false(locate(gps, NOW, &location, NULL));
    gps_free(gps);
}

static void test_post_needs_a_web_receiver(void **state)
{
    struct gps *gps = make("");
    assert_int_equal(post(gps, 1, 2, NAN, NAN, NOW, 0), -ENOENT);
    add(gps, "virtual:lat=1,lon=2", 0);
    assert_int_equal(post(gps, 1, 2, NAN, NAN, NOW, 0), -ENOENT);
    add(gps, "web", 0);
    assert_int_equal(post(gps, 90.1, 2, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(post(gps, 1, -180.1, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(post(gps, NAN, 2, NAN, NAN, NOW, 0), -EINVAL);
    assert_int_equal(post(gps, 1, 2, INFINITY, NAN, NOW, 0), -EINVAL);
    assert_int_equal(post(gps, -90, 180, 0, 0, NOW, 0), 0);
    gps_free(gps);
}

static void test_fix_and_freshness(void **state)
{
    struct gps *gps = make("");
    struct location location;
    struct uuid uuid;
    add(gps, "web", 0);
    assert_false(locate(gps, NOW, &location, &uuid));
    post(gps, 47.25, 8.5, NAN, NAN, NOW, 250000);
    assert_true(locate(gps, NOW, &location, &uuid));
    assert_int_equal(location.fix, 2);
    assert_true(location.point.latitude == 47.25 && location.point.longitude == 8.5);
    assert_int_equal(location.seconds, NOW);
    assert_int_equal(location.microseconds, 250000);
    assert_int_equal(uuid.octet[0], 0x17);
    post(gps, 47.25, 8.5, 0, 36, NOW + 1, 0);
    assert_true(locate(gps, NOW + 31, &location, NULL));
    assert_false(locate(gps, NOW - 1000, &location, NULL)); /* the clock was set back */
    assert_int_equal(location.fix, 3);
    assert_true(location.speed == 36);
    assert_false(locate(gps, NOW + 32, &location, NULL));
    gps_free(gps);
}

static void test_heading_once_in_five_seconds(void **state)
{
    struct gps *gps = make("");
    struct location location;
    add(gps, "web", 0);
    post(gps, 10, 10, NAN, NAN, NOW, 0);
    post(gps, 11, 10, NAN, NAN, NOW + 4, 0);
    locate(gps, NOW + 4, &location, NULL);
    assert_true(location.heading == 0);
    post(gps, 10, 11, NAN, NAN, NOW + 5, 0); /* east of where it was five seconds ago */
    locate(gps, NOW + 5, &location, NULL);
    assert_true(fabs(location.heading - 90) < 0.5);
    post(gps, 9, 11, NAN, NAN, NOW + 9, 0); /* too early to look again */
    locate(gps, NOW + 9, &location, NULL);
    assert_true(fabs(location.heading - 90) < 0.5);
    post(gps, 9, 11, NAN, NAN, NOW + 10, 0);
    locate(gps, NOW + 10, &location, NULL);
    assert_true(fabs(location.heading - 180) < 0.5);
    post(gps, 9, 11, NAN, NAN, NOW + 15, 0); /* standing still keeps it */
    locate(gps, NOW + 15, &location, NULL);
    assert_true(fabs(location.heading - 180) < 0.5);
    gps_free(gps);
}

static void test_rank(void **state)
{
    struct gps *gps = make("");
    struct location location;
    add(gps, "virtual:lat=1,lon=2", 0);
    add(gps, "web:priority=-5", 0);
    assert_true(locate(gps, NOW, &location, NULL));
    assert_true(location.point.latitude == 1);
    assert_int_equal(location.seconds, NOW);
    post(gps, 5, 6, NAN, NAN, NOW, 0);
    locate(gps, NOW, &location, NULL);
    assert_true(location.point.latitude == 5);
    locate(gps, NOW + 60, &location, NULL);
    assert_true(location.point.latitude == 1);
    struct gps_record records[GPS_MAX];
    assert_int_equal(gps_list(gps, NOW + 60, records), 2);
    assert_string_equal(records[0].type->class, "web");
    assert_int_equal(records[0].connected, 0);
    assert_int_equal(records[1].connected, 1);
    gps_free(gps);
}

static double latitude_at(struct gps *gps, uint64_t now)
{
    struct location location;
    return locate(gps, now, &location, NULL) ? location.point.latitude : NAN;
}

static void test_the_best_fix_wins(void **state)
{
    struct gps *gps = make("");
    add(gps, "meta:name=a,priority=-1", 0);
    add(gps, "meta:name=b", 0);
    add(gps, "web:priority=5", 0);
    assert_int_equal(post_meta(gps, "a", 1, 1, NAN, NOW), 0);
    assert_true(latitude_at(gps, NOW) == 1);
    post_meta(gps, "b", 2, 2, 50, NOW); /* more accurate than one that does not say */
    assert_true(latitude_at(gps, NOW) == 2);
    post_meta(gps, "a", 1, 1, 49, NOW);
    assert_true(latitude_at(gps, NOW) == 1);
    post_meta(gps, "b", 2, 2, 48.6, NOW); /* as accurate, in whole metres: priority decides */
    assert_true(latitude_at(gps, NOW) == 1);
    post(gps, 3, 3, 100, NAN, NOW, 0); /* 3D over 2D, whatever the accuracy */
    assert_true(latitude_at(gps, NOW) == 3);
    post_meta(gps, "b", 2, 2, 48.4, NOW + 31);
    assert_true(latitude_at(gps, NOW + 31) == 2); /* the others are not fresh any more */
    assert_true(isnan(latitude_at(gps, NOW + 62)));
    gps_free(gps);
}

static void test_a_fixed_place_stands_in(void **state)
{
    struct gps *gps = make("");
    add(gps, "virtual:lat=1,lon=2,alt=3", 0);
    add(gps, "web", 0);
    assert_true(latitude_at(gps, NOW) == 1);
    post(gps, 5, 6, NAN, NAN, NOW, 0); /* flat, but somebody measured it */
    assert_true(latitude_at(gps, NOW + 30) == 5);
    assert_true(latitude_at(gps, NOW + 31) == 1);
    gps_free(gps);
}

static struct trail trail;

/* Latitude of a source's frame of that time, NAN unknown. */
static double frame_at(struct gps *gps, uint16_t source, uint64_t time_ns)
{
    struct location location;
    memset(&trail, 0, sizeof trail);
    if (!gps_trail(gps, source, time_ns, time_ns, &trail))
        return NAN;
    return trail_find(&trail, time_ns, &location) ? location.point.latitude : NAN;
}

static void test_frames_get_the_place_of_their_time(void **state)
{
    struct gps *gps = make("");
    add(gps, "web", 0);
    assert_true(isnan(frame_at(gps, 0, NOW * S)));
    post(gps, 10, 20, NAN, NAN, NOW, 0);
    post(gps, 10.001, 20, NAN, NAN, NOW + 2, 0);
    assert_true(isnan(frame_at(gps, 0, NOW * S - 1)));
    assert_true(frame_at(gps, 0, NOW * S) == 10);
    assert_true(fabs(frame_at(gps, 0, (NOW + 1) * S) - 10.0005) < 1e-9);
    assert_true(frame_at(gps, 0, (NOW + 20) * S) == 10.001);
    assert_true(isnan(frame_at(gps, 0, (NOW + 33) * S)));
    gps_free(gps);
}

static void test_frames_get_no_place_that_cannot_be(void **state)
{
    struct gps *gps = make("");
    add(gps, "web", 0);
    post(gps, 10, 20, NAN, NAN, NOW, 0);
    post(gps, 0, 0, NAN, NAN, NOW + 1, 0);     /* nowhere */
    post(gps, 10, 20, NAN, 9000, NOW + 2, 0);  /* too fast */
    post(gps, -40, 170, NAN, NAN, NOW + 3, 0); /* too far */
    assert_true(frame_at(gps, 0, (NOW + 4) * S) == 10);
    assert_true(latitude_at(gps, NOW + 4) == -40); /* but that is what was posted */
    post(gps, 10, 20, NAN, NAN, NOW + 5, 0);
    assert_true(frame_at(gps, 0, (NOW + 5) * S) == 10);
    post(gps, -40, 170, NAN, NAN, NOW + 6, 0); /* and it stays there */
    assert_true(frame_at(gps, 0, (NOW + 10) * S) == 10);
    assert_true(frame_at(gps, 0, (NOW + 11) * S) == -40);
    assert_true(frame_at(gps, 0, (NOW + 5) * S + S / 2) == 10); /* nothing lies between */
    post(gps, 50, 50, NAN, NAN, NOW + 12, 0);
    post(gps, 50, 50, NAN, NAN, NOW + 13, 0); /* said twice: true */
    assert_true(frame_at(gps, 0, (NOW + 13) * S) == 50);
    assert_true(frame_at(gps, 0, (NOW + 12) * S + 1) == 50);
    assert_true(frame_at(gps, 0, (NOW + 12) * S - S / 2) == -40);
    gps_free(gps);
}

static void test_a_source_with_a_receiver_of_its_own(void **state)
{
    struct gps *gps = make("");
    struct buffer why = {0};
    struct gps_record records[GPS_MAX];
    add(gps, "web", 0);
    post(gps, 10, 20, NAN, NAN, NOW, 0);
    assert_int_equal(gps_bind(gps, 3, "roof", &why), 0);
    assert_true(gps_is_bound(gps, 3));
    assert_false(gps_is_bound(gps, 2));
    assert_int_equal(gps_list(gps, NOW, records), 2);
    assert_string_equal(records[1].name, "roof");
    assert_string_equal(records[1].type->class, "meta");
    assert_int_equal(records[1].data_only, 1);
    assert_true(isnan(frame_at(gps, 3, NOW * S))); /* never ours: the sensor is elsewhere */
    assert_true(frame_at(gps, 2, NOW * S) == 10);
    assert_int_equal(post_meta(gps, "roof", 50, 60, NAN, NOW), 0);
    assert_int_equal(post_meta(gps, "cellar", 50, 60, NAN, NOW), -ENOENT);
    assert_true(frame_at(gps, 3, NOW * S) == 50);
    assert_true(frame_at(gps, 2, NOW * S) == 10);
    assert_true(latitude_at(gps, NOW) == 10);
    assert_int_equal(gps_bind(gps, 4, "roof", &why), 0); /* the same for two */
    assert_true(frame_at(gps, 4, NOW * S) == 50);
    assert_int_equal(gps_list(gps, NOW, records), 2);
    assert_int_equal(gps_bind(gps, 3, NULL, &why), 0);
    assert_true(frame_at(gps, 3, NOW * S) == 10);
    assert_int_equal(gps_bind(gps, 5, "web", &why), 0); /* any receiver will do */
    assert_true(frame_at(gps, 5, NOW * S) == 10);
    assert_int_equal(why.length, 0);
    assert_int_equal(gps_bind(gps, 5, "a\"b", &why), -EINVAL);
    assert_int_equal(gps_bind(gps, GPS_SOURCES, "roof", &why), -EINVAL);
    assert_true(why.length > 0);
    buffer_done(&why);
    gps_free(gps);
}

static void test_removing(void **state)
{
    struct gps *gps = make("");
    struct buffer why = {0};
    struct gps_record records[GPS_MAX];
    struct uuid web, roof;
    assert_int_equal(gps_add(gps, "web:priority=9", &web, &why), 0);
    assert_int_equal(gps_add(gps, "meta:name=roof", &roof, &why), 0);
    assert_int_equal(gps_bind(gps, 0, "roof", &why), 0);
    assert_int_equal(gps_remove(gps, roof), 0);
    assert_int_equal(gps_remove(gps, roof), -ENOENT);
    post(gps, 10, 20, NAN, NAN, NOW, 0);
    assert_true(isnan(frame_at(gps, 0, NOW * S))); /* still not ours */
    assert_int_equal(gps_list(gps, NOW, records), 1);
    assert_true(uuid_equal(records[0].uuid, web));
    assert_int_equal(gps_remove(gps, web), 0);
    assert_int_equal(gps_list(gps, NOW, records), 0);
    add(gps, "web", 0); /* there is room for the only one again */
    gps_free(gps);
}

static void test_there_is_an_end(void **state)
{
    struct gps *gps = make("");
    char definition[64];
    for (int i = 0; i < GPS_MAX; i++) {
        snprintf(definition, sizeof definition, "meta:name=%d", i);
        add(gps, definition, 0);
    }
    add(gps, "meta:name=more", -ENOSPC);
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
        cmocka_unit_test(test_the_best_fix_wins),
        cmocka_unit_test(test_a_fixed_place_stands_in),
        cmocka_unit_test(test_frames_get_the_place_of_their_time),
        cmocka_unit_test(test_frames_get_no_place_that_cannot_be),
        cmocka_unit_test(test_a_source_with_a_receiver_of_its_own),
        cmocka_unit_test(test_removing),
        cmocka_unit_test(test_there_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
