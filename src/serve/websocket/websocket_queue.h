/* What waits to be sent on one socket: references to messages, in order. Input: messages. Output:
 * vectors for sendmsg(). No locks: the socket's hub has one. */
#ifndef NORN_SERVE_WEBSOCKET_QUEUE_H
#define NORN_SERVE_WEBSOCKET_QUEUE_H

#include <stddef.h>
#include <sys/uio.h>

#include "serve/websocket/websocket_message.h"

/* All zero is an empty queue. */
struct websocket_queue {
    struct websocket_message **ring;
    size_t capacity, first, count; /* capacity is a power of two */
    size_t sent;                   /* bytes of the first message that went out already */
    size_t bytes;                  /* of all, with what it takes to keep them */
};

/* What a message in a queue counts for: small ones take room too. */
size_t websocket_queue_cost(const struct websocket_message *message);

/* Appends a reference of its own. 0 or -ENOMEM. */
int websocket_queue_push(struct websocket_queue *queue, struct websocket_message *message);

/* Fills at most `limit` entries with what comes next; how many. They stay good while messages are
 * pushed, until websocket_queue_advance() or websocket_queue_clear(). */
size_t websocket_queue_vector(const struct websocket_queue *queue, struct iovec *ret_vector,
                              size_t limit);

/* Takes off `length` bytes that went out; how many messages were completed by them. */
size_t websocket_queue_advance(struct websocket_queue *queue, size_t length);

/* Drops what waits but for a message that is half sent; how many were dropped. */
size_t websocket_queue_clear(struct websocket_queue *queue);

/* Drops everything, gives back the memory. */
void websocket_queue_done(struct websocket_queue *queue);

#endif
