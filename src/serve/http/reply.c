/* Making replies. See reply.h. */
#include "serve/http/reply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/http/exchange.h"
#include "serve/http/gzip.h"
#include "serve/http/stream.h"
#include "serve/http/waker.h"
#include "serve/websocket/websocket.h"
#include "util/hash.h"
#include "util/text.h"

enum { GZIP_LEAST = 1024 }; /* shorter bodies are sent as they are */

static const char json_type[] = "application/json";
static const char text_type[] = "text/plain; charset=utf-8";

const char *reply_content_type(const struct request *request)
{
    enum format format = request_format(request);
    bool msgpack = format == FORMAT_MSGPACK || format == FORMAT_MSGPACK_TYPED;
    return msgpack ? "application/msgpack" : json_type;
}

void reply_add_header(struct request *request, const char *name, const char *value)
{
    struct reply *reply = &request->reply;
    char *name_copy = arena_copy(&request->arena, name, strlen(name));
    char *value_copy = arena_copy(&request->arena, value, strlen(value));
    if (name_copy && value_copy && reply->header_count < REPLY_HEADERS)
        reply->headers[reply->header_count++] = (struct reply_pair){name_copy, value_copy};
}

int reply_header(struct request *request, const char *name, const char *value)
{
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return -EINVAL;
    size_t before = request->reply.header_count;
    reply_add_header(request, name, value);
    return request->reply.header_count == before ? -E2BIG : 0;
}

bool reply_compresses(const struct request *request)
{
    return !peer_is_loopback(request->peer) && !request->is_head &&
           gzip_is_accepted(request_header(request, "Accept-Encoding"));
}

/* A body compresses for clients across a network that ask for it, where it is text or msgpack. */
static bool wants_gzip(const struct request *request, const char *content_type)
{
    static const char *const types[] = {"application/json", "application/msgpack", "text/",
                                        "application/javascript"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(content_type, types[i], strlen(types[i])) == 0)
            return reply_compresses(request);
    return false;
}

static void compress_if_wanted(struct request *request, struct stream *stream)
{
    if (!wants_gzip(request, request->reply.content_type))
        return;
    reply_add_header(request, "Vary", "Accept-Encoding");
    stream_compress(stream);
}

/* A body in memory as the source of a stream, for the compressor. */
struct memory {
    struct service *service;
    struct buffer body;
    size_t at, borrowed;
};

static int fill_memory(void *context, struct buffer *buffer, size_t goal)
{
    struct memory *memory = context;
    size_t left = memory->body.length - memory->at;
    size_t count = left < goal ? left : goal;
    buffer_add(buffer, memory->body.data + memory->at, count);
    memory->at += count;
    return memory->at == memory->body.length ? REPLY_END : REPLY_MORE;
}

static void free_memory(void *context)
{
    struct memory *memory = context;
    buffer_done(&memory->body);
    if (memory->borrowed)
        stream_give_back(memory->service, memory->borrowed);
    free(memory);
}

/* Sends a body through the compressor; false when it cannot be (the body is kept). */
static bool reply_compressed(struct request *request, struct buffer *body, size_t borrowed)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return false;
    *memory = (struct memory){.service = request->service, .body = *body, .borrowed = borrowed};
    *body = (struct buffer){0};
    struct stream_source source = {fill_memory, memory, free_memory, NULL};
    struct stream *stream = stream_new(request, &source);
    if (!stream) {
        free_memory(memory);
        reply_error(request, 500, "out of memory");
        return true;
    }
    stream_compress(stream);
    stream_start(stream);
    return true;
}

static void fail_reply(struct request *request, int status, const char *text)
{
    buffer_done(&request->reply.body);
    reply_text(request, status, text);
}

void reply_buffer(struct request *request, int status, const char *content_type,
                  struct buffer *body)
{
    struct reply *reply = &request->reply;
    struct buffer moved = *body;
    *body = (struct buffer){.ceiling = body->ceiling};
    bool large = moved.length > CHUNK_CEILING;
    if (reply->status || moved.failed ||
        (large && !stream_borrow(request->service, moved.length))) {
        buffer_done(&moved);
        if (!reply->status && moved.failed)
            fail_reply(request, 500, "the reply grew too large");
        else if (!reply->status)
            fail_reply(request, 503, "the server is too busy for this reply; try again");
        return;
    }
    size_t borrowed = large ? moved.length : 0;
    reply->content_type = content_type;
    if (status == 200 && moved.length >= GZIP_LEAST && wants_gzip(request, content_type)) {
        reply_add_header(request, "Vary", "Accept-Encoding");
        if (reply_compressed(request, &moved, borrowed))
            return;
    }
    reply->status = status;
    reply->body = moved;
    reply->borrowed = borrowed;
}

void reply_text(struct request *request, int status, const char *text)
{
    struct buffer body = {0};
    buffer_add_text(&body, text);
    buffer_add_byte(&body, '\n');
    reply_buffer(request, status, text_type, &body);
}

static bool is_printable(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return text_utf8_valid(text, length) == length;
}

