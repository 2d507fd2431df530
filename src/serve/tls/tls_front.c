/* The threads that end TLS. See tls_front.h. */
#include "serve/tls/tls_front.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "serve/tls/tls_line.h"
#include "util/clock.h"

enum {
    THREADS = 4,
    EVENTS = 64,
    ACCEPTS = 16, /* connections taken in one go */
    TICK_MS = 1000,
    PAUSE_NS = 20 * 1000 * 1000,
};

/* What an event is of. */
struct end {
    struct entry *entry; /* NULL: of the thread */
    bool is_outer;
};

/* A line on its thread's lists. */
struct entry {
    struct tls_line line;
    struct end outer, inner;
    struct entry *next, *previous;
    struct entry *next_due; /* to be looked at in this round */
    bool is_due;
    uint32_t outer_events, inner_events; /* as registered */
};

struct front_thread {
    struct tls_front *front;
    pthread_t thread;
    bool has_thread;
    int poll;
    struct end stop, clients;
    struct entry *lines;
    struct entry *due;
};

struct tls_front {
    struct tls_front_config config;
    pthread_mutex_t lock; /* of the credentials */
    struct tls_credentials *credentials;
    int stop; /* eventfd, readable when all is to end */
    atomic_uint count;
    struct front_thread threads[THREADS];
    unsigned thread_count;
};

static void add_due(struct front_thread *thread, struct entry *entry)
{
    if (entry->is_due)
        return;
    entry->is_due = true;
    entry->next_due = thread->due;
    thread->due = entry;
}

static void remove_entry(struct front_thread *thread, struct entry *entry)
{
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        thread->lines = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    /* Closing does not take it out of the set: the server has a second descriptor. */
    epoll_ctl(thread->poll, EPOLL_CTL_DEL, entry->line.outer, NULL);
    tls_line_done(&entry->line);
    free(entry);
    atomic_fetch_sub(&thread->front->count, 1);
}

static void watch(struct front_thread *thread, int descriptor, int operation, uint32_t events,
                  struct end *end)
{
    struct epoll_event event = {.events = events, .data.ptr = end};
    epoll_ctl(thread->poll, operation, descriptor, &event);
}

static void set_events(struct front_thread *thread, struct entry *entry)
{
    uint32_t outer, inner;
    tls_line_events(&entry->line, &outer, &inner);
    if (outer != entry->outer_events)
        watch(thread, entry->line.outer, EPOLL_CTL_MOD, outer, &entry->outer);
    if (inner != entry->inner_events)
        watch(thread, entry->line.inner, EPOLL_CTL_MOD, inner, &entry->inner);
    entry->outer_events = outer;
    entry->inner_events = inner;
}

static socklen_t length_of(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

/* Hands a shaken line to the server. False when that fails. */
static bool hand_over(struct front_thread *thread, struct entry *entry)
{
    const struct tls_front_config *config = &thread->front->config;
    struct tls_line *line = &entry->line;
    int pair[2];
    int client = dup(line->outer);
    if (client < 0)
        return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
        close(client);
        return false;
    }
    tls_line_open(line, pair[0]);
    watch(thread, pair[0], EPOLL_CTL_ADD, 0, &entry->inner);
    entry->inner_events = 0;
    return config->take(config->context, pair[1], client, (struct sockaddr *)&line->address,
                        length_of(&line->address));
}

static void turn(struct front_thread *thread, struct entry *entry, uint64_t now)
{
    tls_line_turn(&entry->line, now);
    if (entry->line.state == TLS_LINE_READY) {
        if (hand_over(thread, entry))
            tls_line_turn(&entry->line, now); /* what came along with the last handshake record */
        else
            entry->line.state = TLS_LINE_OVER;
    }
    if (entry->line.state == TLS_LINE_OVER) {
        remove_entry(thread, entry);
        return;
    }
    set_events(thread, entry);
    if (entry->line.is_hungry)
        add_due(thread, entry);
}

static void add_line(struct front_thread *thread, int descriptor,
                     const struct sockaddr_storage *address)
{
    struct tls_front *front = thread->front;
    struct entry *entry = calloc(1, sizeof *entry);
    int one = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    pthread_mutex_lock(&front->lock);
    struct tls_credentials *credentials = tls_credentials_ref(front->credentials);
    pthread_mutex_unlock(&front->lock);
    bool is_made =
        entry && tls_line_init(&entry->line, descriptor, credentials, clock_monotonic_ns());
    tls_credentials_unref(credentials);
    if (!is_made) {
        if (!entry)
            close(descriptor);
        free(entry);
        atomic_fetch_sub(&front->count, 1);
        return;
    }
    entry->line.address = *address;
    entry->outer = (struct end){entry, true};
    entry->inner = (struct end){entry, false};
    entry->next = thread->lines;
    if (entry->next)
        entry->next->previous = entry;
    thread->lines = entry;
    entry->outer_events = EPOLLIN;
    watch(thread, descriptor, EPOLL_CTL_ADD, EPOLLIN, &entry->outer);
}

