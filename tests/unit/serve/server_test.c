/* A real server on a real port, spoken to byte by byte: limits, streams, slow readers, pipelining,
 * logins, stopping while replies are under way. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/api/routes.h"
#include "serve/http/question.h"
#include "serve/http/reply.h"
#include "serve/http/server.h"

enum { RECORDS = 200000, BIG_RECORDS = 6, BIG = 1500000 };

/* Two seconds are promised; a loaded machine with a sanitizer is allowed more. */
enum { STOP_MILLISECONDS = 8000 };

static struct options *options;
static struct auth *auth;
static struct server *server;
static atomic_int streams_freed, jobs_run;

/* ---- endpoints */

static void say_hello(struct request *request)
{
    struct buffer body = {0};
    buffer_printf(&body, "{\"user\":\"%s\",\"local\":%d,\"format\":%d}",
                  request_user(request) ? request_user(request) : "", request_is_local(request),
                  (int)request_format(request));
    reply_buffer(request, 200, reply_content_type(request), &body);
}

struct count {
    unsigned next, last;
    size_t size;
};

static int fill_count(void *context, struct buffer *buffer, size_t goal)
{
    struct count *count = context;
    while (count->next < count->last && buffer->length < goal) {
        size_t mark = buffer->length;
        buffer_printf(buffer, "%06u", count->next);
        uint8_t *room = buffer_room(buffer, count->size);
        if (room) {
            memset(room, 'x', count->size);
            room[count->size - 1] = '\n';
            buffer_advance(buffer, count->size);
        }
        if (!reply_fits(buffer, mark))
            return REPLY_ROOM;
        count->next++;
    }
    return count->next < count->last ? REPLY_MORE : REPLY_END;
}

static void free_count(void *context)
{
    atomic_fetch_add(&streams_freed, 1);
    free(context);
}

static void stream_count(struct request *request, unsigned last, size_t size)
{
    struct count *count = calloc(1, sizeof *count);
    *count = (struct count){.last = last, .size = size};
    reply_stream(request, "text/plain", fill_count, count, free_count);
}

static void stream_many(struct request *request)
{
    stream_count(request, RECORDS, 200);
}

static void stream_big(struct request *request)
{
    stream_count(request, BIG_RECORDS, BIG);
}

static void stream_few(struct request *request)
{
    stream_count(request, 3, 10);
}

static int fill_badly(void *context, struct buffer *buffer, size_t goal)
{
    return -EIO;
}

static void stream_nothing(struct request *request)
{
    reply_stream(request, "text/plain", fill_badly, NULL, NULL);
}

static void work(struct request *request, void *context)
{
    atomic_fetch_add(&jobs_run, 1);
    usleep(20000);
    if (request_query(request, "stream"))
        stream_few(request);
    else
        reply_text(request, 200, "worked");
}

static void work_later(struct request *request)
{
    reply_later(request, work, NULL);
}

static void take_command(struct request *request)
{
    const char *text;
    size_t length;
    if (command_word(request_command(request), "cmd", &text, &length))
        reply_error(request, 400, "cmd is missing");
    else
        reply_text(request, 200, "OK");
}

static void forget_reply(struct request *request)
{
}

/* Answers are numbered in the order in which they are begun; the header says how many were begun
 * when the question came. */
static atomic_int answers_begun;
static atomic_bool answers_are_large;

static int fill_number(void *context, struct buffer *buffer, size_t goal)
{
    buffer_printf(buffer, "number=%d\n", *(const int *)context);
    return REPLY_END;
}

static int *begin_answer(void)
{
    int *number = calloc(1, sizeof *number);
    *number = atomic_fetch_add(&answers_begun, 1) + 1;
    usleep(10000);
    return number;
}

static void answer_alone(struct request *request, void *context)
{
    reply_stream(request, "text/plain", fill_number, begin_answer(), free);
}

