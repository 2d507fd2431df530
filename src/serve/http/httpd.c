/* libmicrohttpd as the transport. The raw target comes from its log callback and nothing is
 * unescaped by the library. See httpd.h. */
#include "serve/http/httpd.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "serve/http/dispatch.h"
#include "serve/http/reply.h"
#include "serve/http/stream.h"
#include "serve/tls/tls_front.h"
#include "serve/websocket/websocket_hub.h"

enum {
    CONNECTION_MEMORY = 32 * 1024, /* headers come in here, chunks go out of here */
    BLOCK = 8 * 1024,
    SPARE = 1024, /* descriptors that are no clients */
};

struct httpd {
    struct MHD_Daemon *daemon;
    struct service *service;
    struct connections *connections;
    struct tls_front *tls; /* NULL: plain HTTP */
    /* By the number of a socket pair's end: the client's socket behind it, until the connection
     * begins; -1: none. */
    atomic_int *clients;
    int client_count;
    int descriptor; /* listening, while TLS uses it; else the library's */
};

static struct connection *connection_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static const char *transport_header(void *handle, const char *name)
{
    return MHD_lookup_connection_value(handle, MHD_HEADER_KIND, name);
}

static void transport_suspend(void *handle)
{
    MHD_suspend_connection(handle);
}

static void transport_resume(void *handle)
{
    MHD_resume_connection(handle);
}

static const struct transport transport = {transport_header, transport_suspend, transport_resume};

static void enter(struct MHD_Connection *handle, enum connection_phase phase)
{
    struct connection *connection = connection_of(handle);
    if (connection)
        connection_enter(connection, phase);
}

static enum MHD_Result on_accept(void *context, const struct sockaddr *address, socklen_t length)
{
    struct httpd *httpd = context;
    bool allowed = connection_is_allowed(httpd->connections, peer_from(address, length));
    return allowed ? MHD_YES : MHD_NO;
}

static struct peer peer_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    bool is_ipv6 = address && address->sa_family == AF_INET6;
    return peer_from(address, is_ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
}

/* The client's own socket where TLS stands between, which is then the caller's; else -1. */
static int take_client(struct httpd *httpd, int descriptor)
{
    bool is_known = descriptor >= 0 && descriptor < httpd->client_count;
    return is_known ? atomic_exchange(&httpd->clients[descriptor], -1) : -1;
}

static void on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct httpd *httpd = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
        int descriptor = info ? info->connect_fd : -1;
        int client = take_client(httpd, descriptor);
        *socket_context = connection_add(httpd->connections, client >= 0 ? client : descriptor,
                                         client >= 0, peer_of(handle));
    } else if (*socket_context) {
        connection_remove(httpd->connections, *socket_context);
        *socket_context = NULL;
    }
}

/* The request line is in: its raw target is kept. */
static void *on_target(void *context, const char *target, struct MHD_Connection *handle)
{
    struct httpd *httpd = context;
    struct request *request = request_new(httpd->service, &transport, handle, peer_of(handle));
    if (!request)
        return NULL;
    request->target_text = arena_copy(&request->arena, target, strlen(target));
    enter(handle, CONNECTION_READING);
    if (request->target_text)
        return request;
    request_unref(request);
    return NULL;
}

static size_t leave_escaped(void *context, struct MHD_Connection *handle, char *text)
{
    return strlen(text);
}

static void on_completed(void *context, struct MHD_Connection *handle, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct request *request = *request_context;
    *request_context = NULL;
    enter(handle, CONNECTION_IDLE);
    if (!request)
        return;
    reply_drop(request);
    request_unref(request);
}

static ssize_t read_stream(void *context, uint64_t position, char *bytes, size_t room)
{
    ssize_t count = stream_read(context, bytes, room);
    if (count == STREAM_END)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return count == STREAM_CUT ? MHD_CONTENT_READER_END_WITH_ERROR : count;
}

static void free_stream(void *context)
{
    stream_free(context);
}

static void free_body(void *context)
{
    struct request *request = context;
    reply_drop(request);
    request_unref(request);
}

static void free_shared(void *context)
{
    question_body_unref(context);
}

