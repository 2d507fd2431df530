/* The server's life: options, listening socket, start, housekeeping once a second, stop. Requests
 * come in by httpd.c and are answered by dispatch.c. See server.h. */
#include "serve/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "serve/http/connection.h"
#include "serve/http/dispatch.h"
#include "serve/http/holder.h"
#include "serve/http/httpd.h"
#include "serve/http/listener.h"
#include "serve/http/page_home.h"
#include "serve/http/stream.h"
#include "serve/tls/certificate.h"
#include "util/clock.h"

enum {
    SEND_BUFFER = 128 * 1024,
    UNSENT_LOW = 32 * 1024,   /* TCP_NOTSENT_LOWAT */
    USER_TIMEOUT = 30 * 1000, /* milliseconds until unacknowledged data ends a connection */
    BACKLOG = 1024,
    SPARE_DESCRIPTORS = 200,
    PING_SECONDS = 30,
    SILENCE_SECONDS = 60,
};

struct server {
    struct service service;
    struct connections connections;
    struct httpd *httpd;
    int descriptor;
    struct sockaddr_storage address;
    unsigned limit;
    struct tls_credentials *credentials; /* NULL: plain HTTP */
    pthread_t keeper;
    bool has_keeper, stopping, started;
    pthread_mutex_t lock;
    pthread_cond_t wake;
};

/* Accepted connections inherit these (tcp(7), socket(7)). */
static void set_socket_options(int descriptor)
{
    int one = 1, send_buffer = SEND_BUFFER, low = UNSENT_LOW, timeout = USER_TIMEOUT;
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low, sizeof low);
    setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

static int open_socket(struct server *server)
{
    int descriptor = listener_open(&server->address, BACKLOG);
    if (descriptor < 0)
        return descriptor;
    set_socket_options(descriptor);
    server->descriptor = descriptor;
    return 0;
}

static void explain_bind(const char *address, unsigned port, int error, struct buffer *ret_why)
{
    struct buffer holder = {0};
    if (error == -EADDRINUSE) {
        bool found = holder_find(port, &holder);
        buffer_printf(ret_why, "port %u is already in use%s%.*s; try --port %u", port,
                      found ? " by " : "", (int)holder.length,
                      holder.data ? (const char *)holder.data : "", port < 65535 ? port + 1 : 2501);
    } else {
        buffer_printf(ret_why, "cannot listen on %s port %u: %s", address, port, strerror(-error));
    }
    if (error == -EACCES)
        buffer_add_text(ret_why, "; ports below 1024 need root, try --port 2501");
    if (error == -EADDRNOTAVAIL)
        buffer_add_text(ret_why, "; this machine has no such address, try --bind 0.0.0.0");
    buffer_done(&holder);
}

static bool address_is_loopback(const struct sockaddr_storage *address)
{
    return peer_is_loopback(peer_from((const struct sockaddr *)address, listener_length(address)));
}

/* Copies at most size - 1 bytes; false when the text is longer. */
static bool copy_text(char *target, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size)
        return false;
    memcpy(target, text, length + 1);
    return true;
}

static void serve_home(struct request *request)
{
    page_home_reply(request, dispatch_refuse_path);
}

static const struct route home_route = {
    .methods = METHOD_GET, .path = "/", .roles = ROLE_OPEN, .handler = serve_home};

