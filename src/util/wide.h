/* Products of 128 bits, by the compiler's own type or, where it has none (32-bit machines), in four
 * parts. Both give the same. */
#ifndef NORN_UTIL_WIDE_H
#define NORN_UTIL_WIDE_H

#include <stdint.h>

struct wide {
    uint64_t high, low;
};

static inline struct wide wide_multiply_parts(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32);
    uint64_t middle = a0 * b1 + (uint32_t)cross;
    return (struct wide){a1 * b1 + (cross >> 32) + (middle >> 32), middle << 32 | (uint32_t)low};
}

static inline struct wide wide_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (struct wide){(uint64_t)(product >> 64), (uint64_t)product};
#else
    return wide_multiply_parts(a, b);
#endif
}

/* The low half of a product shifted down by 0 to 63 bits. */
static inline uint64_t wide_shift(struct wide wide, unsigned bits)
{
    return bits ? wide.low >> bits | wide.high << (64 - bits) : wide.low;
}

/* Both halves of a product folded into one, for hashes. */
static inline uint64_t wide_fold(uint64_t a, uint64_t b)
{
    struct wide product = wide_multiply(a, b);
    return product.low ^ product.high;
}

#endif
