/* The body of a message of every command (the first byte): read; written again; read again; the
 * second writing must be the first to the byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct protocol_message read_back(const struct buffer *buffer)
{
    struct protocol_frame frame;
    struct protocol_message message;
    size_t need;
    if (protocol_frame_parse(buffer->data, buffer->length, &frame, &need) < 0 ||
        frame.length != buffer->length || protocol_message_parse(&frame, &message) < 0)
        abort();
    return message;
}

static void pass(const struct protocol_message *message)
{
    struct buffer first = {0}, second = {0};
    protocol_message_write(message, &first);
    struct protocol_message back = read_back(&first);
    protocol_message_write(&back, &second);
    if (first.length != second.length || memcmp(first.data, second.data, first.length) != 0)
        abort();
    buffer_done(&first);
    buffer_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct protocol_message message;
    struct uuid uuid;
    if (!size)
        return -1;
    struct protocol_frame frame = {
        .version = 3, .command = data[0] % 32, .sequence = 1, .body = {data + 1, size - 1}};
    if (protocol_message_parse(&frame, &message) < 0)
        return 0;
    pass(&message);
    if (message.command == PROTOCOL_NEWSOURCE)
        protocol_message_uuid(message.new_source.uuid, &uuid);
    return 0;
}
