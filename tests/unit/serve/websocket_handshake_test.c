/* Opening websockets, byte by byte: what a handshake must have, which logins open, which pages may,
 * how many. */
#include <pthread.h>
#include <stdatomic.h>

#include "serve/api/routes.h"
#include "serve/http/reply.h"
#include "websocket_place.h"

static atomic_int opened, closed, contexts_freed;

static void on_open(struct websocket *socket)
{
    atomic_fetch_add(&opened, 1);
}

static void on_close(struct websocket *socket, unsigned code)
{
    atomic_fetch_add(&closed, 1);
}

static void free_context(void *context)
{
    atomic_fetch_add(&contexts_freed, 1);
    free(context);
}

static const struct websocket_type plain_type = {
    .accepts = WEBSOCKET_TEXT,
    .on_open = on_open,
    .on_close = on_close,
    .free_context = free_context,
};

static const struct websocket_type named_type = {
    .protocol = "kismet-remote",
    .accepts = WEBSOCKET_TEXT,
    .on_open = on_open,
    .on_close = on_close,
    .free_context = free_context,
};

static void open_plain(struct request *request)
{
    websocket_accept(request, &plain_type, strdup("context"));
}

static void open_named(struct request *request)
{
    websocket_accept(request, &named_type, strdup("context"));
}

static void say_nothing_here(struct request *request)
{
    reply_error(request, 404, "there is no view of that name");
}

// clang-format off
static const struct route test_routes[] = {
    {METHOD_WEBSOCKET, "/plain", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_plain, "."},
    {METHOD_WEBSOCKET, "/read", ROUTE_WEBSOCKET, ROLE_READONLY, BODY_OPTIONAL, open_plain, "."},
    {METHOD_WEBSOCKET, "/named", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_named, "."},
    {METHOD_WEBSOCKET, "/views/{view}/monitor", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, say_nothing_here, "."},
    {0},
};
// clang-format on
static const struct route *const tables[] = {test_routes, api_session_routes, NULL};

static int start(void **state)
{
    atomic_store(&opened, 0);
    atomic_store(&closed, 0);
    atomic_store(&contexts_freed, 0);
    place_open();
    place_start(tables);
    return 0;
}

static int stop(void **state)
{
    place_close();
    assert_int_equal(atomic_load(&opened), atomic_load(&closed));
    return 0;
}

static void wait_until(atomic_int *value, int wanted)
{
    for (int i = 0; i < 1000 && atomic_load(value) != wanted; i++)
        usleep(10000);
    assert_int_equal(atomic_load(value), wanted);
}

/* Sends a request, checks the status and a part of the head or body. */
static void expect_answer(const char *request, int status, const char *part)
{
    char answer[4000] = "", line[32];
    size_t length = 0;
    int descriptor = client_dial();
    assert_true(client_write(descriptor, request, strlen(request)));
    snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    if (status == 101) {
        client_read_head(descriptor, answer, sizeof answer);
    } else {
        ssize_t count;
        while ((count = recv(descriptor, answer + length, sizeof answer - 1 - length, 0)) > 0)
            length += (size_t)count;
    }
    close(descriptor);
    if (strncmp(answer, line, strlen(line)) != 0 || (part && !strstr(answer, part)))
        fail_msg("request: %.200s\nanswer: %.900s", request, answer);
}

#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define HEAD    "Host: localhost\r\n" CLIENT_LOGIN
#define PLAIN   "GET /plain.ws HTTP/1.1\r\n"
#define CLOSE   "Connection: close\r\n"

