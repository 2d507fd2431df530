/* Answers that list devices. See device_reply.h. The devices are chosen once, as a bitmap of ids;
 * the store keeps what is evicted meanwhile until the stream ends or is cut, so the count that
 * msgpack needs first stays right. */
#include "serve/device_reply.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/devicelist_fields.h"
#include "serve/device_filter.h"
#include "serve/question.h"
#include "serve/record_reply.h"
#include "track/device.h"

enum {
    HOLD_RECORDS = 256,  /* under one hold of the lock */
    FILTER_SECONDS = 20, /* that one command may take */
    AHEAD = 8,           /* devices asked of memory before they are written */
    CACHE_LINE = 64,
    FULL_RECORD_LEAST = 1024, /* bytes of a whole record, or more */
};

/* A reply under way. */
struct listing {
    struct store *store;
    struct query_result result;
    const struct device_plan *plan; /* chooses the devices at the first fill; NULL: it has */
    int stream;                     /* of the store; -1: none */
    uint32_t next, ahead;           /* ids: to write, to ask the processor for */
    const struct projection *projection;
    struct projection *own_projection;
    struct emitter emitter;
    enum device_wrap wrap;
    bool lines, begun;
    struct devicelist list;
};

struct device_plan device_reply_plan(const struct request *request, enum device_form form)
{
    return (struct device_plan){
        .query = {.phy = -1},
        .form = form,
        .format = request_format(request),
        .lines = request_lines(request),
    };
}

/* The newest mark, with the lock; before the writer has made one, the wall clock. */
static uint64_t newest_mark(const struct store *store)
{
    return store->server_now ? store->server_now : monitor_now();
}

uint64_t device_reply_time(struct store *store, int64_t time)
{
    if (time >= 0)
        return (uint64_t)time;
    store_lock_read(store);
    uint64_t now = newest_mark(store), before = 0 - (uint64_t)time;
    store_unlock(store);
    return before < now ? now - before : 0;
}

struct device *device_reply_find(const struct store *store, struct device_key key)
{
    for (uint32_t i = 0; i < store->phy_count; i++)
        if (store->phys[i].key == key.phy && !(key.mac & 0xffff))
            return device_find(store, (uint8_t)i, macaddr_from_u64(key.mac));
    return NULL;
}

int device_reply_select_none(const struct store *store, struct query_result *ret_result)
{
    struct query_result result = {.slots = store->slot_count};
    result.bits = calloc(result.slots / 64 + 1, sizeof *result.bits);
    if (!result.bits)
        return -ENOMEM;
    *ret_result = result;
    return 0;
}

void device_reply_select(struct query_result *result, uint32_t id)
{
    uint64_t bit = 1ull << (id % 64);
    result->count += !(result->bits[id / 64] & bit);
    result->bits[id / 64] |= bit;
}

/* The short form, compiled once and kept. */
static struct projection *summary;

static void make_summary(void)
{
    summary = projection_summary(&device_type);
}

static const struct projection *get_summary(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_summary);
    return summary;
}

static void free_listing(void *context)
{
    struct listing *listing = context;
    store_stream_end(listing->store, listing->stream);
    query_done(&listing->result);
    projection_free(listing->own_projection);
    free(listing);
}

static void write_name(struct emitter *emitter, const struct field *field)
{
    emit_name(emitter, field->name, strlen(field->name));
}

/* The members of the last-time dictionary up to the list. */
static void write_list_members(struct listing *listing, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    emit_map_begin(emitter, FIELD_RECORD, (uint32_t)devicelist_type.count);
    for (size_t i = 0; i < devicelist_type.count; i++) {
        const struct field *field = &devicelist_type.fields[i];
        write_name(emitter, field);
        if (field->type != FIELD_LIST)
            emit_field(emitter, field, &listing->list, view);
    }
}

