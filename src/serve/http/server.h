/* The HTTP server: one listening socket, a few threads, every limit a server on the open air
 * needs. Input: connections. Output: requests handed to the routes, replies pulled from them.
 * Reads are open without a login only where the login rule says so (server_reads_open()). */
#ifndef NORN_SERVE_SERVER_H
#define NORN_SERVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/login/auth.h"
#include "serve/http/route.h"
#include "serve/websocket/websocket_hub.h"
#include "util/buffer.h"
#include "util/options.h"

struct server;

/* Reads the options (values are copied) and opens the listening socket; call while norn still has
 * its rights. NULL with a sentence in ret_why and errno set: EADDRINUSE names who holds the port
 * where that can be found, and what to type. */
struct server *server_open(const struct options *options, struct buffer *ret_why);

/* Has it speak HTTPS, when it is not started yet; else new connections show other credentials. A
 * reference is taken. */
struct tls_credentials;
void server_secure(struct server *server, struct tls_credentials *credentials);

/* Starts answering. `routes` and `auth` must outlive the server; `context` is for handlers.
 * 0 or -errno. */
int server_start(struct server *server, const struct route *const *routes, struct auth *auth,
                 void *context);

/* Where the websockets are, for tasks; from server_open() to server_free(), which must not come
 * before the last thread that sends on one has ended. */
struct websocket_hub *server_websockets(struct server *server);

/* Stops within two seconds: waiting jobs are dropped, every connection is closed. Harmless when
 * the server was never started. */
void server_stop(struct server *server);

/* Stops if needed, closes the socket, gives back the memory. NULL is fine. */
void server_free(struct server *server);

/* The port bound (the real one where the option said 0). */
unsigned server_port(const struct server *server);

/* Appends the address to type into a browser on this machine: "http://localhost:2501". */
void server_url(const struct server *server, struct buffer *buffer);

/* True when bound to a loopback address. */
bool server_is_loopback(const struct server *server);

/* One sentence for the console: which requests need a login here. */
const char *server_login_rule(const struct server *server);

/* Counters since the start. */
struct server_counts {
    uint64_t requests;    /* answered or refused */
    uint64_t answered;    /* with a status below 400 */
    uint64_t rejected;    /* with one below 500 */
    uint64_t failed;      /* with any other */
    uint64_t shared;      /* answered together with others that asked the same */
    uint64_t refused;     /* connections over the cap of their address */
    uint64_t cut_slow;    /* cut: read or sent too slowly */
    uint64_t cut_memory;  /* cut: no room in the reply budget */
    unsigned connections; /* open now */
    unsigned streams;     /* replies under way now */
    size_t reply_bytes;   /* held by large records now */
    struct websocket_hub_counts websockets;
};
void server_counts(struct server *server, struct server_counts *ret_counts);

extern const struct option server_options[];
extern const size_t server_options_count;

#endif
