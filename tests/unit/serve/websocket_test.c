/* Websockets of a real server: handshakes, logins, origins, messages both ways, clients that do
 * what they may not, do not read or vanish, hundreds of sockets, tasks, stopping in the middle. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "serve/websocket/websocket_task.h"
#include "websocket_place.h"

/* Half a second is for closing handshakes; a loaded machine with a sanitizer is allowed more. */
enum { STOP_MILLISECONDS = 8000, LIMIT = 100000, QUEUE_LIMIT = 300000, BIG = 100000 };

/* ---- endpoints */

static atomic_int opened, closed, contexts_freed;
static atomic_uint last_code;

static void on_open(struct websocket *socket)
{
    atomic_fetch_add(&opened, 1);
}

static void on_close(struct websocket *socket, unsigned code)
{
    atomic_store(&last_code, code);
    atomic_fetch_add(&closed, 1);
    assert_int_equal(websocket_send_bytes(socket, WEBSOCKET_TEXT, "late", 4), -EPIPE);
}

static void free_context(void *context)
{
    atomic_fetch_add(&contexts_freed, 1);
    free(context);
}

static void echo(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                 size_t length)
{
    websocket_send_bytes(socket, kind, bytes, length);
}

/* "flood": more than may wait; "close": closes; "pause": reads on after a while. */
static struct websocket *paused;

static void wake(struct websocket_task *task, bool stopping);
static struct websocket_task waker = {.run = wake, .every_ms = 200};

static void wake(struct websocket_task *task, bool stopping)
{
    if (paused && !stopping)
        websocket_resume(paused);
    paused = NULL;
}

static void obey(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                 size_t length)
{
    static const char big[BIG];
    if (length == 5 && memcmp(bytes, "flood", 5) == 0) {
        int sent = 0;
        while (websocket_send_bytes(socket, WEBSOCKET_BINARY, big, BIG) == 0)
            sent++;
        assert_int_equal(sent, QUEUE_LIMIT / BIG - 1);
        assert_int_equal(websocket_send_bytes(socket, WEBSOCKET_TEXT, "", 0), -EPIPE);
    } else if (length == 5 && memcmp(bytes, "close", 5) == 0) {
        websocket_send_bytes(socket, WEBSOCKET_TEXT, "first", 5);
        websocket_close(socket, 4001, "as you wish");
        websocket_close(socket, 4002, "too late");
    } else if (length == 5 && memcmp(bytes, "pause", 5) == 0) {
        websocket_pause(socket);
        paused = socket;
    } else {
        echo(socket, kind, bytes, length);
    }
}

static const struct websocket_type echo_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = LIMIT,
    .queue_limit = QUEUE_LIMIT,
    .on_open = on_open,
    .on_message = echo,
    .on_close = on_close,
    .free_context = free_context,
};

static const struct websocket_type obedient_type = {
    .accepts = WEBSOCKET_TEXT | WEBSOCKET_BINARY,
    .message_limit = LIMIT,
    .queue_limit = QUEUE_LIMIT,
    .on_open = on_open,
    .on_message = obey,
    .on_close = on_close,
    .free_context = free_context,
};

static void open_echo(struct request *request)
{
    websocket_accept(request, &echo_type, strdup("context"));
}

static void open_obedient(struct request *request)
{
    websocket_accept(request, &obedient_type, strdup("context"));
}

/* Subscribers of what publish() says. */
enum { SUBSCRIBERS = 500 };
static pthread_mutex_t subscribers_lock = PTHREAD_MUTEX_INITIALIZER;
static struct websocket *subscribers[SUBSCRIBERS];
static size_t subscriber_count;

static void subscribe(struct websocket *socket)
{
    pthread_mutex_lock(&subscribers_lock);
    subscribers[subscriber_count++] = socket;
    pthread_mutex_unlock(&subscribers_lock);
}

static void unsubscribe(struct websocket *socket, unsigned code)
{
    pthread_mutex_lock(&subscribers_lock);
    for (size_t i = 0; i < subscriber_count; i++)
        if (subscribers[i] == socket)
            subscribers[i--] = subscribers[--subscriber_count];
    pthread_mutex_unlock(&subscribers_lock);
}

static const struct websocket_type subscriber_type = {
    .queue_limit = QUEUE_LIMIT,
    .on_open = subscribe,
    .on_close = unsubscribe,
};

static void open_subscriber(struct request *request)
{
    websocket_accept(request, &subscriber_type, NULL);
}

