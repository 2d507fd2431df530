/* The address at the other end of a connection, as a value: for caps, throttles and the question
 * whether it is this machine. IPv4 in IPv6 (RFC 4291, 2.5.5.2) counts as IPv4. */
#ifndef NORN_SERVE_PEER_H
#define NORN_SERVE_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "util/buffer.h"

struct peer {
    uint8_t octet[16]; /* IPv4 as ::ffff:a.b.c.d */
};

enum { PEER_TEXT = 46 };

/* From a socket address; a UNIX or unknown family gives the loopback address. */
struct peer peer_from(const struct sockaddr *address, socklen_t length);

/* True for 127.0.0.0/8 and ::1. */
bool peer_is_loopback(struct peer peer);

/* True when caps and throttles count them together: the same IPv4 address or IPv6 /64. */
bool peer_same(struct peer a, struct peer b);

/* As people write it, NUL-terminated. */
void peer_write(struct peer peer, char ret_text[PEER_TEXT]);

#endif
