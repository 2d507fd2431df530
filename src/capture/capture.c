/* The registry of data sources and their commands. See capture.h.
 * Locks: the registry's before a source's; neither is held during callbacks. */
#include "capture/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/hop_spread.h"
#include "capture/source_tool.h"
#include "capture/sources.h"
#include "capture/tool_link.h"
#include "capture/tool_survey.h"
#include "capture/tuner.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/text.h"

enum {
    COMMAND_WAIT_MS = 2000, /* for a source to do what it was told */
    TUNE_WAIT_MS = 6000,    /* for a tool to tune */
};

#define NOTICE_AGAIN_NS 60000000000ULL

struct capture {
    struct capture_config config;
    pthread_mutex_t lock; /* of the list; sources stay until the end */
    struct source *sources[SOURCES_MAX];
    size_t count;
    char notice[SOURCE_REASON]; /* the last one, and when it was given */
    uint64_t noticed_ns;
};

struct capture *capture_new(const struct capture_config *config)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (!capture)
        return NULL;
    capture->config = *config;
    pthread_mutex_init(&capture->lock, NULL);
    return capture;
}

void capture_stop(struct capture *capture)
{
    size_t count = capture_count(capture);
    for (size_t i = 0; i < count; i++)
        source_stop(capture->sources[i]);
    for (size_t i = 0; i < count; i++)
        source_join(capture->sources[i]);
}

void capture_free(struct capture *capture)
{
    if (!capture)
        return;
    capture_stop(capture);
    for (size_t i = 0; i < capture->count; i++)
        source_free(capture->sources[i]);
    pthread_mutex_destroy(&capture->lock);
    free(capture);
}

size_t capture_count(struct capture *capture)
{
    pthread_mutex_lock(&capture->lock);
    size_t count = capture->count;
    pthread_mutex_unlock(&capture->lock);
    return count;
}

/* A source by number, or NULL. */
static struct source *find_source(struct capture *capture, uint16_t number)
{
    pthread_mutex_lock(&capture->lock);
    struct source *source = number < capture->count ? capture->sources[number] : NULL;
    pthread_mutex_unlock(&capture->lock);
    return source;
}

int capture_snapshot(struct capture *capture, uint16_t number, struct source_status *ret_status)
{
    struct source *source = find_source(capture, number);
    if (!source)
        return -ENOENT;
    pthread_mutex_lock(&source->lock);
    *ret_status = source->status;
    pthread_mutex_unlock(&source->lock);
    return 0;
}

/* With the registry locked: the source of that UUID, or NULL. */
static struct source *find_uuid(struct capture *capture, struct uuid uuid)
{
    for (size_t i = 0; i < capture->count; i++)
        if (uuid_equal(capture->sources[i]->status.uuid, uuid))
            return capture->sources[i];
    return NULL;
}

int capture_find(struct capture *capture, struct uuid uuid, uint16_t *ret_number)
{
    pthread_mutex_lock(&capture->lock);
    struct source *source = find_uuid(capture, uuid);
    pthread_mutex_unlock(&capture->lock);
    if (!source)
        return -ENOENT;
    *ret_number = source->number;
    return 0;
}

static bool is_removed(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    bool removed = source->status.removed;
    pthread_mutex_unlock(&source->lock);
    return removed;
}

bool capture_is_removed(struct capture *capture, uint16_t number)
{
    struct source *source = find_source(capture, number);
    return source && is_removed(source);
}

/* The type a definition asks for, or NULL when nothing fits yet. -EINVAL for an unknown one. */
static int choose_type(struct capture *capture, const struct definition *definition,
                       const struct source_type **ret_type, struct buffer *ret_why)
{
    const char *name = definition_find(definition, "type");
    if (!name || strcasecmp(name, "auto") == 0) {
        *ret_type = sources_probe(&capture->config, definition->interface);
        return 0;
    }
    *ret_type = sources_find(name);
    if (*ret_type)
        return 0;
    sources_explain_unknown(name, ret_why);
    return -EINVAL;
}

