/* Frames between a capture tool and a server, version 3 of the protocol (docs/protocol.md): a head
 * of 20 octets in network order, then one msgpack map or nothing. Input: foreign bytes. Output:
 * where a frame's body lies; heads at a buffer's end. */
#ifndef NORN_PROTOCOL_PROTOCOL_FRAME_H
#define NORN_PROTOCOL_PROTOCOL_FRAME_H

#include "util/buffer.h"

enum {
    PROTOCOL_PEEK = 12, /* octets that tell the version and the length of any frame */
    PROTOCOL_HEAD = 20,
    PROTOCOL_BODY_MAX = 4 * 1024 * 1024,
    PROTOCOL_VERSION = 3,
};

enum protocol_type {
    PROTOCOL_REGISTER = 1,
    PROTOCOL_PING = 2,
    PROTOCOL_PONG = 3,
    PROTOCOL_SHUTDOWN = 4,
    PROTOCOL_MESSAGE = 5,
    PROTOCOL_ERROR = 6,
    PROTOCOL_PROBE_REQUEST = 10,
    PROTOCOL_PROBE_REPORT = 11,
    PROTOCOL_OPEN_REQUEST = 12,
    PROTOCOL_OPEN_REPORT = 13,
    PROTOCOL_LIST_REQUEST = 14,
    PROTOCOL_LIST_REPORT = 15,
    PROTOCOL_PACKET = 16,
    PROTOCOL_CONFIGURE_REQUEST = 17,
    PROTOCOL_CONFIGURE_REPORT = 18,
    PROTOCOL_NEW_SOURCE = 19,
};

struct protocol_frame {
    uint16_t type; /* enum protocol_type, or unknown */
    uint16_t code; /* of reports: 1 is success but for LIST_REPORT, where it is 0 */
    uint32_t sequence;
    const uint8_t *body; /* borrowed */
    size_t body_length;
};

/* Reads the frame at the beginning of `bytes`. 0: it is whole and ret_size octets long. -EAGAIN:
 * ret_size octets are needed to go on. -EPROTO: no frame begins here. -EPROTONOSUPPORT: a frame of
 * an older version (ret_size: which). -EMSGSIZE: longer than a server takes. */
int protocol_frame_parse(const uint8_t *bytes, size_t length, struct protocol_frame *ret_frame,
                         size_t *ret_size);

/* Appends a head for a body that follows; where the frame begins, for protocol_frame_end(). */
size_t protocol_frame_begin(struct buffer *buffer, enum protocol_type type, uint16_t code,
                            uint32_t sequence);

/* Fills in the length of what was appended since. */
void protocol_frame_end(struct buffer *buffer, size_t begin);

/* A whole frame without a body: pings, pongs, requests for lists. */
void protocol_frame_write_empty(struct buffer *buffer, enum protocol_type type, uint32_t sequence);

/* One plain sentence for what was wrong with a frame. */
void protocol_frame_explain(int error, size_t size, struct buffer *ret_why);

#endif
