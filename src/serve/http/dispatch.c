/* The way of a request from its first line to its handler. See dispatch.h. */
#include "serve/http/dispatch.h"

#include <errno.h>
#include <string.h>

#include "serve/login/login.h"
#include "serve/http/reply.h"
#include "serve/http/stream.h"

enum {
    JOB_THREADS = 2,
    JOBS_WAITING = 64,
    PUMP_THREADS = 1,
    LARGE_BODY = 64 * 1024, /* decoded on a worker */
};

int dispatch_init(struct service *service)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&service->chunk_taken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&service->parked_lock, NULL);
    service->jobs = worker_new(JOB_THREADS, JOBS_WAITING);
    service->pump = service->jobs ? worker_new(PUMP_THREADS, 0) : NULL;
    int error = service->pump ? question_init(&service->questions) : -errno;
    if (!error)
        return 0;
    dispatch_stop(service);
    dispatch_done(service);
    return error;
}

void dispatch_stop(struct service *service)
{
    atomic_store(&service->stopping, true);
    if (service->jobs)
        worker_stop(service->jobs);
    question_stop(&service->questions);
    stream_wake_all(service);
    if (service->pump)
        worker_stop(service->pump);
    stream_tick(service);
}

void dispatch_done(struct service *service)
{
    worker_free(service->jobs);
    worker_free(service->pump);
    service->jobs = service->pump = NULL;
    question_done(&service->questions);
    pthread_mutex_destroy(&service->parked_lock);
    pthread_cond_destroy(&service->chunk_taken);
}

bool dispatch_reads_open(const struct request *request)
{
    const struct service *service = request->service;
    if (service->login_rule == LOGIN_AUTO)
        return service->is_loopback && !request->is_forwarded;
    return service->login_rule == LOGIN_NEVER;
}

static void parse_method(struct request *request, const char *method)
{
    request->is_head = strcmp(method, "HEAD") == 0;
    request->is_options = strcmp(method, "OPTIONS") == 0;
    if (request->is_head || strcmp(method, "GET") == 0)
        request->method = METHOD_GET;
    else if (strcmp(method, "POST") == 0)
        request->method = METHOD_POST;
}

static void add_allow(struct request *request)
{
    unsigned methods = request->match.methods;
    bool get = methods & (METHOD_GET | METHOD_WEBSOCKET), post = methods & METHOD_POST;
    reply_add_header(request, "Allow",
                     get && post ? "GET, HEAD, POST, OPTIONS"
                     : get       ? "GET, HEAD, OPTIONS"
                                 : "POST, OPTIONS");
}

void dispatch_refuse_path(struct request *request)
{
    const struct target *target = &request->target;
    const struct route *nearest = route_nearest(request->service->routes, target);
    bool of_phy = target->segment_count == 3 && strcmp(target->segments[0].text, "phy") == 0 &&
                  strncmp(target->segments[2].text, "devices.", 8) == 0;
    if (of_phy)
        reply_error(request, 404,
                    "there is nothing at this path; the devices of a phy are at "
                    "/devices/views/phy-NAME/devices.json, see /phy/all_phys.json");
    else if (nearest)
        reply_error(request, 404, "there is nothing at this path; did you mean %s%s?",
                    nearest->path, route_ending(nearest));
    else
        reply_error(request, 404, "there is nothing at this path");
}

static void find_route(struct request *request)
{
    unsigned methods = request->method;
    if (methods == METHOD_GET)
        methods |= METHOD_WEBSOCKET;
    route_find(request->service->routes, &request->target, methods, &request->match);
    if (request->match.route)
        return;
    const struct route *fallback = request->service->fallback;
    if (!request->match.methods) {
        if (fallback && request->method == METHOD_GET)
            request->match.route = fallback;
        else
            dispatch_refuse_path(request);
        return;
    }
    add_allow(request);
    if (request->is_options) {
        struct buffer empty = {0};
        reply_buffer(request, 204, NULL, &empty);
        return;
    }
    reply_error(request, 405, "this path does not answer that method; see the header Allow");
}

static void parse_target(struct request *request, const char *target)
{
    int error = target_parse(target, strlen(target), request->service->prefix, &request->arena,
                             &request->target);
    if (error == -E2BIG)
        reply_error(request, 414, "the path or query has too many parts");
    else if (error)
        reply_error(request, 400,
                    "the path or query cannot be decoded: %% must be followed by "
                    "two hex digits, not both zero");
}

bool dispatch_begin(struct request *request, const char *method, const char *target,
                    uint64_t content_length)
{
    atomic_fetch_add(&request->service->requests, 1);
    parse_method(request, method);
    request->is_forwarded = login_is_forwarded(request);
    parse_target(request, target);
    if (!request->reply.status)
        login_check_origin(request);
    if (!request->reply.status)
        find_route(request);
    request->discard_body = request->reply.status != 0;
    if (content_length <= BODY_CEILING)
        return false;
    reply_drop(request);
    request->reply = (struct reply){.close = true};
    reply_error(request, 413, "the body may have %d bytes at most", BODY_CEILING);
    return true;
}

