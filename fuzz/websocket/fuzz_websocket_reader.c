/* Fuzzes what a client sends over a websocket. Input: the first byte chooses what the endpoint
 * takes and how the bytes are cut up, the rest are frames. Finds: memory faults, messages longer
 * than the limit, text that is not UTF-8, closes without a code, events after a fault, and events
 * that differ when the same bytes come in other pieces. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../require.h"
#include "serve/websocket/websocket_reader.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096, BY_PARTS = 4, PIECES = 5 /* bits that the size of pieces begins at */ };

/* What was read: alike however the bytes were cut. */
struct outcome {
    uint64_t events;
    uint64_t hash;
    size_t part_length; /* of the message told of by parts */
};

static void check(struct outcome *outcome, const struct websocket_event *event)
{
    switch (event->type) {
    case WEBSOCKET_EVENT_MESSAGE:
        require(event->length <= LIMIT, "a message over the limit");
        require(event->kind != WEBSOCKET_TEXT ||
                    text_utf8_valid(event->bytes, event->length) == event->length,
                "text that is not UTF-8");
        break;
    case WEBSOCKET_EVENT_PART:
        outcome->part_length += event->length;
        require(outcome->part_length <= LIMIT, "parts over the limit");
        break;
    case WEBSOCKET_EVENT_CONTROL:
        require(event->length <= WEBSOCKET_CONTROL, "a long control frame");
        break;
    case WEBSOCKET_EVENT_CLOSE:
        require(event->code >= 1000 && event->code < 5000, "a close without a code");
        break;
    case WEBSOCKET_EVENT_FAULT:
        require(event->code >= 1000 && event->reason, "a fault without a code or a reason");
        break;
    }
}

static void take(struct outcome *outcome, const struct websocket_event *event)
{
    bool is_part = event->type == WEBSOCKET_EVENT_PART;
    check(outcome, event);
    for (size_t i = 0; i < event->length; i++)
        outcome->hash = outcome->hash * 31 + event->bytes[i] + 1;
    if (is_part && !event->is_last)
        return;
    outcome->part_length = is_part ? 0 : outcome->part_length;
    outcome->events++;
    outcome->hash = outcome->hash * 31 + event->type * 7 + event->kind + event->code;
}

/* Gives the bytes in pieces, each in memory of its own that ends where they end. */
static struct outcome read_all(const struct websocket_reader_config *config, const uint8_t *bytes,
                               size_t left, size_t step)
{
    struct websocket_reader reader;
    struct websocket_event event;
    struct outcome outcome = {0};
    websocket_reader_init(&reader, config);
    while (left && !reader.failed) {
        size_t count = left < step ? left : step;
        uint8_t *piece = malloc(count);
        require(piece, "no memory");
        memcpy(piece, bytes, count);
        websocket_reader_give(&reader, piece, count);
        while (websocket_reader_next(&reader, &event))
            take(&outcome, &event);
        free(piece);
        bytes += count;
        left -= count;
    }
    require(!websocket_reader_next(&reader, &event), "an event after the last");
    websocket_reader_done(&reader);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct websocket_reader_config config = {
        .accepts = data[0] & (WEBSOCKET_TEXT | WEBSOCKET_BINARY),
        .limit = LIMIT,
        .by_parts = data[0] & BY_PARTS,
    };
    struct outcome whole = read_all(&config, data + 1, size - 1, SIZE_MAX);
    struct outcome pieces = read_all(&config, data + 1, size - 1, 1 + (data[0] >> PIECES));
    require(whole.events == pieces.events && whole.hash == pieces.hash,
            "pieces differ from the whole");
    return 0;
}
