/* Peers that have gone silent, on a hub with short times and without HTTP: the sockets are pairs.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/websocket/websocket.c"

static struct websocket_hub *hub;
static atomic_int closed, released;
static atomic_uint last_code;

static void on_close(struct websocket *socket, unsigned code)
{
    atomic_store(&last_code, code);
    atomic_fetch_add(&closed, 1);
}

static void pause_at_once(struct websocket *socket)
{
    websocket_pause(socket);
}

static const struct websocket_type quiet_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = 1000,
    .queue_limit = 10000,
    .on_close = on_close,
};

static const struct websocket_type paused_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = 1000,
    .queue_limit = 10000,
    .on_open = pause_at_once,
    .on_close = on_close,
};

static const struct websocket_type pinging_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = 1000,
    .queue_limit = 10000,
    .ping_seconds = 1,
    .on_close = on_close,
};

static void release(void *handle)
{
    close(*(int *)handle);
    atomic_fetch_add(&released, 1);
}

static int start_hub(unsigned ping_seconds, unsigned silence_seconds)
{
    struct websocket_hub_config config = {4, ping_seconds, silence_seconds};
    atomic_store(&closed, 0);
    atomic_store(&released, 0);
    hub = websocket_hub_new(&config);
    return websocket_hub_start(hub);
}

/* The client's end of a socket of that type; ret_ours holds the server's end. */
static int open_pair(const struct websocket_type *type, int *ret_ours)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *ret_ours = ends[0];
    struct websocket_line line = {ends[0], release, ret_ours};
    struct websocket *socket = websocket_new(hub, type, NULL, "test");
    assert_true(websocket_hub_take_place(socket));
    websocket_hub_open(socket, &line, NULL, 0);
    return ends[1];
}

static int64_t milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void expect_ping(int descriptor)
{
    uint8_t bytes[2] = {0};
    struct pollfd poll_one = {descriptor, POLLIN, 0};
    assert_int_equal(poll(&poll_one, 1, 10000), 1);
    assert_int_equal(recv(descriptor, bytes, 2, 0), 2);
    assert_memory_equal(bytes, "\x89\x00", 2);
}

static void wait_for_end(int descriptor)
{
    uint8_t bytes[100];
    struct pollfd poll_one = {descriptor, POLLIN, 0};
    do
        assert_int_equal(poll(&poll_one, 1, 20000), 1);
    while (recv(descriptor, bytes, sizeof bytes, 0) > 0);
    while (!atomic_load(&released))
        usleep(1000);
    assert_int_equal(atomic_load(&closed), 1);
}

static void silent_peers_are_pinged_then_cut(void **state)
{
    int ours;
    assert_int_equal(start_hub(1, 3), 0);
    int64_t began = milliseconds();
    int client = open_pair(&quiet_type, &ours);
    expect_ping(client);
    assert_true(milliseconds() - began >= 1000);
    wait_for_end(client);
    assert_true(milliseconds() - began >= 3000);
    assert_int_equal(atomic_load(&last_code), 1006);
    close(client);
    websocket_hub_free(hub);
}

static void peers_that_answer_stay(void **state)
{
    static const uint8_t pong[] = {0x8a, 0x80, 1, 2, 3, 4};
    int ours;
    assert_int_equal(start_hub(1, 2), 0);
    int client = open_pair(&quiet_type, &ours);
    for (int i = 0; i < 3; i++) {
        expect_ping(client);
        assert_int_equal(send(client, pong, sizeof pong, MSG_NOSIGNAL), sizeof pong);
    }
    assert_int_equal(atomic_load(&closed), 0);
    close(client);
    websocket_hub_free(hub);
    assert_int_equal(atomic_load(&released), 1);
}

/* Whom its endpoint does not read cannot be told silent; it is pinged all the same. */
static void paused_peers_are_not_judged(void **state)
{
    int ours;
    assert_int_equal(start_hub(1, 2), 0);
    int client = open_pair(&paused_type, &ours);
    for (int i = 0; i < 3; i++)
        expect_ping(client);
    assert_int_equal(atomic_load(&closed), 0);
    close(client); /* the next ping finds out */
    for (int i = 0; i < 500 && !atomic_load(&released); i++)
        usleep(10000);
    assert_int_equal(atomic_load(&released), 1);
    websocket_hub_free(hub);
}

static void types_may_ping_more_often(void **state)
{
    int ours;
    assert_int_equal(start_hub(30, 60), 0);
    int client = open_pair(&pinging_type, &ours);
    expect_ping(client);
    expect_ping(client);
    websocket_hub_free(hub); /* nobody answers the close: half a second of patience */
    assert_int_equal(atomic_load(&released), 1);
    assert_int_equal(atomic_load(&last_code), 1001);
    close(client);
}