/* With the registry locked: whether another source than `self` has that name. */
static bool name_taken(struct capture *capture, const char *name, const struct source *self)
{
    for (size_t i = 0; i < capture->count; i++) {
        struct source *source = capture->sources[i];
        pthread_mutex_lock(&source->lock);
        bool same =
            source != self && !source->status.removed && strcmp(source->status.name, name) == 0;
        pthread_mutex_unlock(&source->lock);
        if (same)
            return true;
    }
    return false;
}

/* With the registry locked: gives a name that is taken a number at its end. */
static void make_name_unique(struct capture *capture, struct source_status *status,
                             const struct source *self)
{
    char base[SOURCE_NAME];
    memcpy(base, status->name, sizeof base);
    for (unsigned i = 2; name_taken(capture, status->name, self); i++)
        snprintf(status->name, sizeof status->name, "%.*s-%u", SOURCE_NAME - 8, base, i);
}

static bool has_interface(struct source *source, const char *interface)
{
    pthread_mutex_lock(&source->lock);
    bool same = strcmp(source->status.interface, interface) == 0;
    pthread_mutex_unlock(&source->lock);
    return same;
}

/* With the registry locked: the definition's UUID, or one made of its interface that no source
 * of another interface has. A sensor's interface is none of this machine's, whatever its name. */
static struct uuid choose_uuid(struct capture *capture, const struct definition *definition,
                               const struct source_type *type, bool is_remote)
{
    const char *text = definition_find(definition, "uuid");
    struct uuid uuid;
    if (text && uuid_parse(text, strlen(text), &uuid) == 0)
        return uuid;
    if (is_remote)
        return uuid_made(hash_weak(type->tool), hash_weak(definition->interface));
    uuid = sources_make_uuid(&capture->config, type, definition->interface, false);
    struct source *holder = find_uuid(capture, uuid);
    if (holder && type && type->file && !has_interface(holder, definition->interface))
        uuid = sources_make_uuid(&capture->config, type, definition->interface, true);
    return uuid;
}

static bool is_up(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    enum source_state state = source->status.state;
    pthread_mutex_unlock(&source->lock);
    return state == SOURCE_OPENING || state == SOURCE_RUNNING;
}

/* With the source's lock: a sensor's connection that was not taken up. */
static void drop_attached(struct source *source)
{
    if (source->attached)
        tool_link_done(source->attached);
    free(source->attached);
    source->attached = NULL;
}

/* A sensor that comes again goes on with what it was told. */
static void keep_tuning(struct source_status *fresh, const struct source_status *before)
{
    fresh->channels = before->channels;
    fresh->hop_channels = before->hop_channels;
    fresh->hopping = before->hopping;
    fresh->hop_rate = before->hop_rate;
    fresh->hop_shuffle = before->hop_shuffle;
    fresh->hop_offset = before->hop_offset;
    memcpy(fresh->channel, before->channel, sizeof fresh->channel);
}

/* Moves a source that does not run to a new definition; its counts and number stay. */
static void renew(struct source *source, struct definition *definition,
                  const struct source_type *type, const struct source_status *status,
                  struct tool_link *link)
{
    pthread_mutex_lock(&source->lock);
    struct source_status fresh = *status;
    fresh.number = source->number;
    fresh.counts = source->status.counts;
    fresh.first_time_ns = source->status.first_time_ns;
    fresh.last_time_ns = source->status.last_time_ns;
    fresh.last_report_ns = source->status.last_report_ns;
    fresh.total_retry_attempts = source->status.total_retry_attempts;
    if (link)
        keep_tuning(&fresh, &source->status);
    source->status = fresh;
    definition_free(source->next_definition);
    source->next_definition = definition;
    source->next_type = type;
    drop_attached(source);
    source->attached = link;
    atomic_store(&source->paused, false);
    atomic_store(&source->renewed, true);
    pthread_mutex_unlock(&source->lock);
    source_wake(source);
}

