/* Steps to a monitor interface and back. See wifi_monitor.h. */
#include "tools/wifi/wifi_monitor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/wifi/wifi_holder.h"

bool wifi_monitor_is_radio(const struct wifi_monitor *monitor)
{
    return *monitor->wiphy.name != '\0';
}

static int explain(const struct wifi_monitor *monitor, const char *deed, int error,
                   struct buffer *ret_why)
{
    wifi_obstacle_explain(&monitor->place, deed, error, ret_why);
    return error;
}

static int list_interfaces(struct wifi_monitor *monitor, struct wifi_interfaces *ret_interfaces)
{
    ret_interfaces->count = 0;
    return monitor->radio.socket ? wifi_radio_list(&monitor->radio, ret_interfaces) : 0;
}

static const struct wifi_interface *find_index(const struct wifi_interfaces *interfaces,
                                               uint32_t index)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->list[i].index == index)
            return &interfaces->list[i];
    return NULL;
}

static int explain_unknown(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why)
{
    struct wifi_links links;
    if (wifi_link_list(&monitor->route, &links) < 0)
        links.count = 0;
    wifi_obstacle_explain_unknown(name, &links, ret_why);
    return -ENODEV;
}

/* A radio may be named itself, as phy0: it need not have an interface. */
static int look_for_wiphy(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why)
{
    struct wifi_wiphys wiphys = {0};
    if (monitor->radio.socket)
        wifi_radio_list_wiphys(&monitor->radio, &wiphys);
    for (size_t i = 0; i < wiphys.count; i++)
        if (strcmp(wiphys.list[i].name, name) == 0)
            return wifi_radio_describe(&monitor->radio, wiphys.list[i].index, &monitor->wiphy);
    return explain_unknown(monitor, name, ret_why);
}

static int look_for_interface(struct wifi_monitor *monitor, const struct wifi_link *link)
{
    struct wifi_interfaces interfaces;
    int result = list_interfaces(monitor, &interfaces);
    const struct wifi_interface *known = result < 0 ? NULL : find_index(&interfaces, link->index);
    monitor->gives_frames = wifi_link_is_monitor(link);
    monitor->base.index = link->index;
    memcpy(monitor->base.name, link->name, sizeof link->name);
    if (result < 0 || !known)
        return result;
    monitor->base = *known;
    return wifi_radio_describe(&monitor->radio, known->wiphy, &monitor->wiphy);
}

static void note_place(struct wifi_monitor *monitor, const char *name)
{
    struct wifi_place *place = &monitor->place;
    snprintf(place->interface, sizeof place->interface, "%s", name);
    memcpy(place->wiphy, monitor->wiphy.name, sizeof place->wiphy);
    place->index = monitor->base.index;
    wifi_link_find_driver(place->interface, place->driver);
}

static int look(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why)
{
    struct wifi_link link;
    int result = wifi_netlink_open_route(&monitor->route);
    if (!result)
        result = wifi_netlink_open_radio(&monitor->radio);
    if (result < 0 && result != -ENOENT)
        return result;
    result = wifi_link_find(&monitor->route, name, &link);
    if (result == -ENODEV)
        result = look_for_wiphy(monitor, name, ret_why);
    else if (!result)
        result = look_for_interface(monitor, &link);
    note_place(monitor, name);
    return result;
}

int wifi_monitor_look(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why)
{
    *monitor = (struct wifi_monitor){.place = {.root = ""}};
    int result = look(monitor, name, ret_why);
    if (result < 0)
        wifi_monitor_close(monitor);
    return result;
}

static int bring_up(struct wifi_monitor *monitor, struct buffer *ret_why)
{
    struct wifi_link link;
    int result = wifi_link_get(&monitor->route, monitor->capture.index, &link);
    if (!result && !link.is_up) {
        result = wifi_link_set_up(&monitor->route, link.index, true);
        monitor->capture_was_down = !result;
    }
    if (result < 0)
        return explain(monitor, "bring up", result, ret_why);
    monitor->lost_before = link.lost;
    memcpy(monitor->capture.name, link.name, sizeof link.name); /* udev may have renamed it */
    memcpy(monitor->place.interface, link.name, sizeof link.name);
    return 0;
}

