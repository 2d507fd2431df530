/* One receiver: which clock a fix is timed by, fixes that come late, receivers that lose their fix,
 * lines of each kind. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/receiver.h"

#define S   UINT64_C(1000000000)
#define NOW (UINT64_C(1700000000) * S)

static struct receiver *make(const char *text)
{
    struct gps_definition definition;
    struct buffer why = {0};
    assert_int_equal(gps_definition_parse(text, &definition, &why), 0);
    struct receiver *receiver = receiver_new(&definition, text);
    assert_non_null(receiver);
    return receiver;
}

/* Hears a fix of that latitude at `now_ns`, true at `own_ns` by the receiver's clock. */
static void hear(struct receiver *receiver, double latitude, uint64_t own_ns, uint64_t now_ns)
{
    struct fix fix = fix_unknown();
    fix.dimensions = 2;
    fix.latitude = latitude;
    fix.longitude = 8;
    fix.time_ns = own_ns;
    receiver_hear(receiver, &fix, now_ns);
}

static double latitude_at(struct receiver *receiver, uint64_t time_ns)
{
    struct location location;
    return receiver_locate_at(receiver, time_ns, &location) ? location.point.latitude : NAN;
}

static void its_own_clock_is_nearer_to_the_truth(void **state)
{
    struct receiver *receiver = make("gpsd");
    hear(receiver, 47, NOW, NOW + S / 2); /* half a second on its way */
    hear(receiver, 47.001, NOW + S, NOW + S + S / 2);
    assert_true(latitude_at(receiver, NOW) == 47);
    assert_true(fabs(latitude_at(receiver, NOW + S / 2) - 47.0005) < 1e-9);
    assert_int_equal(receiver->record.location.seconds, 1700000001);
    receiver_free(receiver);
}

static void a_clock_that_is_wrong_is_not_gone_by(void **state)
{
    struct receiver *receiver = make("gpsd");
    uint64_t weeks = 1024 * 7 * 86400 * S; /* a receiver whose counter of weeks has run over */
    hear(receiver, 47, NOW - weeks, NOW);
    hear(receiver, 47.001, NOW - weeks + S, NOW + S);
    assert_true(fabs(latitude_at(receiver, NOW + S / 2) - 47.0005) < 1e-9);
    receiver_free(receiver);
}

static void a_fix_that_comes_late_is_used_from_then_on(void **state)
{
    struct receiver *receiver = make("gpsd");
    hear(receiver, 47, NOW, NOW);
    hear(receiver, 47.01, NOW + 2 * S, NOW + 20 * S); /* held up on its way */
    assert_true(fabs(latitude_at(receiver, NOW + S) - 47.005) < 1e-9);
    assert_true(latitude_at(receiver, NOW + 20 * S) == 47.01);
    assert_true(isnan(latitude_at(receiver, NOW + 33 * S)));
    struct location location;
    assert_true(receiver_locate(receiver, NOW + 50 * S, &location)); /* it was said just now */
    receiver_free(receiver);
}

static void losing_the_fix_is_believed_at_once(void **state)
{
    struct receiver *receiver = make("gpsd");
    struct location location;
    struct fix lost = fix_unknown();
    hear(receiver, 47, NOW, NOW);
    assert_true(receiver_locate(receiver, NOW, &location));
    receiver_hear(receiver, &lost, NOW + S);
    assert_false(receiver_locate(receiver, NOW + S, &location));
    assert_true(latitude_at(receiver, NOW + S - 1) == 47);
    assert_true(isnan(latitude_at(receiver, NOW + S)));
    assert_int_equal(receiver->record.location.fix, 0);
    assert_int_equal(receiver->record.last_location.fix, 2);
    assert_int_equal(receiver->record.data_time, 1700000001);
    assert_int_equal(receiver->record.signal_time, 1700000000);
    hear(receiver, 47.5, NOW + 600 * S, NOW + 600 * S);
    assert_true(latitude_at(receiver, NOW + 600 * S) == 47.5);
    assert_true(isnan(latitude_at(receiver, NOW + 599 * S)));
    receiver_free(receiver);
}

static void zero_zero_is_no_fix_of_a_connected_receiver(void **state)
{
    struct receiver *receiver = make("gpsd");
    struct fix fix = fix_unknown();
    fix.dimensions = 3;
    fix.latitude = fix.longitude = fix.altitude = 0;
    receiver_hear(receiver, &fix, NOW);
    assert_int_equal(receiver->record.location.fix, 0);
    fix.latitude = 10; /* a longitude of 0 is a place */
    receiver_hear(receiver, &fix, NOW);
    assert_int_equal(receiver->record.location.fix, 3);
    assert_true(latitude_at(receiver, NOW) == 10);
    receiver_free(receiver);
}

static void heading_is_the_receivers_or_comes_from_movement(void **state)
{
    struct receiver *receiver = make("gpsd");
    struct fix fix = fix_unknown();
    fix.dimensions = 2;
    fix.latitude = 10;
    fix.longitude = 20;
    receiver_hear(receiver, &fix, NOW);
    fix.longitude = 20.001;
    receiver_hear(receiver, &fix, NOW + 5 * S);
    assert_true(fabs(receiver->record.location.heading - 90) < 0.1);
    fix.heading = 33;
    receiver_hear(receiver, &fix, NOW + 6 * S);
    assert_true(receiver->record.location.heading == 33);
    receiver_free(receiver);
}

static bool take(struct receiver *receiver, const char *line)
{
    return receiver_take(receiver, (const uint8_t *)line, strlen(line), NOW);
}

static void each_kind_takes_its_own_lines(void **state)
{
    static const char nmea[] = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
    static const char json[] = "{\"class\":\"TPV\",\"mode\":2,\"lat\":47,\"lon\":8}";
    static const char *const kinds[] = {"gpsd", "tcp:host=a,port=1", "serial:device=/dev/ttyS0"};
    for (int i = 0; i < 3; i++) {
        struct receiver *receiver = make(kinds[i]);
        assert_int_equal(take(receiver, nmea), i > 0);
        assert_int_equal(receiver->record.location.fix, i > 0 ? 3 : 0);
        assert_int_equal(receiver->record.satellites, i > 0 ? 8 : 0);
        assert_int_equal(take(receiver, json), i == 0);
        assert_int_equal(receiver->record.location.fix, i > 0 ? 3 : 2);
        assert_int_equal(receiver->record.priority, -1000);
        receiver_free(receiver);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_clock_is_nearer_to_the_truth),
        cmocka_unit_test(a_clock_that_is_wrong_is_not_gone_by),
        cmocka_unit_test(a_fix_that_comes_late_is_used_from_then_on),
        cmocka_unit_test(losing_the_fix_is_believed_at_once),
        cmocka_unit_test(zero_zero_is_no_fix_of_a_connected_receiver),
        cmocka_unit_test(heading_is_the_receivers_or_comes_from_movement),
        cmocka_unit_test(each_kind_takes_its_own_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