/* With the registry locked: a removed source that nothing can name, as it never delivered anything;
 * or NULL. */
static struct source *find_spare(struct capture *capture)
{
    for (size_t i = 0; i < capture->count; i++) {
        struct source *source = capture->sources[i];
        pthread_mutex_lock(&source->lock);
        const struct source_status *status = &source->status;
        bool spare = status->removed && !status->counts.packets && !source->next_definition &&
                     status->state != SOURCE_OPENING && status->state != SOURCE_RUNNING;
        if (spare) {
            coverage_done(&source->coverage);
            coverage_init(&source->coverage, coverage_now_ms());
        }
        pthread_mutex_unlock(&source->lock);
        if (spare)
            return source;
    }
    return NULL;
}

static void set_key(struct source_status *status)
{
    char text[UUID_TEXT];
    uuid_write(status->uuid, text);
    status->key = hash_weak(text);
}

/* With the registry locked: makes a source that is not there yet. */
static int add_new(struct capture *capture, struct definition *definition,
                   const struct source_type *type, struct source_status *status,
                   struct tool_link *link, struct source **ret_source, struct buffer *ret_why)
{
    if (capture->count == SOURCES_MAX) {
        buffer_printf(ret_why, "there are %d sources already, the most norn takes", SOURCES_MAX);
        return -ENOSPC;
    }
    status->number = (uint16_t)capture->count;
    struct source *source =
        source_new(&capture->config, status->number, definition, type, status, link);
    if (!source) {
        buffer_add_text(ret_why, "no memory left for another source");
        return -ENOMEM;
    }
    capture->sources[capture->count++] = source;
    *ret_source = source;
    return 0;
}

/* With the registry locked: defines the source. Takes the definition over when it returns 0. */
static int define(struct capture *capture, struct definition *definition,
                  const struct source_type *type, struct source **ret_source,
                  struct buffer *ret_why)
{
    struct source_status status = {.state = SOURCE_OPENING};
    source_describe(&status, definition, type, &capture->config);
    status.uuid = choose_uuid(capture, definition, type, false);
    set_key(&status);
    struct source *holder = find_uuid(capture, status.uuid);
    make_name_unique(capture, &status, holder);
    if (holder && is_up(holder)) {
        char text[UUID_TEXT];
        uuid_write(status.uuid, text);
        pthread_mutex_lock(&holder->lock);
        buffer_printf(ret_why, "a source with the UUID %s runs already: %s", text,
                      holder->status.name);
        pthread_mutex_unlock(&holder->lock);
        return -EEXIST;
    }
    if (!holder)
        holder = find_spare(capture);
    if (!holder)
        return add_new(capture, definition, type, &status, NULL, ret_source, ret_why);
    renew(holder, definition, type, &status, NULL);
    *ret_source = holder;
    return 0;
}

/* Radios of a kind share a list of channels. */
static void spread_hopping(struct capture *capture)
{
    pthread_mutex_lock(&capture->lock);
    hop_spread(capture->sources, capture->count);
    pthread_mutex_unlock(&capture->lock);
}

static void await(struct source *source, unsigned timeout_ms, bool leave_running)
{
    pthread_mutex_lock(&source->lock);
    source_await(source, timeout_ms, leave_running);
    pthread_mutex_unlock(&source->lock);
}

int capture_add(struct capture *capture, const char *text, unsigned wait_ms, uint16_t *ret_number,
                struct buffer *ret_why)
{
    struct definition *definition;
    const struct source_type *type;
    struct source *source = NULL;
    int result = definition_parse(text, &definition, ret_why);
    if (result < 0)
        return result;
    result = choose_type(capture, definition, &type, ret_why);
    if (result == 0) {
        pthread_mutex_lock(&capture->lock);
        result = define(capture, definition, type, &source, ret_why);
        pthread_mutex_unlock(&capture->lock);
    }
    if (result < 0) {
        definition_free(definition);
        return result;
    }
    spread_hopping(capture);
    await(source, wait_ms, false);
    *ret_number = source->number;
    return 0;
}

