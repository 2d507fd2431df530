/* A source's thread: opens, runs, retries, and keeps the record. See source.h.
 * Input: commands by atomic flags and an eventfd. Output: batches, the record, events. */
#include "capture/source.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "capture/sources.h"
#include "capture/tool_survey.h"
#include "capture/tool_link.h"
#include "capture/tuner.h"
#include "util/clock.h"
#include "util/text.h"

enum {
    THREAD_STACK = 256 * 1024,
    RETRY_MS = 5000,
    FILE_WAIT_MS = 100, /* between looks at the commands while the engine is behind */
    EXTRA_ALIGN = _Alignof(struct frame_extra),
    NO_LINK_TYPE = UINT32_MAX,
    BACK_OFF = 2, /* times that the pause between tries doubles */
};

void source_wake(struct source *source)
{
    uint64_t one = 1;
    ssize_t written = write(source->wake, &one, sizeof one);
    (void)written; /* full means it is awake already */
}

void source_awake(struct source *source)
{
    uint64_t count;
    ssize_t taken = read(source->wake, &count, sizeof count);
    (void)taken;
}

bool source_interrupted(const struct source *source)
{
    return atomic_load_explicit(&source->stop, memory_order_relaxed) ||
           atomic_load_explicit(&source->renewed, memory_order_relaxed) ||
           atomic_load_explicit(&source->reopen, memory_order_relaxed) ||
           !atomic_load_explicit(&source->wanted, memory_order_relaxed);
}

void source_sleep(struct source *source, uint64_t until_ns)
{
    struct pollfd polled = {.fd = source->wake, .events = POLLIN};
    struct timespec timeout, *limit = NULL;
    if (until_ns) {
        uint64_t now = clock_monotonic_ns();
        timeout = clock_timespec(until_ns > now ? until_ns - now : 0);
        limit = &timeout;
    }
    if (ppoll(&polled, 1, limit, NULL) > 0)
        source_awake(source);
}

static void copy_text(char *ret_text, size_t room, const char *text)
{
    snprintf(ret_text, room, "%s", text ? text : "");
}

void source_tell(struct source *source, enum capture_event event, const char *text)
{
    if (source->config->on_event)
        source->config->on_event(source->config->context, source->number, event, text);
}

void source_warn(struct source *source, const char *text)
{
    pthread_mutex_lock(&source->lock);
    copy_text(source->status.warning, sizeof source->status.warning, text);
    pthread_mutex_unlock(&source->lock);
    source_tell(source, CAPTURE_WARNING, text);
}

/* A link type met for the first time since the last one: is it one that norn dissects? */
static void check_link_type(struct source *source, uint16_t link_type)
{
    const struct capture_config *config = source->config;
    const char *name = config->unsupported ? config->unsupported(config->context, link_type) : NULL;
    source->checked_link_type = link_type;
    source->link_unsupported = name != NULL;
    pthread_mutex_lock(&source->lock);
    source->status.link_type = link_type;
    bool told = source->status.warning[0] != '\0';
    pthread_mutex_unlock(&source->lock);
    if (!name || told)
        return;
    char text[160];
    snprintf(text, sizeof text,
             "link type %u (%.80s) is not supported: its frames are only counted", link_type, name);
    source_warn(source, text);
}

bool source_has_frames(const struct source *source)
{
    return source->batch && source->batch->count;
}

static void add_counts(struct source_counts *counts, struct source_counts *fresh)
{
    counts->packets += fresh->packets;
    counts->bytes += fresh->bytes;
    counts->unsupported += fresh->unsupported;
    counts->cut += fresh->cut;
    counts->bad_records += fresh->bad_records;
    counts->queue_drops += fresh->queue_drops;
    memset(fresh, 0, sizeof *fresh);
}

/* Hands a batch on, or back when there is nothing in it. */
static void give(const struct capture_config *config, struct batch *batch)
{
    if (!batch->count) {
        queue_give_back(config->queue, batch);
        return;
    }
    if (config->on_frames)
        config->on_frames(config->context, batch);
    queue_put(config->queue, batch);
}

void source_flush(struct source *source)
{
    struct batch *batch = source->batch;
    pthread_mutex_lock(&source->lock);
    struct source_status *status = &source->status;
    add_counts(&status->counts, &source->fresh);
    if (batch && batch->count) {
        if (!status->first_time_ns)
            status->first_time_ns = batch->frames[0].time_ns;
        status->last_time_ns = batch->frames[batch->count - 1].time_ns;
        status->last_report_ns = clock_wall_ns();
    }
    pthread_mutex_unlock(&source->lock);
    if (!batch)
        return;
    source->batch = NULL;
    give(source->config, batch);
}