static void publish(const char *text)
{
    struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, text, strlen(text));
    pthread_mutex_lock(&subscribers_lock);
    for (size_t i = 0; i < subscriber_count; i++)
        assert_int_equal(websocket_send(subscribers[i], message), 0);
    pthread_mutex_unlock(&subscribers_lock);
    websocket_message_unref(message);
}

// clang-format off
static const struct route test_routes[] = {
    {METHOD_WEBSOCKET, "/echo", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_echo, "."},
    {METHOD_WEBSOCKET, "/obey", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_obedient, "."},
    {METHOD_WEBSOCKET, "/subscribe", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_subscriber, "."},
    {0},
};
// clang-format on
static const struct route *const tables[] = {test_routes, NULL};

#define ECHO "GET /echo.ws HTTP/1.1\r\n" CLIENT_LOGIN CLIENT_HANDSHAKE

static int start(void **state)
{
    atomic_store(&opened, 0);
    atomic_store(&closed, 0);
    atomic_store(&contexts_freed, 0);
    place_open();
    place_start(tables);
    websocket_task_start(server_websockets(place_server), &waker);
    return 0;
}

static int stop(void **state)
{
    int64_t began = place_milliseconds();
    place_close();
    assert_true(place_milliseconds() - began < STOP_MILLISECONDS);
    assert_int_equal(atomic_load(&opened), atomic_load(&closed));
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

static void wait_until(atomic_int *value, int wanted)
{
    for (int i = 0; i < 1000 && atomic_load(value) != wanted; i++)
        usleep(10000);
    assert_int_equal(atomic_load(value), wanted);
}

/* ---- messages */

static void messages_come_back(void **state)
{
    struct buffer bytes = {0};
    struct client_frame frame = {0};
    char *big = malloc(LIMIT);
    int descriptor = client_open("/echo.ws");
    client_send_text(descriptor, "gr\xc3\xbc\xc3\x9f");
    client_expect_text(descriptor, "gr\xc3\xbc\xc3\x9f");
    client_send_text(descriptor, "");
    client_expect_text(descriptor, "");
    client_add_frame(&bytes, WEBSOCKET_TEXT, "in ", 3);
    client_add_frame(&bytes, CLIENT_FINAL | WEBSOCKET_PING, "ping", 4);
    client_add_frame(&bytes, CLIENT_FINAL, "parts", 5);
    for (size_t i = 0; i < bytes.length; i++)
        client_write(descriptor, bytes.data + i, 1);
    client_expect(descriptor, CLIENT_FINAL | WEBSOCKET_PONG, "ping");
    client_expect_text(descriptor, "in parts");
    memset(big, 'x', LIMIT);
    client_send(descriptor, CLIENT_FINAL | WEBSOCKET_TEXT, big, LIMIT);
    assert_true(client_read(descriptor, &frame));
    assert_int_equal(frame.payload.length, LIMIT);
    assert_memory_equal(frame.payload.data, big, LIMIT);
    client_send(descriptor, CLIENT_FINAL | WEBSOCKET_CLOSE, "\x03\xe8thanks", 8);
    client_expect_close(descriptor, 1000, NULL);
    wait_until(&closed, 1);
    assert_int_equal(atomic_load(&last_code), 1000);
    buffer_done(&frame.payload);
    buffer_done(&bytes);
    free(big);
}

/* Frames that come in one piece with the handshake are not lost. */
static void early_messages(void **state)
{
    struct buffer bytes = {0};
    char head[2000];
    int descriptor = client_dial();
    buffer_add_text(&bytes, ECHO "\r\n");
    client_add_frame(&bytes, CLIENT_FINAL | WEBSOCKET_TEXT, "early", 5);
    client_add_frame(&bytes, CLIENT_FINAL | WEBSOCKET_TEXT, "too", 3);
    client_write(descriptor, bytes.data, bytes.length - 2);
    client_read_head(descriptor, head, sizeof head);
    client_expect_text(descriptor, "early");
    client_write(descriptor, bytes.data + bytes.length - 2, 2);
    client_expect_text(descriptor, "too");
    close(descriptor);
    buffer_done(&bytes);
}

static void endpoints_close_and_pause(void **state)
{
    int descriptor = client_open("/obey.ws");
    client_send_text(descriptor, "close");
    client_send_text(descriptor, "not told of");
    client_expect_text(descriptor, "first");
    client_expect_close(descriptor, 4001, "as you wish");
    wait_until(&closed, 1);
    assert_int_equal(atomic_load(&last_code), 4001);
    descriptor = client_open("/obey.ws");
    client_send_text(descriptor, "pause");
    client_send_text(descriptor, "after it");
    client_send_text(descriptor, "and this");
    client_expect_text(descriptor, "after it");
    client_expect_text(descriptor, "and this");
    client_send(descriptor, CLIENT_FINAL | WEBSOCKET_CLOSE, NULL, 0);
    client_expect(descriptor, CLIENT_FINAL | WEBSOCKET_CLOSE, "");
    close(descriptor);
    wait_until(&closed, 2);
    assert_int_equal(atomic_load(&last_code), 1005);
}

static void counters(void **state)
{
    struct server_counts counts;
    int descriptor = client_open("/echo.ws");
    client_send_text(descriptor, "one");
    client_expect_text(descriptor, "one");
    server_counts(place_server, &counts);
    assert_int_equal(counts.websockets.open, 1);
    assert_int_equal(counts.websockets.messages.in, 1);
    for (int i = 0; i < 100 && !counts.websockets.messages.out; i++) {
        usleep(10000);
        server_counts(place_server, &counts);
    }
    assert_int_equal(counts.websockets.messages.out, 1);
    assert_int_equal(counts.websockets.messages.queue_bytes, 0);
    assert_int_equal(counts.websockets.messages.dropped, 0);
    close(descriptor);
    wait_until(&closed, 1);
}

/* ---- clients that do what they may not */

static void protocol_errors(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        unsigned code;
        const char *reason;
    } cases[] = {
        {"\x81\x02hi", 4, 1002, "mask"},
        {"\x83\x80\1\2\3\4", 6, 1002, NULL},
        {"\xc1\x80\1\2\3\4", 6, 1002, "extension"},
        {"\x80\x80\1\2\3\4", 6, 1002, NULL},
        {"\x89\xfe\0\x7e\1\2\3\4", 8, 1002, NULL},
        {"\x82\x80\1\2\3\4", 6, 1003, "text"},
        {"\x81\x81\0\0\0\0\xff", 7, 1007, "UTF-8"},
        {"\x81\xff\0\0\0\0\0\1\x86\xa1\1\2\3\4", 14, 1009, "longer"},
        {"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4", 14, 1009, NULL},
        {"\x88\x82\0\0\0\0\0\0", 8, 1002, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int descriptor = client_open("/echo.ws");
        client_write(descriptor, cases[i].bytes, cases[i].length);
        client_send_text(descriptor, "more that is not read");
        client_expect_close(descriptor, cases[i].code, cases[i].reason);
        wait_until(&closed, (int)i + 1);
        assert_int_equal(atomic_load(&last_code), cases[i].code);
    }
}

/* Fragments without an end: the server says stop, at its limit. */
static void endless_fragments(void **state)
{
    struct buffer bytes = {0};
    int descriptor = client_open("/echo.ws");
    client_send(descriptor, WEBSOCKET_TEXT, "", 0);
    for (int i = 0; i < 1000; i++)
        client_add_frame(&bytes, 0, "xxxxxxxxxx", 10);
    for (int i = 0; i < 100; i++)
        if (!client_write(descriptor, bytes.data, bytes.length))
            break;
    client_expect_close(descriptor, 1009, "longer");
    buffer_done(&bytes);
    wait_until(&closed, 1);
}

static void slow_readers_are_closed(void **state)
{
    struct server_counts counts;
    int descriptor = client_open("/obey.ws");
    client_send_text(descriptor, "flood");
    for (int i = 0; i < 100; i++) {
        server_counts(place_server, &counts);
        if (counts.websockets.messages.dropped >= 1)
            break;
        usleep(10000);
    }
    assert_true(counts.websockets.messages.dropped >= 1);
    client_expect_close(descriptor, 1008, "dropped");
    wait_until(&closed, 1);
    assert_int_equal(atomic_load(&last_code), 1008);
    server_counts(place_server, &counts);
    assert_int_equal(counts.websockets.messages.queue_bytes, 0);
}

/* One that is closed but never reads is cut; it costs nobody else anything. */
static void never_readers_are_cut(void **state)
{
    struct buffer pings = {0};
    int flooder = client_open("/echo.ws"), other = client_open("/echo.ws");
    int64_t began = place_milliseconds();
    for (int i = 0; i < 10000; i++)
        client_add_frame(&pings, CLIENT_FINAL | WEBSOCKET_PING, "0123456789", 10);
    struct timeval patience = {.tv_sec = 3};
    setsockopt(flooder, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    while (client_write(flooder, pings.data, pings.length) &&
           place_milliseconds() - began < 20000) {
        int64_t asked = place_milliseconds();
        client_send_text(other, "are you there?");
        client_expect_text(other, "are you there?");
        assert_true(place_milliseconds() - asked < 2000);
    }
    wait_until(&closed, 1);
    assert_int_equal(atomic_load(&last_code), 1008);
    close(flooder);
    close(other);
    buffer_done(&pings);
    wait_until(&closed, 2);
}

static void clients_vanish(void **state)
{
    struct linger linger = {.l_onoff = 1};
    int descriptor = client_open("/echo.ws");
    wait_until(&opened, 1);
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(descriptor);
    wait_until(&closed, 1);
    assert_int_equal(atomic_load(&last_code), 1006);
    descriptor = client_open("/echo.ws");
    client_write(descriptor, "\x81\xfe\x10", 3);
    close(descriptor);
    wait_until(&closed, 2);
    assert_int_equal(atomic_load(&last_code), 1006);
    wait_until(&contexts_freed, 2);
}

/* ---- many */

enum { PUBLISHERS = 4, EVENTS = 25 };

static void *publish_many(void *context)
{
    char text[32];
    for (int i = 0; i < EVENTS; i++) {
        snprintf(text, sizeof text, "%c %d", *(char *)context, i);
        publish(text);
        usleep(1000);
    }
    return NULL;
}

/* Reads every event; those of each publisher are in order. */
static void read_events(int descriptor)
{
    int next[PUBLISHERS] = {0};
    struct client_frame frame = {0};
    for (int i = 0; i < PUBLISHERS * EVENTS; i++) {
        assert_true(client_read(descriptor, &frame));
        const char *text = (const char *)frame.payload.data;
        int publisher = text[0] - 'a';
        assert_true(publisher >= 0 && publisher < PUBLISHERS);
        assert_int_equal(atoi(text + 2), next[publisher]++);
    }
    buffer_done(&frame.payload);
}

/* Everybody has read everything: one of them was sent just that. */
static void check_subscriber(void)
{
    struct websocket_counts counts = {0};
    pthread_mutex_lock(&subscribers_lock);
    for (int i = 0; i < 1000 && counts.out < PUBLISHERS * EVENTS; i++) {
        websocket_counts(subscribers[0], &counts);
        usleep(1000);
    }
    pthread_mutex_unlock(&subscribers_lock);
    assert_int_equal(counts.out, PUBLISHERS * EVENTS);
    assert_int_equal(counts.in, 0);
    assert_int_equal(counts.dropped, 0);
    assert_int_equal(counts.queue_bytes, 0);
}

static void shared_messages_reach_everyone(void **state)
{
    static char names[PUBLISHERS] = {'a', 'b', 'c', 'd'};
    int descriptors[SUBSCRIBERS];
    pthread_t threads[PUBLISHERS];
    struct server_counts counts;
    for (int i = 0; i < SUBSCRIBERS; i++)
        descriptors[i] = client_open("/subscribe.ws");
    for (size_t count = 0; count < SUBSCRIBERS; usleep(1000)) {
        pthread_mutex_lock(&subscribers_lock);
        count = subscriber_count;
        pthread_mutex_unlock(&subscribers_lock);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, &names[i]), 0);
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SUBSCRIBERS; i++)
        read_events(descriptors[i]);
    check_subscriber();
    server_counts(place_server, &counts);
    assert_int_equal(counts.websockets.open, SUBSCRIBERS);
    for (int i = 0; i < SUBSCRIBERS; i++)
        close(descriptors[i]);
}