/* The radio can only be tuned while all of its interfaces but monitors are down. */
static int take_base_down(struct wifi_monitor *monitor, struct buffer *ret_why)
{
    struct wifi_link link;
    int result = wifi_link_get(&monitor->route, monitor->base.index, &link);
    if (!result && link.is_up) {
        result = wifi_link_set_up(&monitor->route, link.index, false);
        monitor->base_was_up = !result;
    }
    return result < 0 ? explain(monitor, "take down", result, ret_why) : 0;
}

static int switch_type(struct wifi_monitor *monitor, uint32_t flags, struct buffer *ret_why)
{
    int result = take_base_down(monitor, ret_why);
    if (result < 0)
        return result;
    result =
        wifi_radio_set_type(&monitor->radio, monitor->base.index, NL80211_IFTYPE_MONITOR, flags);
    if (result < 0)
        return explain(monitor, "make a monitor interface out of", result, ret_why);
    monitor->is_switched = true;
    monitor->capture = monitor->base;
    return 0;
}

/* A monitor interface that somebody made before: it needs flags only where they are asked for. */
static int reuse(struct wifi_monitor *monitor, const struct wifi_interface *found,
                 const struct wifi_options *options, struct buffer *ret_why)
{
    static const uint32_t usual =
        1u << NL80211_MNTR_FLAG_CONTROL | 1u << NL80211_MNTR_FLAG_OTHER_BSS;
    monitor->capture = *found;
    if (options->flags == usual)
        return 0;
    int result =
        wifi_radio_set_type(&monitor->radio, found->index, NL80211_IFTYPE_MONITOR, options->flags);
    return result < 0 ? explain(monitor, "set the flags of", result, ret_why) : 0;
}

static bool is_free(struct wifi_monitor *monitor, const char *name)
{
    struct wifi_link link;
    return wifi_link_find(&monitor->route, name, &link) == -ENODEV;
}

/* wlan0mon for wlan0; where that is too long or taken, Kismet's kismon0 and so on. */
static void make_name(struct wifi_monitor *monitor, char ret_name[IFNAMSIZ])
{
    int length = snprintf(ret_name, IFNAMSIZ, "%smon", monitor->place.interface);
    for (unsigned i = 0; length >= IFNAMSIZ || !is_free(monitor, ret_name); i++)
        length = snprintf(ret_name, IFNAMSIZ, "kismon%u", i);
}

/* Makes a monitor interface beside the one there is. Drivers that have only one interface refuse
 * that in many ways. */
static int make(struct wifi_monitor *monitor, const struct wifi_options *options,
                struct buffer *ret_why)
{
    char name[IFNAMSIZ];
    if (options->interface)
        snprintf(name, sizeof name, "%s", options->interface);
    else
        make_name(monitor, name);
    int result = wifi_radio_add_monitor(&monitor->radio, monitor->wiphy.index, name, options->flags,
                                        &monitor->capture);
    monitor->is_made = !result;
    if (!result || result == -EPERM || !monitor->base.index || options->interface)
        return result < 0 ? explain(monitor, "make a monitor interface for", result, ret_why) : 0;
    return switch_type(monitor, options->flags, ret_why);
}

static int check_name(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why)
{
    if (!*name || strlen(name) >= IFNAMSIZ || strpbrk(name, "/: ")) {
        buffer_printf(ret_why, "vif=%s: the name of an interface has up to %d letters", name,
                      IFNAMSIZ - 1);
        return -EINVAL;
    }
    if (is_free(monitor, name))
        return 0;
    buffer_printf(ret_why,
                  "vif=%s: there is an interface of that name, which is no monitor "
                  "interface of this radio",
                  name);
    return -EEXIST;
}

