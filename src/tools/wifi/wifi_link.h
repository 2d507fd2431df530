/* Network devices, over rtnetlink: by name or index, what they are, up or down, what they lost.
 * Setting one up or down needs CAP_NET_ADMIN. Functions give 0 or the kernel's -errno. */
#ifndef NORN_TOOLS_WIFI_LINK_H
#define NORN_TOOLS_WIFI_LINK_H

#include <linux/if.h>
#include <stdbool.h>

#include "tools/wifi/wifi_netlink.h"
#include "util/macaddr.h"

enum { WIFI_LINKS = 256, WIFI_DRIVER = 64 };

struct wifi_link {
    uint32_t index;
    uint16_t kind; /* ARPHRD_ number of linux/if_arp.h */
    bool is_up;
    char name[IFNAMSIZ];
    struct macaddr address; /* zeroes: none */
    uint64_t lost;          /* frames that the device or its driver had no room for */
};

struct wifi_links {
    size_t count; /* more than fit are left out */
    struct wifi_link list[WIFI_LINKS];
};

/* Reads a message of rtnetlink's, behind the netlink header. */
void wifi_link_parse(struct slice message, struct wifi_link *ret_link);

int wifi_link_list(struct wifi_netlink *netlink, struct wifi_links *ret_links);

/* -ENODEV when there is none. A name that none can have is -ENODEV too. */
int wifi_link_find(struct wifi_netlink *netlink, const char *name, struct wifi_link *ret_link);
int wifi_link_get(struct wifi_netlink *netlink, uint32_t index, struct wifi_link *ret_link);

int wifi_link_set_up(struct wifi_netlink *netlink, uint32_t index, bool is_up);

/* True for the link type of a monitor interface: 802.11 frames, bare or behind a header. */
bool wifi_link_is_monitor(const struct wifi_link *link);

/* The name of its driver, "" when it has none. */
void wifi_link_find_driver(const char *name, char ret_driver[WIFI_DRIVER]);

#endif
