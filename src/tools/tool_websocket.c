/* wslay between two buffers. See tool_websocket.h. */
#include "tools/tool_websocket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <wslay/wslay.h>

#include "util/text.h"

struct tool_websocket {
    wslay_event_context_ptr events;
    /* During a call: what came and is not read yet, and where the output goes. */
    struct slice incoming;
    struct buffer *messages, *output, *why;
    bool closed;
    /* Random bytes for masks, fetched many at a time. */
    uint8_t random[1024];
    size_t random_left;
};

static ssize_t on_receive(wslay_event_context_ptr events, uint8_t *bytes, size_t length, int flags,
                          void *context)
{
    struct tool_websocket *websocket = context;
    struct slice *incoming = &websocket->incoming;
    if (!incoming->length) {
        wslay_event_set_error(events, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    if (length > incoming->length)
        length = incoming->length;
    memcpy(bytes, incoming->data, length);
    incoming->data += length;
    incoming->length -= length;
    return (ssize_t)length;
}

static ssize_t on_send(wslay_event_context_ptr events, const uint8_t *bytes, size_t length,
                       int flags, void *context)
{
    struct tool_websocket *websocket = context;
    buffer_add(websocket->output, bytes, length);
    if (!websocket->output->failed)
        return (ssize_t)length;
    wslay_event_set_error(events, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int on_mask(wslay_event_context_ptr events, uint8_t *mask, size_t length, void *context)
{
    struct tool_websocket *websocket = context;
    size_t size = sizeof websocket->random;
    if (websocket->random_left < length) {
        if (getrandom(websocket->random, size, 0) != (ssize_t)size)
            return -1;
        websocket->random_left = size;
    }
    websocket->random_left -= length;
    memcpy(mask, websocket->random + websocket->random_left, length);
    return 0;
}

static void on_close(struct tool_websocket *websocket,
                     const struct wslay_event_on_msg_recv_arg *message)
{
    websocket->closed = true;
    buffer_printf(websocket->why, "the server closed the websocket (%u)", message->status_code);
    if (message->msg_length > 2) {
        buffer_add_text(websocket->why, ": ");
        text_add_printable(websocket->why, message->msg + 2, message->msg_length - 2);
    }
}

static void on_message(wslay_event_context_ptr events,
                       const struct wslay_event_on_msg_recv_arg *message, void *context)
{
    struct tool_websocket *websocket = context;
    if (message->opcode == WSLAY_BINARY_FRAME)
        buffer_add(websocket->messages, message->msg, message->msg_length);
    else if (message->opcode == WSLAY_CONNECTION_CLOSE)
        on_close(websocket, message);
}

struct tool_websocket *tool_websocket_new(void)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_receive,
        .send_callback = on_send,
        .genmask_callback = on_mask,
        .on_msg_recv_callback = on_message,
    };
    struct tool_websocket *websocket = calloc(1, sizeof *websocket);
    if (!websocket)
        return NULL;
    if (wslay_event_context_client_init(&websocket->events, &callbacks, websocket) < 0) {
        free(websocket);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(websocket->events, TOOL_WEBSOCKET_MESSAGE_MAX);
    return websocket;
}

void tool_websocket_free(struct tool_websocket *websocket)
{
    if (!websocket)
        return;
    wslay_event_context_free(websocket->events);
    free(websocket);
}

static int send_queued(struct tool_websocket *websocket, struct buffer *output)
{
    websocket->output = output;
    return wslay_event_send(websocket->events) < 0 ? -ENOMEM : 0;
}

int tool_websocket_receive(struct tool_websocket *websocket, struct slice bytes,
                           struct buffer *messages, struct buffer *output, struct buffer *ret_why)
{
    websocket->incoming = bytes;
    websocket->messages = messages;
    websocket->why = ret_why;
    int result = wslay_event_recv(websocket->events);
    int sent = send_queued(websocket, output);
    if (websocket->closed)
        return -EPIPE;
    if (result < 0 || !wslay_event_get_read_enabled(websocket->events)) {
        buffer_add_text(ret_why, "what the server sends is no websocket, or a message too long");
        return -EPROTO;
    }
    return messages->failed ? -ENOMEM : sent;
}

static int queue(struct tool_websocket *websocket, struct slice frame)
{
    struct wslay_event_msg message = {WSLAY_BINARY_FRAME, frame.data, frame.length};
    int result = wslay_event_queue_msg(websocket->events, &message);
    return result == WSLAY_ERR_NO_MORE_MSG ? -EPIPE : result < 0 ? -ENOMEM : 0;
}

int tool_websocket_send(struct tool_websocket *websocket, struct slice frame, struct buffer *output)
{
    int result = queue(websocket, frame);
    return result < 0 ? result : send_queued(websocket, output);
}

void tool_websocket_close(struct tool_websocket *websocket, struct buffer *output)
{
    wslay_event_queue_close(websocket->events, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
    send_queued(websocket, output);
}
