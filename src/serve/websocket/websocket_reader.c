/* Events out of frames. wslay takes headers apart and masks off; which frames may follow which,
 * how long a message may be and what text is are said here. See websocket_reader.h. */
#include "serve/websocket/websocket_reader.h"

#include <errno.h>
#include <string.h>
#include <wslay/wslay.h>

#include "util/bytes.h"
#include "util/text.h"

enum { KEPT_MEMORY = 64 * 1024 }; /* a longer message's memory is given back after it */

static ssize_t read_bytes(uint8_t *bytes, size_t room, int flags, void *context)
{
    const struct websocket_reader *reader = context;
    return reader->config.read(reader->config.context, bytes, room);
}

int websocket_reader_init(struct websocket_reader *reader,
                          const struct websocket_reader_config *config)
{
    static const struct wslay_frame_callbacks callbacks = {.recv_callback = read_bytes};
    *reader = (struct websocket_reader){.config = *config, .message.ceiling = config->limit};
    return wslay_frame_context_init(&reader->frames, &callbacks, reader) == 0 ? 0 : -ENOMEM;
}

void websocket_reader_done(struct websocket_reader *reader)
{
    wslay_frame_context_free(reader->frames);
    reader->frames = NULL;
    buffer_done(&reader->message);
}

static void fault(struct websocket_reader *reader, struct websocket_event *event, unsigned code,
                  const char *reason)
{
    *event =
        (struct websocket_event){.type = WEBSOCKET_EVENT_FAULT, .code = code, .reason = reason};
    reader->failed = true;
}

static bool is_control(unsigned kind)
{
    return kind & 8;
}

/* What is wrong with the header of a frame, or NULL. */
static const char *find_fault(const struct websocket_reader *reader,
                              const struct wslay_frame_iocb *part)
{
    if (!part->mask)
        return "a client must mask its frames";
    if (part->rsv)
        return "no extension was agreed upon";
    switch (part->opcode) {
    case WSLAY_CONTINUATION_FRAME: return reader->kind ? NULL : "this frame continues nothing";
    case WSLAY_TEXT_FRAME:
    case WSLAY_BINARY_FRAME: return reader->kind ? "the message before has not ended" : NULL;
    case WSLAY_CONNECTION_CLOSE:
    case WSLAY_PING:
    case WSLAY_PONG:
        return part->fin && part->payload_length <= WEBSOCKET_CONTROL
                   ? NULL
                   : "a control frame is short and whole";
    default: return "no frame is of this kind";
    }
}

static void begin_message(struct websocket_reader *reader, enum websocket_kind kind)
{
    reader->kind = kind;
    reader->length = reader->message.length = 0;
    if (reader->message.capacity > KEPT_MEMORY)
        buffer_done(&reader->message);
}

/* False, and a fault, when the frame may not be. */
static bool begin_frame(struct websocket_reader *reader, const struct wslay_frame_iocb *part,
                        struct websocket_event *event)
{
    const char *wrong = find_fault(reader, part);
    if (wrong) {
        fault(reader, event, 1002, wrong);
        return false;
    }
    reader->in_frame = true;
    reader->frame_left = part->payload_length;
    reader->frame_kind = part->opcode;
    if (is_control(part->opcode)) {
        reader->control_length = 0;
        return true;
    }
    reader->is_final = part->fin;
    if (part->opcode != WSLAY_CONTINUATION_FRAME)
        begin_message(reader, part->opcode);
    if (!(reader->kind & reader->config.accepts))
        fault(reader, event, 1003,
              reader->kind == WEBSOCKET_TEXT ? "text is not taken here, send binary messages"
                                             : "binary is not taken here, send text messages");
    else if (part->payload_length > reader->config.limit - reader->length)
        fault(reader, event, 1009, "the message is longer than this endpoint takes");
    reader->length += part->payload_length;
    return !reader->failed;
}

