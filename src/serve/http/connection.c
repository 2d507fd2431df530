/* Caps and slowness of connections. See connection.h. */
#include "serve/http/connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/clock.h"

enum {
    IDLE_SECONDS = 60,    /* between requests */
    READING_SECONDS = 30, /* for a whole request */
    SENDING_SECONDS = 30, /* in which at least SENDING_BYTES must go out */
    SENDING_BYTES = 30 * 1024,
    MANY = 128,
    TRIMS = 4, /* ticks in which their memory comes free */
};

static int64_t now(void)
{
    return (int64_t)(clock_coarse_ns() / NS_PER_S);
}

void connection_init(struct connections *connections, unsigned per_address)
{
    *connections = (struct connections){.per_address = per_address};
    pthread_mutex_init(&connections->lock, NULL);
}

void connection_done(struct connections *connections)
{
    pthread_mutex_destroy(&connections->lock);
}

bool connection_is_allowed(struct connections *connections, struct peer peer)
{
    unsigned count = 0;
    if (peer_is_loopback(peer))
        return true;
    pthread_mutex_lock(&connections->lock);
    for (struct connection *at = connections->first; at; at = at->next)
        count += peer_same(at->peer, peer);
    pthread_mutex_unlock(&connections->lock);
    if (count < connections->per_address)
        return true;
    atomic_fetch_add(&connections->refused, 1);
    return false;
}

struct connection *connection_add(struct connections *connections, int descriptor, bool owns,
                                  struct peer peer)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        if (owns)
            close(descriptor);
        return NULL;
    }
    connection->descriptor = descriptor;
    connection->owns = owns;
    connection->peer = peer;
    connection_enter(connection, CONNECTION_IDLE);
    pthread_mutex_lock(&connections->lock);
    connection->next = connections->first;
    if (connection->next)
        connection->next->previous = connection;
    connections->first = connection;
    if (++connections->count > connections->peak)
        connections->peak = connections->count;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connection_remove(struct connections *connections, struct connection *connection)
{
    pthread_mutex_lock(&connections->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    connections->count--;
    pthread_mutex_unlock(&connections->lock);
    if (connection->owns)
        close(connection->descriptor);
    free(connection);
}

void connection_enter(struct connection *connection, enum connection_phase phase)
{
    atomic_store(&connection->since, now());
    atomic_store(&connection->phase, (int)phase);
}

/* Bytes that the client's side has acknowledged so far, and whether more waits
 * because it does not take it (tcp(7)). */
static uint64_t taken(const struct connection *connection, bool *ret_stuck)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    getsockopt(connection->descriptor, IPPROTO_TCP, TCP_INFO, &info, &length);
    *ret_stuck = info.tcpi_notsent_bytes > 0;
    return info.tcpi_bytes_acked;
}

/* True when the client has taken too little of a reply since the last look. */
static bool is_stalled(struct connection *connection, int64_t time, int64_t since)
{
    bool is_first_look = connection->looked_at < since;
    if (!is_first_look && time - connection->looked_at < SENDING_SECONDS)
        return false;
    uint64_t before = connection->taken_before;
    connection->looked_at = time;
    bool is_stuck;
    connection->taken_before = taken(connection, &is_stuck);
    return !is_first_look && is_stuck && connection->taken_before - before < SENDING_BYTES;
}

static bool is_slow(struct connection *connection, int64_t time)
{
    int64_t since = atomic_load(&connection->since);
    switch (atomic_load(&connection->phase)) {
    case CONNECTION_IDLE: return time - since > IDLE_SECONDS;
    case CONNECTION_READING: return time - since > READING_SECONDS;
    case CONNECTION_SENDING: return is_stalled(connection, time, since);
    default: return false;
    }
}

bool connection_tick(struct connections *connections)
{
    int64_t time = now();
    pthread_mutex_lock(&connections->lock);
    for (struct connection *at = connections->first; at; at = at->next) {
        if (!is_slow(at, time))
            continue;
        atomic_fetch_add(&connections->cut_slow, 1);
        shutdown(at->descriptor, SHUT_RDWR);
        connection_enter(at, CONNECTION_SERVING); /* cut once; the transport closes it */
    }
    if (connections->peak > MANY && connections->count < connections->peak / 4) {
        connections->peak = connections->count;
        connections->trims = TRIMS;
    }
    bool gone = connections->trims > 0;
    connections->trims -= gone;
    pthread_mutex_unlock(&connections->lock);
    return gone;
}
