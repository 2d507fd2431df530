/* /packetsource: the sources under their names of 2016, and the two commands of that time. Input:
 * the capture. Output: records, or OK. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "schema/datasource_fields.h"
#include "serve/api/routes.h"
#include "serve/api/source_reply.h"

static void get_sources(struct request *request)
{
    source_reply_list(request, &packetsource_type, NULL);
}

/* A text the command must have. False when a reply was made instead. */
static bool read_text(struct request *request, const char *key, const char **ret_text,
                      size_t *ret_length)
{
    int error = command_text(request_command(request), key, ret_text, ret_length);
    if (error == -ENOENT || (!error && !*ret_length))
        reply_error(request, 400, "the key %s is missing", key);
    else if (error)
        reply_error(request, 400, "%s must be a text", key);
    return !error && *ret_length;
}

/* What channel.cmd says. */
struct channel_command {
    const char *verb, *uuid, *channel;
    size_t uuid_length;
    bool lock;
};

/* False when a reply was made instead. */
static bool read_channel(struct request *request, struct channel_command *command)
{
    size_t length;
    if (!read_text(request, "cmd", &command->verb, &length) ||
        !read_text(request, "uuid", &command->uuid, &command->uuid_length))
        return false;
    command->lock = strcasecmp(command->verb, "lock") == 0;
    if (!command->lock && strcasecmp(command->verb, "hop") != 0) {
        reply_error(request, 400, "cmd must be lock or hop, not '%.40s'", command->verb);
        return false;
    }
    if (!command->lock)
        return true;
    int error = command_word(request_command(request), "channel", &command->channel, &length);
    if (error || !length)
        reply_error(request, 400, "to lock a source needs the key channel, as in \"6\"");
    return !error && length;
}

static void run_channel(struct request *request, void *context)
{
    struct monitor *monitor = monitor_of(request);
    struct channel_command *command = context;
    struct buffer why = {0};
    uint16_t number;
    if (!source_reply_find(request, command->uuid, command->uuid_length, 400, &number))
        return;
    int error = command->lock ? capture_lock(monitor->capture, number, command->channel, &why)
                              : capture_hop(monitor->capture, number, NULL, &why);
    if (error) {
        source_reply_refuse(request, error, &why);
        return;
    }
    buffer_done(&why);
    reply_text(request, 200, "OK");
}

static void set_channel(struct request *request)
{
    struct channel_command *command = arena_new(request_arena(request), sizeof *command);
    if (!command)
        reply_error(request, 503, "out of memory");
    else if (read_channel(request, command))
        reply_later(request, run_channel, command);
}

static void run_add(struct request *request, void *context)
{
    uint16_t number;
    if (source_reply_add(request, context, &number))
        reply_text(request, 200, "OK");
}

static void add_source(struct request *request)
{
    const char *definition;
    size_t length;
    if (read_text(request, "source", &definition, &length))
        reply_later(request, run_add, (void *)definition);
}

// clang-format off
const struct route api_packetsource_routes[] = {
    {METHOD_GET | METHOD_POST, "/packetsource/all_sources", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_sources,
     "Every source under its names of 2016.", ANSWER_LIST, &packetsource_type},
    {METHOD_POST, "/packetsource/config/channel", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_channel,
     "Locks the source uuid on a channel (cmd lock) or lets it hop (cmd hop)."},
    {METHOD_POST, "/packetsource/config/add_source", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, add_source,
     "Adds the source of that definition and starts it."},
    {0},
};
