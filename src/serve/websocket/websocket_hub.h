/* The thread that serves all websockets: one epoll set, one round at a time. A round hands out what
 * came in, runs tasks that are due, sends what waits; after one with many sockets the thread rests
 * up to two milliseconds, so that under load messages share reads, writes and wake-ups. Who sends
 * without a pause, as sensors do, is read every 16 milliseconds. Input: sockets that the transport
 * has upgraded. Output: calls of their websocket_type. */
#ifndef NORN_SERVE_WEBSOCKET_HUB_H
#define NORN_SERVE_WEBSOCKET_HUB_H

#include <stddef.h>
#include <stdint.h>

#include "serve/websocket/websocket.h"

struct websocket_hub_config {
    unsigned limit;           /* sockets at a time */
    unsigned ping_seconds;    /* of silence after which a peer is pinged */
    unsigned silence_seconds; /* after which it is cut */
};

/* A hub without a thread, to which tasks can be given. NULL without memory. */
struct websocket_hub *websocket_hub_new(const struct websocket_hub_config *config);

/* Starts the thread. 0 or -errno. */
int websocket_hub_start(struct websocket_hub *hub);

/* Closes every socket (code 1001), cuts after half a second those that do not answer, ends the
 * thread. From then on every socket is refused. Harmless when it never ran. */
void websocket_hub_stop(struct websocket_hub *hub);

/* Stops if needed, gives back the memory. NULL is fine. */
void websocket_hub_free(struct websocket_hub *hub);

/* An upgraded connection and how it is given back. */
struct websocket_line {
    int descriptor; /* a stream socket */
    void (*release)(
        void *handle); /* called once, on any thread; the descriptor is not used after */
    void *handle;
};

/* Opens a socket made by websocket_accept(), whose reference is taken over. `early` are bytes that
 * the transport read already. When it cannot be opened any more it is released at once. Any
 * thread. */
void websocket_hub_open(struct websocket *socket, const struct websocket_line *line,
                        const void *early, size_t early_length);

/* Sums over all sockets since the start, and what is open and waits now. Any thread. */
struct websocket_hub_counts {
    unsigned open; /* and accepted: each counts from before its client is told */
    struct websocket_counts messages;
};
void websocket_hub_counts(struct websocket_hub *hub, struct websocket_hub_counts *ret_counts);

/* A descriptor of an endpoint in the epoll set. */
struct websocket_watch {
    void (*on_ready)(struct websocket_watch *watch, uint32_t events); /* on the websocket thread */
    int descriptor;
    uint32_t events; /* watched for now */
};

/* Watches for `events` (epoll_ctl(2)) from now on; 0: no longer, and nothing that is ready already
 * is told any more. On the websocket thread only. 0 or -errno. */
int websocket_hub_watch(struct websocket_hub *hub, struct websocket_watch *watch, uint32_t events);

#endif
