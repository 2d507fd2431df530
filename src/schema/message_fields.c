/* Tables of the message records. See message_fields.h. */
#include "schema/message_fields.h"

#include <string.h>

static void get_text(const void *record, struct view *view, struct value *ret)
{
    const struct message_record *message = record;
    ret->text = message->text;
    ret->length = strlen(message->text);
}

static void get_time(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ((const struct message_record *)record)->time_us / 1000000;
}

static bool next_message(const void *record, struct view *view, struct cursor *cursor)
{
    const struct message_list *list = record;
    if (cursor->index >= list->count)
        return false;
    cursor->element =
        (struct value){.type = FIELD_RECORD, .record = &list->messages[cursor->index++]};
    return true;
}

// clang-format off
static const struct field message_fields[] = {
    {.name = "kismet.messagebus.message_string", .type = FIELD_TEXT, .get = get_text, .description = "the message"},
    FIELD("kismet.messagebus.message_flags", FIELD_INT32, struct message_record, kind, "kind as a bit: 1 debug, 2 information, 4 error, 8 alert, 16 fatal"),
    {.name = "kismet.messagebus.message_time", .type = FIELD_UINT64, .get = get_time, .description = "when it was posted by the server's clock, seconds"},
};

static const struct field message_list_fields[] = {
    {.name = "kismet.messagebus.list", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &message_type, .next = next_message, .description = "messages, oldest first"},
    FIELD("kismet.messagebus.timestamp", FIELD_UINT64, struct message_list, timestamp, "server's clock at the answer, seconds"),
};

const struct record_type message_type = RECORD_TYPE("message", message_fields);
const struct record_type message_list_type = RECORD_TYPE("messages since a time", message_list_fields);
// clang-format on
