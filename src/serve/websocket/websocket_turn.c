/* A websocket's turn on the websocket thread: reading, answering pings, sending what waits, the
 * closing handshake (RFC 6455, 7), peers that have gone silent. Input: bytes of its connection.
 * Output: calls of its type. See websocket_inside.h. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "serve/websocket/websocket_inside.h"

enum {
    SEND_BUDGET = 256 * 1024,  /* sent of one socket in a turn */
    GATHER_BYTES = 32 * 1024,  /* that the kernel may gather before it tells */
    VECTOR = 64,               /* messages in one system call */
    CLOSE_MILLISECONDS = 5000, /* for what waits, our close and the client's */
};

static void set_phase(struct websocket *socket, enum websocket_phase phase)
{
    pthread_mutex_lock(&socket->hub->lock);
    socket->phase = phase;
    pthread_mutex_unlock(&socket->hub->lock);
}

/* The connection is of no use any more. */
static void give_up(struct websocket *socket)
{
    if (socket->phase != PHASE_OVER)
        set_phase(socket, PHASE_OVER);
}

static void touch(struct websocket *socket)
{
    pthread_mutex_lock(&socket->hub->lock);
    websocket_hub_touch(socket);
    pthread_mutex_unlock(&socket->hub->lock);
}

/* ---- reading */

/* Gives the reader what the connection has, once it has read all before; false when there is
 * nothing now or enough was read in this turn. */
static bool give_bytes(struct websocket *socket)
{
    buffer_done(&socket->unread);
    if (!socket->budget || socket->has_ended || socket->is_drained)
        return false;
    ssize_t count = recv(socket->line.descriptor, socket->hub->read, socket->budget, MSG_DONTWAIT);
    if (count <= 0) {
        socket->has_ended = count == 0 || (errno != EAGAIN && errno != EINTR);
        return false;
    }
    socket->is_drained = (size_t)count < socket->budget;
    socket->budget -= (size_t)count;
    socket->heard = socket->hub->now;
    websocket_reader_give(&socket->reader, socket->hub->read, (size_t)count);
    return true;
}

/* Sets aside what a pause has left unread: the next socket reads to the same place. */
static void keep_unread(struct websocket *socket)
{
    struct websocket_reader *reader = &socket->reader;
    if (!reader->left || socket->unread.length)
        return;
    buffer_add(&socket->unread, reader->bytes, reader->left);
    if (socket->unread.failed)
        give_up(socket);
    websocket_reader_give(reader, socket->unread.data, socket->unread.length);
}

/* Counts a message that came in; false when nobody wants it any more. */
static bool is_wanted(struct websocket *socket, bool counts)
{
    pthread_mutex_lock(&socket->hub->lock);
    bool wanted = !socket->close_code;
    socket->counts.in += counts;
    socket->hub->counts.messages.in += counts;
    pthread_mutex_unlock(&socket->hub->lock);
    return wanted;
}

static void push(struct websocket *socket, struct websocket_message *message)
{
    pthread_mutex_lock(&socket->hub->lock);
    int error = message ? websocket_push(socket, message) : -ENOMEM;
    pthread_mutex_unlock(&socket->hub->lock);
    websocket_message_unref(message);
    if (error == -ENOMEM)
        give_up(socket);
}

static void answer_ping(struct websocket *socket, const struct websocket_event *event)
{
    if (event->kind == WEBSOCKET_PING && socket->phase == PHASE_OPEN)
        push(socket, websocket_message_new(WEBSOCKET_PONG, event->bytes, event->length));
}

static void take_event(struct websocket *socket, const struct websocket_event *event)
{
    const struct websocket_type *type = socket->type;
    switch (event->type) {
    case WEBSOCKET_EVENT_MESSAGE:
        if (is_wanted(socket, true) && type->on_message)
            type->on_message(socket, event->kind, event->bytes, event->length);
        break;
    case WEBSOCKET_EVENT_PART:
        if (is_wanted(socket, event->is_last))
            type->on_part(socket, event->bytes, event->length, event->is_last);
        break;
    case WEBSOCKET_EVENT_CONTROL: answer_ping(socket, event); break;
    case WEBSOCKET_EVENT_CLOSE:
        socket->has_closed = true;
        websocket_close(socket, event->code, "");
        break;
    case WEBSOCKET_EVENT_FAULT: websocket_close(socket, event->code, event->reason); break;
    }
}

/* Takes what a client sends after the end of its messages, so that our close reaches it. */
static void drain(struct websocket *socket)
{
    while (give_bytes(socket))
        continue;
    websocket_reader_give(&socket->reader, NULL, 0);
}

static bool may_read(const struct websocket *socket)
{
    return !socket->is_paused && !socket->has_closed && !socket->reader.failed &&
           socket->phase != PHASE_OVER;
}

/* Has the kernel gather what comes, or no longer. It then acknowledges as bytes come in and not as
 * we read them: the sender does not wait for that, and the reading costs less. */
