/* Events out of frames: headers, masks, which frames may follow which, how long a message may be,
 * what text is. See websocket_reader.h. */
#include "serve/websocket/websocket_reader.h"

#include <string.h>

#include "util/bytes.h"
#include "util/text.h"

enum {
    KEPT_MEMORY = 64 * 1024, /* a longer message's memory is given back after it */
    CONTINUATION = 0,        /* an opcode beside those of enum websocket_kind */
};

/* The header of a frame. */
struct head {
    bool is_final, is_masked;
    bool is_odd; /* the length is not written in the fewest bytes, or has 64 bits */
    unsigned reserved, opcode;
    uint64_t length;
    uint8_t mask[4];
};

void websocket_reader_init(struct websocket_reader *reader,
                           const struct websocket_reader_config *config)
{
    *reader = (struct websocket_reader){.config = *config, .message.ceiling = config->limit};
}

void websocket_reader_done(struct websocket_reader *reader)
{
    buffer_done(&reader->message);
}

void websocket_reader_give(struct websocket_reader *reader, uint8_t *bytes, size_t length)
{
    reader->bytes = bytes;
    reader->left = length;
}

/* ---- headers */

static void parse_head(struct reader *bytes, struct head *ret_head)
{
    unsigned first = reader_u8(bytes), second = reader_u8(bytes), size = second & 0x7f;
    uint64_t length = size == 127 ? reader_be64(bytes) : size == 126 ? reader_be16(bytes) : size;
    *ret_head = (struct head){
        .is_final = first & 0x80,
        .is_masked = second & 0x80,
        .is_odd = (size == 126 && length < 126) || (size == 127 && length <= UINT16_MAX) ||
                  length > INT64_MAX,
        .reserved = first & 0x70,
        .opcode = first & 0x0f,
        .length = length,
    };
    if (ret_head->is_masked)
        reader_copy(bytes, ret_head->mask, sizeof ret_head->mask);
}

/* Reads a header that may have come in pieces; false when it is not whole yet. */
static bool read_head(struct websocket_reader *reader, struct head *ret_head)
{
    size_t before = reader->head_length, room = sizeof reader->head - before;
    size_t count = reader->left < room ? reader->left : room;
    if (!count)
        return false;
    memcpy(reader->head + before, reader->bytes, count);
    struct reader bytes = reader_over(reader->head, before + count);
    parse_head(&bytes, ret_head);
    if (!bytes.failed)
        count = bytes.offset - before;
    reader->head_length = bytes.failed ? before + count : 0;
    reader->bytes += count;
    reader->left -= count;
    return !bytes.failed;
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
static const char *find_fault(const struct websocket_reader *reader, const struct head *head)
{
    if (!head->is_masked)
        return "a client must mask its frames";
    if (head->reserved)
        return "no extension was agreed upon";
    if (head->is_odd)
        return "the frame is malformed";
    switch (head->opcode) {
    case CONTINUATION: return reader->kind ? NULL : "this frame continues nothing";
    case WEBSOCKET_TEXT:
    case WEBSOCKET_BINARY: return reader->kind ? "the message before has not ended" : NULL;
    case WEBSOCKET_CLOSE:
    case WEBSOCKET_PING:
    case WEBSOCKET_PONG:
        return head->is_final && head->length <= WEBSOCKET_CONTROL
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
static bool begin_frame(struct websocket_reader *reader, const struct head *head,
                        struct websocket_event *event)
{
    const char *wrong = find_fault(reader, head);
    if (wrong) {
        fault(reader, event, 1002, wrong);
        return false;
    }
    reader->in_frame = true;
    reader->frame_left = head->length;
    reader->frame_kind = head->opcode;
    memcpy(reader->mask, head->mask, sizeof reader->mask);
    if (is_control(head->opcode)) {
        reader->control_length = 0;
        return true;
    }
    reader->is_final = head->is_final;
    if (head->opcode != CONTINUATION)
        begin_message(reader, head->opcode);
    if (!(reader->kind & reader->config.accepts))
        fault(reader, event, 1003,
              reader->kind == WEBSOCKET_TEXT ? "text is not taken here, send binary messages"
                                             : "binary is not taken here, send text messages");
    else if (head->length > reader->config.limit - reader->length)
        fault(reader, event, 1009, "the message is longer than this endpoint takes");
    reader->length += head->length;
    return !reader->failed;
}

/* ---- what frames hold */

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
static bool take_control(struct websocket_reader *reader, struct slice part,
                         struct websocket_event *event)
{
    if (part.length)
        memcpy(reader->control + reader->control_length, part.data, part.length);
    reader->control_length += part.length;
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
static bool take_data(struct websocket_reader *reader, struct slice part,
                      struct websocket_event *event)
{
    bool is_last = !reader->in_frame && reader->is_final;
    if (is_by_parts(reader)) {
        *event = (struct websocket_event){.type = WEBSOCKET_EVENT_PART,
                                          .bytes = part.data,
                                          .length = part.length,
                                          .is_last = is_last};
        if (is_last)
            reader->kind = 0;
        return true;
    }
    buffer_add(&reader->message, part.data, part.length);
    if (reader->message.failed)
        fault(reader, event, 1011, "the server is out of memory");
    else if (is_last)
        end_message(reader, event);
    return reader->failed || is_last;
}

/* Takes the mask off where the bytes lie, and turns it for the byte that follows them. */
static void unmask(uint8_t *bytes, size_t length, uint8_t mask[4])
{
    const uint8_t twice[8] = {mask[0], mask[1], mask[2], mask[3],
                              mask[0], mask[1], mask[2], mask[3]};
    uint64_t wide, eight;
    size_t at = 0;
    memcpy(&wide, twice, sizeof wide);
    for (; length - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        eight ^= wide;
        memcpy(bytes + at, &eight, sizeof eight);
    }
    for (; at < length; at++)
        bytes[at] ^= mask[at % 4];
    memcpy(mask, twice + length % 4, 4);
}

/* The next bytes of the frame under way, as many as there are. */
static struct slice take_part(struct websocket_reader *reader)
{
    size_t length = reader->left < reader->frame_left ? reader->left : (size_t)reader->frame_left;
    struct slice part = {reader->bytes, length};
    unmask(reader->bytes, length, reader->mask);
    reader->bytes += length;
    reader->left -= length;
    reader->frame_left -= length;
    reader->in_frame = reader->frame_left > 0;
    return part;
}

bool websocket_reader_next(struct websocket_reader *reader, struct websocket_event *ret_event)
{
    struct head head;
    while (!reader->failed) {
        if (!reader->in_frame && !read_head(reader, &head))
            return false;
        if (!reader->in_frame && !begin_frame(reader, &head, ret_event))
            return true;
        if (reader->frame_left && !reader->left)
            return false;
        struct slice part = take_part(reader);
        bool is_event = is_control(reader->frame_kind) ? take_control(reader, part, ret_event)
                                                       : take_data(reader, part, ret_event);
        if (is_event)
            return true;
    }
    return false;
}
