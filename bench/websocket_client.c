/* Many websockets in one process, for measuring a server with. `read PORT PATH SOCKETS SECONDS`:
 * reads messages of 300 bytes that begin with the monotonic clock in nanoseconds. `send PORT PATH
 * SOCKETS SECONDS RATE`: sends RATE binary messages of 300 bytes a second on each socket, one a
 * system call. Output: count=MESSAGES, and for reading p50= and p99= in microseconds. */
#include <stdbool.h>
#include <sys/epoll.h>

#include "websocket_line.h"

enum { SOCKETS = 2048, MESSAGE = 300, FRAME = MESSAGE + 4, CLOCK_DIGITS = 20 };

struct peer {
    int descriptor;
    size_t filled; /* of a frame */
    char frame[FRAME];
};

static struct peer peers[SOCKETS];
static struct latencies latencies;
static unsigned long long sent_count, began;

/* ---- reading */

static void take_frame(const char *frame, unsigned long long now)
{
    char digits[CLOCK_DIGITS + 1] = "";
    memcpy(digits, frame + FRAME - MESSAGE, CLOCK_DIGITS);
    unsigned long long sent = strtoull(digits, NULL, 10), late = (now - sent) / 1000;
    if (sent < began)
        return; /* has waited for us to begin */
    latencies_add(&latencies, late);
}

static void take_bytes(struct peer *peer, const char *bytes, size_t length)
{
    unsigned long long now = nanoseconds(CLOCK_MONOTONIC);
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
    began = nanoseconds(CLOCK_MONOTONIC);
    while (nanoseconds(CLOCK_MONOTONIC) < began + (unsigned long long)(seconds * 1e9)) {
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

/* ---- sending */

static void send_messages(int sockets, double seconds, int rate)
{
    char frame[FRAME + 4] = "\x82\xfe\1\x2c\1\2\3\4";
    unsigned long long step = 1000000000ull / (unsigned long long)rate,
                       next = nanoseconds(CLOCK_MONOTONIC);
    unsigned long long end = next + (unsigned long long)(seconds * 1e9);
    for (; next < end; next += step) {
        unsigned long long now = nanoseconds(CLOCK_MONOTONIC);
        struct timespec rest = {.tv_nsec = (long)(next > now ? next - now : 0)};
        if (rest.tv_nsec)
            nanosleep(&rest, NULL);
        for (int i = 0; i < sockets; i++, sent_count++)
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
    printf("count=%llu\np50=%u\np99=%u\n", latencies.count + sent_count,
           latencies_percentile(&latencies, 0.5), latencies_percentile(&latencies, 0.99));
    return 0;
}
