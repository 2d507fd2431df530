/* Sources behind a capture tool: opens it, takes its packets, tunes it. Input: frames of the
 * protocol (docs/protocol.md), none of which is trusted. Output: frames into the queue, the
 * source's record.
 */
#include "capture/source_tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/channel_text.h"
#include "capture/interface.h"
#include "capture/tool_link.h"
#include "capture/tuner.h"
#include "util/clock.h"
#include "util/hash.h"

enum {
    OPEN_MS = 15000,       /* for the tool to open its source */
    CONFIGURE_MS = 5000,   /* for it to tune */
    ENGINE_WAIT_MS = 1000, /* for an empty batch, while the tool keeps what comes; then the newest
                              frames are dropped */
    REPORT_KIND_MOST = 64,
};

/* Of one open source. */
struct tool {
    struct tool_link link;
    pid_t pid;         /* 0: it came by itself */
    uint32_t tuned_as; /* sequence of the configuration that is to be answered; 0: none */
    uint64_t tuned_by_ns;
    bool is_own_command; /* it was asked for by a command, not by norn itself */
    bool keeps_time;     /* its times are taken, else that of arrival */
    struct protocol_statistics counted;
};

/* ---- sending */

static void send_text(struct tool *tool, enum protocol_type type, const char *text)
{
    struct protocol_message message = {
        .type = (uint16_t)type,
        .reason = {.present = PROTOCOL_BIT(1), .text = protocol_text_of(text)}};
    tool_link_send(&tool->link, &message);
}

/* Tells the tool to hop or to stay, as the record or a command says; NULL: no more than norn itself
 * wants. */
static void send_configure(struct tool *tool, const struct source_status *status,
                           const struct tuning *command)
{
    struct protocol_list_writer channels = {0};
    struct protocol_message message = {.type = PROTOCOL_CONFIGURE_REQUEST};
    bool hops = command ? command->is_hop : status->hopping;
    const char *channel = command ? command->channel : status->channel;
    if (hops) {
        const struct source_channels *list =
            command && command->channels.count ? &command->channels : &status->hop_channels;
        for (unsigned i = 0; i < list->count; i++)
            protocol_list_add_text(&channels, list->text[i]);
        bool shuffle = command && command->shuffle ? command->shuffle > 0 : status->hop_shuffle;
        message.configure.present = PROTOCOL_BIT(2);
        message.configure.hop = (struct protocol_hop){
            .present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(4) | PROTOCOL_BIT(5),
            .rate = command && command->rate > 0 ? command->rate : status->hop_rate,
            .shuffle = shuffle,
            .offset = status->hop_offset,
            .channels = protocol_list_written(&channels),
        };
    } else {
        message.configure.present = PROTOCOL_BIT(1);
        message.configure.channel = protocol_text_of(channel);
    }
    tool->tuned_as = tool_link_send(&tool->link, &message);
    tool->tuned_by_ns = clock_monotonic_ns() + CONFIGURE_MS * NS_PER_MS;
    tool->is_own_command = command != NULL;
    protocol_list_done(&channels);
}

/* ---- opening */

static void read_channels(struct protocol_list list, struct source_channels *ret_channels)
{
    struct protocol_text text;
    while (protocol_list_text(&list, &text) && ret_channels->count < SOURCE_CHANNELS) {
        char name[SOURCE_CHANNEL_TEXT];
        if (text.length && text.length < sizeof name) {
            protocol_text_copy(text, name, sizeof name);
            memcpy(ret_channels->text[ret_channels->count++], name, sizeof name);
        }
    }
}

/* What the source can tune to, what it is to go round, whether it hops: by the report and the
 * definition's options. A source that was told otherwise before it broke off goes on with that. */
static void choose_channels(struct source *source, const struct protocol_open_report *report)
{
    struct source_status *status = &source->status;
    const struct definition *definition = source->definition;
    const char *channels = definition_find(definition, "channels");
    bool is_known = status->channels.count > 0;
    struct source_channels supported = {0};
    read_channels(report->channels, &supported);
    tuner_add_channels(&supported, definition_find(definition, "channel"));
    tuner_add_channels(&supported, channels);
    tuner_add_channels(&supported, definition_find(definition, "add_channels"));
    status->channels = supported;
    if (is_known)
        return;
    status->hop_channels = (struct source_channels){0};
    if (channels)
        tuner_add_channels(&status->hop_channels, channels);
    else
        status->hop_channels = supported;
    tuner_add_channels(&status->hop_channels, definition_find(definition, "add_channels"));
    tuner_block_channels(&status->hop_channels, definition_find(definition, "block_channels"));
    tuner_choose(status, definition, source->config);
}