static void answer_together(struct request *request, void *context)
{
    if (request_query(request, "large") && atomic_load(&answers_are_large))
        question_too_large(request);
    else
        reply_whole(request, "text/plain", fill_number, begin_answer(), free);
}

static const struct question_answers number_answers = {answer_alone, answer_together};

static void ask_number(struct request *request)
{
    char text[16];
    snprintf(text, sizeof text, "%d", atomic_load(&answers_begun));
    reply_header(request, "X-Begun", text);
    question_ask(request, &number_answers, NULL);
}

static const struct route test_routes[] = {
    {METHOD_GET | METHOD_POST, "/hello", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, say_hello, "."},
    {METHOD_GET, "/many", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, stream_many, "."},
    {METHOD_GET, "/big", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, stream_big, "."},
    {METHOD_GET, "/few", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, stream_few, "."},
    {METHOD_GET, "/bad", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, stream_nothing, "."},
    {METHOD_GET, "/later", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, work_later, "."},
    {METHOD_GET, "/number", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, ask_number, "."},
    {METHOD_GET, "/forget", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, forget_reply, "."},
    {METHOD_POST, "/do", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, take_command, "."},
    {0},
};
static const struct route *const tables[] = {test_routes, api_root_routes, api_session_routes,
                                             NULL};

