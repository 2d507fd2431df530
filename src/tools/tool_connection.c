/* Descriptors, TCP and websockets as one kind of link. See tool_connection.h. */
#include "tools/tool_connection.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024,
    FILL_BYTES = 256 * 1024, /* what may wait to be written: one write takes as much as it can */
    PIPE_BYTES = 1024 * 1024,
    OUTPUT_BYTES = 16 * 1024 * 1024, /* the longest frame, and answers to a server that only asks */
};

#define CONNECT_NS UINT64_C(10000000000) /* for each address, and for the answer to the upgrade */

void tool_connection_init(struct tool_connection *link)
{
    *link = (struct tool_connection){.state = TOOL_LINK_DOWN, .in = -1, .out = -1};
    link->input.ceiling = TOOL_WEBSOCKET_MESSAGE_MAX + READ_BYTES;
    link->output.ceiling = OUTPUT_BYTES;
}

int tool_connection_secure(struct tool_connection *link, const char *certificates,
                           struct buffer *ret_why)
{
    return tool_tls_new(certificates, &link->tls, ret_why);
}

/* A descriptor that was inherited: never blocks, and goes no further. */
static void settle(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0)
        fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void tool_connection_use(struct tool_connection *link, int in, int out)
{
    link->in = in;
    link->out = out;
    link->state = TOOL_LINK_UP;
    settle(in);
    settle(out);
    fcntl(out, F_SETPIPE_SZ, PIPE_BYTES); /* fails where it is no pipe or too much: no matter */
}

static int explain(const struct tool_connection *link, int error, struct buffer *ret_why)
{
    buffer_printf(ret_why, "cannot connect to %s port %s: %s", link->target->host,
                  link->target->port, strerror(error));
    return -error;
}

static void close_descriptors(struct tool_connection *link)
{
    if (link->in >= 0)
        close(link->in);
    if (link->out >= 0 && link->out != link->in)
        close(link->out);
    link->in = link->out = -1;
}

/* Begins with the address to be tried now, or the first after it that is not refused at once. */
static int try_addresses(struct tool_connection *link, uint64_t now_ns, int error,
                         struct buffer *ret_why)
{
    for (; link->address; link->address = link->address->ai_next) {
        const struct addrinfo *address = link->address;
        int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        int descriptor = socket(address->ai_family, type, 0);
        if (descriptor >= 0 && (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0 ||
                                errno == EINPROGRESS)) {
            link->in = link->out = descriptor;
            link->state = TOOL_LINK_CONNECTING;
            link->give_up_ns = now_ns + CONNECT_NS;
            return 0;
        }
        error = errno;
        if (descriptor >= 0)
            close(descriptor);
    }
    int result = explain(link, error, ret_why);
    tool_connection_close(link);
    return result;
}

static const struct addrinfo stream_hints = {.ai_socktype = SOCK_STREAM};
static const struct addrinfo number_hints = {.ai_socktype = SOCK_STREAM,
                                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};

void tool_connection_connect(struct tool_connection *link, const struct tool_target *target,
                             uint64_t now_ns)
{
    struct gaicb *queries[] = {&link->query};
    link->target = target;
    link->state = TOOL_LINK_RESOLVING;
    link->query = (struct gaicb){
        .ar_name = target->host, .ar_service = target->port, .ar_request = &stream_hints};
    if (getaddrinfo(target->host, target->port, &number_hints, &link->addresses) == 0)
        return;
    link->addresses = NULL;
    getaddrinfo_a(GAI_NOWAIT, queries, 1, NULL); /* what fails is told by gai_error() */
}

static int advance_resolving(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    int error = link->addresses ? 0 : gai_error(&link->query);
    if (error == EAI_INPROGRESS)
        return 0;
    if (error) {
        buffer_printf(ret_why, "cannot find %s: %s", link->target->host, gai_strerror(error));
        tool_connection_close(link);
        return -EHOSTUNREACH;
    }
    if (!link->addresses)
        link->addresses = link->query.ar_result;
    link->address = link->addresses;
    return try_addresses(link, now_ns, EHOSTUNREACH, ret_why);
}