static void write_head(struct listing *listing, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    if (listing->lines || listing->wrap == DEVICE_ALONE)
        return;
    if (listing->wrap == DEVICE_MAP) {
        emit_map_begin(emitter, FIELD_MAP_STRING, listing->result.count);
        return;
    }
    if (listing->wrap == DEVICE_SINCE_LIST)
        write_list_members(listing, view);
    if (listing->wrap == DEVICE_TABLE) {
        emit_map_begin(emitter, FIELD_RECORD, 1);
        write_name(emitter, &devicelist_table_type.fields[0]);
    }
    emit_array_begin(emitter, listing->result.count);
}

static void write_tail(struct listing *listing)
{
    struct emitter *emitter = &listing->emitter;
    if (listing->lines || listing->wrap == DEVICE_ALONE)
        return;
    if (listing->wrap != DEVICE_MAP)
        emit_array_end(emitter);
    if (listing->wrap != DEVICE_LIST)
        emit_map_end(emitter);
}

static void write_device(struct listing *listing, const struct device *device, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    if (listing->wrap == DEVICE_MAP && !listing->lines) {
        char text[DEVICE_KEY_TEXT];
        struct value key = {.type = FIELD_STRING, .text = text};
        key.length = device_key_write(device_record_key(device, view), text);
        emit_key(emitter, FIELD_MAP_STRING, &key);
    } else if (listing->wrap != DEVICE_ALONE && !listing->lines) {
        emit_element(emitter);
    }
    emit_record(emitter, &device_type, listing->projection, device, view);
    if (listing->lines)
        buffer_add_byte(emitter->buffer, '\n');
}

/* Asks the processor for the device that comes AHEAD devices after the next one: a walk over many
 * devices would otherwise wait for memory at each of them. */
static void look_ahead(struct listing *listing)
{
    listing->ahead = query_next(&listing->result, listing->ahead);
    if (listing->ahead == STORE_NONE)
        return;
    const uint8_t *device = (const uint8_t *)store_device(listing->store, listing->ahead++);
    for (size_t at = 0; device && at < DEVICE_HOT_BYTES; at += CACHE_LINE)
        __builtin_prefetch(device + at);
}

/* Writes devices under one hold of the lock: REPLY_END after the last one, else as a fill does. */
static int write_devices(struct listing *listing, struct buffer *buffer, size_t goal)
{
    struct view view;
    struct view_tables tables;
    store_view(listing->store, monitor_now(), &view, &tables);
    if (!listing->begun) {
        struct emitter before = listing->emitter;
        write_head(listing, &view);
        if (!reply_fits(buffer, 0)) {
            listing->emitter = before;
            return REPLY_ROOM;
        }
        listing->begun = true;
    }
    listing->ahead = listing->next;
    for (unsigned i = 0; i < AHEAD; i++)
        look_ahead(listing);
    for (unsigned written = 0;; written++) {
        uint32_t id = query_next(&listing->result, listing->next);
        if (id == STORE_NONE)
            return REPLY_END;
        if (written == HOLD_RECORDS || buffer->length >= goal)
            return REPLY_MORE;
        const struct device *device = store_device(listing->store, id);
        struct emitter before = listing->emitter;
        size_t mark = buffer->length;
        if (!device)
            return -EIO;
        look_ahead(listing);
        write_device(listing, device, &view);
        if (!reply_fits(buffer, mark)) {
            listing->emitter = before;
            return REPLY_ROOM;
        }
        listing->next = id + 1;
    }
}

/* Chooses the devices and announces the stream, under the read lock. The time stamp is the
 * writer's clock: whatever it changes after this hold bears that second or a later one, so a client
 * that sends the stamp back misses nothing. */
static int select_devices(struct listing *listing)
{
    const struct device_plan *plan = listing->plan;
    struct store *store = listing->store;
    listing->list.timestamp = newest_mark(store);
    listing->list.refresh = plan->since == 0 || store->list_changed >= plan->since;
    int error = plan->select ? plan->select(store, plan, &listing->result)
                             : query_run(store, &plan->query, &listing->result);
    if (!error) {
        listing->stream = store_stream_begin(store);
        error = listing->stream < 0 ? listing->stream : 0;
    }
    listing->plan = NULL;
    return error;
}

