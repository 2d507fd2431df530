/* Dissects and applies a batch in the caller's thread, with a room of the test's own. */
#ifndef NORN_TESTS_PHY_BATCH_FEED_H
#define NORN_TESTS_PHY_BATCH_FEED_H

#include <stdlib.h>

#include "phy/engine.h"
#include "util/prefetch.h"

static inline void batch_feed(struct engine *engine, struct batch *batch, uint64_t server_now)
{
    static void *room; /* one at a time: what it holds is applied before the next */
    if (!room)
        room = aligned_alloc(PREFETCH_LINE, engine_room());
    assert_non_null(room);
    batch->room = room;
    engine_dissect(engine, batch);
    engine_apply(engine, batch, server_now);
}

#endif
