/* Numbers as text. See number.h. Digits go in pairs from a table; decimals come from exact integer
 * arithmetic on the bits of the double (IEEE 754 binary64), so they equal the correctly rounded
 * ones of printf's "%.6f". */
#include "schema/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned digit_count(uint64_t number)
{
    static const uint64_t powers[] = {
        0,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
        10000000000000000000u,
    };
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
    unsigned guess = bits * 1233 >> 12; /* log10(2) = 0.30103; right, or one too many */
    return guess + (number >= powers[guess]);
}

uint8_t *number_write_digits(uint8_t *at, uint64_t number)
{
    uint8_t *end = at + digit_count(number), *digit = end;
    while (number >= 100) {
        digit -= 2;
        memcpy(digit, number_pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10)
        memcpy(digit - 2, number_pairs + 2 * number, 2);
    else
        digit[-1] = (uint8_t)('0' + number);
    return end;
}

/* The fraction `part` / 2^`shift` in millionths, to the nearest, ties to even. `part` is below 2^53
 * and its product is kept in two words of 26 and 47 bits. */
static uint32_t millionths(uint64_t part, unsigned shift)
{
    enum { LOW = 26 };
    if (shift > 74) /* below a quarter of a millionth */
        return 0;
    if (shift < LOW) {
        part <<= LOW - shift;
        shift = LOW;
    }
    const uint64_t low_mask = (1u << LOW) - 1;
    uint64_t low = (part & low_mask) * 1000000;
    uint64_t high = (part >> LOW) * 1000000 + (low >> LOW);
    low &= low_mask;
    uint32_t rounded = (uint32_t)(high >> (shift - LOW));
    uint64_t rest = (high & ((1ull << (shift - LOW)) - 1)) << 1;
    uint64_t half = 1ull << (shift - LOW); /* both doubled: half may lie in the low word */
    rest |= low >> (LOW - 1);
    bool more = low & (low_mask >> 1);
    return rounded + (rest > half || (rest == half && (more || (rounded & 1))));
}

uint8_t *number_write_fixed(uint8_t *at, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    *at = '-';
    at += bits >> 63;
    unsigned exponent = bits >> 52 & 0x7ff;
    uint64_t mantissa = bits & 0xfffffffffffff;
    uint64_t whole = 0, part = mantissa;
    unsigned shift = 1074; /* the value is mantissa / 2^shift */
    if (exponent) {
        mantissa |= 1ull << 52;
        part = mantissa;
        shift = exponent < 1075 ? 1075 - exponent : 0;
    }
    if (!shift)
        whole = mantissa << (exponent - 1075);
    else if (shift < 53)
        whole = mantissa >> shift;
    if (shift < 53)
        part = mantissa & ((1ull << shift) - 1);
    uint32_t decimals = shift ? millionths(part, shift) : 0;
    if (decimals == 1000000) {
        whole++;
        decimals = 0;
    }
    at = number_write_u64(at, whole);
    at[0] = '.';
    memcpy(at + 1, number_pairs + 2 * (decimals / 10000), 2);
    memcpy(at + 3, number_pairs + 2 * (decimals / 100 % 100), 2);
    memcpy(at + 5, number_pairs + 2 * (decimals % 100), 2);
    return at + 7;
}

uint8_t *number_write_large(uint8_t *at, double number)
{
    if (!isfinite(number)) {
        *at = '0';
        return at + 1;
    }
    return at + snprintf((char *)at, NUMBER_ANY, "%.0f", number);
}

uint8_t *number_write_point(uint8_t *at, double number)
{
    if (number < NUMBER_LARGE && number > -NUMBER_LARGE)
        return number_write_fixed(at, number);
    at = number_write_large(at, number);
    if (!isfinite(number))
        return at;
    memcpy(at, ".000000", 7);
    return at + 7;
}

// clang-format off
const char number_pairs[201] =
    "00010203040506070809"
    "10111213141516171819"
    "20212223242526272829"
    "30313233343536373839"
    "40414243444546474849"
    "50515253545556575859"
    "60616263646566676869"
    "70717273747576777879"
    "80818283848586878889"
    "90919293949596979899";

const char number_hex_pairs[513] =
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
    "202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F"
    "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"
    "606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F"
    "808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F"
    "A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF"
    "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
    "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";
// clang-format on
