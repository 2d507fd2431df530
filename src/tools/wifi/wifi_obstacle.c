/* Sentences for people who want to capture and cannot. See wifi_obstacle.h. */
#include "tools/wifi/wifi_obstacle.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/if_arp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/text.h"

enum { NEAR = 2 }; /* edits between a name and the one that was meant */

#define NEEDED (UINT32_C(1) << CAP_NET_ADMIN | UINT32_C(1) << CAP_NET_RAW)

struct wifi_rights wifi_obstacle_rights(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};
    struct wifi_rights rights = {0};
    if (syscall(SYS_capget, &header, sets) == 0)
        rights.has_them = (sets[0].effective & NEEDED) == NEEDED;
    rights.may_get = prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) == 1 &&
                     prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) == 1;
    rights.is_forbidden = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    ssize_t length = readlink("/proc/self/exe", rights.program, sizeof rights.program - 1);
    rights.program[length < 0 ? 0 : length] = '\0';
    return rights;
}

void wifi_obstacle_explain_rights(const struct wifi_rights *rights, struct buffer *ret_why)
{
    if (rights->has_them)
        buffer_add_text(ret_why, "the kernel forbids it in this container or namespace: start it "
                                 "in that of the machine's network (docker: --network=host)");
    else if (!rights->may_get)
        buffer_add_text(ret_why, "it needs CAP_NET_ADMIN and CAP_NET_RAW, which this container or "
                                 "service withholds (docker: --cap-add=NET_ADMIN "
                                 "--cap-add=NET_RAW; systemd: CapabilityBoundingSet=)");
    else if (rights->is_forbidden)
        buffer_add_text(ret_why,
                        "it needs CAP_NET_ADMIN and CAP_NET_RAW, and what started it lets it have "
                        "no new rights: start that as root, or with both as ambient capabilities");
    else
        buffer_printf(ret_why,
                      "it needs CAP_NET_ADMIN and CAP_NET_RAW: start it as root, or give it these "
                      "rights once: setcap cap_net_admin,cap_net_raw=ep %s",
                      rights->program);
}

static void explain_switches(const struct wifi_place *place, struct buffer *ret_why)
{
    struct wifi_switches switches = wifi_holder_switches(place->root, place->wiphy);
    if (switches.hard)
        buffer_add_text(ret_why, "a switch or key of this machine turns the radio off (hard "
                                 "rfkill): turn it on there");
    if (switches.hard && switches.soft)
        buffer_add_text(ret_why, ", then: rfkill unblock wifi");
    else if (!switches.hard)
        buffer_add_text(ret_why, "the radio is turned off (rfkill): rfkill unblock wifi");
}

void wifi_obstacle_note_holder(struct wifi_place *place, const char *interface, uint32_t index)
{
    struct wifi_holder holder;
    if (place->holders_count == WIFI_HOLDERS ||
        !wifi_holder_find(place->root, interface, index, &holder))
        return;
    place->holders[place->holders_count].index = index;
    place->holders[place->holders_count++].holder = holder;
}

/* As it is now, or was when the source was opened: a confined tool can look no more. */
static bool find_holder(const struct wifi_place *place, const char *interface, uint32_t index,
                        struct wifi_holder *ret_holder)
{
    if (wifi_holder_can_look(place->root))
        return wifi_holder_find(place->root, interface, index, ret_holder);
    for (size_t i = 0; i < place->holders_count; i++)
        if (place->holders[i].index == index) {
            *ret_holder = place->holders[i].holder;
            return true;
        }
    return false;
}

/* Somebody else uses the radio: the other interface, and who manages it. */
static void explain_rival(const struct wifi_place *place, struct buffer *ret_why)
{
    struct wifi_holder holder;
    const char *name = *place->rival ? place->rival : place->interface;
    uint32_t index = *place->rival ? place->rival_index : place->index;
    buffer_add_text(ret_why, "the radio is in use");
    if (*place->rival)
        buffer_printf(ret_why, " by its interface %s (ip link set %s down)", name, name);
    if (find_holder(place, name, index, &holder)) {
        buffer_add_text(ret_why, ". ");
        wifi_holder_explain(&holder, name, ret_why);
    }
}

