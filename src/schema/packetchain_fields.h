/* How many packets pass through norn, over time: what came in, what was lost on the way, what
 * became of the rest. A ring for each of these counts, in the server's own time: they tell of the
 * machine, not of the air. */
#ifndef NORN_SCHEMA_PACKETCHAIN_FIELDS_H
#define NORN_SCHEMA_PACKETCHAIN_FIELDS_H

#include "schema/rrd_fields.h"

enum packetchain_count {
    PACKETCHAIN_PACKETS,   /* that sources delivered or lost */
    PACKETCHAIN_ERROR,     /* with a bad FCS, or malformed */
    PACKETCHAIN_DUPLICATE, /* that another source had told of */
    PACKETCHAIN_DROPPED,   /* that the machine was too slow for */
    PACKETCHAIN_PROCESSED, /* that the engine applied */
    PACKETCHAIN_QUEUED,    /* that wait for the engine: a depth, not a total */
    PACKETCHAIN_COUNTS,
    PACKETCHAIN_PEAK = PACKETCHAIN_COUNTS, /* the greatest rate of PACKETCHAIN_PACKETS */
    PACKETCHAIN_RINGS,
};

struct packetchain {
    struct rrd_ring rings[PACKETCHAIN_RINGS];
    uint64_t before[PACKETCHAIN_COUNTS]; /* totals of the last call … */
    uint64_t second, second_packets;     /* … its second, and the packets that came in it */
};

/* Takes the totals since the start, as of `now` (seconds); to be called once a second. A total that
 * has become smaller was begun anew. */
void packetchain_take(struct packetchain *chain, uint64_t now,
                      const uint64_t totals[PACKETCHAIN_COUNTS]);

/* The clock was set by so many seconds. */
void packetchain_shift(struct packetchain *chain, int64_t step);

/* Renders one ring as of `now`. */
void packetchain_render(const struct packetchain *chain, enum packetchain_count ring, uint64_t now,
                        struct rrd_record *ret_record);

extern const struct record_type packetchain_type; /* of struct packetchain: every ring */

#endif
