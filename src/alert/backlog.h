/* The newest records of one kind (alerts, messages), a copy of each, in a ring of fixed size; and
 * the callbacks that are told of new ones. Any thread adds and copies. The lock is a leaf: held for
 * the copying alone, nothing else is taken under it, so records may be added under any other lock.
 * Callbacks run without it, when one thread of the program's choice delivers; the ring is the queue
 * in between, and what it loses before delivery is counted. */
#ifndef NORN_ALERT_BACKLOG_H
#define NORN_ALERT_BACKLOG_H

#include <stddef.h>
#include <stdint.h>

enum {
    BACKLOG_MAX = 4096,  /* records shown */
    BACKLOG_QUEUE = 256, /* records kept for delivery at least, shown or not */
    BACKLOG_LISTENERS = 8,
};

struct backlog;

/* A ring of records of `record_size` bytes that shows the newest `shown` (0 to BACKLOG_MAX). NULL
 * without memory. */
struct backlog *backlog_new(size_t record_size, uint32_t shown);
void backlog_free(struct backlog *backlog);

/* Keeps a copy of the record; the oldest goes. Allocates nothing. */
void backlog_add(struct backlog *backlog, const void *record);

/* How many records were added so far. */
uint64_t backlog_added(struct backlog *backlog);

/* Room that backlog_copy() needs, in records. */
uint32_t backlog_limit(const struct backlog *backlog);

/* Copies the records shown, oldest first; how many. */
uint32_t backlog_copy(struct backlog *backlog, void *ret_records);

/* Has `on_record` called for each new record, by backlog_deliver(), with no lock held. Before the
 * threads start. The first callback may complete the record: its changes are kept. 0 or -ENOSPC. */
int backlog_listen(struct backlog *backlog, void (*on_record)(void *context, void *record),
                   void *context);

/* Tells the listeners of what is new; one thread at a time. How many records went unheard since the
 * last call, because more than the ring holds were added in between. */
uint64_t backlog_deliver(struct backlog *backlog);

#endif
