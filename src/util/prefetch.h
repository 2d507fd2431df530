/* Asks the processor for the lines of a record that is needed soon. */
#ifndef NORN_UTIL_PREFETCH_H
#define NORN_UTIL_PREFETCH_H

#include <stddef.h>

enum { PREFETCH_LINE = 64 };

/* A size rounded up to whole lines. */
static inline size_t prefetch_lines(size_t size)
{
    return (size + PREFETCH_LINE - 1) / PREFETCH_LINE * PREFETCH_LINE;
}

/* NULL is fine. */
static inline void prefetch_to_read(const void *record, size_t bytes)
{
    for (size_t at = 0; record && at < bytes; at += PREFETCH_LINE)
        __builtin_prefetch((const char *)record + at);
}

static inline void prefetch_to_write(const void *record, size_t bytes)
{
    for (size_t at = 0; record && at < bytes; at += PREFETCH_LINE)
        __builtin_prefetch((const char *)record + at, 1);
}

#endif