static void take_report(struct source *source, struct tool *tool,
                        const struct protocol_open_report *report)
{
    struct source_status *status = &source->status;
    char text[SOURCE_CHANNEL_TEXT];
    pthread_mutex_lock(&source->lock);
    status->link_type = (uint32_t)report->link_type;
    status->child_pid = tool->pid;
    if (report->capture.length)
        protocol_text_copy(report->capture, status->capture_interface,
                           sizeof status->capture_interface);
    if (report->hardware.length)
        protocol_text_copy(report->hardware, status->hardware, sizeof status->hardware);
    if (status->has_tool)
        status->tunable = report->channels.count || report->channel.length;
    if (status->has_tool && status->tunable) {
        choose_channels(source, report);
        protocol_text_copy(report->channel, text, sizeof text);
        if (!status->hopping && !status->channel[0])
            memcpy(status->channel, text, sizeof text);
    }
    bool tunes = status->has_tool && status->tunable &&
                 (status->hopping ? status->hop_channels.count > 0 : status->channel[0] != '\0');
    if (tunes)
        send_configure(tool, status, NULL);
    pthread_mutex_unlock(&source->lock);
}

/* A sentence of the tool's, or our own when it said nothing. */
static void add_reason(struct protocol_text text, const char *otherwise, struct buffer *ret_why)
{
    char reason[SOURCE_REASON];
    protocol_text_copy(text, reason, sizeof reason);
    buffer_add_text(ret_why, *reason ? reason : otherwise);
}

/* What a tool says in words. 1: a file is at its end. */
static int take_note(struct source *source, const struct protocol_note *note)
{
    static const char *const ends[] = {"end of pcapfile reached", "data processed"};
    char text[SOURCE_REASON];
    protocol_text_copy(note->text, text, sizeof text);
    bool is_end = false;
    for (size_t i = 0; source->type->file && i < sizeof ends / sizeof *ends; i++)
        is_end |= strstr(text, ends[i]) != NULL;
    if (note->level & (PROTOCOL_FAULT | PROTOCOL_ALERT | PROTOCOL_FATAL))
        source_warn(source, text);
    else if (!is_end && note->level & PROTOCOL_INFO)
        source_tell(source, CAPTURE_TOLD, text);
    return is_end;
}

/* Waits for the report on opening; what the tool says meanwhile is told. */
static int await_open(struct source *source, struct tool *tool, uint32_t sequence,
                      struct buffer *ret_why)
{
    uint64_t until = clock_monotonic_ns() + OPEN_MS * NS_PER_MS;
    for (;;) {
        struct protocol_frame frame;
        struct protocol_message message;
        int result = tool_link_next(&tool->link, until, &frame, ret_why);
        if (result == -EINTR) {
            source_awake(source);
            if (source_interrupted(source))
                return -ECANCELED;
            continue;
        }
        if (result == -EAGAIN)
            buffer_add_text(ret_why, "the capture tool does not say whether it could open it");
        if (result < 0)
            return result == -EAGAIN ? -ETIMEDOUT : result;
        if (protocol_message_parse(&frame, &message) != 0)
            continue;
        if (message.type == PROTOCOL_ERROR) {
            add_reason(message.reason.text, "the capture tool failed", ret_why);
            return -EIO;
        }
        if (message.type == PROTOCOL_MESSAGE)
            take_note(source, &message.note);
        if (message.type != PROTOCOL_OPEN_REPORT || message.open_report.sequence != sequence)
            continue;
        if (message.code == 1) {
            if (source->session.number != message.open_report.session)
                source->session = (struct source_session){.number = message.open_report.session};
            take_report(source, tool, &message.open_report);
            return 0;
        }
        add_reason(message.open_report.text, "the capture tool could not open it", ret_why);
        return -ENODEV;
    }
}

/* The sensor's connection that waits to be taken up, or NULL. */
static struct tool_link *take_attached(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    struct tool_link *link = source->attached;
    source->attached = NULL;
    pthread_mutex_unlock(&source->lock);
    return link;
}

