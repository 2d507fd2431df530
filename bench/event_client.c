/* Readers of norn's events and updates, for measuring it with: PORT READERS. Input: keys of
 * devices, a line each, an empty line, and one whenever it is to begin or end measuring. Opens
 * READERS sockets on the event bus, each for every topic in one of a few field lists, and for each
 * key a monitor of five fields, told each second; says open=SOCKETS; reads until its standard input
 * ends. Output: how many events of some topics the reader that was told least and the one told most
 * got; how old an alert was whose text is the monotonic clock in nanoseconds, and how long after
 * the second began an update came, in microseconds; the number of updates, and the last count of
 * packets of each monitor. */
#include <stdbool.h>
#include <sys/epoll.h>

#include "websocket_line.h"

enum { SOCKETS = 2048, FRAME = 64 * 1024, FORMS = 5, KEY = 64, PING = 9, PONG = 10 };

enum topic { TOPIC_ALERT, TOPIC_DEVICE, TOPIC_SECOND, TOPICS };
static const char *const topic_starts[TOPICS] = {
    "{\"ALERT\":", "{\"NEW_DEVICE\":", "{\"TIMESTAMP\":"};
static const char *const topic_names[TOPICS] = {"alerts", "devices", "seconds"};

struct peer {
    int descriptor; /* -1: the server has closed it */
    bool is_monitor;
    size_t filled;
    unsigned long long told[TOPICS], updates, packets;
    char frame[FRAME + 1];
};

static struct peer peers[SOCKETS];
static int peer_count;
static struct latencies ages, lags;
static bool is_measuring;

static void say(const struct peer *peer, unsigned opcode, const char *text, size_t length)
{
    char frame[2000] = {(char)(0x80 | opcode)};
    size_t begin = length < 126 ? 2 : 4;
    frame[1] = (char)(0x80 | (length < 126 ? length : 126));
    if (length >= 126) {
        frame[2] = (char)(length >> 8);
        frame[3] = (char)length;
    }
    begin += 4; /* the mask is 0 */
    memcpy(frame + begin, text, length);
    if (send(peer->descriptor, frame, begin + length, 0) != (ssize_t)(begin + length))
        fail("send");
}

static void open_reader(unsigned port, int number)
{
    struct peer *peer = &peers[peer_count++];
    char text[1000];
    peer->descriptor = open_websocket(port, "/eventbus/events.ws");
    int length = snprintf(text, sizeof text,
                          "{\"SUBSCRIBE\": \"*\", \"fields\": [[\"kismet.device.base.key\", "
                          "\"key%d\"], \"kismet.device.base.macaddr\", \"kismet.alert.text\", "
                          "\"kismet.system.timestamp.sec\", \"kismet.messagebus.message_string\"]}",
                          number % FORMS);
    say(peer, 1, text, (size_t)length);
}

static void open_monitor(unsigned port, const char *key)
{
    struct peer *peer = &peers[peer_count++];
    char text[1000];
    peer->is_monitor = true;
    peer->descriptor = open_websocket(port, "/devices/monitor.ws");
    int length = snprintf(text, sizeof text,
                          "{\"monitor\": \"%s\", \"request\": 1, \"rate\": 1, \"fields\": "
                          "[\"kismet.device.base.key\", \"kismet.device.base.macaddr\", "
                          "\"kismet.device.base.last_time\", \"kismet.device.base.packets.total\", "
                          "\"kismet.device.base.signal/kismet.common.signal.last_signal\"]}",
                          key);
    say(peer, 1, text, (size_t)length);
}