/* An empty batch to fill, or NULL when there is none in time or the source is to close. */
static struct batch *take_batch(struct source *source, int wait_ms)
{
    struct queue *queue = source->config->queue;
    bool file = source->type->file;
    struct batch *batch = queue_take_empty(queue, file ? FILE_WAIT_MS : wait_ms, !file);
    while (!batch && file && !source_interrupted(source)) {
        source_sleep(source, clock_monotonic_ns() + NS_PER_MS); /* a closed queue waits not */
        batch = queue_take_empty(queue, FILE_WAIT_MS, false);
    }
    if (!batch)
        return NULL;
    batch->source = source->number;
    batch->fcs_unchecked = source->fcs_unchecked;
    batch->file_clock = source->file_clock;
    batch->elsewhere = source->type->elsewhere;
    return batch;
}

/* Bytes of a batch that a frame takes, with what its sensor says of it. */
static uint32_t bytes_of(const struct frame *frame)
{
    return frame->length + (frame->extra ? EXTRA_ALIGN - 1 + (uint32_t)sizeof *frame->extra : 0);
}

/* Copies into the batch's bytes; the place of the copy. */
static void *keep(struct batch *batch, const void *bytes, uint32_t length)
{
    uint8_t *place = batch->bytes + batch->bytes_used;
    memcpy(place, bytes, length);
    batch->bytes_used += length;
    return place;
}

static const struct frame_extra *keep_extra(struct batch *batch, const struct frame_extra *extra)
{
    if (!extra)
        return NULL;
    uintptr_t place = (uintptr_t)(batch->bytes + batch->bytes_used);
    batch->bytes_used += (uint32_t)(-place % EXTRA_ALIGN);
    return keep(batch, extra, sizeof *extra);
}

bool source_add(struct source *source, const struct frame *frame, uint64_t time_ns, int wait_ms)
{
    struct batch *batch = source->batch;
    if (batch &&
        (batch->count == BATCH_FRAMES || bytes_of(frame) > BATCH_BYTES - batch->bytes_used)) {
        source_flush(source);
        batch = NULL;
    }
    if (!batch) {
        batch = source->batch = take_batch(source, wait_ms);
        if (!batch) {
            source->fresh.queue_drops += !source->type->file;
            return false;
        }
    }
    if (frame->link_type != source->checked_link_type)
        check_link_type(source, frame->link_type);
    struct frame *kept = &batch->frames[batch->count++];
    *kept = *frame;
    kept->data = keep(batch, frame->data, frame->length);
    kept->extra = keep_extra(batch, frame->extra);
    kept->time_ns = time_ns;
    kept->source = source->number;
    if (source->fcs_present && !kept->fcs_length)
        kept->fcs_length = 4;
    source->fresh.packets++;
    source->fresh.bytes += frame->length;
    source->fresh.unsupported += source->link_unsupported;
    return true;
}

static void describe_antenna(struct source_status *status, const struct definition *definition)
{
    copy_text(status->antenna_type, sizeof status->antenna_type,
              definition_find(definition, "info_antenna_type"));
    copy_text(status->amp_type, sizeof status->amp_type,
              definition_find(definition, "info_amp_type"));
    status->antenna_gain = definition_number(definition, "info_antenna_gain", 0);
    status->antenna_orientation = definition_number(definition, "info_antenna_orientation", 0);
    status->antenna_beamwidth = definition_number(definition, "info_antenna_beamwidth", 0);
    status->amp_gain = definition_number(definition, "info_amp_gain", 0);
}

void source_describe_type(struct source_status *status, const struct definition *definition,
                          const struct source_type *type)
{
    status->type = type ? type->name : "";
    status->type_description = type ? type->description : "";
    status->file_source = type && type->file;
    status->passive = type && type->passive;
    status->has_tool = type && type->program && type->tune && !definition_find(definition, "tuner");
    status->quiet = !type || type->quiet;
    status->file_clock = status->file_source && !type->endless &&
                         !definition_bool(definition, "realtime", false) &&
                         !definition_bool(definition, "loop", false);
}

