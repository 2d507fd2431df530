/* Capture tools over websockets: bytes in as one stream whatever their messages, frames out as one
 * message each, a reader that does not read, ends from either side. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "serve/http/reply.h"
#include "serve/websocket/websocket_pipe.h"
#include "websocket_place.h"

static atomic_int taken = -1; /* the newest descriptor, -1: none yet */
static atomic_bool refuses;

static int take(void *context, int descriptor, const char *peer)
{
    assert_string_equal(peer, "127.0.0.1");
    if (atomic_load(&refuses))
        return -EMFILE;
    atomic_store(&taken, descriptor);
    return 0;
}

static const struct websocket_pipe_taker taker = {take, NULL};

static void open_pipe(struct request *request)
{
    websocket_pipe_accept(request, &taker);
}

static const struct route test_routes[] = {
    {METHOD_WEBSOCKET, "/pipe", ROUTE_WEBSOCKET, ROLE_DATASOURCE, BODY_OPTIONAL, open_pipe, "."},
    {0},
};
static const struct route *const tables[] = {test_routes, NULL};

static int start(void **state)
{
    atomic_store(&taken, -1);
    atomic_store(&refuses, false);
    place_open();
    place_start(tables);
    return 0;
}

static int stop(void **state)
{
    place_close();
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

/* The source's end of the newest pipe. */
static int take_end(void)
{
    struct timeval patience = {.tv_sec = CLIENT_PATIENCE};
    for (int i = 0; i < 1000 && atomic_load(&taken) < 0; i++)
        usleep(10000);
    int descriptor = atomic_exchange(&taken, -1);
    assert_true(descriptor >= 0);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return descriptor;
}

static void read_exactly(int descriptor, uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t count = read(descriptor, bytes + at, length - at);
        assert_true(count > 0);
        at += (size_t)count;
    }
}

static void messages_are_one_stream(void **state)
{
    uint8_t bytes[12];
    int client = client_open("/pipe.ws"), source = take_end();
    client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, "abc", 3);
    client_send(client, WEBSOCKET_BINARY, "de", 2);
    client_send(client, CLIENT_FINAL | WEBSOCKET_PING, "", 0);
    client_send(client, CLIENT_FINAL, "fgh", 3);
    client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, "", 0);
    client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, "ijkl", 4);
    read_exactly(source, bytes, sizeof bytes);
    assert_memory_equal(bytes, "abcdefghijkl", sizeof bytes);
    client_send(client, CLIENT_FINAL | WEBSOCKET_CLOSE, "\x03\xe8", 2);
    assert_int_equal(read(source, bytes, sizeof bytes), 0);
    close(source);
    client_expect_close(client, 1000, NULL);
}

static void text_is_refused(void **state)
{
    int client = client_open("/pipe.ws"), source = take_end();
    client_send_text(client, "abc");
    client_expect_close(client, 1003, "binary");
    close(source);
}

/* Whoever sends without a pause is read now and then, much at a time; after it, at once again. */
static void streams_are_gathered(void **state)
{
    enum { COUNT = 200, LENGTH = 100 };
    uint8_t bytes[COUNT * LENGTH] = {0};
    size_t reads = 0, length = 0;
    int client = client_open("/pipe.ws"), source = take_end();
    for (int i = 0; i < COUNT; i++) {
        client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, bytes, LENGTH);
        usleep(1000);
        ssize_t count = recv(source, bytes, sizeof bytes, MSG_DONTWAIT);
        length += count > 0 ? (size_t)count : 0;
        reads += count > 0;
    }
    read_exactly(source, bytes, sizeof bytes - length);
    assert_in_range(reads, 2, COUNT / 2);
    for (int i = 0; i < 3; i++) {
        usleep(100000);
        client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, "alone", 5);
        read_exactly(source, bytes, 5);
        assert_memory_equal(bytes, "alone", 5);
    }
    for (int i = 0; i < 3; i++) /* the close of one who sends without a pause is heard too */
        client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, "last", 4);
    client_send(client, CLIENT_FINAL | WEBSOCKET_CLOSE, "\x03\xe8", 2);
    read_exactly(source, bytes, 12);
    assert_int_equal(read(source, bytes, 1), 0);
    close(source);
    client_expect_close(client, 1000, NULL);
}

/* A frame of the capture protocol with a body of that length. */
static void add_protocol_frame(struct buffer *buffer, size_t length, uint8_t fill)
{
    static const uint8_t begin[] = {0xde, 0xca, 0xfb, 0xad, 0xa9, 0xa9, 0, 3};
    static const uint8_t rest[8] = {0, 2, 0, 1, 0, 0, 0, 7};
    buffer_add(buffer, begin, sizeof begin);
    for (int shift = 24; shift >= 0; shift -= 8)
        buffer_add_byte(buffer, (uint8_t)(length >> shift));
    buffer_add(buffer, rest, sizeof rest);
    for (size_t i = 0; i < length; i++)
        buffer_add_byte(buffer, fill);
}

static void expect_binary(int client, size_t length)
{
    struct client_frame frame = {0};
    do
        assert_true(client_read(client, &frame));
    while (frame.first == (CLIENT_FINAL | WEBSOCKET_PING));
    assert_int_equal(frame.first, CLIENT_FINAL | WEBSOCKET_BINARY);
    assert_int_equal(frame.payload.length, length);
    buffer_done(&frame.payload);
}