static bool is_close_code(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

static void end_close(struct websocket_reader *reader, struct websocket_event *event)
{
    struct reader body = reader_over(reader->control, reader->control_length);
    unsigned code = body.length ? reader_be16(&body) : 1005;
    const uint8_t *text = reader->control + body.offset;
    size_t length = reader_left(&body);
    if (body.failed || (body.length && !is_close_code(code)))
        fault(reader, event, 1002, "no close has this code");
    else if (text_utf8_valid(text, length) != length)
        fault(reader, event, 1007, "the reason is not UTF-8");
    else
        *event = (struct websocket_event){
            .type = WEBSOCKET_EVENT_CLOSE, .bytes = text, .length = length, .code = code};
}

static void end_message(struct websocket_reader *reader, struct websocket_event *event)
{
    const struct buffer *message = &reader->message;
    bool is_text = reader->kind == WEBSOCKET_TEXT;
    if (is_text && text_utf8_valid(message->data, message->length) != message->length)
        fault(reader, event, 1007, "the text is not UTF-8");
    else
        *event = (struct websocket_event){.type = WEBSOCKET_EVENT_MESSAGE,
                                          .kind = reader->kind,
                                          .bytes = message->data,
                                          .length = message->length};
    reader->kind = 0;
}

static bool is_by_parts(const struct websocket_reader *reader)
{
    return reader->config.by_parts && reader->kind == WEBSOCKET_BINARY;
}

/* Some of a control frame; true when that makes an event. */
static bool take_control(struct websocket_reader *reader, const struct wslay_frame_iocb *part,
                         struct websocket_event *event)
{
    if (part->data_length)
        memcpy(reader->control + reader->control_length, part->data, part->data_length);
    reader->control_length += part->data_length;
    if (reader->in_frame)
        return false;
    if (reader->frame_kind == WEBSOCKET_CLOSE)
        end_close(reader, event);
    else
        *event = (struct websocket_event){.type = WEBSOCKET_EVENT_CONTROL,
                                          .kind = reader->frame_kind,
                                          .bytes = reader->control,
                                          .length = reader->control_length};
    return true;
}

/* Some of a message; true when that makes an event. */
static bool take_data(struct websocket_reader *reader, const struct wslay_frame_iocb *part,
                      struct websocket_event *event)
{
    bool is_last = !reader->in_frame && reader->is_final;
    if (is_by_parts(reader)) {
        *event = (struct websocket_event){.type = WEBSOCKET_EVENT_PART,
                                          .bytes = part->data,
                                          .length = part->data_length,
                                          .is_last = is_last};
        if (is_last)
            reader->kind = 0;
        return true;
    }
    buffer_add(&reader->message, part->data, part->data_length);
    if (reader->message.failed)
        fault(reader, event, 1011, "the server is out of memory");
    else if (is_last)
        end_message(reader, event);
    return reader->failed || is_last;
}

/* What wslay read: the next bytes of a frame, perhaps its first. True when that makes an event. */
static bool take_part(struct websocket_reader *reader, const struct wslay_frame_iocb *part,
                      struct websocket_event *event)
{
    if (!reader->in_frame && !begin_frame(reader, part, event))
        return true;
    reader->frame_left -= part->data_length;
    reader->in_frame = reader->frame_left > 0;
    return is_control(reader->frame_kind) ? take_control(reader, part, event)
                                          : take_data(reader, part, event);
}

bool websocket_reader_next(struct websocket_reader *reader, struct websocket_event *ret_event)
{
    while (!reader->failed) {
        struct wslay_frame_iocb part = {0};
        ssize_t result = wslay_frame_recv(reader->frames, &part);
        if (result == WSLAY_ERR_WANT_READ)
            return false;
        if (result < 0)
            fault(reader, ret_event, 1002, "the frame is malformed");
        if (result < 0 || take_part(reader, &part, ret_event))
            return true;
    }
    return false;
}
