/* NMEA sentences: checksums, fixes of every quality, what adds up, what is refused. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "geo/nmea.h"

/* Takes a sentence without its checksum, which is put behind it. */
static int take(struct nmea *nmea, const char *body, struct fix *ret_fix)
{
    char line[300];
    uint8_t sum = 0;
    for (const char *at = body; *at; at++)
        sum ^= (uint8_t)*at;
    int length = snprintf(line, sizeof line, "$%s*%02X", body, sum);
    return nmea_take(nmea, (const uint8_t *)line, (size_t)length, ret_fix);
}

static void assert_close(double value, double expected)
{
    if (fabs(value - expected) > 1e-6)
        fail_msg("%.9f is not %.9f", value, expected);
}

static void gga_makes_a_fix(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    assert_int_equal(
        take(&nmea, "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", &fix), 1);
    assert_int_equal(fix.dimensions, 3);
    assert_int_equal(fix.satellites, 8);
    assert_close(fix.latitude, 48 + 7.038 / 60);
    assert_close(fix.longitude, 11 + 31.0 / 60);
    assert_close(fix.altitude, 545.4);
    assert_close(fix.accuracy, 4.5);
    assert_true(isnan(fix.speed) && isnan(fix.heading));
    assert_int_equal(fix.time_ns, 0); /* no date yet */
}

static void rmc_makes_a_flat_fix_with_speed_and_date(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    assert_int_equal(
        take(&nmea, "GNRMC,000059.250,A,3351.500,S,07030.000,W,010.0,084.4,311226,,,A", &fix), 1);
    assert_int_equal(fix.dimensions, 2);
    assert_close(fix.latitude, -(33 + 51.5 / 60));
    assert_close(fix.longitude, -70.5);
    assert_close(fix.speed, 18.52);
    assert_close(fix.heading, 84.4);
    assert_true(isnan(fix.altitude));
    assert_int_equal(fix.time_ns, 1798675259250000000u); /* 2026-12-31T00:00:59.250Z */
}

static void rmc_keeps_the_altitude_of_its_moment_only(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    take(&nmea, "GPGGA,235959,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", &fix);
    take(&nmea, "GPRMC,000000,A,4807.038,N,01131.000,E,,,010126,,", &fix);
    assert_int_equal(fix.dimensions, 3);
    assert_close(fix.altitude, 545.4);
    assert_true(isnan(fix.speed) && isnan(fix.heading));
    take(&nmea, "GPRMC,000010,A,4807.038,N,01131.000,E,,,010126,,", &fix);
    assert_int_equal(fix.dimensions, 2);
}

static void gsa_says_how_many_dimensions(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    static const char gga[] = "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,";
    assert_int_equal(take(&nmea, "GPGSA,A,2,04,05,,09,12,,,24,,,,,2.5,1.3,2.1", &fix), 0);
    take(&nmea, gga, &fix);
    assert_int_equal(fix.dimensions, 2);
    take(&nmea, "GLGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1", &fix);
    take(&nmea, gga, &fix);
    assert_int_equal(fix.dimensions, 3);
}

static void vtg_adds_course_and_speed(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    assert_int_equal(take(&nmea, "GPVTG,054.7,T,034.4,M,005.5,N,010.2,K", &fix), 0);
    take(&nmea, "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", &fix);
    assert_close(fix.heading, 54.7);
    assert_close(fix.magnetic_heading, 34.4);
    assert_close(fix.speed, 10.2);
}

static void zda_gives_the_date(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    assert_int_equal(take(&nmea, "GPZDA,201530.00,29,02,2024,00,00", &fix), 0);
    take(&nmea, "GPGGA,201530,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", &fix);
    assert_int_equal(fix.time_ns, 1709237730000000000u); /* 2024-02-29T20:15:30Z */
    assert_int_equal(take(&nmea, "GPZDA,201530.00,32,02,2024,00,00", &fix), -EBADMSG);
    assert_int_equal(take(&nmea, "GPZDA,201530.00,29,13,2024,00,00", &fix), -EBADMSG);
}