static int fill_listing(void *context, struct buffer *buffer, size_t goal)
{
    struct listing *listing = context;
    listing->emitter.buffer = buffer;
    store_lock_read(listing->store);
    int state = listing->plan ? select_devices(listing) : 0;
    if (!state && store_stream_cut(listing->store, listing->stream))
        state = -ECONNABORTED;
    if (!state)
        state = write_devices(listing, buffer, goal);
    store_unlock(listing->store);
    if (state != REPLY_END)
        return state;
    size_t mark = buffer->length;
    struct emitter before = listing->emitter;
    write_tail(listing);
    if (reply_fits(buffer, mark))
        return REPLY_END;
    listing->emitter = before;
    return REPLY_ROOM;
}

/* Reads the field list. 0, or the negative error of a reply that was made. */
static int set_fields(struct request *request, const struct device_plan *plan,
                      struct listing *listing)
{
    const struct field_request *fields;
    size_t count;
    struct buffer why = {0};
    int error = command_fields(request_command(request), &fields, &count, &why);
    if (!error) {
        listing->own_projection = projection_new(&device_type, fields, count, &why);
        listing->projection = listing->own_projection;
        error = listing->own_projection ? 0 : -errno;
    } else if (error == -ENOENT) {
        listing->projection = plan->form == DEVICE_SUMMARY ? get_summary() : NULL;
        error = 0;
    }
    if (error && why.length)
        record_reply_refuse(request, &why);
    else if (error)
        reply_error(request, 503, "out of memory");
    buffer_done(&why);
    return error;
}

/* Chooses the devices now; false when a reply was made instead. */
static bool choose_now(struct request *request, struct listing *listing)
{
    const char *missing = listing->plan->missing;
    store_lock_read(listing->store);
    int error = select_devices(listing);
    store_unlock(listing->store);
    if (error == -ENOENT)
        reply_error(request, 404, "%s", missing);
    else if (error)
        reply_error(request, 503, "the server has too much to do just now; try again");
    return !error;
}

/* Prepares everything but the choice of the devices. NULL when a reply was made instead. */
static struct listing *begin_listing(struct request *request, const struct device_plan *plan)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing) {
        reply_error(request, 503, "out of memory");
        return NULL;
    }
    listing->store = monitor_of(request)->store;
    listing->stream = -1;
    listing->emitter.format = plan->format;
    listing->wrap = plan->wrap;
    listing->lines = plan->lines;
    listing->plan = plan;
    if (set_fields(request, plan, listing) == 0)
        return listing;
    free_listing(listing);
    return NULL;
}

static const char *listing_type(const struct request *request, const struct listing *listing)
{
    enum format format = listing->emitter.format;
    bool packed = format == FORMAT_MSGPACK || format == FORMAT_MSGPACK_TYPED;
    return packed ? "application/msgpack" : reply_content_type(request);
}

static void send_listing(struct request *request, struct listing *listing)
{
    reply_stream(request, listing_type(request, listing), fill_listing, listing, free_listing);
}

/* A plan on its way to a worker, with what the command adds to it. */
struct sifting {
    struct device_plan plan;
    const struct command_pair *pairs;
    size_t pair_count;
    struct device_filter *filter;
};

static bool keeps(struct sifting *sifting, const struct device *device, struct view *view)
{
    return (!sifting->plan.keep || sifting->plan.keep(&sifting->plan, device, view)) &&
           (!sifting->filter || device_filter_keeps(sifting->filter, device, view));
}

/* Tries up to HOLD_RECORDS devices from `from` on; where to go on, or STORE_NONE. */
static uint32_t sift_some(struct sifting *sifting, struct listing *listing, uint32_t from)
{
    struct view view;
    struct view_tables tables;
    uint32_t id = STORE_NONE;
    store_lock_read(listing->store);
    store_view(listing->store, monitor_now(), &view, &tables);
    bool cut = store_stream_cut(listing->store, listing->stream);
    for (unsigned tried = 0; !cut && tried < HOLD_RECORDS; tried++) {
        id = query_next(&listing->result, from);
        if (id == STORE_NONE)
            break;
        const struct device *device = store_device(listing->store, id);
        if (!device || !keeps(sifting, device, &view))
            query_remove(&listing->result, id);
        from = id + 1;
    }
    store_unlock(listing->store);
    return id == STORE_NONE ? STORE_NONE : from;
}