/* Bodies in memory go out of where they lie. */
static struct MHD_Response *make_whole_response(struct request *request)
{
    struct reply *reply = &request->reply;
    struct MHD_Response *response;
    size_t length = reply->body.length;
    if (reply->fixed)
        return MHD_create_response_from_buffer(reply->fixed_length, (void *)(uintptr_t)reply->fixed,
                                               MHD_RESPMEM_PERSISTENT);
    if (reply->shared) {
        const void *bytes = question_body(reply->shared, &length);
        response = MHD_create_response_from_buffer_with_free_callback_cls(
            length, (void *)(uintptr_t)bytes, free_shared, reply->shared);
        if (response)
            reply->shared = NULL;
    } else if (reply->borrowed) { /* the request, whose reply it is, gives back what it borrowed */
        response = MHD_create_response_from_buffer_with_free_callback_cls(length, reply->body.data,
                                                                          free_body, request);
        if (response)
            request_ref(request);
    } else {
        response = MHD_create_response_from_buffer(length, reply->body.data, MHD_RESPMEM_MUST_FREE);
        if (response)
            reply->body = (struct buffer){0};
    }
    return response;
}

static void close_upgraded(void *handle)
{
    MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

/* Status 101 has gone out: the connection is the websocket's until close_upgraded(). */
static void on_upgrade(void *context, struct MHD_Connection *handle, void *request_context,
                       const char *early, size_t early_length, MHD_socket descriptor,
                       struct MHD_UpgradeResponseHandle *upgraded)
{
    struct request *request = request_context;
    struct websocket *websocket = request->reply.websocket;
    struct websocket_line line = {descriptor, close_upgraded, upgraded};
    int one = 1;
    request->reply.websocket = NULL;
    enter(handle, CONNECTION_UPGRADED);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    websocket_hub_open(websocket, &line, early, early_length);
}

static struct MHD_Response *make_response(struct request *request)
{
    struct reply *reply = &request->reply;
    struct MHD_Response *response;
    if (reply->websocket)
        return MHD_create_response_for_upgrade(on_upgrade, NULL);
    if (reply->stream) {
        stream_taken(reply->stream);
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream,
                                                     reply->stream, free_stream);
        if (response)
            reply->stream = NULL;
        if (response && request->is_head) /* else the library sends the last chunk's mark */
            MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
        return response;
    }
    return make_whole_response(request);
}

static void add_header(void *context, const char *name, const char *value)
{
    MHD_add_response_header(context, name, value);
}

static void count_reply(struct service *service, int status)
{
    atomic_ullong *counter = status < 400   ? &service->answered
                             : status < 500 ? &service->rejected
                                            : &service->failed;
    atomic_fetch_add(counter, 1);
}

