/* The library's allocations come from one block, which is large enough for any text of a length.
 * See json_document.h. */
#include "util/json_document.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* What jansson 2.13 and 2.14 take at most, nothing given back: a value is 208 bytes (an object with
 * its first buckets) and in its parent 176 (a pair, its key, its part of the buckets, which
 * double); of a text there are the copy, a key's second one, and the buffer that it was gathered
 * in, which doubles too. */
enum { EACH_VALUE = 400, EACH_BYTE = 8, ALL = 1024, ALIGNMENT = 16 };

/* Where the thread's document grows. */
static _Thread_local struct {
    uint8_t *at, *end;
} room;

static void *take(size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded < size || (size_t)(room.end - room.at) < rounded)
        return NULL;
    uint8_t *taken = room.at;
    room.at += rounded;
    return taken;
}

/* All of a document goes at once. */
static void give_back(void *bytes)
{
    (void)bytes;
}

static void prepare(void)
{
    json_set_alloc_funcs(take, give_back);
}

/* Elements are parted by commas, and the first of each comes after a bracket. */
static size_t count_values(const char *text, size_t length, size_t most)
{
    size_t count = 1;
    for (size_t i = 0; i < length && count < most; i++)
        count += text[i] == ',' || text[i] == '[' || text[i] == '{';
    return count;
}

int json_document_load(struct json_document *ret_document, const char *text, size_t length,
                       size_t flags, size_t values, json_error_t *ret_reason)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t size = EACH_VALUE * count_values(text, length, values) + EACH_BYTE * length + ALL;
    pthread_once(&once, prepare);
    *ret_document = (struct json_document){.memory = malloc(size)};
    if (!ret_document->memory)
        return -ENOMEM;
    room.at = ret_document->memory;
    room.end = room.at + size;
    ret_document->root = json_loadb(text, length, flags, ret_reason);
    room.at = room.end = NULL;
    if (ret_document->root)
        return 0;
    return *ret_reason->text ? -EINVAL : -ENOMEM; /* the library is silent about that */
}

void json_document_done(struct json_document *document)
{
    free(document->memory);
    *document = (struct json_document){0};
}
