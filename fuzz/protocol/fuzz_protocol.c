/* Fuzzes the capture tools' protocol: any bytes as a stream of frames; every message that can be
 * read is written again and must then read the same. */
#include <assert.h>
#include <stdlib.h>

#include "protocol/protocol_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct protocol_message *message)
{
    struct buffer bytes = {0};
    struct protocol_frame frame;
    struct protocol_message again;
    size_t length;
    protocol_message_write(message, &bytes);
    assert(!bytes.failed);
    assert(protocol_frame_parse(bytes.data, bytes.length, &frame, &length) == 0);
    assert(length == bytes.length && protocol_message_parse(&frame, &again) == 0);
    assert(again.type == message->type && again.note.present == message->note.present);
    buffer_done(&bytes);
}

static void walk(const struct protocol_message *message)
{
    struct protocol_text text;
    struct protocol_dwell dwell;
    struct protocol_list channels = message->open_report.channels;
    struct protocol_list dwells = message->packet.dwells;
    char copy[64];
    while (message->type == PROTOCOL_OPEN_REPORT && protocol_list_text(&channels, &text))
        protocol_text_copy(text, copy, sizeof copy);
    while (message->type == PROTOCOL_PACKET &&
           protocol_list_block(&dwells, &protocol_dwell_table, &dwell))
        protocol_text_copy(dwell.channel, copy, sizeof copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct protocol_frame frame;
    struct protocol_message message;
    size_t length;
    while (protocol_frame_parse(data, size, &frame, &length) == 0) {
        bool is_read = protocol_message_parse(&frame, &message) == 0;
        if (is_read)
            walk(&message);
        if (is_read && frame.body_length)
            write_again(&message);
        data += length;
        size -= length;
    }
    return 0;
}
