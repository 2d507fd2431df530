/* Sorting by keys. A key holds a number, or a text's first eight bytes, in 64 bits that compare as
 * unsigned; what is left of a text stands in one buffer. The window's records are picked with a
 * heap of as many keys as it ends at, so a page costs little more than one pass. See list_order.h.
 */
#include "serve/list/list_order.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/projection.h"

enum {
    REST_MAX = 247, /* bytes of a text that count, after the first eight */
    FIRST_KEYS = 1024,
};

struct key {
    uint64_t front;
    uint32_t rest; /* offset in `texts` plus one: its length, then its bytes; 0: none */
    uint32_t id;
    bool present;
};

struct list_order {
    struct path path;
    bool descending;
    struct key *keys;
    uint32_t count, capacity;
    struct buffer texts;
};

struct list_order *list_order_new(const struct record_type *type, const char *path, bool descending)
{
    struct list_order *order = calloc(1, sizeof *order);
    if (!order)
        return NULL;
    order->descending = descending;
    if (path_parse(type, path, strlen(path), &order->path) != -E2BIG)
        return order;
    free(order);
    errno = E2BIG;
    return NULL;
}

void list_order_free(struct list_order *order)
{
    if (!order)
        return;
    free(order->keys);
    buffer_done(&order->texts);
    free(order);
}

bool list_order_is_deep(const struct list_order *order)
{
    return order->path.count > 1;
}

/* Bytes that compare as memcmp() does. */
static void set_bytes(struct list_order *order, struct key *key, const void *bytes, size_t length)
{
    uint8_t front[8] = {0};
    size_t rest = length > 8 ? length - 8 : 0;
    if (length)
        memcpy(front, bytes, length - rest);
    for (int i = 0; i < 8; i++)
        key->front = key->front << 8 | front[i];
    if (!rest)
        return;
    if (rest > REST_MAX)
        rest = REST_MAX;
    key->rest = (uint32_t)order->texts.length + 1;
    buffer_add_byte(&order->texts, (uint8_t)rest);
    buffer_add(&order->texts, (const uint8_t *)bytes + 8, rest);
}

/* Bits of a number that compare as it does; what is not a number comes before all others. */
static uint64_t number_bits(double number)
{
    uint64_t bits, sign = 1ull << 63;
    number = isnan(number) ? -INFINITY : number + 0.0; /* -0 becomes 0 */
    memcpy(&bits, &number, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

static void set_key(struct list_order *order, struct key *key, const struct value *value)
{
    uint64_t halves[2];
    key->present = !value->absent;
    if (value->absent)
        return;
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT: set_bytes(order, key, value->text, value->length); break;
    case FIELD_BYTES: set_bytes(order, key, value->bytes.data, value->bytes.length); break;
    case FIELD_UUID: set_bytes(order, key, &value->uuid, sizeof value->uuid); break;
    case FIELD_MAC: key->front = macaddr_u64(value->mac); break;
    case FIELD_KEY:
        halves[0] = htobe64(value->key.phy);
        halves[1] = htobe64(value->key.mac);
        set_bytes(order, key, halves, sizeof halves);
        break;
    case FIELD_FLOAT:
    case FIELD_DOUBLE: key->front = number_bits(value->number); break;
    case FIELD_INT8:
    case FIELD_INT16:
    case FIELD_INT32:
    case FIELD_INT64: key->front = value->natural ^ 1ull << 63; break;
    case FIELD_UINT8:
    case FIELD_UINT16:
    case FIELD_UINT32:
    case FIELD_UINT64: key->front = value->natural; break;
    default: break; /* points and series are all alike */
    }
}

int list_order_add(struct list_order *order, uint32_t id, const void *record, struct view *view)
{
    struct value value;
    if (order->count == order->capacity) {
        uint32_t capacity = order->capacity ? order->capacity * 2 : FIRST_KEYS;
        struct key *keys = realloc(order->keys, capacity * sizeof *keys);
        if (!keys)
            return -ENOMEM;
        order->keys = keys;
        order->capacity = capacity;
    }
    struct key *key = &order->keys[order->count++];
    size_t mark = view->scratch_used;
    path_value(&order->path, record, view, &value);
    *key = (struct key){.id = id};
    set_key(order, key, &value);
    view->scratch_used = mark;
    return order->texts.failed ? -ENOMEM : 0;
}

static int compare_rests(const struct list_order *order, const struct key *a, const struct key *b)
{
    if (!a->rest || !b->rest)
        return (a->rest != 0) - (b->rest != 0);
    const uint8_t *left = order->texts.data + a->rest - 1, *right = order->texts.data + b->rest - 1;
    int result = memcmp(left + 1, right + 1, *left < *right ? *left : *right);
    return result ? result : *left - *right;
}

static int compare(const struct list_order *order, const struct key *a, const struct key *b)
{
    int result = a->present - b->present;
    if (!result && a->front != b->front)
        result = a->front < b->front ? -1 : 1;
    if (!result)
        result = compare_rests(order, a, b);
    if (result)
        return order->descending ? -result : result;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int compare_keys(const void *a, const void *b, void *order)
{
    return compare(order, a, b);
}

/* Lets the key at `at` of a heap (the last in order on top) sink to its place. */
static void sink(const struct list_order *order, uint32_t at, uint32_t count)
{
    struct key *keys = order->keys, sinking = keys[at];
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && compare(order, &keys[child], &keys[child + 1]) < 0)
            child++;
        if (compare(order, &sinking, &keys[child]) >= 0)
            break;
        keys[at] = keys[child];
    }
    keys[at] = sinking;
}

/* Brings the first `count` keys of the order to the front. */
static void pick(const struct list_order *order, uint32_t count)
{
    struct key *keys = order->keys;
    for (uint32_t at = count / 2; at-- > 0;)
        sink(order, at, count);
    for (uint32_t i = count; i < order->count; i++) {
        if (compare(order, &keys[i], &keys[0]) >= 0)
            continue;
        keys[0] = keys[i];
        sink(order, 0, count);
    }
}

uint32_t *list_order_window(struct list_order *order, uint32_t start, uint32_t length,
                            uint32_t *ret_count)
{
    uint32_t count = order->count, begin = start < count ? start : count;
    uint32_t end = length && length < count - begin ? begin + length : count;
    uint32_t *ids = malloc((end - begin + 1) * sizeof *ids);
    if (!ids)
        return NULL;
    if (end < count && end)
        pick(order, end);
    if (end)
        qsort_r(order->keys, end, sizeof *order->keys, compare_keys, order);
    for (uint32_t i = begin; i < end; i++)
        ids[i - begin] = order->keys[i].id;
    *ret_count = end - begin;
    return ids;
}
