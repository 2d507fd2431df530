/* Listening sockets: of the HTTP server, and of remote sensors. Opened while norn still has its
 * rights. */
#ifndef NORN_SERVE_LISTENER_H
#define NORN_SERVE_LISTENER_H

#include <sys/socket.h>

/* "127.0.0.1", "::1", "localhost", "*" and "" (every address) into a socket address. 0 or -EINVAL.
 */
int listener_parse(const char *text, unsigned port, struct sockaddr_storage *ret_address);

/* How much of it is used. */
socklen_t listener_length(const struct sockaddr_storage *address);

/* Its port. */
unsigned listener_port(const struct sockaddr_storage *address);

/* Binds and listens, not blocking; `address` gets the real port where it said 0. The descriptor or
 * -errno. */
int listener_open(struct sockaddr_storage *address, int backlog);

#endif
