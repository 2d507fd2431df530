/* Questions to the kernel over netlink, through libnl: nl80211 for radios, rtnetlink for network
 * devices. A question is asked and answered at once; nothing waits for anything but the kernel. */
#ifndef NORN_TOOLS_WIFI_NETLINK_H
#define NORN_TOOLS_WIFI_NETLINK_H

#include <netlink/msg.h>

#include "util/bytes.h"

struct wifi_netlink {
    struct nl_sock *socket;
    int family; /* of nl80211 within generic netlink; 0: rtnetlink */
};

/* Called with the bytes of each message of an answer, behind the netlink header. */
typedef void wifi_netlink_answer(void *context, struct slice message);

/* Opens a socket to nl80211. 0; -ENOENT: this kernel has no radios; else -errno. */
int wifi_netlink_open_radio(struct wifi_netlink *ret_netlink);

/* Opens a socket to rtnetlink. 0 or -errno. */
int wifi_netlink_open_route(struct wifi_netlink *ret_netlink);

void wifi_netlink_close(struct wifi_netlink *netlink);

/* A question to be filled in with libnl's nla_put…(): a command of nl80211's, or a message type
 * of rtnetlink's. NULL when memory is lacking. */
struct nl_msg *wifi_netlink_question(const struct wifi_netlink *netlink, int command, int flags);

/* Asks, gives the question back, and passes on the answers (on_answer may be NULL). 0 or what the
 * kernel refuses it with, as -errno; -ENOMEM for a NULL. */
int wifi_netlink_ask(struct wifi_netlink *netlink, struct nl_msg *question,
                     wifi_netlink_answer *on_answer, void *context);

#endif
