/* What a client sends, out of its frames (RFC 6455, 5 to 8): whole messages, or the bytes of binary
 * ones piece by piece; pings, pongs and closes; and what a client may not do. Input: bytes, by a
 * callback. Output: events, one a call. Knows neither sockets nor threads. */
#ifndef NORN_SERVE_WEBSOCKET_READER_H
#define NORN_SERVE_WEBSOCKET_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "serve/websocket/websocket_message.h"
#include "util/buffer.h"

struct wslay_frame_context;

struct websocket_reader_config {
    unsigned accepts; /* set of WEBSOCKET_TEXT and WEBSOCKET_BINARY */
    size_t limit;     /* bytes of the longest message */
    bool by_parts;    /* binary messages are not put together */
    /* Gives bytes: how many, or 0 when there are none now. */
    ssize_t (*read)(void *context, uint8_t *bytes, size_t room);
    void *context;
};

struct websocket_reader {
    struct websocket_reader_config config;
    struct wslay_frame_context *frames;
    struct buffer message;    /* the one under way */
    enum websocket_kind kind; /* of it, 0: none is under way */
    size_t length;            /* of it, with the whole of the frame that comes in */
    enum websocket_kind frame_kind;
    uint64_t frame_left; /* bytes of this frame still to come */
    bool in_frame, is_final, failed;
    uint8_t control[WEBSOCKET_CONTROL];
    size_t control_length;
};

enum websocket_event_type {
    WEBSOCKET_EVENT_MESSAGE, /* a whole message of `kind` */
    WEBSOCKET_EVENT_PART,    /* bytes of a binary message, perhaps none; `is_last` ends it */
    WEBSOCKET_EVENT_CONTROL, /* a ping or pong, by `kind` */
    WEBSOCKET_EVENT_CLOSE,   /* the client's close: `code`, 1005 where it gave none */
    WEBSOCKET_EVENT_FAULT,   /* what makes us close, with `code` and `reason`; nothing follows */
};

struct websocket_event {
    enum websocket_event_type type;
    enum websocket_kind kind;
    const uint8_t *bytes; /* good until the next call */
    size_t length;
    bool is_last;
    unsigned code;
    const char *reason;
};

/* 0 or -ENOMEM. Release with websocket_reader_done(), which is harmless after a failure. */
int websocket_reader_init(struct websocket_reader *reader,
                          const struct websocket_reader_config *config);
void websocket_reader_done(struct websocket_reader *reader);

/* The next event; false when more bytes must come first, or after a fault. */
bool websocket_reader_next(struct websocket_reader *reader, struct websocket_event *ret_event);

#endif
