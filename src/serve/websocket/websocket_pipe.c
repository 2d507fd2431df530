/* Pipes between websockets and whoever reads and writes a descriptor. Two small buffers: bytes of
 * the client that the descriptor has not taken yet, and the begin of a frame that is not whole yet.
 * See websocket_pipe.h. */
#include "serve/websocket/websocket_pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/protocol_frame.h"
#include "serve/http/reply.h"
#include "serve/websocket/websocket_hub.h"
#include "serve/websocket/websocket_task.h"
#include "util/buffer.h"

enum {
    MESSAGE_LIMIT = 16 * 1024 * 1024, /* tools send packets of up to a few megabytes */
    QUEUE_LIMIT = 1024 * 1024,
    PING_SECONDS = 1,         /* what a tool has to send may lie there until something comes in */
    INBOUND_GOAL = 32 * 1024, /* more does not wait for the end of the round */
    INBOUND_CEILING = 128 * 1024,
    OUTBOUND_STEP = 16 * 1024,
    FRAME_LENGTH = 64 * 1024, /* of the longest frame that goes to a client */
};

struct websocket_pipe {
    const struct websocket_pipe_taker *taker;
    unsigned holders;             /* the socket's context, and the open descriptor */
    struct websocket *socket;     /* NULL when it is not open */
    struct websocket_watch watch; /* our end of the pair; -1 when it is not open */
    struct websocket_task task;   /* hands on what came in during a round */
    struct buffer inbound, outbound;
    bool is_full; /* the descriptor takes no more for now */
};

static void drop_pipe(void *context)
{
    struct websocket_pipe *pipe = context;
    if (--pipe->holders)
        return;
    buffer_done(&pipe->inbound);
    buffer_done(&pipe->outbound);
    free(pipe);
}

/* The descriptor is done with; the pipe may be gone after. */
static void close_end(struct websocket_pipe *pipe)
{
    websocket_task_stop(&pipe->task);
    websocket_hub_watch(pipe->task.hub, &pipe->watch, 0);
    close(pipe->watch.descriptor);
    pipe->watch.descriptor = -1;
    drop_pipe(pipe);
}

/* Ends both sides, because of the one that holds the descriptor. */
static void break_off(struct websocket_pipe *pipe, unsigned code, const char *reason)
{
    if (pipe->socket)
        websocket_close(pipe->socket, code, reason);
    close_end(pipe);
}

static void set_full(struct websocket_pipe *pipe, bool is_full)
{
    if (pipe->socket && is_full)
        websocket_pause(pipe->socket);
    if (pipe->socket && !is_full && pipe->is_full)
        websocket_resume(pipe->socket);
    pipe->is_full = is_full;
    websocket_hub_watch(pipe->task.hub, &pipe->watch, EPOLLIN | (is_full ? EPOLLOUT : 0));
}

/* Sends as much as the descriptor takes; false when nobody holds its other end. */
static bool send_inbound(int descriptor, struct buffer *inbound)
{
    ssize_t count = send(descriptor, inbound->data, inbound->length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    inbound->length -= (size_t)count;
    memmove(inbound->data, inbound->data + count, inbound->length);
    return true;
}

/* Hands on what came in. The pipe may be gone after. */
static void hand_on(struct websocket_pipe *pipe)
{
    if (pipe->inbound.length && !send_inbound(pipe->watch.descriptor, &pipe->inbound))
        break_off(pipe, 1000, "the source was closed");
    else if (!pipe->inbound.length && !pipe->socket)
        close_end(pipe);
    else
        set_full(pipe, pipe->inbound.length > 0);
}

static void run_task(struct websocket_task *task, bool stopping)
{
    struct websocket_pipe *pipe =
        (struct websocket_pipe *)((char *)task - offsetof(struct websocket_pipe, task));
    if (stopping)
        close_end(pipe);
    else
        hand_on(pipe);
}

/* ---- from the descriptor */

/* Sends whole frames, a message each; false when what was written is no frame. */
static bool send_frames(struct websocket_pipe *pipe)
{
    struct buffer *outbound = &pipe->outbound;
    struct protocol_frame frame;
    size_t at = 0, length;
    int error;
    while ((error = protocol_frame_parse(outbound->data + at, outbound->length - at, &frame,
                                         &length)) == 0) {
        websocket_send_bytes(pipe->socket, WEBSOCKET_BINARY, outbound->data + at, length);
        at += length;
    }
    outbound->length -= at;
    memmove(outbound->data, outbound->data + at, outbound->length);
    return error == -EAGAIN && length <= FRAME_LENGTH;
}

/* The pipe may be gone after. */
static void read_outbound(struct websocket_pipe *pipe)
{
    uint8_t *room = buffer_room(&pipe->outbound, OUTBOUND_STEP);
    ssize_t count = room ? recv(pipe->watch.descriptor, room, OUTBOUND_STEP, MSG_DONTWAIT) : 0;
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        break_off(pipe, 1000, "the source was closed");
        return;
    }
    buffer_advance(&pipe->outbound, (size_t)count);
    if (!pipe->socket)
        pipe->outbound.length = 0;
    else if (!send_frames(pipe))
        break_off(pipe, 1011, "the source wrote what is no frame");
}

