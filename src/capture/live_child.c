/* The capture child: libpcap on one side, a socket on the other. See live_child.h.
 * Frames are gathered and written many at a time; while the server is behind, writing waits and
 * the kernel's ring counts what it had to drop. */
#include "capture/live_child.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/live_message.h"
#include "util/rights.h"
#include "util/sandbox.h"

enum {
    NAME_MAX_BYTES = 15, /* IFNAMSIZ without its end */
    READ_TIMEOUT_MS = 100,
    RING_BYTES = 16 * 1024 * 1024,
    FRAMES_PER_ROUND = 4096,
    POLL_MS = 250,
    STATISTICS_MS = 1000,
    LINKTYPE_RAW_IP = 101, /* libpcap's own number for it differs from the files' */
};

struct live_child {
    int descriptor;
    const char *interface;
    pcap_t *pcap;
    unsigned fraction_ns; /* what one unit of a packet's fraction of a second is */
    bool peer_gone;
    uint64_t statistics_due_ms;
    size_t used; /* of the message, header included; LIVE_HEADER when empty */
    uint8_t message[LIVE_HEADER + LIVE_BODY_MAX];
};

/* Capture link types in the order norn likes them: a header with radio facts first. */
static const int liked_link_types[] = {DLT_IEEE802_11_RADIO, DLT_PPI, DLT_IEEE802_11_RADIO_AVS,
                                       DLT_PRISM_HEADER, DLT_IEEE802_11};

int live_child_allow(const char *interface)
{
    size_t length = strlen(interface);
    if (!length || length > NAME_MAX_BYTES || strcmp(interface, ".") == 0 ||
        strcmp(interface, "..") == 0)
        return -EINVAL;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)interface[i];
        if (byte <= ' ' || byte >= 0x7f || byte == '/' || byte == ':')
            return -EINVAL;
    }
    return 0;
}

static uint8_t *store_u32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        *bytes++ = (uint8_t)(value >> (8 * i));
    return bytes;
}

static uint8_t *store_u64(uint8_t *bytes, uint64_t value)
{
    return store_u32(store_u32(bytes, (uint32_t)value), (uint32_t)(value >> 32));
}

