/* Capture tool for Wi-Fi radios of Linux: a monitor interface through nl80211, frames through
 * libpcap, channels as the server says. Network devices that are no radios to the kernel but give
 * 802.11 frames are captured without being tuned. Input: a radio. Output: protocol v3
 * (tools/tool.h). What it asks of the kernel is in tools/wifi. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"
#include "tools/wifi/wifi_monitor.h"
#include "tools/wifi/wifi_ring.h"
#include "util/clock.h"
#include "util/hash.h"

#define GRACE_NS     (NS_PER_S / 4)  /* for what is in the ring when the interface goes */
#define COMPLAINT_NS (60 * NS_PER_S) /* between two that somebody else holds the radio */
#define SILENCE_NS   NS_PER_S        /* after which to look whether the interface is still up */

struct wifi {
    struct wifi_monitor monitor;
    struct wifi_options options;
    struct wifi_ring ring;
    uint64_t heard_ns;      /* when it was last known that the interface works */
    uint64_t lost_ns;       /* when it broke off; 0: it did not */
    uint64_t complained_ns; /* 0: never */
};

static bool is_known(const struct wifi_interfaces *interfaces, uint32_t index)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->list[i].index == index)
            return true;
    return false;
}

static bool has_interface(const struct wifi_interfaces *interfaces, uint32_t wiphy)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->list[i].wiphy == wiphy)
            return true;
    return false;
}

/* Interfaces of radios, other devices that give 802.11 frames, radios without an interface. */
static void list_all(struct tool *tool, const struct wifi_links *links,
                     const struct wifi_interfaces *interfaces, const struct wifi_wiphys *wiphys)
{
    char driver[WIFI_DRIVER];
    for (size_t i = 0; i < links->count; i++) {
        const struct wifi_link *link = &links->list[i];
        if (!is_known(interfaces, link->index) && !wifi_link_is_monitor(link))
            continue;
        wifi_link_find_driver(link->name, driver);
        tool_add_interface(tool, link->name, NULL, driver);
    }
    for (size_t i = 0; i < wiphys->count; i++)
        if (!has_interface(interfaces, wiphys->list[i].index))
            tool_add_interface(tool, wiphys->list[i].name, NULL, NULL);
}

static int list(struct tool *tool, struct buffer *ret_why)
{
    struct wifi_netlink route = {0}, radio = {0};
    struct wifi_links links;
    struct wifi_interfaces interfaces = {0};
    struct wifi_wiphys wiphys = {0};
    int result = wifi_netlink_open_route(&route);
    if (!result)
        result = wifi_link_list(&route, &links);
    if (!result && wifi_netlink_open_radio(&radio) == 0) {
        result = wifi_radio_list(&radio, &interfaces);
        if (!result)
            result = wifi_radio_list_wiphys(&radio, &wiphys);
    }
    if (!result)
        list_all(tool, &links, &interfaces, &wiphys);
    wifi_netlink_close(&radio);
    wifi_netlink_close(&route);
    return result;
}

static void add_channel(void *context, const char *channel)
{
    tool_add_channel(context, channel);
}

static void describe(struct tool *tool, struct wifi_monitor *monitor,
                     const struct wifi_options *options, struct tool_source *source)
{
    const struct wifi_interface *capture = &monitor->capture;
    snprintf(source->capture_interface, sizeof source->capture_interface, "%s",
             *capture->name ? capture->name : tool->interface);
    snprintf(source->hardware, sizeof source->hardware, "%s", monitor->place.driver);
    source->fixed = !wifi_monitor_is_radio(monitor);
    source->needless = source->fixed && !monitor->capture_was_down;
    if (source->fixed)
        return;
    wifi_monitor_find_channel(monitor, source->channel);
    wifi_offer_list(&options->offer, &monitor->wiphy, add_channel, tool);
}

static int probe(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct wifi_monitor monitor;
    struct wifi_options options;
    struct buffer unsaid = {0};
    int result = wifi_monitor_look(&monitor, tool->interface, &unsaid);
    buffer_done(&unsaid);
    if (result < 0)
        return 0;
    bool is_mine = wifi_monitor_is_radio(&monitor) || monitor.gives_frames;
    if (is_mine)
        result = wifi_options_read(tool, &options, ret_why);
    if (is_mine && !result)
        describe(tool, &monitor, &options, source);
    wifi_monitor_close(&monitor);
    return result < 0 ? result : is_mine;
}

