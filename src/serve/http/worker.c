/* The worker threads and their queue. See worker.h. */
#include "serve/http/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 8 };

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct work *first, **last;
    size_t waiting, limit;
    bool stopping;
    unsigned thread_count;
    pthread_t threads[THREADS];
};

static struct work *take(struct worker *worker, bool *ret_stopping)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->first && !worker->stopping)
        pthread_cond_wait(&worker->wake, &worker->lock);
    struct work *work = worker->first;
    if (work) {
        worker->first = work->next;
        if (!worker->first)
            worker->last = &worker->first;
        worker->waiting--;
    }
    *ret_stopping = worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return work;
}

static void *run(void *context)
{
    struct worker *worker = context;
    struct work *work;
    bool stopping;
    while ((work = take(worker, &stopping)) != NULL)
        work->run(work, stopping);
    return NULL;
}

struct worker *worker_new(unsigned threads, size_t limit)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return NULL;
    worker->limit = limit;
    worker->last = &worker->first;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->wake, NULL);
    while (worker->thread_count < threads && worker->thread_count < THREADS) {
        int error = pthread_create(&worker->threads[worker->thread_count], NULL, run, worker);
        if (error) {
            worker_stop(worker);
            worker_free(worker);
            errno = error;
            return NULL;
        }
        worker->thread_count++;
    }
    return worker;
}

int worker_push(struct worker *worker, struct work *work)
{
    int error = 0;
    pthread_mutex_lock(&worker->lock);
    if (worker->stopping)
        error = -ESHUTDOWN;
    else if (worker->limit && worker->waiting >= worker->limit)
        error = -EAGAIN;
    else {
        work->next = NULL;
        *worker->last = work;
        worker->last = &work->next;
        worker->waiting++;
        pthread_cond_signal(&worker->wake);
    }
    pthread_mutex_unlock(&worker->lock);
    return error;
}

void worker_stop(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_broadcast(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    for (unsigned i = 0; i < worker->thread_count; i++)
        pthread_join(worker->threads[i], NULL);
    worker->thread_count = 0;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
