/* The connection to the server: a pair of descriptors, a TCP connection of bare frames, or a
 * websocket, over TLS or not. Nothing here blocks: names are looked up in the background, bytes
 * wait in buffers. Input and output: frames of the protocol. Who decides when to connect again is
 * the session. */
#ifndef NORN_TOOLS_TOOL_CONNECTION_H
#define NORN_TOOLS_TOOL_CONNECTION_H

#include <netdb.h>
#include <poll.h>

#include "tools/tool_outbox.h"
#include "tools/tool_tls.h"
#include "tools/tool_upgrade.h"
#include "tools/tool_websocket.h"

enum tool_connection_state {
    TOOL_LINK_DOWN,
    TOOL_LINK_RESOLVING,  /* the name is being looked up */
    TOOL_LINK_CONNECTING, /* to one address after the other */
    TOOL_LINK_SECURING,   /* by TLS */
    TOOL_LINK_UPGRADING,  /* to a websocket */
    TOOL_LINK_UP,
};

struct tool_connection {
    enum tool_connection_state state;
    int in, out;
    const struct tool_target *target; /* NULL: the descriptors were given */
    struct gaicb query;
    struct addrinfo *addresses, *address; /* found; to be tried now */
    uint64_t give_up_ns;                  /* on the state that the link is in */
    struct tool_tls *tls;                 /* NULL: bytes go as they are */
    char key[TOOL_UPGRADE_KEY];
    struct tool_websocket *websocket;
    struct buffer raw;    /* what came, before a websocket is taken off */
    struct buffer input;  /* frames that came */
    struct buffer output; /* bytes to be written */
    struct buffer frame;  /* one on its way into a websocket */
};

/* All down. The link must stay where it is until the process ends: a look-up may still run. */
void tool_connection_init(struct tool_connection *link);

/* From now on connects by TLS; the certificates are those of tool_tls_new(). 0, or -errno with a
 * sentence. */
int tool_connection_secure(struct tool_connection *link, const char *certificates,
                           struct buffer *ret_why);

/* Uses a pair of descriptors, which it owns from now on: the link is up. */
void tool_connection_use(struct tool_connection *link, int in, int out);

/* Begins to connect; tool_connection_advance() does the rest. The target is borrowed. */
void tool_connection_connect(struct tool_connection *link, const struct tool_target *target,
                             uint64_t now_ns);

/* Goes on with connecting: 1 when the link has just come up, 0 when there is more to wait for,
 * -errno with a sentence when it failed and is down. */
int tool_connection_advance(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why);

/* Fills in what to poll() for: two entries, a descriptor of -1 where there is nothing. */
void tool_connection_polls(const struct tool_connection *link, struct pollfd polls[2]);

/* Reads what has come into `input`. 0, or -errno with a sentence when the connection is over. */
int tool_connection_receive(struct tool_connection *link, struct buffer *ret_why);

/* Sends a frame before all that is not on its way yet; tool_connection_flush() writes it. */
void tool_connection_send(struct tool_connection *link, struct slice frame);

/* Takes frames out of the outbox as long as few bytes wait to be written. True when it took all. */
bool tool_connection_fill(struct tool_connection *link, struct tool_outbox *outbox);

/* Writes what can be written. 0, or -errno with a sentence when the connection is over. */
int tool_connection_flush(struct tool_connection *link, struct buffer *ret_why);

/* Bytes that wait to be written. */
static inline size_t tool_connection_waiting(const struct tool_connection *link)
{
    return link->output.length;
}

/* Closes the connection; what waited is lost. */
void tool_connection_close(struct tool_connection *link);

/* Closes and gives the memory back. */
void tool_connection_done(struct tool_connection *link);

#endif
