/* Messages to send. A frame of a server is never masked, hence the same for every client. See
 * websocket_message.h. */
#include "serve/websocket/websocket_message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum {
    FINAL = 0x80,
    LENGTH_16 = 126, /* the length follows in 16 bits */
    LENGTH_64 = 127,
    HEADER = 10, /* at most */
};

static atomic_size_t held;

static void store_be(uint8_t *bytes, uint64_t value, size_t count)
{
    for (size_t i = count; i-- > 0; value >>= 8)
        bytes[i] = (uint8_t)value;
}

/* Writes the header of a whole message; its length. */
static size_t write_header(uint8_t *bytes, enum websocket_kind kind, size_t length)
{
    size_t more = length <= WEBSOCKET_CONTROL ? 0 : length <= UINT16_MAX ? 2 : 8;
    bytes[0] = (uint8_t)(FINAL | kind);
    bytes[1] = more == 0 ? (uint8_t)length : more == 2 ? LENGTH_16 : LENGTH_64;
    store_be(bytes + 2, length, more);
    return 2 + more;
}

static bool borrow(enum websocket_kind kind, size_t size)
{
    if (atomic_fetch_add(&held, size) + size <= WEBSOCKET_MESSAGES_CEILING ||
        kind >= WEBSOCKET_CLOSE)
        return true;
    atomic_fetch_sub(&held, size);
    return false;
}

struct websocket_message *websocket_message_new(enum websocket_kind kind, const void *bytes,
                                                size_t length)
{
    uint8_t header[HEADER];
    size_t begin = write_header(header, kind, length), size = begin + length;
    struct websocket_message *message = NULL;
    if (!borrow(kind, size))
        return NULL;
    message = malloc(sizeof *message + size);
    if (!message) {
        atomic_fetch_sub(&held, size);
        return NULL;
    }
    atomic_init(&message->references, 1);
    message->length = size;
    memcpy(message->frame, header, begin);
    if (length)
        memcpy(message->frame + begin, bytes, length);
    return message;
}

struct websocket_message *websocket_message_new_close(unsigned code, const char *reason)
{
    uint8_t payload[WEBSOCKET_CONTROL];
    size_t length = strlen(reason);
    if (length > sizeof payload - 2)
        length = text_utf8_valid(reason, sizeof payload - 2);
    store_be(payload, code, 2);
    memcpy(payload + 2, reason, length);
    return websocket_message_new(WEBSOCKET_CLOSE, payload, 2 + length);
}

struct websocket_message *websocket_message_ref(struct websocket_message *message)
{
    atomic_fetch_add(&message->references, 1);
    return message;
}

void websocket_message_unref(struct websocket_message *message)
{
    if (!message || atomic_fetch_sub(&message->references, 1) > 1)
        return;
    atomic_fetch_sub(&held, message->length);
    free(message);
}

size_t websocket_message_bytes(void)
{
    return atomic_load(&held);
}
