/* A server for tests of websockets, and a client of it that works byte by byte: it can say what no
 * library would. */
#ifndef NORN_TESTS_WEBSOCKET_PLACE_H
#define NORN_TESTS_WEBSOCKET_PLACE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/http/server.h"
#include "util/bytes.h"

/* ---- a server */

static struct options *place_options;
static struct auth *place_auth;
static struct server *place_server;

static inline void place_set(const char *key, const char *value)
{
    struct buffer why = {0};
    assert_int_equal(options_set(place_options, key, value, &why), 0);
}

static inline int place_save(void *context, const char *name, const void *bytes, size_t length)
{
    return 0;
}

/* Everything up to the first thread; the login is me, secret. */
static inline void place_open(void)
{
    const struct option_table table[] = {{"HTTP server", server_options, server_options_count},
                                         {0}};
    struct auth_config config = {.session_timeout = 60, .save = place_save};
    place_options = options_new(table);
    place_set("httpd_port", "0");
    place_auth = auth_new(&config);
    auth_set_credentials(place_auth, "me", "secret", false);
}

static inline void place_start(const struct route *const *tables)
{
    struct buffer why = {0};
    place_server = server_open(place_options, &why);
    assert_non_null(place_server);
    assert_int_equal(server_start(place_server, tables, place_auth, NULL), 0);
}

static inline void place_close(void)
{
    server_free(place_server);
    auth_free(place_auth);
    options_free(place_options);
}

static inline int64_t place_milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- a client */

enum { CLIENT_FINAL = 0x80, CLIENT_PATIENCE = 20 };

#define CLIENT_HANDSHAKE                                                                           \
    "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                             \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define CLIENT_LOGIN "Authorization: Basic bWU6c2VjcmV0\r\n"

static inline int client_dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server_port(place_server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = CLIENT_PATIENCE};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(descriptor >= 0);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

/* False when the server has cut the connection. */
static inline bool client_write(int descriptor, const void *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t count = send(descriptor, (const uint8_t *)bytes + at, length - at, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        at += (size_t)count;
    }
    return true;
}

/* Reads the head of an answer, byte by byte: what follows stays in the connection. */
static inline void client_read_head(int descriptor, char *ret_head, size_t size)
{
    size_t length = 0;
    while (length + 1 < size && recv(descriptor, ret_head + length, 1, 0) == 1) {
        ret_head[++length] = '\0';
        if (length >= 4 && memcmp(ret_head + length - 4, "\r\n\r\n", 4) == 0)
            return;
    }
    fail_msg("the answer ended early: %.*s", (int)length, ret_head);
}

/* A connection that a websocket is open on. */
static inline int client_open(const char *path)
{
    char request[600], head[2000];
    int descriptor = client_dial();
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" CLIENT_LOGIN CLIENT_HANDSHAKE "\r\n",
             path);
    assert_true(client_write(descriptor, request, strlen(request)));
    client_read_head(descriptor, head, sizeof head);
    assert_memory_equal(head, "HTTP/1.1 101 ", 13);
    return descriptor;
}

/* Appends a masked frame; `first` is its first byte. */
static inline void client_add_frame(struct buffer *buffer, unsigned first, const void *bytes,
                                    size_t length)
{
    static const uint8_t mask[4] = {0xa1, 0xb2, 0xc3, 0xd4};
    buffer_add_byte(buffer, (uint8_t)first);
    buffer_add_byte(buffer, (uint8_t)(0x80 | (length < 126 ? length : length < 65536 ? 126 : 127)));
    for (int shift = length < 126 ? -8 : length < 65536 ? 8 : 56; shift >= 0; shift -= 8)
        buffer_add_byte(buffer, (uint8_t)((uint64_t)length >> shift));
    buffer_add(buffer, mask, sizeof mask);
    uint8_t *room = length ? buffer_room(buffer, length) : NULL;
    for (size_t i = 0; room && i < length; i++)
        room[i] = ((const uint8_t *)bytes)[i] ^ mask[i % 4];
    buffer_advance(buffer, length);
}

static inline bool client_send(int descriptor, unsigned first, const void *bytes, size_t length)
{
    struct buffer frame = {0};
    client_add_frame(&frame, first, bytes, length);
    bool sent = client_write(descriptor, frame.data, frame.length);
    buffer_done(&frame);
    return sent;
}

static inline bool client_send_text(int descriptor, const char *text)
{
    return client_send(descriptor, CLIENT_FINAL | WEBSOCKET_TEXT, text, strlen(text));
}

/* A frame of the server's. */
struct client_frame {
    unsigned first;
    struct buffer payload; /* ends in a NUL that does not count */
};

static inline bool client_read_bytes(int descriptor, struct buffer *buffer, size_t length)
{
    uint8_t *room = buffer_room(buffer, length + 1);
    for (size_t at = 0; at < length;) {
        ssize_t count = recv(descriptor, room + at, length - at, 0);
        if (count <= 0)
            return false;
        at += (size_t)count;
    }
    room[length] = '\0';
    buffer_advance(buffer, length);
    return true;
}

/* The next frame; false at the end of the connection. */
static inline bool client_read(int descriptor, struct client_frame *frame)
{
    struct buffer header = {0};
    frame->payload.length = 0;
    bool good = client_read_bytes(descriptor, &header, 2);
    size_t length = good ? header.data[1] : 0;
    frame->first = good ? header.data[0] : 0;
    if (good && length >= 126) {
        size_t more = length == 126 ? 2 : 8;
        good = client_read_bytes(descriptor, &header, more);
        length = !good ? 0 : more == 2 ? load_be16(header.data + 2) : load_be64(header.data + 2);
    }
    buffer_done(&header);
    return good && client_read_bytes(descriptor, &frame->payload, length);
}

static inline void client_expect(int descriptor, unsigned first, const char *text)
{
    struct client_frame frame = {0};
    assert_true(client_read(descriptor, &frame));
    assert_int_equal(frame.first, first);
    assert_string_equal((const char *)frame.payload.data, text);
    buffer_done(&frame.payload);
}

static inline void client_expect_text(int descriptor, const char *text)
{
    client_expect(descriptor, CLIENT_FINAL | WEBSOCKET_TEXT, text);
}

/* Reads up to the server's close, which must have this code, and a part of its reason where one is
 * given, and to the end of the connection. */
static inline void client_expect_close(int descriptor, unsigned code, const char *reason)
{
    struct client_frame frame = {0};
    do
        assert_true(client_read(descriptor, &frame));
    while (frame.first != (CLIENT_FINAL | WEBSOCKET_CLOSE));
    assert_true(frame.payload.length >= 2);
    assert_int_equal(load_be16(frame.payload.data), code);
    assert_true(!reason || strstr((const char *)frame.payload.data + 2, reason));
    assert_false(client_read(descriptor, &frame));
    buffer_done(&frame.payload);
    close(descriptor);
}

#endif
