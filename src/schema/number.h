/* Numbers as text: whole ones as digits, others with six decimals (reference: serialisation).
 * All of it writes to memory the caller made room for, at most the sizes named here, and gives
 * the place after the last byte. Nothing depends on the locale. */
#ifndef NORN_SCHEMA_NUMBER_H
#define NORN_SCHEMA_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    NUMBER_WHOLE = 20,   /* bytes of any 64-bit integer */
    NUMBER_DECIMAL = 28, /* bytes of a number below NUMBER_LARGE */
    NUMBER_ANY = 320,    /* bytes of any number */
};

/* From here on every double is whole and may take more than NUMBER_DECIMAL bytes: 2^63. */
#define NUMBER_LARGE 9223372036854775808.0

/* "00" to "99", and "00" to "FF": two characters for each value. */
extern const char number_pairs[201];
extern const char number_hex_pairs[513];

/* Digits of a number of any size. */
uint8_t *number_write_digits(uint8_t *at, uint64_t number);

/* Six decimals; for finite numbers below NUMBER_LARGE. Rounds to the nearest, ties to even. */
uint8_t *number_write_fixed(uint8_t *at, double number);

/* Six decimals whatever the number; not finite: 0. */
uint8_t *number_write_point(uint8_t *at, double number);

/* A number of NUMBER_LARGE and above, or not finite: its digits, or 0. */
uint8_t *number_write_large(uint8_t *at, double number);

static inline uint8_t *number_write_u64(uint8_t *at, uint64_t number)
{
    if (number < 10) {
        *at = (uint8_t)('0' + number);
        return at + 1;
    }
    if (number < 100) {
        memcpy(at, number_pairs + 2 * number, 2);
        return at + 2;
    }
    return number_write_digits(at, number);
}

static inline uint8_t *number_write_i64(uint8_t *at, int64_t number)
{
    *at = '-';
    return number_write_u64(at + (number < 0),
                            number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

/* A double as the API writes it: whole numbers as integers, NaN and infinity as 0. */
static inline uint8_t *number_write_double(uint8_t *at, double number)
{
    if (!(number < NUMBER_LARGE && number > -NUMBER_LARGE))
        return number_write_large(at, number);
    int64_t whole = (int64_t)number;
    return (double)whole == number ? number_write_i64(at, whole) : number_write_fixed(at, number);
}

/* All eight are zero, of either sign: what most slots of a history are. */
static inline bool number_zeroes(const double *numbers)
{
    uint64_t bits[8];
    memcpy(bits, numbers, sizeof bits);
    uint64_t any = bits[0] | bits[1] | bits[2] | bits[3] | bits[4] | bits[5] | bits[6] | bits[7];
    return !(any << 1);
}

/* Two upper-case hex digits for each byte; gives the place after the last. */
static inline uint8_t *number_write_hex(uint8_t *at, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++, at += 2)
        memcpy(at, number_hex_pairs + 2 * bytes[i], 2);
    return at;
}

#endif
