/* Frames of the Bluetooth management interface, one row a kind of event and one a kind of reply.
 * See bluetooth_management.h. */
#include "tools/bluetooth_management.h"

#include <errno.h>
#include <string.h>

enum {
    EVENTS = 5,
    REPLIES = 5,
    EVENT_STATUS = 0x0002,
    HEADER = 6,
    ADDRESS = 6,
    NO_SIGNAL = 127,
};

/* A row reads what is behind the code that it is for; a failed reader makes the frame a bad one. */
struct row {
    uint16_t code;
    void (*parse)(struct reader *reader, struct bluetooth_message *message);
};

static const struct row event_rows[EVENTS];
static const struct row reply_rows[REPLIES];

static const struct row *find_row(const struct row *rows, size_t count, uint16_t code)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

/* Addresses are sent least significant octet first. */
static struct macaddr read_address(struct reader *reader)
{
    uint64_t low = reader_le32(reader);
    return macaddr_from_u64((low | (uint64_t)reader_le16(reader) << 32) << 16);
}

static void parse_adapters(struct reader *reader, struct bluetooth_message *message)
{
    for (uint16_t left = reader_le16(reader); left && !reader->failed; left--) {
        uint16_t adapter = reader_le16(reader);
        if (message->count < BLUETOOTH_ADAPTERS_MAX)
            message->adapters[message->count++] = adapter;
    }
}

static void parse_information(struct reader *reader, struct bluetooth_message *message)
{
    struct bluetooth_information *information = &message->information;
    information->address = read_address(reader);
    information->version = reader_u8(reader);
    reader_skip(reader, 2); /* its maker */
    information->supported = reader_le32(reader);
    information->settings = reader_le32(reader);
}

static void parse_settings(struct reader *reader, struct bluetooth_message *message)
{
    message->settings = reader_le32(reader);
}

static void parse_reply(struct reader *reader, struct bluetooth_message *message)
{
    message->event = BLUETOOTH_REPLY;
    message->command = reader_le16(reader);
    message->status = reader_u8(reader);
    const struct row *row = find_row(reply_rows, REPLIES, message->command);
    if (row && message->status == BLUETOOTH_DONE)
        row->parse(reader, message);
}

static void parse_found(struct reader *reader, struct bluetooth_message *message)
{
    struct bluetooth_found *found = &message->found;
    found->address = read_address(reader);
    found->address_type = reader_u8(reader);
    found->signal = (int8_t)reader_u8(reader);
    if (found->signal == NO_SIGNAL)
        found->signal = 0;
    found->flags = reader_le32(reader);
    found->data.length = reader_le16(reader);
    found->data.data = reader_bytes(reader, found->data.length);
}

static void parse_discovering(struct reader *reader, struct bluetooth_message *message)
{
    reader_skip(reader, 1); /* what for */
    message->discovers = reader_u8(reader);
}

int bluetooth_management_parse(struct slice frame, struct bluetooth_message *ret_message)
{
    struct bluetooth_message message = {0};
    struct reader reader = reader_over(frame.data, frame.length);
    message.event = reader_le16(&reader);
    message.adapter = reader_le16(&reader);
    uint16_t length = reader_le16(&reader);
    if (reader.failed || reader_left(&reader) != length)
        return -EBADMSG;
    const struct row *row = find_row(event_rows, EVENTS, message.event);
    if (row)
        row->parse(&reader, &message);
    if (reader.failed)
        return -EBADMSG;
    *ret_message = message;
    return 0;
}

static uint8_t *put_le16(uint8_t *at, uint16_t number)
{
    *at++ = (uint8_t)number;
    *at++ = (uint8_t)(number >> 8);
    return at;
}

size_t bluetooth_management_write(const struct bluetooth_request *request,
                                  uint8_t ret_frame[BLUETOOTH_REQUEST_MAX])
{
    uint8_t *at = put_le16(ret_frame, request->command);
    at = put_le16(at, request->adapter);
    at = put_le16(at, request->length);
    memcpy(at, request->parameters, request->length);
    return HEADER + request->length;
}

struct bluetooth_request bluetooth_management_want_name(uint16_t adapter,
                                                        const struct bluetooth_found *found)
{
    struct bluetooth_request request = {.command = BLUETOOTH_CONFIRM_NAME, .adapter = adapter};
    for (int i = 0; i < ADDRESS; i++)
        request.parameters[request.length++] = found->address.octet[ADDRESS - 1 - i];
    request.parameters[request.length++] = found->address_type;
    request.parameters[request.length++] = 0;
    return request;
}

// clang-format off
static const struct row reply_rows[REPLIES] = {
    {BLUETOOTH_READ_ADAPTERS, parse_adapters},
    {BLUETOOTH_READ_INFORMATION, parse_information},
    {BLUETOOTH_SET_POWERED, parse_settings},
    {BLUETOOTH_SET_LOW_ENERGY, parse_settings},
    {BLUETOOTH_SET_BASIC_RATE, parse_settings},
};

static const struct row event_rows[EVENTS] = {
    {BLUETOOTH_REPLY, parse_reply},
    {EVENT_STATUS, parse_reply},
    {BLUETOOTH_SETTINGS, parse_settings},
    {BLUETOOTH_FOUND, parse_found},
    {BLUETOOTH_DISCOVERING, parse_discovering},
};
// clang-format on