static int begin_upgrade(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    int result = tool_upgrade_key(link->key);
    if (!result)
        result = tool_upgrade_request(link->target, link->key, &link->output, ret_why);
    if (!result && !(link->websocket = tool_websocket_new()))
        result = -ENOMEM;
    if (result < 0) {
        tool_connection_close(link);
        return result;
    }
    link->state = TOOL_LINK_UPGRADING;
    link->give_up_ns = now_ns + CONNECT_NS;
    return 0;
}

/* After the socket is connected, or secured. */
static int go_on(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    if (!link->target->tcp)
        return begin_upgrade(link, now_ns, ret_why);
    link->state = TOOL_LINK_UP;
    return 1;
}

static int advance_securing(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    int result = tool_tls_advance(link->tls, ret_why);
    if (result > 0)
        return go_on(link, now_ns, ret_why);
    if (!result && now_ns >= link->give_up_ns)
        result = explain(link, ETIMEDOUT, ret_why);
    if (result < 0)
        tool_connection_close(link);
    return result;
}

static int begin_securing(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    int result = tool_tls_begin(link->tls, link->target->host, link->out);
    if (result < 0) {
        tool_connection_close(link);
        return result;
    }
    link->state = TOOL_LINK_SECURING;
    link->give_up_ns = now_ns + CONNECT_NS;
    return advance_securing(link, now_ns, ret_why); /* the client speaks first */
}

