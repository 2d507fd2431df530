/* Answers made of a few records. See record_reply.h. */
#include "serve/record_reply.h"

#include <errno.h>
#include <string.h>

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

bool record_reply_begin(struct record_reply *reply, struct request *request,
                        const struct record_type *type)
{
    const struct field_request *fields;
    size_t count;
    struct buffer why = {0};
    *reply =
        (struct record_reply){.request = request, .type = type, .lines = request_lines(request)};
    reply->emitter.format = request_format(request);
    int error = command_fields(request_command(request), &fields, &count, &why);
    if (!error) {
        reply->projection = projection_new(type, fields, count, &why);
        error = reply->projection ? 0 : -errno;
    }
    if (error == -ENOENT)
        error = 0;
    record_reply_fail(request, error, &why);
    return !error;
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

void record_reply_list_begin(struct record_reply *reply, uint32_t count)
{
    if (!reply->lines)
        emit_array_begin(emitter_of(reply), count);
}

void record_reply_element(struct record_reply *reply, const void *record, struct view *view)
{
    if (!reply->lines)
        emit_element(emitter_of(reply));
    record_reply_record(reply, record, view);
}

void record_reply_list_end(struct record_reply *reply)
{
    if (!reply->lines)
        emit_array_end(emitter_of(reply));
}

void record_reply_map_begin(struct record_reply *reply, enum field_type map, uint32_t count)
{
    emit_map_begin(emitter_of(reply), map, count);
}

void record_reply_entry(struct record_reply *reply, enum field_type map, const struct value *key,
                        const void *record, struct view *view)
{
    emit_key(emitter_of(reply), map, key);
    emit_record(emitter_of(reply), reply->type, reply->projection, record, view);
}

void record_reply_map_end(struct record_reply *reply)
{
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
    projection_free(reply->projection);
    reply_buffer(reply->request, 200, reply_content_type(reply->request), &reply->body);
}

void record_reply_drop(struct record_reply *reply)
{
    projection_free(reply->projection);
    buffer_done(&reply->body);
}
