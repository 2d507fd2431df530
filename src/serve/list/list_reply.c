/* Answers that list records of the store. See list_reply.h. The records are chosen once, as a
 * bitmap of ids; the store keeps what is evicted meanwhile until the stream ends or is cut. */
#include "serve/list/list_reply.h"

#include <errno.h>

#include "serve/list/list_sift.h"
#include "serve/monitor.h"
#include "serve/http/question.h"
#include "serve/list/record_reply.h"
#include "util/text.h"

/* 2016, in seconds: no server of this API has given a client an earlier timestamp. */
enum { FIRST_TIMESTAMP = 1451606400 };

struct list_plan list_reply_plan(const struct request *request, const struct list_source *source)
{
    return (struct list_plan){
        .source = source,
        .query = {.phy = -1},
        .format = request_format(request),
        .lines = request_lines(request),
    };
}

uint64_t list_reply_mark(const struct store *store)
{
    return store->server_now ? store->server_now : monitor_now();
}

/* The mark of a time that a client gives; a negative one is a distance before now. */
static uint64_t mark_of(struct store *store, int64_t time)
{
    if (time >= 0)
        return (uint64_t)time;
    store_lock_read(store);
    uint64_t now = list_reply_mark(store), before = 0 - (uint64_t)time;
    store_unlock(store);
    return before < now ? now - before : 0;
}

bool list_reply_read_since(struct request *request, bool in_path, struct list_plan *plan)
{
    size_t length;
    int64_t time;
    const char *text = in_path ? request_parameter(request, "time", &length) : NULL;
    int error = in_path ? text_parse_i64(text, length, &time)
                        : command_integer(request_command(request), "last_time", &time);
    if (error == -EINVAL && in_path)
        reply_error(request, 400,
                    "'%.40s' is no time: it takes whole seconds since 1970, or a negative number "
                    "of seconds before now",
                    text);
    else if (error == -EINVAL)
        reply_error(request, 400,
                    "last_time must be whole seconds since 1970, or a negative number of seconds "
                    "before now");
    if (!error) {
        plan->query.has_since = true;
        plan->query.since = mark_of(monitor_of(request)->store, time);
    }
    return error != -EINVAL;
}

/* How many records there are, whenever they changed. */
static uint64_t count_all(const struct store *store, const struct list_plan *plan)
{
    struct query query = plan->query;
    struct query_result result;
    query.has_since = false;
    if (plan->source->query(store, &query, &result) != 0)
        return 0;
    uint64_t count = result.count;
    query_done(&result);
    return count;
}

/* True when a client that knows the list as it was at a time may know devices that are gone: of
 * none at 0; after a loss; or of a server before this one. */
static bool is_stale(const struct store *store, uint64_t since)
{
    return since == 0 || store->list_changed >= since ||
           (since >= FIRST_TIMESTAMP && since < store->began);
}

/* Chooses the records and announces the stream, under the read lock. The time stamp is the writer's
 * clock: whatever it changes after this hold bears that second or a later one, so a client that
 * sends the stamp back misses nothing. */
static int choose(struct listing *listing, const struct list_plan *plan)
{
    struct store *store = listing->store;
    listing->list.timestamp = list_reply_mark(store);
    listing->list.refresh = is_stale(store, plan->since);
    int error = plan->select ? plan->select(store, plan, &listing->result)
                             : plan->source->query(store, &plan->query, &listing->result);
    if (!error) {
        listing->stream = store_stream_begin(store);
        error = listing->stream < 0 ? listing->stream : 0;
    }
    if (!error && plan->window.mode != LIST_WHOLE)
        listing->page.total =
            plan->query.has_since ? count_all(store, plan) : listing->result.count;
    listing->plan = NULL;
    return error;
}

/* Takes what was chosen, in its order if it has one, down to the window. 0 or -ENOMEM. */
static int narrow(struct listing *listing, const struct list_plan *plan, struct list_order *order)
{
    const struct list_window *window = &plan->window;
    uint32_t matched = listing->result.count;
    uint32_t start = window->start < matched ? window->start : 0;
    listing->page.draw = window->draw;
    listing->page.filtered = matched;
    listing->page.last_page =
        window->length ? ((uint64_t)matched + window->length - 1) / window->length : matched > 0;
    if (order)
        listing->ids = list_order_window(order, start, window->length, &listing->id_count);
    else if (window->mode != LIST_WHOLE)
        query_narrow(&listing->result, start, window->length);
    return order && !listing->ids ? -ENOMEM : 0;
}

static int fill(void *context, struct buffer *buffer, size_t goal)
{
    struct listing *listing = context;
    const struct list_plan *plan = listing->plan;
    store_lock_read(listing->store);
    int state = plan ? choose(listing, plan) : 0;
    if (plan && !state)
        state = narrow(listing, plan, NULL);
    if (!state && store_stream_cut(listing->store, listing->stream))
        state = -ECONNABORTED;
    if (!state)
        state = listing_write(listing, buffer, goal);
    store_unlock(listing->store);
    return state == REPLY_END ? listing_finish(listing, buffer) : state;
}