static int take_up_sensor(struct source *source, struct tool *tool, struct buffer *ret_why)
{
    struct tool_link *link = take_attached(source);
    if (!link) {
        buffer_add_text(ret_why, "the sensor is not connected");
        return -ENOTCONN;
    }
    tool->link = *link;
    tool->link.wake = source->wake;
    free(link);
    return 0;
}

static int start_program(struct source *source, struct tool *tool, struct buffer *ret_why)
{
    const struct capture_config *config = source->config;
    const char *program = source->type->program;
    int descriptor;
    if (!config->start_tool) {
        buffer_add_text(ret_why, "this program cannot start capture tools");
        return -ENOSYS;
    }
    int result = config->start_tool(config->context, program, &descriptor, &tool->pid);
    if (result < 0) {
        buffer_printf(ret_why, "%s cannot be started: %s", program, strerror(-result));
        tool->pid = 0;
        return result;
    }
    tool_link_init(&tool->link, descriptor, source->wake, TOOL_LINK_PING_MS);
    return 0;
}

static int open_tool(struct source *source, struct buffer *ret_why)
{
    char text[SOURCE_DEFINITION];
    struct tool *tool = source->state = calloc(1, sizeof *tool);
    if (!tool)
        return -ENOMEM;
    bool is_remote = source->is_remote;
    int result =
        is_remote ? take_up_sensor(source, tool, ret_why) : start_program(source, tool, ret_why);
    if (result < 0)
        return result;
    bool overrides =
        definition_bool(source->definition, "timestamp", source->config->remote_timestamp);
    tool->keeps_time = !is_remote || !overrides;
    definition_write(source->definition, false, text);
    send_text(tool, PROTOCOL_OPEN_REQUEST, text);
    return await_open(source, tool, tool->link.sequence, ret_why);
}

static void close_tool(struct source *source)
{
    struct tool *tool = source->state;
    if (!tool)
        return;
    tool_link_done(&tool->link);
    if (tool->pid)
        source->config->stop_tool(source->config->context, tool->pid);
    free(tool);
    source->state = NULL;
    pthread_mutex_lock(&source->lock);
    source->status.child_pid = 0;
    pthread_mutex_unlock(&source->lock);
}

/* ---- packets */

/* What the tool says beside the bytes; false when it says nothing. */
static bool read_extra(const struct protocol_packet *packet, struct frame_extra *extra)
{
    const struct protocol_gps *gps = &packet->gps;
    const struct protocol_signal *signal = &packet->signal;
    *extra = (struct frame_extra){0};
    if (packet->present & PROTOCOL_BIT(2)) {
        extra->has_signal = true;
        extra->signal = (int16_t)signal->signal_dbm;
        extra->noise = (int16_t)signal->noise_dbm;
        extra->frequency = (uint32_t)signal->frequency;
    }
    if (packet->present & PROTOCOL_BIT(1) && gps->fix >= 2) {
        extra->has_place = true;
        extra->fix = (uint8_t)(gps->fix > 3 ? 3 : gps->fix);
        extra->latitude = gps->latitude;
        extra->longitude = gps->longitude;
        extra->altitude = gps->altitude;
        extra->speed = gps->speed;
        extra->heading = gps->heading;
    }
    return extra->has_signal || extra->has_place;
}

static uint64_t frame_time(const struct tool *tool, uint64_t seconds, uint64_t nanoseconds)
{
    bool is_known = seconds && seconds < UINT64_MAX / NS_PER_S - 1 && nanoseconds < NS_PER_S;
    return tool->keeps_time && is_known ? seconds * NS_PER_S + nanoseconds : clock_wall_ns();
}

static void add_frame(struct source *source, struct tool *tool,
                      const struct protocol_packet *packet, const struct frame_extra *extra)
{
    const struct protocol_captured *captured = &packet->captured;
    size_t length = captured->content.length;
    bool is_nano = captured->present & PROTOCOL_BIT(32);
    uint64_t original = captured->original_length > length ? captured->original_length : length;
    if (length > FRAME_BYTES_MAX) {
        length = FRAME_BYTES_MAX;
        source->fresh.cut++;
    }
    if (atomic_load(&source->paused) || !length)
        return;
    struct frame frame = {
        .data = captured->content.bytes,
        .length = (uint32_t)length,
        .original_length = (uint32_t)(original < UINT32_MAX ? original : UINT32_MAX),
        .link_type = (uint16_t)captured->link_type,
        .extra = extra,
    };
    source_add(source, &frame,
               frame_time(tool, captured->seconds,
                          is_nano ? captured->nanoseconds : captured->microseconds * 1000),
               ENGINE_WAIT_MS);
}

