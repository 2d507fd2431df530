/* Where a frame was heard. The first that knows is believed: the frame's own header (PPI-GPS), then
 * where its source was at the time of the frame. Which receiver speaks for a source, and that most
 * files have none, is decided by whoever fills the trail. */
#ifndef NORN_PHY_PLACE_H
#define NORN_PHY_PLACE_H

#include "dissect/radio.h"
#include "schema/trail.h"

/* The place of a frame, kept in `room`, or NULL where it is not known. */
const struct location *place_find(const struct trail *trail, const struct radio *radio,
                                  uint64_t time_ns, struct location *room);

#endif
