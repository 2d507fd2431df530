/* /debug: a websocket that says everything back, to try a client, a proxy or a network with. Input:
 * text messages. Output: the same. */
#include <errno.h>

#include "serve/api/routes.h"
#include "serve/http/reply.h"
#include "serve/websocket/websocket.h"

static void echo(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                 size_t length)
{
    if (websocket_send_bytes(socket, kind, bytes, length) == -ENOMEM)
        websocket_close(socket, 1013, "the server is out of memory");
}

static const struct websocket_type echo_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = 64 * 1024,
    .queue_limit = 1024 * 1024,
    .on_message = echo,
};

static void open_echo(struct request *request)
{
    websocket_accept(request, &echo_type, NULL);
}

// clang-format off
const struct route api_debug_routes[] = {
    {METHOD_WEBSOCKET, "/debug/echo", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_echo,
     "Says every text message back."},
    {0},
};