/* A report without a frame travels as one of a link type of our own. */
static void add_report(struct source *source, struct tool *tool, const struct protocol_json *json,
                       const struct frame_extra *extra)
{
    struct buffer report = {.ceiling = FRAME_BYTES_MAX};
    if (atomic_load(&source->paused) || json->type.length > REPORT_KIND_MOST ||
        memchr(json->type.text ? json->type.text : "", 0, json->type.length))
        return;
    buffer_add(&report, json->type.text, json->type.length);
    buffer_add_byte(&report, 0);
    buffer_add(&report, json->json.text, json->json.length);
    struct frame frame = {.data = report.data,
                          .length = (uint32_t)report.length,
                          .original_length = (uint32_t)report.length,
                          .link_type = FRAME_REPORT,
                          .extra = extra};
    if (!report.failed)
        source_add(source, &frame, frame_time(tool, json->seconds, json->microseconds * 1000),
                   ENGINE_WAIT_MS);
    buffer_done(&report);
}

static uint64_t grown(uint64_t now, uint64_t before)
{
    return now > before ? now - before : 0;
}

static void take_statistics(struct source *source, struct tool *tool,
                            const struct protocol_statistics *now)
{
    struct source_counts *counts = &source->status.counts;
    pthread_mutex_lock(&source->lock);
    counts->kernel_drops += grown(now->kernel_drops, tool->counted.kernel_drops);
    counts->interface_drops += grown(now->interface_drops, tool->counted.interface_drops);
    counts->tool_drops += grown(now->tool_drops, tool->counted.tool_drops);
    pthread_mutex_unlock(&source->lock);
    tool->counted = *now;
}

static void take_dwells(struct source *source, struct protocol_list dwells)
{
    struct protocol_dwell dwell;
    uint64_t now_ms = coverage_now_ms();
    pthread_mutex_lock(&source->lock);
    while (protocol_list_block(&dwells, &protocol_dwell_table, &dwell)) {
        char channel[SOURCE_CHANNEL_TEXT];
        protocol_text_copy(dwell.channel, channel, sizeof channel);
        if (dwell.refused)
            coverage_refused(&source->coverage, channel, now_ms);
        else
            coverage_listened(&source->coverage, channel, dwell.milliseconds, dwell.hopped, now_ms);
    }
    pthread_mutex_unlock(&source->lock);
}

/* True for a packet that came before: a tool that lost its connection sends again what it has no
 * receipt for, under the same numbers. */
static bool is_repeated(struct source_session *session, uint32_t sequence)
{
    if (!session->number)
        return false;
    bool is_old = session->has_sequence && (int32_t)(sequence - session->sequence) <= 0;
    if (!is_old)
        session->sequence = sequence;
    session->has_sequence = true;
    return is_old;
}

static void take_packet(struct source *source, struct tool *tool,
                        const struct protocol_message *message)
{
    const struct protocol_packet *packet = &message->packet;
    struct frame_extra extra;
    if (is_repeated(&source->session, message->sequence))
        return;
    bool has_extra = read_extra(packet, &extra);
    if (packet->present & PROTOCOL_BIT(4))
        add_frame(source, tool, packet, has_extra ? &extra : NULL);
    if (packet->present & PROTOCOL_BIT(5))
        add_report(source, tool, &packet->json, has_extra ? &extra : NULL);
    if (packet->present & PROTOCOL_BIT(32))
        take_statistics(source, tool, &packet->statistics);
    if (packet->present & PROTOCOL_BIT(33))
        take_dwells(source, packet->dwells);
}

/* ---- tuning */

