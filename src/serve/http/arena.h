/* Memory that lives as long as one request: taken in small steps, given back at once. Texts and
 * tables decoded from the request live here. It has a ceiling, as everything that grows. */
#ifndef NORN_SERVE_ARENA_H
#define NORN_SERVE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t left;  /* of the newest block */
    size_t taken; /* in all */
};

enum { ARENA_CEILING = 16 * 1024 * 1024 };

/* `size` zeroed bytes, 16-byte aligned, or NULL at the ceiling or without memory. */
void *arena_new(struct arena *arena, size_t size);

/* A NUL-terminated copy, or NULL. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

/* Gives everything back; the arena may be used again. */
void arena_done(struct arena *arena);

#endif