void capture_notice(struct capture *capture, const char *text)
{
    uint64_t now = clock_monotonic_ns();
    pthread_mutex_lock(&capture->lock);
    bool is_old = strcmp(capture->notice, text) == 0 && now < capture->noticed_ns + NOTICE_AGAIN_NS;
    if (!is_old) {
        snprintf(capture->notice, sizeof capture->notice, "%s", text);
        capture->noticed_ns = now;
    }
    pthread_mutex_unlock(&capture->lock);
    if (!is_old && capture->config.on_notice)
        capture->config.on_notice(capture->config.context, text);
}

/* With the registry locked: the sensor's source, its connection in place. Takes the definition and
 * the link over when it returns 0. */
static int attach(struct capture *capture, struct definition *definition,
                  const struct source_type *type, struct protocol_text uuid_text,
                  struct tool_link *link, struct source **ret_source, struct buffer *ret_why)
{
    struct source_status status = {.state = SOURCE_OPENING, .remote = true};
    source_describe(&status, definition, type, &capture->config);
    status.retry = false; /* it is the sensor that connects again */
    if (protocol_message_uuid(uuid_text, &status.uuid) != 0)
        status.uuid = choose_uuid(capture, definition, type, true);
    struct source *holder = find_uuid(capture, status.uuid);
    if (holder && (!holder->status.remote || strcmp(holder->status.type, type->name) != 0)) {
        buffer_printf(ret_why, "its UUID is that of the source %s, of type %s", holder->status.name,
                      holder->status.type);
        return -EEXIST;
    }
    set_key(&status);
    make_name_unique(capture, &status, holder);
    struct source *source = holder;
    int result = holder ? 0 : add_new(capture, definition, type, &status, link, &source, ret_why);
    if (result == 0 && holder)
        renew(holder, definition, type, &status, link);
    *ret_source = source;
    return result;
}

int capture_attach(struct capture *capture, const struct protocol_new_source *sensor,
                   struct tool_link *link, struct buffer *ret_why)
{
    char text[SOURCE_DEFINITION], type_name[64];
    struct definition *definition;
    struct source *source;
    protocol_text_copy(sensor->definition, text, sizeof text);
    protocol_text_copy(sensor->type, type_name, sizeof type_name);
    const struct source_type *type = source_tool_find(type_name);
    if (!type) {
        buffer_printf(ret_why, "it brings a source of type \"%s\", which norn does not know",
                      type_name);
        return -ENOTSUP;
    }
    int result = definition_parse(text, &definition, ret_why);
    if (result < 0)
        return result;
    pthread_mutex_lock(&capture->lock);
    result = attach(capture, definition, type, sensor->uuid, link, &source, ret_why);
    pthread_mutex_unlock(&capture->lock);
    if (result < 0)
        definition_free(definition);
    return result;
}

/* A name as a definition can hold it: no quotes, no control characters, not too long. */
static void clean_name(const char *name, char ret_name[SOURCE_NAME])
{
    size_t length = text_utf8_valid(name, strnlen(name, SOURCE_NAME - 1));
    for (size_t i = 0; i < length; i++) {
        unsigned char letter = (unsigned char)name[i];
        ret_name[i] = letter < 0x20 || letter == 0x7f || letter == '"' ? ' ' : name[i];
    }
    ret_name[length] = '\0';
}

/* The virtual source of a UUID, defined when there is none. */
static int get_virtual(struct capture *capture, struct uuid uuid, const char *name,
                       struct source **ret_source, struct buffer *ret_why)
{
    uint16_t number;
    char text[SOURCE_NAME + 128], uuid_text[UUID_TEXT];
    if (capture_find(capture, uuid, &number) != 0 || capture_is_removed(capture, number)) {
        uuid_write(uuid, uuid_text);
        snprintf(text, sizeof text, "%s:type=%s,uuid=%s,name=\"%s\"", source_virtual_type.name,
                 source_virtual_type.name, uuid_text, name);
        int result = capture_add(capture, text, 0, &number, ret_why);
        if (result == -EEXIST) { /* another report was quicker */
            ret_why->length = 0;
            result = capture_find(capture, uuid, &number);
        }
        if (result < 0)
            return result;
    }
    *ret_source = find_source(capture, number);
    return 0;
}