void wifi_obstacle_explain(const struct wifi_place *place, const char *deed, int error,
                           struct buffer *ret_why)
{
    struct wifi_rights rights;
    buffer_printf(ret_why, "cannot %s %s: ", deed, place->interface);
    switch (-error) {
    case EPERM:
    case EACCES:
        rights = wifi_obstacle_rights();
        wifi_obstacle_explain_rights(&rights, ret_why);
        break;
    case ERFKILL: explain_switches(place, ret_why); break;
    case EBUSY: explain_rival(place, ret_why); break;
    case ENODEV: buffer_add_text(ret_why, "it is gone"); break;
    case ENETDOWN: buffer_printf(ret_why, "it is down: ip link set %s up", place->interface); break;
    case EOPNOTSUPP:
        buffer_printf(ret_why, "its driver%s%s cannot do that", *place->driver ? " " : "",
                      place->driver);
        break;
    default: buffer_add_text(ret_why, strerror(-error)); break;
    }
}

static bool is_candidate(const struct wifi_link *link)
{
    return link->kind != ARPHRD_LOOPBACK;
}

static const struct wifi_link *find_nearest(const char *name, const struct wifi_links *links)
{
    const struct wifi_link *nearest = NULL;
    unsigned least = NEAR + 1;
    for (size_t i = 0; i < links->count; i++) {
        unsigned distance = text_distance(name, links->list[i].name);
        if (distance >= least || !is_candidate(&links->list[i]))
            continue;
        nearest = &links->list[i];
        least = distance;
    }
    return nearest;
}

void wifi_obstacle_explain_unknown(const char *name, const struct wifi_links *links,
                                   struct buffer *ret_why)
{
    const char *before = "; there are ";
    const struct wifi_link *nearest = find_nearest(name, links);
    buffer_printf(ret_why, "there is no network interface %s", name);
    if (nearest) {
        buffer_printf(ret_why, ": did you mean %s?", nearest->name);
        return;
    }
    for (size_t i = 0; i < links->count; i++)
        if (is_candidate(&links->list[i])) {
            buffer_printf(ret_why, "%s%s", before, links->list[i].name);
            before = ", ";
        }
}

void wifi_obstacle_explain_no_monitor(const struct wifi_place *place, struct buffer *ret_why)
{
    buffer_printf(ret_why,
                  "%s cannot capture: its driver%s%s has no monitor mode. Another driver for it, "
                  "or another radio, may have one",
                  place->interface, *place->driver ? " " : "", place->driver);
}

void wifi_obstacle_explain_channel(const struct wifi_place *place,
                                   const struct wifi_channel *channel, enum wifi_verdict verdict,
                                   const char *country, struct buffer *ret_why)
{
    char text[TOOL_CHANNEL_TEXT];
    wifi_channel_write(channel, text);
    buffer_printf(ret_why, "%s refuses channel %s (%u MHz): ", place->interface, text,
                  channel->mhz);
    switch (verdict) {
    case WIFI_UNKNOWN: buffer_add_text(ret_why, "the radio has no such channel"); break;
    case WIFI_FORBIDDEN:
        buffer_printf(ret_why,
                      "the regulatory domain%s%s forbids it; iw reg set names another "
                      "country, where you are in that",
                      *country ? " " : "", country);
        break;
    case WIFI_TOO_WIDE:
        buffer_printf(ret_why, "not %u MHz wide, with this radio and regulatory domain%s%s",
                      wifi_channel_width(channel->width), *country ? " " : "", country);
        break;
    default: buffer_add_text(ret_why, "its driver does not say why"); break;
    }
}

void wifi_obstacle_explain_loss(const struct wifi_place *place, bool is_there,
                                struct buffer *ret_why)
{
    struct wifi_holder holder;
    const char *name = *place->rival ? place->rival : place->interface;
    if (!is_there) {
        buffer_printf(ret_why, "%s disappeared: its radio was unplugged, or the driver unloaded",
                      place->interface);
        return;
    }
    buffer_printf(ret_why, "%s was taken down by another program", place->interface);
    if (find_holder(place, name, place->index, &holder)) {
        buffer_add_text(ret_why, ". ");
        wifi_holder_explain(&holder, name, ret_why);
    }
}
