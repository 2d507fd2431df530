/* /eventbus: what happens, told at once to those who asked for it. Input: commands of the client,
 * {"SUBSCRIBE": topic, "fields": [...], "format": "json"} and {"UNSUBSCRIBE": topic}; the topic *
 * is all of them. Output: an object for each event, by the feed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "serve/api/routes.h"
#include "serve/event/event_feed.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"

enum { QUEUE_LIMIT = 8 * 1024 * 1024 };

/* A client of the bus. */
struct client {
    struct event_feed *feed;
    struct event_reader reader;
};

/* The topics that a word names: from *ret_first to below *ret_end. */
static int find_topics(const struct command *command, const char *verb, int *ret_first,
                       int *ret_end, struct buffer *ret_why)
{
    const char *name;
    size_t length;
    int error = command_text(command, verb, &name, &length);
    if (error == -EINVAL)
        buffer_printf(ret_why, "%s takes the name of a topic", verb);
    if (error)
        return error;
    bool is_all = strcmp(name, "*") == 0;
    int topic = is_all ? 0 : event_topics_find(name);
    if (topic < 0) {
        buffer_add_text(ret_why, "there is no topic '");
        buffer_add(ret_why, name, length < 64 ? length : 64);
        buffer_add_text(ret_why, "'; there are * and");
        for (int i = 0; i < EVENT_TOPICS; i++)
            buffer_printf(ret_why, " %s", event_topics[i].name);
        return -EINVAL;
    }
    *ret_first = topic;
    *ret_end = is_all ? EVENT_TOPICS : topic + 1;
    return 0;
}

static int subscribe(struct client *client, const struct socket_command *command,
                     struct buffer *ret_why)
{
    int topic, end;
    int error = find_topics(&command->command, "SUBSCRIBE", &topic, &end, ret_why);
    for (; !error && topic < end; topic++)
        error = event_feed_subscribe(client->feed, &client->reader, (enum event_topic_id)topic,
                                     command, ret_why);
    return error;
}

static int unsubscribe(struct client *client, const struct socket_command *command,
                       struct buffer *ret_why)
{
    int topic, end;
    int error = find_topics(&command->command, "UNSUBSCRIBE", &topic, &end, ret_why);
    for (; !error && topic < end; topic++)
        event_feed_unsubscribe(client->feed, &client->reader, (enum event_topic_id)topic);
    return error;
}

static int obey(void *context, const struct socket_command *command, struct buffer *ret_why)
{
    struct client *client = context;
    int gone = unsubscribe(client, command, ret_why);
    int come = gone == 0 || gone == -ENOENT ? subscribe(client, command, ret_why) : gone;
    if (gone != -ENOENT || come != -ENOENT)
        return come == -ENOENT ? 0 : come;
    buffer_add_text(ret_why, "say {\"SUBSCRIBE\": topic} or {\"UNSUBSCRIBE\": topic}");
    return -EINVAL;
}

static void on_open(struct websocket *socket)
{
    struct client *client = websocket_context(socket);
    client->reader.socket = socket;
    event_feed_join(client->feed, &client->reader);
}

static void on_message(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                       size_t length)
{
    socket_command_take(socket, bytes, length, obey);
}

static void on_close(struct websocket *socket, unsigned code)
{
    struct client *client = websocket_context(socket);
    event_feed_leave(client->feed, &client->reader);
}

static const struct websocket_type events_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = SOCKET_COMMAND_MAX,
    .queue_limit = QUEUE_LIMIT,
    .on_open = on_open,
    .on_message = on_message,
    .on_close = on_close,
    .free_context = free,
};

static void open_events(struct request *request)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client) {
        reply_error(request, 503, "out of memory");
        return;
    }
    client->feed = monitor_of(request)->events;
    websocket_accept(request, &events_type, client);
}

// clang-format off
const struct route api_eventbus_routes[] = {
    {METHOD_WEBSOCKET, "/eventbus/events", ROUTE_WEBSOCKET, ROLE_READONLY, BODY_OPTIONAL, open_events,
     "Tells of what happens, at once, whoever says {\"SUBSCRIBE\": topic}; fields and format as in commands (docs/events.md)."},
    {0},
};