static void send_bytes(struct live_child *child, const uint8_t *bytes, size_t length)
{
    while (length && !child->peer_gone) {
        ssize_t sent = send(child->descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            child->peer_gone = true;
            return;
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* Sends what was gathered behind the message's header. */
static void send_message(struct live_child *child, enum live_message type)
{
    store_u32(store_u32(child->message, type), (uint32_t)(child->used - LIVE_HEADER));
    send_bytes(child, child->message, child->used);
    child->used = LIVE_HEADER;
}

static void send_frames(struct live_child *child)
{
    if (child->used > LIVE_HEADER)
        send_message(child, LIVE_FRAMES);
}

static void add_text(struct live_child *child, const char *text)
{
    size_t length = strlen(text);
    memcpy(child->message + child->used, text, length);
    child->used += length;
}

static void send_text(struct live_child *child, enum live_message type, const char *text)
{
    send_frames(child);
    add_text(child, text);
    send_message(child, type);
}

static void send_ready(struct live_child *child, uint32_t link_type, const char *hardware)
{
    store_u32(child->message + child->used, link_type);
    child->used += 4;
    add_text(child, hardware);
    send_message(child, LIVE_READY);
}

static void send_statistics(struct live_child *child)
{
    struct pcap_stat statistics;
    if (pcap_stats(child->pcap, &statistics) < 0)
        return;
    send_frames(child);
    uint8_t *at = child->message + child->used;
    store_u64(store_u64(at, statistics.ps_drop), statistics.ps_ifdrop);
    child->used += 16;
    send_message(child, LIVE_STATISTICS);
}

static void on_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct live_child *child = (struct live_child *)context;
    uint32_t length = header->caplen < FRAME_BYTES_MAX ? header->caplen : FRAME_BYTES_MAX;
    if (child->used + LIVE_RECORD_HEADER + length > sizeof child->message)
        send_frames(child);
    uint64_t time_ns = (uint64_t)header->ts.tv_sec * 1000000000 +
                       (uint64_t)header->ts.tv_usec * child->fraction_ns;
    uint8_t *at = child->message + child->used;
    at = store_u32(store_u32(store_u64(at, time_ns), length), header->len);
    memcpy(at, bytes, length);
    child->used += LIVE_RECORD_HEADER + length;
    if (child->peer_gone)
        pcap_breakloop(child->pcap);
}

/* Chooses the best of the link types the interface offers. */
static void choose_link_type(pcap_t *pcap)
{
    int *offered = NULL;
    int count = pcap_list_datalinks(pcap, &offered);
    for (size_t i = 0; i < sizeof liked_link_types / sizeof liked_link_types[0]; i++)
        for (int j = 0; j < count; j++)
            if (offered[j] == liked_link_types[i]) {
                pcap_set_datalink(pcap, offered[j]);
                pcap_free_datalinks(offered);
                return;
            }
    if (count >= 0)
        pcap_free_datalinks(offered);
}

static void explain_open(struct live_child *child, int status)
{
    char text[400];
    const char *name = child->interface;
    switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        snprintf(text, sizeof text, "there is no network interface \"%s\"", name);
        break;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        snprintf(text, sizeof text,
                 "no right to capture on %s: start norn as root or with CAP_NET_RAW", name);
        break;
    case PCAP_ERROR_IFACE_NOT_UP:
        snprintf(text, sizeof text, "%s is down: ip link set %s up", name, name);
        break;
    default:
        snprintf(text, sizeof text, "%s cannot be captured: %.256s", name,
                 status == PCAP_ERROR ? pcap_geterr(child->pcap) : pcap_statustostr(status));
    }
    send_text(child, LIVE_FAILED, text);
}

static int open_interface(struct live_child *child)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    child->pcap = pcap_create(child->interface, error);
    if (!child->pcap) {
        send_text(child, LIVE_FAILED, error);
        return -ENODEV;
    }
    pcap_set_snaplen(child->pcap, FRAME_BYTES_MAX);
    pcap_set_timeout(child->pcap, READ_TIMEOUT_MS);
    pcap_set_buffer_size(child->pcap, RING_BYTES);
    pcap_set_tstamp_precision(child->pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(child->pcap);
    if (status < 0) {
        explain_open(child, status);
        return -ENODEV;
    }
    bool nano = pcap_get_tstamp_precision(child->pcap) == PCAP_TSTAMP_PRECISION_NANO;
    child->fraction_ns = nano ? 1 : 1000;
    choose_link_type(child->pcap);
    if (pcap_setnonblock(child->pcap, 1, error) < 0) {
        send_text(child, LIVE_FAILED, error);
        return -ENODEV;
    }
    return 0;
}

void live_child_find_hardware(const char *interface, char ret_name[64])
{
    char path[80], target[256];
    snprintf(path, sizeof path, "/sys/class/net/%s/device/driver", interface);
    ssize_t length = readlink(path, target, sizeof target - 1);
    ret_name[0] = '\0';
    if (length <= 0)
        return;
    target[length] = '\0';
    const char *slash = strrchr(target, '/');
    snprintf(ret_name, 64, "%.63s", slash ? slash + 1 : target);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* One look at the interface and the peer. False when it is over; *ret_status says which. */
static bool capture_round(struct live_child *child, int *ret_status)
{
    struct pollfd polled[2] = {{.fd = pcap_get_selectable_fd(child->pcap), .events = POLLIN},
                               {.fd = child->descriptor, .events = POLLIN}};
    poll(polled, 2, POLL_MS);
    int count = pcap_dispatch(child->pcap, FRAMES_PER_ROUND, on_packet, (u_char *)child);
    send_frames(child);
    if (polled[1].revents || child->peer_gone) {
        *ret_status = 0;
        return false;
    }
    bool broken = count < 0 && count != PCAP_ERROR_BREAK;
    if (broken || now_ms() >= child->statistics_due_ms) {
        send_statistics(child);
        child->statistics_due_ms = now_ms() + STATISTICS_MS;
    }
    if (broken) {
        send_text(child, LIVE_ENDED, pcap_geterr(child->pcap));
        *ret_status = 1;
    }
    return !broken;
}

/* A kernel without the means to confine is no reason to capture nothing. */
static int give_up_rights(void)
{
    struct sandbox_state state;
    int result = rights_drop(NULL, 0, NULL);
    if (result == 0)
        sandbox_enter(SANDBOX_CAPTURE, &state);
    return result;
}

static int capture(struct live_child *child)
{
    char hardware[64];
    if (open_interface(child) < 0)
        return 1;
    live_child_find_hardware(child->interface, hardware);
    if (give_up_rights() < 0) {
        send_text(child, LIVE_FAILED, "the capture child could not give up its rights");
        return 1;
    }
    int link_type = pcap_datalink(child->pcap);
    send_ready(child, link_type == DLT_RAW ? LINKTYPE_RAW_IP : (uint32_t)link_type, hardware);
    child->statistics_due_ms = now_ms() + STATISTICS_MS;
    int status = 0;
    while (capture_round(child, &status))
        ;
    return status;
}

int live_child_run(int descriptor, const char *interface)
{
    if (descriptor > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)descriptor - 1, 0);
    close_range((unsigned)descriptor + 1, ~0U, 0);
    struct live_child *child = calloc(1, sizeof *child);
    if (!child)
        return 1;
    child->descriptor = descriptor;
    child->interface = interface;
    child->used = LIVE_HEADER;
    int status = 1;
    if (live_child_allow(interface) < 0)
        send_text(child, LIVE_FAILED, "not the name of a network interface");
    else
        status = capture(child);
    if (child->pcap)
        pcap_close(child->pcap);
    free(child);
    return status;
}