/* The number after a name in a message; 0 without. */
static unsigned long long number_after(const char *message, const char *name)
{
    const char *at = strstr(message, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static void take_update(struct peer *peer, const char *message)
{
    peer->packets = number_after(message, "packets.total\":");
    peer->updates++;
    if (is_measuring)
        latencies_add(&lags, nanoseconds(CLOCK_REALTIME) % 1000000000u / 1000);
}

static void take_event(struct peer *peer, const char *message)
{
    for (int topic = 0; topic < TOPICS; topic++)
        peer->told[topic] +=
            strncmp(message, topic_starts[topic], strlen(topic_starts[topic])) == 0;
    unsigned long long raised = number_after(message, "kismet.alert.text\":\"");
    if (raised && is_measuring)
        latencies_add(&ages, (nanoseconds(CLOCK_MONOTONIC) - raised) / 1000);
}

/* Takes the frame that stands first, if it is whole: its length, else 0. */
static size_t take_frame(struct peer *peer)
{
    const unsigned char *bytes = (const unsigned char *)peer->frame;
    size_t length = peer->filled >= 2 ? bytes[1] : 0, begin = length == 126 ? 4 : 2;
    if (length == 127)
        fail("a frame too long");
    if (length == 126)
        length = peer->filled >= 4 ? (size_t)bytes[2] << 8 | bytes[3] : FRAME;
    if (peer->filled < 2 || peer->filled < begin + length)
        return 0;
    char after = peer->frame[begin + length];
    peer->frame[begin + length] = '\0';
    if ((bytes[0] & 15) == PING)
        say(peer, PONG, peer->frame + begin, length);
    else
        (peer->is_monitor ? take_update : take_event)(peer, peer->frame + begin);
    peer->frame[begin + length] = after;
    return begin + length;
}

static void read_some(struct peer *peer)
{
    ssize_t length =
        read(peer->descriptor, peer->frame + peer->filled, sizeof peer->frame - 1 - peer->filled);
    if (length <= 0) {
        close(peer->descriptor);
        peer->descriptor = -1;
        return;
    }
    peer->filled += (size_t)length;
    for (size_t taken; (taken = take_frame(peer));) {
        peer->filled -= taken;
        memmove(peer->frame, peer->frame + taken, peer->filled);
    }
}

/* False at the end of the standard input. */
static bool obey(void)
{
    char line[KEY];
    is_measuring = !is_measuring;
    return fgets(line, sizeof line, stdin) != NULL;
}

static void read_until_told(void)
{
    struct epoll_event events[256];
    int epoll = epoll_create1(0);
    struct epoll_event end = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &end);
    for (int i = 0; i < peer_count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, peers[i].descriptor, &event);
    }
    for (;;) {
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr)
                read_some(events[i].data.ptr);
            else if (!obey())
                return;
        }
    }
}

static void print_topic(int topic)
{
    unsigned long long least = ~0ull, most = 0;
    for (int i = 0; i < peer_count && !peers[i].is_monitor; i++) {
        unsigned long long told = peers[i].told[topic];
        least = told < least ? told : least;
        most = told > most ? told : most;
    }
    printf("%s_least=%llu\n%s_most=%llu\n", topic_names[topic], least, topic_names[topic], most);
}

static void print_figures(int readers)
{
    unsigned long long updates = 0, least = ~0ull;
    int closed = 0;
    for (int topic = 0; topic < TOPICS; topic++)
        print_topic(topic);
    for (int i = 0; i < peer_count; i++)
        closed += peers[i].descriptor < 0;
    for (int i = readers; i < peer_count; i++) {
        updates += peers[i].updates;
        least = peers[i].updates < least ? peers[i].updates : least;
        printf("packets%d=%llu\n", i - readers, peers[i].packets);
    }
    printf("updates=%llu\nupdates_least=%llu\nclosed=%d\n", updates, least, closed);
    printf("p50=%u\np99=%u\n", latencies_percentile(&ages, 0.5), latencies_percentile(&ages, 0.99));
    printf("lag50=%u\nlag99=%u\n", latencies_percentile(&lags, 0.5),
           latencies_percentile(&lags, 0.99));
}

int main(int argc, char **argv)
{
    int readers = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
    unsigned port = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    char key[KEY];
    if (readers < 1 || readers > SOCKETS / 2) {
        fprintf(stderr, "usage: bench_event_client PORT READERS < KEYS\n");
        return 2;
    }
    setvbuf(stdin, NULL, _IONBF, 0);
    for (int i = 0; i < readers; i++)
        open_reader(port, i);
    while (fgets(key, sizeof key, stdin) && *key != '\n' && peer_count < SOCKETS) {
        key[strcspn(key, "\n")] = '\0';
        open_monitor(port, key);
    }
    printf("open=%d\n", peer_count);
    fflush(stdout);
    read_until_told();
    print_figures(readers);
    return 0;
}
