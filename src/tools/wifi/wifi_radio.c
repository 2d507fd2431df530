/* Commands of nl80211 (linux/nl80211.h). See wifi_radio.h. */
#include "tools/wifi/wifi_radio.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <string.h>

#include "tools/wifi/wifi_attribute.h"

/* The attributes of an answer, behind the header of generic netlink. */
static struct slice attributes_of(struct slice message)
{
    size_t header = message.length < GENL_HDRLEN ? message.length : GENL_HDRLEN;
    return (struct slice){message.data + header, message.length - header};
}

static struct nl_msg *question_about(const struct wifi_netlink *netlink, int command,
                                     uint32_t interface)
{
    struct nl_msg *question = wifi_netlink_question(netlink, command, 0);
    if (question)
        nla_put_u32(question, NL80211_ATTR_IFINDEX, interface);
    return question;
}

static void on_interface(void *context, struct slice message)
{
    struct wifi_interfaces *interfaces = context;
    if (interfaces->count == WIFI_INTERFACES)
        return;
    struct wifi_interface *interface = &interfaces->list[interfaces->count];
    wifi_interface_parse(attributes_of(message), interface);
    interfaces->count += interface->index != 0;
}

int wifi_radio_list(struct wifi_netlink *netlink, struct wifi_interfaces *ret_interfaces)
{
    ret_interfaces->count = 0;
    return wifi_netlink_ask(netlink,
                            wifi_netlink_question(netlink, NL80211_CMD_GET_INTERFACE, NLM_F_DUMP),
                            on_interface, ret_interfaces);
}

static void on_wiphy_name(void *context, struct slice message)
{
    struct wifi_wiphys *wiphys = context;
    struct slice attributes = attributes_of(message);
    struct reader reader = reader_over(attributes.data, attributes.length);
    if (wiphys->count == WIFI_WIPHYS)
        return;
    wiphys->list[wiphys->count].index =
        wifi_attribute_u32(wifi_attribute_find(reader, NL80211_ATTR_WIPHY));
    wifi_attribute_text(wifi_attribute_find(reader, NL80211_ATTR_WIPHY_NAME),
                        wiphys->list[wiphys->count].name, WIFI_NAME);
    wiphys->count += *wiphys->list[wiphys->count].name != '\0';
}

/* Not asked for in parts, each radio is one message, in which not everything has room. */
int wifi_radio_list_wiphys(struct wifi_netlink *netlink, struct wifi_wiphys *ret_wiphys)
{
    ret_wiphys->count = 0;
    return wifi_netlink_ask(netlink,
                            wifi_netlink_question(netlink, NL80211_CMD_GET_WIPHY, NLM_F_DUMP),
                            on_wiphy_name, ret_wiphys);
}

static void on_wiphy(void *context, struct slice message)
{
    wifi_wiphy_parse(context, attributes_of(message));
}

int wifi_radio_describe(struct wifi_netlink *netlink, uint32_t wiphy, struct wifi_wiphy *ret_wiphy)
{
    struct nl_msg *question = wifi_netlink_question(netlink, NL80211_CMD_GET_WIPHY, NLM_F_DUMP);
    *ret_wiphy = (struct wifi_wiphy){0};
    if (question) {
        nla_put_u32(question, NL80211_ATTR_WIPHY, wiphy);
        nla_put_flag(question, NL80211_ATTR_SPLIT_WIPHY_DUMP); /* or much is left out */
    }
    int result = wifi_netlink_ask(netlink, question, on_wiphy, ret_wiphy);
    return result || *ret_wiphy->name ? result : -ENODEV;
}

static void put_flags(struct nl_msg *question, uint32_t flags)
{
    struct nlattr *nest = nla_nest_start(question, NL80211_ATTR_MNTR_FLAGS);
    for (int flag = NL80211_MNTR_FLAG_FCSFAIL; nest && flag <= NL80211_MNTR_FLAG_MAX; flag++)
        if (flags & 1u << flag)
            nla_put_flag(question, flag);
    if (nest)
        nla_nest_end(question, nest);
}

static void on_made(void *context, struct slice message)
{
    wifi_interface_parse(attributes_of(message), context);
}

int wifi_radio_add_monitor(struct wifi_netlink *netlink, uint32_t wiphy, const char *name,
                           uint32_t flags, struct wifi_interface *ret_interface)
{
    struct nl_msg *question = wifi_netlink_question(netlink, NL80211_CMD_NEW_INTERFACE, 0);
    struct wifi_interface made = {0};
    if (question) {
        nla_put_u32(question, NL80211_ATTR_WIPHY, wiphy);
        nla_put_string(question, NL80211_ATTR_IFNAME, name);
        nla_put_u32(question, NL80211_ATTR_IFTYPE, NL80211_IFTYPE_MONITOR);
        nla_put_flag(question, NL80211_ATTR_SOCKET_OWNER);
        put_flags(question, flags);
    }
    int result = wifi_netlink_ask(netlink, question, on_made, &made);
    if (!result && !made.index)
        result = -EPROTO;
    if (!result)
        *ret_interface = made;
    return result;
}

int wifi_radio_remove(struct wifi_netlink *netlink, uint32_t interface)
{
    return wifi_netlink_ask(netlink, question_about(netlink, NL80211_CMD_DEL_INTERFACE, interface),
                            NULL, NULL);
}

int wifi_radio_set_type(struct wifi_netlink *netlink, uint32_t interface, enum nl80211_iftype type,
                        uint32_t flags)
{
    struct nl_msg *question = question_about(netlink, NL80211_CMD_SET_INTERFACE, interface);
    if (question) {
        nla_put_u32(question, NL80211_ATTR_IFTYPE, type);
        if (type == NL80211_IFTYPE_MONITOR)
            put_flags(question, flags);
    }
    return wifi_netlink_ask(netlink, question, NULL, NULL);
}

int wifi_radio_tune(struct wifi_netlink *netlink, uint32_t interface,
                    const struct wifi_channel *channel)
{
    struct nl_msg *question = question_about(netlink, NL80211_CMD_SET_WIPHY, interface);
    if (question) {
        nla_put_u32(question, NL80211_ATTR_WIPHY_FREQ, channel->mhz);
        nla_put_u32(question, NL80211_ATTR_CHANNEL_WIDTH, channel->width);
        nla_put_u32(question, NL80211_ATTR_CENTER_FREQ1, channel->centre_1);
        if (channel->centre_2)
            nla_put_u32(question, NL80211_ATTR_CENTER_FREQ2, channel->centre_2);
    }
    return wifi_netlink_ask(netlink, question, NULL, NULL);
}

static void on_regulatory(void *context, struct slice message)
{
    struct slice attributes = attributes_of(message);
    struct reader reader = reader_over(attributes.data, attributes.length);
    wifi_attribute_text(wifi_attribute_find(reader, NL80211_ATTR_REG_ALPHA2), context,
                        WIFI_COUNTRY);
}

int wifi_radio_find_country(struct wifi_netlink *netlink, uint32_t wiphy,
                            char ret_country[WIFI_COUNTRY])
{
    struct nl_msg *question = wifi_netlink_question(netlink, NL80211_CMD_GET_REG, 0);
    char country[WIFI_COUNTRY] = "";
    if (question)
        nla_put_u32(question, NL80211_ATTR_WIPHY, wiphy);
    int result = wifi_netlink_ask(netlink, question, on_regulatory, country);
    if (!result && !*country)
        result = -ENODATA;
    if (!result)
        memcpy(ret_country, country, sizeof country);
    return result;
}
