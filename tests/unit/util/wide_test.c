/* Products of 128 bits: the portable way says what the compiler's own type says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "util/wide.h"

static void expect(uint64_t a, uint64_t b, uint64_t high, uint64_t low)
{
    struct wide product = wide_multiply(a, b), parts = wide_multiply_parts(a, b);
    assert_int_equal(product.high, high);
    assert_int_equal(product.low, low);
    assert_int_equal(parts.high, high);
    assert_int_equal(parts.low, low);
}

static void known_products(void **state)
{
    expect(0, UINT64_MAX, 0, 0);
    expect(1, UINT64_MAX, 0, UINT64_MAX);
    expect(UINT64_MAX, UINT64_MAX, UINT64_MAX - 1, 1);
    expect(1ull << 32, 1ull << 32, 1, 0);
    expect(0xffffffffull, 0xffffffffull, 0, 0xfffffffe00000001ull);
    expect(0x123456789abcdef0ull, 0x0fedcba987654321ull, 0x0121fa00ad77d742ull,
           0x2236d88fe5618cf0ull);
}

static uint64_t random_number(void)
{
    uint64_t number = 0;
    for (int i = 0; i < 5; i++)
        number = number << 15 ^ (uint64_t)rand();
    return number >> rand() % 64;
}

static void both_ways_agree(void **state)
{
    srand(3);
    for (int i = 0; i < 100000; i++) {
        uint64_t a = random_number(), b = random_number();
        struct wide parts = wide_multiply_parts(a, b);
        expect(a, b, parts.high, parts.low);
        assert_int_equal(wide_fold(a, b), parts.high ^ parts.low);
    }
}

static void shifts_take_from_the_high_half(void **state)
{
    const struct wide wide = {5, 1ull << 63};
    assert_int_equal(wide_shift(wide, 0), 1ull << 63);
    assert_int_equal(wide_shift(wide, 1), 1ull << 62 | 1ull << 63);
    assert_int_equal(wide_shift(wide, 63), 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_products),
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(shifts_take_from_the_high_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
