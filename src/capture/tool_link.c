/* Reading, writing and waiting. See tool_link.h. */
#include "capture/tool_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"

enum {
    READ_BYTES = 256 * 1024,
    IN_MOST = PROTOCOL_HEAD + PROTOCOL_BODY_MAX + READ_BYTES,
    OUT_MOST = 1024 * 1024, /* a tool that reads nothing has this much to read, then it is over */
    SILENCE_MS = 15000,     /* after a ping, without a word */
};

void tool_link_init(struct tool_link *link, int descriptor, int wake, unsigned ping_ms)
{
    uint64_t now = clock_monotonic_ns();
    *link = (struct tool_link){.descriptor = descriptor,
                               .wake = wake,
                               .ping_ms = ping_ms,
                               .ping_due_ns = now,
                               .heard_ns = now,
                               .in = {.ceiling = IN_MOST},
                               .out = {.ceiling = OUT_MOST}};
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

void tool_link_done(struct tool_link *link)
{
    if (link->descriptor > 0)
        close(link->descriptor);
    buffer_done(&link->in);
    buffer_done(&link->out);
    *link = (struct tool_link){0};
}

static uint32_t next_sequence(struct tool_link *link)
{
    if (++link->sequence == 0) /* 0 means nobody's */
        link->sequence = 1;
    return link->sequence;
}

uint32_t tool_link_send(struct tool_link *link, struct protocol_message *message)
{
    message->sequence = next_sequence(link);
    protocol_message_write(message, &link->out);
    return message->sequence;
}

/* Moves what is left of a buffer to its front. */
static void compact(struct buffer *buffer, size_t *used)
{
    if (!*used)
        return;
    memmove(buffer->data, buffer->data + *used, buffer->length - *used);
    buffer->length -= *used;
    *used = 0;
}

static void send_some(struct tool_link *link)
{
    struct buffer *out = &link->out;
    while (link->sent < out->length) {
        ssize_t count =
            send(link->descriptor, out->data + link->sent, out->length - link->sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            break; /* a link that is broken is found when it is read */
        link->sent += (size_t)count;
    }
    compact(out, &link->sent);
}

static int judge_silence(const struct tool_link *link, uint64_t now, struct buffer *ret_why)
{
    if (now <= link->heard_ns + SILENCE_MS * NS_PER_MS)
        return -EAGAIN;
    buffer_printf(ret_why, "the capture tool has not answered for %d seconds", SILENCE_MS / 1000);
    return -ETIMEDOUT;
}

/* Reads what there is, once: 0, -EAGAIN, -EPIPE at the end, or -ETIMEDOUT when there was nothing
 * for too long; what came while nobody looked was not silence. A read that was not full took all
 * there was: the next one waits first. */
static int read_some(struct tool_link *link, uint64_t now, struct buffer *ret_why)
{
    if (link->is_drained) {
        link->is_drained = false;
        return -EAGAIN;
    }
    compact(&link->in, &link->taken);
    uint8_t *room = buffer_room(&link->in, READ_BYTES);
    if (!room)
        return -ENOMEM;
    ssize_t count = recv(link->descriptor, room, READ_BYTES, 0);
    if (count > 0) {
        buffer_advance(&link->in, (size_t)count);
        link->is_drained = (size_t)count < READ_BYTES;
        link->heard_ns = clock_monotonic_ns();
        return 0;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return judge_silence(link, now, ret_why);
    return -EPIPE;
}

static bool is_of_the_link(const struct protocol_frame *frame)
{
    return frame->type == PROTOCOL_PING || frame->type == PROTOCOL_PONG;
}

/* A frame out of what was read. 0, -EAGAIN, or an error with a sentence. */
static int take_frame(struct tool_link *link, struct protocol_frame *ret_frame,
                      struct buffer *ret_why)
{
    for (;;) {
        size_t size;
        int result = protocol_frame_parse(link->in.data + link->taken,
                                          link->in.length - link->taken, ret_frame, &size);
        if (result == -EAGAIN)
            return -EAGAIN;
        if (result < 0) {
            protocol_frame_explain(result, size, ret_why);
            return -EPROTO;
        }
        link->taken += size;
        if (!is_of_the_link(ret_frame))
            return 0;
        if (ret_frame->type == PROTOCOL_PING)
            protocol_frame_write_empty(&link->out, PROTOCOL_PONG, ret_frame->sequence);
    }
}

bool tool_link_has_more(const struct tool_link *link)
{
    struct protocol_frame frame;
    size_t size;
    for (size_t at = link->taken; at < link->in.length; at += size) {
        if (protocol_frame_parse(link->in.data + at, link->in.length - at, &frame, &size) != 0)
            return false;
        if (!is_of_the_link(&frame))
            return true;
    }
    return false;
}

/* Sends the ping that is due; -ETIMEDOUT when the tool takes nothing of what is sent. */
static int keep_alive(struct tool_link *link, uint64_t now, struct buffer *ret_why)
{
    if (link->out.failed) {
        buffer_add_text(ret_why, "the capture tool does not read what it is sent");
        return -ETIMEDOUT;
    }
    if (now < link->ping_due_ns)
        return 0;
    protocol_frame_write_empty(&link->out, PROTOCOL_PING, next_sequence(link));
    link->ping_due_ns = now + link->ping_ms * NS_PER_MS;
    return 0;
}

/* Waits for the socket, the owner's wake-up, the next ping or `until_ns`. -EINTR when woken. */
static int wait_for(struct tool_link *link, uint64_t now, uint64_t until_ns)
{
    uint64_t end = until_ns && until_ns < link->ping_due_ns ? until_ns : link->ping_due_ns;
    struct timespec timeout = clock_timespec(end > now ? end - now : 0);
    bool has_out = link->out.length > link->sent;
    struct pollfd polled[2] = {
        {.fd = link->descriptor, .events = (short)(POLLIN | (has_out ? POLLOUT : 0))},
        {.fd = link->wake, .events = POLLIN}};
    ppoll(polled, 2, &timeout, NULL);
    return polled[1].revents ? -EINTR : 0;
}

int tool_link_next(struct tool_link *link, uint64_t until_ns, struct protocol_frame *ret_frame,
                   struct buffer *ret_why)
{
    for (;;) {
        int result = take_frame(link, ret_frame, ret_why);
        if (result != -EAGAIN)
            return result;
        if (link->is_over) {
            buffer_add_text(ret_why, "the capture tool hung up");
            return -EPIPE;
        }
        uint64_t now = clock_monotonic_ns();
        result = keep_alive(link, now, ret_why);
        if (result < 0)
            return result;
        send_some(link);
        result = read_some(link, now, ret_why);
        link->is_over = result == -EPIPE;
        if (result == -ENOMEM || result == -ETIMEDOUT)
            return result;
        if (result != -EAGAIN)
            continue;
        if (until_ns && now >= until_ns)
            return -EAGAIN;
        result = wait_for(link, now, until_ns);
        if (result < 0)
            return result;
    }
}
