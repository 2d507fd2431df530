/* The timing of replayed frames. See pace.h. */
#include "util/pace.h"

#include "util/clock.h"

/* Less than this between the two clocks is not a step of one. */
#define STEP_NS NS_PER_S

/* Clocks of joined captures jump: more than this is not a pause to sit through. */
#define JUMP_BACK_NS  NS_PER_S
#define JUMP_AHEAD_NS (24 * 3600 * NS_PER_S)

void pace_restart(struct pace *pace, struct pace_now now, uint64_t gap_ns)
{
    pace->anchored = false;
    pace->index = 0;
    pace->anchor_monotonic_ns = now.monotonic_ns + gap_ns;
    pace->anchor_wall_ns = now.wall_ns + gap_ns;
}

static bool jumps(const struct pace *pace, uint64_t packet_ns)
{
    return packet_ns + JUMP_BACK_NS < pace->last_packet_ns ||
           packet_ns > pace->last_packet_ns + JUMP_AHEAD_NS;
}

static uint64_t realtime_due(struct pace *pace, uint64_t packet_ns, struct pace_now now)
{
    if (pace->anchored && jumps(pace, packet_ns))
        pace_restart(pace, now, 0);
    if (!pace->anchored)
        pace->anchor_packet_ns = packet_ns;
    pace->anchored = true;
    pace->last_packet_ns = packet_ns;
    return pace->anchor_monotonic_ns + (packet_ns - pace->anchor_packet_ns);
}

uint64_t pace_due(struct pace *pace, uint64_t packet_ns, struct pace_now now)
{
    switch (pace->mode) {
    case PACE_REALTIME: return realtime_due(pace, packet_ns, now);
    case PACE_RATE:
        return pace->anchor_monotonic_ns +
               (uint64_t)((double)pace->index++ * (double)NS_PER_S / pace->rate);
    default: return 0;
    }
}

/* Both clocks run alike until the wall clock is set, or the machine sleeps. */
static void follow_wall(struct pace *pace, struct pace_now now)
{
    uint64_t expected = pace->anchor_wall_ns + (now.monotonic_ns - pace->anchor_monotonic_ns);
    if (now.wall_ns > expected + STEP_NS || now.wall_ns + STEP_NS < expected)
        pace->anchor_wall_ns += now.wall_ns - expected;
}

uint64_t pace_stamp(struct pace *pace, uint64_t packet_ns, struct pace_now now)
{
    if (pace->mode != PACE_REALTIME)
        return pace->rebased ? now.wall_ns : packet_ns;
    follow_wall(pace, now);
    return pace->anchor_wall_ns + (packet_ns - pace->anchor_packet_ns);
}