static void say(struct request *request, int status, const char *what, const char *format,
                va_list arguments)
{
    char text[1024];
    struct buffer line = {0};
    vsnprintf(text, sizeof text, format, arguments);
    if (what)
        buffer_printf(&line, "Invalid %s: ", what);
    if (is_printable(text))
        buffer_add_text(&line, text);
    else
        text_add_printable(&line, text, strlen(text));
    buffer_add_byte(&line, '\n');
    reply_buffer(request, status, text_type, &line);
}

void reply_error(struct request *request, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(request, status, status == 400 ? "request" : NULL, format, arguments);
    va_end(arguments);
}

void reply_invalid(struct request *request, const char *what, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(request, 400, what, format, arguments);
    va_end(arguments);
}

bool reply_is_known(struct request *request, const char *etag, const char *cache_rule)
{
    struct reply *reply = &request->reply;
    const char *known = request_header(request, "If-None-Match");
    reply->is_cacheable = true;
    reply_add_header(request, "ETag", etag);
    reply_add_header(request, "Cache-Control", cache_rule);
    if (!known || (!strstr(known, etag) && strcmp(known, "*") != 0))
        return false;
    reply->status = 304;
    return true;
}

static void send_fixed(struct request *request, const char *content_type, const void *bytes,
                       size_t length)
{
    struct reply *reply = &request->reply;
    reply->status = 200;
    reply->content_type = content_type;
    reply->fixed = bytes;
    reply->fixed_length = length;
}

void reply_static(struct request *request, const char *content_type, const void *bytes,
                  size_t length, const char *etag)
{
    if (reply_is_known(request, etag, "no-cache"))
        return;
    if (!wants_gzip(request, content_type)) {
        send_fixed(request, content_type, bytes, length);
        return;
    }
    struct buffer copy = {0};
    buffer_add(&copy, bytes, length);
    reply_buffer(request, 200, content_type, &copy);
}

static void make_etag(const struct buffer *body, char ret_etag[REPLY_ETAG])
{
    unsigned long long hash = hash_bytes(0, body->data, body->length);
    snprintf(ret_etag, REPLY_ETAG, "\"%016llx\"", hash);
}

void reply_made(struct request *request, struct made_document *document)
{
    pthread_mutex_lock(&document->lock);
    if (!document->etag[0])
        document->write(&document->bytes);
    bool is_made = !document->bytes.failed;
    if (!is_made)
        buffer_done(&document->bytes); /* whoever asks next may have more luck */
    else if (!document->etag[0])
        make_etag(&document->bytes, document->etag);
    pthread_mutex_unlock(&document->lock);
    if (!is_made)
        reply_error(request, 503, "out of memory");
    else
        reply_static(request, document->content_type, document->bytes.data, document->bytes.length,
                     document->etag);
}

void reply_file(struct request *request, const char *content_type, struct buffer *body)
{
    char etag[REPLY_ETAG];
    make_etag(body, etag);
    if (!reply_is_known(request, etag, "no-cache"))
        reply_buffer(request, 200, content_type, body);
}

void reply_packed(struct request *request, const struct packed_file *file)
{
    static const char lasting[] = "public, max-age=31536000, immutable";
    struct buffer plain = {0};
    if (reply_is_known(request, file->etag, file->is_lasting ? lasting : "no-cache"))
        return;
    reply_add_header(request, "Vary", "Accept-Encoding");
    if (gzip_is_accepted(request_header(request, "Accept-Encoding"))) {
        reply_add_header(request, "Content-Encoding", "gzip");
        send_fixed(request, file->content_type, file->bytes, file->length);
        return;
    }
    if (gzip_expand(file->bytes, file->length, file->plain_length, &plain) != 0)
        plain.failed = true;
    reply_buffer(request, 200, file->content_type, &plain);
}

static void start_stream(struct request *request, const char *content_type,
                         struct stream_source source)
{
    bool replied = request->reply.status != 0;
    struct stream *stream = replied ? NULL : stream_new(request, &source);
    if (!stream) {
        if (source.free_context)
            source.free_context(source.context);
        waker_unref(source.waker);
        if (!replied)
            reply_error(request, 500, "out of memory");
        return;
    }
    request->reply.content_type = content_type;
    compress_if_wanted(request, stream);
    stream_start(stream);
}

void reply_stream(struct request *request, const char *content_type,
                  int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                  void (*free_context)(void *context))
{
    start_stream(request, content_type, (struct stream_source){fill, context, free_context, NULL});
}

void reply_live(struct request *request, const char *content_type,
                int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                void (*free_context)(void *context), struct waker *waker)
{
    start_stream(request, content_type, (struct stream_source){fill, context, free_context, waker});
}

/* Fills until the end: 0, or a negative errno. What it has of the reply budget is *borrowed. */
static int fill_whole(struct service *service, struct buffer *body, size_t *borrowed,
                      int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context)
{
    for (int state = REPLY_MORE; state != REPLY_END;) {
        if (atomic_load(&service->stopping))
            return -ESHUTDOWN;
        if (*borrowed < body->length + CHUNK_CEILING) {
            if (!stream_borrow(service, WHOLE_STEP))
                return -ENOBUFS;
            *borrowed += WHOLE_STEP;
        }
        state = fill(context, body, body->length + CHUNK_GOAL);
        if (state < 0 || state == REPLY_ROOM || body->failed)
            return state < 0 ? state : -EFBIG;
    }
    return 0;
}

