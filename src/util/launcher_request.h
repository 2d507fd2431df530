/* What the server and its launcher say to each other: one SOCK_SEQPACKET message a request and
 * one a reply, a descriptor attached where the kind wants one. The launcher trusts none of it. */
#ifndef NORN_UTIL_LAUNCHER_REQUEST_H
#define NORN_UTIL_LAUNCHER_REQUEST_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

enum launcher_kind {
    LAUNCHER_OPEN_CAPTURE = 1, /* first: path */
    LAUNCHER_OPEN_READ,        /* first: path */
    LAUNCHER_WRITE_HOME,       /* first: name; attached: a sealed memory file with the bytes */
    LAUNCHER_START,            /* first: service, second: argument */
    LAUNCHER_STOP,             /* number: process; again until it is gone */
    LAUNCHER_KINDS,
};

enum { LAUNCHER_TEXT_MAX = PATH_MAX, LAUNCHER_REQUEST_MAX = 2 * PATH_MAX + 64 };

/* A request as parsed; the texts are borrowed from the message. */
struct launcher_request {
    uint32_t kind;
    int32_t number;
    const char *first;
    const char *second;
};

/* A reply: 0, a process number, -EINPROGRESS for a child not gone yet, or -errno. */
struct launcher_reply {
    int32_t status;
};

/* Reads a message: kind and number (little-endian), then two NUL-ended texts and nothing more.
 * 0 or -EINVAL. */
int launcher_request_parse(const void *bytes, size_t length, struct launcher_request *ret_request);

/* Appends a message. 0, or -ENAMETOOLONG when a text is longer than LAUNCHER_TEXT_MAX. */
int launcher_request_write(const struct launcher_request *request, struct buffer *buffer);

/* Sends bytes with a descriptor (-1: none) as one message. 0 or -errno. */
int launcher_request_send(int socket, const void *bytes, size_t length, int descriptor);

/* Receives one message: its length, 0 at the end, or -errno (-EMSGSIZE when it was longer than
 * `size`). ret_descriptor gets the first one attached (owned by the caller) or -1; any further
 * ones are closed. */
long launcher_request_receive(int socket, void *bytes, size_t size, int *ret_descriptor);

#endif
