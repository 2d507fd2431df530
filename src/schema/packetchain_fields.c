/* Packet statistics: counting, and their table. See packetchain_fields.h. */
#include "schema/packetchain_fields.h"

static enum rrd_kind kind_of(enum packetchain_count ring)
{
    return ring == PACKETCHAIN_QUEUED || ring == PACKETCHAIN_PEAK ? RRD_PEAK : RRD_SUM;
}

static void add(struct packetchain *chain, enum packetchain_count ring, uint64_t now,
                uint64_t value)
{
    rrd_ring_add(&chain->rings[ring], kind_of(ring), now, (double)value);
}

/* Two looks may fall into one second, when the first came late. */
static void add_peak(struct packetchain *chain, uint64_t now, uint64_t packets)
{
    chain->second_packets = now == chain->second ? chain->second_packets + packets : packets;
    chain->second = now;
    add(chain, PACKETCHAIN_PEAK, now, chain->second_packets);
}

void packetchain_take(struct packetchain *chain, uint64_t now,
                      const uint64_t totals[PACKETCHAIN_COUNTS])
{
    for (int i = 0; i < PACKETCHAIN_QUEUED; i++) {
        uint64_t before = totals[i] < chain->before[i] ? 0 : chain->before[i];
        add(chain, i, now, totals[i] - before);
        if (i == PACKETCHAIN_PACKETS)
            add_peak(chain, now, totals[i] - before);
        chain->before[i] = totals[i];
    }
    add(chain, PACKETCHAIN_QUEUED, now, totals[PACKETCHAIN_QUEUED]);
}

void packetchain_shift(struct packetchain *chain, int64_t step)
{
    for (int i = 0; i < PACKETCHAIN_RINGS; i++)
        rrd_ring_shift(&chain->rings[i], step);
}

void packetchain_render(const struct packetchain *chain, enum packetchain_count ring, uint64_t now,
                        struct rrd_record *ret_record)
{
    rrd_ring_render(&chain->rings[ring], kind_of(ring), now, ret_record);
}

static void give(const void *record, enum packetchain_count ring, struct view *view,
                 struct value *ret)
{
    const struct packetchain *chain = record;
    rrd_ring_give(&chain->rings[ring], kind_of(ring), view->server_now, view, ret);
}

static void get_peak(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_PEAK, view, ret);
}

static void get_packets(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_PACKETS, view, ret);
}

static void get_error(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_ERROR, view, ret);
}

static void get_duplicate(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_DUPLICATE, view, ret);
}

static void get_queued(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_QUEUED, view, ret);
}

static void get_dropped(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_DROPPED, view, ret);
}

static void get_processed(const void *record, struct view *view, struct value *ret)
{
    give(record, PACKETCHAIN_PROCESSED, view, ret);
}

// clang-format off
static const struct field packetchain_fields[] = {
    {.name = "kismet.packetchain.peak_packets_rrd", .type = FIELD_RECORD, .get = get_peak, .record = &rrd_record_type, .description = "greatest number of packets that came in a second, over time"},
    {.name = "kismet.packetchain.packets_rrd", .type = FIELD_RECORD, .get = get_packets, .record = &rrd_record_type, .description = "packets that came from all sources over time, those lost on the way among them"},
    {.name = "kismet.packetchain.error_packets_rrd", .type = FIELD_RECORD, .get = get_error, .record = &rrd_record_type, .description = "packets with a bad checksum or malformed, over time"},
    {.name = "kismet.packetchain.dupe_packets_rrd", .type = FIELD_RECORD, .get = get_duplicate, .record = &rrd_record_type, .description = "packets that another source had told of, over time"},
    {.name = "kismet.packetchain.queued_packets_rrd", .type = FIELD_RECORD, .get = get_queued, .record = &rrd_record_type, .description = "packets that waited for the engine, over time"},
    {.name = "kismet.packetchain.dropped_packets_rrd", .type = FIELD_RECORD, .get = get_dropped, .record = &rrd_record_type, .description = "packets lost because the machine was too slow, over time"},
    {.name = "kismet.packetchain.processed_packets_rrd", .type = FIELD_RECORD, .get = get_processed, .record = &rrd_record_type, .description = "packets that the engine applied, over time"},
};

const struct record_type packetchain_type = RECORD_TYPE("packet statistics", packetchain_fields);
