/* What the tool asks of nl80211: which radios and interfaces there are, monitor interfaces, the
 * channel. Needs CAP_NET_ADMIN for what changes anything. All give 0 or the kernel's -errno. */
#ifndef NORN_TOOLS_WIFI_RADIO_H
#define NORN_TOOLS_WIFI_RADIO_H

#include "tools/wifi/wifi_interface.h"
#include "tools/wifi/wifi_netlink.h"

enum { WIFI_INTERFACES = 128, WIFI_WIPHYS = 64, WIFI_COUNTRY = 3 };

struct wifi_interfaces {
    size_t count; /* more than fit are left out */
    struct wifi_interface list[WIFI_INTERFACES];
};

struct wifi_wiphys {
    size_t count; /* more than fit are left out */
    struct {
        uint32_t index;
        char name[WIFI_NAME];
    } list[WIFI_WIPHYS];
};

/* Every interface that has a network device. */
int wifi_radio_list(struct wifi_netlink *netlink, struct wifi_interfaces *ret_interfaces);

/* Every radio: index and name only. */
int wifi_radio_list_wiphys(struct wifi_netlink *netlink, struct wifi_wiphys *ret_wiphys);

/* All of the radio that has an index. */
int wifi_radio_describe(struct wifi_netlink *netlink, uint32_t wiphy, struct wifi_wiphy *ret_wiphy);

/* Makes a monitor interface that the kernel removes when this socket is closed, whoever ends the
 * process. `flags` are bits of enum nl80211_mntr_flags. */
int wifi_radio_add_monitor(struct wifi_netlink *netlink, uint32_t wiphy, const char *name,
                           uint32_t flags, struct wifi_interface *ret_interface);

int wifi_radio_remove(struct wifi_netlink *netlink, uint32_t interface);

/* Changes the type of an interface that is down; `flags` as above, for monitors. */
int wifi_radio_set_type(struct wifi_netlink *netlink, uint32_t interface, enum nl80211_iftype type,
                        uint32_t flags);

int wifi_radio_tune(struct wifi_netlink *netlink, uint32_t interface,
                    const struct wifi_channel *channel);

/* Two letters of the regulatory domain that the radio obeys: "00" is the whole world's. */
int wifi_radio_find_country(struct wifi_netlink *netlink, uint32_t wiphy,
                            char ret_country[WIFI_COUNTRY]);

#endif
