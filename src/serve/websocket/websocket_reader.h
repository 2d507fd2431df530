/* What a client sends, out of its frames (RFC 6455, 5 to 8): whole messages, or the bytes of binary
 * ones piece by piece; pings, pongs and closes; and what a client may not do. Input: bytes, cut up
 * as they come. Output: events, one a call. Knows neither sockets nor threads. */
#ifndef NORN_SERVE_WEBSOCKET_READER_H
#define NORN_SERVE_WEBSOCKET_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/websocket/websocket_message.h"
#include "util/buffer.h"

enum { WEBSOCKET_HEAD = 14 /* bytes of a frame's header at most */ };

struct websocket_reader_config {
    unsigned accepts; /* set of WEBSOCKET_TEXT and WEBSOCKET_BINARY */
    size_t limit;     /* bytes of the longest message */
    bool by_parts;    /* binary messages are not put together */
};

struct websocket_reader {
    struct websocket_reader_config config;
    uint8_t *bytes; /* borrowed: what is not read yet */
    size_t left;
    uint8_t head[WEBSOCKET_HEAD]; /* of the next frame, as far as it has come */
    size_t head_length;
    struct buffer message;    /* the one under way */
    enum websocket_kind kind; /* of it, 0: none is under way */
    size_t length;            /* of it, with the whole of the frame that comes in */
    enum websocket_kind frame_kind;
    uint64_t frame_left; /* bytes of this frame still to come */
    uint8_t mask[4];     /* of the next of them */
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

/* Allocates nothing; give back what was read with websocket_reader_done(). */
void websocket_reader_init(struct websocket_reader *reader,
                           const struct websocket_reader_config *config);
void websocket_reader_done(struct websocket_reader *reader);

/* Gives it the next bytes, once those before are read. They are borrowed until
 * websocket_reader_next() says false, and are unmasked where they lie. */
void websocket_reader_give(struct websocket_reader *reader, uint8_t *bytes, size_t length);

/* The next event; false when more bytes must come first, or after a fault. */
bool websocket_reader_next(struct websocket_reader *reader, struct websocket_event *ret_event);

#endif