/* Finds, switches or makes the interface to capture from. */
static int choose(struct wifi_monitor *monitor, const struct wifi_options *options,
                  struct buffer *ret_why)
{
    struct wifi_interfaces interfaces;
    int result = list_interfaces(monitor, &interfaces);
    if (result < 0)
        return explain(monitor, "look up", result, ret_why);
    if (monitor->base.type == NL80211_IFTYPE_MONITOR)
        return reuse(monitor, &monitor->base, options, ret_why);
    for (size_t i = 0; i < interfaces.count; i++) {
        const struct wifi_interface *other = &interfaces.list[i];
        if (other->wiphy == monitor->wiphy.index && other->type == NL80211_IFTYPE_MONITOR &&
            (!options->interface || strcmp(options->interface, other->name) == 0))
            return reuse(monitor, other, options, ret_why);
    }
    if (!monitor->wiphy.has_monitor) {
        wifi_obstacle_explain_no_monitor(&monitor->place, ret_why);
        return -EOPNOTSUPP;
    }
    if (options->interface && strcmp(options->interface, monitor->base.name) == 0)
        return switch_type(monitor, options->flags, ret_why);
    if (options->interface)
        result = check_name(monitor, options->interface, ret_why);
    return result < 0 ? result : make(monitor, options, ret_why);
}

static int prepare(struct wifi_monitor *monitor, const struct wifi_options *options,
                   struct buffer *ret_why)
{
    int result = 0;
    if (wifi_monitor_is_radio(monitor))
        result = choose(monitor, options, ret_why);
    else
        monitor->capture = monitor->base;
    bool has_other = monitor->base.index && monitor->base.index != monitor->capture.index;
    if (!result && has_other && !options->keeps_primary)
        result = take_base_down(monitor, ret_why);
    return result < 0 ? result : bring_up(monitor, ret_why);
}

/* Who holds the radio's interfaces, while that can be looked up. */
static void note_holders(struct wifi_monitor *monitor)
{
    struct wifi_interfaces interfaces;
    if (list_interfaces(monitor, &interfaces) < 0)
        return;
    for (size_t i = 0; i < interfaces.count; i++) {
        const struct wifi_interface *one = &interfaces.list[i];
        if (one->wiphy == monitor->wiphy.index && one->type != NL80211_IFTYPE_MONITOR)
            wifi_obstacle_note_holder(&monitor->place, one->name, one->index);
    }
}

int wifi_monitor_open(struct wifi_monitor *monitor, const char *name,
                      const struct wifi_options *options, struct buffer *ret_why)
{
    int result = wifi_monitor_look(monitor, name, ret_why);
    if (result < 0)
        return result;
    result = prepare(monitor, options, ret_why);
    if (result < 0)
        wifi_monitor_close(monitor);
    else if (wifi_monitor_is_radio(monitor))
        note_holders(monitor);
    return result;
}

bool wifi_monitor_warn(const struct wifi_monitor *monitor, struct buffer *ret_text)
{
    struct wifi_holder holder;
    const struct wifi_interface *base = &monitor->base;
    if (!wifi_monitor_is_radio(monitor) ||
        !wifi_holder_find(monitor->place.root, base->name, base->index, &holder) || !holder.is_sure)
        return false;
    buffer_printf(ret_text, "%s captures, but may be disturbed: ", monitor->capture.name);
    wifi_holder_explain(&holder, base->name, ret_text);
    return true;
}

/* What cannot be put back any more, as on a radio that was unplugged, stays as it is. */
static void restore(struct wifi_monitor *monitor)
{
    struct wifi_channel channel;
    uint32_t capture = monitor->capture.index, base = monitor->base.index;
    if (monitor->is_tuned && !monitor->is_made && !monitor->is_switched &&
        wifi_interface_channel(&monitor->capture, &channel) == 0)
        wifi_radio_tune(&monitor->radio, capture, &channel);
    if (monitor->capture_was_down)
        wifi_link_set_up(&monitor->route, capture, false);
    if (monitor->is_made)
        wifi_radio_remove(&monitor->radio, capture);
    if (monitor->is_switched)
        wifi_radio_set_type(&monitor->radio, base, monitor->base.type, 0);
    if (monitor->base_was_up)
        wifi_link_set_up(&monitor->route, base, true);
}

