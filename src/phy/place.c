/* The rules of places, in their order. See place.h. */
#include "phy/place.h"

#include "util/clock.h"

static struct location of_sensor(const struct frame_extra *extra)
{
    return (struct location){
        .point = {extra->longitude, extra->latitude},
        .altitude = extra->altitude,
        .speed = extra->speed,
        .heading = extra->heading,
        .fix = extra->fix,
    };
}

static struct location of_header(const struct radio_location *stated)
{
    return (struct location){
        .point = {stated->longitude, stated->latitude},
        .altitude = stated->has_altitude ? stated->altitude : 0,
        .fix = stated->has_altitude ? 3 : 2,
    };
}

const struct location *place_stated(const struct frame *frame, const struct radio *radio,
                                    struct location *room)
{
    if (frame->extra && frame->extra->has_place)
        *room = of_sensor(frame->extra);
    else if (radio->location.valid)
        *room = of_header(&radio->location);
    else
        return NULL;
    room->seconds = frame->time_ns / NS_PER_S;
    room->microseconds = (uint32_t)(frame->time_ns % NS_PER_S / 1000);
    return room;
}