static void frames_are_one_message_each(void **state)
{
    struct buffer bytes = {0};
    int client = client_open("/pipe.ws"), source = take_end();
    add_protocol_frame(&bytes, 0, 0);
    add_protocol_frame(&bytes, 5, 'x');
    add_protocol_frame(&bytes, 4000, 'y');
    add_protocol_frame(&bytes, 65516, 'z');
    assert_int_equal(write(source, bytes.data, bytes.length), (ssize_t)bytes.length);
    expect_binary(client, 20);
    expect_binary(client, 25);
    expect_binary(client, 4020);
    expect_binary(client, 65536);
    for (size_t i = 0; i < 45; i++) { /* two frames, byte by byte */
        assert_int_equal(write(source, bytes.data + i, 1), 1);
        usleep(i % 10 ? 0 : 3000);
    }
    expect_binary(client, 20);
    expect_binary(client, 25);
    close(source);
    client_expect_close(client, 1000, "source was closed");
    buffer_done(&bytes);
}

static void what_is_no_frame_ends_it(void **state)
{
    struct buffer bytes = {0};
    int client = client_open("/pipe.ws"), source = take_end();
    assert_int_equal(write(source, "GET / HTTP/1.1\r\n", 16), 16);
    client_expect_close(client, 1011, "no frame");
    close(source);
    client = client_open("/pipe.ws");
    source = take_end();
    add_protocol_frame(&bytes, 65517, 'x');
    assert_true(write(source, bytes.data, bytes.length) > 0);
    client_expect_close(client, 1011, "no frame");
    close(source);
    buffer_done(&bytes);
}

static void refused_sources_are_told(void **state)
{
    atomic_store(&refuses, true);
    client_expect_close(client_open("/pipe.ws"), 1013, "no more sources");
}

/* ---- a source that does not read */

enum { MESSAGE = 1000, MESSAGES = 8000 };

static void fill_message(uint8_t *bytes, unsigned number)
{
    for (size_t i = 0; i < MESSAGE; i++)
        bytes[i] = (uint8_t)(number * 31 + i);
}

static void *send_many(void *context)
{
    int client = *(int *)context;
    uint8_t bytes[MESSAGE];
    for (unsigned i = 0; i < MESSAGES; i++) {
        fill_message(bytes, i);
        assert_true(client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, bytes, MESSAGE));
    }
    client_send(client, CLIENT_FINAL | WEBSOCKET_CLOSE, "\x03\xe8", 2);
    return NULL;
}

/* Eight megabytes to one that begins to read late: the client waits, nothing is lost, nothing is
 * kept beyond the buffers of the kernel; what came before the close is had after it too. */
static void full_pipes_hold_the_client(void **state)
{
    uint8_t bytes[MESSAGE], expected[MESSAGE];
    pthread_t thread;
    int client = client_open("/pipe.ws"), source = take_end();
    struct server_counts counts, later;
    assert_int_equal(pthread_create(&thread, NULL, send_many, &client), 0);
    usleep(500000);
    server_counts(place_server, &counts);
    usleep(300000);
    server_counts(place_server, &later);
    assert_int_equal(counts.websockets.messages.in, later.websockets.messages.in);
    assert_true(counts.websockets.messages.in < MESSAGES / 2);
    for (unsigned i = 0; i < MESSAGES; i++) {
        fill_message(expected, i);
        read_exactly(source, bytes, MESSAGE);
        assert_memory_equal(bytes, expected, MESSAGE);
        if (i % 1000 == 0)
            usleep(20000);
    }
    assert_int_equal(read(source, bytes, 1), 0);
    pthread_join(thread, NULL);
    close(source);
    client_expect_close(client, 1000, NULL);
}

/* The client has gone while its last bytes wait for the source. */
static void last_bytes_are_not_lost(void **state)
{
    enum { TOTAL = 260 * MESSAGE };
    static uint8_t bytes[TOTAL];
    int client = client_open("/pipe.ws"), source = take_end();
    for (int i = 0; i < TOTAL / MESSAGE; i++)
        client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, bytes, MESSAGE);
    close(client);
    usleep(300000);
    read_exactly(source, bytes, TOTAL);
    assert_int_equal(read(source, bytes, 1), 0);
    close(source);
}

static void stops_with_full_pipes(void **state)
{
    enum { CLIENTS = 8 };
    static uint8_t bytes[MESSAGE];
    int clients[CLIENTS], sources[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_open("/pipe.ws");
        sources[i] = take_end();
        for (int k = 0; k < 300; k++)
            client_send(clients[i], CLIENT_FINAL | WEBSOCKET_BINARY, bytes, MESSAGE);
        if (i % 2)
            close(clients[i]);
    }
    usleep(100000);
    int64_t began = place_milliseconds();
    server_stop(place_server);
    assert_true(place_milliseconds() - began < 8000);
    for (int i = 0; i < CLIENTS; i++) {
        while (read(sources[i], bytes, sizeof bytes) > 0)
            continue;
        close(sources[i]);
        if (i % 2 == 0)
            close(clients[i]);
    }
}

static void sources_close_first(void **state)
{
    static uint8_t bytes[MESSAGE];
    int client = client_open("/pipe.ws"), source = take_end();
    for (int k = 0; k < 300; k++) /* the pipe is full and the client held when its reader goes */
        client_send(client, CLIENT_FINAL | WEBSOCKET_BINARY, bytes, MESSAGE);
    usleep(100000);
    close(source);
    client_expect_close(client, 1000, "source was closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_are_one_stream, start, stop),
        cmocka_unit_test_setup_teardown(streams_are_gathered, start, stop),
        cmocka_unit_test_setup_teardown(text_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(frames_are_one_message_each, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_frame_ends_it, start, stop),
        cmocka_unit_test_setup_teardown(refused_sources_are_told, start, stop),
        cmocka_unit_test_setup_teardown(full_pipes_hold_the_client, start, stop),
        cmocka_unit_test_setup_teardown(last_bytes_are_not_lost, start, stop),
        cmocka_unit_test_setup_teardown(stops_with_full_pipes, start, stop),
        cmocka_unit_test_setup_teardown(sources_close_first, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
