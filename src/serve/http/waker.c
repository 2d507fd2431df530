/* A lock around a pointer to the stream. See waker.h. */
#include "serve/http/waker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "serve/http/stream.h"

struct waker {
    atomic_uint references;
    pthread_mutex_t lock;
    struct stream *stream;
};

struct waker *waker_new(void)
{
    struct waker *waker = calloc(1, sizeof *waker);
    if (!waker)
        return NULL;
    atomic_init(&waker->references, 1);
    pthread_mutex_init(&waker->lock, NULL);
    return waker;
}

struct waker *waker_ref(struct waker *waker)
{
    atomic_fetch_add(&waker->references, 1);
    return waker;
}

void waker_unref(struct waker *waker)
{
    if (!waker || atomic_fetch_sub(&waker->references, 1) != 1)
        return;
    pthread_mutex_destroy(&waker->lock);
    free(waker);
}

void waker_wake(struct waker *waker)
{
    pthread_mutex_lock(&waker->lock);
    if (waker->stream)
        stream_wake(waker->stream);
    pthread_mutex_unlock(&waker->lock);
}

void waker_set(struct waker *waker, struct stream *stream)
{
    pthread_mutex_lock(&waker->lock);
    waker->stream = stream;
    pthread_mutex_unlock(&waker->lock);
}