/* ---- tasks */

struct counter {
    struct websocket_task task;
    atomic_int runs, ends;
    int last; /* stops itself after so many runs, 0: never */
};

static void count_run(struct websocket_task *task, bool stopping)
{
    struct counter *counter = (struct counter *)task;
    atomic_fetch_add(stopping ? &counter->ends : &counter->runs, 1);
    if (counter->last && atomic_load(&counter->runs) == counter->last)
        websocket_task_stop(task);
}

static struct counter often = {.task = {.run = count_run, .every_ms = 10}};
static struct counter thrice = {.task = {.run = count_run, .every_ms = 1}, .last = 3};
static struct counter woken = {.task = {.run = count_run}};

static void tasks_run(void **state)
{
    struct websocket_hub *hub = server_websockets(place_server);
    websocket_task_start(hub, &often.task);
    websocket_task_start(hub, &thrice.task);
    websocket_task_start(hub, &woken.task);
    int64_t began = place_milliseconds();
    usleep(200000);
    int runs = atomic_load(&often.runs);
    assert_true(runs >= 2 && runs <= (place_milliseconds() - began) / 10 + 1);
    assert_int_equal(atomic_load(&thrice.runs), 3);
    assert_int_equal(atomic_load(&woken.runs), 0);
    for (int i = 1; i <= 5; i++) {
        websocket_task_wake(&woken.task);
        wait_until(&woken.runs, i);
    }
    websocket_task_wake(&thrice.task); /* has stopped: nothing happens */
    usleep(20000);
    assert_int_equal(atomic_load(&thrice.runs), 3);
    server_stop(place_server);
    assert_int_equal(atomic_load(&often.ends), 1);
    assert_int_equal(atomic_load(&woken.ends), 1);
    assert_int_equal(atomic_load(&thrice.ends), 0);
}

