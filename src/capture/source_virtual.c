/* Sources without a radio of ours: what others found is posted to them over HTTP; type `virtual`.
 * Input: frames left in the inbox by source_virtual_post(). Output: the same frames into the queue,
 * from the source's own thread. */
#include <errno.h>
#include <string.h>

#include "capture/sources.h"
#include "util/hash.h"

enum {
    INBOX_BYTES = 4 * 1024 * 1024,
    QUEUE_WAIT_MS = 1000, /* for an empty batch: reports are few, and nobody sends them again */
};

/* A frame in the inbox; its bytes follow. */
struct posted {
    struct frame frame;
    struct frame_extra extra;
    bool has_extra;
};

/* With the source locked: adds the frames to its inbox, all of them or none. */
static int add_to_inbox(struct buffer *inbox, const struct frame *frames, size_t count)
{
    size_t before = inbox->length;
    inbox->ceiling = INBOX_BYTES;
    for (size_t i = 0; i < count; i++) {
        struct posted posted = {.frame = frames[i], .has_extra = frames[i].extra != NULL};
        if (posted.has_extra)
            posted.extra = *frames[i].extra;
        buffer_add(inbox, &posted, sizeof posted);
        buffer_add(inbox, frames[i].data, frames[i].length);
    }
    if (!inbox->failed)
        return 0;
    inbox->length = before;
    inbox->failed = false;
    return -EAGAIN;
}

int source_virtual_post(struct source *source, const struct frame *frames, size_t count,
                        struct buffer *ret_why)
{
    int result;
    const char *wrong;
    pthread_mutex_lock(&source->lock);
    if (strcmp(source->status.type, source_virtual_type.name) != 0) {
        result = -EOPNOTSUPP;
        wrong = "is no virtual one: nothing can be posted to it";
    } else if (source->status.state == SOURCE_CLOSED) {
        result = -ESHUTDOWN;
        wrong = "is closed";
    } else {
        result = add_to_inbox(&source->inbox, frames, count);
        wrong = "has too many reports waiting";
    }
    if (result < 0)
        buffer_printf(ret_why, "source %s %s", source->status.name, wrong);
    pthread_mutex_unlock(&source->lock);
    source_wake(source);
    return result;
}

static struct buffer take_inbox(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    struct buffer inbox = source->inbox;
    source->inbox = (struct buffer){0};
    pthread_mutex_unlock(&source->lock);
    return inbox;
}

/* Hands on what was posted; while paused it is thrown away, as a radio's frames are. */
static void deliver(struct source *source, const struct buffer *inbox)
{
    struct posted posted;
    for (size_t at = 0; at < inbox->length; at += sizeof posted + posted.frame.length) {
        memcpy(&posted, inbox->data + at, sizeof posted);
        posted.frame.data = inbox->data + at + sizeof posted;
        posted.frame.extra = posted.has_extra ? &posted.extra : NULL;
        if (!atomic_load(&source->paused))
            source_add(source, &posted.frame, posted.frame.time_ns, QUEUE_WAIT_MS);
    }
    source_flush(source);
}

static bool probe_virtual(const struct capture_config *config, const char *interface)
{
    return false;
}

static uint64_t identify_virtual(const struct capture_config *config, const char *interface)
{
    return hash_weak(interface);
}

static int open_virtual(struct source *source, struct buffer *ret_why)
{
    return 0;
}

static int run_virtual(struct source *source, struct buffer *ret_why)
{
    while (!source_interrupted(source)) {
        struct buffer inbox = take_inbox(source);
        if (inbox.length)
            deliver(source, &inbox);
        else
            source_sleep(source, 0);
        buffer_done(&inbox);
    }
    return -ECANCELED;
}

static void close_virtual(struct source *source)
{
    struct buffer inbox = take_inbox(source);
    buffer_done(&inbox);
}

const struct source_type source_virtual_type = {
    .name = "virtual",
    .description = "Reports of others' scans, posted over HTTP",
    .tool = "norn_virtual",
    .quiet = true,
    .elsewhere = true,
    .probes = probe_virtual,
    .identify = identify_virtual,
    .open = open_virtual,
    .run = run_virtual,
    .close = close_virtual,
};
