/* Size-class free lists over bump-allocated chunks. See pool.h. */
#include "util/pool.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 256 * 1024 };

struct pool_chunk {
    struct pool_chunk *next;
    _Alignas(16) uint8_t bytes[];
};

static size_t rounded(size_t size)
{
    return (size + POOL_GRAIN - 1) / POOL_GRAIN * POOL_GRAIN;
}

static void *carve(struct pool *pool, size_t size)
{
    if (pool->left < size) {
        struct pool_chunk *chunk = malloc(sizeof *chunk + CHUNK_BYTES);
        if (!chunk)
            return NULL;
        chunk->next = pool->chunks;
        pool->chunks = chunk;
        pool->next = chunk->bytes;
        pool->left = CHUNK_BYTES;
        pool->bytes_held += sizeof *chunk + CHUNK_BYTES;
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
    if (object)
        memcpy(head, object, sizeof *head);
    else
        object = carve(pool, size);
    if (!object)
        return NULL;
    memset(object, 0, size);
    pool->bytes_used += size;
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
        free(chunk);
    }
    memset(pool, 0, sizeof *pool);
}
