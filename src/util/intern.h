/* Counted strings, each kept once: SSIDs, manufacturers, names, channels. The store's writer is
 * the only one to make or drop them; readers under the store's lock may read. Text is valid
 * UTF-8 and NUL-terminated; `length` is its bytes without the NUL. */
#ifndef NORN_UTIL_INTERN_H
#define NORN_UTIL_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "util/pool.h"

struct string {
    uint32_t references;
    uint32_t hash;
    uint32_t length;
    char text[];
};

struct intern {
    struct pool *pool;
    const struct string **slots;
    uint32_t capacity; /* power of two */
    uint32_t count;
};

/* An empty table whose strings live in `pool`, borrowed. */
void intern_init(struct intern *intern, struct pool *pool);
void intern_done(struct intern *intern);

/* The string of these bytes with one reference more; NULL for an empty text or no memory. */
const struct string *intern_ref(struct intern *intern, const char *text, size_t length);

/* Another reference to a string already held; NULL is fine. */
const struct string *intern_again(const struct string *string);

/* Drops one reference; NULL is fine. */
void intern_unref(struct intern *intern, const struct string *string);

/* Makes *slot hold the string of these bytes, dropping what it held; keeps it when equal. */
void intern_set(struct intern *intern, const struct string **slot, const char *text, size_t length);

/* The same of bytes off the air, at most 255 of them, in the form of text_add_printable(). */
void intern_set_printable(struct intern *intern, const struct string **slot, const void *bytes,
                          size_t length);

/* Text and length of a string that may be NULL (then empty). */
static inline const char *string_text(const struct string *string)
{
    return string ? string->text : "";
}

static inline size_t string_length(const struct string *string)
{
    return string ? string->length : 0;
}

#endif