static void says_when_there_is_no_fix(void **state)
{
    static const char *const lost[] = {
        "GPGGA,123519,,,,,0,00,99.9,,,,,,",
        "GPGGA,,,,,,0,,,,,,,,",
        "GPRMC,123519,V,,,,,,,230394,,",
        "GPRMC,123519,V,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W,N",
    };
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        struct nmea nmea = {0};
        struct fix fix = {.dimensions = 9};
        assert_int_equal(take(&nmea, lost[i], &fix), 1);
        assert_int_equal(fix.dimensions, 0);
    }
}

static void takes_any_talker_and_leaves_other_sentences(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    static const char rest[] = "GGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,";
    static const char *const talkers[] = {"GP", "GN", "GL", "GA", "GB", "BD", "QZ", "II"};
    for (size_t i = 0; i < sizeof talkers / sizeof *talkers; i++) {
        char body[128];
        snprintf(body, sizeof body, "%s%s", talkers[i], rest);
        assert_int_equal(take(&nmea, body, &fix), 1);
    }
    assert_int_equal(take(&nmea, "GPGSV,2,1,08,01,40,083,46,02,17,308,41", &fix), 0);
    assert_int_equal(take(&nmea, "PUBX,00,123519.00,4807.038,N", &fix), 0);
    assert_int_equal(take(&nmea, "GPTXT,01,01,02,ANTSTATUS=OK", &fix), 0);
}

static void refuses_what_is_no_sentence(void **state)
{
    static const char *const bad[] = {
        "",
        "$",
        "$*00",
        "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*48",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*4",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47x",
        "{\"class\":\"TPV\"}",
    };
    struct nmea nmea = {0};
    struct fix fix;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int result = nmea_take(&nmea, (const uint8_t *)bad[i], strlen(bad[i]), &fix);
        if (strcmp(bad[i], "$*00") == 0) /* empty, and its checksum is right */
            assert_int_equal(result, 0);
        else
            assert_int_equal(result, -EBADMSG);
    }
    char longer[NMEA_LINE_MAX + 2];
    memset(longer, 'A', sizeof longer);
    longer[0] = '$';
    memcpy(longer + sizeof longer - 3, "*41", 3);
    assert_int_equal(nmea_take(&nmea, (const uint8_t *)longer, sizeof longer, &fix), -EBADMSG);
    static const char good[] = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
    assert_int_equal(nmea_take(&nmea, (const uint8_t *)good, sizeof good - 1, &fix), 1);
}

static void refuses_places_that_cannot_be(void **state)
{
    static const char *const bad[] = {
        "GPGGA,123519,9007.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,4860.000,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,4807.038,X,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,4807.038,N,18131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,-807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,123519,nan,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,1235,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,253519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,126019,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GPGGA,12351x,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct nmea nmea = {0};
        struct fix fix;
        assert_int_equal(take(&nmea, bad[i], &fix), -EBADMSG);
    }
}

static void takes_cut_off_fields_as_unknown(void **state)
{
    struct nmea nmea = {0};
    struct fix fix;
    assert_int_equal(take(&nmea, "GPGGA,123519,4807.038,N,01131.000,E,1", &fix), 1);
    assert_int_equal(fix.dimensions, 2);
    assert_int_equal(fix.satellites, 0);
    assert_true(isnan(fix.accuracy));
    assert_int_equal(take(&nmea, "GPGSA", &fix), 0);
    assert_int_equal(take(&nmea, "GPVTG", &fix), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gga_makes_a_fix),
        cmocka_unit_test(rmc_makes_a_flat_fix_with_speed_and_date),
        cmocka_unit_test(rmc_keeps_the_altitude_of_its_moment_only),
        cmocka_unit_test(gsa_says_how_many_dimensions),
        cmocka_unit_test(vtg_adds_course_and_speed),
        cmocka_unit_test(zda_gives_the_date),
        cmocka_unit_test(says_when_there_is_no_fix),
        cmocka_unit_test(takes_any_talker_and_leaves_other_sentences),
        cmocka_unit_test(refuses_what_is_no_sentence),
        cmocka_unit_test(refuses_places_that_cannot_be),
        cmocka_unit_test(takes_cut_off_fields_as_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
