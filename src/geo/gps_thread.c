/* One thread for every connected receiver. See gps_thread.h. */
#include "geo/gps_thread.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "geo/gps_link.h"
#include "util/clock.h"

struct gps_thread {
    const struct gps_config *config;
    pthread_mutex_t *lock;
    pthread_t thread;
    int wake; /* eventfd: something below has changed */
    /* Under the lock; a link itself is the thread's own. */
    bool is_running, stop;
    size_t count;
    struct gps_link *links[GPS_MAX];
    bool dropped[GPS_MAX];
};

static uint64_t now_ms(void)
{
    return clock_boot_ns() / NS_PER_MS;
}

struct gps_thread *gps_thread_new(const struct gps_config *config, pthread_mutex_t *lock)
{
    struct gps_thread *thread = calloc(1, sizeof *thread);
    if (!thread)
        return NULL;
    thread->config = config;
    thread->lock = lock;
    thread->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (thread->wake >= 0)
        return thread;
    free(thread);
    return NULL;
}

static void wake(struct gps_thread *thread)
{
    uint64_t one = 1;
    ssize_t written = write(thread->wake, &one, sizeof one);
    (void)written; /* full means it is awake already */
}

/* With the lock: closes and frees what was dropped. */
static void bury(struct gps_thread *thread)
{
    for (size_t i = thread->count; i-- > 0;) {
        if (!thread->dropped[i])
            continue;
        receiver_free(thread->links[i]->receiver);
        gps_link_free(thread->links[i]);
        thread->count--;
        thread->links[i] = thread->links[thread->count];
        thread->dropped[i] = thread->dropped[thread->count];
    }
}

/* Copies the links that are to be served; false at the end. */
static bool take_links(struct gps_thread *thread, struct gps_link *links[GPS_MAX],
                       size_t *ret_count)
{
    pthread_mutex_lock(thread->lock);
    bury(thread);
    bool goes_on = !thread->stop;
    *ret_count = thread->count;
    for (size_t i = 0; i < thread->count; i++)
        links[i] = thread->links[i];
    pthread_mutex_unlock(thread->lock);
    return goes_on;
}

/* Until something is due, in ms as poll() takes it; -1: nothing is. */
static int next_due(struct gps_link *const *links, size_t count, uint64_t now)
{
    uint64_t due = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (links[i]->due_ms < due)
            due = links[i]->due_ms;
        if (links[i]->rest_ms > now && links[i]->rest_ms < due)
            due = links[i]->rest_ms;
    }
    return due == UINT64_MAX ? -1 : due <= now ? 0 : (int)(due - now);
}

static void *run(void *argument)
{
    struct gps_thread *thread = argument;
    struct gps_link *links[GPS_MAX];
    struct pollfd polled[GPS_MAX + 1];
    size_t count;
    pthread_setname_np(pthread_self(), "norn-gps");
    while (take_links(thread, links, &count)) {
        for (size_t i = 0; i < count; i++) {
            gps_link_tick(links[i], now_ms());
            bool rests = links[i]->rest_ms > now_ms();
            polled[i] = (struct pollfd){.fd = rests ? -1 : links[i]->descriptor, .events = POLLIN};
        }
        polled[count] = (struct pollfd){.fd = thread->wake, .events = POLLIN};
        if (poll(polled, count + 1, next_due(links, count, now_ms())) <= 0)
            continue;
        for (size_t i = 0; i < count; i++)
            if (polled[i].revents)
                gps_link_read(links[i], now_ms(), clock_wall_ns());
        uint64_t times;
        ssize_t taken = polled[count].revents ? read(thread->wake, &times, sizeof times) : 0;
        (void)taken; /* what it is woken for is looked at next */
    }
    return NULL;
}

void gps_thread_free(struct gps_thread *thread)
{
    if (!thread)
        return;
    pthread_mutex_lock(thread->lock);
    thread->stop = true;
    bool is_running = thread->is_running;
    pthread_mutex_unlock(thread->lock);
    wake(thread);
    if (is_running)
        pthread_join(thread->thread, NULL);
    bury(thread);
    for (size_t i = 0; i < thread->count; i++)
        gps_link_free(thread->links[i]);
    close(thread->wake);
    free(thread);
}

int gps_thread_add(struct gps_thread *thread, struct receiver *receiver)
{
    if (thread->count == GPS_MAX)
        return -ENOSPC;
    struct gps_link *link = gps_link_new(receiver, thread->config, thread->lock);
    if (!link)
        return -ENOMEM;
    if (!thread->is_running && pthread_create(&thread->thread, NULL, run, thread) != 0) {
        gps_link_free(link);
        return -EAGAIN;
    }
    thread->is_running = true;
    thread->dropped[thread->count] = false;
    thread->links[thread->count++] = link;
    wake(thread);
    return 0;
}

void gps_thread_drop(struct gps_thread *thread, struct receiver *receiver)
{
    for (size_t i = 0; i < thread->count; i++)
        if (thread->links[i]->receiver == receiver)
            thread->dropped[i] = true;
    wake(thread);
}
