/* Sockets of libnl, and the loop that waits for the end of an answer. See wifi_netlink.h. */
#include "tools/wifi/wifi_netlink.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdbool.h>

/* One answer on its way. */
struct asking {
    wifi_netlink_answer *on_answer;
    void *context;
    int result;
    bool is_over;
};

static int connect_socket(struct wifi_netlink *netlink, int protocol)
{
    netlink->socket = nl_socket_alloc();
    if (!netlink->socket)
        return -ENOMEM;
    int result = nl_connect(netlink->socket, protocol);
    if (result >= 0)
        return 0;
    wifi_netlink_close(netlink);
    return -EPROTONOSUPPORT;
}

int wifi_netlink_open_radio(struct wifi_netlink *ret_netlink)
{
    struct wifi_netlink netlink = {0};
    int result = connect_socket(&netlink, NETLINK_GENERIC);
    if (result < 0)
        return result;
    netlink.family = genl_ctrl_resolve(netlink.socket, NL80211_GENL_NAME);
    if (netlink.family < 0) {
        wifi_netlink_close(&netlink);
        return -ENOENT;
    }
    *ret_netlink = netlink;
    return 0;
}

int wifi_netlink_open_route(struct wifi_netlink *ret_netlink)
{
    struct wifi_netlink netlink = {0};
    int result = connect_socket(&netlink, NETLINK_ROUTE);
    if (!result)
        *ret_netlink = netlink;
    return result;
}

void wifi_netlink_close(struct wifi_netlink *netlink)
{
    if (netlink->socket)
        nl_socket_free(netlink->socket);
    *netlink = (struct wifi_netlink){0};
}

struct nl_msg *wifi_netlink_question(const struct wifi_netlink *netlink, int command, int flags)
{
    if (!netlink->family)
        return nlmsg_alloc_simple(command, NLM_F_REQUEST | flags);
    struct nl_msg *question = nlmsg_alloc();
    if (question && !genlmsg_put(question, NL_AUTO_PORT, NL_AUTO_SEQ, netlink->family, 0, flags,
                                 (uint8_t)command, 0)) {
        nlmsg_free(question);
        return NULL;
    }
    return question;
}

static int on_message(struct nl_msg *message, void *argument)
{
    struct asking *asking = argument;
    struct nlmsghdr *header = nlmsg_hdr(message);
    struct slice bytes = {nlmsg_data(header), (size_t)nlmsg_datalen(header)};
    if (asking->on_answer)
        asking->on_answer(asking->context, bytes);
    return NL_OK;
}

static int on_end(struct nl_msg *message, void *argument)
{
    struct asking *asking = argument;
    asking->is_over = true;
    return NL_STOP;
}

static int on_error(struct sockaddr_nl *address, struct nlmsgerr *error, void *argument)
{
    struct asking *asking = argument;
    asking->result = error->error;
    asking->is_over = true;
    return NL_STOP;
}

/* Receives until the answer is over. */
static int receive(struct wifi_netlink *netlink, struct nl_cb *callbacks, struct asking *asking)
{
    nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_message, asking);
    nl_cb_set(callbacks, NL_CB_FINISH, NL_CB_CUSTOM, on_end, asking);
    nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, on_end, asking);
    nl_cb_err(callbacks, NL_CB_CUSTOM, on_error, asking);
    while (!asking->is_over)
        if (nl_recvmsgs(netlink->socket, callbacks) < 0 && !asking->is_over)
            return -EIO;
    return asking->result;
}

int wifi_netlink_ask(struct wifi_netlink *netlink, struct nl_msg *question,
                     wifi_netlink_answer *on_answer, void *context)
{
    struct asking asking = {.on_answer = on_answer, .context = context};
    struct nl_cb *callbacks = nl_cb_alloc(NL_CB_DEFAULT);
    int result = question && callbacks ? 0 : -ENOMEM;
    if (!result && nl_send_auto(netlink->socket, question) < 0)
        result = -EIO;
    if (!result)
        result = receive(netlink, callbacks, &asking);
    nl_cb_put(callbacks);
    nlmsg_free(question);
    return result;
}