static int read_options(struct server *server, const struct options *options,
                        struct buffer *ret_why)
{
    struct service *service = &server->service;
    const char *rule = options_text(options, "httpd_require_login");
    service->login_rule = strcmp(rule, "always") == 0  ? LOGIN_ALWAYS
                          : strcmp(rule, "never") == 0 ? LOGIN_NEVER
                                                       : LOGIN_AUTO;
    service->typed_msgpack = strcmp(options_text(options, "httpd_msgpack"), "typed") == 0;
    service->allow_cors = options_boolean(options, "httpd_allow_cors");
    server->limit = (unsigned)options_integer(options, "httpd_max_connections");
    if (!copy_text(service->prefix, PREFIX, options_text(options, "httpd_uri_prefix")) ||
        !copy_text(service->allowed_origin, ORIGIN,
                   options_text(options, "httpd_allowed_origin"))) {
        buffer_add_text(ret_why, "httpd_uri_prefix or httpd_allowed_origin is too long");
        return -EINVAL;
    }
    const char *home = options_text(options, "httpd_home");
    service->home = *home ? strdup(home) : NULL;
    service->fallback = *home ? &home_route : NULL;
    if (*home && !service->home)
        return -ENOMEM;
    size_t hosts = options_count(options, "httpd_allowed_host");
    for (size_t i = 0; i < hosts && i < HOSTS; i++) {
        service->allowed_hosts[i] = strdup(options_at(options, "httpd_allowed_host", i));
        if (!service->allowed_hosts[i])
            return -ENOMEM;
    }
    return 0;
}

/* Room for the connections among the process's descriptors. */
static void raise_descriptor_limit(struct server *server, unsigned each)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    rlim_t wanted = server->limit * each + SPARE_DESCRIPTORS;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < wanted && limit.rlim_cur > 2 * SPARE_DESCRIPTORS)
        server->limit = ((unsigned)limit.rlim_cur - SPARE_DESCRIPTORS) / each;
}

static int open_server(struct server *server, const struct options *options, struct buffer *ret_why)
{
    const char *address = options_text(options, "httpd_bind_address");
    unsigned port = (unsigned)options_integer(options, "httpd_port");
    int error = listener_parse(address, port, &server->address);
    if (error) {
        buffer_printf(ret_why, "httpd_bind_address: %s is no IPv4 or IPv6 address", address);
        return error;
    }
    error = read_options(server, options, ret_why);
    if (error)
        return error;
    error = open_socket(server);
    if (error)
        explain_bind(address, port, error, ret_why);
    server->service.is_loopback = address_is_loopback(&server->address);
    return error;
}

/* What it waits for is a second, whatever becomes of the wall clock. */
static void init_wake(struct server *server)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* Websockets may take half of the connections: what is asked in between has room left. */
static int make_hub(struct server *server)
{
    struct websocket_hub_config config = {
        .limit = server->limit / 2,
        .ping_seconds = PING_SECONDS,
        .silence_seconds = SILENCE_SECONDS,
    };
    server->service.websockets = websocket_hub_new(&config);
    return server->service.websockets ? 0 : -ENOMEM;
}

struct server *server_open(const struct options *options, struct buffer *ret_why)
{
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->descriptor = -1;
    connection_init(&server->connections,
                    (unsigned)options_integer(options, "httpd_max_connections_per_address"));
    pthread_mutex_init(&server->lock, NULL);
    init_wake(server);
    int error = open_server(server, options, ret_why);
    if (!error) {
        raise_descriptor_limit(server, certificate_is_wanted(options) ? HTTPD_TLS_DESCRIPTORS : 1);
        error = make_hub(server);
    }
    if (!error)
        return server;
    server_free(server);
    errno = -error;
    return NULL;
}

