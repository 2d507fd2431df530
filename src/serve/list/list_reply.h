/* Answers that list records of the store: chosen by a query under the read lock, searched, matched
 * and sorted on a worker, narrowed to a page, taken down to a field list, and streamed chunk by
 * chunk in any format. Input: a plan made by a handler. Output: the reply. */
#ifndef NORN_SERVE_LIST_REPLY_H
#define NORN_SERVE_LIST_REPLY_H

#include "serve/list/list_window.h"
#include "serve/list/listing.h"
#include "serve/http/reply.h"

struct list_plan {
    const struct list_source *source;
    struct query query;
    /* Chooses the records under the read lock; NULL runs `query`. Gives 0, -ENOMEM, or -ENOENT for
     * a 404 with the text `missing`. */
    int (*select)(const struct store *store, const struct list_plan *plan,
                  struct query_result *ret_result);
    /* Adds to what was chosen, on a worker, in steps that each hold the read lock once: -EAGAIN
     * for another step, 0 when done, or -ENOMEM. */
    int (*extend)(const struct store *store, const struct list_plan *plan,
                  struct query_result *result);
    /* Tries a record on a worker, under the read lock; NULL keeps all. `prepare` comes before the
     * first one: 0, or -errno with a sentence (400); `finish` comes after the last. */
    int (*prepare)(struct list_plan *plan, struct buffer *ret_why);
    bool (*keep)(const struct list_plan *plan, const void *record, struct view *view);
    void (*finish)(struct list_plan *plan);
    struct pattern_budget *budget; /* of patterns, for these */
    const void *context;           /* of these; in the request's arena */
    size_t count;                  /* of what `context` points to */
    const char *missing;
    const struct projection *projection; /* without a field list; NULL: whole records */
    struct list_window window;
    enum list_wrap wrap;
    enum format format;
    bool lines;
    uint64_t since; /* LIST_SINCE: the time asked for */
};

/* A plan for this request: every record, whole, bare, in its format. */
struct list_plan list_reply_plan(const struct request *request, const struct list_source *source);

/* Answers by the plan, which is copied, and by the command's `fields` and `regex`. */
void list_reply_send(struct request *request, const struct list_plan *plan);

/* The second that changes made now are marked with, under a lock: the writer's clock; before it has
 * one, the wall clock. */
uint64_t list_reply_mark(const struct store *store);

/* Reads the placeholder {time}, or the command's last_time where there is none, into the plan's
 * query. False when 400 was replied instead. */
bool list_reply_read_since(struct request *request, bool in_path, struct list_plan *plan);

#endif
