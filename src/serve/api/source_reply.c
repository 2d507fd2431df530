/* Answers about data sources. See source_reply.h. Who is not logged in as admin sees definitions
 * without their secrets. */
#include "serve/api/source_reply.h"

#include <errno.h>
#include <stdlib.h>

#include "serve/list/record_reply.h"
#include "serve/source_record.h"

enum { OPEN_WAIT_MS = 5000 };

/* Writes a source's record; its histories are the monitor's and need the store's lock. */
static void write_source(struct record_reply *reply, const struct source_status *status,
                         bool is_element)
{
    struct monitor *monitor = monitor_of(reply->request);
    struct store *store = monitor->store;
    struct datasource_record record;
    struct view view;
    struct view_tables tables;
    source_record_fill(status, !request_has_role(reply->request, ROLE_ADMIN), &record);
    store_lock_read(store);
    const struct datasource_record *kept =
        status->number < STORE_SOURCES ? store->sources[status->number] : NULL;
    record.packets_ring = kept ? kept->packets_ring : NULL;
    record.bytes_ring = kept ? kept->bytes_ring : NULL;
    store_view(store, monitor_now(), &view, &tables);
    if (store->source_clocks[status->number % STORE_SOURCES])
        view.clock = store->source_clocks[status->number % STORE_SOURCES];
    if (is_element)
        record_reply_element(reply, &record, &view);
    else
        record_reply_record(reply, &record, &view);
    store_unlock(store);
}

/* Copies the sources that are wanted; their count. */
static size_t copy_sources(struct capture *capture,
                           bool (*wanted)(const struct source_status *status),
                           struct source_status *statuses, size_t limit)
{
    size_t count = 0;
    for (size_t number = 0; number < limit; number++)
        if (capture_snapshot(capture, (uint16_t)number, &statuses[count]) == 0 &&
            !statuses[count].removed && (!wanted || wanted(&statuses[count])))
            count++;
    return count;
}

void source_reply_list(struct request *request, const struct record_type *type,
                       bool (*wanted)(const struct source_status *status))
{
    struct monitor *monitor = monitor_of(request);
    struct record_reply reply;
    size_t limit = capture_count(monitor->capture);
    struct source_status *statuses = calloc(limit + 1, sizeof *statuses);
    if (!statuses) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (record_reply_begin(&reply, request, type)) {
        size_t count = copy_sources(monitor->capture, wanted, statuses, limit);
        record_reply_list_begin(&reply, (uint32_t)count);
        for (size_t i = 0; i < count; i++)
            write_source(&reply, &statuses[i], true);
        record_reply_list_end(&reply);
        record_reply_send(&reply);
    }
    free(statuses);
}

void source_reply_one(struct request *request, uint16_t number)
{
    struct monitor *monitor = monitor_of(request);
    struct record_reply reply;
    struct source_status *status = malloc(sizeof *status);
    int error = status ? capture_snapshot(monitor->capture, number, status) : -ENOMEM;
    if (error)
        reply_error(request, error == -ENOENT ? 404 : 503, "the source cannot be shown");
    else if (record_reply_begin(&reply, request, &datasource_type)) {
        write_source(&reply, status, false);
        record_reply_send(&reply);
    }
    free(status);
}

bool source_reply_find(struct request *request, const char *text, size_t length, int unknown,
                       uint16_t *ret_number)
{
    struct monitor *monitor = monitor_of(request);
    struct uuid uuid;
    if (uuid_parse(text, length, &uuid) != 0) {
        reply_error(request, 400,
                    "'%.64s' is no UUID; one looks like 5FE308BD-0000-0000-0000-00C0CAB2E56A: see "
                    "kismet.datasource.uuid in /datasource/all_sources.json",
                    text);
        return false;
    }
    if (capture_find(monitor->capture, uuid, ret_number) == 0 &&
        !capture_is_removed(monitor->capture, *ret_number))
        return true;
    reply_error(request, unknown, "no source has the UUID %.36s; see /datasource/all_sources.json",
                text);
    return false;
}

void source_reply_refuse(struct request *request, int error, struct buffer *why)
{
    if (!why->length)
        buffer_add_text(why, error == -ENOENT ? "there is no such source" : "the source refuses");
    reply_error(request, error == -ENOENT ? 404 : 400, "%.*s", (int)why->length,
                (const char *)why->data);
    buffer_done(why);
}

bool source_reply_opened(struct request *request, uint16_t number)
{
    struct monitor *monitor = monitor_of(request);
    struct source_status *status = malloc(sizeof *status);
    bool opened = false;
    if (!status || capture_snapshot(monitor->capture, number, status) != 0)
        reply_error(request, 503, "out of memory");
    else if (status->error)
        reply_error(request, 400, "the source %s is defined but cannot be opened: %s", status->name,
                    status->error_reason);
    else
        opened = true;
    free(status);
    return opened;
}

bool source_reply_add(struct request *request, const char *definition, uint16_t *ret_number)
{
    struct monitor *monitor = monitor_of(request);
    struct buffer why = {0};
    int error = capture_add(monitor->capture, definition, OPEN_WAIT_MS, ret_number, &why);
    if (error) {
        source_reply_refuse(request, error == -ENOENT ? -EINVAL : error, &why);
        return false;
    }
    buffer_done(&why);
    monitor_refresh_sources(monitor);
    return source_reply_opened(request, *ret_number);
}
