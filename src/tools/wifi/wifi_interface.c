/* Parsing what nl80211 says of an interface. See wifi_interface.h. */
#include "tools/wifi/wifi_interface.h"

#include "tools/wifi/wifi_attribute.h"

void wifi_interface_parse(struct slice attributes, struct wifi_interface *ret_interface)
{
    struct wifi_attribute attribute;
    struct wifi_interface interface = {0};
    struct reader reader = reader_over(attributes.data, attributes.length);
    while (wifi_attribute_next(&reader, &attribute)) {
        uint32_t number = wifi_attribute_u32(attribute);
        switch (attribute.type) {
        case NL80211_ATTR_IFINDEX: interface.index = number; break;
        case NL80211_ATTR_WIPHY: interface.wiphy = number; break;
        case NL80211_ATTR_IFTYPE: interface.type = number; break;
        case NL80211_ATTR_IFNAME:
            wifi_attribute_text(attribute, interface.name, sizeof interface.name);
            break;
        case NL80211_ATTR_WIPHY_FREQ: interface.mhz = number; break;
        case NL80211_ATTR_CHANNEL_WIDTH: interface.width = number; break;
        case NL80211_ATTR_CENTER_FREQ1: interface.centre_1 = number; break;
        case NL80211_ATTR_CENTER_FREQ2: interface.centre_2 = number; break;
        default: break;
        }
    }
    *ret_interface = interface;
}

int wifi_interface_channel(const struct wifi_interface *interface, struct wifi_channel *ret_channel)
{
    return wifi_channel_find(interface->mhz, interface->width, interface->centre_1,
                             interface->centre_2, ret_channel);
}
