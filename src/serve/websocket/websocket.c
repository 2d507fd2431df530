/* One websocket, as any thread sees it: accepted, sent to, closed, given back. What its own thread
 * does with it is in websocket_turn.c. See websocket.h. */
#include "serve/websocket/websocket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "serve/http/exchange.h"
#include "serve/http/reply.h"
#include "serve/websocket/websocket_handshake.h"
#include "serve/websocket/websocket_inside.h"

/* Takes the context over, also when there is no memory: then NULL. */
static struct websocket *websocket_new(struct websocket_hub *hub, const struct websocket_type *type,
                                       void *context, const char *peer)
{
    struct websocket *socket = calloc(1, sizeof *socket);
    if (!socket) {
        if (type->free_context)
            type->free_context(context);
        return NULL;
    }
    atomic_init(&socket->references, 1);
    socket->hub = hub;
    socket->type = type;
    socket->context = context;
    snprintf(socket->peer, sizeof socket->peer, "%s", peer);
    return socket;
}

void websocket_accept(struct request *request, const struct websocket_type *type, void *context)
{
    struct websocket_hub *hub = request->service->websockets;
    struct websocket *socket = websocket_new(hub, type, context, request_peer(request));
    if (!socket)
        reply_error(request, 503, "out of memory");
    else if (websocket_handshake_check(request) && !websocket_hub_take_place(socket))
        reply_error(request, 503, "the server has as many websockets open as it may; try later");
    if (!request->reply.status)
        websocket_handshake_reply(request, type->protocol);
    if (request->reply.status == 101)
        request->reply.websocket = socket;
    else
        websocket_unref(socket);
}

void *websocket_context(const struct websocket *socket)
{
    return socket->context;
}

struct websocket_hub *websocket_hub_of(const struct websocket *socket)
{
    return socket->hub;
}

const char *websocket_peer(const struct websocket *socket)
{
    return socket->peer;
}

struct websocket *websocket_ref(struct websocket *socket)
{
    atomic_fetch_add(&socket->references, 1);
    return socket;
}

void websocket_unref(struct websocket *socket)
{
    if (!socket || atomic_fetch_sub(&socket->references, 1) > 1)
        return;
    if (socket->has_place) /* it never opened */
        websocket_hub_give_place(socket);
    if (socket->type->free_context)
        socket->type->free_context(socket->context);
    websocket_queue_done(&socket->queue);
    buffer_done(&socket->unread);
    free(socket);
}

/* With the lock. */
static void request_close(struct websocket *socket, unsigned code, const char *reason)
{
    if (socket->close_code)
        return;
    socket->close_code = code;
    snprintf(socket->close_reason, sizeof socket->close_reason, "%s", reason);
    websocket_hub_touch(socket);
}

int websocket_push(struct websocket *socket, struct websocket_message *message)
{
    struct websocket_hub_counts *total = &socket->hub->counts;
    size_t cost = websocket_queue_cost(message);
    if (socket->queue.bytes + cost > socket->type->queue_limit) {
        socket->counts.dropped++;
        total->messages.dropped++;
        socket->is_full |= !socket->close_code;
        request_close(socket, 1008, "");
        return -ENOBUFS;
    }
    int error = websocket_queue_push(&socket->queue, message);
    if (error)
        return error;
    total->messages.queue_bytes += cost;
    websocket_hub_touch(socket);
    return 0;
}

int websocket_send(struct websocket *socket, struct websocket_message *message)
{
    struct websocket_hub *hub = socket->hub;
    pthread_mutex_lock(&hub->lock);
    bool is_open = socket->phase == PHASE_OPEN && !socket->close_code;
    int error = is_open ? websocket_push(socket, message) : -EPIPE;
    pthread_mutex_unlock(&hub->lock);
    websocket_hub_ring(hub);
    return error;
}

int websocket_send_bytes(struct websocket *socket, enum websocket_kind kind, const void *bytes,
                         size_t length)
{
    struct websocket_message *message = websocket_message_new(kind, bytes, length);
    int error = message ? websocket_send(socket, message) : -ENOMEM;
    websocket_message_unref(message);
    return error;
}

void websocket_close(struct websocket *socket, unsigned code, const char *reason)
{
    pthread_mutex_lock(&socket->hub->lock);
    request_close(socket, code, reason);
    pthread_mutex_unlock(&socket->hub->lock);
    websocket_hub_ring(socket->hub);
}

void websocket_pause(struct websocket *socket)
{
    socket->is_paused = socket->phase == PHASE_OPEN;
}

void websocket_resume(struct websocket *socket)
{
    socket->is_paused = false;
    socket->wants_read = true;
    socket->heard = socket->hub->now; /* its silence was ours */
    pthread_mutex_lock(&socket->hub->lock);
    websocket_hub_touch(socket);
    pthread_mutex_unlock(&socket->hub->lock);
}

void websocket_counts(struct websocket *socket, struct websocket_counts *ret_counts)
{
    pthread_mutex_lock(&socket->hub->lock);
    *ret_counts = socket->counts;
    ret_counts->queue_bytes = socket->queue.bytes;
    pthread_mutex_unlock(&socket->hub->lock);
}