static void handshakes(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *part;
    } cases[] = {
        {PLAIN HEAD UPGRADE VERSION KEY "\r\n", 101,
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
        {PLAIN HEAD UPGRADE VERSION KEY "\r\n", 101, "Upgrade: websocket\r\n"},
        {PLAIN HEAD "Upgrade: h2c, WebSocket\r\nConnection: keep-alive,upgrade\r\n" VERSION KEY
                    "\r\n",
         101, NULL},
        {"GET /plain.ws HTTP/1.1\r\nHost: localhost\r\n" UPGRADE VERSION KEY CLOSE "\r\n", 401,
         "Login required"},
        {"GET /nothing.ws HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY CLOSE "\r\n", 404,
         "nothing at this path"},
        {"GET /plain.json HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY CLOSE "\r\n", 404, NULL},
        {"GET /views/none/monitor.ws HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY CLOSE "\r\n", 404,
         "no view of that name"},
        {PLAIN HEAD CLOSE "\r\n", 426, "Upgrade: websocket\r\n"},
        {PLAIN HEAD CLOSE "\r\n", 426, "this path is a websocket"},
        {PLAIN HEAD VERSION KEY CLOSE "\r\n", 426, NULL},
        {"HEAD /plain.ws HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY CLOSE "\r\n", 426, NULL},
        {"GET /plain.ws HTTP/1.0\r\n" HEAD UPGRADE VERSION KEY "\r\n", 426, NULL},
        {"POST /plain.ws HTTP/1.1\r\nContent-Length: 0\r\n" HEAD CLOSE "\r\n", 405,
         "Allow: GET, HEAD, OPTIONS\r\n"},
        {PLAIN HEAD UPGRADE KEY CLOSE "\r\n", 426, "Sec-WebSocket-Version: 13\r\n"},
        {PLAIN HEAD UPGRADE "Sec-WebSocket-Version: 8\r\n" KEY CLOSE "\r\n", 426,
         "Sec-WebSocket-Version: 13\r\n"},
        {PLAIN HEAD UPGRADE VERSION CLOSE "\r\n", 400, "Sec-WebSocket-Key"},
        {PLAIN HEAD UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n" CLOSE "\r\n", 400,
         NULL},
        {PLAIN HEAD UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSEh\r\n" CLOSE "\r\n",
         400, NULL},
        {PLAIN HEAD UPGRADE VERSION "Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ==\r\n" CLOSE "\r\n",
         400, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(cases[i].request, cases[i].status, cases[i].part);
    wait_until(&opened, 3);
    wait_until(&closed, 3);
    wait_until(&contexts_freed, 14);
}

static void protocols(void **state)
{
    static const char named_request[] = "GET /named.ws HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY
                                        "Sec-WebSocket-Protocol: other, kismet-remote\r\n\r\n";
    static const char plain_request[] =
        PLAIN HEAD UPGRADE VERSION KEY "Sec-WebSocket-Protocol: kismet-remote\r\n\r\n";
    static const char other_request[] = "GET /named.ws HTTP/1.1\r\n" HEAD UPGRADE VERSION KEY
                                        "Sec-WebSocket-Protocol: other\r\n\r\n";
    char head[2000];
    expect_answer(named_request, 101, "Sec-WebSocket-Protocol: kismet-remote\r\n");
    int descriptor = client_dial();
    client_write(descriptor, plain_request, strlen(plain_request));
    client_read_head(descriptor, head, sizeof head);
    assert_null(strstr(head, "Sec-WebSocket-Protocol"));
    close(descriptor);
    descriptor = client_dial();
    client_write(descriptor, other_request, strlen(other_request));
    client_read_head(descriptor, head, sizeof head);
    assert_null(strstr(head, "Sec-WebSocket-Protocol"));
    close(descriptor);
}

/* The token of a new session. */
static void log_in(char ret_token[33])
{
    static const char request[] = "GET /session/create_session HTTP/1.1\r\n" HEAD CLOSE "\r\n";
    char head[2000];
    int descriptor = client_dial();
    client_write(descriptor, request, strlen(request));
    client_read_head(descriptor, head, sizeof head);
    const char *cookie = strstr(head, "KISMET=");
    assert_non_null(cookie);
    snprintf(ret_token, 33, "%s", cookie + 7);
    close(descriptor);
}

static void expect_open(const char *target, const char *headers, int status)
{
    char request[1000];
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost\r\n" VERSION KEY "%s%s\r\n", target, headers,
             status == 101 ? UPGRADE : UPGRADE CLOSE);
    expect_answer(request, status, NULL);
}

static void logins(void **state)
{
    char token[33], text[200];
    log_in(token);
    expect_open("/plain.ws", "", 401);
    expect_open("/read.ws", "", 101);
    expect_open("/read.ws", "X-Forwarded-For: 192.0.2.1\r\n", 401);
    expect_open("/plain.ws?user=me&password=secret", "", 101);
    expect_open("/plain.ws?user=me&password=wrong", "", 401);
    expect_open("/plain.ws", CLIENT_LOGIN, 101);
    snprintf(text, sizeof text, "/plain.ws?KISMET=%s", token);
    expect_open(text, "", 101);
    snprintf(text, sizeof text, "Cookie: a=b; KISMET=%s\r\n", token);
    expect_open("/plain.ws", text, 101);
    snprintf(text, sizeof text, "KISMET: %s\r\n", token);
    expect_open("/plain.ws", text, 101);
    snprintf(text, sizeof text, "Authorization: Bearer %s\r\n", token);
    expect_open("/plain.ws", text, 101);
}

/* A password kept as a hash is looked at on a worker, while the request waits. */
static void slow_logins(void **state)
{
    struct buffer why = {0};
    assert_int_equal(auth_save_password(place_auth, "me", "other", false, &why), 0);
    expect_open("/plain.ws?user=me&password=other", "", 101);
    expect_open("/plain.ws?user=me&password=secret", "", 401);
    buffer_done(&why);
    wait_until(&closed, 1);
}

/* What a browser adds by itself opens nothing for a page of another site. */
static void origins(void **state)
{
    static const char foreign[] = "Origin: https://evil.example\r\n";
    char token[33], text[300], target[100];
    log_in(token);
    expect_open("/read.ws", "Origin: http://localhost\r\n", 101);
    expect_open("/read.ws", "Origin: http://localhost:8080\r\n", 403);
    expect_open("/read.ws", "Origin: null\r\n", 403);
    expect_open("/read.ws", foreign, 403);
    expect_open("/read.ws?user=me&password=wrong", foreign, 403);
    expect_open("/read.ws", "Sec-Fetch-Site: cross-site\r\n", 403);
    expect_open("/read.ws", "Sec-Fetch-Site: same-origin\r\n", 101);
    snprintf(text, sizeof text, "%sCookie: KISMET=%s\r\n", foreign, token);
    expect_open("/plain.ws", text, 403);
    snprintf(text, sizeof text, "%s%s", foreign, CLIENT_LOGIN);
    expect_open("/plain.ws", text, 403);
    snprintf(target, sizeof target, "/plain.ws?KISMET=%s", token);
    expect_open(target, foreign, 101);
    expect_open("/plain.ws?user=me&password=secret", foreign, 101);
    snprintf(text, sizeof text, "Origin: http://localhost\r\nCookie: KISMET=%s\r\n", token);
    expect_open("/plain.ws", text, 101);
    /* behind a proxy that puts its own name into Host */
    snprintf(text, sizeof text,
             "Origin: https://norn.example\r\nX-Forwarded-Host: norn.example\r\n"
             "Cookie: KISMET=%s\r\n",
             token);
    expect_open("/plain.ws", text, 101);
    snprintf(text, sizeof text, "%sX-Forwarded-For: 192.0.2.1\r\nCookie: KISMET=%s\r\n", foreign,
             token);
    expect_open("/plain.ws", text, 403);
}

static void allowed_origins(void **state)
{
    place_close();
    place_open();
    place_set("httpd_allow_cors", "true");
    place_set("httpd_allowed_origin", "https://good.example");
    place_start(tables);
    expect_open("/read.ws", "Origin: https://good.example\r\n", 101);
    expect_open("/read.ws", "Origin: https://evil.example\r\n", 403);
    wait_until(&closed, 1);
}

static void room_is_limited(void **state)
{
    int descriptors[8];
    place_close();
    place_open();
    place_set("httpd_max_connections", "16");
    place_start(tables);
    for (int i = 0; i < 8; i++)
        descriptors[i] = client_open("/plain.ws");
    expect_open("/plain.ws", CLIENT_LOGIN, 503);
    for (int i = 0; i < 8; i++)
        close(descriptors[i]);
    wait_until(&closed, 8);
    close(client_open("/plain.ws"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(handshakes, start, stop),
        cmocka_unit_test_setup_teardown(protocols, start, stop),
        cmocka_unit_test_setup_teardown(logins, start, stop),
        cmocka_unit_test_setup_teardown(slow_logins, start, stop),
        cmocka_unit_test_setup_teardown(origins, start, stop),
        cmocka_unit_test_setup_teardown(allowed_origins, start, stop),
        cmocka_unit_test_setup_teardown(room_is_limited, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