/* Gives a source that name, unless another one has it. */
static void rename_source(struct capture *capture, struct source *source, const char *name)
{
    pthread_mutex_lock(&capture->lock);
    if (*name && !name_taken(capture, name, source)) {
        pthread_mutex_lock(&source->lock);
        snprintf(source->status.name, sizeof source->status.name, "%s", name);
        pthread_mutex_unlock(&source->lock);
    }
    pthread_mutex_unlock(&capture->lock);
}

int capture_report(struct capture *capture, struct uuid uuid, const char *name,
                   const struct frame *frames, size_t count, struct buffer *ret_why)
{
    char clean[SOURCE_NAME];
    struct source *source;
    clean_name(name, clean);
    int result = get_virtual(capture, uuid, clean, &source, ret_why);
    if (result == 0)
        result = source_virtual_post(source, frames, count, ret_why);
    if (result == 0)
        rename_source(capture, source, clean);
    return result;
}

static struct source *need_source(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    struct source *source = find_source(capture, number);
    if (!source)
        buffer_add_text(ret_why, "no such source");
    return source;
}

/* Locks the source when it can tune; else says that it cannot. */
static int lock_tunable(struct source *source, struct buffer *ret_why)
{
    pthread_mutex_lock(&source->lock);
    const struct source_status *status = &source->status;
    if (status->tunable)
        return 0;
    buffer_printf(ret_why, "source %s cannot be tuned", status->name);
    if (status->file_source)
        buffer_add_text(ret_why, ": it plays a capture file (tuner=null makes believe)");
    else if (status->error)
        buffer_printf(ret_why, ": it is not open: %s", status->error_reason);
    pthread_mutex_unlock(&source->lock);
    return -EOPNOTSUPP;
}

int capture_lock(struct capture *capture, uint16_t number, const char *channel,
                 struct buffer *ret_why)
{
    struct tuning command = {0};
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    int result = lock_tunable(source, ret_why);
    if (result < 0)
        return result;
    bool is_tool = source->status.has_tool;
    result = is_tool ? tuner_read_channel(channel, command.channel, ret_why)
                     : tuner_lock(&source->status, channel, ret_why);
    pthread_mutex_unlock(&source->lock);
    if (is_tool && !result)
        result = tuning_ask(source, &command, TUNE_WAIT_MS, ret_why);
    spread_hopping(capture);
    return result;
}

int capture_hop(struct capture *capture, uint16_t number, const struct capture_hop *hop,
                struct buffer *ret_why)
{
    struct tuning command = {.is_hop = true};
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    int result = lock_tunable(source, ret_why);
    if (result < 0)
        return result;
    bool is_tool = source->status.has_tool;
    result =
        is_tool ? tuner_read_hop(hop, &command, ret_why) : tuner_hop(&source->status, hop, ret_why);
    pthread_mutex_unlock(&source->lock);
    if (is_tool && !result)
        result = tuning_ask(source, &command, TUNE_WAIT_MS, ret_why);
    spread_hopping(capture);
    return result;
}

/* Pauses or resumes. */
static int set_paused(struct capture *capture, uint16_t number, bool paused, struct buffer *ret_why)
{
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    pthread_mutex_lock(&source->lock);
    bool already = source->status.paused == paused;
    source->status.paused = paused;
    atomic_store(&source->paused, paused);
    pthread_mutex_unlock(&source->lock);
    if (already) {
        buffer_add_text(ret_why, paused ? "it is paused already" : "it is not paused");
        return -EALREADY;
    }
    source_wake(source);
    if (capture->config.on_event)
        capture->config.on_event(capture->config.context, number,
                                 paused ? CAPTURE_PAUSED : CAPTURE_RESUMED,
                                 paused ? "paused" : "resumed");
    return 0;
}