static void on_ready(struct websocket_watch *watch, uint32_t events)
{
    struct websocket_pipe *pipe =
        (struct websocket_pipe *)((char *)watch - offsetof(struct websocket_pipe, watch));
    pipe->holders++;
    if (events & EPOLLOUT)
        hand_on(pipe);
    if ((events & ~(uint32_t)EPOLLOUT) && pipe->watch.descriptor >= 0)
        read_outbound(pipe);
    drop_pipe(pipe);
}

/* ---- from the websocket */

/* Makes the pair and gives one end away. 0 or -errno. */
static int open_end(struct websocket_pipe *pipe)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    int error = pipe->taker->take(pipe->taker->context, ends[1], websocket_peer(pipe->socket));
    if (error) {
        close(ends[0]);
        close(ends[1]);
        return error;
    }
    pipe->watch = (struct websocket_watch){.on_ready = on_ready, .descriptor = ends[0]};
    pipe->holders++;
    return 0;
}

static void on_open(struct websocket *socket)
{
    struct websocket_pipe *pipe = websocket_context(socket);
    struct websocket_hub *hub = websocket_hub_of(socket);
    pipe->socket = socket;
    if (open_end(pipe) != 0) {
        websocket_close(socket, 1013, "no more sources can be taken now");
        return;
    }
    pipe->task.run = run_task;
    websocket_task_start(hub, &pipe->task);
    if (websocket_hub_watch(hub, &pipe->watch, EPOLLIN) != 0)
        break_off(pipe, 1013, "the server is out of memory");
}

static void on_part(struct websocket *socket, const uint8_t *bytes, size_t length, bool is_last)
{
    struct websocket_pipe *pipe = websocket_context(socket);
    bool first = pipe->inbound.length == 0;
    buffer_add(&pipe->inbound, bytes, length);
    if (pipe->inbound.failed)
        break_off(pipe, 1011, "the server is out of memory");
    else if (pipe->inbound.length >= INBOUND_GOAL)
        hand_on(pipe);
    else if (first && length)
        websocket_task_wake(&pipe->task);
}

static void on_close(struct websocket *socket, unsigned code)
{
    struct websocket_pipe *pipe = websocket_context(socket);
    pipe->socket = NULL;
    if (pipe->watch.descriptor >= 0)
        hand_on(pipe);
}

static const struct websocket_type pipe_type = {
    .protocol = "kismet-remote",
    .accepts = WEBSOCKET_BINARY,
    .message_limit = MESSAGE_LIMIT,
    .queue_limit = QUEUE_LIMIT,
    .ping_seconds = PING_SECONDS,
    .gathers = true,
    .on_open = on_open,
    .on_part = on_part,
    .on_close = on_close,
    .free_context = drop_pipe,
};

void websocket_pipe_accept(struct request *request, const struct websocket_pipe_taker *taker)
{
    struct websocket_pipe *pipe = calloc(1, sizeof *pipe);
    if (!pipe) {
        reply_error(request, 503, "out of memory");
        return;
    }
    pipe->taker = taker;
    pipe->holders = 1;
    pipe->watch.descriptor = -1;
    pipe->inbound.ceiling = INBOUND_CEILING;
    pipe->outbound.ceiling = FRAME_LENGTH + OUTBOUND_STEP;
    websocket_accept(request, &pipe_type, pipe);
}
