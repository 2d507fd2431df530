/* Reports of gpsd: fixes of every quality, several receivers behind one gpsd, what is refused. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "geo/gpsd_report.h"

#define S 1000000000ULL

static int take_at(struct gpsd_report *gpsd, const char *line, uint64_t now_ns, struct fix *ret_fix)
{
    return gpsd_report_take(gpsd, (const uint8_t *)line, strlen(line), now_ns, ret_fix);
}

static int take(struct gpsd_report *gpsd, const char *line, struct fix *ret_fix)
{
    return take_at(gpsd, line, 100 * S, ret_fix);
}

static void assert_close(double value, double expected)
{
    if (fabs(value - expected) > 1e-6)
        fail_msg("%.9f is not %.9f", value, expected);
}

static void tpv_makes_a_fix(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    assert_int_equal(take(&gpsd,
                          "{\"class\":\"TPV\",\"device\":\"/dev/ttyUSB0\",\"mode\":3,"
                          "\"time\":\"2026-01-31T12:00:00.250Z\",\"ept\":0.005,\"lat\":47.25,"
                          "\"lon\":-8.5,\"altHAE\":455.1,\"altMSL\":408.0,\"alt\":408.1,"
                          "\"epx\":3.2,\"epy\":4.5,\"track\":90.5,\"magtrack\":88.25,"
                          "\"speed\":10.0,\"climb\":0.1,\"eph\":7.5}",
                          &fix),
                     1);
    assert_int_equal(fix.dimensions, 3);
    assert_close(fix.latitude, 47.25);
    assert_close(fix.longitude, -8.5);
    assert_close(fix.altitude, 408.0);
    assert_close(fix.speed, 36);
    assert_close(fix.heading, 90.5);
    assert_close(fix.magnetic_heading, 88.25);
    assert_close(fix.accuracy, 7.5);
    assert_int_equal(fix.time_ns, 1769860800250000000u);
}

static void tpv_tells_what_is_not_known(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    assert_int_equal(take(&gpsd, "{\"class\":\"TPV\",\"mode\":3,\"lat\":0,\"lon\":1}", &fix), 1);
    assert_int_equal(fix.dimensions, 2); /* without an altitude it is flat */
    assert_int_equal(fix.time_ns, 0);
    assert_true(isnan(fix.speed) && isnan(fix.heading) && isnan(fix.accuracy));
    assert_int_equal(take(&gpsd, "{\"class\":\"TPV\",\"mode\":1}", &fix), 1);
    assert_int_equal(fix.dimensions, 0);
    take(&gpsd, "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"epx\":3,\"epy\":4}", &fix);
    assert_close(fix.accuracy, 4);
}

static void sky_adds_satellites_and_dilution(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    assert_int_equal(take(&gpsd,
                          "{\"class\":\"SKY\",\"hdop\":1.5,\"satellites\":[{\"PRN\":1,\"used\":"
                          "true},{\"PRN\":2,\"used\":false},{\"PRN\":3,\"used\":true}]}",
                          &fix),
                     0);
    take(&gpsd, "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1}", &fix);
    assert_int_equal(fix.satellites, 2);
    assert_close(fix.accuracy, 7.5);
}

static void other_classes_show_that_it_lives(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    static const char *const lines[] = {
        "{\"class\":\"VERSION\",\"release\":\"3.22\",\"proto_major\":3,\"proto_minor\":14}",
        "{\"class\":\"DEVICES\",\"devices\":[{\"class\":\"DEVICE\",\"path\":\"/dev/ttyUSB0\"}]}",
        "{\"class\":\"WATCH\",\"enable\":true,\"json\":true}",
        "{\"class\":\"PPS\"}",
        "{\"class\":\"ERROR\",\"message\":\"no\"}",
        "{\"class\":\"SKY\",\"satellites\":7,\"hdop\":\"x\"}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(take(&gpsd, lines[i], &fix), 0);
}

static void stays_with_the_better_of_two_receivers(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    static const char flat[] =
        "{\"class\":\"TPV\",\"device\":\"a\",\"mode\":2,\"lat\":1,\"lon\":1}";
    static const char full[] =
        "{\"class\":\"TPV\",\"device\":\"b\",\"mode\":3,\"lat\":2,\"lon\":2,\"alt\":5}";
    static const char lost[] = "{\"class\":\"TPV\",\"device\":\"b\",\"mode\":1}";
    assert_int_equal(take_at(&gpsd, flat, 1 * S, &fix), 1);
    assert_int_equal(take_at(&gpsd, full, 2 * S, &fix), 1);
    assert_int_equal(take_at(&gpsd, flat, 3 * S, &fix), 0);
    assert_int_equal(take_at(&gpsd, flat, 6 * S, &fix), 0);
    assert_int_equal(take_at(&gpsd, flat, 8 * S, &fix), 1); /* the other was silent too long */
    assert_int_equal(take_at(&gpsd, full, 9 * S, &fix), 1);
    assert_int_equal(take_at(&gpsd, lost, 10 * S, &fix), 1);
    assert_int_equal(take_at(&gpsd, flat, 11 * S, &fix), 1);
}

static void refuses_what_is_no_report(void **state)
{
    struct gpsd_report gpsd = {0};
    struct fix fix;
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "7",
        "{}",
        "{\"class\":7}",
        "{\"class\":\"TPV\"}",
        "{\"class\":\"TPV\",\"mode\":\"3\"}",
        "{\"class\":\"TPV\",\"mode\":4,\"lat\":1,\"lon\":1}",
        "{\"class\":\"TPV\",\"mode\":3}",
        "{\"class\":\"TPV\",\"mode\":3,\"lat\":90.5,\"lon\":1}",
        "{\"class\":\"TPV\",\"mode\":3,\"lat\":1,\"lon\":-181}",
        "{\"class\":\"TPV\",\"mode\":3,\"lat\":1e999,\"lon\":1}",
        "{\"class\":\"TPV\",\"mode\":3,\"lat\":[1],\"lon\":1}",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(take(&gpsd, lines[i], &fix), -EBADMSG);
    char *deep = malloc(GPSD_REPORT_LINE_MAX + 1);
    memset(deep, '[', GPSD_REPORT_LINE_MAX + 1);
    for (size_t length = GPSD_REPORT_LINE_MAX; length <= GPSD_REPORT_LINE_MAX + 1; length++)
        assert_int_equal(gpsd_report_take(&gpsd, (const uint8_t *)deep, length, S, &fix), -EBADMSG);
    free(deep);
}

static void times_that_are_none_are_unknown(void **state)
{
    static const char *const lines[] = {
        "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"time\":\"now\"}",
        "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"time\":7}",
        "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"time\":\"2026-13-31T12:00:00Z\"}",
        "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"time\":\"2026-01-31T12:00:00+01\"}",
        "{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":1,\"time\":\"1902-01-31T12:00:00Z\"}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct gpsd_report gpsd = {0};
        struct fix fix;
        assert_int_equal(take(&gpsd, lines[i], &fix), 1);
        assert_int_equal(fix.time_ns, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tpv_makes_a_fix),
        cmocka_unit_test(tpv_tells_what_is_not_known),
        cmocka_unit_test(sky_adds_satellites_and_dilution),
        cmocka_unit_test(other_classes_show_that_it_lives),
        cmocka_unit_test(stays_with_the_better_of_two_receivers),
        cmocka_unit_test(refuses_what_is_no_report),
        cmocka_unit_test(times_that_are_none_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
