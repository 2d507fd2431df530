/* The ring: record number n lies in slot n % capacity. See backlog.h. */
#include "alert/backlog.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct listener {
    void (*on_record)(void *context, void *record);
    void *context;
};

struct backlog {
    pthread_mutex_t lock; /* of `added` and the ring */
    size_t record_size;
    uint32_t capacity, shown;
    uint64_t added;
    uint8_t *ring;

    /* Of the thread that delivers. */
    uint64_t delivered;
    uint8_t *scratch;
    struct listener listeners[BACKLOG_LISTENERS];
    unsigned listener_count;
};

struct backlog *backlog_new(size_t record_size, uint32_t shown)
{
    struct backlog *backlog = calloc(1, sizeof *backlog);
    if (!backlog)
        return NULL;
    pthread_mutex_init(&backlog->lock, NULL);
    backlog->record_size = record_size;
    backlog->shown = shown > BACKLOG_MAX ? BACKLOG_MAX : shown;
    backlog->capacity = backlog->shown > BACKLOG_QUEUE ? backlog->shown : BACKLOG_QUEUE;
    backlog->ring = calloc(backlog->capacity, record_size);
    backlog->scratch = calloc(1, record_size);
    if (!backlog->ring || !backlog->scratch) {
        backlog_free(backlog);
        return NULL;
    }
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    if (!backlog)
        return;
    pthread_mutex_destroy(&backlog->lock);
    free(backlog->scratch);
    free(backlog->ring);
    free(backlog);
}

static uint8_t *slot_of(const struct backlog *backlog, uint64_t number)
{
    return backlog->ring + number % backlog->capacity * backlog->record_size;
}

void backlog_add(struct backlog *backlog, const void *record)
{
    pthread_mutex_lock(&backlog->lock);
    memcpy(slot_of(backlog, backlog->added++), record, backlog->record_size);
    pthread_mutex_unlock(&backlog->lock);
}

uint64_t backlog_added(struct backlog *backlog)
{
    pthread_mutex_lock(&backlog->lock);
    uint64_t added = backlog->added;
    pthread_mutex_unlock(&backlog->lock);
    return added;
}

uint32_t backlog_limit(const struct backlog *backlog)
{
    return backlog->shown;
}

uint32_t backlog_copy(struct backlog *backlog, void *ret_records)
{
    uint8_t *at = ret_records;
    pthread_mutex_lock(&backlog->lock);
    uint64_t first = backlog->added > backlog->shown ? backlog->added - backlog->shown : 0;
    uint32_t count = (uint32_t)(backlog->added - first);
    for (uint64_t number = first; number < backlog->added; number++) {
        memcpy(at, slot_of(backlog, number), backlog->record_size);
        at += backlog->record_size;
    }
    pthread_mutex_unlock(&backlog->lock);
    return count;
}

int backlog_listen(struct backlog *backlog, void (*on_record)(void *context, void *record),
                   void *context)
{
    if (backlog->listener_count == BACKLOG_LISTENERS)
        return -ENOSPC;
    backlog->listeners[backlog->listener_count++] = (struct listener){on_record, context};
    return 0;
}

/* Takes the next record to deliver into the scratch, passing over those that the ring has lost.
 * False when there is none. */
static bool take(struct backlog *backlog, uint64_t *lost)
{
    pthread_mutex_lock(&backlog->lock);
    uint64_t waiting = backlog->added - backlog->delivered;
    if (waiting > backlog->capacity) {
        *lost += waiting - backlog->capacity;
        backlog->delivered = backlog->added - backlog->capacity;
    }
    if (waiting)
        memcpy(backlog->scratch, slot_of(backlog, backlog->delivered), backlog->record_size);
    pthread_mutex_unlock(&backlog->lock);
    return waiting != 0;
}

/* Keeps what the first listener made of the record, unless newer ones have taken its slot. */
static void keep(struct backlog *backlog)
{
    pthread_mutex_lock(&backlog->lock);
    if (backlog->added - backlog->delivered <= backlog->capacity)
        memcpy(slot_of(backlog, backlog->delivered), backlog->scratch, backlog->record_size);
    pthread_mutex_unlock(&backlog->lock);
}

uint64_t backlog_deliver(struct backlog *backlog)
{
    uint64_t lost = 0;
    while (take(backlog, &lost)) {
        for (unsigned i = 0; i < backlog->listener_count; i++) {
            backlog->listeners[i].on_record(backlog->listeners[i].context, backlog->scratch);
            if (i == 0)
                keep(backlog);
        }
        backlog->delivered++;
    }
    return lost;
}
