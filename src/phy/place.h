/* Where a frame was heard, if that came with it. The first that knows is believed: the sensor, then
 * the frame's own header (PPI-GPS). */
#ifndef NORN_PHY_PLACE_H
#define NORN_PHY_PLACE_H

#include "dissect/radio.h"
#include "schema/location_fields.h"
#include "util/frame.h"

/* The place that came with a frame, kept in `room`, or NULL where none did. */
const struct location *place_stated(const struct frame *frame, const struct radio *radio,
                                    struct location *room);

#endif
