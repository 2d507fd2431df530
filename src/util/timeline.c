/* Steps of the wall clock, and marks that outlive them. See timeline.h. Set back by a year, the
 * marks stay a year ahead: a client that sends back the newest mark it has is told of all that
 * changed since, which no mark that starts again could promise. */
#include "util/timeline.h"

#include "util/clock.h"

#define STEP_NS (2 * NS_PER_S)

/* Whole seconds by which the wall clock left the other one behind, or fell behind it. */
static int64_t find_step(struct timeline *timeline, int64_t offset_ns)
{
    int64_t slip = offset_ns - timeline->offset_ns;
    if (slip < STEP_NS && slip > -STEP_NS)
        return 0;
    int64_t step = slip / NS_PER_S;
    timeline->offset_ns += step * NS_PER_S;
    return step;
}

/* Moves the lead of the marks by a step; seconds by which the marks leap on. */
static uint64_t move_lead(struct timeline *timeline, int64_t step)
{
    if (step <= 0) {
        timeline->lead += (uint64_t)-step;
        return 0;
    }
    uint64_t ahead = (uint64_t)step, made_up = ahead < timeline->lead ? ahead : timeline->lead;
    timeline->lead -= made_up;
    return ahead - made_up;
}

struct timeline_reading timeline_read(struct timeline *timeline, struct timeline_clock clock)
{
    struct timeline_reading reading = {.now = clock.wall_ns / NS_PER_S};
    int64_t offset_ns = (int64_t)(clock.wall_ns - clock.boot_ns);
    if (!timeline->begun) {
        timeline->begun = true;
        timeline->offset_ns = offset_ns;
    }
    reading.step = find_step(timeline, offset_ns);
    reading.leap = move_lead(timeline, reading.step);
    if (reading.now + timeline->lead > timeline->mark)
        timeline->mark = reading.now + timeline->lead;
    reading.mark = timeline->mark;
    return reading;
}

uint64_t timeline_move(uint64_t time, int64_t step)
{
    if (!time)
        return 0;
    return step < 0 && time <= (uint64_t)-step ? 1 : time + (uint64_t)step;
}
