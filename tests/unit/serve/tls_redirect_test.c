/* What plain HTTP gets from a TLS port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "serve/tls/tls_redirect.h"

static void expect(const char *request, const char *begin)
{
    struct buffer reply = {0};
    size_t length = strlen(request);
    char *copy = malloc(length); /* a byte read behind its end is found */
    memcpy(copy, request, length);
    for (size_t i = 1; i < length; i++)
        assert_false(tls_redirect_answer(copy, i, &reply));
    assert_true(tls_redirect_answer(copy, length, &reply));
    buffer_add_byte(&reply, 0);
    assert_memory_equal(reply.data, begin, strlen(begin));
    buffer_done(&reply);
    free(copy);
}

static void sends_readers_to_https(void **state)
{
    expect("GET / HTTP/1.1\r\nHost: norn.example:2501\r\n\r\n",
           "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://norn.example:2501/\r\n");
    expect("HEAD /a?b=c HTTP/1.0\r\nA: b\r\nhOsT:\t[fe80::1]\r\nC: d\r\n\r\n",
           "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://[fe80::1]/a?b=c\r\n");
}

static void refuses_the_rest(void **state)
{
    static const char *const requests[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nXHost: a\r\n\r\n",
        "GET //evil\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        expect(requests[i], "HTTP/1.1 400 Bad Request\r\n");
}

static void answers_what_is_too_long(void **state)
{
    struct buffer reply = {0};
    static char request[TLS_REDIRECT_REQUEST];
    memset(request, 'a', sizeof request);
    assert_false(tls_redirect_answer(request, sizeof request - 1, &reply));
    assert_true(tls_redirect_answer(request, sizeof request, &reply));
    assert_memory_equal(reply.data, "HTTP/1.1 400", 12);
    buffer_done(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_readers_to_https),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(answers_what_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