static void stop_at_once(struct websocket_task *task, bool stopping)
{
    websocket_task_stop(task);
}

static int64_t next_due(void)
{
    pthread_mutex_lock(&hub->lock);
    int64_t due = hub->next_due;
    pthread_mutex_unlock(&hub->lock);
    return due;
}

/* When the last task is stopped nothing is due any more, for which the thread would stay awake. */
static void stopped_tasks_are_not_due(void **state)
{
    struct websocket_task task = {.run = stop_at_once, .every_ms = 1};
    assert_int_equal(start_hub(30, 60), 0);
    websocket_task_start(hub, &task);
    for (int i = 0; i < 1000 && next_due() != INT64_MAX; i++)
        usleep(10000);
    assert_true(next_due() == INT64_MAX);
    websocket_hub_free(hub);
}

/* A hub that has stopped, or never ran, takes nothing and leaks nothing. */
static void sockets_come_too_late(void **state)
{
    struct websocket_hub_config config = {4, 1, 2};
    int ours;
    atomic_store(&closed, 0);
    atomic_store(&released, 0);
    hub = websocket_hub_new(&config);
    websocket_hub_stop(hub);
    int client = open_pair(&quiet_type, &ours);
    assert_int_equal(atomic_load(&released), 1);
    assert_int_equal(atomic_load(&closed), 0); /* it never opened */
    close(client);
    websocket_hub_free(hub);
}

static void *stop_hub(void *argument)
{
    websocket_hub_stop(hub);
    return NULL;
}

/* Its client has heard that it is open when the hub is to stop, before the hub has it. */
static void a_promised_socket_is_told_of_the_stop(void **state)
{
    int ends[2];
    uint8_t bytes[64];
    pthread_t stopper;
    assert_int_equal(start_hub(30, 60), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct websocket *socket = websocket_new(hub, &quiet_type, NULL, "test");
    assert_true(websocket_hub_take_place(socket));
    assert_int_equal(pthread_create(&stopper, NULL, stop_hub, NULL), 0);
    usleep(50 * 1000);
    struct websocket_line line = {ends[0], release, &ends[0]};
    websocket_hub_open(socket, &line, NULL, 0);
    struct pollfd poll_one = {ends[1], POLLIN, 0};
    assert_int_equal(poll(&poll_one, 1, 10000), 1);
    ssize_t length = recv(ends[1], bytes, sizeof bytes, 0);
    assert_true(length > 4);
    assert_memory_equal(bytes + 2, "\x03\xe9the server is stopping", (size_t)length - 2);
    close(ends[1]);
    pthread_join(stopper, NULL);
    assert_int_equal(atomic_load(&last_code), 1001);
    assert_int_equal(atomic_load(&released), 1);
    websocket_hub_free(hub);
}

/* Places are counted from when sockets are accepted, not from when they open: however many are
 * accepted at once, the limit holds. One that never opens gives its place back too. */
static void accepted_sockets_have_places(void **state)
{
    struct websocket *sockets[4], *refused;
    struct websocket_hub_counts counts;
    assert_int_equal(start_hub(30, 60), 0);
    for (int i = 0; i < 4; i++) {
        sockets[i] = websocket_new(hub, &quiet_type, NULL, "test");
        assert_true(websocket_hub_take_place(sockets[i]));
    }
    refused = websocket_new(hub, &quiet_type, NULL, "test");
    assert_false(websocket_hub_take_place(refused));
    websocket_unref(refused);
    websocket_hub_counts(hub, &counts);
    assert_int_equal(counts.open, 4);
    websocket_unref(sockets[0]);
    sockets[0] = websocket_new(hub, &quiet_type, NULL, "test");
    assert_true(websocket_hub_take_place(sockets[0]));
    for (int i = 0; i < 4; i++)
        websocket_unref(sockets[i]);
    websocket_hub_counts(hub, &counts);
    assert_int_equal(counts.open, 0);
    websocket_hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_peers_are_pinged_then_cut),
        cmocka_unit_test(peers_that_answer_stay),
        cmocka_unit_test(paused_peers_are_not_judged),
        cmocka_unit_test(types_may_ping_more_often),
        cmocka_unit_test(stopped_tasks_are_not_due),
        cmocka_unit_test(a_promised_socket_is_told_of_the_stop),
        cmocka_unit_test(sockets_come_too_late),
        cmocka_unit_test(accepted_sockets_have_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
