/* The order of a list: the value that a path finds in each record, taken once into a short key of
 * its own, so that sorting needs neither the records nor the lock. Input: records under the read
 * lock. Output: the ids of a window of the sorted list. Used by jobs on workers only. */
#ifndef NORN_SERVE_LIST_ORDER_H
#define NORN_SERVE_LIST_ORDER_H

#include "schema/record.h"

struct list_order;

/* An order by `path` (one that names nothing leaves records as they are). Records without a value
 * come first, or last when `descending`; of equal ones the lower id comes first. NULL with errno
 * E2BIG for a path of too many parts, or ENOMEM. */
struct list_order *list_order_new(const struct record_type *type, const char *path,
                                  bool descending);
void list_order_free(struct list_order *order);

/* True when what it looks at is not in the records themselves. */
bool list_order_is_deep(const struct list_order *order);

/* Takes a record in. 0 or -ENOMEM. */
int list_order_add(struct list_order *order, uint32_t id, const void *record, struct view *view);

/* The ids from place `start` on, `length` at most (0: all the rest); owned by the caller, who may
 * not use the order for more after that. NULL without memory. */
uint32_t *list_order_window(struct list_order *order, uint32_t start, uint32_t length,
                            uint32_t *ret_count);

#endif
