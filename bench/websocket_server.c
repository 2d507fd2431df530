/* A server to measure websockets with. Input: a rate. `shared RATE`: the path /shared.ws is told
 * RATE texts a second, each begun with the monotonic clock in nanoseconds. `sensors`: the path
 * /sensors.ws is a pipe; what comes is counted and thrown away. Output: the port; and at the end of
 * standard input, for sensors, the bytes that came and the processor time of all threads but the
 * one that reads the pipes. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "serve/http/server.h"
#include "serve/websocket/websocket_pipe.h"

enum { SUBSCRIBERS = 2048, PIPES = 256, MESSAGE = 300, STEP = 64 * 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct websocket *subscribers[SUBSCRIBERS];
static size_t subscriber_count;
static struct pollfd pipes[PIPES];
static atomic_int pipe_count;
static atomic_bool stopping;
static unsigned long long pipe_bytes, reader_nanoseconds;

static unsigned long long nanoseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec;
}

/* ---- shared messages */

static void subscribe(struct websocket *socket)
{
    pthread_mutex_lock(&lock);
    if (subscriber_count < SUBSCRIBERS)
        subscribers[subscriber_count++] = socket;
    pthread_mutex_unlock(&lock);
}

static void unsubscribe(struct websocket *socket, unsigned code)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < subscriber_count; i++)
        if (subscribers[i] == socket)
            subscribers[i--] = subscribers[--subscriber_count];
    pthread_mutex_unlock(&lock);
}

static const struct websocket_type shared_type = {
    .queue_limit = 1024 * 1024,
    .on_open = subscribe,
    .on_close = unsubscribe,
};

static void open_shared(struct request *request)
{
    websocket_accept(request, &shared_type, NULL);
}

static void publish(void)
{
    char text[MESSAGE + 1];
    snprintf(text, sizeof text, "%020llu%*s", nanoseconds(CLOCK_MONOTONIC), MESSAGE - 20, ".");
    struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, text, MESSAGE);
    pthread_mutex_lock(&lock);
    for (size_t i = 0; message && i < subscriber_count; i++)
        websocket_send(subscribers[i], message);
    pthread_mutex_unlock(&lock);
    websocket_message_unref(message);
}

static void *publish_at_rate(void *context)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (!atomic_load(&stopping)) {
        next.tv_nsec += 1000000000 / *(int *)context;
        next.tv_sec += next.tv_nsec / 1000000000;
        next.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        publish();
    }
    return NULL;
}

/* ---- sensors */

static int take(void *context, int descriptor, const char *peer)
{
    int index = atomic_load(&pipe_count);
    if (index == PIPES)
        return -1;
    pipes[index] = (struct pollfd){.fd = descriptor, .events = POLLIN};
    atomic_store(&pipe_count, index + 1);
    return 0;
}

static const struct websocket_pipe_taker taker = {take, NULL};

static void open_sensor(struct request *request)
{
    websocket_pipe_accept(request, &taker);
}

static void *read_pipes(void *context)
{
    static char scratch[STEP];
    while (!atomic_load(&stopping)) {
        struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
        int count = atomic_load(&pipe_count);
        poll(pipes, (nfds_t)count, 100);
        for (int i = 0; i < count; i++) {
            ssize_t length = pipes[i].revents ? read(pipes[i].fd, scratch, STEP) : 0;
            pipe_bytes += length > 0 ? (unsigned long long)length : 0;
            pipes[i].fd = pipes[i].revents && length <= 0 ? -1 : pipes[i].fd;
        }
    }
    reader_nanoseconds = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    return NULL;
}

/* ---- the server */

static const struct route routes[] = {
    {METHOD_WEBSOCKET, "/shared", ROUTE_WEBSOCKET, ROLE_OPEN, BODY_OPTIONAL, open_shared, "."},
    {METHOD_WEBSOCKET, "/sensors", ROUTE_WEBSOCKET, ROLE_OPEN, BODY_OPTIONAL, open_sensor, "."},
    {0},
};
static const struct route *const tables[] = {routes, NULL};

static int save(void *context, const char *name, const void *bytes, size_t length)
{
    return 0;
}

static struct server *start_server(struct options *options, struct auth *auth)
{
    struct buffer why = {0};
    options_set(options, "httpd_port", "0", &why);
    struct server *server = server_open(options, &why);
    if (!server || server_start(server, tables, auth, NULL) != 0) {
        fprintf(stderr, "bench_websocket_server: %.*s\n", (int)why.length, (const char *)why.data);
        exit(1);
    }
    printf("port=%u\n", server_port(server));
    fflush(stdout);
    return server;
}

int main(int argc, char **argv)
{
    const struct option_table table[] = {{"HTTP server", server_options, server_options_count},
                                         {0}};
    struct auth_config config = {.save = save};
    struct options *options = options_new(table);
    struct auth *auth = auth_new(&config);
    int rate = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1;
    bool sensors = argc > 1 && strcmp(argv[1], "sensors") == 0;
    pthread_t thread;
    char byte;
    struct server *server = start_server(options, auth);
    pthread_create(&thread, NULL, sensors ? read_pipes : publish_at_rate, &rate);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    unsigned long long all = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    atomic_store(&stopping, true);
    pthread_join(thread, NULL);
    if (sensors)
        printf("bytes=%llu\nnanoseconds=%llu\n", pipe_bytes, all - reader_nanoseconds);
    server_free(server);
    auth_free(auth);
    options_free(options);
    return 0;
}
