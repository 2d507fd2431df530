/* Memory for the store: objects of a few sizes carved from large chunks, so that a device costs
 * its own bytes and no header. One thread at a time; others may get chunks ready for it. Freed
 * objects are reused by size class. */
#ifndef NORN_UTIL_POOL_H
#define NORN_UTIL_POOL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum {
    POOL_GRAIN = 16,        /* sizes are rounded up to this */
    POOL_OBJECT_MAX = 8192, /* larger objects go to the heap */
};

struct pool {
    void *free_list[POOL_OBJECT_MAX / POOL_GRAIN + 1];
    struct pool_chunk *chunks;
    uint8_t *next; /* unused part of the newest chunk */
    size_t left;
    size_t bytes_used;                     /* handed out now */
    size_t bytes_held;                     /* taken from the system */
    atomic_size_t wanted;                  /* size of the chunk to get ready; 0: none */
    _Atomic(struct pool_chunk *) prepared; /* or NULL */
};

/* Zeroed object of `size` bytes, or NULL when the system has no memory left. One of a size of
 * whole lines of the processor's cache (prefetch_lines()) begins at one. */
void *pool_new(struct pool *pool, size_t size);

/* Gets ready the chunk that will be needed next, if there is none: the system takes its time to
 * clear one. For other threads than the pool's. */
void pool_prepare(struct pool *pool);

/* Gives back an object of that same `size`; NULL is fine. */
void pool_free(struct pool *pool, void *object, size_t size);

/* Gives everything back to the system; heap objects over POOL_OBJECT_MAX must be freed before. */
void pool_done(struct pool *pool);

#endif
