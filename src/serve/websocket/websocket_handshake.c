/* Opening websockets. See websocket_handshake.h. */
#include "serve/websocket/websocket_handshake.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "serve/http/exchange.h"
#include "serve/login/login.h"
#include "serve/http/reply.h"
#include "util/sha1.h"
#include "util/text.h"

enum { KEY = 24, NONCE = 16 };

/* True when a list of tokens, such as the header Connection, has this one in any case. */
static bool has_token(const char *list, const char *token)
{
    size_t length = strlen(token);
    while (list && *list) {
        list += strspn(list, ", \t");
        size_t run = strcspn(list, ", \t");
        if (run == length && strncasecmp(list, token, length) == 0)
            return true;
        list += run;
    }
    return false;
}

/* Sixteen bytes in plain, padded base64. */
static bool is_key(const char *key)
{
    struct buffer nonce = {.ceiling = KEY};
    bool good = key && strlen(key) == KEY && key[KEY - 1] == '=' && key[KEY - 2] == '=' &&
                !strpbrk(key, " \t-_") && text_base64_decode(key, KEY, &nonce) == 0 &&
                nonce.length == NONCE;
    buffer_done(&nonce);
    return good;
}

static bool check_upgrade(struct request *request)
{
    bool is_http_1_0 = !request->needs_host;
    if (request->is_head || is_http_1_0 ||
        !has_token(request_header(request, "Upgrade"), "websocket") ||
        !has_token(request_header(request, "Connection"), "upgrade")) {
        reply_header(request, "Upgrade", "websocket");
        reply_error(request, 426,
                    "this path is a websocket: open it with ws:// and a websocket client, such as "
                    "python3 -m websockets; a proxy must pass on the headers Upgrade and "
                    "Connection");
        return false;
    }
    return true;
}

bool websocket_handshake_check(struct request *request)
{
    const char *version = request_header(request, "Sec-WebSocket-Version");
    if (!check_upgrade(request))
        return false;
    if (!version || strcmp(version, "13") != 0) {
        reply_header(request, "Sec-WebSocket-Version", "13");
        reply_error(request, 426, "Sec-WebSocket-Version must be 13 (RFC 6455)");
    } else if (!is_key(request_header(request, "Sec-WebSocket-Key"))) {
        reply_error(request, 400, "Sec-WebSocket-Key must be 16 bytes in base64");
    } else {
        login_check_page(request);
    }
    return request->reply.status == 0;
}

/* What proves that the handshake was understood: RFC 6455, 4.2.2, 5.4. 0, or -ENOMEM. */
static int add_accept(struct request *request)
{
    struct buffer text = {0};
    uint8_t digest[SHA1_BYTES] = {0};
    buffer_add_text(&text, request_header(request, "Sec-WebSocket-Key"));
    buffer_add_text(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    if (!text.failed)
        sha1_digest(text.data, text.length, digest);
    text.length = 0;
    text_add_base64(&text, digest, sizeof digest);
    const char *accept = buffer_string(&text);
    int error = accept ? reply_header(request, "Sec-WebSocket-Accept", accept) : -ENOMEM;
    buffer_done(&text);
    return error;
}

void websocket_handshake_reply(struct request *request, const char *protocol)
{
    int error = reply_header(request, "Upgrade", "websocket");
    if (!error)
        error = add_accept(request);
    if (!error && protocol &&
        has_token(request_header(request, "Sec-WebSocket-Protocol"), protocol))
        error = reply_header(request, "Sec-WebSocket-Protocol", protocol);
    if (error) {
        reply_error(request, 503, "out of memory");
        return;
    }
    request->reply.is_cacheable = true; /* no rule of caching is needed */
    request->reply.status = 101;
}