static int advance_connecting(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    struct pollfd polled = {.fd = link->out, .events = POLLOUT};
    int error = 0, yes = 1;
    socklen_t size = sizeof error;
    bool is_late = now_ns >= link->give_up_ns;
    if (poll(&polled, 1, 0) <= 0 && !is_late)
        return 0;
    if (is_late)
        error = ETIMEDOUT;
    else
        getsockopt(link->out, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        close_descriptors(link);
        link->address = link->address->ai_next;
        return try_addresses(link, now_ns, error, ret_why);
    }
    setsockopt(link->out, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return link->tls ? begin_securing(link, now_ns, ret_why) : go_on(link, now_ns, ret_why);
}

static ssize_t read_bytes(struct tool_connection *link, void *bytes, size_t room)
{
    return link->tls ? tool_tls_read(link->tls, bytes, room) : read(link->in, bytes, room);
}

static ssize_t write_bytes(struct tool_connection *link, const void *bytes, size_t length)
{
    return link->tls ? tool_tls_write(link->tls, bytes, length) : write(link->out, bytes, length);
}

/* Reads once; what came is appended. */
static int read_some(struct tool_connection *link, struct buffer *buffer, struct buffer *ret_why)
{
    uint8_t *room = buffer_room(buffer, READ_BYTES);
    if (!room) {
        buffer_add_text(ret_why, "the server sends a message that is too long");
        return -EMSGSIZE;
    }
    ssize_t got = read_bytes(link, room, READ_BYTES);
    if (got > 0) {
        buffer_advance(buffer, (size_t)got);
        return 0;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    int error = got < 0 ? errno : EPIPE;
    buffer_printf(ret_why, "the server closed the connection%s%s", got < 0 ? ": " : "",
                  got < 0 ? strerror(error) : "");
    return -error;
}

/* Takes the websocket off what was read. */
static int unwrap(struct tool_connection *link, struct buffer *ret_why)
{
    struct slice bytes = {link->raw.data, link->raw.length};
    int result =
        tool_websocket_receive(link->websocket, bytes, &link->input, &link->output, ret_why);
    link->raw.length = 0;
    return result;
}

static int advance_upgrading(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    size_t length = 0;
    int result = tool_connection_flush(link, ret_why);
    if (!result)
        result = read_some(link, &link->raw, ret_why);
    if (!result)
        result = tool_upgrade_answer((struct slice){link->raw.data, link->raw.length}, link->key,
                                     &length, ret_why);
    if (result == -EAGAIN && now_ns < link->give_up_ns)
        return 0;
    if (result == -EAGAIN)
        result = explain(link, ETIMEDOUT, ret_why);
    if (result < 0) {
        tool_connection_close(link);
        return result;
    }
    link->raw.length -= length;
    memmove(link->raw.data, link->raw.data + length, link->raw.length);
    result = unwrap(link, ret_why);
    if (result < 0) {
        tool_connection_close(link);
        return result;
    }
    link->state = TOOL_LINK_UP;
    return 1;
}

int tool_connection_advance(struct tool_connection *link, uint64_t now_ns, struct buffer *ret_why)
{
    switch (link->state) {
    case TOOL_LINK_RESOLVING: return advance_resolving(link, now_ns, ret_why);
    case TOOL_LINK_CONNECTING: return advance_connecting(link, now_ns, ret_why);
    case TOOL_LINK_SECURING: return advance_securing(link, now_ns, ret_why);
    case TOOL_LINK_UPGRADING: return advance_upgrading(link, now_ns, ret_why);
    default: return 0;
    }
}

void tool_connection_polls(const struct tool_connection *link, struct pollfd polls[2])
{
    bool is_securing = link->state == TOOL_LINK_SECURING;
    bool reads = link->state == TOOL_LINK_UP || link->state == TOOL_LINK_UPGRADING || is_securing;
    bool writes = link->state == TOOL_LINK_CONNECTING || link->output.length ||
                  (is_securing && tool_tls_wants_write(link->tls));
    polls[0] = (struct pollfd){.fd = reads ? link->in : -1, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = writes ? link->out : -1, .events = POLLOUT};
}

int tool_connection_receive(struct tool_connection *link, struct buffer *ret_why)
{
    if (!link->websocket)
        return read_some(link, &link->input, ret_why);
    int result = read_some(link, &link->raw, ret_why);
    return result < 0 ? result : unwrap(link, ret_why);
}

void tool_connection_send(struct tool_connection *link, struct slice frame)
{
    if (link->state != TOOL_LINK_UP)
        return;
    if (link->websocket)
        tool_websocket_send(link->websocket, frame, &link->output);
    else
        buffer_add(&link->output, frame.data, frame.length);
}

/* One frame of the outbox. False when there is none. */
static bool take_one(struct tool_connection *link, struct tool_outbox *outbox)
{
    if (!link->websocket)
        return tool_outbox_take(outbox, &link->output);
    link->frame.length = 0;
    if (!tool_outbox_take(outbox, &link->frame))
        return false;
    tool_connection_send(link, (struct slice){link->frame.data, link->frame.length});
    return true;
}

bool tool_connection_fill(struct tool_connection *link, struct tool_outbox *outbox)
{
    while (link->state == TOOL_LINK_UP && link->output.length < FILL_BYTES)
        if (!take_one(link, outbox))
            return true;
    return false;
}

int tool_connection_flush(struct tool_connection *link, struct buffer *ret_why)
{
    struct buffer *output = &link->output;
    size_t done = 0;
    int error = 0;
    while (done < output->length && !error) {
        ssize_t written = write_bytes(link, output->data + done, output->length - done);
        if (written > 0)
            done += (size_t)written;
        else if (errno != EINTR)
            error = errno;
    }
    output->length -= done;
    if (done)
        memmove(output->data, output->data + done, output->length);
    if (output->failed)
        error = ENOBUFS; /* it asks and asks, and reads nothing */
    if (!error || error == EAGAIN)
        return 0;
    buffer_printf(ret_why, "the connection broke off: %s", strerror(error));
    return -error;
}

void tool_connection_close(struct tool_connection *link)
{
    tool_tls_end(link->tls);
    close_descriptors(link);
    tool_websocket_free(link->websocket);
    link->websocket = NULL;
    if (link->state == TOOL_LINK_RESOLVING && !link->addresses)
        gai_cancel(&link->query);
    if (link->addresses)
        freeaddrinfo(link->addresses);
    link->addresses = link->address = NULL;
    link->raw.length = link->input.length = link->output.length = 0;
    link->raw.failed = link->input.failed = link->output.failed = false;
    link->state = TOOL_LINK_DOWN;
}

void tool_connection_done(struct tool_connection *link)
{
    tool_connection_close(link);
    tool_tls_free(link->tls);
    buffer_done(&link->raw);
    buffer_done(&link->input);
    buffer_done(&link->output);
    buffer_done(&link->frame);
}
