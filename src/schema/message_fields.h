/* Messages as published: what norn tells its operator, and the dictionary that a list of messages
 * comes in. Kept by alert/message. */
#ifndef NORN_SCHEMA_MESSAGE_FIELDS_H
#define NORN_SCHEMA_MESSAGE_FIELDS_H

#include "schema/record.h"

enum { MESSAGE_TEXT = 640 }; /* NUL included */

/* Kinds; the numbers are the bits of the API. */
enum message_kind {
    MESSAGE_DEBUG = 1,
    MESSAGE_INFO = 2,
    MESSAGE_ERROR = 4,
    MESSAGE_ALERT = 8,
    MESSAGE_FATAL = 16,
};

/* One message; valid UTF-8 without control bytes. */
struct message_record {
    uint64_t time_us; /* server's clock, microseconds; no two messages have the same */
    int32_t kind;     /* enum message_kind */
    char text[MESSAGE_TEXT];
};

struct message_list {
    const struct message_record *messages;
    size_t count;
    uint64_t timestamp; /* server's clock, seconds */
};

extern const struct record_type message_type;
extern const struct record_type message_list_type;

#endif
