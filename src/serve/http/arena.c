/* Blocks for the memory of one request. See arena.h. */
#include "serve/http/arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used;
    _Alignas(16) unsigned char bytes[];
};

enum { BLOCK = 4000 };

void *arena_new(struct arena *arena, size_t size)
{
    if (size > ARENA_CEILING)
        return NULL;
    size_t rounded = size ? (size + 15) & ~(size_t)15 : 16;
    if (rounded > arena->left) {
        size_t room = rounded > BLOCK ? rounded : BLOCK;
        if (room > ARENA_CEILING - arena->taken)
            return NULL;
        struct arena_block *block = malloc(sizeof *block + room);
        if (!block)
            return NULL;
        block->used = 0;
        block->next = arena->blocks;
        arena->blocks = block;
        arena->left = room;
        arena->taken += room;
    }
    void *memory = arena->blocks->bytes + arena->blocks->used;
    arena->blocks->used += rounded;
    arena->left -= rounded;
    return memset(memory, 0, rounded);
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = length < ARENA_CEILING ? arena_new(arena, length + 1) : NULL;
    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

void arena_done(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
    *arena = (struct arena){0};
}
