/* /datasource: the sources, their types, and the commands that tune, pause, open and close them.
 * Input: the capture. Output: records; commands answer with the record of the source. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "capture/channel_text.h"
#include "capture/sources.h"
#include "schema/coverage_fields.h"
#include "schema/datasource_fields.h"
#include "schema/devicelist_fields.h"
#include "serve/api/coverage_reply.h"
#include "serve/api/routes.h"
#include "serve/api/source_reply.h"
#include "serve/list/record_reply.h"
#include "serve/packet/packet_stream.h"
#include "serve/source_record.h"

enum { INTERFACES_MAX = 128 };

static void get_sources(struct request *request)
{
    source_reply_list(request, &datasource_type, NULL);
}

static bool is_in_error(const struct source_status *status)
{
    return status->error;
}

static void get_error_sources(struct request *request)
{
    source_reply_list(request, &datasource_type, is_in_error);
}

static void get_types(struct request *request)
{
    struct record_reply reply;
    struct driver_record record;
    struct view view = {.server_now = monitor_now()};
    if (!record_reply_begin(&reply, request, &driver_type))
        return;
    const struct source_type *type = NULL;
    uint32_t count = 0;
    while ((type = sources_next(type)))
        count++;
    record_reply_list_begin(&reply, count);
    while ((type = sources_next(type))) {
        source_record_driver(type, &record);
        record_reply_element(&reply, &record, &view);
    }
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

static void get_defaults(struct request *request)
{
    const struct monitor *monitor = monitor_of(request);
    const struct options *options = monitor->options;
    struct view view = {.server_now = monitor_now()};
    struct datasource_defaults defaults = {
        .hop = options_boolean(options, "channel_hop"),
        .random_order = options_boolean(options, "randomized_hopping"),
        .split = options_boolean(options, "split_source_hopping"),
        .retry = options_boolean(options, "retry_on_source_error"),
        .remote_address =
            monitor->remote_port ? options_text(options, "remote_capture_listen") : "",
        .remote_port = monitor->remote_port,
        .remote_timestamp = options_boolean(options, "override_remote_timestamp"),
    };
    channel_text_parse_rate(options_text(options, "channel_hop_speed"), &defaults.hop_rate);
    record_reply_single(request, &datasource_defaults_type, &defaults, &view);
}

static void run_list_interfaces(struct request *request, void *context)
{
    struct monitor *monitor = monitor_of(request);
    struct capture_interface *list = context;
    struct record_reply reply;
    struct interface_record record;
    struct view view = {.server_now = monitor_now()};
    size_t count = capture_list_interfaces(monitor->capture, list, INTERFACES_MAX);
    if (!record_reply_begin(&reply, request, &interface_type))
        return;
    record_reply_list_begin(&reply, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        source_record_interface(&list[i], &record);
        record_reply_element(&reply, &record, &view);
    }
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

static void list_interfaces(struct request *request)
{
    struct capture_interface *list =
        arena_new(request_arena(request), INTERFACES_MAX * sizeof *list);
    if (list)
        reply_later(request, run_list_interfaces, list);
    else
        reply_error(request, 503, "out of memory");
}

/* The source of the path. False when a reply was made instead. */
static bool find_source(struct request *request, uint16_t *ret_number)
{
    size_t length;
    const char *text = request_parameter(request, "uuid", &length);
    return source_reply_find(request, text, length, 404, ret_number);
}

static void get_source(struct request *request)
{
    uint16_t number;
    if (find_source(request, &number))
        source_reply_one(request, number);
}

static void get_source_coverage(struct request *request)
{
    uint16_t number;
    if (find_source(request, &number))
        coverage_reply_one(request, number);
}

static void get_packets(struct request *request)
{
    struct packet_filter filter = {.has_source = true};
    char file[96];
    if (!find_source(request, &filter.source) || !packet_filter_read(request, &filter))
        return;
    snprintf(file, sizeof file, "kismet-datasource-%.40s.pcapng",
             request_parameter(request, "uuid", NULL));
    packet_stream_reply(request, &filter, file, "packets of one source");
}

/* Ends a command: the source's record, or the capture's reason. */
static void reply_command(struct request *request, uint16_t number, int error, struct buffer *why)
{
    if (error) {
        source_reply_refuse(request, error, why);
        return;
    }
    buffer_done(why);
    source_reply_one(request, number);
}

/* The commands that take nothing but the source. */
static void run_plain(struct request *request,
                      int (*command)(struct capture *capture, uint16_t number, struct buffer *why))
{
    struct monitor *monitor = monitor_of(request);
    struct buffer why = {0};
    uint16_t number;
    if (find_source(request, &number))
        reply_command(request, number, command(monitor->capture, number, &why), &why);
}