static time_t seconds_up(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Leaves out what does not match; false when that took too long. */
static bool sift(struct sifting *sifting, struct listing *listing)
{
    time_t end = seconds_up() + FILTER_SECONDS;
    uint32_t at = 0;
    do {
        at = sift_some(sifting, listing, at);
        if (at != STORE_NONE && seconds_up() > end)
            return false;
    } while (at != STORE_NONE);
    return true;
}

/* Compiles the patterns; false when a reply was made instead. */
static bool compile(struct request *request, struct sifting *sifting)
{
    struct buffer why = {0};
    int error = sifting->plan.prepare ? sifting->plan.prepare(&sifting->plan, &why) : 0;
    if (!error && sifting->pair_count) {
        sifting->filter = device_filter_new(sifting->pairs, sifting->pair_count, &why);
        error = sifting->filter ? 0 : -errno;
    }
    if (error && why.length)
        record_reply_refuse(request, &why);
    else if (error)
        reply_error(request, 503, "out of memory");
    buffer_done(&why);
    return !error;
}

static void run_sifting(struct request *request, void *context)
{
    struct sifting *sifting = context;
    struct listing *listing = NULL;
    if (compile(request, sifting))
        listing = begin_listing(request, &sifting->plan);
    bool chosen = listing && choose_now(request, listing);
    if (chosen && !sift(sifting, listing)) {
        reply_error(request, 503, "the patterns take too long on so many devices");
        chosen = false;
    }
    device_filter_free(sifting->filter);
    if (sifting->plan.finish)
        sifting->plan.finish(&sifting->plan);
    if (chosen)
        send_listing(request, listing);
    else if (listing)
        free_listing(listing);
}

/* Devices that are looked up are chosen at once, so that none of them can be a 404; lists are
 * chosen when their first chunk is made. */
static void send_alone(struct request *request, void *context)
{
    const struct sifting *sifting = context;
    struct listing *listing = begin_listing(request, &sifting->plan);
    if (!listing)
        return;
    if (!sifting->plan.select || choose_now(request, listing))
        send_listing(request, listing);
    else
        free_listing(listing);
}

/* Makes the whole list in memory, for all who ask for it; no reply where it is too large. */
static void send_whole(struct request *request, void *context)
{
    const struct sifting *sifting = context;
    struct listing *listing = begin_listing(request, &sifting->plan);
    if (!listing)
        return;
    bool chosen = choose_now(request, listing);
    size_t least = listing->projection ? 1 : FULL_RECORD_LEAST;
    if (chosen && listing->result.count <= REPLY_WHOLE / least) {
        reply_whole(request, listing_type(request, listing), fill_listing, listing, free_listing);
        return;
    }
    if (chosen)
        question_too_large(request);
    free_listing(listing);
}

static const struct question_answers listing_answers = {send_alone, send_whole};

void device_reply_send(struct request *request, const struct device_plan *plan)
{
    struct buffer why = {0};
    struct sifting *sifting = arena_new(request_arena(request), sizeof *sifting);
    if (!sifting) {
        reply_error(request, 503, "out of memory");
        return;
    }
    sifting->plan = *plan;
    int error =
        command_regexes(request_command(request), &sifting->pairs, &sifting->pair_count, &why);
    if (error && error != -ENOENT) {
        record_reply_refuse(request, &why);
        return;
    }
    if (error)
        sifting->pair_count = 0;
    buffer_done(&why);
    if ((plan->keep || sifting->pair_count) && !request_is_head(request)) {
        reply_later(request, run_sifting, sifting);
        return;
    }
    if (plan->select)
        send_alone(request, sifting);
    else
        question_ask(request, &listing_answers, sifting);
}
