/* The rules of places, in their order. See place.h. */
#include "phy/place.h"

#include "util/clock.h"

/* What the header in front of the frame says. */
static struct location stated_place(const struct radio_location *stated, uint64_t time_ns)
{
    return (struct location){
        .point = {stated->longitude, stated->latitude},
        .altitude = stated->has_altitude ? stated->altitude : 0,
        .seconds = time_ns / NS_PER_S,
        .microseconds = (uint32_t)(time_ns % NS_PER_S / 1000),
        .fix = stated->has_altitude ? 3 : 2,
    };
}

const struct location *place_find(const struct trail *trail, const struct radio *radio,
                                  uint64_t time_ns, struct location *room)
{
    if (radio->location.valid) {
        *room = stated_place(&radio->location, time_ns);
        return room;
    }
    return trail_find(trail, time_ns, room) ? room : NULL;
}