/* ---- stopping */

static void stops_in_the_middle(void **state)
{
    enum { CLIENTS = 60 };
    int clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        switch (i % 6) {
        case 0: clients[i] = client_open("/echo.ws"); break;
        case 1:
            clients[i] = client_open("/echo.ws");
            client_write(clients[i], "\x81\xfe\x10\x00\1\2", 6);
            break;
        case 2:
            clients[i] = client_open("/obey.ws");
            client_send_text(clients[i], "flood");
            break;
        case 3:
            clients[i] = client_dial();
            client_write(clients[i], ECHO, strlen(ECHO));
            break;
        case 4:
            clients[i] = client_dial();
            client_write(clients[i], ECHO "\r\n", strlen(ECHO "\r\n"));
            break;
        default: clients[i] = client_open("/obey.ws"); client_send_text(clients[i], "pause");
        }
    }
    int64_t began = place_milliseconds();
    server_stop(place_server);
    assert_true(place_milliseconds() - began < STOP_MILLISECONDS);
    assert_int_equal(atomic_load(&opened), atomic_load(&closed));
    client_expect_close(clients[0], 1001, "stopping");
    for (int i = 1; i < CLIENTS; i++)
        close(clients[i]);
}

/* The handshake was done while the hub stopped. */
static void upgrades_come_too_late(void **state)
{
    uint8_t byte;
    websocket_hub_stop(server_websockets(place_server));
    for (int i = 0; i < 10; i++) {
        int descriptor = client_open("/echo.ws");
        assert_int_equal(recv(descriptor, &byte, 1, 0), 0);
        close(descriptor);
    }
    assert_int_equal(atomic_load(&opened), 0);
    wait_until(&contexts_freed, 10);
}