void reply_whole(struct request *request, const char *content_type,
                 int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                 void (*free_context)(void *context))
{
    struct service *service = request->service;
    struct buffer body = question_take_spare(&service->questions);
    size_t borrowed = 0;
    body.ceiling = REPLY_WHOLE;
    int error = fill_whole(service, &body, &borrowed, fill, context);
    free_context(context);
    struct shared_body *shared = error ? NULL : question_body_new(service, &body, borrowed);
    if (!shared) {
        buffer_done(&body);
        stream_give_back(service, borrowed);
        if (error == -EFBIG)
            question_too_large(request);
        return;
    }
    request->reply.status = 200;
    request->reply.content_type = content_type;
    request->reply.shared = shared;
}

static void run_job(struct work *work, bool stopping)
{
    struct request *request = (struct request *)((char *)work - offsetof(struct request, work));
    request->on_worker = true;
    if (stopping)
        reply_error(request, 503, "the server is stopping");
    else
        request->job(request, request->job_context);
    if (request->pending) {
        stream_pump(request->pending);
        return;
    }
    request->on_worker = false;
    request->transport->resume(request->handle);
}

void reply_later(struct request *request, void (*job)(struct request *request, void *context),
                 void *context)
{
    if (request->on_worker) {
        job(request, context);
        return;
    }
    request->later = true;
    request->job = job;
    request->job_context = context;
    request->work.run = run_job;
    request->transport->suspend(request->handle);
    if (worker_push(request->service->jobs, &request->work) == 0)
        return;
    reply_error(request, 503, "the server has too much to do just now; try again");
    request->transport->resume(request->handle);
}

static void add_cors_headers(struct request *request)
{
    const struct service *service = request->service;
    const char *origin = request_header(request, "Origin");
    bool fixed = service->allowed_origin[0] != '\0';
    reply_header(request, "Access-Control-Allow-Origin",
                 fixed    ? service->allowed_origin
                 : origin ? origin
                          : "*");
    if (fixed)
        reply_add_header(request, "Access-Control-Allow-Credentials", "true");
    reply_add_header(request, "Vary", "Origin");
    reply_add_header(request, "Access-Control-Max-Age", "86400");
    reply_add_header(request, "Access-Control-Allow-Methods", "POST, GET, HEAD, OPTIONS");
    reply_add_header(request, "Access-Control-Allow-Headers", "Content-Type, Authorization");
}

void reply_set_cookie(struct request *request, const char *token)
{
    char cookie[SESSION_TOKEN + 80];
    snprintf(cookie, sizeof cookie, "KISMET=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token,
             *token ? "" : "; Max-Age=0", request->service->is_secure ? "; Secure" : "");
    reply_add_header(request, "Set-Cookie", cookie);
}

/* The date as headers write it (RFC 9110, 5.6.7), made once a second. */
static const char *date_now(void)
{
    static _Thread_local time_t second;
    static _Thread_local char text[40];
    time_t clock = time(NULL);
    struct tm calendar;
    if (clock == second)
        return text;
    second = clock;
    gmtime_r(&clock, &calendar);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &calendar);
    return text;
}

void reply_each_header(struct request *request,
                       void (*on_header)(void *context, const char *name, const char *value),
                       void *context)
{
    struct reply *reply = &request->reply;
    if (request->service->allow_cors)
        add_cors_headers(request);
    if (request->has_session && !request->has_token)
        reply_set_cookie(request, request->session.token);
    for (size_t i = 0; i < reply->header_count; i++)
        on_header(context, reply->headers[i].name, reply->headers[i].value);
    if (reply->content_type)
        on_header(context, "Content-Type", reply->content_type);
    on_header(context, "Server", "norn/" NORN_VERSION " (Kismet API)");
    on_header(context, "X-Content-Type-Options", "nosniff");
    if (request->service->is_secure) /* RFC 6797, 6.1 */
        on_header(context, "Strict-Transport-Security", "max-age=31536000");
    if (reply->is_cacheable)
        return;
    on_header(context, "Last-Modified", date_now());
    on_header(context, "Expires", "Sat, 01 Jan 2000 00:00:00 GMT");
    on_header(context, "Cache-Control", "no-cache, no-store, must-revalidate");
    on_header(context, "Pragma", "no-cache");
}

void reply_drop(struct request *request)
{
    struct reply *reply = &request->reply;
    if (reply->stream)
        stream_free(reply->stream);
    reply->stream = NULL;
    websocket_unref(reply->websocket);
    reply->websocket = NULL;
    buffer_done(&reply->body);
    question_body_unref(reply->shared);
    reply->shared = NULL;
    if (reply->borrowed)
        stream_give_back(request->service, reply->borrowed);
    reply->borrowed = 0;
}