/* With the lock: what the tool says it does now. */
static void take_configuration(struct source_status *status,
                               const struct protocol_configure_report *report)
{
    if (report->present & PROTOCOL_BIT(3) && report->hop.enabled) {
        struct source_channels list = {0};
        read_channels(report->hop.channels, &list);
        if (list.count)
            status->hop_channels = list;
        if (report->hop.rate > 0)
            status->hop_rate = report->hop.rate;
        if (report->hop.present & PROTOCOL_BIT(2))
            status->hop_shuffle = report->hop.shuffle;
        if (report->hop.present & PROTOCOL_BIT(3))
            status->hop_shuffle_skip = (uint32_t)report->hop.skip;
        status->hopping = true;
        status->channel[0] = '\0';
    } else if (report->channel.length) {
        protocol_text_copy(report->channel, status->channel, sizeof status->channel);
        status->hopping = false;
    }
}

/* With the lock: what the command asked for is so now. */
static void take_command(struct source_status *status, const struct tuning *command)
{
    status->hopping = command->is_hop;
    if (!command->is_hop) {
        memcpy(status->channel, command->channel, sizeof status->channel);
        return;
    }
    if (command->channels.count)
        status->hop_channels = command->channels;
    if (command->rate > 0)
        status->hop_rate = command->rate;
    if (command->shuffle)
        status->hop_shuffle = command->shuffle > 0;
    status->channel[0] = '\0';
}

static void take_configure_report(struct source *source, struct tool *tool,
                                  const struct protocol_message *message)
{
    const struct protocol_configure_report *report = &message->configure_report;
    bool is_answer = tool->tuned_as && report->sequence == tool->tuned_as;
    char why[SOURCE_REASON];
    protocol_text_copy(report->text, why, sizeof why);
    pthread_mutex_lock(&source->lock);
    if (is_answer && tool->is_own_command && message->code == 1)
        take_command(&source->status, &source->tuning);
    if (message->code == 1)
        take_configuration(&source->status, report);
    if (is_answer && tool->is_own_command)
        tuning_end(source, message->code == 1 ? NULL : *why ? why : "the radio refuses to tune");
    pthread_mutex_unlock(&source->lock);
    if (is_answer)
        tool->tuned_as = 0;
    if (message->code != 1 && !(is_answer && tool->is_own_command))
        source_warn(source, *why ? why : "the radio refuses to tune");
}

/* Takes up a command, and a new part of the hop list. */
static void look_at_commands(struct source *source, struct tool *tool)
{
    pthread_mutex_lock(&source->lock);
    if (source->tuning.state == TUNING_ASKED && !tool->tuned_as) {
        source->tuning.state = TUNING_SENT;
        send_configure(tool, &source->status, &source->tuning);
    } else if (source->spread && !tool->tuned_as) {
        source->spread = false;
        if (source->status.hopping && source->status.hop_channels.count)
            send_configure(tool, &source->status, NULL);
    }
    pthread_mutex_unlock(&source->lock);
}

/* ---- running */

/* Acts on a message: 0, 1 at a file's end, or an error with a sentence. */
static int act_on(struct source *source, struct tool *tool, const struct protocol_message *message,
                  struct buffer *ret_why)
{
    switch (message->type) {
    case PROTOCOL_PACKET: take_packet(source, tool, message); return 0;
    case PROTOCOL_CONFIGURE_REPORT: take_configure_report(source, tool, message); return 0;
    case PROTOCOL_MESSAGE: return take_note(source, &message->note);
    case PROTOCOL_ERROR:
        add_reason(message->reason.text, "the capture tool failed", ret_why);
        return -EIO;
    default: return 0; /* what else a tool may say changes nothing */
    }
}

/* The next frame, with commands looked at meanwhile. 0 or an error; -EAGAIN: look at the clock. */
static int next_frame(struct source *source, struct tool *tool, struct protocol_frame *ret_frame,
                      struct buffer *ret_why)
{
    uint64_t until = tool->tuned_as ? tool->tuned_by_ns : 0;
    int result = tool_link_next(&tool->link, until, ret_frame, ret_why);
    if (result == -EINTR) {
        source_awake(source);
        look_at_commands(source, tool);
        return source_interrupted(source) ? -ECANCELED : -EAGAIN;
    }
    if (result == -EAGAIN) { /* a stock tool answers late or never: it is asked no more */
        tool->tuned_as = 0;
        look_at_commands(source, tool);
    }
    return result;
}

