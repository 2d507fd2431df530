/* Size-class free lists over bump-allocated chunks. See pool.h. */
#include "util/pool.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/prefetch.h"

/* A pool that has outgrown small chunks takes such as one huge page can back: what is looked up at
 * random is then found without a walk through page tables. Before that the processor knows its way
 * as well, and a huge page takes long to be had. */
enum {
    SMALL_CHUNK = 512 * 1024,
    HUGE_CHUNK = 2 * 1024 * 1024,
    HUGE_FROM = 32 * 1024 * 1024, /* bytes held */
};

struct pool_chunk {
    struct pool_chunk *next;
    size_t size;
    _Alignas(PREFETCH_LINE) uint8_t bytes[];
};

/* A chunk of zeroes, its pages there already: one call, not a fault a page. */
static struct pool_chunk *map_small(void)
{
    void *chunk = mmap(NULL, SMALL_CHUNK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return chunk == MAP_FAILED ? NULL : chunk;
}

/* The same at a multiple of its size; huge pages where the system lends them, else small ones. */
static struct pool_chunk *map_huge(void)
{
    uint8_t *area = mmap(NULL, 2 * (size_t)HUGE_CHUNK, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_CHUNK - (uintptr_t)area % HUGE_CHUNK) % HUGE_CHUNK;
    uint8_t *chunk = area + before;
    if (before)
        munmap(area, before);
    munmap(chunk + HUGE_CHUNK, HUGE_CHUNK - before);
    madvise(chunk, HUGE_CHUNK, MADV_HUGEPAGE);
    madvise(chunk, HUGE_CHUNK, MADV_POPULATE_WRITE);
    return (struct pool_chunk *)chunk;
}

static struct pool_chunk *map(size_t size)
{
    struct pool_chunk *chunk = size == HUGE_CHUNK ? map_huge() : map_small();
    if (chunk)
        chunk->size = size;
    return chunk;
}

static size_t next_size(const struct pool *pool)
{
    return pool->bytes_held >= HUGE_FROM ? HUGE_CHUNK : SMALL_CHUNK;
}

void pool_prepare(struct pool *pool)
{
    size_t size = atomic_load(&pool->prepared) ? 0 : atomic_exchange(&pool->wanted, 0);
    if (!size)
        return;
    struct pool_chunk *other = atomic_exchange(&pool->prepared, map(size));
    if (other) /* this thread was slow: its chunk and the next one were wanted meanwhile */
        munmap(other, other->size);
}

/* The chunk that was got ready, or one made now; the next one is wanted from here on. */
static struct pool_chunk *take_chunk(struct pool *pool)
{
    struct pool_chunk *chunk = atomic_exchange(&pool->prepared, NULL);
    if (!chunk)
        chunk = map(next_size(pool));
    if (!chunk)
        return NULL;
    pool->bytes_held += chunk->size;
    atomic_store(&pool->wanted, next_size(pool));
    return chunk;
}

static size_t rounded(size_t size)
{
    return (size + POOL_GRAIN - 1) / POOL_GRAIN * POOL_GRAIN;
}

/* Makes the next object begin at a multiple of what its size is a multiple of, as far as a line of
 * the processor's cache: it lies in no line more than it has to. */
static void align(struct pool *pool, size_t size)
{
    size_t of = (size | PREFETCH_LINE) & -(size | PREFETCH_LINE), gap = -(uintptr_t)pool->next % of;
    if (gap > pool->left)
        gap = pool->left;
    pool->next += gap;
    pool->left -= gap;
}

static void *carve(struct pool *pool, size_t size)
{
    align(pool, size);
    if (pool->left < size) {
        struct pool_chunk *chunk = take_chunk(pool);
        if (!chunk)
            return NULL;
        chunk->next = pool->chunks;
        pool->chunks = chunk;
        pool->next = chunk->bytes;
        pool->left = chunk->size - sizeof *chunk;
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
    struct pool_chunk *prepared = atomic_load(&pool->prepared);
    if (prepared)
        munmap(prepared, prepared->size);
    while (pool->chunks) {
        struct pool_chunk *chunk = pool->chunks;
        pool->chunks = chunk->next;
        munmap(chunk, chunk->size);
    }
    memset(pool, 0, sizeof *pool);
}