/* The field list, else the plan's own. False when a reply was made instead. */
static bool set_fields(struct request *request, const struct list_plan *plan,
                       struct listing *listing)
{
    bool good = record_reply_read_fields(request, plan->source->type, &listing->own_projection);
    listing->projection = listing->own_projection ? listing->own_projection : plan->projection;
    return good;
}

static enum list_wrap wrap_of(const struct list_plan *plan)
{
    switch (plan->window.mode) {
    case LIST_PAGED: return LIST_PAGE;
    case LIST_DRAWN: return LIST_DRAW;
    default: return plan->wrap;
    }
}

/* Prepares everything but the choice of the records. NULL when a reply was made instead. */
static struct listing *begin_listing(struct request *request, const struct list_plan *plan)
{
    struct listing *listing = listing_new(monitor_of(request)->store, plan->source);
    if (!listing) {
        reply_error(request, 503, "out of memory");
        return NULL;
    }
    listing->emitter.format = plan->format;
    listing->wrap = wrap_of(plan);
    listing->lines = plan->lines;
    listing->plan = plan;
    if (set_fields(request, plan, listing))
        return listing;
    listing_free(listing);
    return NULL;
}

/* Chooses the records now; false when a reply was made instead. */
static bool choose_now(struct request *request, const struct list_plan *plan,
                       struct listing *listing)
{
    store_lock_read(listing->store);
    int error = choose(listing, plan);
    store_unlock(listing->store);
    if (error == -ENOENT)
        reply_error(request, 404, "%s", plan->missing);
    else if (error)
        reply_error(request, 503, "the server has too much to do just now; try again");
    return !error;
}

static const char *listing_content_type(const struct request *request,
                                        const struct listing *listing)
{
    enum format format = listing->emitter.format;
    bool packed = format == FORMAT_MSGPACK || format == FORMAT_MSGPACK_TYPED;
    return packed ? "application/msgpack" : reply_content_type(request);
}

static void send_listing(struct request *request, struct listing *listing)
{
    reply_stream(request, listing_content_type(request, listing), fill, listing, listing_free);
}

/* A listing that is chosen, sifted and ready to be written; NULL when a reply was made instead. */
static struct listing *make_listing(struct request *request, struct list_sift *sift)
{
    bool sifted = list_sift_is_needed(sift) && !request_is_head(request);
    struct listing *listing = NULL;
    if (!sifted || list_sift_prepare(sift, request))
        listing = begin_listing(request, &sift->plan);
    bool made = listing && choose_now(request, &sift->plan, listing) &&
                (!sifted || list_sift_run(sift, request, listing));
    if (made && narrow(listing, &sift->plan, sift->order) != 0) {
        reply_error(request, 503, "out of memory");
        made = false;
    }
    if (sifted)
        list_sift_done(sift);
    if (made || !listing)
        return listing;
    listing_free(listing);
    return NULL;
}

static void run_sift(struct request *request, void *context)
{
    struct listing *listing = make_listing(request, context);
    if (listing)
        send_listing(request, listing);
}

/* Records that are looked up are chosen at once, so that none of them can be a 404; lists are
 * chosen when their first chunk is made. */
static void send_alone(struct request *request, void *context)
{
    struct list_sift *sift = context;
    struct listing *listing;
    if (list_sift_is_needed(sift) && !request_is_head(request)) {
        reply_later(request, run_sift, sift);
        return;
    }
    if (sift->plan.select)
        listing = make_listing(request, sift);
    else
        listing = begin_listing(request, &sift->plan);
    if (listing)
        send_listing(request, listing);
}

/* Makes the whole list in memory, for all who ask for it; no reply where it is too large. */
static void send_whole(struct request *request, void *context)
{
    struct list_sift *sift = context;
    struct listing *listing = make_listing(request, sift);
    if (!listing)
        return;
    size_t least = listing->projection ? 1 : listing->source->least_bytes;
    if (listing_count(listing) <= REPLY_WHOLE / least) {
        reply_whole(request, listing_content_type(request, listing), fill, listing, listing_free);
        return;
    }
    question_too_large(request);
    listing_free(listing);
}

static const struct question_answers list_answers = {send_alone, send_whole};

void list_reply_send(struct request *request, const struct list_plan *plan)
{
    struct buffer why = {0};
    struct list_sift *sift = arena_new(request_arena(request), sizeof *sift);
    if (!sift) {
        reply_error(request, 503, "out of memory");
        return;
    }
    sift->plan = *plan;
    bool is_list = plan->wrap != LIST_ALONE; /* patterns and conditions choose among several */
    sift->has_where = is_list && command_find(request_command(request), "where");
    int error =
        is_list ? command_regexes(request_command(request), &sift->pairs, &sift->pair_count, &why)
                : -ENOENT;
    if (error == -ENOENT)
        sift->pair_count = 0;
    else if (error)
        reply_invalid(request, "regex", "%.*s", (int)why.length, (const char *)why.data);
    buffer_done(&why);
    if (error && error != -ENOENT)
        return;
    /* What takes its time is nobody else's: the one worker of shared answers goes on. */
    if (plan->select || plan->keep || plan->extend || sift->pair_count || sift->has_where)
        send_alone(request, sift);
    else
        question_ask(request, &list_answers, sift);
}
