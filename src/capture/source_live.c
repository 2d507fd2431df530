/* Sources that listen to a network interface through a capture child: type `linuxwifi`.
 * Input: the child's messages (live_message.h), checked strictly. Output: frames, drop counts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/interface.h"
#include "capture/live_child.h"
#include "capture/live_message.h"
#include "capture/sources.h"
#include "capture/input_stream.h"
#include "util/bytes.h"
#include "util/hash.h"
#include "util/text.h"

enum {
    ENGINE_WAIT_MS = 50, /* for an empty batch, once a message; the kernel's ring holds the rest */
    LINKTYPE_ETHERNET = 1,
};

struct live {
    struct input_stream *stream;
    pid_t pid;
    uint16_t link_type;
    uint64_t kernel_drops; /* as the child said last */
    uint64_t interface_drops;
};

struct message {
    uint32_t type;
    struct reader body;
    size_t whole; /* bytes, header included */
};

static bool probe_live(const struct capture_config *config, const char *interface)
{
    struct interface row;
    return live_child_allow(interface) == 0 && interface_find(config, interface, &row);
}

/* The hardware address; a hash of the name for devices that have none or are not there. */
static uint64_t identify_live(const struct capture_config *config, const char *interface)
{
    struct interface row = {0};
    uint64_t address = 0;
    if (live_child_allow(interface) < 0)
        return 0;
    interface_find(config, interface, &row);
    for (size_t i = 0; i < sizeof row.address; i++)
        address = address << 8 | row.address[i];
    return address ? address : hash_weak(interface);
}

static int tell_nonsense(struct buffer *ret_why)
{
    buffer_add_text(ret_why, "the capture child sent what makes no sense");
    return -EPROTO;
}

/* Gathers bytes of the child's, looking at the commands when woken. */
static int gather(struct source *source, struct live *live, size_t want, struct buffer *ret_why)
{
    int result;
    while ((result = input_stream_fill(live->stream, want, true)) == -EINTR) {
        source_awake(source);
        if (source_interrupted(source))
            return -ECANCELED;
    }
    if (result == -ENODATA)
        buffer_add_text(ret_why, "the capture child ended without a word");
    else if (result < 0)
        input_stream_explain(live->stream, result, ret_why);
    return result == -ENODATA ? -EPIPE : result;
}

/* The child's next message; pass it over with input_stream_skip() when done with it. */
static int read_message(struct source *source, struct live *live, struct message *ret_message,
                        struct buffer *ret_why)
{
    int result = gather(source, live, LIVE_HEADER, ret_why);
    if (result < 0)
        return result;
    struct reader header = reader_over(input_stream_at(live->stream), LIVE_HEADER);
    uint32_t type = reader_le32(&header);
    uint32_t length = reader_le32(&header);
    if (length > LIVE_BODY_MAX)
        return tell_nonsense(ret_why);
    result = gather(source, live, LIVE_HEADER + (size_t)length, ret_why);
    if (result < 0)
        return result;
    ret_message->type = type;
    ret_message->whole = LIVE_HEADER + (size_t)length;
    ret_message->body = reader_over(input_stream_at(live->stream) + LIVE_HEADER, length);
    return 0;
}

static void add_sentence(struct reader *body, struct buffer *ret_why)
{
    size_t length = reader_left(body);
    const uint8_t *text = reader_bytes(body, length);
    if (length)
        text_add_printable(ret_why, text, length);
}

static void read_hardware(struct source *source, struct reader *body)
{
    struct source_status *status = &source->status;
    size_t length = reader_left(body);
    if (length >= sizeof status->hardware)
        length = sizeof status->hardware - 1;
    const uint8_t *name = reader_bytes(body, length);
    if (text_utf8_valid(name, length) != length)
        length = 0;
    if (length)
        memcpy(status->hardware, name, length);
    status->hardware[length] = '\0';
}

static int read_ready(struct source *source, struct live *live, struct buffer *ret_why)
{
    struct message message;
    int result = read_message(source, live, &message, ret_why);
    if (result < 0)
        return result;
    if (message.type == LIVE_FAILED) {
        add_sentence(&message.body, ret_why);
        return -ENODEV;
    }
    uint32_t link_type = reader_le32(&message.body);
    if (message.type != LIVE_READY || message.body.failed)
        return tell_nonsense(ret_why);
    live->link_type = (uint16_t)link_type;
    pthread_mutex_lock(&source->lock);
    source->status.link_type = link_type;
    source->status.child_pid = live->pid;
    read_hardware(source, &message.body);
    pthread_mutex_unlock(&source->lock);
    input_stream_skip(live->stream, message.whole);
    if (link_type == LINKTYPE_ETHERNET)
        source_warn(source, "not in monitor mode: its frames are Ethernet and are only counted");
    return 0;
}

