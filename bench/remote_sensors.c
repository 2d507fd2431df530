/* Many remote capture tools in one process, for measuring a server with. `PORT PATH SENSORS SECONDS
 * RATE`: each sensor comes over a websocket, announces a Wi-Fi source, opens it when asked, and
 * then sends RATE beacons a second, one a system call. Output: open=SENSORS when all are;
 * count=PACKETS when they are sent. Then it answers pings until its standard input ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "protocol/protocol_message.h"

enum {
    SENSORS = 256,
    RADIOTAP = 127,
    SEQUENCE_AT = 8 + 16, /* behind the websocket's head and most of the frame's */
};

struct sensor {
    int descriptor;
    uint32_t sequence;
    size_t filled;
    uint8_t input[4096];
    struct buffer packet; /* the frame it sends over and over, in its websocket message */
};

static struct sensor sensors[SENSORS];
static int sensors_count;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static unsigned long long nanoseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec;
}

static void open_websocket(struct sensor *sensor, unsigned port, const char *path)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char text[500], last[4] = "";
    int one = 1;
    sensor->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sensor->descriptor, (struct sockaddr *)&address, sizeof address) < 0)
        fail("connect");
    setsockopt(sensor->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          path, port);
    if (write(sensor->descriptor, text, (size_t)length) != length)
        fail("handshake");
    do {
        memmove(last, last + 1, 3);
        if (read(sensor->descriptor, last + 3, 1) != 1)
            fail("handshake");
    } while (memcmp(last, "\r\n\r\n", 4) != 0);
}

/* ---- saying */

/* In a message of one binary frame, whose length is told in as few bytes as can be, under a mask of
 * zeroes, which changes nothing. */
static void wrap(const struct protocol_message *message, struct buffer *ret_bytes)
{
    struct buffer frame = {0};
    protocol_message_write(message, &frame);
    uint8_t length[2] = {(uint8_t)(frame.length >> 8), (uint8_t)frame.length};
    bool is_long = frame.length > 125;
    static const uint8_t mask[4] = {0};
    buffer_add_byte(ret_bytes, 0x82);
    buffer_add_byte(ret_bytes, 0x80 | (is_long ? 126 : length[1]));
    if (is_long)
        buffer_add(ret_bytes, length, sizeof length);
    buffer_add(ret_bytes, mask, sizeof mask);
    buffer_add(ret_bytes, frame.data, frame.length);
    buffer_done(&frame);
}

static void send_all(const struct sensor *sensor, const struct buffer *bytes)
{
    if (send(sensor->descriptor, bytes->data, bytes->length, MSG_NOSIGNAL) !=
        (ssize_t)bytes->length)
        fail("send");
}

static void say(struct sensor *sensor, struct protocol_message *message)
{
    struct buffer bytes = {0};
    message->sequence = message->sequence ? message->sequence : ++sensor->sequence;
    wrap(message, &bytes);
    send_all(sensor, &bytes);
    buffer_done(&bytes);
}

static void announce(struct sensor *sensor)
{
    char definition[64], uuid[UUID_TEXT];
    int number = (int)(sensor - sensors);
    snprintf(definition, sizeof definition, "wlan0:name=sensor%d", number);
    snprintf(uuid, sizeof uuid, "5FE308BD-0000-0000-0000-00C0FFEE%04X", (unsigned)number);
    struct protocol_message message = {
        .type = PROTOCOL_NEW_SOURCE,
        .new_source = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(3),
                       .definition = protocol_text_of(definition),
                       .type = protocol_text_of("linuxwifi"),
                       .uuid = protocol_text_of(uuid)}};
    say(sensor, &message);
}

static void report_open(struct sensor *sensor, uint32_t sequence)
{
    struct protocol_message message = {
        .type = PROTOCOL_OPEN_REPORT,
        .code = 1,
        .sequence = sequence,
        .open_report = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(3),
                        .sequence = sequence,
                        .link_type = RADIOTAP,
                        .capture = protocol_text_of("wlan0mon")}};
    say(sensor, &message);
}

/* A beacon of an access point of its own, 250 bytes as on the air. */
static void make_packet(struct sensor *sensor)
{
    static const uint8_t radiotap[] = {0, 0, 14, 0, 0x28, 0, 0, 0, 0x85, 0x09, 0xa0, 0, 0xd0, 0};
    uint8_t frame[sizeof radiotap + 250] = {0};
    uint8_t *beacon = frame + sizeof radiotap;
    memcpy(frame, radiotap, sizeof radiotap);
    beacon[0] = 0x80;
    memset(beacon + 4, 0xff, 6);
    for (int at = 10; at <= 16; at += 6) {
        beacon[at] = 2;
        beacon[at + 5] = (uint8_t)(sensor - sensors);
    }
    beacon[32] = 100; /* the interval, then a network's name, then one long element */
    beacon[37] = 6;
    memcpy(beacon + 38, "sensor", 6);
    beacon[44] = 221;
    beacon[45] = 250 - 46;
    struct protocol_message message = {.type = PROTOCOL_PACKET};
    message.packet.present = PROTOCOL_BIT(4);
    message.packet.captured =
        (struct protocol_captured){.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(3) |
                                              PROTOCOL_BIT(4) | PROTOCOL_BIT(6),
                                   .link_type = RADIOTAP,
                                   .seconds = nanoseconds(CLOCK_REALTIME) / 1000000000u,
                                   .original_length = sizeof frame,
                                   .content = {frame, sizeof frame}};
    wrap(&message, &sensor->packet);
}

