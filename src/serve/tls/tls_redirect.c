/* Plain HTTP on a TLS port. See tls_redirect.h. */
#include "serve/tls/tls_redirect.h"

#include <string.h>
#include <strings.h>

/* A run of the request's bytes. */
struct word {
    const char *text;
    size_t length;
};

/* The end of the headers, or 0. */
static size_t find_end(const char *request, size_t length)
{
    const char *end = memmem(request, length, "\r\n\r\n", 4);
    return end ? (size_t)(end - request) + 4 : 0;
}

/* The target of "GET target HTTP/1.1", which begins with a slash and holds nothing that could end
 * a header. */
static bool find_target(const char *request, size_t length, struct word *ret_target)
{
    size_t line = (size_t)((const char *)memchr(request, '\r', length) - request);
    const char *from = memchr(request, ' ', line);
    bool reads = line > 5 && (memcmp(request, "GET ", 4) == 0 || memcmp(request, "HEAD ", 5) == 0);
    if (!from || !reads)
        return false;
    const char *end = memchr(from + 1, ' ', line - (size_t)(from + 1 - request));
    if (!end || from[1] != '/')
        return false;
    *ret_target = (struct word){from + 1, (size_t)(end - from - 1)};
    for (size_t i = 0; i < ret_target->length; i++)
        if (ret_target->text[i] <= ' ' || ret_target->text[i] == 0x7f)
            return false;
    return true;
}

/* The value of the header Host, made of what a host and port are made of. */
static bool find_host(const char *request, size_t length, struct word *ret_host)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
    const char *at = request, *end = request + length;
    while ((at = memmem(at, (size_t)(end - at), "\r\n", 2)) && end - at > 7) {
        at += 2;
        if (end - at < 5 || strncasecmp(at, "Host:", 5) != 0)
            continue;
        at += 5;
        while (*at == ' ' || *at == '\t')
            at++;
        *ret_host = (struct word){at, 0};
        while (at[ret_host->length] && strchr(letters, at[ret_host->length]))
            ret_host->length++;
        return ret_host->length && at[ret_host->length] == '\r';
    }
    return false;
}

bool tls_redirect_answer(const char *request, size_t length, struct buffer *reply)
{
    static const char text[] = "This port speaks TLS: use https:// instead of http://\n";
    struct word target, host;
    size_t end = find_end(request, length);
    if (!end && length < TLS_REDIRECT_REQUEST)
        return false;
    bool is_known = end && find_target(request, end, &target) && find_host(request, end, &host);
    if (is_known)
        buffer_printf(reply, "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://%.*s%.*s\r\n",
                      (int)host.length, host.text, (int)target.length, target.text);
    else
        buffer_add_text(reply, "HTTP/1.1 400 Bad Request\r\n");
    buffer_printf(reply,
                  "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n"
                  "Connection: close\r\n\r\n%s",
                  sizeof text - 1, text);
    return true;
}
