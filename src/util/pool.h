/* Memory for the store: objects of a few sizes carved from large chunks, so that a device costs
 * its own bytes and no header. One thread at a time. Freed objects are reused by size class. */
#ifndef NORN_UTIL_POOL_H
#define NORN_UTIL_POOL_H

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
    size_t bytes_used; /* handed out now */
    size_t bytes_held; /* taken from the system */
};

/* Zeroed object of `size` bytes, or NULL when the system has no memory left. */
void *pool_new(struct pool *pool, size_t size);

/* Gives back an object of that same `size`; NULL is fine. */
void pool_free(struct pool *pool, void *object, size_t size);

/* Gives everything back to the system; heap objects over POOL_OBJECT_MAX must be freed before. */
void pool_done(struct pool *pool);

#endif
