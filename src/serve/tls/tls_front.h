/* TLS before the HTTP server: takes connections, shakes hands, and gives the server one end of a
 * socket pair for each. Input: a listening socket, credentials. Output: connected sockets that
 * speak plain HTTP, with their clients' addresses. A few threads of its own. */
#ifndef NORN_SERVE_TLS_FRONT_H
#define NORN_SERVE_TLS_FRONT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "serve/tls/tls_credentials.h"

struct tls_front;

struct tls_front_config {
    int listener;     /* borrowed: bound and listening, not blocking */
    unsigned threads; /* at least 1 */
    unsigned limit;   /* connections at a time */
    /* False to turn a client away before it costs anything. */
    bool (*is_allowed)(void *context, const struct sockaddr *address, socklen_t length);
    /* Takes over a socket; false when it could not (the socket is then closed). `client` is a
     * second descriptor of the client's own socket, also taken over: to look how it gets on, and
     * to shut it down. */
    bool (*take)(void *context, int descriptor, int client, const struct sockaddr *address,
                 socklen_t length);
    void *context;
};

/* Starts. One reference of the credentials is taken. NULL with errno set. */
struct tls_front *tls_front_start(const struct tls_front_config *config,
                                  struct tls_credentials *credentials);

/* New connections show other credentials from now on. Thread-safe. */
void tls_front_renew(struct tls_front *front, struct tls_credentials *credentials);

/* Ends the threads and closes every connection. NULL is fine. */
void tls_front_stop(struct tls_front *front);

#endif
