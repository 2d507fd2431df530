/* Many websockets in one process, for measuring a server with. `read PORT PATH SOCKETS SECONDS`:
 * reads messages of 300 bytes that begin with the monotonic clock in nanoseconds. `send PORT PATH
 * SOCKETS SECONDS RATE`: sends RATE binary messages of 300 bytes a second on each socket, one a
 * system call. Output: count=MESSAGES, and for reading p50= and p99= in microseconds. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 2048, MESSAGE = 300, FRAME = MESSAGE + 4, CLOCK_DIGITS = 20, BUCKETS = 1000000 };

struct peer {
    int descriptor;
    size_t filled; /* of a frame */
    char frame[FRAME];
};

static struct peer peers[SOCKETS];
static unsigned long long latencies[BUCKETS]; /* by microseconds */
static unsigned long long count, began;

static unsigned long long nanoseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* A connection that a websocket is open on. */
static int open_websocket(unsigned port, const char *path)
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

/* ---- reading */

static void take_frame(const char *frame, unsigned long long now)
{
    char digits[CLOCK_DIGITS + 1] = "";
    memcpy(digits, frame + FRAME - MESSAGE, CLOCK_DIGITS);
    unsigned long long sent = strtoull(digits, NULL, 10), late = (now - sent) / 1000;
    if (sent < began)
        return; /* has waited for us to begin */
    latencies[late < BUCKETS ? late : BUCKETS - 1]++;
    count++;
}

static void take_bytes(struct peer *peer, const char *bytes, size_t length)
{
    unsigned long long now = nanoseconds();
    while (length) {
        size_t part = FRAME - peer->filled < length ? FRAME - peer->filled : length;
        memcpy(peer->frame + peer->filled, bytes, part);
        peer->filled += part;
        bytes += part;
        length -= part;
        if (peer->filled < FRAME)
            return;
        take_frame(peer->frame, now);
        peer->filled = 0;
    }
}

static void read_messages(int sockets, double seconds)
{
    static char bytes[65536];
    struct epoll_event events[256];
    int epoll = epoll_create1(0);
    for (int i = 0; i < sockets; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, peers[i].descriptor, &event);
    }
    began = nanoseconds();
    while (nanoseconds() < began + (unsigned long long)(seconds * 1e9)) {
        int ready = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            ssize_t length = read(peer->descriptor, bytes, sizeof bytes);
            if (length <= 0)
                fail("read");
            take_bytes(peer, bytes, (size_t)length);
        }
    }
}

/* Microseconds within which that share of the messages came. */
static unsigned percentile(double share)
{
    unsigned long long wanted = (unsigned long long)((double)count * share), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++)
        if ((seen += latencies[i]) > wanted)
            return i;
    return BUCKETS;
}

/* ---- sending */

static void send_messages(int sockets, double seconds, int rate)
{
    char frame[FRAME + 4] = "\x82\xfe\1\x2c\1\2\3\4";
    unsigned long long step = 1000000000ull / (unsigned long long)rate, next = nanoseconds();
    unsigned long long end = next + (unsigned long long)(seconds * 1e9);
    for (; next < end; next += step) {
        unsigned long long now = nanoseconds();
        struct timespec rest = {.tv_nsec = (long)(next > now ? next - now : 0)};
        if (rest.tv_nsec)
            nanosleep(&rest, NULL);
        for (int i = 0; i < sockets; i++, count++)
            if (send(peers[i].descriptor, frame, sizeof frame, 0) != (ssize_t)sizeof frame)
                fail("send");
    }
}

int main(int argc, char **argv)
{
    int sockets = argc > 5 ? (int)strtol(argv[4], NULL, 10) : 0;
    if (sockets < 1 || sockets > SOCKETS) {
        fprintf(stderr,
                "usage: bench_websocket_client read|send PORT PATH SOCKETS SECONDS [RATE]\n");
        return 2;
    }
    for (int i = 0; i < sockets; i++)
        peers[i].descriptor = open_websocket((unsigned)strtoul(argv[2], NULL, 10), argv[3]);
    printf("open=%d\n", sockets);
    fflush(stdout);
    if (strcmp(argv[1], "send") == 0)
        send_messages(sockets, strtod(argv[5], NULL),
                      argc > 6 ? (int)strtol(argv[6], NULL, 10) : 1);
    else
        read_messages(sockets, strtod(argv[5], NULL));
    printf("count=%llu\np50=%u\np99=%u\n", count, percentile(0.5), percentile(0.99));
    return 0;
}