void source_describe(struct source_status *status, const struct definition *definition,
                     const struct source_type *type, const struct capture_config *config)
{
    source_describe_type(status, definition, type);
    const char *name = definition_find(definition, "name");
    copy_text(status->name, sizeof status->name, name && *name ? name : definition->interface);
    copy_text(status->interface, sizeof status->interface, definition->interface);
    copy_text(status->capture_interface, sizeof status->capture_interface, definition->interface);
    definition_write(definition, false, status->definition);
    definition_write(definition, true, status->definition_public);
    status->retry = definition_bool(definition, "retry", config->retry);
    bool is_make_believe = definition_find(definition, "tuner") != NULL;
    status->tunable = is_make_believe || status->has_tool;
    describe_antenna(status, definition);
    if (is_make_believe)
        tuner_start(status, definition, config);
}

/* Sets the state and what follows from it; wakes those who wait for it. */
static void set_state(struct source *source, enum source_state state, const char *reason)
{
    pthread_mutex_lock(&source->lock);
    struct source_status *status = &source->status;
    status->state = state;
    status->running = state == SOURCE_RUNNING;
    status->ended = state == SOURCE_ENDED;
    status->error = reason != NULL;
    if (state != SOURCE_OPENING)
        copy_text(status->error_reason, sizeof status->error_reason, reason);
    if (state == SOURCE_RUNNING)
        status->retry_attempts = 0;
    else
        tuning_end(source, reason ? reason : "the source was closed");
    if (state == SOURCE_ERROR) {
        status->retry_attempts++;
        status->total_retry_attempts++;
    }
    pthread_cond_broadcast(&source->changed);
    pthread_mutex_unlock(&source->lock);
}

/* Opens the source again: an error stays shown until it is open. */
static void set_opening(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    if (!source->status.error)
        source->status.state = SOURCE_OPENING;
    source->status.warning[0] = '\0';
    pthread_mutex_unlock(&source->lock);
}

static void free_definition(struct source *source)
{
    definition_free(source->definition);
    source->definition = NULL;
}

/* Takes up a new definition when there is one. */
static void take_definition(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    if (source->next_definition) {
        free_definition(source);
        source->definition = source->next_definition;
        source->type = source->next_type;
        source->next_definition = NULL;
        atomic_store(&source->renewed, false);
        atomic_store(&source->wanted, !source->status.removed);
    }
    source->retry = source->status.retry;
    source->file_clock = source->status.file_clock;
    source->is_remote = source->status.remote;
    pthread_mutex_unlock(&source->lock);
    const struct definition *definition = source->definition;
    source->fcs_unchecked = !definition_bool(definition, "validatefcs", true);
    source->fcs_present = definition_bool(definition, "fcs", false);
    source->checked_link_type = NO_LINK_TYPE;
    source->link_unsupported = false;
    if (source->config->on_metagps)
        source->config->on_metagps(source->config->context, source->number,
                                   definition_find(definition, "metagps"));
}

/* A source that was defined without a type that fits: perhaps there is one by now. */
static int resolve_type(struct source *source, struct buffer *ret_why)
{
    if (source->type)
        return 0;
    source->type = sources_probe(source->config, source->definition->interface);
    if (!source->type) {
        source->type = tool_survey_probe(source->config, source->definition, source->wake);
        source_awake(source);
        if (source_interrupted(source))
            return -ECANCELED;
    }
    if (!source->type) {
        sources_explain_missing(source->definition->interface, ret_why);
        return -ENOENT;
    }
    pthread_mutex_lock(&source->lock);
    source_describe_type(&source->status, source->definition, source->type);
    source->file_clock = source->status.file_clock;
    pthread_mutex_unlock(&source->lock);
    return 0;
}

/* The sentence in a buffer, cut to what a record holds, as valid text. */
static void sentence(const struct buffer *why, int error, char ret_text[SOURCE_REASON])
{
    if (!why->length) {
        snprintf(ret_text, SOURCE_REASON, "%s", strerror(-error));
        return;
    }
    size_t length = why->length < SOURCE_REASON ? why->length : SOURCE_REASON - 1;
    length = text_utf8_valid(why->data, length);
    memcpy(ret_text, why->data, length);
    ret_text[length] = '\0';
}

/* Records a failure, tells it unless it was told before, and waits before the next try. A file
 * that was being read is not read twice. */