static void *send_for_ever(void *context)
{
    struct websocket *socket = context;
    while (websocket_send_bytes(socket, WEBSOCKET_TEXT, "x", 1) != -EPIPE)
        usleep(100);
    websocket_unref(socket);
    return NULL;
}

/* A thread that still sends when the server stops. */
static void senders_are_told_of_the_end(void **state)
{
    pthread_t thread;
    int descriptor = client_open("/subscribe.ws");
    struct websocket *socket = NULL;
    while (!socket) {
        pthread_mutex_lock(&subscribers_lock);
        socket = subscriber_count ? websocket_ref(subscribers[0]) : NULL;
        pthread_mutex_unlock(&subscribers_lock);
    }
    assert_int_equal(pthread_create(&thread, NULL, send_for_ever, socket), 0);
    client_expect_text(descriptor, "x");
    server_stop(place_server);
    pthread_join(thread, NULL);
    close(descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_come_back, start, stop),
        cmocka_unit_test_setup_teardown(early_messages, start, stop),
        cmocka_unit_test_setup_teardown(endpoints_close_and_pause, start, stop),
        cmocka_unit_test_setup_teardown(counters, start, stop),
        cmocka_unit_test_setup_teardown(protocol_errors, start, stop),
        cmocka_unit_test_setup_teardown(endless_fragments, start, stop),
        cmocka_unit_test_setup_teardown(slow_readers_are_closed, start, stop),
        cmocka_unit_test_setup_teardown(never_readers_are_cut, start, stop),
        cmocka_unit_test_setup_teardown(clients_vanish, start, stop),
        cmocka_unit_test_setup_teardown(shared_messages_reach_everyone, start, stop),
        cmocka_unit_test_setup_teardown(tasks_run, start, stop),
        cmocka_unit_test_setup_teardown(stops_in_the_middle, start, stop),
        cmocka_unit_test_setup_teardown(upgrades_come_too_late, start, stop),
        cmocka_unit_test_setup_teardown(senders_are_told_of_the_end, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
