/* What the clients of bench share: opening a websocket, and a table of latencies. */
#ifndef NORN_BENCH_WEBSOCKET_LINE_H
#define NORN_BENCH_WEBSOCKET_LINE_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void fail(const char *what)
{
    perror(what);
    exit(1);
}

static inline unsigned long long nanoseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec;
}

/* A connection that a websocket is open on. */
static inline int open_websocket(unsigned port, const char *path)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    char text[500], last[4] = "";
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0)
        fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          path, port);
    if (write(descriptor, text, (size_t)length) != length)
        fail("handshake");
    do {
        memmove(last, last + 1, 3);
        if (read(descriptor, last + 3, 1) != 1)
            fail("handshake");
    } while (memcmp(last, "\r\n\r\n", 4) != 0);
    return descriptor;
}

enum { LATENCY_BUCKETS = 1000000 };

struct latencies {
    unsigned long long count;
    unsigned long long buckets[LATENCY_BUCKETS]; /* by microseconds */
};

static inline void latencies_add(struct latencies *latencies, unsigned long long microseconds)
{
    size_t bucket = microseconds < LATENCY_BUCKETS ? microseconds : LATENCY_BUCKETS - 1;
    latencies->buckets[bucket]++;
    latencies->count++;
}

/* Microseconds within which that share of the messages came. */
static inline unsigned latencies_percentile(const struct latencies *latencies, double share)
{
    unsigned long long wanted = (unsigned long long)((double)latencies->count * share), seen = 0;
    for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
        if ((seen += latencies->buckets[i]) > wanted)
            return i;
    return LATENCY_BUCKETS;
}

#endif
