/* A message to send: encoded once as a frame (RFC 6455, 5.2) and shared by every socket in whose
 * queue it waits, without a copy. Input: bytes. Output: a frame with a count of references. */
#ifndef NORN_SERVE_WEBSOCKET_MESSAGE_H
#define NORN_SERVE_WEBSOCKET_MESSAGE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Opcodes; text and binary also are bits of a set. */
enum websocket_kind {
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_BINARY = 2,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10,
};

enum {
    WEBSOCKET_CONTROL = 125,                       /* bytes that a control frame holds at most */
    WEBSOCKET_MESSAGES_CEILING = 64 * 1024 * 1024, /* of all messages alive */
};

struct websocket_message {
    atomic_uint references;
    size_t length;
    uint8_t frame[];
};

/* A message with one reference, of bytes that are copied; a text must be UTF-8. NULL without
 * memory or at the ceiling, which control frames may pass. Thread-safe, as all below. */
struct websocket_message *websocket_message_new(enum websocket_kind kind, const void *bytes,
                                                size_t length);

/* A close frame; what is too long of the reason is cut off. */
struct websocket_message *websocket_message_new_close(unsigned code, const char *reason);

struct websocket_message *websocket_message_ref(struct websocket_message *message);

/* NULL is fine. */
void websocket_message_unref(struct websocket_message *message);

/* Bytes of all messages alive. */
size_t websocket_message_bytes(void);

#endif