static enum MHD_Result queue_reply(struct request *request)
{
    struct MHD_Connection *handle = request->handle;
    struct MHD_Response *response = make_response(request);
    if (!response)
        return MHD_NO;
    count_reply(request->service, request->reply.status);
    reply_each_header(request, add_header, response);
    if (request->reply.close)
        MHD_add_response_header(response, "Connection", "close");
    enter(handle, CONNECTION_SENDING);
    enum MHD_Result result = MHD_queue_response(handle, (unsigned)request->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

/* Content-Length as a number; what is no number the library refuses itself. */
static uint64_t announced_length(struct MHD_Connection *handle)
{
    const char *text = transport_header(handle, "Content-Length");
    return text ? strtoull(text, NULL, 10) : 0;
}

/* Headers that say where a request ends and to whom it goes, in number. */
struct framing {
    unsigned hosts, lengths, encodings;
};

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct framing *framing = context;
    framing->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    framing->lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    framing->encodings += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    return MHD_YES;
}

/* True when a proxy in between may have read these headers otherwise: RFC 9112, 3.2 and 6.3. */
static bool is_ambiguous(struct MHD_Connection *handle)
{
    struct framing framing = {0};
    MHD_get_connection_values(handle, MHD_HEADER_KIND, count_framing, &framing);
    return framing.hosts > 1 || framing.lengths + framing.encodings > 1;
}

static bool begin(struct request *request, const char *method)
{
    if (!is_ambiguous(request->handle))
        return dispatch_begin(request, method, request->target_text,
                              announced_length(request->handle));
    request->reply.close = true;
    reply_error(request, 400,
                "a request has one Host and one Content-Length or Transfer-Encoding at the most");
    return true;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *handle, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_context)
{
    struct request *request = *request_context;
    if (!request)
        return MHD_NO;
    if (!request->begun) {
        request->begun = true;
        request->needs_host = strcmp(version, MHD_HTTP_VERSION_1_0) != 0;
        return begin(request, method) ? queue_reply(request) : MHD_YES;
    }
    if (*upload_size) {
        int error = dispatch_body(request, upload, *upload_size);
        *upload_size = 0;
        return error ? MHD_NO : MHD_YES;
    }
    enter(handle, CONNECTION_SERVING);
    return dispatch_run(request) ? queue_reply(request) : MHD_YES;
}

static struct MHD_Daemon *start_daemon(struct httpd *httpd, const struct httpd_config *config)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE;
    struct MHD_OptionItem listener[] = {
        {MHD_OPTION_LISTEN_SOCKET, config->descriptor, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    if (config->credentials) {
        flags |= MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;
        listener[0] = listener[1];
    }
    return MHD_start_daemon(
        flags, 0, on_accept, httpd, on_request, httpd, MHD_OPTION_ARRAY, listener,
        MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT, config->limit,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_CONNECTION, on_connection, httpd,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, httpd, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        httpd, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, httpd, MHD_OPTION_END);
}

static bool is_allowed(void *context, const struct sockaddr *address, socklen_t length)
{
    return on_accept(context, address, length) == MHD_YES;
}

/* A client that has shaken hands: the library takes the inner end of its socket pair. */
static bool take_inner(void *context, int descriptor, int client, const struct sockaddr *address,
                       socklen_t length)
{
    struct httpd *httpd = context;
    int before = client;
    if (descriptor < httpd->client_count)
        before = atomic_exchange(&httpd->clients[descriptor], client);
    if (before >= 0)
        close(before); /* of a connection that never began; or there is no room for this one */
    return MHD_add_connection(httpd->daemon, descriptor, address, length) == MHD_YES;
}

static int start_tls(struct httpd *httpd, const struct httpd_config *config)
{
    struct tls_front_config front = {
        .listener = config->descriptor,
        .threads = config->threads,
        .limit = config->limit,
        .is_allowed = is_allowed,
        .take = take_inner,
        .context = httpd,
    };
    httpd->descriptor = config->descriptor;
    httpd->client_count = (int)config->limit * HTTPD_TLS_DESCRIPTORS + SPARE;
    httpd->clients = calloc((size_t)httpd->client_count, sizeof *httpd->clients);
    if (!httpd->clients)
        return -ENOMEM;
    for (int i = 0; i < httpd->client_count; i++)
        atomic_init(&httpd->clients[i], -1);
    httpd->tls = tls_front_start(&front, config->credentials);
    return httpd->tls ? 0 : -errno;
}

struct httpd *httpd_start(const struct httpd_config *config)
{
    struct httpd *httpd = calloc(1, sizeof *httpd);
    if (!httpd)
        return NULL;
    httpd->service = config->service;
    httpd->connections = config->connections;
    httpd->descriptor = -1;
    errno = EIO;
    httpd->daemon = start_daemon(httpd, config);
    if (!httpd->daemon) {
        free(httpd);
        return NULL;
    }
    int error = config->credentials ? start_tls(httpd, config) : 0;
    if (!error)
        return httpd;
    httpd->descriptor = -1; /* stays the caller's */
    httpd_stop(httpd);
    errno = -error;
    return NULL;
}

void httpd_renew(struct httpd *httpd, struct tls_credentials *credentials)
{
    tls_front_renew(httpd->tls, credentials);
}

void httpd_stop(struct httpd *httpd)
{
    if (!httpd)
        return;
    tls_front_stop(httpd->tls);
    MHD_stop_daemon(httpd->daemon);
    for (int i = 0; i < httpd->client_count; i++) {
        int client = take_client(httpd, i);
        if (client >= 0)
            close(client);
    }
    free(httpd->clients);
    if (httpd->descriptor >= 0)
        close(httpd->descriptor);
    free(httpd);
}
