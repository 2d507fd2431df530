/* Threads for work that must not run on a server thread: hashing, sorting, regular expressions,
 * compression. A queue in order of arrival; the items are embedded in what they belong to, so
 * queueing never allocates. */
#ifndef NORN_SERVE_WORKER_H
#define NORN_SERVE_WORKER_H

#include <stdbool.h>
#include <stddef.h>

struct work {
    struct work *next;
    void (*run)(struct work *work, bool stopping); /* stopping: clean up quickly, do not work */
};

struct worker;

/* Starts `threads` threads; at most `limit` items wait (0: no limit). NULL with errno set. */
struct worker *worker_new(unsigned threads, size_t limit);

/* Queues an item; `run` is called once. 0; -EAGAIN when full; -ESHUTDOWN when stopping (`run` is
 * not called then). */
int worker_push(struct worker *worker, struct work *work);

/* Runs what waits with `stopping` set, ends the threads. worker_push() refuses from then on. */
void worker_stop(struct worker *worker);

/* Gives back the memory of a stopped worker. NULL is fine. */
void worker_free(struct worker *worker);

#endif
