/* /packetchain: how many packets came, were lost and were applied, over time. Input: the monitor's
 * rings, which move on each second under the store's lock. Output: histories. */
#include "schema/packetchain_fields.h"
#include "schema/rrd_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"

static void get_stats(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    if (!record_reply_begin(&reply, request, &packetchain_type))
        return;
    store_lock_read(monitor->store);
    record_reply_record(&reply, &monitor->packetchain, &view);
    store_unlock(monitor->store);
    record_reply_send(&reply);
}

static void reply_ring(struct request *request, enum packetchain_count ring)
{
    struct monitor *monitor = monitor_of(request);
    struct rrd_record record;
    struct view view = {.server_now = monitor_now()};
    store_lock_read(monitor->store);
    packetchain_render(&monitor->packetchain, ring, view.server_now, &record);
    store_unlock(monitor->store);
    record_reply_single(request, &rrd_record_type, &record, &view);
}

static void get_peak(struct request *request)
{
    reply_ring(request, PACKETCHAIN_PEAK);
}

static void get_rate(struct request *request)
{
    reply_ring(request, PACKETCHAIN_PACKETS);
}

static void get_error(struct request *request)
{
    reply_ring(request, PACKETCHAIN_ERROR);
}

static void get_duplicate(struct request *request)
{
    reply_ring(request, PACKETCHAIN_DUPLICATE);
}

static void get_dropped(struct request *request)
{
    reply_ring(request, PACKETCHAIN_DROPPED);
}

static void get_processed(struct request *request)
{
    reply_ring(request, PACKETCHAIN_PROCESSED);
}

// clang-format off
const struct route api_packetchain_routes[] = {
    {METHOD_GET | METHOD_POST, "/packetchain/packet_stats", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_stats,
     "Packets that came, were lost, waited and were applied, over time: every history of /packetchain.", ANSWER_RECORD, &packetchain_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_peak", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_peak,
     "The greatest number of packets in a second, over time.", ANSWER_RECORD, &rrd_record_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_rate", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_rate,
     "Packets that came from all sources, over time.", ANSWER_RECORD, &rrd_record_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_error", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_error,
     "Packets with a bad checksum or malformed, over time.", ANSWER_RECORD, &rrd_record_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_dupe", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_duplicate,
     "Packets that another source had told of, over time.", ANSWER_RECORD, &rrd_record_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_drop", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_dropped,
     "Packets lost because the machine was too slow, over time.", ANSWER_RECORD, &rrd_record_type},
    {METHOD_GET | METHOD_POST, "/packetchain/packet_processed", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_processed,
     "Packets that the engine applied, over time.", ANSWER_RECORD, &rrd_record_type},
    {0},
};
