/* The connection of a source with its capture tool: frames of the protocol over any stream socket,
 * with pings, time-outs and bounds. Input: the tool's bytes. Output: frames, one at a time; what is
 * to be sent is kept until the socket takes it. One thread. */
#ifndef NORN_CAPTURE_TOOL_LINK_H
#define NORN_CAPTURE_TOOL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/protocol_message.h"

struct tool_link {
    int descriptor; /* owned */
    int wake;       /* borrowed: readable when the owner has a command */
    unsigned ping_ms;
    uint32_t sequence; /* of the newest frame sent */
    uint64_t ping_due_ns, heard_ns;
    struct buffer in, out;
    size_t taken;    /* of `in` */
    size_t sent;     /* of `out` */
    bool is_drained; /* as of the last read */
    bool is_over;    /* nothing more will come */
};

enum {
    TOOL_LINK_PING_MS = 5000,
    TOOL_LINK_PING_REMOTE_MS = 1000, /* stock tools on websockets send only after they hear */
};

/* Takes over a stream socket, which is made non-blocking. */
void tool_link_init(struct tool_link *link, int descriptor, int wake, unsigned ping_ms);

/* Closes it. A link that is zeroed, or done already, may be done again. */
void tool_link_done(struct tool_link *link);

/* Queues a message; the sequence number it got. Sent with the next call of tool_link_next(). */
uint32_t tool_link_send(struct tool_link *link, struct protocol_message *message);

/* The next frame but pings and pongs, which are dealt with here; good until the next call. 0;
 * -EINTR: woken; -EAGAIN: none until `until_ns` (monotonic, 0: for ever); with a sentence in
 * ret_why: -EPIPE: the tool hung up, -ETIMEDOUT: it does not answer pings, -EPROTO: it sent what
 * makes no sense, or -errno. */
int tool_link_next(struct tool_link *link, uint64_t until_ns, struct protocol_frame *ret_frame,
                   struct buffer *ret_why);

/* True when a frame for the caller is at hand without waiting. */
bool tool_link_has_more(const struct tool_link *link);

#endif