static void run_pause(struct request *request, void *context)
{
    run_plain(request, capture_pause);
}

static void run_resume(struct request *request, void *context)
{
    run_plain(request, capture_resume);
}

static void run_open(struct request *request, void *context)
{
    struct buffer why = {0};
    uint16_t number;
    if (!find_source(request, &number))
        return;
    int error = capture_open(monitor_of(request)->capture, number, &why);
    if (error)
        source_reply_refuse(request, error, &why);
    else if (source_reply_opened(request, number))
        source_reply_one(request, number);
    buffer_done(&why);
}

static void run_close(struct request *request, void *context)
{
    run_plain(request, capture_close);
}

/* Answers with the record as it was last. */
static void run_remove(struct request *request, void *context)
{
    run_plain(request, capture_remove);
}

static void pause_source(struct request *request)
{
    reply_later(request, run_pause, NULL);
}

static void resume_source(struct request *request)
{
    reply_later(request, run_resume, NULL);
}

static void open_source(struct request *request)
{
    reply_later(request, run_open, NULL);
}

static void close_source(struct request *request)
{
    reply_later(request, run_close, NULL);
}

static void remove_source(struct request *request)
{
    reply_later(request, run_remove, NULL);
}

/* A tuning command: a channel to stay on, or what to change about hopping. */
struct tuning_request {
    const char *channel; /* NULL: hop */
    struct capture_hop hop;
};

static void run_tuning(struct request *request, void *context)
{
    struct monitor *monitor = monitor_of(request);
    const struct tuning_request *tuning = context;
    struct buffer why = {0};
    uint16_t number;
    if (!find_source(request, &number))
        return;
    int error = tuning->channel ? capture_lock(monitor->capture, number, tuning->channel, &why)
                                : capture_hop(monitor->capture, number, &tuning->hop, &why);
    reply_command(request, number, error, &why);
}

/* The number of a key, which may be missing; false when a reply was made instead. */
static bool read_number(struct request *request, const char *key, double *ret_number)
{
    int error = command_number(request_command(request), key, ret_number);
    if (error && error != -ENOENT)
        reply_error(request, 400, "%s must be a finite number", key);
    return !error || error == -ENOENT;
}

