/* Caps and slowness of connections. See connection.h. */
#include "serve/connection.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
    IDLE_SECONDS = 60,    /* between requests */
    READING_SECONDS = 30, /* for a whole request */
    SENDING_SECONDS = 30, /* in which at least SENDING_BYTES must go out */
    SENDING_BYTES = 30 * 1024,
    MANY = 128,
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec;
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

struct connection *connection_add(struct connections *connections, int descriptor, struct peer peer)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->descriptor = descriptor;
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
    free(connection);
}

void connection_enter(struct connection *connection, enum connection_phase phase)
{
    atomic_store(&connection->since, now());
    atomic_store(&connection->phase, (int)phase);
}

/* True when a reply has moved too little since the last look. */
static bool is_stalled(struct connection *connection, int64_t time, int64_t since)
{
    size_t moved = atomic_load(&connection->moved);
    if (connection->looked_at < since) {
        connection->looked_at = since;
        connection->moved_before = moved;
    }
    if (time - connection->looked_at < SENDING_SECONDS)
        return false;
    bool stalled = moved - connection->moved_before < SENDING_BYTES;
    connection->looked_at = time;
    connection->moved_before = moved;
    return stalled;
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
    bool gone = connections->peak > MANY && connections->count < connections->peak / 4;
    if (gone)
        connections->peak = connections->count;
    pthread_mutex_unlock(&connections->lock);
    return gone;
}
