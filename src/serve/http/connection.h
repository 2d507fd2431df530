/* The open connections: how many from where, and which of them are too slow. Input: events of the
 * transport. Output: refusals, and sockets shut down by connection_tick(). */
#ifndef NORN_SERVE_CONNECTION_H
#define NORN_SERVE_CONNECTION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/http/peer.h"

enum connection_phase {
    CONNECTION_IDLE,     /* between requests, or inside a request line */
    CONNECTION_READING,  /* headers and body come in */
    CONNECTION_SERVING,  /* we work */
    CONNECTION_SENDING,  /* the reply goes out */
    CONNECTION_UPGRADED, /* a websocket now, which is judged elsewhere */
};

struct connection {
    struct connection *next, *previous;
    int descriptor; /* of the client's socket */
    bool owns;      /* and it is closed with the connection */
    struct peer peer;
    atomic_int phase;
    atomic_llong since;    /* monotonic second at which the phase began */
    uint64_t taken_before; /* bytes that the client had taken at the last look of the tick */
    int64_t looked_at;
};

struct connections {
    pthread_mutex_t lock;
    struct connection *first;
    unsigned count, peak, trims;
    unsigned per_address; /* cap; loopback is exempt */
    atomic_ullong refused, cut_slow;
};

void connection_init(struct connections *connections, unsigned per_address);
void connection_done(struct connections *connections);

/* False when the address has its share already. */
bool connection_is_allowed(struct connections *connections, struct peer peer);

/* A new connection on the list, or NULL without memory. The descriptor stays the caller's unless
 * `owns`. */
struct connection *connection_add(struct connections *connections, int descriptor, bool owns,
                                  struct peer peer);

/* Takes it off the list and frees it; call before the descriptor is closed. */
void connection_remove(struct connections *connections, struct connection *connection);

void connection_enter(struct connection *connection, enum connection_phase phase);

/* Shuts down whoever is too slow; once a second. True when many connections have gone since they
 * were most: time to give memory back to the system. */
bool connection_tick(struct connections *connections);

#endif
