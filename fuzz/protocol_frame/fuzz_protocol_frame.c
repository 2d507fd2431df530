/* A stream of frames as a tool or a server may send it: read whole and through a window that grows
 * byte by byte, which must come to the same; every message is read, and what lists it holds. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "protocol/protocol_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct protocol_message *message)
{
    struct protocol_list list = message->list_report.interfaces;
    struct protocol_list dwells = message->data.dwells;
    struct protocol_interface interface;
    struct protocol_dwell dwell;
    struct slice text;
    if (message->command == PROTOCOL_LISTREPORT)
        while (protocol_list_next_interface(&list, &interface))
            while (protocol_list_next_text(&interface.channels, &text))
                ;
    if (message->command == PROTOCOL_DATA)
        while (protocol_list_next_dwell(&dwells, &dwell))
            ;
}

/* The least window in which the frame is found whole. */
static size_t least_window(const uint8_t *data, size_t whole)
{
    struct protocol_frame frame;
    size_t length = 0, need = 0;
    while (protocol_frame_parse(data, length, &frame, &need) == -EAGAIN) {
        if (need <= length || need > whole)
            abort();
        length = need;
    }
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct protocol_frame frame;
    struct protocol_message message;
    size_t need;
    while (size && protocol_frame_parse(data, size, &frame, &need) == 0) {
        if (frame.length > size || least_window(data, frame.length) != frame.length)
            abort();
        if (protocol_message_parse(&frame, &message) == 0)
            walk(&message);
        data += frame.length;
        size -= frame.length;
    }
    return 0;
}