static void close_live(struct source *source)
{
    struct live *live = source->state;
    if (!live)
        return;
    input_stream_free(live->stream);
    if (live->pid)
        source->config->stop_live(source->config->context, live->pid);
    free(live);
    source->state = NULL;
    pthread_mutex_lock(&source->lock);
    source->status.child_pid = 0;
    pthread_mutex_unlock(&source->lock);
}

static int start_child(struct source *source, struct live *live, struct buffer *ret_why)
{
    const struct capture_config *config = source->config;
    const char *interface = source->definition->interface;
    int descriptor;
    if (!config->start_live) {
        buffer_add_text(ret_why, "this program cannot capture from interfaces");
        return -ENOSYS;
    }
    if (!probe_live(config, interface)) {
        buffer_printf(ret_why, "there is no network interface \"%s\"", interface);
        return -ENODEV;
    }
    int result = config->start_live(config->context, interface, &descriptor, &live->pid);
    if (result < 0) {
        buffer_printf(ret_why, "the capture child of %s cannot be started: %s", interface,
                      strerror(-result));
        live->pid = 0;
        return result;
    }
    live->stream = input_stream_new(descriptor, source->wake);
    return live->stream ? read_ready(source, live, ret_why) : -ENOMEM;
}

static int open_live(struct source *source, struct buffer *ret_why)
{
    source->state = calloc(1, sizeof(struct live));
    return source->state ? start_child(source, source->state, ret_why) : -ENOMEM;
}

/* Adds the frames of a message, or throws them away while paused. */
static int read_frames(struct source *source, const struct live *live, struct reader *body,
                       struct buffer *ret_why)
{
    bool paused = atomic_load(&source->paused);
    int wait_ms = ENGINE_WAIT_MS;
    while (reader_left(body)) {
        struct frame frame = {.link_type = live->link_type};
        uint64_t time_ns = reader_le64(body);
        frame.length = reader_le32(body);
        frame.original_length = reader_le32(body);
        if (!body->failed && frame.length > FRAME_BYTES_MAX)
            return tell_nonsense(ret_why);
        frame.data = reader_bytes(body, frame.length);
        if (body->failed)
            return tell_nonsense(ret_why);
        if (paused)
            continue;
        source->fresh.cut += frame.original_length > FRAME_BYTES_MAX;
        if (!source_add(source, &frame, time_ns, wait_ms))
            wait_ms = 0;
    }
    return 0;
}

static int read_statistics(struct source *source, struct live *live, struct reader *body,
                           struct buffer *ret_why)
{
    uint64_t kernel_drops = reader_le64(body);
    uint64_t interface_drops = reader_le64(body);
    if (body->failed || kernel_drops < live->kernel_drops ||
        interface_drops < live->interface_drops)
        return tell_nonsense(ret_why);
    pthread_mutex_lock(&source->lock);
    source->status.counts.kernel_drops += kernel_drops - live->kernel_drops;
    source->status.counts.interface_drops += interface_drops - live->interface_drops;
    pthread_mutex_unlock(&source->lock);
    live->kernel_drops = kernel_drops;
    live->interface_drops = interface_drops;
    return 0;
}

static int act_on(struct source *source, struct live *live, struct message *message,
                  struct buffer *ret_why)
{
    switch (message->type) {
    case LIVE_FRAMES: return read_frames(source, live, &message->body, ret_why);
    case LIVE_STATISTICS: return read_statistics(source, live, &message->body, ret_why);
    case LIVE_ENDED: add_sentence(&message->body, ret_why); return -ENETDOWN;
    default: return tell_nonsense(ret_why);
    }
}

static int run_live(struct source *source, struct buffer *ret_why)
{
    struct live *live = source->state;
    while (!source_interrupted(source)) {
        struct message message;
        int result = read_message(source, live, &message, ret_why);
        if (result < 0)
            return result;
        result = act_on(source, live, &message, ret_why);
        source_flush(source);
        if (result < 0)
            return result;
        input_stream_skip(live->stream, message.whole);
    }
    return -ECANCELED;
}

const struct source_type source_live_type = {
    .name = "linuxwifi",
    .description = "Network interface in monitor mode, through libpcap",
    .tool = "kismet_cap_linux_wifi",
    .probe = true,
    .list = true,
    .local = true,
    .probes = probe_live,
    .identify = identify_live,
    .open = open_live,
    .run = run_live,
    .close = close_live,
};