/* The hardware address; devices that have none go by their name. */
static uint64_t identify(struct tool *tool)
{
    struct wifi_netlink route;
    struct wifi_link link = {0};
    if (wifi_netlink_open_route(&route) == 0) {
        wifi_link_find(&route, tool->interface, &link);
        wifi_netlink_close(&route);
    }
    uint64_t address = macaddr_u64(link.address) >> 16;
    return address ? address : hash_weak(tool->interface);
}

/* filter_interface=NAME, filter_address=ADDRESS, each as often as there are. */
static int read_addresses(struct tool *tool, struct wifi_netlink *route, struct wifi_filter *filter,
                          struct buffer *ret_why)
{
    const char *text;
    struct wifi_link link;
    struct macaddr address;
    for (size_t i = 0; (text = tool_option_again(tool, "filter_interface", i)); i++) {
        if (wifi_link_find(route, text, &link) < 0) {
            buffer_printf(ret_why, "filter_interface=%s: there is no such interface", text);
            return -EINVAL;
        }
        wifi_filter_leave_out(filter, link.address);
    }
    for (size_t i = 0; (text = tool_option_again(tool, "filter_address", i)); i++) {
        if (macaddr_parse(text, strlen(text), &address, NULL) < 0) {
            buffer_printf(ret_why, "filter_address=%s: write it as 02:00:00:00:00:01", text);
            return -EINVAL;
        }
        wifi_filter_leave_out(filter, address);
    }
    return 0;
}

static int make_filter(struct tool *tool, struct wifi *wifi, struct wifi_filter *ret_filter,
                       struct buffer *ret_why)
{
    struct wifi_links links;
    struct wifi_filter filter = {.management_only = wifi->options.management_only,
                                 .cuts_data = wifi->options.cuts_data};
    int result = read_addresses(tool, &wifi->monitor.route, &filter, ret_why);
    if (!result && wifi->options.leaves_out_own) {
        result = wifi_link_list(&wifi->monitor.route, &links);
        for (size_t i = 0; !result && i < links.count; i++)
            wifi_filter_leave_out(&filter, links.list[i].address);
    }
    if (!result)
        *ret_filter = filter;
    return result;
}

/* The capture, once its interface is ready. */
static int start(struct tool *tool, struct wifi *wifi, struct buffer *ret_why)
{
    struct wifi_filter filter;
    struct wifi_monitor *monitor = &wifi->monitor;
    int result = make_filter(tool, wifi, &filter, ret_why);
    if (result < 0)
        return result;
    size_t said = ret_why->length;
    result = wifi_ring_open(&wifi->ring, monitor->capture.name, &filter, ret_why);
    if (result < 0 && ret_why->length == said)
        wifi_obstacle_explain(&monitor->place, "capture on", result, ret_why);
    if (result < 0)
        return result;
    if (wifi->options.channel)
        result = wifi_monitor_tune(monitor, wifi->options.channel, ret_why);
    if (result < 0)
        wifi_ring_close(&wifi->ring);
    return result;
}

/* What will go on working, but not as was hoped. */
static void warn(struct tool *tool, struct wifi *wifi)
{
    struct buffer text = {0};
    if (wifi_monitor_warn(&wifi->monitor, &text))
        tool_say(tool, PROTOCOL_INFO, "%.*s", (int)text.length, (const char *)text.data);
    buffer_done(&text);
    if (wifi->ring.link_type == DLT_EN10MB)
        tool_say(tool, PROTOCOL_FAULT,
                 "%s gives Ethernet frames, not those of the air: it is in no monitor mode",
                 wifi->monitor.capture.name);
}

static int open_radio(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct wifi *wifi = calloc(1, sizeof *wifi);
    if (!wifi)
        return -ENOMEM;
    int result = wifi_options_read(tool, &wifi->options, ret_why);
    if (!result)
        result = wifi_monitor_open(&wifi->monitor, tool->interface, &wifi->options, ret_why);
    if (!result && (result = start(tool, wifi, ret_why)) < 0)
        wifi_monitor_close(&wifi->monitor);
    if (result < 0) {
        free(wifi);
        return result;
    }
    tool->state = wifi;
    describe(tool, &wifi->monitor, &wifi->options, source);
    source->link_type = wifi->ring.link_type;
    source->descriptor = wifi_ring_descriptor(&wifi->ring);
    warn(tool, wifi);
    return 0;
}