static bool read_channels(struct request *request, struct tuning_request *tuning)
{
    const struct target_part *texts;
    size_t count;
    int error = command_texts(request_command(request), "channels", true, &texts, &count);
    if (error == -ENOENT)
        return true;
    const char **channels =
        error ? NULL : arena_new(request_arena(request), (count + 1) * sizeof *channels);
    if (!channels || !count) {
        reply_error(request, 400, "channels must be a list of channels, as in [\"1\", \"6\"]");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        channels[i] = texts[i].text;
    tuning->hop.channels = channels;
    tuning->hop.channel_count = count;
    return true;
}

/* What the command says of hopping: channels, rate (hops a second), shuffle. False when a reply
 * was made instead. */
static bool read_hop(struct request *request, struct tuning_request *tuning)
{
    double rate = NAN;
    bool shuffle;
    if (!read_channels(request, tuning) || !read_number(request, "hoprate", &rate) ||
        !read_number(request, "rate", &rate))
        return false;
    int error = command_boolean(request_command(request), "shuffle", &shuffle);
    if (error == -EINVAL) {
        reply_error(request, 400, "shuffle must be true or false");
        return false;
    }
    if (rate <= 0) {
        reply_error(request, 400, "rate must be above zero: hops a second");
        return false;
    }
    tuning->hop.rate = isnan(rate) ? 0 : rate;
    tuning->hop.shuffle = error ? 0 : shuffle ? 1 : -1;
    return true;
}

static void set_channel(struct request *request)
{
    struct tuning_request *tuning = arena_new(request_arena(request), sizeof *tuning);
    size_t length;
    if (!tuning) {
        reply_error(request, 503, "out of memory");
        return;
    }
    int error = command_word(request_command(request), "channel", &tuning->channel, &length);
    if (error == -EINVAL) {
        reply_error(request, 400, "channel must be a text, as in \"6\" or \"36HT40+\"");
        return;
    }
    if (!read_hop(request, tuning))
        return;
    const struct capture_hop *hop = &tuning->hop;
    if (!tuning->channel && !hop->channels && !hop->rate && !hop->shuffle) {
        reply_error(request, 400,
                    "the key channel (to lock), or channels, rate or shuffle (to "
                    "hop), is missing");
        return;
    }
    reply_later(request, run_tuning, tuning);
}

static void set_hop(struct request *request)
{
    struct tuning_request *tuning = arena_new(request_arena(request), sizeof *tuning);
    if (!tuning)
        reply_error(request, 503, "out of memory");
    else if (read_hop(request, tuning))
        reply_later(request, run_tuning, tuning);
}

static void run_add(struct request *request, void *context)
{
    uint16_t number;
    if (source_reply_add(request, context, &number))
        source_reply_one(request, number);
}

static void add_source(struct request *request)
{
    const char *definition;
    size_t length;
    int error = command_text(request_command(request), "definition", &definition, &length);
    if (error == -ENOENT)
        error = command_text(request_command(request), "source", &definition, &length);
    if (error || !length)
        reply_error(request, 400, "the key definition is missing, as in \"wlan0:name=radio\"");
    else
        reply_later(request, run_add, (void *)definition);
}

static void open_remote(struct request *request)
{
    websocket_pipe_accept(request, &monitor_of(request)->sensors);
}

// clang-format off
#define SOURCE_COMMAND(word, handler, doc) {METHOD_GET | METHOD_POST, "/datasource/by-uuid/{uuid}/" word, ROUTE_COMMAND, ROLE_ADMIN, BODY_OPTIONAL, handler, doc, ANSWER_RECORD, &datasource_type}

const struct route api_datasource_routes[] = {
    {METHOD_GET | METHOD_POST, "/datasource/all_sources", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_sources,
     "Every data source.", ANSWER_LIST, &datasource_type},
    {METHOD_GET | METHOD_POST, "/datasource/error_sources", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_error_sources,
     "The data sources that are in error now, with the reason.", ANSWER_LIST, &datasource_type},
    {METHOD_GET | METHOD_POST, "/datasource/supported_sources", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_types,
     "The types of sources that can be opened.", ANSWER_LIST, &driver_type},
    {METHOD_GET | METHOD_POST, "/datasource/types", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_types,
     "The same under its newer name.", ANSWER_LIST, &driver_type},
    {METHOD_GET | METHOD_POST, "/datasource/defaults", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_defaults,
     "What holds for sources whose definitions do not say otherwise.", ANSWER_RECORD, &datasource_defaults_type},
    {METHOD_GET | METHOD_POST, "/datasource/list_interfaces", ROUTE_DATA, ROLE_ADMIN, BODY_OPTIONAL, list_interfaces,
     "The network interfaces a source could use.", ANSWER_LIST, &interface_type},
    {METHOD_GET, "/datasource/pcap/by-uuid/{uuid}/packets.pcapng", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_packets,
     "The packets of one source from now on, as pcapng."},
    {METHOD_GET | METHOD_POST, "/datasource/coverage", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, coverage_reply_all,
     "What was listened to and what may have been missed, by channel and source; takes window (seconds) and channel.", ANSWER_RECORD, &coverage_type},
    {METHOD_GET | METHOD_POST, "/datasource/by-uuid/{uuid}/coverage", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_source_coverage,
     "The same of one source.", ANSWER_RECORD, &coverage_source_type},
    {METHOD_GET | METHOD_POST, "/datasource/by-uuid/{uuid}/source", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_source,
     "One data source.", ANSWER_RECORD, &datasource_type},
    {METHOD_POST, "/datasource/add_source", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, add_source,
     "Adds the source of that definition and starts it.", ANSWER_RECORD, &datasource_type},
    {METHOD_POST, "/datasource/by-uuid/{uuid}/set_channel", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, set_channel,
     "Locks the source on a channel, or sets the channels, rate and shuffle of its hopping.", ANSWER_RECORD, &datasource_type},
    SOURCE_COMMAND("set_hop", set_hop, "Lets the source hop."),
    SOURCE_COMMAND("pause_source", pause_source, "Pauses the source."),
    SOURCE_COMMAND("resume_source", resume_source, "Lets a paused source go on."),
    SOURCE_COMMAND("open_source", open_source, "Opens a closed source again."),
    SOURCE_COMMAND("close_source", close_source, "Closes the source."),
    SOURCE_COMMAND("disable_source", close_source, "Closes the source, under its other name."),
    SOURCE_COMMAND("remove_source", remove_source, "Closes the source for good: it is listed and tried no more; what it heard stays."),
    {METHOD_WEBSOCKET, "/datasource/remote/remotesource", ROUTE_WEBSOCKET, ROLE_DATASOURCE, BODY_OPTIONAL, open_remote,
     "Connects a capture tool: binary messages, a frame of the capture protocol each."},
    {0},
};