/* ---- a client */

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server_port(server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(descriptor >= 0);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static void say(int descriptor, const char *text)
{
    size_t length = strlen(text);
    assert_int_equal(send(descriptor, text, length, MSG_NOSIGNAL), (ssize_t)length);
}

/* Reads to the end of the connection, at most `limit` bytes. */
static void read_all(int descriptor, struct buffer *buffer, size_t limit)
{
    while (buffer->length < limit) {
        uint8_t *room = buffer_room(buffer, 65536);
        ssize_t count = recv(descriptor, room, 65536, 0);
        if (count <= 0)
            break;
        buffer_advance(buffer, (size_t)count);
    }
}

/* One request on a connection of its own; the whole answer as text (the caller frees it). */
static char *ask(const char *request)
{
    struct buffer answer = {0};
    int descriptor = dial();
    say(descriptor, request);
    read_all(descriptor, &answer, SIZE_MAX);
    close(descriptor);
    buffer_add_byte(&answer, '\0');
    assert_false(answer.failed);
    return (char *)answer.data;
}

#define END "Host: localhost\r\nConnection: close\r\n\r\n"

static void expect(const char *request, int status, const char *part)
{
    char *answer = ask(request);
    char line[32];
    snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    if (strncmp(answer, line, strlen(line)) != 0 || (part && !strstr(answer, part)))
        print_error("request: %.100s\nanswer: %.600s\n", request, answer);
    assert_int_equal(strncmp(answer, line, strlen(line)), 0);
    assert_true(!part || strstr(answer, part));
    free(answer);
}

static int64_t milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- set-up */

static void set(const char *key, const char *value)
{
    struct buffer why = {0};
    assert_int_equal(options_set(options, key, value, &why), 0);
}

static int save(void *context, const char *name, const void *bytes, size_t length)
{
    return 0;
}

static int start_server(void **state)
{
    const struct option_table table[] = {{"HTTP server", server_options, server_options_count},
                                         {0}};
    struct auth_config config = {.session_timeout = 60, .save = save};
    struct buffer why = {0};
    options = options_new(table);
    set("httpd_port", "0");
    auth = auth_new(&config);
    auth_set_credentials(auth, "me", "secret", false);
    server = server_open(options, &why);
    assert_non_null(server);
    return server_start(server, tables, auth, NULL);
}

static int stop_server(void **state)
{
    int64_t began = milliseconds();
    server_free(server);
    assert_true(milliseconds() - began < STOP_MILLISECONDS);
    auth_free(auth);
    options_free(options);
    return 0;
}

/* ---- tests */

static void headers_and_formats(void **state)
{
    char *answer = ask("GET /hello.json HTTP/1.1\r\n" END);
    assert_non_null(strstr(answer, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(answer, "Content-Length: 32\r\n"));
    assert_non_null(strstr(answer, "Server: norn/"));
    assert_non_null(strstr(answer, "Cache-Control: no-cache"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    assert_null(strstr(answer, "Set-Cookie"));
    assert_non_null(strstr(answer, "{\"user\":\"\",\"local\":1,\"format\":0}"));
    free(answer);
    expect("GET /hello.msgpack HTTP/1.1\r\n" END, 200, "Content-Type: application/msgpack\r\n");
    expect("GET /hello.msgpack?msgpack=typed HTTP/1.1\r\n" END, 200, "\"format\":4");
    expect("GET /hello.json HTTP/1.0\r\n\r\n", 200, "\"local\":1");
    answer = ask("HEAD /hello.json HTTP/1.1\r\n" END);
    assert_non_null(strstr(answer, "Content-Length: 32\r\n"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    free(answer);
    answer = ask("HEAD /many.json HTTP/1.1\r\n" END);
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    free(answer);
}

static void errors(void **state)
{
    expect("GET /nothing HTTP/1.1\r\n" END, 404, "nothing at this path");
    expect("GET /hello.xml HTTP/1.1\r\n" END, 404, NULL);
    expect("DELETE /hello.json HTTP/1.1\r\n" END, 405, "Allow: GET, HEAD, POST, OPTIONS\r\n");
    expect("GET /do.cmd HTTP/1.1\r\n" END, 405, "Allow: POST, OPTIONS\r\n");
    expect("OPTIONS /hello.json HTTP/1.1\r\n" END, 204, "Allow: ");
    expect("GET /few.json HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "Host");
    expect("GET /a%00 HTTP/1.1\r\n" END, 400, "Invalid request: ");
    expect("GET /bad.json HTTP/1.1\r\n" END, 500, "could not be made");
    expect("GET /forget.json HTTP/1.1\r\n" END, 500, "no answer");
    expect("GET /hello.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 403,
           "httpd_allowed_host");
    expect("GET /hello.json HTTP/1.1\r\nHost: 127.0.0.1:80\r\nConnection: close\r\n\r\n", 200,
           NULL);
    expect("GET /hello.json HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n", 200, NULL);
    expect("POST /hello.json HTTP/1.1\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n" END,
           403, NULL);
    expect("POST /hello.json HTTP/1.1\r\nOrigin: http://localhost\r\nContent-Length: 0\r\n" END,
           200, NULL);
    expect(
        "POST /hello.json HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1\r\n" END
        "{",
        400, "Invalid request: the JSON");
}

static void logins(void **state)
{
    static const char basic[] = "Authorization: Basic bWU6c2VjcmV0\r\n";
    char request[600];
    expect("POST /do.cmd HTTP/1.1\r\nContent-Length: 0\r\n" END, 401, "WWW-Authenticate: Basic");
    expect("POST /do.cmd HTTP/1.1\r\nAuthorization: Basic bWU6eA==\r\nContent-Length: 0\r\n" END,
           401, "Login required");
    snprintf(request, sizeof request, "POST /do.cmd HTTP/1.1\r\n%sContent-Length: 0\r\n" END,
             basic);
    expect(request, 400, "Invalid request: no command");
    snprintf(request, sizeof request,
             "POST /do.cmd HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 20\r\n" END "msgpack=gaNjbWSiaGk=",
             basic);
    expect(request, 200, "Set-Cookie: KISMET=");
    expect("GET /session/check_session HTTP/1.1\r\n" END, 401, "No session");
    expect("GET /session/create_session HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n" END, 401,
           "WWW-Authenticate: Basic realm=\"Kismet Admin\"\r\n");
    snprintf(request, sizeof request, "GET /session/create_session HTTP/1.1\r\n%s" END, basic);
    char *answer = ask(request);
    const char *cookie = strstr(answer, "Set-Cookie: KISMET=");
    assert_non_null(cookie);
    assert_non_null(strstr(cookie, "; Path=/; HttpOnly; SameSite=Strict\r\n"));
    char token[33] = "";
    memcpy(token, cookie + 19, 32);
    free(answer);
    snprintf(request, sizeof request,
             "GET /session/create_session HTTP/1.1\r\nCookie: a=b; KISMET=%s; c=d\r\n" END, token);
    answer = ask(request);
    assert_null(strstr(answer, "Set-Cookie"));
    assert_non_null(strstr(answer, "already"));
    free(answer);
    static const char *const shapes[] = {
        "GET /session/check_login HTTP/1.1\r\nCookie: KISMET=0; KISMET=%s\r\n" END,
        "GET /session/check_login?KISMET=%s HTTP/1.1\r\n" END,
        "GET /session/check_login HTTP/1.1\r\nKISMET: %s\r\n" END,
        "GET /session/check_login HTTP/1.1\r\nAuthorization: Bearer %s\r\n" END,
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        snprintf(request, sizeof request, shapes[i], token);
        expect(request, 200, "Valid login");
    }
    expect("GET /session/check_login?user=me&password=secret HTTP/1.1\r\n" END, 200, NULL);
    expect("GET /hello.json?user=me&password=secret HTTP/1.1\r\n" END, 200, "\"user\":\"me\"");
    expect("GET /hello.json HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n" END, 401, NULL);
    expect("GET /session/check_setup_ok HTTP/1.1\r\n" END, 200, NULL);
}

static void first_set_up(void **state)
{
    char request[600];
    static const char head[] = "POST /session/set_password HTTP/1.1\r\n"
                               "Content-Type: application/x-www-form-urlencoded\r\n";
    assert_int_equal(auth_set_credentials(auth, NULL, NULL, false), 0);
    expect("GET /session/check_setup_ok HTTP/1.1\r\n" END, 500, NULL);
    expect("POST /do.cmd HTTP/1.1\r\nAuthorization: Basic Og==\r\nContent-Length: 0\r\n" END, 401,
           "kismet_httpd.conf");
    snprintf(request, sizeof request, "%sContent-Length: 15\r\n" END "username=me&p=1", head);
    expect(request, 400, "username and password");
    snprintf(request, sizeof request,
             "%sX-Real-IP: 192.0.2.1\r\nContent-Length: 24\r\n" END "username=me&password=new",
             head);
    expect(request, 403, "code");
    snprintf(request, sizeof request,
             "%sX-Real-IP: 192.0.2.1\r\nContent-Length: 39\r\n" END
             "username=me&password=new&code=%s",
             head, auth_setup_code(auth));
    expect(request, 200, "saved");
    expect("GET /session/check_setup_ok HTTP/1.1\r\n" END, 200, NULL);
    snprintf(request, sizeof request, "%sContent-Length: 24\r\n" END "username=me&password=new",
             head);
    expect(request, 401, NULL);
    /* hashed now: the right one and a wrong one are looked at on a worker */
    expect("GET /session/create_session HTTP/1.1\r\nAuthorization: Basic bWU6bmV3\r\n" END, 200,
           "Set-Cookie");
    expect("GET /session/create_session HTTP/1.1\r\nAuthorization: Basic bWU6b2xk\r\n" END, 401,
           NULL);
    assert_int_equal(auth_set_credentials(auth, "me", "secret", true), 0);
    expect("GET /session/check_setup_ok HTTP/1.1\r\n" END, 406, NULL);
    expect(request, 403, NULL);
    assert_int_equal(auth_set_credentials(auth, "me", "secret", false), 0);
}

/* The first path under page/ in the markup with that ending. */
static void find_part(const char *markup, const char *ending, char *ret_path, size_t size)
{
    const char *end = strstr(markup, ending), *begin = end;
    assert_non_null(end);
    while (begin > markup && begin[-1] != '"')
        begin--;
    snprintf(ret_path, size, "/%.*s", (int)(end + strlen(ending) - begin), begin);
}

static void page(void **state)
{
    char request[300], etag[32] = "", program[100], style[100];
    char *answer = ask("GET / HTTP/1.1\r\n" END);
    assert_non_null(strstr(answer, "Content-Type: text/html"));
    assert_non_null(
        strstr(answer, "Content-Security-Policy: default-src 'none'; script-src 'self'"));
    assert_null(strstr(answer, "unsafe"));
    assert_non_null(strstr(answer, "Cache-Control: no-cache\r"));
    assert_non_null(strstr(answer, "<!doctype html>")); /* expanded: gzip was not asked for */
    const char *found = strstr(answer, "ETag: ");
    assert_non_null(found);
    memcpy(etag, found + 6, strcspn(found + 6, "\r"));
    find_part(answer, ".js", program, sizeof program);
    find_part(answer, ".css", style, sizeof style);
    free(answer);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nIf-None-Match: %s\r\n" END, etag);
    expect(request, 304, NULL);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nAccept-Encoding: gzip\r\n" END, program);
    expect(request, 200, "Content-Encoding: gzip");
    expect(request, 200, "application/javascript");
    expect(request, 200, "immutable");
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" END, style);
    expect(request, 200, "text/css");
    expect("GET /page/none.js HTTP/1.1\r\n" END, 404, NULL);
    expect("GET /page/..%2findex.html HTTP/1.1\r\n" END, 404, NULL);
}

static void bodies_have_a_limit(void **state)
{
    struct buffer request = {0}, answer = {0};
    expect("POST /hello.json HTTP/1.1\r\nContent-Length: 1048577\r\n" END, 413, "1048576");
    buffer_add_text(&request, "POST /hello.json HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END);
    for (int i = 0; i < 20; i++) {
        buffer_add_text(&request, "10000\r\n");
        memset(buffer_room(&request, 65536), 'x', 65536);
        buffer_advance(&request, 65536);
        buffer_add_text(&request, "\r\n");
    }
    buffer_add_text(&request, "0\r\n\r\n");
    int descriptor = dial();
    size_t sent = 0;
    while (sent < request.length) {
        ssize_t count = send(descriptor, request.data + sent, request.length - sent, MSG_NOSIGNAL);
        assert_true(count > 0);
        sent += (size_t)count;
    }
    read_all(descriptor, &answer, SIZE_MAX);
    assert_true(answer.length > 12);
    assert_memory_equal(answer.data, "HTTP/1.1 413", 12);
    close(descriptor);
    buffer_done(&request);
    buffer_done(&answer);
}

/* Removes the chunk framing of an answer; the length of its body. */
static size_t unchunk(char *answer, char **ret_body)
{
    char *from = strstr(answer, "\r\n\r\n") + 4, *to = from;
    *ret_body = from;
    for (;;) {
        char *end;
        size_t length = strtoul(from, &end, 16);
        from = end + 2;
        if (!length)
            return (size_t)(to - *ret_body);
        memmove(to, from, length);
        to += length;
        from += length + 2;
    }
}

static void check_count(const char *path, unsigned count, size_t size)
{
    char request[100], number[16], *body;
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" END, path);
    char *answer = ask(request);
    assert_non_null(strstr(answer, "Transfer-Encoding: chunked"));
    assert_int_equal(unchunk(answer, &body), count * (size + 6));
    for (unsigned i = 0; i < count; i++) {
        snprintf(number, sizeof number, "%06u", i);
        assert_memory_equal(body + i * (size + 6), number, 6);
        assert_int_equal(body[i * (size + 6) + size + 5], '\n');
    }
    free(answer);
}

static void streams_arrive_whole(void **state)
{
    int before = atomic_load(&streams_freed);
    check_count("/many.json", RECORDS, 200);
    check_count("/big.json", BIG_RECORDS, BIG);
    expect("GET /few.json HTTP/1.1\r\n" END, 200, "Content-Length: 48\r\n");
    expect("GET /later.json HTTP/1.1\r\n" END, 200, "worked");
    expect("GET /later.json?stream=1 HTTP/1.1\r\n" END, 200, "000002xxx");
    assert_int_equal(atomic_load(&streams_freed) - before, 4);
    struct server_counts counts;
    server_counts(server, &counts);
    assert_int_equal(counts.streams, 0);
    assert_int_equal(counts.reply_bytes, 0);
}

static void requests_in_a_row(void **state)
{
    struct buffer answer = {0};
    int descriptor = dial();
    say(descriptor, "GET /few.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /hello.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /later.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "HEAD /hello.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "POST /hello.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
                    "GET /nothing HTTP/1.1\r\n" END);
    read_all(descriptor, &answer, SIZE_MAX);
    buffer_add_byte(&answer, '\0');
    unsigned replies = 0;
    for (const char *at = (char *)answer.data; (at = strstr(at, "HTTP/1.1 ")); at++)
        replies++;
    assert_int_equal(replies, 6);
    assert_non_null(strstr((char *)answer.data, "HTTP/1.1 404"));
    close(descriptor);
    buffer_done(&answer);
}

/* Many who ask for everything and never read; another one is answered at once; when they go,
 * everything is given back. */
static void slow_readers(void **state)
{
    enum { CLIENTS = 100 };
    int clients[CLIENTS];
    struct server_counts counts;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = dial();
        say(clients[i], i % 10 ? "GET /many.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                               : "GET /big.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    usleep(300000);
    for (int i = 0; i < 20; i++)
        expect("GET /few.json HTTP/1.1\r\n" END, 200, "000002");
    server_counts(server, &counts);
    assert_true(counts.streams >= CLIENTS / 2);
    for (int i = 0; i < CLIENTS; i++)
        close(clients[i]);
    for (int i = 0; i < 100 && counts.streams + counts.connections; i++) {
        usleep(50000);
        server_counts(server, &counts);
    }
    assert_int_equal(counts.streams, 0);
    assert_int_equal(counts.connections, 0);
    assert_int_equal(counts.reply_bytes, 0);
}

static void *hammer(void *context)
{
    for (int i = 0; i < 12; i++) {
        char *answer = ask(i % 4 ? "GET /later.json?stream=1 HTTP/1.1\r\n" END
                                 : "GET /big.json HTTP/1.1\r\n" END);
        free(answer);
    }
    return NULL;
}

static void many_at_once(void **state)
{
    enum { THREADS = 12 };
    pthread_t threads[THREADS];
    struct server_counts counts;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    server_counts(server, &counts);
    assert_int_equal(counts.reply_bytes, 0);
}

/* Stops while streams are half sent, jobs wait and requests are half written. */
static void stops_in_the_middle(void **state)
{
    int clients[60];
    for (size_t i = 0; i < 60; i++) {
        static const char *const requests[] = {
            "GET /many.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /big.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /later.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /hello.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
            "GET /hel",
        };
        clients[i] = dial();
        say(clients[i], requests[i % 5]);
    }
    usleep(30000);
    int64_t began = milliseconds();
    server_stop(server);
    assert_true(milliseconds() - began < STOP_MILLISECONDS);
    for (size_t i = 0; i < 60; i++)
        close(clients[i]);
}

static void port_in_use(void **state)
{
    struct buffer why = {0};
    char port[8];
    snprintf(port, sizeof port, "%u", server_port(server));
    set("httpd_port", port);
    assert_null(server_open(options, &why));
    assert_int_equal(errno, EADDRINUSE);
    buffer_add_byte(&why, '\0');
    assert_non_null(strstr((char *)why.data, "in use by "));
    assert_non_null(strstr((char *)why.data, "(process "));
    assert_non_null(strstr((char *)why.data, "--port "));
    buffer_done(&why);
    set("httpd_bind_address", "nowhere");
    assert_null(server_open(options, &why));
    assert_int_equal(errno, EINVAL);
    buffer_done(&why);
}

/* Asks for a number ten times; every answer was begun after its question came. */
static void *ask_numbers(void *request)
{
    for (int i = 0; i < 10; i++) {
        char *answer = ask(request);
        const char *begun = strstr(answer, "X-Begun: "), *number = strstr(answer, "number=");
        if (!begun || !number)
            print_error("answer: %.600s\n", answer);
        assert_true(begun && number);
        assert_true(atoi(number + strlen("number=")) > atoi(begun + strlen("X-Begun: ")));
        free(answer);
    }
    return NULL;
}

static void questions_share_answers(void **state)
{
    enum { THREADS = 8, GIVE_BACK_MILLISECONDS = 20000 };
    static char same[] = "GET /number.json HTTP/1.1\r\n" END;
    static char large[] = "GET /number.json?large=1 HTTP/1.1\r\n" END;
    pthread_t threads[THREADS];
    struct server_counts counts;
    atomic_store(&answers_are_large, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_numbers, i % 4 ? same : large), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    /* What was sent is given back when a server thread gets to it: on a busy machine in its time.
     */
    int64_t end = milliseconds() + GIVE_BACK_MILLISECONDS;
    for (server_counts(server, &counts); counts.reply_bytes && milliseconds() < end;
         server_counts(server, &counts))
        usleep(1000);
    assert_true(counts.shared > 0);
    assert_int_equal(counts.reply_bytes, 0);
    assert_true((uint64_t)atomic_load(&answers_begun) < 10 * THREADS);
}

static atomic_bool asks_on;

static void *ask_on(void *request)
{
    while (atomic_load(&asks_on))
        free(ask(request));
    return NULL;
}

/* What was too large to share once is shared again when it is not any more, though somebody asks
 * for it all the time. */
static void questions_shrink(void **state)
{
    enum { THREADS = 6, LARGE_MICROSECONDS = 100000, SHARE_MILLISECONDS = 20000 };
    static char request[] = "GET /number.json?large=1 HTTP/1.1\r\n" END;
    pthread_t threads[THREADS];
    struct server_counts counts;
    atomic_store(&answers_are_large, true);
    atomic_store(&asks_on, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, request), 0);
    usleep(LARGE_MICROSECONDS);
    server_counts(server, &counts);
    assert_int_equal(counts.shared, 0);
    atomic_store(&answers_are_large, false);
    int64_t end = milliseconds() + SHARE_MILLISECONDS;
    for (; !counts.shared && milliseconds() < end; server_counts(server, &counts))
        usleep(1000);
    atomic_store(&asks_on, false);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(counts.shared > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(headers_and_formats, start_server, stop_server),
        cmocka_unit_test_setup_teardown(errors, start_server, stop_server),
        cmocka_unit_test_setup_teardown(logins, start_server, stop_server),
        cmocka_unit_test_setup_teardown(first_set_up, start_server, stop_server),
        cmocka_unit_test_setup_teardown(page, start_server, stop_server),
        cmocka_unit_test_setup_teardown(bodies_have_a_limit, start_server, stop_server),
        cmocka_unit_test_setup_teardown(streams_arrive_whole, start_server, stop_server),
        cmocka_unit_test_setup_teardown(requests_in_a_row, start_server, stop_server),
        cmocka_unit_test_setup_teardown(slow_readers, start_server, stop_server),
        cmocka_unit_test_setup_teardown(many_at_once, start_server, stop_server),
        cmocka_unit_test_setup_teardown(questions_share_answers, start_server, stop_server),
        cmocka_unit_test_setup_teardown(questions_shrink, start_server, stop_server),
        cmocka_unit_test_setup_teardown(stops_in_the_middle, start_server, stop_server),
        cmocka_unit_test_setup_teardown(port_in_use, start_server, stop_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