void wifi_monitor_close(struct wifi_monitor *monitor)
{
    restore(monitor);
    wifi_netlink_close(&monitor->radio);
    wifi_netlink_close(&monitor->route);
}

/* Notes an interface of the same radio that is up and no monitor: the radio stays on its channel.
 */
static void find_rival(struct wifi_monitor *monitor)
{
    struct wifi_interfaces interfaces;
    struct wifi_place *place = &monitor->place;
    struct wifi_link link;
    *place->rival = '\0';
    if (list_interfaces(monitor, &interfaces) < 0)
        return;
    for (size_t i = 0; i < interfaces.count && !*place->rival; i++) {
        const struct wifi_interface *other = &interfaces.list[i];
        if (other->wiphy == monitor->wiphy.index && other->type != NL80211_IFTYPE_MONITOR &&
            wifi_link_get(&monitor->route, other->index, &link) == 0 && link.is_up) {
            memcpy(place->rival, link.name, sizeof link.name);
            place->rival_index = link.index;
        }
    }
}

/* The regulatory domain may have changed what is allowed since the last look. */
static void explain_channel(struct wifi_monitor *monitor, const struct wifi_channel *channel,
                            struct buffer *ret_why)
{
    struct wifi_wiphy now;
    char country[WIFI_COUNTRY] = "";
    uint32_t wiphy = monitor->wiphy.index;
    wifi_radio_find_country(&monitor->radio, wiphy, country);
    if (wifi_radio_describe(&monitor->radio, wiphy, &now) == 0)
        monitor->wiphy = now;
    wifi_obstacle_explain_channel(&monitor->place, channel,
                                  wifi_wiphy_judge(&monitor->wiphy, channel), country, ret_why);
}

int wifi_monitor_tune(struct wifi_monitor *monitor, const char *text, struct buffer *ret_why)
{
    struct wifi_channel channel;
    if (wifi_channel_parse(text, &channel) < 0) {
        buffer_printf(ret_why, "%s is no channel: write 6, 6HT40+, 36VHT80, 1W6e or 2412", text);
        return -EINVAL;
    }
    if (!wifi_monitor_is_radio(monitor)) {
        buffer_printf(ret_why, "%s cannot be tuned: the kernel knows it as no radio",
                      monitor->capture.name);
        return -EINVAL;
    }
    int result = wifi_radio_tune(&monitor->radio, monitor->capture.index, &channel);
    switch (result) {
    case 0: monitor->is_tuned = true; break;
    case -EINVAL: explain_channel(monitor, &channel, ret_why); break;
    case -ENODEV: wifi_monitor_explain_loss(monitor, ret_why); break;
    case -EBUSY: find_rival(monitor); /* fall through */
    default: explain(monitor, "tune", result, ret_why); break;
    }
    return result;
}

void wifi_monitor_find_channel(struct wifi_monitor *monitor, char ret_text[TOOL_CHANNEL_TEXT])
{
    struct wifi_interfaces interfaces;
    struct wifi_channel channel;
    ret_text[0] = '\0';
    if (list_interfaces(monitor, &interfaces) < 0)
        return;
    uint32_t index = monitor->capture.index ? monitor->capture.index : monitor->base.index;
    const struct wifi_interface *now = find_index(&interfaces, index);
    if (now && wifi_interface_channel(now, &channel) == 0)
        wifi_channel_write(&channel, ret_text);
}

bool wifi_monitor_is_up(struct wifi_monitor *monitor)
{
    struct wifi_link link;
    return wifi_link_get(&monitor->route, monitor->capture.index, &link) == 0 && link.is_up;
}

uint64_t wifi_monitor_losses(struct wifi_monitor *monitor)
{
    struct wifi_link link;
    if (wifi_link_get(&monitor->route, monitor->capture.index, &link) < 0)
        return 0;
    return link.lost - monitor->lost_before;
}

void wifi_monitor_explain_loss(struct wifi_monitor *monitor, struct buffer *ret_why)
{
    struct wifi_link link;
    bool is_there = wifi_link_get(&monitor->route, monitor->capture.index, &link) == 0;
    wifi_obstacle_explain_loss(&monitor->place, is_there, ret_why);
}
