/* Fixes by time, in a ring. See trail.h. */
#include "schema/trail.h"

#include <math.h>

#include "util/clock.h"

#define SPACING_NS (NS_PER_S / 2)  /* fixes closer than this take each other's place */
#define BACK_NS    (60 * NS_PER_S) /* older than the newest by more: the clock was set back */

static uint32_t slot(const struct trail *trail, uint32_t index)
{
    return (trail->first + index) % TRAIL_POINTS;
}

static bool has_fix(const struct trail_point *point)
{
    return point->location.fix >= 2;
}

/* Whether a fix of that time takes the newest one's place: gaps and what is next to them stay. */
static bool replaces_newest(const struct trail *trail, uint64_t time_ns)
{
    const struct trail_point *newest = &trail->points[slot(trail, trail->count - 1)];
    if (newest->time_ns == time_ns)
        return true;
    if (trail->count < 2 || !has_fix(newest))
        return false;
    const struct trail_point *previous = &trail->points[slot(trail, trail->count - 2)];
    return has_fix(previous) && newest->time_ns < previous->time_ns + SPACING_NS;
}

void trail_add(struct trail *trail, uint64_t time_ns, const struct location *location)
{
    if (trail->count) {
        uint64_t newest_ns = trail->points[slot(trail, trail->count - 1)].time_ns;
        bool is_fix = location->fix >= 2;
        if (time_ns + BACK_NS < newest_ns)
            trail->count = 0;
        else if (time_ns < newest_ns && is_fix)
            return;
        else if (time_ns < newest_ns)
            time_ns = newest_ns + 1; /* the receiver's clock is a little ahead */
        else if (is_fix && replaces_newest(trail, time_ns))
            trail->count--;
    }
    if (trail->count == TRAIL_POINTS) {
        trail->first = slot(trail, 1);
        trail->count--;
    }
    trail->points[slot(trail, trail->count++)] =
        (struct trail_point){.time_ns = time_ns, .location = *location};
}

/* How many points there are up to that time. */
static uint32_t count_until(const struct trail *trail, uint64_t time_ns)
{
    uint32_t low = 0, high = trail->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (trail->points[slot(trail, middle)].time_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Moves a place a part of the way towards another, the short way round the earth. */
static void approach(struct location *place, const struct location *to, double part)
{
    double turn = remainder(to->point.longitude - place->point.longitude, 360);
    place->point.latitude += part * (to->point.latitude - place->point.latitude);
    place->point.longitude = remainder(place->point.longitude + part * turn, 360);
    place->accuracy = fmax(place->accuracy, to->accuracy);
    if (to->fix >= 3 && place->fix >= 3)
        place->altitude += part * (to->altitude - place->altitude);
}

bool trail_find(const struct trail *trail, uint64_t time_ns, struct location *ret_location)
{
    uint32_t before = count_until(trail, time_ns);
    if (!before)
        return false;
    const struct trail_point *from = &trail->points[slot(trail, before - 1)];
    uint64_t age_ns = time_ns - from->time_ns;
    if (!has_fix(from) || age_ns > trail->hold_ns)
        return false;
    *ret_location = from->location;
    ret_location->seconds = time_ns / NS_PER_S;
    ret_location->microseconds = (uint32_t)(time_ns % NS_PER_S / 1000);
    if (before == trail->count)
        return true;
    const struct trail_point *to = &trail->points[slot(trail, before)];
    uint64_t gap_ns = to->time_ns - from->time_ns;
    if (has_fix(to) && gap_ns <= trail->hold_ns)
        approach(ret_location, &to->location, (double)age_ns / (double)gap_ns);
    return true;
}

void trail_copy(const struct trail *trail, uint64_t first_ns, uint64_t last_ns,
                struct trail *ret_trail)
{
    uint32_t from = count_until(trail, first_ns), to = count_until(trail, last_ns);
    from -= from > 0;
    to += to < trail->count;
    ret_trail->hold_ns = trail->hold_ns;
    ret_trail->first = ret_trail->count = 0;
    while (from < to)
        ret_trail->points[ret_trail->count++] = trail->points[slot(trail, from++)];
}

void trail_pin(struct trail *trail, const struct location *location)
{
    trail->hold_ns = TRAIL_FOR_EVER;
    trail->first = trail->count = 0;
    trail_add(trail, 0, location);
}
