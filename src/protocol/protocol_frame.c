/* Heads of frames. See protocol_frame.h. */
#include "protocol/protocol_frame.h"

#include <errno.h>

#include "util/bytes.h"

enum {
    SIGNATURE = 0xdecafbad,
    MARK = 0xa9a9,     /* of version 3 */
    MARK_OLD = 0xabcd, /* of version 2 */
    LENGTH_AT = 8,     /* of the body's length, in every version */
};

int protocol_frame_parse(const uint8_t *bytes, size_t length, struct protocol_frame *ret_frame,
                         size_t *ret_size)
{
    struct reader reader = reader_over(bytes, length);
    *ret_size = PROTOCOL_PEEK;
    if (length < PROTOCOL_PEEK)
        return length >= 4 && load_be32(bytes) != SIGNATURE ? -EPROTO : -EAGAIN;
    if (reader_be32(&reader) != SIGNATURE)
        return -EPROTO;
    uint16_t mark = reader_be16(&reader), version = reader_be16(&reader);
    uint32_t body_length = reader_be32(&reader);
    if (mark != MARK || version != PROTOCOL_VERSION) {
        *ret_size = mark == MARK || mark == MARK_OLD ? version : 0;
        return -EPROTONOSUPPORT;
    }
    *ret_size = PROTOCOL_HEAD + (size_t)body_length;
    if (body_length > PROTOCOL_BODY_MAX)
        return -EMSGSIZE;
    if (length < *ret_size)
        return -EAGAIN;
    struct protocol_frame frame = {.body_length = body_length};
    frame.type = reader_be16(&reader);
    frame.code = reader_be16(&reader);
    frame.sequence = reader_be32(&reader);
    frame.body = reader_bytes(&reader, body_length);
    *ret_frame = frame;
    return 0;
}

size_t protocol_frame_begin(struct buffer *buffer, enum protocol_type type, uint16_t code,
                            uint32_t sequence)
{
    size_t begin = buffer->length;
    buffer_add_be32(buffer, SIGNATURE);
    buffer_add_be16(buffer, MARK);
    buffer_add_be16(buffer, PROTOCOL_VERSION);
    buffer_add_be32(buffer, 0);
    buffer_add_be16(buffer, (uint16_t)type);
    buffer_add_be16(buffer, code);
    buffer_add_be32(buffer, sequence);
    return begin;
}

void protocol_frame_end(struct buffer *buffer, size_t begin)
{
    if (buffer->failed)
        return;
    uint32_t length = (uint32_t)(buffer->length - begin - PROTOCOL_HEAD);
    for (unsigned i = 0; i < 4; i++)
        buffer->data[begin + LENGTH_AT + i] = (uint8_t)(length >> (24 - 8 * i));
}

void protocol_frame_write_empty(struct buffer *buffer, enum protocol_type type, uint32_t sequence)
{
    protocol_frame_begin(buffer, type, 0, sequence);
}

void protocol_frame_explain(int error, size_t size, struct buffer *ret_why)
{
    switch (error) {
    case -EPROTO: buffer_add_text(ret_why, "what came is no frame of a capture tool"); break;
    case -EPROTONOSUPPORT:
        buffer_printf(ret_why,
                      "it speaks version %zu of the protocol; version 3 is needed: "
                      "a newer capture tool",
                      size);
        break;
    case -EMSGSIZE:
        buffer_printf(ret_why, "a frame of %zu bytes, more than the %d that are taken", size,
                      PROTOCOL_BODY_MAX);
        break;
    default: buffer_add_text(ret_why, strerror(-error));
    }
}
