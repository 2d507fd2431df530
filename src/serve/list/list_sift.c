/* Going through all the records of a list. See list_sift.h. */
#include "serve/list/list_sift.h"

#include <errno.h>

#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "util/clock.h"

enum { SIFT_SECONDS = 20 }; /* that one command may take */

static bool searches(const struct list_window *window)
{
    return window->search && window->path_count;
}

bool list_sift_is_needed(const struct list_sift *sift)
{
    const struct list_plan *plan = &sift->plan;
    return plan->keep || plan->extend || sift->pair_count || sift->has_where ||
           searches(&plan->window) || plan->window.sort;
}

static bool keeps(struct list_sift *sift, const void *record, struct view *view)
{
    return (!sift->plan.keep || sift->plan.keep(&sift->plan, record, view)) &&
           (!sift->where || list_where_keeps(sift->where, record, view)) &&
           (!sift->filter || list_filter_keeps(sift->filter, record, view));
}

/* A step of the work: part of it under one hold of the lock. 0 when done, -EAGAIN when there is
 * more, -ENOMEM, or the budget's fault. */
static int extend_some(struct list_sift *sift, struct listing *listing)
{
    return sift->plan.extend(listing->store, &sift->plan, &listing->result);
}

/* True when what records point to is looked at. */
static bool is_deep(const struct list_sift *sift)
{
    return sift->plan.keep || (sift->where && list_where_is_deep(sift->where)) ||
           (sift->filter && list_filter_is_deep(sift->filter)) ||
           (sift->order && list_order_is_deep(sift->order));
}

/* True when another record may be looked at under this hold of the lock. */
static bool may_go_on(const struct list_sift *sift, unsigned tried)
{
    bool has_patterns = sift->plan.keep || sift->filter || sift->where;
    return tried < LISTING_HOLD && !sift->budget.fault &&
           !(has_patterns && pattern_budget_is_long(&sift->budget));
}

static int sift_some(struct list_sift *sift, struct listing *listing)
{
    struct view view;
    struct view_tables tables;
    uint32_t id;
    int error = 0;
    store_view(listing->store, monitor_now(), &view, &tables);
    pattern_budget_hold(&sift->budget);
    if (sift->filter)
        list_filter_begin(sift->filter);
    listing_look(listing, is_deep(sift));
    for (unsigned tried = 0; !error && may_go_on(sift, tried); tried++) {
        const void *record = listing_take(listing, &id);
        if (id == STORE_NONE)
            return sift->budget.fault;
        if (!record || !keeps(sift, record, &view))
            query_remove(&listing->result, id);
        else if (sift->order)
            error = list_order_add(sift->order, id, record, &view);
    }
    pattern_budget_release(&sift->budget);
    if (!error)
        error = sift->budget.fault;
    return error ? error : -EAGAIN;
}

/* Goes on with a step until all is done. 0, -ENOMEM, -ETIME, -ELOOP, or -ECONNABORTED when records
 * are gone that may be in the list. */
static int repeat(struct list_sift *sift, struct listing *listing,
                  int (*step)(struct list_sift *sift, struct listing *listing))
{
    uint64_t end_ns = clock_monotonic_ns() + SIFT_SECONDS * NS_PER_S;
    int error;
    do {
        store_lock_read(listing->store);
        error =
            store_stream_cut(listing->store, listing->stream) ? -ECONNABORTED : step(sift, listing);
        store_unlock(listing->store);
    } while (error == -EAGAIN && clock_monotonic_ns() <= end_ns);
    return error == -EAGAIN ? -ETIME : error;
}

bool list_sift_run(struct list_sift *sift, struct request *request, struct listing *listing)
{
    int error = sift->plan.extend ? repeat(sift, listing, extend_some) : 0;
    if (!error)
        error = repeat(sift, listing, sift_some);
    listing->next = 0;
    if (sift->budget.fault)
        record_reply_refuse_patterns(request, &sift->budget);
    else if (error == -ETIME)
        reply_error(request, 503, "this takes too long on so many records");
    else if (error == -ECONNABORTED)
        reply_error(request, 503, "the records change faster than they can be listed; try again");
    else if (error)
        reply_error(request, 503, "out of memory");
    return !error;
}

/* Makes the filter when it is first needed. 0 or -ENOMEM. */
static int need_filter(struct list_sift *sift)
{
    if (!sift->filter)
        sift->filter = list_filter_new(sift->plan.source->type, &sift->budget);
    return sift->filter ? 0 : -ENOMEM;
}

/* 0, or -errno with a sentence in ret_why. */
static int set_search(struct list_sift *sift, struct buffer *ret_why)
{
    const struct list_window *window = &sift->plan.window;
    int error = searches(window) ? need_filter(sift) : 0;
    if (!error && searches(window))
        error = list_filter_search(sift->filter, window->search, window->paths, window->path_count);
    if (error == -E2BIG)
        buffer_add_text(ret_why, "a path that is searched has too many parts");
    return error;
}

static int set_order(struct list_sift *sift, struct buffer *ret_why)
{
    const struct list_window *window = &sift->plan.window;
    if (!window->sort)
        return 0;
    sift->order = list_order_new(sift->plan.source->type, window->sort, window->descending);
    if (!sift->order && errno == E2BIG)
        buffer_add_text(ret_why, "the path to sort by has too many parts");
    return sift->order ? 0 : -errno;
}

/* Compiles the pairs of path and pattern; false when a reply was made instead. */
static bool set_patterns(struct request *request, struct list_sift *sift)
{
    struct buffer why = {0};
    int error = sift->pair_count ? need_filter(sift) : 0;
    if (!error && sift->pair_count)
        error = list_filter_match(sift->filter, sift->pairs, sift->pair_count, &why);
    if (error && why.length)
        reply_invalid(request, "regex", "%.*s", (int)why.length, (const char *)why.data);
    else if (error)
        reply_error(request, 503, "out of memory");
    buffer_done(&why);
    return !error;
}

/* Compiles the conditions; false when a reply was made instead. */
static bool set_where(struct request *request, struct list_sift *sift)
{
    struct buffer why = {0};
    if (!sift->has_where)
        return true;
    sift->where =
        list_where_new(sift->plan.source->type, request_command(request), &sift->budget, &why);
    int error = sift->where || errno == ENOENT ? 0 : -errno;
    record_reply_fail(request, error, &why);
    return !error;
}

bool list_sift_prepare(struct list_sift *sift, struct request *request)
{
    struct buffer why = {0};
    sift->plan.budget = &sift->budget;
    int error = sift->plan.prepare ? sift->plan.prepare(&sift->plan, &why) : 0;
    if (!error)
        error = set_order(sift, &why);
    if (!error)
        error = set_search(sift, &why);
    record_reply_fail(request, error, &why);
    return !error && set_where(request, sift) && set_patterns(request, sift);
}

void list_sift_done(struct list_sift *sift)
{
    list_filter_free(sift->filter);
    list_order_free(sift->order);
    list_where_free(sift->where);
    sift->filter = NULL;
    sift->where = NULL;
    sift->order = NULL;
    if (sift->plan.finish)
        sift->plan.finish(&sift->plan);
}