static int run_tool(struct source *source, struct buffer *ret_why)
{
    struct tool *tool = source->state;
    look_at_commands(source, tool);
    while (!source_interrupted(source)) {
        struct protocol_frame frame;
        struct protocol_message message;
        int result = next_frame(source, tool, &frame, ret_why);
        if (result == -EAGAIN)
            continue;
        if (result == 0 && protocol_message_parse(&frame, &message) == 0)
            result = act_on(source, tool, &message, ret_why);
        else if (result == 0)
            source->fresh.bad_records++;
        if (result != 0 || !tool_link_has_more(&tool->link))
            source_flush(source);
        if (result != 0)
            return result < 0 ? result : 0;
    }
    return -ECANCELED;
}

static bool probe_none(const struct capture_config *config, const char *interface)
{
    return false;
}

static uint64_t identify_by_name(const struct capture_config *config, const char *interface)
{
    return hash_weak(interface);
}

/* Every network interface is the Wi-Fi tool's, without asking: it says what it thinks of one that
 * is no radio. */
static bool probe_interface(const struct capture_config *config, const char *interface)
{
    struct interface row;
    return interface_find(config, interface, &row);
}

/* The hardware address, as the tool makes its UUIDs of; the name of those that have none or are
 * not there. */
static uint64_t identify_interface(const struct capture_config *config, const char *interface)
{
    struct interface row = {0};
    uint64_t address = 0;
    interface_find(config, interface, &row);
    for (size_t i = 0; i < sizeof row.address; i++)
        address = address << 8 | row.address[i];
    return address ? address : hash_weak(interface);
}

const struct source_type *source_tool_find(const char *name)
{
    for (size_t i = 0; i < source_tool_types_count; i++)
        if (strcasecmp(source_tool_types[i].name, name) == 0)
            return &source_tool_types[i];
    return NULL;
}

// clang-format off
#define ROW(type, program_name, text, ...) \
    {.name = (type), .description = (text), .tool = "kismet_cap_" program_name, .program = (program_name), .local = true, .remote = true, \
     .open = open_tool, .run = run_tool, .close = close_tool, __VA_ARGS__}
#define TOOL(...)    ROW(__VA_ARGS__, .probes = probe_none, .identify = identify_by_name)
#define NETWORK(...) ROW(__VA_ARGS__, .probes = probe_interface, .identify = identify_interface)

const struct source_type source_tool_types[] = {
    TOOL("antsdr-droneid", "antsdr_droneid", "DJI drones, through an AntSDR", .quiet = true, .probe = true),
    TOOL("bladerf-wiphy", "bladerf_wiphy", "Wi-Fi, through a bladeRF with bladeRF-wiphy", .tune = true, .hop = true, .probe = true, .list = true),
    TOOL("hak5wificoconut", "hak5_wifi_coconut", "Wi-Fi on every 2.4 GHz channel at once, through a Hak5 WiFi Coconut", .probe = true, .list = true),
    TOOL("kismetdb", "kismetdb", "Kismet's log database, played again", .file = true, .probe = true),
    TOOL("linuxbluetooth", "linux_bluetooth", "Bluetooth devices around, through a Linux adapter", .quiet = true, .probe = true, .list = true),
    NETWORK("linuxwifi", "linux_wifi", "Wi-Fi, through a Linux radio in monitor mode", .tune = true, .hop = true, .probe = true, .list = true),
    TOOL("openbsdwifi", "openbsd_wifi", "Wi-Fi, through an OpenBSD radio", .tune = true, .hop = true, .probe = true, .list = true),
    TOOL("osxcorewlanwifi", "osx_corewlan_wifi", "Wi-Fi, through a Mac's radio", .tune = true, .hop = true, .probe = true, .list = true),
    TOOL("pcapfile", "pcapfile", "Capture file on a sensor", .file = true, .probe = true),
    TOOL("radiacode-usb", "radiacode_usb", "Radiation, through a Radiacode", .quiet = true, .probe = true, .list = true),
    TOOL("radview", "serial_radview", "Radiation, through a RadView", .quiet = true, .probe = true),
    TOOL("rtl433", "sdr_rtl433", "Sensors and meters on 433 MHz, through rtl_433", .quiet = true, .probe = true, .list = true),
    TOOL("rtladsb", "sdr_rtladsb", "Aircraft, through an RTL-SDR", .quiet = true, .probe = true, .list = true),
};
const size_t source_tool_types_count = sizeof source_tool_types / sizeof *source_tool_types;
// clang-format on
