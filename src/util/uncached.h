/* Writes what another processor reads next, past the cache of this one. A plain store waits until
 * the line has come from the other's cache, only to be written over: between processors that lie
 * far apart a replay took two thirds longer by that. */
#ifndef NORN_UTIL_UNCACHED_H
#define NORN_UTIL_UNCACHED_H

#include <stddef.h>
#include <string.h>

#if defined __SSE2__ && !defined __SANITIZE_THREAD__
#include <emmintrin.h>
#define UNCACHED_STORES 1
#else
#define UNCACHED_STORES 0 /* what ThreadSanitizer sees, and processors without such stores */
#endif

enum { UNCACHED_GRAIN = 16 };

/* Copies bytes: their number and both addresses are multiples of UNCACHED_GRAIN. Whole lines of the
 * cache at once go quickest. */
static inline void uncached_copy(void *to, const void *from, size_t bytes)
{
#if UNCACHED_STORES
    __m128i *target = to;
    const __m128i *source = from;
    for (size_t i = 0; i < bytes / sizeof *target; i++)
        _mm_stream_si128(&target[i], _mm_load_si128(&source[i]));
#else
    memcpy(to, from, bytes);
#endif
}

/* Makes what was copied so visible; call before the other is told of it. */
static inline void uncached_done(void)
{
#if UNCACHED_STORES
    _mm_sfence();
#endif
}

#endif
