/* A sorted list of access points. See dot11_clocks.h. */
#include "schema/dot11_clocks.h"

#include <stdlib.h>
#include <string.h>

#include "schema/dot11_fields.h"

enum { FIRST_CAPACITY = 16 };

/* True when `a` comes before a timer of `zero` and an address. */
static bool is_before(const struct dot11_device *a, int64_t zero, uint64_t mac)
{
    return a->clock_zero != zero ? a->clock_zero < zero : macaddr_u64(a->device->mac) < mac;
}

/* The first place that is not before. */
static uint32_t lower_bound(const struct dot11_clocks *clocks, int64_t zero, uint64_t mac)
{
    uint32_t first = 0, end = clocks->count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (is_before(clocks->list[middle], zero, mac))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static uint32_t place_of(const struct dot11_clocks *clocks, const struct dot11_device *ap)
{
    return lower_bound(clocks, ap->clock_zero, macaddr_u64(ap->device->mac));
}

void dot11_clocks_remove(struct dot11_clocks *clocks, struct dot11_device *ap)
{
    if (!ap->has_clock)
        return;
    struct dot11_device **at = &clocks->list[place_of(clocks, ap)];
    memmove(at, at + 1, (size_t)(clocks->list + --clocks->count - at) * sizeof *at);
    ap->has_clock = false;
}

static bool grow(struct dot11_clocks *clocks)
{
    uint32_t capacity = clocks->capacity ? 2 * clocks->capacity : FIRST_CAPACITY;
    struct dot11_device **list = realloc(clocks->list, capacity * sizeof *list);
    if (!list)
        return false;
    clocks->list = list;
    clocks->capacity = capacity;
    return true;
}

static void insert(struct dot11_clocks *clocks, struct dot11_device *ap)
{
    if (clocks->count == clocks->capacity && !grow(clocks))
        return;
    struct dot11_device **at = &clocks->list[place_of(clocks, ap)];
    memmove(at + 1, at, (size_t)(clocks->list + clocks->count++ - at) * sizeof *at);
    *at = ap;
    ap->has_clock = true;
}

/* Whether the access point stays in its place with another timer. */
static bool is_still_in_order(const struct dot11_clocks *clocks, const struct dot11_device *ap,
                              int64_t zero)
{
    uint32_t place = place_of(clocks, ap);
    uint64_t mac = macaddr_u64(ap->device->mac);
    return (!place || is_before(clocks->list[place - 1], zero, mac)) &&
           (place + 1 == clocks->count || !is_before(clocks->list[place + 1], zero, mac));
}

void dot11_clocks_set(struct dot11_clocks *clocks, struct dot11_device *ap, uint64_t timestamp_us,
                      uint64_t time_us)
{
    int64_t zero = (int64_t)(time_us - timestamp_us);
    if (!clocks->window_us || !timestamp_us || (ap->has_clock && ap->clock_zero == zero))
        return;
    bool stays = ap->has_clock && is_still_in_order(clocks, ap, zero);
    if (!stays)
        dot11_clocks_remove(clocks, ap);
    ap->clock_zero = zero;
    if (!stays)
        insert(clocks, ap);
}

void dot11_clocks_done(struct dot11_clocks *clocks)
{
    free(clocks->list);
    *clocks = (struct dot11_clocks){0};
}

static bool is_near(const struct dot11_clocks *clocks, int64_t a, int64_t b)
{
    uint64_t distance = a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
    return distance < clocks->window_us;
}

const struct dot11_device *dot11_clocks_next(const struct dot11_clocks *clocks,
                                             const struct dot11_device *ap, uint64_t *step)
{
    if (!ap->has_clock)
        return NULL;
    uint64_t place = place_of(clocks, ap);
    while (*step <= 2 * DOT11_CLOCKS_NEAR) {
        uint64_t at = place + (*step)++; /* this much to the right of where it is */
        if (at < DOT11_CLOCKS_NEAR || at - DOT11_CLOCKS_NEAR >= clocks->count)
            continue;
        const struct dot11_device *other = clocks->list[at - DOT11_CLOCKS_NEAR];
        if (other != ap && is_near(clocks, other->clock_zero, ap->clock_zero))
            return other;
    }
    return NULL;
}
