/* Numbers as text against printf: every border, and many doubles of all sizes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "schema/number.h"

static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void check_double(double number)
{
    char text[NUMBER_ANY + 1], expected[NUMBER_ANY + 1];
    *number_write_double((uint8_t *)text, number) = 0;
    const char *format = number == trunc(number) ? "%.0f" : "%.6f";
    snprintf(expected, sizeof expected, format, number == 0 || !isfinite(number) ? 0.0 : number);
    assert_string_equal(text, isfinite(number) ? expected : "0");
}

static void check_whole(uint64_t number)
{
    char text[NUMBER_WHOLE + 2], expected[NUMBER_WHOLE + 2];
    *number_write_u64((uint8_t *)text, number) = 0;
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)number);
    assert_string_equal(text, expected);
    *number_write_i64((uint8_t *)text, (int64_t)number) = 0;
    snprintf(expected, sizeof expected, "%lld", (long long)(int64_t)number);
    assert_string_equal(text, expected);
}

static void test_whole(void **state)
{
    uint64_t power = 1;
    for (int i = 0; i < 20; i++, power *= 10)
        for (uint64_t step = 0; step < 3; step++)
            check_whole(power + step - 1);
    for (unsigned bit = 0; bit < 64; bit++)
        for (uint64_t step = 0; step < 3; step++)
            check_whole((1ull << bit) + step - 1);
    for (int i = 0; i < 100000; i++)
        check_whole(next_random() >> (next_random() % 64));
}

static void test_borders(void **state)
{
    static const double numbers[] = {0.0,
                                     -0.0,
                                     0.5,
                                     -0.5,
                                     1e-6,
                                     5e-7,
                                     4.9999999e-7,
                                     1.5e-6,
                                     2.5e-6,
                                     0.999999,
                                     0.9999995,
                                     0.99999949,
                                     9.9999996,
                                     1e15 + 0.5,
                                     4503599627370495.5,
                                     9007199254740991,
                                     9007199254740994,
                                     9223372036854774784.0,
                                     9223372036854775808.0,
                                     -9223372036854775808.0,
                                     1e19,
                                     1e300,
                                     -1.7976931348623157e308,
                                     5e-324,
                                     2.2e-308,
                                     0.1,
                                     NAN,
                                     INFINITY,
                                     -INFINITY};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        check_double(numbers[i]);
}

static void test_doubles(void **state)
{
    for (int i = 0; i < 200000; i++) {
        double number;
        uint64_t bits = next_random();
        memcpy(&number, &bits, sizeof number);
        check_double(number);
        check_double((double)(bits % 1000000) / (double)(1 + next_random() % 3600));
        check_double((double)(int64_t)(bits % 20000001) / 2000000 - 5); /* many ties */
        check_double(ldexp((double)(bits >> 11), -(int)(next_random() % 90)));
    }
}

static void test_point(void **state)
{
    char text[NUMBER_ANY + 1], expected[NUMBER_ANY + 8];
    static const double numbers[] = {8, -47.1234565, 0, 1e20, -1e19};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *number_write_point((uint8_t *)text, numbers[i]) = 0;
        snprintf(expected, sizeof expected, "%.6f", numbers[i]);
        assert_string_equal(text, expected);
    }
    *number_write_point((uint8_t *)text, NAN) = 0;
    assert_string_equal(text, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_borders),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
