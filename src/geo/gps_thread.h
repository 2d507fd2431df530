/* The thread that keeps connected receivers connected and reads them. Input: receivers, lines of
 * foreign bytes. Output: the receivers' records and trails, under the lock they share. */
#ifndef NORN_GEO_GPS_THREAD_H
#define NORN_GEO_GPS_THREAD_H

#include <pthread.h>

#include "geo/gps.h"
#include "geo/receiver.h"

struct gps_thread;

/* `config` and `lock`, which guards every receiver, are borrowed. NULL without memory. The thread
 * itself starts with the first receiver. */
struct gps_thread *gps_thread_new(const struct gps_config *config, pthread_mutex_t *lock);

/* Ends the thread and closes everything; frees receivers that were dropped, no others. */
void gps_thread_free(struct gps_thread *thread);

/* Begins to serve a receiver, which must stay until it is dropped. With the lock. 0 or -errno. */
int gps_thread_add(struct gps_thread *thread, struct receiver *receiver);

/* Hands a receiver over for good: it is closed and freed soon. With the lock. */
void gps_thread_drop(struct gps_thread *thread, struct receiver *receiver);

#endif
