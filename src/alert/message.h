/* The message bus: what norn tells its operator, kept for the API and for whoever listens. Input:
 * sentences of any thread. Output: records, the newest in a backlog. */
#ifndef NORN_ALERT_MESSAGE_H
#define NORN_ALERT_MESSAGE_H

#include "alert/backlog.h"
#include "schema/message_fields.h"
#include "util/options.h"

struct message;

/* An empty bus of the newest `shown` messages. `now_us` gives the server's clock in microseconds,
 * on any thread. NULL without memory. */
struct message *message_new(uint32_t shown, uint64_t (*now_us)(void *context), void *context);
void message_free(struct message *bus);

/* Posts a message: cut to MESSAGE_TEXT, bytes that are not printable UTF-8 as '?'. Any thread, with
 * any other lock held; NULL for the bus does nothing. */
void message_post(struct message *bus, enum message_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The backlog of struct message_record: to copy, listen to and deliver. */
struct backlog *message_backlog(struct message *bus);

#endif
