/* The hand-over queue between capture threads and the engine. See queue.h.
 * Idle batches are a stack: the one given back last is taken first, so a quiet server touches
 * few of them and a busy one finds them in the cache. */
#include "capture/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "util/clock.h"

enum {
    FILE_BATCHES = 16, /* files may have at a time: they keep the engine busy, and memory small */
    FILE_BATCHES_AGAIN = FILE_BATCHES / 2, /* once they had all: left when files go on reading */
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t idle_live;   /* an idle batch for a live source, or closed */
    pthread_cond_t idle_file;   /* ... for a file */
    pthread_cond_t filled_more; /* a filled batch, or closed */
    struct batch *idle;
    struct batch *filled_first;
    struct batch **filled_end;
    size_t filled;
    size_t frames;    /* in filled batches */
    size_t out;       /* batches that a taker or getter holds */
    size_t unmade;    /* batches that may still be allocated */
    size_t available; /* idle + unmade */
    size_t reserve;   /* of these, kept for live sources */
    size_t files;     /* batches that files have, from taken to given back */
    bool files_full;  /* all they may have: until FILE_BATCHES_AGAIN, not to wake at each */
    size_t room;      /* bytes beside each batch */
    bool closed;
};

struct queue *queue_new(size_t batches, size_t room)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (!queue)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->idle_live, &monotonic);
    pthread_cond_init(&queue->idle_file, &monotonic);
    pthread_cond_init(&queue->filled_more, &monotonic);
    pthread_condattr_destroy(&monotonic);
    queue->filled_end = &queue->filled_first;
    queue->room = room;
    queue->unmade = batches < 2 ? 2 : batches;
    queue->available = queue->unmade;
    queue->reserve = queue->unmade / 4;
    return queue;
}

static void free_list(struct batch *batch)
{
    while (batch) {
        struct batch *next = batch->next;
        free(batch);
        batch = next;
    }
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    free_list(queue->idle);
    free_list(queue->filled_first);
    pthread_cond_destroy(&queue->idle_live);
    pthread_cond_destroy(&queue->idle_file);
    pthread_cond_destroy(&queue->filled_more);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static struct timespec deadline_after(int timeout_ms)
{
    return clock_timespec(clock_monotonic_ns() + (timeout_ms > 0 ? timeout_ms : 0) * NS_PER_MS);
}

/* Waits on a condition until it is signalled (true) or the time is up. */
static bool wait_for(struct queue *queue, pthread_cond_t *condition, int timeout_ms,
                     const struct timespec *deadline)
{
    if (timeout_ms == QUEUE_FOREVER)
        return pthread_cond_wait(condition, &queue->lock) == 0;
    return timeout_ms && pthread_cond_timedwait(condition, &queue->lock, deadline) == 0;
}

/* An idle batch, or a new one; with the lock held and one available. */
static struct batch *pop_idle(struct queue *queue, bool live)
{
    struct batch *batch = queue->idle;
    if (batch) {
        queue->idle = batch->next;
    } else {
        batch = batch_new(queue->room);
        if (!batch)
            return NULL;
        queue->unmade--;
    }
    queue->available--;
    queue->out++;
    batch->is_live = live;
    if (!live)
        queue->files_full = ++queue->files == FILE_BATCHES;
    return batch;
}

static bool is_to_be_had(const struct queue *queue, bool live)
{
    return live ? queue->available > 0 : queue->available > queue->reserve && !queue->files_full;
}

/* Wakes one live source: more would only take time from the engine, which is behind. */
static void push_idle(struct queue *queue, struct batch *batch)
{
    batch->next = queue->idle;
    queue->idle = batch;
    queue->available++;
    queue->out--;
    if (!batch->is_live && --queue->files == FILE_BATCHES_AGAIN)
        queue->files_full = false;
    pthread_cond_signal(&queue->idle_live);
    if (is_to_be_had(queue, false))
        pthread_cond_broadcast(&queue->idle_file);
}

struct batch *queue_take_empty(struct queue *queue, int timeout_ms, bool live)
{
    struct timespec deadline = deadline_after(timeout_ms);
    struct batch *batch = NULL;
    pthread_mutex_lock(&queue->lock);
    while (!queue->closed && !is_to_be_had(queue, live))
        if (!wait_for(queue, live ? &queue->idle_live : &queue->idle_file, timeout_ms, &deadline))
            break;
    if (!queue->closed && is_to_be_had(queue, live))
        batch = pop_idle(queue, live);
    pthread_mutex_unlock(&queue->lock);
    if (batch) {
        batch->next = NULL;
        batch->count = 0;
        batch->bytes_used = 0;
        batch->source = 0;
        batch->fcs_unchecked = false;
        batch->file_clock = false;
    }
    return batch;
}

void queue_put(struct queue *queue, struct batch *batch)
{
    pthread_mutex_lock(&queue->lock);
    if (queue->closed) {
        push_idle(queue, batch);
    } else {
        batch->next = NULL;
        *queue->filled_end = batch;
        queue->filled_end = &batch->next;
        queue->filled++;
        queue->frames += batch->count;
        queue->out--;
        pthread_cond_signal(&queue->filled_more);
    }
    pthread_mutex_unlock(&queue->lock);
}

struct batch *queue_get(struct queue *queue, int timeout_ms)
{
    struct timespec deadline = deadline_after(timeout_ms);
    pthread_mutex_lock(&queue->lock);
    while (!queue->filled && !queue->closed)
        if (!wait_for(queue, &queue->filled_more, timeout_ms, &deadline))
            break;
    struct batch *batch = queue->filled_first;
    if (batch) {
        queue->filled_first = batch->next;
        if (!queue->filled_first)
            queue->filled_end = &queue->filled_first;
        queue->filled--;
        queue->frames -= batch->count;
        queue->out++;
        batch->next = NULL;
    }
    pthread_mutex_unlock(&queue->lock);
    return batch;
}

void queue_give_back(struct queue *queue, struct batch *batch)
{
    pthread_mutex_lock(&queue->lock);
    push_idle(queue, batch);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->idle_live);
    pthread_cond_broadcast(&queue->idle_file);
    pthread_cond_broadcast(&queue->filled_more);
    pthread_mutex_unlock(&queue->lock);
}

bool queue_is_idle(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool idle = !queue->filled && !queue->out;
    pthread_mutex_unlock(&queue->lock);
    return idle;
}

size_t queue_backlog(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t filled = queue->filled;
    pthread_mutex_unlock(&queue->lock);
    return filled;
}

size_t queue_frames(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t frames = queue->frames;
    pthread_mutex_unlock(&queue->lock);
    return frames;
}