static void send_packet(struct sensor *sensor)
{
    uint32_t number = htonl(++sensor->sequence);
    memcpy(sensor->packet.data + SEQUENCE_AT, &number, sizeof number);
    send_all(sensor, &sensor->packet);
}

/* ---- listening */

/* Answers a frame; true when it was the request to open. */
static bool answer(struct sensor *sensor, const uint8_t *bytes, size_t length)
{
    struct protocol_frame frame;
    size_t size;
    if (protocol_frame_parse(bytes, length, &frame, &size) != 0)
        fail("a frame of the server's");
    if (frame.type == PROTOCOL_OPEN_REQUEST)
        report_open(sensor, frame.sequence);
    struct protocol_message pong = {.type = PROTOCOL_PONG, .sequence = frame.sequence};
    if (frame.type == PROTOCOL_PING)
        say(sensor, &pong);
    return frame.type == PROTOCOL_OPEN_REQUEST;
}

/* Reads what has come; true when the source was opened. Messages of a server to a tool are short:
 * a head of two or four bytes. */
static bool hear(struct sensor *sensor, int flags)
{
    bool was_opened = false;
    ssize_t more = recv(sensor->descriptor, sensor->input + sensor->filled,
                        sizeof sensor->input - sensor->filled, flags);
    if (more <= 0 && !(flags && more < 0 && errno == EAGAIN))
        fail("receive");
    sensor->filled += more > 0 ? (size_t)more : 0;
    for (;;) {
        const uint8_t *input = sensor->input;
        bool is_long = (input[1] & 0x7f) == 126;
        size_t head = is_long ? 4 : 2;
        size_t length = is_long ? (size_t)input[2] << 8 | input[3] : input[1] & 0x7f;
        if (sensor->filled < head || sensor->filled < head + length)
            return was_opened;
        if (input[0] == 0x82 && answer(sensor, input + head, length))
            was_opened = true;
        sensor->filled -= head + length;
        memmove(sensor->input, sensor->input + head + length, sensor->filled);
    }
}

static void hear_all(void)
{
    for (int i = 0; i < sensors_count; i++)
        hear(&sensors[i], MSG_DONTWAIT);
}

static unsigned long long send_packets(double seconds, int rate)
{
    unsigned long long count = 0, step = 1000000000ull / (unsigned long long)rate;
    unsigned long long next = nanoseconds(CLOCK_MONOTONIC);
    unsigned long long end = next + (unsigned long long)(seconds * 1e9);
    for (unsigned round = 0; next < end; next += step, round++) {
        unsigned long long now = nanoseconds(CLOCK_MONOTONIC);
        struct timespec rest = {.tv_nsec = (long)(next > now ? next - now : 0)};
        if (rest.tv_nsec)
            nanosleep(&rest, NULL);
        for (int i = 0; i < sensors_count; i++, count++)
            send_packet(&sensors[i]);
        if (round % 256 == 0)
            hear_all();
    }
    return count;
}

int main(int argc, char **argv)
{
    struct pollfd end = {.fd = STDIN_FILENO, .events = POLLIN};
    sensors_count = argc == 6 ? (int)strtol(argv[3], NULL, 10) : 0;
    if (sensors_count < 1 || sensors_count > SENSORS) {
        fprintf(stderr, "usage: bench_remote_sensors PORT PATH SENSORS SECONDS RATE\n");
        return 2;
    }
    for (int i = 0; i < sensors_count; i++) {
        open_websocket(&sensors[i], (unsigned)strtoul(argv[1], NULL, 10), argv[2]);
        announce(&sensors[i]);
        make_packet(&sensors[i]);
        while (!hear(&sensors[i], 0))
            continue;
    }
    printf("open=%d\n", sensors_count);
    fflush(stdout);
    printf("count=%llu\n", send_packets(strtod(argv[4], NULL), (int)strtol(argv[5], NULL, 10)));
    fflush(stdout);
    while (poll(&end, 1, 200) == 0)
        hear_all();
    for (int i = 0; i < sensors_count; i++)
        buffer_done(&sensors[i].packet);
    return 0;
}
