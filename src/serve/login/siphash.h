/* SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash that cannot be forged without
 * its key. Passwords that were checked once are remembered only as this. */
#ifndef NORN_SERVE_SIPHASH_H
#define NORN_SERVE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash_of(const uint64_t key[2], const void *bytes, size_t length);

#endif
