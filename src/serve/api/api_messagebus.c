/* /messagebus: what norn told its operator lately. Input: the message bus. Output: records. */
#include <stdlib.h>

#include "alert/message.h"
#include "schema/message_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/list/since.h"
#include "serve/monitor.h"

/* A copy of the messages kept, to be freed; NULL when a reply was made instead. */
static struct message_record *copy_messages(struct request *request, uint32_t *ret_count)
{
    struct backlog *backlog = message_backlog(monitor_of(request)->messages);
    struct message_record *messages = calloc(backlog_limit(backlog) + 1, sizeof *messages);
    if (messages)
        *ret_count = backlog_copy(backlog, messages);
    else
        reply_error(request, 503, "out of memory");
    return messages;
}

static void get_all(struct request *request)
{
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    uint32_t count;
    struct message_record *messages = copy_messages(request, &count);
    if (messages && record_reply_begin(&reply, request, &message_type)) {
        record_reply_list_begin(&reply, count);
        for (uint32_t i = 0; i < count; i++)
            record_reply_element(&reply, &messages[i], &view);
        record_reply_list_end(&reply);
        record_reply_send(&reply);
    }
    free(messages);
}

/* Of whole seconds those of a later second are newer; a fraction is compared as it is. */
static bool is_newer(const struct message_record *message, const struct since *since)
{
    return since->is_whole ? message->time_us / 1000000 > since->us / 1000000
                           : message->time_us > since->us;
}

static void get_since(struct request *request)
{
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    struct since since;
    uint32_t count, first = 0;
    if (!since_read(request, &since))
        return;
    struct message_list list = {.timestamp = view.server_now};
    struct message_record *messages = copy_messages(request, &count);
    if (messages && record_reply_begin(&reply, request, &message_list_type)) {
        while (first < count && !is_newer(&messages[first], &since))
            first++;
        list.messages = messages + first;
        list.count = count - first;
        record_reply_record(&reply, &list, &view);
        record_reply_send(&reply);
    }
    free(messages);
}

// clang-format off
const struct route api_messagebus_routes[] = {
    {METHOD_GET | METHOD_POST, "/messagebus/all_messages", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_all,
     "The newest messages, oldest first.", ANSWER_LIST, &message_type},
    {METHOD_GET | METHOD_POST, "/messagebus/last-time/{time}/messages", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_since,
     "Those newer than that time of the server's clock (seconds; negative: before now), in a dictionary with that clock.", ANSWER_RECORD, &message_list_type},
    {0},
};
