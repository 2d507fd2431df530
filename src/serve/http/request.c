/* What handlers ask of a request. See request.h. */
#include "serve/http/request.h"

#include <stdlib.h>
#include <string.h>

#include "serve/http/exchange.h"

struct request *request_new(struct service *service, const struct transport *transport,
                            void *handle, struct peer peer)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    atomic_init(&request->references, 1);
    request->service = service;
    request->transport = transport;
    request->handle = handle;
    request->peer = peer;
    peer_write(peer, request->peer_text);
    request->command.top.type = COMMAND_MAP;
    request->command.arena = &request->arena;
    return request;
}

struct request *request_ref(struct request *request)
{
    atomic_fetch_add(&request->references, 1);
    return request;
}

void request_unref(struct request *request)
{
    if (atomic_fetch_sub(&request->references, 1) != 1)
        return;
    question_leave(request);
    atomic_fetch_sub(&request->service->body_bytes, request->body.length);
    buffer_done(&request->body);
    arena_done(&request->arena);
    free(request);
}

void *request_context(const struct request *request)
{
    return request->service->context;
}

enum method request_method(const struct request *request)
{
    return request->method == METHOD_POST ? METHOD_POST : METHOD_GET;
}

bool request_is_head(const struct request *request)
{
    return request->is_head;
}

enum suffix request_suffix(const struct request *request)
{
    return request->match.suffix;
}

enum format request_msgpack_format(const struct request *request)
{
    const char *asked = request_query(request, "msgpack");
    bool typed = request->service->typed_msgpack;
    if (asked && strcmp(asked, "typed") == 0)
        typed = true;
    else if (asked && strcmp(asked, "plain") == 0)
        typed = false;
    return typed ? FORMAT_MSGPACK_TYPED : FORMAT_MSGPACK;
}

enum format request_format(const struct request *request)
{
    switch (request->match.suffix) {
    case SUFFIX_PRETTYJSON: return FORMAT_PRETTY;
    case SUFFIX_TJSON:
    case SUFFIX_EKJSON: return FORMAT_UNDERSCORE;
    case SUFFIX_MSGPACK: return request_msgpack_format(request);
    default: return FORMAT_JSON;
    }
}

bool request_lines(const struct request *request)
{
    return request->match.suffix == SUFFIX_ITJSON || request->match.suffix == SUFFIX_EKJSON;
}

const char *request_parameter(const struct request *request, const char *name, size_t *ret_length)
{
    const struct target_part *part = route_parameter(&request->match, name);
    if (!part)
        abort();
    if (ret_length)
        *ret_length = part->length;
    return part->text;
}

/* The segments from `first` on, joined by '/'. */
static char *join_segments(struct request *request, size_t first, size_t *ret_length)
{
    const struct target *target = &request->target;
    size_t length = 0, at = 0;
    for (size_t i = first; i < target->segment_count; i++)
        length += target->segments[i].length + 1;
    char *text = arena_new(&request->arena, length + 1);
    for (size_t i = first; text && i < target->segment_count; i++) {
        if (at)
            text[at++] = '/';
        memcpy(text + at, target->segments[i].text, target->segments[i].length);
        at += target->segments[i].length;
    }
    *ret_length = at;
    return text;
}

const char *request_rest(struct request *request, size_t *ret_length)
{
    size_t length;
    const char *text = join_segments(request, request->match.rest, &length);
    if (ret_length)
        *ret_length = length;
    return text ? text : "";
}

const char *request_path(struct request *request)
{
    size_t length;
    const char *text = join_segments(request, 0, &length);
    return text ? text : "";
}

static const char *text_of(const struct target_part *part)
{
    return part ? part->text : NULL;
}

const char *request_query(const struct request *request, const char *name)
{
    return text_of(target_find(request->target.variables, request->target.variable_count, name));
}

const char *request_variable(const struct request *request, const char *name)
{
    const struct command *command = &request->command;
    const char *text = text_of(target_find(command->variables, command->variable_count, name));
    return text ? text : request_query(request, name);
}

const char *request_header(const struct request *request, const char *name)
{
    return request->transport->header(request->handle, name);
}

const struct command *request_command(const struct request *request)
{
    return &request->command;
}

const char *request_peer(const struct request *request)
{
    return request->peer_text;
}

bool request_is_local(const struct request *request)
{
    return peer_is_loopback(request->peer) && !request->is_forwarded;
}

bool request_has_role(const struct request *request, enum role role)
{
    if (!request->has_session)
        return false;
    return role == ROLE_ANY || (request->session.roles & (ROLE_ADMIN | (unsigned)role));
}

const char *request_user(const struct request *request)
{
    return request->has_session ? request->session.user : NULL;
}

struct arena *request_arena(struct request *request)
{
    return &request->arena;
}
