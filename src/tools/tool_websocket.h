/* The client's end of a websocket, once it is open: bytes of the connection to messages and back
 * (RFC 6455, 5, by way of wslay). No sockets: the caller reads and writes. One frame of the
 * protocol is one binary message; pings of the websocket itself are answered here. */
#ifndef NORN_TOOLS_TOOL_WEBSOCKET_H
#define NORN_TOOLS_TOOL_WEBSOCKET_H

#include "util/buffer.h"
#include "util/bytes.h"

enum { TOOL_WEBSOCKET_MESSAGE_MAX = 256 * 1024 }; /* of what the server sends */

struct tool_websocket;

/* NULL without memory. NULL is fine to free. */
struct tool_websocket *tool_websocket_new(void);
void tool_websocket_free(struct tool_websocket *websocket);

/* Takes bytes that came: appends what binary messages hold to `messages`, and answers to `output`.
 * 0; -EPIPE: the server closed it; -EPROTO: what it sends is no websocket; -ENOMEM; each with a
 * sentence. */
int tool_websocket_receive(struct tool_websocket *websocket, struct slice bytes,
                           struct buffer *messages, struct buffer *output, struct buffer *ret_why);

/* Appends a frame to `output` as a message. 0, or -EPIPE when it is closed, or -ENOMEM. */
int tool_websocket_send(struct tool_websocket *websocket, struct slice frame,
                        struct buffer *output);

/* Says goodbye. */
void tool_websocket_close(struct tool_websocket *websocket, struct buffer *output);

#endif
