/* Websockets (RFC 6455) for endpoints. A row with METHOD_WEBSOCKET and ROUTE_WEBSOCKET has a
 * handler that ends by websocket_accept() (or refuses by a reply); from then on its websocket_type
 * is called on the one thread that serves all sockets: it must not block, long work goes to the job
 * workers. Sending is for any thread and never blocks. */
#ifndef NORN_SERVE_WEBSOCKET_H
#define NORN_SERVE_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/websocket/websocket_message.h"

struct request;
struct websocket;
struct websocket_hub;

struct websocket_type {
    const char *protocol;  /* given to clients that ask for this Sec-WebSocket-Protocol, or NULL */
    unsigned accepts;      /* set of WEBSOCKET_TEXT, WEBSOCKET_BINARY; another closes (1003) */
    size_t message_limit;  /* bytes of the longest message taken; a longer one closes (1009) */
    size_t queue_limit;    /* bytes that may wait to be sent; when more would, it closes (1008) */
    unsigned ping_seconds; /* of silence until a ping; 0: the server's rule */
    bool gathers;          /* who sends without a pause is read every 16 milliseconds only */
    /* Any may be NULL. A socket is told of once opened and once closed. */
    void (*on_open)(struct websocket *socket);
    void (*on_message)(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                       size_t length);
    /* When set, binary messages come here piece by piece instead, as they are read. */
    void (*on_part)(struct websocket *socket, const uint8_t *bytes, size_t length, bool is_last);
    void (*on_close)(struct websocket *socket, unsigned code); /* 1006: it just broke off */
    /* Called once when the last reference has gone, also where the socket never opened. */
    void (*free_context)(void *context);
};

/* Replies to the request: opens a websocket, or says why not (400, 403, 426, 503). `context`
 * belongs to the socket either way; `type` must outlive the server. */
void websocket_accept(struct request *request, const struct websocket_type *type, void *context);

/* What was given to websocket_accept(). */
void *websocket_context(const struct websocket *socket);

/* For websocket_task_start() and websocket_hub_watch(). */
struct websocket_hub *websocket_hub_of(const struct websocket *socket);

/* Address of the client, as request_peer() has it. */
const char *websocket_peer(const struct websocket *socket);

/* Keeps the socket's memory for a thread that sends; after the close every send is refused. */
struct websocket *websocket_ref(struct websocket *socket);
void websocket_unref(struct websocket *socket);

/* Queues a message, whose reference stays the caller's. 0; -EPIPE when the socket is closing;
 * -ENOBUFS when more would wait than the limit: the message counts as dropped and the socket is
 * closed (1008); -ENOMEM. Any thread, never blocks; messages of one thread keep their order. */
int websocket_send(struct websocket *socket, struct websocket_message *message);

/* The same for bytes that go to one socket only. */
int websocket_send_bytes(struct websocket *socket, enum websocket_kind kind, const void *bytes,
                         size_t length);

/* Closes once what waits has been sent, for which the client has five seconds. The first close
 * wins. Any thread. */
void websocket_close(struct websocket *socket, unsigned code, const char *reason);

/* Stops and resumes reading from the client, which then waits. After a pause at most one more part
 * or message is told of: the one that is being told. On the websocket thread only. */
void websocket_pause(struct websocket *socket);
void websocket_resume(struct websocket *socket);

struct websocket_counts {
    uint64_t in, out, dropped; /* messages */
    size_t queue_bytes;        /* that wait now, with what it takes to keep them */
};
void websocket_counts(struct websocket *socket, struct websocket_counts *ret_counts);

#endif
