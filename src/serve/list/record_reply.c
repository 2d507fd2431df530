/* Answers made of a few records. See record_reply.h. */
#include "serve/list/record_reply.h"

#include <errno.h>
#include <string.h>

#include "serve/http/exchange.h"

void record_reply_refuse(struct request *request, struct buffer *why)
{
    reply_error(request, 400, "%.*s", (int)why->length, (const char *)why->data);
    buffer_done(why);
}

void record_reply_fail(struct request *request, int error, struct buffer *why)
{
    if (error && why->length)
        record_reply_refuse(request, why);
    else if (error)
        reply_error(request, 503, "out of memory");
    buffer_done(why);
}

bool record_reply_read_fields(struct request *request, const struct record_type *type,
                              struct projection **ret_projection)
{
    const struct field_request *fields;
    size_t count;
    struct buffer why = {0};
    *ret_projection = NULL;
    int error = command_fields(request_command(request), &fields, &count, &why);
    if (!error && !type) {
        buffer_add_text(&why, "there is no record at that path to take fields of");
        error = -EINVAL;
    }
    if (!error) {
        *ret_projection = projection_new(type, fields, count, &why);
        error = *ret_projection ? 0 : -errno;
    }
    if (error == -ENOENT)
        error = 0;
    record_reply_fail(request, error, &why);
    return !error;
}

void record_reply_refuse_patterns(struct request *request, const struct pattern_budget *budget)
{
    struct buffer why = {0};
    pattern_budget_explain(budget, &why);
    reply_invalid(request, "regex", "%.*s", (int)why.length, (const char *)why.data);
    buffer_done(&why);
}

static void run_again(struct request *request, void *context)
{
    request->match.route->handler(request);
}

static int make_filter(struct record_reply *reply, const struct command_pair *pairs, size_t count,
                       struct buffer *ret_why)
{
    reply->filter = list_filter_new(reply->type, &reply->budget);
    return reply->filter ? list_filter_match(reply->filter, pairs, count, ret_why) : -ENOMEM;
}

/* The patterns, which take their time. False when a reply was made instead, or is to be. */
static bool read_patterns(struct record_reply *reply)
{
    struct request *request = reply->request;
    const struct command_pair *pairs;
    size_t count;
    struct buffer why = {0};
    if (request->match.route->kind == ROUTE_COMMAND) /* it lists nothing */
        return true;
    int error = command_regexes(request_command(request), &pairs, &count, &why);
    bool waits = !error && !request->on_worker;
    if (!error && !waits)
        error = make_filter(reply, pairs, count, &why);
    if (error == -ENOENT)
        error = 0;
    if (waits)
        reply_later(request, run_again, NULL);
    else if (error && why.length)
        reply_invalid(request, "regex", "%.*s", (int)why.length, (const char *)why.data);
    else if (error)
        reply_error(request, 503, "out of memory");
    buffer_done(&why);
    return !error && !waits;
}

bool record_reply_begin(struct record_reply *reply, struct request *request,
                        const struct record_type *type)
{
    *reply =
        (struct record_reply){.request = request, .type = type, .lines = request_lines(request)};
    reply->emitter.format = request_format(request);
    if (record_reply_read_fields(request, type, &reply->projection) && read_patterns(reply))
        return true;
    record_reply_drop(reply);
    return false;
}

static struct emitter *emitter_of(struct record_reply *reply)
{
    reply->emitter.buffer = &reply->body;
    return &reply->emitter;
}

void record_reply_record(struct record_reply *reply, const void *record, struct view *view)
{
    emit_record(emitter_of(reply), reply->type, reply->projection, record, view);
    if (reply->lines)
        buffer_add_byte(&reply->body, '\n');
}

void record_reply_single(struct request *request, const struct record_type *type,
                         const void *record, struct view *view)
{
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, type))
        return;
    record_reply_record(&reply, record, view);
    record_reply_send(&reply);
}

bool record_reply_keeps(struct record_reply *reply, const void *record, struct view *view)
{
    if (!reply->filter)
        return true;
    list_filter_begin(reply->filter);
    return list_filter_keeps(reply->filter, record, view);
}

/* Begins a list or dictionary whose count may turn out smaller. */
static void begin_counted(struct record_reply *reply, enum field_type type, uint32_t count)
{
    struct emitter *emitter = emitter_of(reply);
    reply->head = reply->body.length;
    if (type == FIELD_LIST)
        emit_array_begin(emitter, count);
    else
        emit_map_begin(emitter, type, count);
    reply->content = reply->body.length;
    reply->kept = 0;
}

/* Puts the true count at its beginning. */
static void recount(struct record_reply *reply, enum field_type type)
{
    struct buffer head = {0}, *body = &reply->body;
    struct emitter emitter = {.buffer = &head, .format = reply->emitter.format};
    if (!reply->filter)
        return;
    if (type == FIELD_LIST)
        emit_array_begin(&emitter, reply->kept);
    else
        emit_map_begin(&emitter, type, reply->kept);
    if (head.failed || body->failed) {
        body->failed = true;
    } else {
        memcpy(body->data + reply->head, head.data, head.length);
        memmove(body->data + reply->head + head.length, body->data + reply->content,
                body->length - reply->content);
        body->length -= reply->content - reply->head - head.length;
    }
    buffer_done(&head);
}

void record_reply_list_begin(struct record_reply *reply, uint32_t count)
{
    if (!reply->lines)
        begin_counted(reply, FIELD_LIST, count);
}

void record_reply_element(struct record_reply *reply, const void *record, struct view *view)
{
    if (!record_reply_keeps(reply, record, view))
        return;
    reply->kept++;
    if (!reply->lines)
        emit_element(emitter_of(reply));
    record_reply_record(reply, record, view);
}

void record_reply_list_end(struct record_reply *reply)
{
    if (reply->lines)
        return;
    recount(reply, FIELD_LIST);
    emit_array_end(emitter_of(reply));
}

void record_reply_map_begin(struct record_reply *reply, enum field_type map, uint32_t count)
{
    begin_counted(reply, map, count);
}

void record_reply_entry(struct record_reply *reply, enum field_type map, const struct value *key,
                        const void *record, struct view *view)
{
    if (!record_reply_keeps(reply, record, view))
        return;
    reply->kept++;
    emit_key(emitter_of(reply), map, key);
    emit_record(emitter_of(reply), reply->type, reply->projection, record, view);
}

void record_reply_map_end(struct record_reply *reply, enum field_type map)
{
    recount(reply, map);
    emit_map_end(emitter_of(reply));
    if (reply->lines)
        buffer_add_byte(&reply->body, '\n');
}

void record_reply_table_begin(struct record_reply *reply, const char *name, uint32_t count)
{
    if (!reply->lines) {
        emit_map_begin(emitter_of(reply), FIELD_RECORD, 1);
        emit_name(emitter_of(reply), name, strlen(name));
    }
    record_reply_list_begin(reply, count);
}

void record_reply_table_end(struct record_reply *reply)
{
    record_reply_list_end(reply);
    if (!reply->lines)
        emit_map_end(emitter_of(reply));
}

void record_reply_send(struct record_reply *reply)
{
    if (reply->budget.fault) {
        record_reply_refuse_patterns(reply->request, &reply->budget);
        record_reply_drop(reply);
        return;
    }
    projection_free(reply->projection);
    list_filter_free(reply->filter);
    reply_buffer(reply->request, 200, reply_content_type(reply->request), &reply->body);
}

void record_reply_drop(struct record_reply *reply)
{
    projection_free(reply->projection);
    list_filter_free(reply->filter);
    buffer_done(&reply->body);
}
