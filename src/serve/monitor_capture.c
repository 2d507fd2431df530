/* What the capture asks of the running whole, and what it is given to hear. See monitor_capture.h.
 * Input: options, definitions, connections of sensors. Output: a capture with sources. */
#include "serve/monitor_capture.h"

#include <errno.h>
#include <string.h>

#include "capture/channel_text.h"
#include "demo_capture.h"
#include "serve/console.h"
#include "serve/http/listener.h"
#include "serve/notice.h"
#include "serve/positions.h"

static int open_capture(void *context, const char *path)
{
    return launcher_open_capture(((struct monitor *)context)->launcher, path);
}

static int start_tool(void *context, const char *program, int *ret_descriptor, pid_t *ret_pid)
{
    return launcher_start(((struct monitor *)context)->launcher, "tool", program, ret_descriptor,
                          ret_pid);
}

static void stop_tool(void *context, pid_t pid)
{
    launcher_stop(((struct monitor *)context)->launcher, pid);
}

static void on_frames(void *context, struct batch *batch)
{
    engine_dissect(((struct monitor *)context)->engine, batch);
}

static void on_notice(void *context, const char *text)
{
    notice_complain(context, "norn: %s", text);
}

/* The child that writes them down ends by itself. */
static int list_interfaces(void *context)
{
    int descriptor;
    pid_t pid;
    struct launcher *launcher = ((struct monitor *)context)->launcher;
    int result = launcher_start(launcher, "interfaces", "", &descriptor, &pid);
    return result < 0 ? result : descriptor;
}

static const char *unsupported(void *context, uint16_t link_type)
{
    return engine_unsupported(link_type);
}

int monitor_capture_new(struct monitor *monitor)
{
    const struct options *options = monitor->options;
    static const char *masked[OPTIONS_LIST + 1];
    struct capture_config config = {
        .masked_types = options_list(options, "mask_datasource_type", masked),
        .queue = monitor->queue,
        .context = monitor,
        .open_capture = open_capture,
        .start_tool = start_tool,
        .stop_tool = stop_tool,
        .list_interfaces = list_interfaces,
        .on_event = notice_source,
        .on_frames = on_frames,
        .on_notice = on_notice,
        .on_metagps = positions_bind,
        .unsupported = unsupported,
        .demo = monitor->demo ? demo_capture : NULL,
        .demo_length = demo_capture_length,
        .hop = options_boolean(options, "channel_hop"),
        .split = options_boolean(options, "split_source_hopping"),
        .shuffle = options_boolean(options, "randomized_hopping"),
        .retry = options_boolean(options, "retry_on_source_error"),
        .remote_timestamp = options_boolean(options, "override_remote_timestamp"),
        .deaf_ms = (unsigned)options_integer(options, "source_deaf_timeout") * 1000,
    };
    channel_text_parse_rate(options_text(options, "channel_hop_speed"), &config.hop_rate);
    monitor->capture = capture_new(&config);
    return monitor->capture ? 0 : -ENOMEM;
}

static void add_source(struct monitor *monitor, const char *definition)
{
    struct buffer why = {0};
    uint16_t number;
    if (capture_add(monitor->capture, definition, 0, &number, &why) != 0)
        notice_complain(monitor, "norn: source %.*s: %.*s", (int)strcspn(definition, ":"),
                        definition, (int)why.length, (const char *)why.data);
    buffer_done(&why);
}

void monitor_capture_add(struct monitor *monitor)
{
    const struct arguments_list *given = &monitor->arguments->sources;
    if (monitor->demo)
        add_source(monitor, "demo:name=demo,tuner=null,channels=\"1,6,11,36,44,149\"");
    for (size_t i = 0; i < given->count; i++)
        add_source(monitor, given->items[i]);
    for (size_t i = 0; i < options_count(monitor->options, "source") && !given->count; i++)
        add_source(monitor, options_at(monitor->options, "source", i));
}

void monitor_capture_listen(struct monitor *monitor)
{
    const struct options *options = monitor->options;
    const char *address_text = options_text(options, "remote_capture_listen");
    unsigned port = (unsigned)options_integer(options, "remote_capture_port");
    struct sockaddr_storage address;
    monitor->remote_listener = -1;
    if (!options_boolean(options, "remote_capture_enabled"))
        return;
    int result = listener_parse(address_text, port, &address);
    if (result == 0)
        result = listener_open(&address, REMOTE_PENDING);
    if (result < 0) {
        console_complain(monitor,
                         "norn: remote sensors cannot connect: %s port %u: %s; try --set "
                         "remote_capture_port=%u",
                         address_text, port, strerror(-result), port < 65535 ? port + 1 : 3501);
        return;
    }
    monitor->remote_listener = result;
    monitor->remote_port = listener_port(&address);
}

static int take_sensor(void *context, int descriptor, const char *peer)
{
    remote_attach(((struct monitor *)context)->remote, descriptor, peer);
    return 0;
}

int monitor_capture_take_sensors(struct monitor *monitor)
{
    monitor->remote = remote_new(monitor->capture, monitor->remote_listener);
    if (!monitor->remote) {
        console_complain(monitor, "norn: cannot take remote sensors: %s", strerror(errno));
        return -1;
    }
    monitor->sensors = (struct websocket_pipe_taker){take_sensor, monitor};
    return 0;
}
