/* libpcap's ring (on Linux a packet(7) socket with TPACKET_V3). See wifi_ring.h. */
#include "tools/wifi/wifi_ring.h"

#include <errno.h>

enum {
    RING_BYTES = 32 * 1024 * 1024, /* seconds of a busy channel; libpcap takes less where it must */
    TIMEOUT_MS = 100,              /* after which the kernel hands over a block that is not full */
    FRAME_MOST = 64 * 1024,        /* bytes kept of a frame: no 802.11 frame is as long */
    BATCH_BYTES = 256 * 1024,
    FRAME_COST = 64,       /* of a frame beside its bytes: small ones make no endless batch */
    LINKTYPE_RAW_IP = 101, /* libpcap's own number for it differs from the files' */
};

/* What libpcap's answer means to a caller; words for what has no number of its own. */
static int explain(struct wifi_ring *ring, int status, struct buffer *ret_why)
{
    switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE: return -ENODEV;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED: return -EPERM;
    case PCAP_ERROR_IFACE_NOT_UP: return -ENETDOWN;
    default: break;
    }
    buffer_add_text(ret_why,
                    status == PCAP_ERROR ? pcap_geterr(ring->pcap) : pcap_statustostr(status));
    return -EIO;
}

static int activate(struct wifi_ring *ring, struct buffer *ret_why)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    pcap_set_snaplen(ring->pcap, FRAME_MOST);
    pcap_set_timeout(ring->pcap, TIMEOUT_MS);
    pcap_set_buffer_size(ring->pcap, RING_BYTES);
    pcap_set_tstamp_precision(ring->pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(ring->pcap);
    if (status < 0)
        return explain(ring, status, ret_why);
    if (pcap_setnonblock(ring->pcap, 1, error) == 0)
        return 0;
    buffer_add_text(ret_why, error);
    return -EIO;
}

static int set_filter(struct wifi_ring *ring, const struct wifi_filter *filter,
                      struct buffer *ret_why)
{
    struct bpf_program program;
    int result = wifi_filter_make(filter, ring->pcap, &program, ret_why);
    if (result <= 0)
        return result;
    result = pcap_setfilter(ring->pcap, &program);
    wifi_filter_done(&program);
    return result < 0 ? explain(ring, PCAP_ERROR, ret_why) : 0;
}

int wifi_ring_open(struct wifi_ring *ring, const char *interface, const struct wifi_filter *filter,
                   struct buffer *ret_why)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    *ring = (struct wifi_ring){.pcap = pcap_create(interface, error)};
    if (!ring->pcap) {
        buffer_add_text(ret_why, error);
        return -EIO;
    }
    int result = activate(ring, ret_why);
    if (!result)
        result = set_filter(ring, filter, ret_why);
    if (result < 0) {
        wifi_ring_close(ring);
        return result;
    }
    int link_type = pcap_datalink(ring->pcap);
    ring->link_type = link_type == DLT_RAW ? LINKTYPE_RAW_IP : (uint32_t)link_type;
    return 0;
}

int wifi_ring_descriptor(const struct wifi_ring *ring)
{
    return pcap_get_selectable_fd(ring->pcap);
}

static void on_frame(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct wifi_ring *ring = (struct wifi_ring *)context;
    ring->on_frame(ring->context, header, bytes);
    ring->count++;
    ring->taken += header->caplen + FRAME_COST;
    if (ring->taken >= BATCH_BYTES)
        pcap_breakloop(ring->pcap);
}

int wifi_ring_read(struct wifi_ring *ring, pcap_handler on_frame_of_caller, void *context)
{
    ring->count = 0;
    ring->taken = 0;
    ring->on_frame = on_frame_of_caller;
    ring->context = context;
    int result = pcap_dispatch(ring->pcap, -1, on_frame, (u_char *)ring);
    return result >= 0 || result == PCAP_ERROR_BREAK ? ring->count : -ENETDOWN;
}

uint64_t wifi_ring_drops(struct wifi_ring *ring)
{
    struct pcap_stat counts;
    if (pcap_stats(ring->pcap, &counts) == 0) {
        ring->drops += counts.ps_drop - ring->drops_before;
        ring->drops_before = counts.ps_drop;
    }
    return ring->drops;
}

void wifi_ring_close(struct wifi_ring *ring)
{
    pcap_close(ring->pcap);
    *ring = (struct wifi_ring){0};
}