static void on_frame(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct tool *tool = (struct tool *)context;
    const struct wifi *wifi = tool->state;
    struct protocol_packet packet = {
        .captured = {.link_type = wifi->ring.link_type,
                     .seconds = (uint64_t)header->ts.tv_sec,
                     .microseconds = (uint64_t)header->ts.tv_usec / 1000,
                     .original_length = header->len,
                     .content = {bytes, header->caplen}}};
    tool_add(tool, &packet);
}

/* Silence is what an interface gives, too, that somebody took down. */
static void listen_closer(struct wifi *wifi, int count, uint64_t now_ns)
{
    bool is_silent = count == 0 && now_ns >= wifi->heard_ns + SILENCE_NS;
    if (wifi->lost_ns)
        return;
    if (count < 0 || (is_silent && !wifi_monitor_is_up(&wifi->monitor)))
        wifi->lost_ns = now_ns;
    else if (count > 0 || is_silent)
        wifi->heard_ns = now_ns;
}

/* What the kernel has of an interface that broke off comes before that is told. */
static int read_frames(struct tool *tool, enum tool_next *ret_next, struct buffer *ret_why)
{
    struct wifi *wifi = tool->state;
    int count = wifi_ring_read(&wifi->ring, on_frame, (u_char *)tool);
    uint64_t now_ns = tool_now_ns();
    listen_closer(wifi, count, now_ns);
    if (count > 0) {
        *ret_next = TOOL_MORE;
        return 0;
    }
    if (wifi->lost_ns && now_ns >= wifi->lost_ns + GRACE_NS) {
        wifi_monitor_explain_loss(&wifi->monitor, ret_why);
        return -ENODEV;
    }
    tool_wake_at(tool, wifi->lost_ns ? wifi->lost_ns + GRACE_NS : wifi->heard_ns + SILENCE_NS);
    return 0;
}

/* A radio that somebody else holds is tried again with each hop, and told of once a minute. */
static int tune(struct tool *tool, const char *channel, struct buffer *ret_why)
{
    struct wifi *wifi = tool->state;
    size_t begin = ret_why->length;
    int result = wifi_monitor_tune(&wifi->monitor, channel, ret_why);
    uint64_t now_ns = tool_now_ns();
    bool is_new = !wifi->complained_ns || now_ns > wifi->complained_ns + COMPLAINT_NS;
    if (result < 0 && result != -EINVAL && result != -ENODEV && is_new) {
        tool_say(tool, PROTOCOL_INFO, "%.*s", (int)(ret_why->length - begin),
                 (const char *)ret_why->data + begin);
        wifi->complained_ns = now_ns;
    }
    return result;
}

static bool hops_to(struct tool *tool, const char *channel)
{
    const struct wifi *wifi = tool->state;
    return wifi_options_hops_to(&wifi->options, channel);
}

static void count(struct tool *tool, struct protocol_statistics *statistics)
{
    struct wifi *wifi = tool->state;
    statistics->kernel_drops = wifi_ring_drops(&wifi->ring);
    statistics->interface_drops = wifi_monitor_losses(&wifi->monitor);
}

static void close_radio(struct tool *tool)
{
    struct wifi *wifi = tool->state;
    wifi_ring_close(&wifi->ring);
    wifi_monitor_close(&wifi->monitor);
    free(wifi);
    tool->state = NULL;
}

static const struct tool_type linux_wifi = {
    .name = "norn_cap_linux_wifi",
    .source_type = "linuxwifi",
    .uuid_name = "kismet_cap_linux_wifi",
    .description = "Captures 802.11 frames from a Wi-Fi radio in monitor mode.",
    .usage = "INTERFACE[:channel=6,hop_bands=5]",
    .buffers = true,
    .keeps = UINT64_C(1) << CAP_NET_ADMIN,
    .list = list,
    .probe = probe,
    .identify = identify,
    .open = open_radio,
    .read = read_frames,
    .tune = tune,
    .hops_to = hops_to,
    .count = count,
    .close = close_radio,
};

int main(int argc, char **argv)
{
    return tool_main(argc, argv, &linux_wifi);
}
