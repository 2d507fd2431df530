/* One TLS connection: the client's socket outside, one end of a socket pair inside, and what is on
 * its way between them. Input: both sockets, not blocking. Output: the same bytes on the other
 * side, as fast as it takes them; never more than a buffer each way is held. One thread. */
#ifndef NORN_SERVE_TLS_LINE_H
#define NORN_SERVE_TLS_LINE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "serve/tls/tls_credentials.h"

enum tls_line_state {
    TLS_LINE_NEW,       /* whether the client speaks TLS is not known */
    TLS_LINE_HANDSHAKE, /* RFC 8446, 4 */
    TLS_LINE_READY,     /* shaken hands: the owner gives it an inner socket */
    TLS_LINE_OPEN,
    TLS_LINE_PLAIN, /* it speaks HTTP without TLS, and is told */
    TLS_LINE_OVER,
};

/* What goes one way. */
struct tls_way {
    uint8_t *bytes; /* NULL while nothing is held */
    size_t from, to;
    bool is_ended; /* nothing more comes */
    bool is_told;  /* and the other side knows */
};

struct tls_line {
    enum tls_line_state state;
    int outer, inner; /* owned; inner -1: none yet */
    struct sockaddr_storage address;
    struct tls_credentials *credentials;
    gnutls_session_t session;
    struct tls_way in, out; /* to the inner socket, to the client */
    bool is_sending;        /* the library holds what the client has not taken */
    bool is_hungry;         /* more could be done at once */
    uint64_t deadline_ns;   /* monotonic: over unless it gets on; 0: none */
};

/* Takes over a connected socket. False without memory (the socket is then closed). */
bool tls_line_init(struct tls_line *line, int outer, struct tls_credentials *credentials,
                   uint64_t now_ns);

/* Does what can be done without waiting. */
void tls_line_turn(struct tls_line *line, uint64_t now_ns);

/* Gives a line that is ready its inner socket, which becomes the line's. */
void tls_line_open(struct tls_line *line, int inner);

/* What it waits for: EPOLLIN and EPOLLOUT of each socket. */
void tls_line_events(const struct tls_line *line, uint32_t *ret_outer, uint32_t *ret_inner);

/* Closes all. */
void tls_line_done(struct tls_line *line);

#endif
