/* The handshake of a websocket: the request, answers whole, cut, wrong and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/tool_upgrade.h"

/* The example of RFC 6455, 1.3. */
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char good[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
                           "Connection: Upgrade\r\nsec-websocket-accept:  "
                           "s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n\r\n";

static int answer(const char *text, size_t length, size_t *ret_length, char why[256])
{
    struct buffer buffer = {0};
    int result = tool_upgrade_answer((struct slice){(const uint8_t *)text, length}, key, ret_length,
                                     &buffer);
    snprintf(why, 256, "%.*s", (int)buffer.length, (const char *)buffer.data);
    buffer_done(&buffer);
    return result;
}

static void test_answer_that_opens(void **state)
{
    char why[256], longer[sizeof good + 3];
    size_t length = 0;
    snprintf(longer, sizeof longer, "%s\x82\x01z", good);
    assert_int_equal(answer(longer, sizeof longer - 1, &length, why), 0);
    assert_int_equal(length, sizeof good - 1);
    for (size_t cut = 0; cut < sizeof good - 1; cut++)
        assert_int_equal(answer(good, cut, &length, why), -EAGAIN);
}

static void expect_refusal(const char *text, int error, const char *part)
{
    char why[256];
    size_t length = 77;
    assert_int_equal(answer(text, strlen(text), &length, why), error);
    if (!strstr(why, part))
        fail_msg("%s", why);
    assert_int_equal(length, 77);
}

static void test_answers_that_refuse(void **state)
{
    expect_refusal("HTTP/1.1 401 Unauthorized\r\nA: b\r\n\r\nbody", -EACCES, "--password");
    expect_refusal("HTTP/1.1 403 Forbidden\r\n\r\n", -EACCES, "datasource or admin");
    expect_refusal("HTTP/1.1 404 Not Found\n\n", -ENOENT, "--endpoint");
    expect_refusal("HTTP/1.1 500 Oh\033[31m no\r\n\r\n", -EPROTO, "500 Oh\\033[31m no");
    expect_refusal("SSH-2.0-OpenSSH\r\n\r\n", -EPROTO, "SSH-2.0");
    expect_refusal("\r\n\r\n", -EPROTO, "says: ");
    expect_refusal("HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\n\r\n", -EPROTO, "handshake");
    expect_refusal("HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\n"
                   "Sec-WebSocket-Accept: AAAALMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                   -EPROTO, "handshake");
    expect_refusal("HTTP/1.1 101 Fine\r\nUpgrade: h2c\r\n"
                   "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                   -EPROTO, "handshake");
}

static void test_answer_without_end(void **state)
{
    static char text[TOOL_UPGRADE_ANSWER_MAX];
    char why[256];
    size_t length;
    memset(text, 'a', sizeof text);
    assert_int_equal(answer(text, sizeof text - 1, &length, why), -EAGAIN);
    assert_int_equal(answer(text, sizeof text, &length, why), -EPROTO);
}

static void expect_request(const struct tool_target *target, const char *first_line,
                           const char *host)
{
    struct buffer request = {0}, why = {0};
    assert_int_equal(tool_upgrade_request(target, key, &request, &why), 0);
    buffer_add_byte(&request, 0);
    const char *text = (const char *)request.data;
    assert_memory_equal(text, first_line, strlen(first_line));
    assert_non_null(strstr(text, host));
    assert_non_null(strstr(text, "\r\nSec-WebSocket-Protocol: kismet-remote\r\n"));
    assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
    buffer_done(&request);
    buffer_done(&why);
}

static void test_requests(void **state)
{
    struct tool_target target = {.host = "example.org", .port = "2501", .endpoint = "/a.ws"};
    expect_request(&target, "GET /a.ws HTTP/1.1\r\n", "\r\nHost: example.org:2501\r\n");
    target.apikey = "ABC";
    expect_request(&target, "GET /a.ws?KISMET=ABC HTTP/1.1\r\n", "\r\nOrigin: http://example.org");
    target.user = "a b";
    target.password = "p&=\r\n\xc3\xa9";
    expect_request(&target, "GET /a.ws?user=a%20b&password=p%26%3D%0D%0A%C3%A9 HTTP/1.1\r\n", "");
    snprintf(target.host, sizeof target.host, "::1");
    expect_request(&target, "GET ", "\r\nHost: [::1]:2501\r\n");
}

static void test_request_too_long(void **state)
{
    char password[1100];
    struct tool_target target = {
        .host = "h", .port = "1", .endpoint = "/", .user = "u", .password = password};
    struct buffer request = {0}, why = {0};
    memset(password, 'x', sizeof password);
    password[sizeof password - 1] = '\0';
    assert_int_equal(tool_upgrade_request(&target, key, &request, &why), -E2BIG);
    assert_int_equal(request.length, 0);
    assert_true(why.length > 0);
    buffer_done(&request);
    buffer_done(&why);
}

static void test_keys_differ(void **state)
{
    char first[TOOL_UPGRADE_KEY], second[TOOL_UPGRADE_KEY];
    assert_int_equal(tool_upgrade_key(first), 0);
    assert_int_equal(tool_upgrade_key(second), 0);
    assert_int_equal(strlen(first), 24);
    assert_string_not_equal(first, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_that_opens),  cmocka_unit_test(test_answers_that_refuse),
        cmocka_unit_test(test_answer_without_end), cmocka_unit_test(test_requests),
        cmocka_unit_test(test_request_too_long),   cmocka_unit_test(test_keys_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