static void set_gathers(struct websocket *socket, bool gathers)
{
    struct websocket_hub *hub = socket->hub;
    int least = gathers ? GATHER_BYTES : 1;
    if (socket->gathers == gathers)
        return;
    setsockopt(socket->line.descriptor, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
    socket->gathers = gathers;
    if (!gathers)
        hub->gathering--;
    else if (hub->gathering++ == 0)
        hub->next_look = hub->now + HUB_GATHER;
}

/* After a turn's reads: who had something to say twice in a short time will go on. */
static void choose_gathers(struct websocket *socket, int64_t heard_before)
{
    bool came = socket->budget < HUB_READ;
    bool is_soon = socket->hub->now - heard_before <= HUB_GATHER;
    if (socket->type->gathers && !socket->is_paused)
        set_gathers(socket, came && (is_soon || socket->gathers));
}

static void read_messages(struct websocket *socket)
{
    struct websocket_event event;
    int64_t heard_before = socket->heard;
    socket->wants_read = false;
    socket->budget = HUB_READ;
    socket->is_drained = false;
    while (may_read(socket))
        if (websocket_reader_next(&socket->reader, &event))
            take_event(socket, &event);
        else if (!give_bytes(socket))
            break;
    if (socket->has_closed || socket->reader.failed)
        drain(socket);
    keep_unread(socket);
    choose_gathers(socket, heard_before);
    if (!socket->budget) {
        socket->hub->is_behind = socket->wants_read = true;
        touch(socket);
    }
    if (socket->has_ended && !socket->is_paused && socket->phase == PHASE_OPEN &&
        !socket->has_closed)
        give_up(socket);
}

/* ---- sending */

/* What went out comes off the queue. */
static void advance(struct websocket *socket, size_t length)
{
    struct websocket_counts *total = &socket->hub->counts.messages;
    pthread_mutex_lock(&socket->hub->lock);
    size_t before = socket->queue.bytes;
    size_t completed = websocket_queue_advance(&socket->queue, length);
    socket->counts.out += completed;
    total->out += completed;
    total->queue_bytes -= before - socket->queue.bytes;
    pthread_mutex_unlock(&socket->hub->lock);
}

/* Sends once; bytes that went out, 0 when nothing waits or the client takes no more now. */
static size_t send_some(struct websocket *socket)
{
    struct iovec vector[VECTOR];
    struct msghdr header = {.msg_iov = vector};
    pthread_mutex_lock(&socket->hub->lock);
    header.msg_iovlen = websocket_queue_vector(&socket->queue, vector, VECTOR);
    pthread_mutex_unlock(&socket->hub->lock);
    if (!header.msg_iovlen)
        return 0;
    ssize_t count = sendmsg(socket->line.descriptor, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
        advance(socket, (size_t)count);
        return (size_t)count;
    }
    if (errno == EAGAIN)
        socket->is_blocked = true;
    else if (errno != EINTR)
        give_up(socket);
    return 0;
}

static void send_messages(struct websocket *socket)
{
    size_t sent = 0, count;
    while (sent < SEND_BUDGET && !socket->is_blocked && socket->phase != PHASE_OVER &&
           (count = send_some(socket)) > 0)
        sent += count;
    if (sent >= SEND_BUDGET) {
        socket->hub->is_behind = true;
        touch(socket);
    }
}

/* ---- closing */

/* Drops what a client too slow has not read, and says so. */
static void drop_queue(struct websocket *socket)
{
    struct websocket_counts *total = &socket->hub->counts.messages;
    size_t before = socket->queue.bytes, dropped = websocket_queue_clear(&socket->queue);
    socket->counts.dropped += dropped;
    total->dropped += dropped;
    total->queue_bytes -= before - socket->queue.bytes;
    snprintf(socket->close_reason, sizeof socket->close_reason,
             "read too slowly: more than %zu bytes waited; messages dropped: %llu",
             socket->type->queue_limit, (unsigned long long)socket->counts.dropped);
}

/* Puts our close frame behind what waits, past any limit. */
static int queue_close(struct websocket *socket)
{
    struct websocket_message *message =
        socket->close_code == 1005
            ? websocket_message_new(WEBSOCKET_CLOSE, NULL, 0)
            : websocket_message_new_close(socket->close_code, socket->close_reason);
    int error = message ? websocket_queue_push(&socket->queue, message) : -ENOMEM;
    if (!error)
        socket->hub->counts.messages.queue_bytes += websocket_queue_cost(message);
    websocket_message_unref(message);
    return error;
}

static void begin_close(struct websocket *socket)
{
    pthread_mutex_lock(&socket->hub->lock);
    bool begins = socket->phase == PHASE_OPEN && socket->close_code;
    if (begins) {
        if (socket->is_full)
            drop_queue(socket);
        socket->phase = queue_close(socket) == 0 ? PHASE_CLOSING : PHASE_OVER;
    }
    pthread_mutex_unlock(&socket->hub->lock);
    if (!begins)
        return;
    socket->closing_since = socket->hub->now;
    socket->is_paused = false; /* for the client's close */
    socket->wants_read = true;
    touch(socket);
}

/* When our close has gone out, the client sees an end; when it said its own, that was all. */
static void end_close(struct websocket *socket)
{
    if (socket->phase != PHASE_CLOSING || socket->queue.count)
        return;
    if (!socket->is_shut)
        shutdown(socket->line.descriptor, SHUT_WR);
    socket->is_shut = true;
    if (socket->has_closed || socket->has_ended)
        give_up(socket);
}

/* ---- a turn */

static void on_ready(struct websocket_watch *watch, uint32_t events)
{
    struct websocket *socket =
        (struct websocket *)((char *)watch - offsetof(struct websocket, watch));
    if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        socket->is_blocked = false;
    if (events & ~(uint32_t)EPOLLOUT)
        socket->wants_read = true;
    touch(socket);
}

static void link_socket(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    websocket_ref(socket); /* the list's */
    socket->next = hub->sockets;
    if (socket->next)
        socket->next->previous = socket;
    hub->sockets = socket;
}

static void unlink_socket(struct websocket *socket)
{
    if (socket->next)
        socket->next->previous = socket->previous;
    if (socket->previous)
        socket->previous->next = socket->next;
    else
        socket->hub->sockets = socket->next;
    websocket_unref(socket);
}

static bool may_begin(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool may = !hub->is_over;
    pthread_mutex_unlock(&hub->lock);
    return may;
}

static void begin(struct websocket *socket)
{
    const struct websocket_type *type = socket->type;
    struct websocket_reader_config config = {
        .accepts = type->accepts, .limit = type->message_limit, .by_parts = type->on_part != NULL};
    if (!may_begin(socket->hub)) {
        websocket_turn_cut(socket);
        return;
    }
    websocket_reader_init(&socket->reader, &config);
    websocket_reader_give(&socket->reader, socket->unread.data, socket->unread.length);
    socket->watch =
        (struct websocket_watch){.on_ready = on_ready, .descriptor = socket->line.descriptor};
    socket->heard = socket->pinged = socket->hub->now;
    socket->wants_read = true;
    link_socket(socket);
    set_phase(socket, PHASE_OPEN);
    if (type->on_open)
        type->on_open(socket);
    websocket_hub_dismiss(socket);
}

/* Takes it out of the hub; the code that its endpoint is told. */
static unsigned leave(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    websocket_hub_watch(hub, &socket->watch, 0);
    hub->gathering -= socket->gathers;
    pthread_mutex_lock(&hub->lock);
    socket->phase = PHASE_GONE;
    hub->counts.messages.queue_bytes -= socket->queue.bytes;
    websocket_queue_done(&socket->queue);
    unsigned code = socket->close_code ? socket->close_code : 1006;
    pthread_mutex_unlock(&hub->lock);
    websocket_hub_give_place(socket);
    websocket_reader_done(&socket->reader);
    return code;
}

void websocket_turn_cut(struct websocket *socket)
{
    bool began = socket->phase != PHASE_NEW;
    unsigned code = leave(socket);
    if (began && socket->type->on_close)
        socket->type->on_close(socket, code);
    socket->line.release(socket->line.handle);
    if (began)
        unlink_socket(socket);
}

/* Ends it, or says what the kernel is to tell of. */
static void settle(struct websocket *socket)
{
    bool reads = !socket->is_paused && !socket->has_ended;
    uint32_t events = (reads ? EPOLLIN : 0) | (socket->is_blocked ? EPOLLOUT : 0);
    if (socket->phase != PHASE_OVER && websocket_hub_watch(socket->hub, &socket->watch, events))
        give_up(socket);
    if (socket->phase == PHASE_OVER)
        websocket_turn_cut(socket);
}

void websocket_turn_run(struct websocket *socket)
{
    if (socket->phase == PHASE_NEW)
        begin(socket);
    if (socket->phase == PHASE_GONE)
        return;
    if (socket->wants_read && socket->phase != PHASE_OVER)
        read_messages(socket);
    begin_close(socket);
    send_messages(socket);
    end_close(socket);
    settle(socket);
}

static bool wants_ping(const struct websocket *socket)
{
    const struct websocket_hub *hub = socket->hub;
    unsigned own = socket->type->ping_seconds;
    int64_t after = 1000 * (int64_t)(own ? own : hub->config.ping_seconds);
    return hub->now - socket->pinged >= after && hub->now - socket->heard >= after;
}

void websocket_turn_tick(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    if (socket->phase == PHASE_CLOSING && hub->now - socket->closing_since > CLOSE_MILLISECONDS)
        give_up(socket);
    if (socket->phase == PHASE_OPEN && !socket->is_paused &&
        hub->now - socket->heard >= 1000 * (int64_t)hub->config.silence_seconds)
        give_up(socket);
    if (socket->phase == PHASE_OVER)
        touch(socket);
    if (socket->phase != PHASE_OPEN || !wants_ping(socket))
        return;
    socket->pinged = hub->now;
    push(socket, websocket_message_new(WEBSOCKET_PING, NULL, 0));
}
