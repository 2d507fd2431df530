/* A network interface of a radio, as nl80211 describes it. Input: the attributes of a message.
 * Output: a plain struct. */
#ifndef NORN_TOOLS_WIFI_INTERFACE_H
#define NORN_TOOLS_WIFI_INTERFACE_H

#include <linux/if.h>

#include "tools/wifi/wifi_wiphy.h"

struct wifi_interface {
    uint32_t index; /* of the network device; 0: none, as of a radio that has no interface */
    uint32_t wiphy; /* index of its radio */
    enum nl80211_iftype type;
    char name[IFNAMSIZ];
    uint32_t mhz; /* where it is tuned to, as the kernel says; 0: unknown */
    uint32_t centre_1, centre_2;
    enum nl80211_chan_width width;
};

void wifi_interface_parse(struct slice attributes, struct wifi_interface *ret_interface);

/* Where it is tuned to. 0, or -EINVAL when that is unknown or has no name. */
int wifi_interface_channel(const struct wifi_interface *interface,
                           struct wifi_channel *ret_channel);

#endif