static void take_clients(struct front_thread *thread)
{
    struct tls_front *front = thread->front;
    const struct tls_front_config *config = &front->config;
    for (unsigned i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage address = {0};
        socklen_t length = sizeof address;
        int descriptor = accept4(config->listener, (struct sockaddr *)&address, &length,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            if (errno == EMFILE || errno == ENFILE) /* else it would be asked again at once */
                nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
            return;
        }
        bool has_room = atomic_fetch_add(&front->count, 1) < config->limit;
        if (has_room && config->is_allowed(config->context, (struct sockaddr *)&address, length)) {
            add_line(thread, descriptor, &address);
        } else {
            close(descriptor);
            atomic_fetch_sub(&front->count, 1);
        }
    }
}

static void turn_due(struct front_thread *thread)
{
    uint64_t now = clock_monotonic_ns();
    struct entry *due = thread->due;
    thread->due = NULL;
    while (due) {
        struct entry *entry = due;
        due = entry->next_due;
        entry->is_due = false;
        turn(thread, entry, now);
    }
}

/* Lines that have not shaken hands in time. */
static void find_late(struct front_thread *thread)
{
    uint64_t now = clock_monotonic_ns();
    for (struct entry *at = thread->lines; at; at = at->next)
        if (at->line.deadline_ns && now >= at->line.deadline_ns)
            add_due(thread, at);
}

/* A client that has gone for good is not waited for, whatever it sent before. */
static void hear(struct front_thread *thread, struct end *end, uint32_t events)
{
    if (end->is_outer && (events & (EPOLLHUP | EPOLLERR)))
        end->entry->line.state = TLS_LINE_OVER;
    add_due(thread, end->entry);
}

static void *run_thread(void *context)
{
    struct front_thread *thread = context;
    struct epoll_event events[EVENTS];
    uint64_t ticked = clock_monotonic_ns();
    for (;;) {
        int count = epoll_wait(thread->poll, events, EVENTS, thread->due ? 0 : TICK_MS);
        for (int i = 0; i < count; i++) {
            struct end *end = events[i].data.ptr;
            if (end == &thread->stop)
                return NULL;
            if (end == &thread->clients)
                take_clients(thread);
            else
                hear(thread, end, events[i].events);
        }
        uint64_t now = clock_monotonic_ns();
        if (now - ticked >= TICK_MS * NS_PER_MS) {
            ticked = now;
            find_late(thread);
        }
        turn_due(thread);
    }
}

static int start_thread(struct front_thread *thread)
{
    struct tls_front *front = thread->front;
    struct epoll_event stop = {.events = EPOLLIN, .data.ptr = &thread->stop};
    struct epoll_event clients = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &thread->clients};
    thread->poll = epoll_create1(EPOLL_CLOEXEC);
    if (thread->poll < 0 || epoll_ctl(thread->poll, EPOLL_CTL_ADD, front->stop, &stop) != 0 ||
        epoll_ctl(thread->poll, EPOLL_CTL_ADD, front->config.listener, &clients) != 0)
        return -errno;
    int error = pthread_create(&thread->thread, NULL, run_thread, thread);
    thread->has_thread = !error;
    return -error;
}

struct tls_front *tls_front_start(const struct tls_front_config *config,
                                  struct tls_credentials *credentials)
{
    struct tls_front *front = calloc(1, sizeof *front);
    if (!front)
        return NULL;
    front->config = *config;
    front->credentials = tls_credentials_ref(credentials);
    pthread_mutex_init(&front->lock, NULL);
    front->thread_count = config->threads < THREADS ? config->threads : THREADS;
    for (unsigned i = 0; i < front->thread_count; i++)
        front->threads[i] = (struct front_thread){.front = front, .poll = -1};
    front->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int error = front->stop < 0 ? -errno : 0;
    for (unsigned i = 0; i < front->thread_count && !error; i++)
        error = start_thread(&front->threads[i]);
    if (!error)
        return front;
    tls_front_stop(front);
    errno = -error;
    return NULL;
}

void tls_front_renew(struct tls_front *front, struct tls_credentials *credentials)
{
    pthread_mutex_lock(&front->lock);
    struct tls_credentials *before = front->credentials;
    front->credentials = tls_credentials_ref(credentials);
    pthread_mutex_unlock(&front->lock);
    tls_credentials_unref(before);
}

void tls_front_stop(struct tls_front *front)
{
    if (!front)
        return;
    if (front->stop >= 0)
        eventfd_write(front->stop, 1);
    for (unsigned i = 0; i < front->thread_count; i++) {
        struct front_thread *thread = &front->threads[i];
        if (thread->has_thread)
            pthread_join(thread->thread, NULL);
        while (thread->lines)
            remove_entry(thread, thread->lines);
        if (thread->poll >= 0)
            close(thread->poll);
    }
    if (front->stop >= 0)
        close(front->stop);
    tls_credentials_unref(front->credentials);
    pthread_mutex_destroy(&front->lock);
    free(front);
}