int capture_pause(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    return set_paused(capture, number, true, ret_why);
}

int capture_resume(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    return set_paused(capture, number, false, ret_why);
}

int capture_open(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    if (is_up(source)) {
        buffer_add_text(ret_why, "it is open already");
        return -EALREADY;
    }
    pthread_mutex_lock(&source->lock);
    source->status.state = SOURCE_OPENING;
    source->status.error = false;
    source->status.ended = false;
    pthread_mutex_unlock(&source->lock);
    atomic_store(&source->wanted, true);
    source_wake(source);
    await(source, COMMAND_WAIT_MS, false);
    return 0;
}

int capture_close(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    pthread_mutex_lock(&source->lock);
    enum source_state state = source->status.state;
    if (state == SOURCE_ERROR) {
        source->status.state = SOURCE_CLOSED; /* the thread has nothing to close */
        source->status.error = false;
    }
    pthread_mutex_unlock(&source->lock);
    if (state == SOURCE_CLOSED || state == SOURCE_ENDED) {
        buffer_add_text(ret_why, "it is closed already");
        return -EALREADY;
    }
    atomic_store(&source->wanted, false);
    source_wake(source);
    await(source, COMMAND_WAIT_MS, true);
    return 0;
}

int capture_remove(struct capture *capture, uint16_t number, struct buffer *ret_why)
{
    struct source *source = need_source(capture, number, ret_why);
    if (!source)
        return -ENOENT;
    pthread_mutex_lock(&source->lock);
    bool already = source->status.removed;
    source->status.removed = true;
    source->status.retry = false;
    if (source->status.state == SOURCE_ERROR) {
        source->status.state = SOURCE_CLOSED; /* the thread has nothing to close */
        source->status.error = false;
    }
    pthread_mutex_unlock(&source->lock);
    if (already) {
        buffer_add_text(ret_why, "it is removed already");
        return -ENOENT;
    }
    atomic_store(&source->wanted, false);
    source_wake(source);
    await(source, COMMAND_WAIT_MS, true);
    spread_hopping(capture);
    if (capture->config.on_event)
        capture->config.on_event(capture->config.context, number, CAPTURE_REMOVED, "removed");
    return 0;
}

void capture_count_faults(struct capture *capture, uint16_t number, uint64_t error_packets,
                          uint64_t malformed)
{
    struct source *source = find_source(capture, number);
    if (!source)
        return;
    pthread_mutex_lock(&source->lock);
    source->status.counts.error_packets += error_packets;
    source->status.counts.malformed += malformed;
    pthread_mutex_unlock(&source->lock);
}

/* One source's second: its ledger, and whether it has gone deaf. */
static void tick(struct capture *capture, struct source *source, uint64_t now_ms)
{
    static const char text[] = "runs, but delivers nothing: it is opened again";
    const struct capture_config *config = &capture->config;
    pthread_mutex_lock(&source->lock);
    struct source_status *status = &source->status;
    bool was_deaf = status->deaf;
    bool deaf =
        coverage_tick(&source->coverage, status, now_ms, status->quiet ? 0 : config->deaf_ms);
    if (deaf)
        snprintf(status->warning, sizeof status->warning, "%s", text);
    pthread_mutex_unlock(&source->lock);
    if (!deaf)
        return;
    if (!was_deaf && config->on_event)
        config->on_event(config->context, source->number, CAPTURE_ERROR, text);
    atomic_store(&source->reopen, true);
    source_wake(source);
}

void capture_tick(struct capture *capture)
{
    uint64_t now_ms = coverage_now_ms();
    size_t count = capture_count(capture);
    for (size_t i = 0; i < count; i++)
        tick(capture, capture->sources[i], now_ms);
    spread_hopping(capture); /* tools say late what they can tune to */
}

