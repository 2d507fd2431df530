/* Size-class free lists over bump-allocated chunks. See pool.h. */
#include "util/pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CHUNK_BYTES = 512 * 1024 };

struct pool_chunk {
    struct pool_chunk *next;
    _Alignas(16) uint8_t bytes[];
};

/* A chunk of zeroes, its pages there already: one call, not a fault a page. */
static struct pool_chunk *chunk_new(void)
{
    void *chunk = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return chunk == MAP_FAILED ? NULL : chunk;
}

static size_t rounded(size_t size)
{
    return (size + POOL_GRAIN - 1) / POOL_GRAIN * POOL_GRAIN;
}

static void *carve(struct pool *pool, size_t size)
{
    if (pool->left < size) {
        struct pool_chunk *chunk = chunk_new();
        if (!chunk)
            return NULL;
        chunk->next = pool->chunks;
        pool->chunks = chunk;
        pool->next = chunk->bytes;
        pool->left = CHUNK_BYTES - sizeof *chunk;
        pool->bytes_held += CHUNK_BYTES;
    }
    void *object = pool->next;
    pool->next += size;
    pool->left -= size;
    return object;
}

void *pool_new(struct pool *pool, size_t size)
{
    size = rounded(size ? size : 1);
    if (size > POOL_OBJECT_MAX) {
        void *object = calloc(1, size);
        if (object) {
            pool->bytes_used += size;
            pool->bytes_held += size;
        }
        return object;
    }
    void **head = &pool->free_list[size / POOL_GRAIN];
    void *object = *head;
    if (object) {
        memcpy(head, object, sizeof *head);
        memset(object, 0, size);
    } else {
        object = carve(pool, size); /* zeroes from the system */
    }
    pool->bytes_used += object ? size : 0;
    return object;
}

void pool_free(struct pool *pool, void *object, size_t size)
{
    if (!object)
        return;
    size = rounded(size ? size : 1);
    pool->bytes_used -= size;
    if (size > POOL_OBJECT_MAX) {
        pool->bytes_held -= size;
        free(object);
        return;
    }
    void **head = &pool->free_list[size / POOL_GRAIN];
    memcpy(object, head, sizeof *head);
    *head = object;
}

void pool_done(struct pool *pool)
{
    while (pool->chunks) {
        struct pool_chunk *chunk = pool->chunks;
        pool->chunks = chunk->next;
        munmap(chunk, CHUNK_BYTES);
    }
    memset(pool, 0, sizeof *pool);
}
