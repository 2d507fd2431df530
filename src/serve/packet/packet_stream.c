/* The streams under way: a filter, a bounded run of bytes and a waker each. See packet_stream.h. */
#include "serve/packet/packet_stream.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/pcapng_write.h"
#include "serve/monitor.h"
#include "serve/http/reply.h"
#include "serve/http/waker.h"

enum {
    WAITING_BYTES = 4 * 1024 * 1024, /* of one stream: a second of a busy channel */
    INTERFACES = 128,                /* source and link type, in one stream */
    QUIET_SECONDS = 10,              /* after which a stream says that it is there */
};

struct interface {
    uint16_t source, link_type;
};

struct packet_stream {
    struct packet_stream *next;
    struct packet_streams *streams;
    struct stream_record record;
    struct packet_filter filter;
    struct waker *waker;
    struct buffer waiting; /* from `sent` on */
    size_t sent;
    bool is_closed; /* by command */
    uint64_t last_seconds;
    unsigned interface_count;
    struct interface interfaces[INTERFACES];
};

struct packet_streams {
    struct monitor *monitor;
    pthread_mutex_t lock;
    struct packet_stream *first;
    unsigned count;
    uint64_t last_id;
    atomic_uint active; /* `count`, for the engine to look at */
};

struct packet_streams *packet_streams_new(struct monitor *monitor)
{
    struct packet_streams *streams = calloc(1, sizeof *streams);
    if (!streams)
        return NULL;
    streams->monitor = monitor;
    pthread_mutex_init(&streams->lock, NULL);
    return streams;
}

void packet_streams_free(struct packet_streams *streams)
{
    if (!streams)
        return;
    pthread_mutex_destroy(&streams->lock);
    free(streams);
}

/* Makes room by dropping what has gone out. */
static void compact(struct packet_stream *stream)
{
    struct buffer *waiting = &stream->waiting;
    memmove(waiting->data, waiting->data + stream->sent, waiting->length - stream->sent);
    waiting->length -= stream->sent;
    stream->sent = 0;
}

/* Number of the frame's interface in the stream, written when it is new; negative when there are
 * too many. */
static int find_interface(struct packet_stream *stream, const struct frame *frame)
{
    for (unsigned i = 0; i < stream->interface_count; i++)
        if (stream->interfaces[i].source == frame->source &&
            stream->interfaces[i].link_type == frame->link_type)
            return (int)i;
    struct source_status *status = malloc(sizeof *status);
    int number = -1;
    if (status && stream->interface_count < INTERFACES &&
        capture_snapshot(stream->streams->monitor->capture, frame->source, status) == 0) {
        number = (int)stream->interface_count++;
        stream->interfaces[number] = (struct interface){frame->source, frame->link_type};
        pcapng_write_interface(&stream->waiting, frame->link_type, status->interface, status->name);
    }
    free(status);
    return number;
}

static void add_packet(struct packet_stream *stream, const struct frame *frame)
{
    if (stream->sent > WAITING_BYTES / 2)
        compact(stream);
    int interface = find_interface(stream, frame);
    size_t size = pcapng_packet_size(frame);
    if (interface < 0 || stream->waiting.length - stream->sent + size > WAITING_BYTES) {
        stream->record.drops++;
        return;
    }
    pcapng_write_packet(&stream->waiting, (uint32_t)interface, frame);
    stream->record.packets++;
}

static void hear(struct packet_stream *stream, const struct batch *batch,
                 const struct packet *packets)
{
    size_t before = stream->waiting.length - stream->sent;
    if (stream->record.paused)
        return;
    for (uint32_t i = 0; i < batch->count; i++)
        if (batch->frames[i].link_type != FRAME_REPORT &&
            packet_filter_fits(&stream->filter, &packets[i]))
            add_packet(stream, &batch->frames[i]);
    if (stream->waiting.length - stream->sent > before)
        waker_wake(stream->waker);
}

void packet_streams_hear(struct packet_streams *streams, const struct batch *batch,
                         const struct packet *packets)
{
    if (!atomic_load_explicit(&streams->active, memory_order_relaxed))
        return;
    pthread_mutex_lock(&streams->lock);
    for (struct packet_stream *stream = streams->first; stream; stream = stream->next)
        hear(stream, batch, packets);
    pthread_mutex_unlock(&streams->lock);
}