int capture_coverage(struct capture *capture, uint16_t number, uint64_t window_ms,
                     const char *channel, struct ledger_report *ret_report)
{
    struct source *source = find_source(capture, number);
    if (!source)
        return -ENOENT;
    uint64_t now_ms = coverage_now_ms();
    uint64_t begin_ms = now_ms > window_ms ? now_ms - window_ms : 0;
    pthread_mutex_lock(&source->lock);
    const struct ledger *ledger = source->coverage.ledger;
    if (ledger)
        ledger_read(ledger, begin_ms, now_ms, channel, ret_report);
    pthread_mutex_unlock(&source->lock);
    return ledger ? 0 : -ENOMEM;
}

bool capture_all_ended(struct capture *capture)
{
    bool any_file = false, any_up = false;
    size_t count = capture_count(capture);
    for (size_t i = 0; i < count; i++) {
        struct source *source = capture->sources[i];
        pthread_mutex_lock(&source->lock);
        const struct source_status *status = &source->status;
        bool file = status->file_source || !status->type[0];
        any_file |= file;
        any_up |= file && (status->state == SOURCE_OPENING || status->state == SOURCE_RUNNING);
        pthread_mutex_unlock(&source->lock);
    }
    return any_file && !any_up;
}

/* The UUID of the live source that uses an interface, else zeroes. */
static struct uuid find_user(struct capture *capture, const char *name)
{
    struct uuid uuid = {{0}};
    size_t count = capture_count(capture);
    for (size_t i = 0; i < count; i++) {
        struct source *source = capture->sources[i];
        pthread_mutex_lock(&source->lock);
        if (source->status.running && !source->status.file_source &&
            strcmp(source->status.interface, name) == 0)
            uuid = source->status.uuid;
        pthread_mutex_unlock(&source->lock);
    }
    return uuid;
}

size_t capture_list_interfaces(struct capture *capture, struct capture_interface *ret_list,
                               size_t limit)
{
    size_t count = tool_survey_list(&capture->config, ret_list, limit);
    for (size_t i = 0; i < count; i++)
        ret_list[i].in_use = find_user(capture, ret_list[i].name);
    return count;
}

// clang-format off
const struct option capture_options[] = {
    {"channel_hop", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Whether sources that can tune go round their channels unless told otherwise."},
    {"channel_hop_speed", OPTION_TEXT, "5/sec", NULL, 0, 0,
     "How fast sources hop: N/sec, N/min, or N/dwell for one hop every N seconds."},
    {"helper_binary_path", OPTION_LIST, "%B", NULL, 0, 0,
     "A directory to look for capture tools in, after norn's own (%B) and before PREFIX/bin and "
     "/usr/bin; may stand several times."},
    {"mask_datasource_type", OPTION_LIST, "", NULL, 0, 0,
     "A type of source that is neither tried for definitions without type= nor listed; may stand "
     "several times."},
    {"override_remote_timestamp", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Gives packets of remote sensors the time of their arrival instead of the sensor's own."},
    {"randomized_hopping", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Visits the channels in an order that keeps neighbouring ones apart in time."},
    {"remote_capture_enabled", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Takes remote sensors over TCP, without a login; websockets take them on the HTTP port."},
    {"remote_capture_listen", OPTION_TEXT, "127.0.0.1", NULL, 0, 0,
     "The address that takes them; * is every address."},
    {"remote_capture_port", OPTION_INTEGER, "3501", NULL, 0, 65535,
     "The port that takes them; 0 has the kernel choose one."},
    {"retry_on_source_error", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Tries to open a source again 5 seconds after it failed."},
    {"source", OPTION_LIST, "", NULL, 0, 0,
     "A data source as INTERFACE:key=value,key=value; may stand several times."},
    {"source_deaf_timeout", OPTION_INTEGER, "120", NULL, 0, 86400,
     "Seconds after which a radio that delivers nothing is called deaf and opened again; 0: never."},
    {"split_source_hopping", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Lets sources that share a channel list start at different places of it."},
};
// clang-format on
const size_t capture_options_count = sizeof capture_options / sizeof capture_options[0];