static void fail(struct source *source, const char *reason, bool was_running)
{
    pthread_mutex_lock(&source->lock);
    bool news = was_running || strcmp(source->status.error_reason, reason) != 0;
    uint32_t attempts = source->status.retry_attempts;
    pthread_mutex_unlock(&source->lock);
    bool final = (was_running && source->type->file) || !source->retry;
    if (final)
        atomic_store(&source->wanted, false);
    set_state(source, SOURCE_ERROR, reason);
    if (news)
        source_tell(source, CAPTURE_ERROR, reason);
    if (final || atomic_load(&source->stop))
        return;
    uint64_t pause = source->config->retry_ms ? source->config->retry_ms : RETRY_MS;
    pause <<= attempts < BACK_OFF ? attempts : BACK_OFF;
    source_sleep(source, clock_monotonic_ns() + pause * NS_PER_MS);
}

static int open_source(struct source *source, struct buffer *why)
{
    int result = resolve_type(source, why);
    return result < 0 ? result : source->type->open(source, why);
}

/* Opens the source and runs it until it ends. */
static void open_and_run(struct source *source)
{
    struct buffer why = {0};
    char reason[SOURCE_REASON];
    set_opening(source);
    int result = open_source(source, &why);
    bool opened = result == 0;
    if (opened) {
        set_state(source, SOURCE_RUNNING, NULL);
        source_tell(source, CAPTURE_OPENED, source->definition->interface);
        result = source->type->run(source, &why);
        source_flush(source);
    }
    if (source->type)
        source->type->close(source);
    sentence(&why, result, reason);
    buffer_done(&why);
    if (source_interrupted(source) || result == -ECANCELED)
        return;
    if (result < 0) {
        fail(source, reason, opened);
        return;
    }
    atomic_store(&source->wanted, false);
    set_state(source, SOURCE_ENDED, NULL);
    source_tell(source, CAPTURE_ENDED, source->definition->interface);
}

/* Not wanted any more: closed by command, unless it ended or failed by itself. */
static void rest(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    bool closed = source->status.state == SOURCE_OPENING || source->status.state == SOURCE_RUNNING;
    pthread_mutex_unlock(&source->lock);
    if (closed) {
        set_state(source, SOURCE_CLOSED, NULL);
        source_tell(source, CAPTURE_CLOSED, "closed");
    }
    source_sleep(source, 0);
}

static void *run_thread(void *argument)
{
    struct source *source = argument;
    pthread_setname_np(pthread_self(), "norn-source");
    while (!atomic_load(&source->stop)) {
        if (!atomic_load(&source->wanted) && !atomic_load(&source->renewed)) {
            rest(source);
            continue;
        }
        take_definition(source);
        atomic_store(&source->reopen, false);
        open_and_run(source);
    }
    return NULL;
}

static int start_thread(struct source *source)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    int result = pthread_create(&source->thread, &attributes, run_thread, source);
    pthread_attr_destroy(&attributes);
    source->started = result == 0;
    return -result;
}

static void init_locks(struct source *source)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&source->lock, NULL);
    pthread_cond_init(&source->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct source *source_new(const struct capture_config *config, uint16_t number,
                          struct definition *definition, const struct source_type *type,
                          const struct source_status *status, struct tool_link *link)
{
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return NULL;
    source->config = config;
    source->number = number;
    source->status = *status;
    source->definition = definition;
    source->type = type;
    source->attached = link;
    source->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_init(&source->wanted, true);
    init_locks(source);
    coverage_init(&source->coverage, coverage_now_ms());
    if (source->wake < 0 || start_thread(source) < 0) {
        source->definition = NULL;
        source->attached = NULL;
        source_free(source);
        return NULL;
    }
    return source;
}

void source_stop(struct source *source)
{
    atomic_store(&source->stop, true);
    source_wake(source);
}

void source_join(struct source *source)
{
    if (source->started)
        pthread_join(source->thread, NULL);
    source->started = false;
}

void source_free(struct source *source)
{
    if (!source)
        return;
    free_definition(source);
    definition_free(source->next_definition);
    coverage_done(&source->coverage);
    if (source->attached)
        tool_link_done(source->attached);
    free(source->attached);
    buffer_done(&source->inbox);
    if (source->wake >= 0)
        close(source->wake);
    pthread_cond_destroy(&source->changed);
    pthread_mutex_destroy(&source->lock);
    free(source);
}

bool source_await(struct source *source, unsigned timeout_ms, bool leave_running)
{
    struct timespec deadline = clock_timespec(clock_monotonic_ns() + timeout_ms * NS_PER_MS);
    while (source->status.state == SOURCE_OPENING ||
           (leave_running && source->status.state == SOURCE_RUNNING))
        if (pthread_cond_timedwait(&source->changed, &source->lock, &deadline))
            return false;
    return true;
}