void packet_streams_tick(struct packet_streams *streams)
{
    uint64_t now = monitor_now();
    pthread_mutex_lock(&streams->lock);
    for (struct packet_stream *stream = streams->first; stream; stream = stream->next) {
        bool is_quiet = stream->waiting.length == stream->sent && stream->interface_count;
        if (!is_quiet || now < stream->last_seconds + QUIET_SECONDS)
            continue;
        pcapng_write_statistics(&stream->waiting, 0, now * 1000000000, stream->record.packets,
                                stream->record.drops);
        waker_wake(stream->waker);
    }
    pthread_mutex_unlock(&streams->lock);
}

static int fill(void *context, struct buffer *buffer, size_t goal)
{
    struct packet_stream *stream = context;
    struct packet_streams *streams = stream->streams;
    pthread_mutex_lock(&streams->lock);
    size_t left = stream->waiting.length - stream->sent;
    size_t count = left < goal ? left : goal;
    if (count)
        buffer_add(buffer, stream->waiting.data + stream->sent, count);
    stream->sent += count;
    stream->record.bytes += count;
    stream->last_seconds = count ? monitor_now() : stream->last_seconds;
    if (count && count == left)
        compact(stream);
    int state = stream->is_closed && count == left ? REPLY_END : count ? REPLY_MORE : REPLY_WAIT;
    pthread_mutex_unlock(&streams->lock);
    return state;
}

static void free_stream(void *context)
{
    struct packet_stream *stream = context;
    struct packet_streams *streams = stream->streams;
    pthread_mutex_lock(&streams->lock);
    struct packet_stream **link = &streams->first;
    while (*link != stream)
        link = &(*link)->next;
    *link = stream->next;
    streams->count--;
    atomic_store(&streams->active, streams->count);
    pthread_mutex_unlock(&streams->lock);
    waker_unref(stream->waker);
    buffer_done(&stream->waiting);
    free(stream);
}

static void describe(struct packet_stream *stream, struct request *request, const char *file,
                     const char *description)
{
    struct stream_record *record = &stream->record;
    record->time = stream->last_seconds = monitor_now();
    snprintf(record->name, sizeof record->name, "%s", file);
    snprintf(record->path, sizeof record->path, "%s", request_path(request));
    snprintf(record->description, sizeof record->description, "%.100s to %s", description,
             request_peer(request));
}

/* A new stream among those under way; NULL when there are too many. */
static struct packet_stream *add_stream(struct packet_streams *streams,
                                        const struct packet_filter *filter)
{
    struct packet_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->waker = waker_new();
    stream->streams = streams;
    stream->filter = *filter;
    stream->waiting.ceiling = 2 * WAITING_BYTES;
    pcapng_write_section(&stream->waiting, "norn " NORN_VERSION);
    pthread_mutex_lock(&streams->lock);
    bool has_room = stream->waker && !stream->waiting.failed && streams->count < PACKET_STREAMS;
    if (has_room) {
        stream->record.id = (double)++streams->last_id;
        stream->next = streams->first;
        streams->first = stream;
        atomic_store(&streams->active, ++streams->count);
    }
    pthread_mutex_unlock(&streams->lock);
    if (has_room)
        return stream;
    waker_unref(stream->waker);
    buffer_done(&stream->waiting);
    free(stream);
    return NULL;
}

void packet_stream_reply(struct request *request, const struct packet_filter *filter,
                         const char *file, const char *description)
{
    struct packet_streams *streams = monitor_of(request)->packet_streams;
    char header[STREAM_TEXT + 64];
    snprintf(header, sizeof header, "attachment; filename=\"%s\"", file);
    reply_header(request, "Content-Disposition", header);
    struct packet_stream *stream = add_stream(streams, filter);
    if (!stream) {
        reply_error(request, 503, "%d packet streams are under way, the most there may be",
                    PACKET_STREAMS);
        return;
    }
    pthread_mutex_lock(&streams->lock);
    describe(stream, request, file, description);
    pthread_mutex_unlock(&streams->lock);
    reply_live(request, "application/vnd.tcpdump.pcap", fill, stream, free_stream,
               waker_ref(stream->waker));
}

size_t packet_streams_list(struct packet_streams *streams, struct stream_record *ret_records)
{
    size_t count = 0;
    pthread_mutex_lock(&streams->lock);
    for (struct packet_stream *stream = streams->first; stream; stream = stream->next)
        ret_records[count++] = stream->record;
    pthread_mutex_unlock(&streams->lock);
    return count;
}

int packet_stream_close(struct packet_streams *streams, uint64_t id)
{
    int error = -ENOENT;
    pthread_mutex_lock(&streams->lock);
    for (struct packet_stream *stream = streams->first; stream; stream = stream->next)
        if ((uint64_t)stream->record.id == id) {
            stream->is_closed = true;
            waker_wake(stream->waker);
            error = 0;
        }
    pthread_mutex_unlock(&streams->lock);
    return error;
}
