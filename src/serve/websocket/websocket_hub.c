/* The websocket thread and its rounds. See websocket_hub.h. */
#include "serve/websocket/websocket_hub.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "serve/websocket/websocket_inside.h"
#include "util/clock.h"

enum {
    REST_NANOSECONDS = 100 * 1000, /* after a round, for each socket that had a turn */
    REST_LONGEST = 2 * 1000 * 1000,
    TICK_MILLISECONDS = 250,
    STOP_MILLISECONDS = 500, /* for closing handshakes */
};

static int64_t milliseconds(void)
{
    return (int64_t)(clock_monotonic_ns() / NS_PER_MS);
}

struct websocket_hub *websocket_hub_new(const struct websocket_hub_config *config)
{
    struct websocket_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return NULL;
    hub->config = *config;
    hub->epoll = hub->bell.descriptor = -1;
    hub->next_due = INT64_MAX;
    atomic_init(&hub->is_awake, true);
    pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

bool websocket_hub_take_place(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    pthread_mutex_lock(&hub->lock);
    socket->has_place = hub->counts.open < hub->config.limit;
    hub->counts.open += socket->has_place;
    pthread_mutex_unlock(&hub->lock);
    return socket->has_place;
}

void websocket_hub_give_place(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    pthread_mutex_lock(&hub->lock);
    hub->counts.open -= socket->has_place;
    socket->has_place = false;
    pthread_mutex_unlock(&hub->lock);
}

void websocket_hub_ring(struct websocket_hub *hub)
{
    uint64_t one = 1;
    if (!atomic_exchange(&hub->is_awake, true) &&
        write(hub->bell.descriptor, &one, sizeof one) != sizeof one)
        return; /* it is ringing already */
}

void websocket_hub_touch(struct websocket *socket)
{
    struct websocket_hub *hub = socket->hub;
    if (socket->is_touched || socket->phase == PHASE_GONE)
        return;
    socket->is_touched = true;
    socket->next_touched = hub->touched;
    hub->touched = websocket_ref(socket);
}

void websocket_hub_open(struct websocket *socket, const struct websocket_line *line,
                        const void *early, size_t early_length)
{
    struct websocket_hub *hub = socket->hub;
    socket->line = *line;
    buffer_add(&socket->unread, early, early_length);
    pthread_mutex_lock(&hub->lock);
    bool opens = !hub->is_over && !socket->unread.failed;
    if (opens)
        websocket_hub_touch(socket);
    pthread_mutex_unlock(&hub->lock);
    if (opens)
        websocket_hub_ring(hub);
    else
        line->release(line->handle);
    websocket_unref(socket);
}

void websocket_hub_counts(struct websocket_hub *hub, struct websocket_hub_counts *ret_counts)
{
    pthread_mutex_lock(&hub->lock);
    *ret_counts = hub->counts;
    pthread_mutex_unlock(&hub->lock);
}

/* What is ready already but not yet told of is forgotten. */
static void forget_events(struct websocket_hub *hub, const struct websocket_watch *watch)
{
    for (int i = 0; i < hub->event_count; i++)
        if (hub->events[i].data.ptr == watch)
            hub->events[i].data.ptr = NULL;
}

int websocket_hub_watch(struct websocket_hub *hub, struct websocket_watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    int operation = !watch->events ? EPOLL_CTL_ADD : events ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
    if (watch->events == events)
        return 0;
    if (!events)
        forget_events(hub, watch);
    if (epoll_ctl(hub->epoll, operation, watch->descriptor, &event) < 0)
        return -errno;
    watch->events = events;
    return 0;
}

/* ---- rounds */

static void on_bell(struct websocket_watch *watch, uint32_t events)
{
    uint64_t rings;
    if (read(watch->descriptor, &rings, sizeof rings) < 0)
        return; /* nobody rang after all */
}

/* Has those read that gather, of whom the kernel does not tell in time. */
static void look(struct websocket_hub *hub)
{
    if (!hub->gathering || hub->now < hub->next_look)
        return;
    hub->next_look = hub->now + HUB_GATHER;
    pthread_mutex_lock(&hub->lock);
    for (struct websocket *socket = hub->sockets; socket; socket = socket->next)
        if (socket->gathers) {
            socket->wants_read = true;
            websocket_hub_touch(socket);
        }
    pthread_mutex_unlock(&hub->lock);
}

/* Milliseconds to sleep: until someone rings where nothing is due. */
static int sleep_time(struct websocket_hub *hub, int64_t next_tick)
{
    int64_t now = milliseconds();
    int64_t next = hub->gathering && hub->next_look < next_tick ? hub->next_look : next_tick;
    pthread_mutex_lock(&hub->lock);
    int64_t due = hub->next_due < next ? hub->next_due : next;
    bool busy = hub->touched || due <= now;
    pthread_mutex_unlock(&hub->lock);
    return busy ? 0 : (int)(due - now);
}

static void wait_for_events(struct websocket_hub *hub, int64_t next_tick)
{
    atomic_store(&hub->is_awake, false);
    int timeout = sleep_time(hub, next_tick);
    int count = epoll_wait(hub->epoll, hub->events, HUB_EVENTS, timeout);
    atomic_store(&hub->is_awake, true);
    hub->event_count = count > 0 ? count : 0;
}

static void tell_events(struct websocket_hub *hub)
{
    for (int i = 0; i < hub->event_count; i++) {
        struct websocket_watch *watch = hub->events[i].data.ptr;
        if (watch)
            watch->on_ready(watch, hub->events[i].events);
    }
    hub->event_count = 0;
}

/* Whoever is touched from now on has its turn in the next round. How many had one. */
static unsigned give_turns(struct websocket_hub *hub)
{
    unsigned turns = 0;
    pthread_mutex_lock(&hub->lock);
    struct websocket *socket = hub->touched;
    hub->touched = NULL;
    while (socket) {
        struct websocket *next = socket->next_touched;
        socket->is_touched = false;
        pthread_mutex_unlock(&hub->lock);
        websocket_turn_run(socket);
        websocket_unref(socket);
        socket = next;
        turns++;
        pthread_mutex_lock(&hub->lock);
    }
    pthread_mutex_unlock(&hub->lock);
    return turns;
}

static void tick(struct websocket_hub *hub)
{
    for (struct websocket *socket = hub->sockets; socket; socket = socket->next)
        websocket_turn_tick(socket);
}

/* Lets more come together for the next round, unless something is left of this one. */
static void rest(struct websocket_hub *hub, unsigned turns)
{
    int64_t length = (int64_t)turns * REST_NANOSECONDS;
    struct timespec time = {.tv_nsec = length < REST_LONGEST ? length : REST_LONGEST};
    if (length && !hub->is_behind)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
    hub->is_behind = false;
}

static bool is_stopping(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool stopping = hub->is_stopping;
    pthread_mutex_unlock(&hub->lock);
    return stopping;
}

void websocket_hub_dismiss(struct websocket *socket)
{
    if (is_stopping(socket->hub))
        websocket_close(socket, 1001, "the server is stopping");
}

/* Begins to close everything when the hub is to stop: the end of its patience, else `never`. */
static int64_t check_stop(struct websocket_hub *hub, int64_t never)
{
    if (!is_stopping(hub))
        return never;
    for (struct websocket *socket = hub->sockets; socket; socket = socket->next)
        websocket_hub_dismiss(socket);
    return hub->now + STOP_MILLISECONDS;
}

/* True when no socket is there, nor on its way: its client may have heard that it is open. */
static bool is_empty(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool empty = !hub->touched && !hub->sockets && !hub->counts.open;
    pthread_mutex_unlock(&hub->lock);
    return empty;
}

static void end(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->is_over = true;
    pthread_mutex_unlock(&hub->lock);
    give_turns(hub); /* for those that never began */
    while (hub->sockets)
        websocket_turn_cut(hub->sockets);
    give_turns(hub);
    websocket_task_end(hub);
}

static void *run(void *context)
{
    struct websocket_hub *hub = context;
    const int64_t never = INT64_MAX;
    int64_t next_tick = 0, end_at = never;
    pthread_setname_np(pthread_self(), "norn-websocket");
    while (end_at == never || (hub->now < end_at && !is_empty(hub))) {
        wait_for_events(hub, end_at < next_tick ? end_at : next_tick);
        hub->now = milliseconds();
        tell_events(hub);
        look(hub);
        websocket_task_run_due(hub);
        unsigned turns = give_turns(hub);
        if (hub->now >= next_tick) {
            tick(hub);
            next_tick = hub->now + TICK_MILLISECONDS;
        }
        if (end_at == never)
            end_at = check_stop(hub, never);
        rest(hub, turns);
    }
    end(hub);
    return NULL;
}

static int open_descriptors(struct websocket_hub *hub)
{
    hub->epoll = epoll_create1(EPOLL_CLOEXEC);
    hub->bell = (struct websocket_watch){
        .on_ready = on_bell,
        .descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
    };
    if (hub->epoll < 0 || hub->bell.descriptor < 0)
        return -errno;
    return websocket_hub_watch(hub, &hub->bell, EPOLLIN);
}

int websocket_hub_start(struct websocket_hub *hub)
{
    int error = open_descriptors(hub);
    if (!error)
        error = -pthread_create(&hub->thread, NULL, run, hub);
    hub->is_running = !error;
    return error;
}

void websocket_hub_stop(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool first = !hub->is_stopping;
    hub->is_stopping = true;
    pthread_mutex_unlock(&hub->lock);
    if (!first)
        return;
    if (!hub->is_running) {
        end(hub);
        return;
    }
    websocket_hub_ring(hub);
    pthread_join(hub->thread, NULL);
}

void websocket_hub_free(struct websocket_hub *hub)
{
    if (!hub)
        return;
    websocket_hub_stop(hub);
    if (hub->epoll >= 0)
        close(hub->epoll);
    if (hub->bell.descriptor >= 0)
        close(hub->bell.descriptor);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}
