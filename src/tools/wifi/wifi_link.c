/* Messages of rtnetlink(7). See wifi_link.h. */
#include "tools/wifi/wifi_link.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/wifi/wifi_attribute.h"

/* The hardware address of an Ethernet-like device. */
static struct macaddr address_of(struct wifi_attribute attribute)
{
    struct macaddr address;
    struct reader reader = wifi_attribute_inner(attribute);
    reader_copy(&reader, address.octet, sizeof address.octet);
    return address;
}

/* The two counters that drivers keep for a full queue of theirs. */
static uint64_t lost_of(struct wifi_attribute attribute)
{
    struct rtnl_link_stats64 counters;
    size_t length = attribute.value.length;
    memset(&counters, 0, sizeof counters);
    memcpy(&counters, attribute.value.data, length < sizeof counters ? length : sizeof counters);
    return counters.rx_missed_errors + counters.rx_fifo_errors;
}

void wifi_link_parse(struct slice message, struct wifi_link *ret_link)
{
    struct wifi_attribute attribute;
    struct ifinfomsg header;
    struct wifi_link link = {0};
    struct reader reader = reader_over(message.data, message.length);
    reader_copy(&reader, &header, sizeof header);
    link.index = (uint32_t)header.ifi_index;
    link.kind = header.ifi_type;
    link.is_up = header.ifi_flags & IFF_UP;
    while (wifi_attribute_next(&reader, &attribute)) {
        switch (attribute.type) {
        case IFLA_IFNAME: wifi_attribute_text(attribute, link.name, sizeof link.name); break;
        case IFLA_ADDRESS: link.address = address_of(attribute); break;
        case IFLA_STATS64: link.lost = lost_of(attribute); break;
        default: break;
        }
    }
    *ret_link = link;
}

static void on_link(void *context, struct slice message)
{
    struct wifi_links *links = context;
    if (links->count < WIFI_LINKS)
        wifi_link_parse(message, &links->list[links->count++]);
}

static struct nl_msg *question_about(const struct wifi_netlink *netlink, int type, int flags,
                                     struct ifinfomsg header)
{
    struct nl_msg *question = wifi_netlink_question(netlink, type, flags);
    if (question)
        nlmsg_append(question, &header, sizeof header, NLMSG_ALIGNTO);
    return question;
}

int wifi_link_list(struct wifi_netlink *netlink, struct wifi_links *ret_links)
{
    ret_links->count = 0;
    return wifi_netlink_ask(netlink,
                            question_about(netlink, RTM_GETLINK, NLM_F_DUMP,
                                           (struct ifinfomsg){.ifi_family = AF_UNSPEC}),
                            on_link, ret_links);
}

static void on_one(void *context, struct slice message)
{
    wifi_link_parse(message, context);
}

static int ask_for_one(struct wifi_netlink *netlink, struct nl_msg *question,
                       struct wifi_link *ret_link)
{
    struct wifi_link link = {0};
    int result = wifi_netlink_ask(netlink, question, on_one, &link);
    if (!result && !link.index)
        result = -ENODEV;
    if (!result)
        *ret_link = link;
    return result;
}

int wifi_link_find(struct wifi_netlink *netlink, const char *name, struct wifi_link *ret_link)
{
    struct ifinfomsg any = {.ifi_family = AF_UNSPEC};
    if (!*name || strlen(name) >= IFNAMSIZ)
        return -ENODEV;
    struct nl_msg *question = question_about(netlink, RTM_GETLINK, 0, any);
    if (question)
        nla_put_string(question, IFLA_IFNAME, name);
    return ask_for_one(netlink, question, ret_link);
}

int wifi_link_get(struct wifi_netlink *netlink, uint32_t index, struct wifi_link *ret_link)
{
    struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = (int)index};
    return ask_for_one(netlink, question_about(netlink, RTM_GETLINK, 0, header), ret_link);
}

int wifi_link_set_up(struct wifi_netlink *netlink, uint32_t index, bool is_up)
{
    struct ifinfomsg header = {.ifi_family = AF_UNSPEC,
                               .ifi_index = (int)index,
                               .ifi_flags = is_up ? IFF_UP : 0,
                               .ifi_change = IFF_UP};
    return wifi_netlink_ask(netlink, question_about(netlink, RTM_NEWLINK, 0, header), NULL, NULL);
}

bool wifi_link_is_monitor(const struct wifi_link *link)
{
    return link->kind == ARPHRD_IEEE80211 || link->kind == ARPHRD_IEEE80211_PRISM ||
           link->kind == ARPHRD_IEEE80211_RADIOTAP;
}

void wifi_link_find_driver(const char *name, char ret_driver[WIFI_DRIVER])
{
    char path[80], target[256];
    ret_driver[0] = '\0';
    snprintf(path, sizeof path, "/sys/class/net/%s/device/driver", name);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return;
    target[length] = '\0';
    const char *slash = strrchr(target, '/');
    snprintf(ret_driver, WIFI_DRIVER, "%.63s", slash ? slash + 1 : target);
}
