/* Open addressing by keyed hash, grown by doubling, deletion by shifting back. See intern.h. */
#include "util/intern.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/text.h"

enum {
    FIRST_CAPACITY = 256,
    PRINTABLE_MAX = 255, /* bytes off the air in one text */
    ESCAPE_BYTES = 4,
};

void intern_init(struct intern *intern, struct pool *pool)
{
    *intern = (struct intern){.pool = pool};
}

void intern_done(struct intern *intern)
{
    free(intern->slots);
    *intern = (struct intern){0};
}

static size_t string_bytes(size_t length)
{
    return sizeof(struct string) + length + 1;
}

static uint32_t find_slot(const struct intern *intern, const char *text, size_t length,
                          uint32_t hash)
{
    uint32_t mask = intern->capacity - 1, at = hash & mask;
    for (;; at = (at + 1) & mask) {
        const struct string *string = intern->slots[at];
        if (!string)
            return at;
        if (string->hash == hash && string->length == length &&
            memcmp(string->text, text, length) == 0)
            return at;
    }
}

static int grow(struct intern *intern)
{
    uint32_t capacity = intern->capacity ? intern->capacity * 2 : FIRST_CAPACITY;
    const struct string **slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return -1;
    for (uint32_t i = 0; i < intern->capacity; i++) {
        const struct string *string = intern->slots[i];
        if (!string)
            continue;
        uint32_t at = string->hash & (capacity - 1);
        while (slots[at])
            at = (at + 1) & (capacity - 1);
        slots[at] = string;
    }
    free(intern->slots);
    intern->slots = slots;
    intern->capacity = capacity;
    return 0;
}

const struct string *intern_again(const struct string *string)
{
    if (string)
        ((struct string *)string)->references++;
    return string;
}

const struct string *intern_ref(struct intern *intern, const char *text, size_t length)
{
    if (!length)
        return NULL;
    if (intern->count * 2 >= intern->capacity && grow(intern) != 0)
        return NULL;
    uint32_t hash = (uint32_t)hash_keyed_bytes(text, length);
    uint32_t at = find_slot(intern, text, length, hash);
    if (intern->slots[at])
        return intern_again(intern->slots[at]);
    struct string *string = pool_new(intern->pool, string_bytes(length));
    if (!string)
        return NULL;
    *string = (struct string){.references = 1, .hash = hash, .length = (uint32_t)length};
    memcpy(string->text, text, length);
    intern->slots[at] = string;
    intern->count++;
    return string;
}

static void remove_slot(struct intern *intern, uint32_t hole)
{
    uint32_t mask = intern->capacity - 1;
    for (uint32_t at = (hole + 1) & mask; intern->slots[at]; at = (at + 1) & mask) {
        uint32_t home = intern->slots[at]->hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            intern->slots[hole] = intern->slots[at];
            hole = at;
        }
    }
    intern->slots[hole] = NULL;
    intern->count--;
}

void intern_unref(struct intern *intern, const struct string *string)
{
    if (!string || --((struct string *)string)->references)
        return;
    uint32_t at = find_slot(intern, string->text, string->length, string->hash);
    if (intern->slots[at] == string)
        remove_slot(intern, at);
    pool_free(intern->pool, (void *)string, string_bytes(string->length));
}

void intern_set(struct intern *intern, const struct string **slot, const char *text, size_t length)
{
    const struct string *held = *slot;
    if (held && held->length == length && memcmp(held->text, text, length) == 0)
        return;
    *slot = intern_ref(intern, text, length);
    intern_unref(intern, held);
}

void intern_set_printable(struct intern *intern, const struct string **slot, const void *bytes,
                          size_t length)
{
    uint8_t room[PRINTABLE_MAX * ESCAPE_BYTES];
    struct buffer text = {.data = room, .capacity = sizeof room, .ceiling = sizeof room};
    text_add_printable(&text, bytes, length > PRINTABLE_MAX ? PRINTABLE_MAX : length);
    intern_set(intern, slot, (const char *)room, text.length);
}
