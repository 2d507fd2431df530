/* Receivers of positions within the monitor. See positions.h. Input: options, definitions, frames'
 * times. Output: trails for the engine, words on the console. */
#include "serve/positions.h"

#include "serve/notice.h"
#include "util/clock.h"
#include "util/launcher_connect.h"
#include "util/launcher_opener.h"
#include "util/launcher_serial.h"

static int open_serial(void *context, const char *device, unsigned baud)
{
    return launcher_serial_begin(((struct monitor *)context)->launcher, device, baud);
}

static int open_connection(void *context, const char *host, unsigned port)
{
    return launcher_connect_begin(((struct monitor *)context)->launcher, host, port);
}

static int finish(void *context, int pending)
{
    return launcher_opener_finish(pending);
}

static void on_event(void *context, const char *name, bool is_connected, const char *text)
{
    if (is_connected)
        notice_say(context, "gps %s: connected: %s", name, text);
    else
        notice_complain(context, "gps %s: not connected: %s", name, text);
}

struct gps *positions_new(struct monitor *monitor)
{
    const struct gps_config config = {
        .server_name = options_text(monitor->options, "server_name"),
        .context = monitor,
        .open_serial = open_serial,
        .connect = open_connection,
        .finish = finish,
        .on_event = on_event,
    };
    return gps_new(&config);
}

static void add(struct monitor *monitor, const char *definition)
{
    struct buffer why = {0};
    if (gps_add(monitor->gps, definition, NULL, &why) != 0)
        notice_complain(monitor, "norn: %.*s", (int)why.length, (const char *)why.data);
    buffer_done(&why);
}

void positions_add(struct monitor *monitor)
{
    if (monitor->demo)
        add(monitor, "web:name=webgps");
    for (size_t i = 0; i < options_count(monitor->options, "gps"); i++)
        add(monitor, options_at(monitor->options, "gps", i));
}

static void locate_file(struct gps *gps, uint16_t source, struct trail *ret_trail)
{
    struct location place;
    uint64_t now = gps_is_bound(gps, source) ? clock_wall_ns() : 0;
    if (now && gps_trail(gps, source, now, now, ret_trail) && trail_find(ret_trail, now, &place))
        trail_pin(ret_trail, &place);
}

void positions_locate(void *context, const struct batch *batch, struct trail *ret_trail)
{
    struct gps *gps = ((struct monitor *)context)->gps;
    uint64_t first = UINT64_MAX, last = 0;
    if (batch->file_clock) {
        locate_file(gps, batch->source, ret_trail);
        return;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        uint64_t time = batch->frames[i].time_ns;
        first = time < first ? time : first;
        last = time > last ? time : last;
    }
    gps_trail(gps, batch->source, first, last, ret_trail);
}

void positions_bind(void *context, uint16_t source, const char *name)
{
    struct monitor *monitor = context;
    struct buffer why = {0};
    if (gps_bind(monitor->gps, source, name, &why) != 0)
        notice_complain(monitor, "metagps=%s: %.*s", name, (int)why.length, (const char *)why.data);
    buffer_done(&why);
}
