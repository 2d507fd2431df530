/* The frames in which capture tools and servers send their messages, on any transport: a
 * signature, a version, lengths, a body. Version 3 is spoken here (docs/protocol.md); the headers
 * of versions 0 and 2 are known so that their senders can be told what is wrong.
 * Input: a window of bytes as they came. Output: a frame whose body is borrowed from it. */
#ifndef NORN_PROTOCOL_PROTOCOL_FRAME_H
#define NORN_PROTOCOL_PROTOCOL_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/bytes.h"

enum {
    PROTOCOL_PEEK = 12,                          /* bytes that tell the version and the length */
    PROTOCOL_HEADER = 20,                        /* of a version 3 frame */
    PROTOCOL_BODY_MAX = 4 * 1024 * 1024 + 65536, /* the longest packet tools send, and its map */
};

enum protocol_command {
    PROTOCOL_REGISTER = 1,
    PROTOCOL_PING,
    PROTOCOL_PONG,
    PROTOCOL_SHUTDOWN,
    PROTOCOL_MESSAGE,
    PROTOCOL_FAILURE, /* ERROR in the protocol's own words */
    PROTOCOL_PROBEREQ = 10,
    PROTOCOL_PROBEREPORT,
    PROTOCOL_OPENREQ,
    PROTOCOL_OPENREPORT,
    PROTOCOL_LISTREQ,
    PROTOCOL_LISTREPORT,
    PROTOCOL_DATA, /* PACKET in the protocol's own words: packets, JSON, signals, positions */
    PROTOCOL_CONFIGREQ,
    PROTOCOL_CONFIGREPORT,
    PROTOCOL_NEWSOURCE,
};

struct protocol_frame {
    unsigned version;  /* 3; 2 or 0: only `name`, `sequence` and the lengths are set */
    uint16_t command;  /* enum protocol_command, or one that is not known here */
    uint16_t code;     /* of reports: 1 is success, but 0 in LISTREPORT */
    uint32_t sequence; /* never 0 in a request */
    struct slice name; /* version 2: the command in words */
    struct slice body;
    size_t length; /* of the whole frame */
};

/* Reads the frame at the start of a window. 0; -EAGAIN: there must be ret_need bytes to go on;
 * -EPROTO: no frame begins here; -EMSGSIZE: a body of more than PROTOCOL_BODY_MAX. After the last
 * two the stream is lost. */
int protocol_frame_parse(const void *bytes, size_t length, struct protocol_frame *ret_frame,
                         size_t *ret_need);

/* Writes the header of a version 3 frame. */
void protocol_frame_write(uint8_t ret_header[PROTOCOL_HEADER], enum protocol_command command,
                          uint16_t code, uint32_t sequence, size_t body_length);

/* The command in the protocol's own words, or NULL. */
const char *protocol_frame_name(unsigned command);

#endif