static void *keep_house(void *context)
{
    struct server *server = context;
    pthread_mutex_lock(&server->lock);
    while (!server->stopping) {
        struct timespec next = clock_timespec(clock_monotonic_ns() + NS_PER_S);
        pthread_cond_timedwait(&server->wake, &server->lock, &next);
        if (server->stopping)
            break;
        pthread_mutex_unlock(&server->lock);
        if (connection_tick(&server->connections))
            malloc_trim(0);
        stream_tick(&server->service);
        question_tick(&server->service.questions);
        pthread_mutex_lock(&server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static unsigned choose_threads(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 2 ? 2 : count > 4 ? 4 : (unsigned)count;
}

static int start_threads(struct server *server)
{
    struct service *service = &server->service;
    int error = websocket_hub_start(service->websockets);
    if (error)
        return error;
    struct httpd_config config = {
        .service = service,
        .connections = &server->connections,
        .descriptor = server->descriptor,
        .threads = choose_threads(),
        .limit = server->limit,
        .credentials = server->credentials,
    };
    server->httpd = httpd_start(&config);
    return server->httpd ? 0 : -errno;
}

struct websocket_hub *server_websockets(struct server *server)
{
    return server->service.websockets;
}

int server_start(struct server *server, const struct route *const *routes, struct auth *auth,
                 void *context)
{
    struct service *service = &server->service;
    service->routes = routes;
    service->auth = auth;
    service->context = context;
    int error = dispatch_init(service);
    if (error)
        return error;
    error = start_threads(server);
    if (error) {
        dispatch_stop(service);
        websocket_hub_stop(service->websockets);
        dispatch_done(service);
        return error;
    }
    server->descriptor = -1; /* the transport's now */
    server->started = true;
    error = -pthread_create(&server->keeper, NULL, keep_house, server);
    server->has_keeper = !error;
    if (error)
        server_stop(server);
    return error;
}

void server_secure(struct server *server, struct tls_credentials *credentials)
{
    struct tls_credentials *before = server->credentials;
    server->credentials = tls_credentials_ref(credentials);
    server->service.is_secure = true;
    tls_credentials_unref(before);
    if (server->httpd)
        httpd_renew(server->httpd, credentials);
}

void server_stop(struct server *server)
{
    if (!server->started)
        return;
    server->started = false;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_signal(&server->wake);
    pthread_mutex_unlock(&server->lock);
    if (server->has_keeper)
        pthread_join(server->keeper, NULL);
    dispatch_stop(&server->service);
    websocket_hub_stop(server->service.websockets);
    httpd_stop(server->httpd);
    server->httpd = NULL;
    dispatch_done(&server->service);
}

void server_free(struct server *server)
{
    if (!server)
        return;
    server_stop(server);
    if (server->descriptor >= 0)
        close(server->descriptor);
    for (size_t i = 0; i < HOSTS; i++)
        free(server->service.allowed_hosts[i]);
    free(server->service.home);
    websocket_hub_free(server->service.websockets);
    tls_credentials_unref(server->credentials);
    connection_done(&server->connections);
    pthread_cond_destroy(&server->wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

unsigned server_port(const struct server *server)
{
    return listener_port(&server->address);
}

void server_url(const struct server *server, struct buffer *buffer)
{
    static const uint8_t any4[16] = {[10] = 0xff, [11] = 0xff}, any6[16];
    char text[PEER_TEXT] = "localhost";
    struct peer peer =
        peer_from((const struct sockaddr *)&server->address, listener_length(&server->address));
    bool any = memcmp(peer.octet, any4, 16) == 0 || memcmp(peer.octet, any6, 16) == 0;
    if (!any && !peer_is_loopback(peer))
        peer_write(peer, text);
    bool bracket = strchr(text, ':') != NULL;
    buffer_printf(buffer, "http%s://%s%s%s:%u%s", server->service.is_secure ? "s" : "",
                  bracket ? "[" : "", text, bracket ? "]" : "", server_port(server),
                  server->service.prefix);
}

bool server_is_loopback(const struct server *server)
{
    return server->service.is_loopback;
}

const char *server_login_rule(const struct server *server)
{
    switch (server->service.login_rule) {
    case LOGIN_ALWAYS: return "every request needs a login (httpd_require_login=always)";
    case LOGIN_NEVER: return "reads need no login, commands do (httpd_require_login=never)";
    default: break;
    }
    if (server->service.is_loopback)
        return "reads from this machine need no login, commands and forwarded requests do "
               "(httpd_require_login=auto)";
    return "every request needs a login, because the server can be reached from other machines "
           "(httpd_require_login=auto)";
}

void server_counts(struct server *server, struct server_counts *ret_counts)
{
    struct service *service = &server->service;
    pthread_mutex_lock(&server->connections.lock);
    unsigned connections = server->connections.count;
    pthread_mutex_unlock(&server->connections.lock);
    *ret_counts = (struct server_counts){
        .requests = atomic_load(&service->requests),
        .answered = atomic_load(&service->answered),
        .rejected = atomic_load(&service->rejected),
        .failed = atomic_load(&service->failed),
        .shared = atomic_load(&service->shared),
        .refused = atomic_load(&server->connections.refused),
        .cut_slow = atomic_load(&server->connections.cut_slow),
        .cut_memory = atomic_load(&service->cut_memory),
        .connections = connections,
        .streams = atomic_load(&service->streams),
        .reply_bytes = atomic_load(&service->reply_bytes),
    };
    websocket_hub_counts(service->websockets, &ret_counts->websockets);
}

// clang-format off
const struct option server_options[] = {
    {"httpd_allow_auth_creation", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Lets admins make API keys."},
    {"httpd_allow_auth_view", OPTION_BOOLEAN, "true", NULL, 0, 0,
     "Shows admins the API keys themselves, beside their names."},
    {"httpd_allow_cors", OPTION_BOOLEAN, "false", NULL, 0, 0,
     "Lets pages of other sites use the API."},
    {"httpd_allowed_host", OPTION_LIST, "", NULL, 0, 0,
     "Another name this server may be called by while it listens on loopback only."},
    {"httpd_allowed_origin", OPTION_TEXT, "", NULL, 0, 0,
     "With httpd_allow_cors: the one site that may, such as https://example.org."},
    {"httpd_bind_address", OPTION_TEXT, "127.0.0.1", NULL, 0, 0,
     "Address to listen on; 0.0.0.0 or :: is every one, and everything needs a login then."},
    {"httpd_home", OPTION_TEXT, "", NULL, 0, 0,
     "Full path of a folder whose files are served beside the API, index.html instead of the page; "
     "to everybody, without a login."},
    {"httpd_max_connections", OPTION_INTEGER, "4096", NULL, 16, 65536,
     "Connections at a time, in all."},
    {"httpd_max_connections_per_address", OPTION_INTEGER, "128", NULL, 1, 65536,
     "Connections at a time from one address; this machine's own are not counted."},
    {"httpd_msgpack", OPTION_CHOICE, "plain", "plain|typed", 0, 0,
     "Shape of msgpack replies: plain values, or the [type, value] pairs of 2016."},
    {"httpd_password", OPTION_TEXT, "", NULL, 0, 0,
     "Password of the login, plain or as a $y$ hash; norn itself writes hashes only."},
    {"httpd_port", OPTION_INTEGER, "2501", NULL, 0, 65535,
     "TCP port of the web page and API; 0 takes any free one."},
    {"httpd_require_login", OPTION_CHOICE, "auto", "auto|always|never", 0, 0,
     "Whether reads need a login: auto asks for one unless the request comes from this machine "
     "and the server listens on loopback only. Commands always need one."},
    {"httpd_session_timeout", OPTION_INTEGER, "86400", NULL, 0, 31536000,
     "Seconds without use after which a login session ends; 0 is never."},
    {"httpd_ssl_cert", OPTION_TEXT, "", NULL, 0, 0,
     "PEM file of the certificate, with the chain behind it: with httpd_ssl_key, the port speaks "
     "HTTPS. Read again on SIGHUP."},
    {"httpd_ssl_key", OPTION_TEXT, "", NULL, 0, 0, "PEM file of its private key."},
    {"httpd_ssl_self_signed", OPTION_BOOLEAN, "false", NULL, 0, 0,
     "Without httpd_ssl_cert: makes a certificate that no authority has signed, keeps it in the "
     "home directory, and speaks HTTPS with it."},
    {"httpd_tiles", OPTION_TEXT, "", NULL, 0, 0,
     "Full path of a PMTiles archive, with raster or vector tiles, that the page's map is drawn on; "
     "whoever may read may read it."},
    {"httpd_uri_prefix", OPTION_TEXT, "", NULL, 0, 0,
     "Leading path that a proxy puts before every request, taken off where it is there."},
    {"httpd_username", OPTION_TEXT, "", NULL, 0, 0,
     "Name of the one login; together with httpd_password."},
};
// clang-format on

const size_t server_options_count = sizeof server_options / sizeof *server_options;