/* Drops the body kept so far and answers with `status` once it has been read. */
static void refuse_body(struct request *request, int status, const char *text)
{
    atomic_fetch_sub(&request->service->body_bytes, request->body.length);
    buffer_done(&request->body);
    request->discard_body = true;
    request->reply.close = true;
    reply_text(request, status, text);
}

int dispatch_body(struct request *request, const void *bytes, size_t length)
{
    request->body_seen += length;
    if (request->body_seen > BODY_DRAIN)
        return -EFBIG;
    if (request->discard_body)
        return 0;
    if (request->body_seen > BODY_CEILING) {
        refuse_body(request, 413, "the body may have 1048576 bytes at most");
        return 0;
    }
    if (atomic_fetch_add(&request->service->body_bytes, length) + length > BODIES_CEILING) {
        atomic_fetch_sub(&request->service->body_bytes, length);
        refuse_body(request, 503, "the server holds too many request bodies; try again");
        return 0;
    }
    request->body.ceiling = BODY_CEILING;
    buffer_add(&request->body, bytes, length);
    if (request->body.failed) {
        atomic_fetch_sub(&request->service->body_bytes, length);
        refuse_body(request, 503, "out of memory");
    }
    return 0;
}

static void run_login(struct request *request, void *context)
{
    login_check_slow(request);
}

/* The variable json of the query, decoded as forms are: with a plus for each space. */
static const char *find_form_json(struct request *request)
{
    struct target_variable *variables;
    size_t count;
    const char *query = strchr(request->target_text, '?');
    if (!query || target_parse_variables(query + 1, strlen(query + 1), true, &request->arena,
                                         &variables, &count) != 0)
        return NULL;
    const struct target_part *json = target_find(variables, count, "json");
    return json ? json->text : NULL;
}

/* Decodes ?json= of a read. Plus is no space in a query, but many libraries write spaces so: where
 * the text is not JSON as it stands it is read that way. Errors as command_parse_json(). */
static int decode_query(struct request *request, const char *json, struct buffer *ret_why)
{
    struct buffer ignored = {0};
    int error = command_parse_json(json, strlen(json), &request->arena, &request->command, ret_why);
    const char *form = error == -EINVAL && strchr(json, '+') ? find_form_json(request) : NULL;
    if (form &&
        command_parse_json(form, strlen(form), &request->arena, &request->command, &ignored) == 0) {
        buffer_done(ret_why);
        error = 0;
    }
    buffer_done(&ignored);
    return error;
}

/* Decodes what was posted (or ?json= of a read); replies 400 when it cannot be. */
static void decode_command(struct request *request)
{
    struct buffer why = {0};
    const struct buffer *body = &request->body;
    const char *type = request_header(request, "Content-Type");
    const char *json = request->method == METHOD_GET ? request_query(request, "json") : NULL;
    int error = 0;
    if (request->match.route->body == BODY_FORM)
        error = command_parse_form(type, body->data, body->length, &request->arena,
                                   &request->command, &why);
    else if (request->method == METHOD_POST)
        error =
            command_parse(type, body->data, body->length, &request->arena, &request->command, &why);
    else if (json && *json)
        error = decode_query(request, json, &why);
    if (error && why.length)
        reply_error(request, 400, "%.*s", (int)why.length, (const char *)why.data);
    else if (error)
        reply_error(request, error == -ENOMEM ? 503 : 400, "the body cannot be decoded");
    else if (request->match.route->body == BODY_COMMAND &&
             request->command.encoding == COMMAND_NONE)
        reply_error(request, 400,
                    "no command: post a form field msgpack (base64 of a dictionary) or json, or a "
                    "body of type application/json");
    buffer_done(&why);
}

static void handle(struct request *request);

static void run_handle(struct request *request, void *context)
{
    handle(request);
}

static void handle(struct request *request)
{
    if (request->body.length > LARGE_BODY && !request->on_worker) {
        reply_later(request, run_handle, NULL);
        return;
    }
    login_require(request);
    if (!request->reply.status)
        decode_command(request);
    if (!request->reply.status)
        request->match.route->handler(request);
}

/* True when the login is settled. */
static bool check_login(struct request *request)
{
    request->stage = STAGE_HANDLE;
    if (login_check(request))
        return true;
    reply_later(request, run_login, NULL);
    return false;
}

bool dispatch_run(struct request *request)
{
    request->later = false;
    if (request->stage == STAGE_LOGIN && !request->reply.status && !check_login(request))
        return false;
    if (request->stage == STAGE_HANDLE && !request->reply.status) {
        request->stage = STAGE_DONE;
        handle(request);
        if (request->later)
            return false;
    }
    if (!request->reply.status)
        reply_error(request, 500, "the endpoint gave no answer");
    return true;
}
