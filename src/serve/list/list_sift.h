/* What a list takes from a worker: every record is looked at, in short holds of the read lock, to
 * find out which stay and in which order. Input: a plan, the command's patterns, a listing that was
 * chosen. Output: the same listing with fewer records, and an order for it. */
#ifndef NORN_SERVE_LIST_SIFT_H
#define NORN_SERVE_LIST_SIFT_H

#include "serve/list/list_filter.h"
#include "serve/list/list_order.h"
#include "serve/list/list_reply.h"
#include "serve/list/list_where.h"

/* A plan on its way, with what the command adds to it. */
struct list_sift {
    struct list_plan plan;
    struct pattern_budget budget;
    const struct command_pair *pairs;
    size_t pair_count;
    bool has_where; /* the command has conditions */
    struct list_filter *filter;
    struct list_where *where;
    struct list_order *order; /* NULL: the list's own */
};

/* True when every record has to be looked at before the first one can be written. */
bool list_sift_is_needed(const struct list_sift *sift);

/* Compiles patterns and paths; false when a reply was made instead. */
bool list_sift_prepare(struct list_sift *sift, struct request *request);

/* Leaves out what does not match and takes the rest into the order; false when a reply was made
 * instead. */
bool list_sift_run(struct list_sift *sift, struct request *request, struct listing *listing);

/* Gives everything back, also after list_sift_prepare() failed. */
void list_sift_done(struct list_sift *sift);

#endif
