/* /pcap: every packet, live. Output: a pcapng stream. */
#include "serve/api/routes.h"
#include "serve/packet/packet_stream.h"

static void get_all_packets(struct request *request)
{
    struct packet_filter filter = {0};
    if (packet_filter_read(request, &filter))
        packet_stream_reply(request, &filter, "kismet-all-packets.pcapng", "every packet");
}

// clang-format off
const struct route api_pcap_routes[] = {
    {METHOD_GET, "/pcap/all_packets.pcapng", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_all_packets,
     "Every packet from now on, as pcapng; chosen by type, signal_min, signal_max, frequency, filter."},
    {0},
};
