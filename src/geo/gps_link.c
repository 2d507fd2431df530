/* One receiver's connection. See gps_link.h. */
#include "geo/gps_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FIRST_PAUSE_MS = 1000,
    LONGEST_PAUSE_MS = 30000,
    OPENING_MS = 20000, /* more than those who open allow themselves */
    QUIET_MS = 10000,   /* without a byte: ask */
    SILENT_MS = 30000,  /* without a byte: lost */
    STEADY_MS = 10000,  /* up for so long: pauses start anew */
    TOLD_MS = 60000,    /* between two outages that are told */
    WINDOW_MS = 1000,
    WINDOW_BYTES = 256 * 1024,
};

struct gps_link *gps_link_new(struct receiver *receiver, const struct gps_config *config,
                              pthread_mutex_t *lock)
{
    struct gps_link *link = calloc(1, sizeof *link);
    if (!link)
        return NULL;
    link->receiver = receiver;
    link->config = config;
    link->lock = lock;
    link->descriptor = -1;
    link->pause_ms = FIRST_PAUSE_MS;
    return link;
}

static void close_descriptor(struct gps_link *link)
{
    if (link->descriptor >= 0)
        close(link->descriptor);
    link->descriptor = -1;
}

void gps_link_free(struct gps_link *link)
{
    if (!link)
        return;
    close_descriptor(link);
    free(link);
}

static const struct gps_definition *definition_of(const struct gps_link *link)
{
    return &link->receiver->definition;
}

/* Writes into the record whether it is connected, and why not. */
static void set_connected(struct gps_link *link, bool is_connected, const char *error)
{
    struct gps_record *record = &link->receiver->record;
    pthread_mutex_lock(link->lock);
    record->connected = is_connected;
    snprintf(record->error, sizeof record->error, "%s", error);
    pthread_mutex_unlock(link->lock);
}

/* The name and description of a receiver never change. */
static void tell(struct gps_link *link, bool is_connected, const char *text)
{
    const struct gps_config *config = link->config;
    if (config->on_event)
        config->on_event(config->context, link->receiver->record.name, is_connected, text);
}

/* Of an outage that is not told its end is not either. */
static void tell_lost(struct gps_link *link, uint64_t now_ms, const char *reason)
{
    char text[256];
    bool ends = link->state == GPS_LINK_ENDED;
    if (link->told == GPS_LINK_TOLD_LOST ||
        (link->lost_ms && now_ms < link->lost_ms + TOLD_MS && !ends))
        return;
    snprintf(text, sizeof text, "%s: %s%s", link->receiver->record.description, reason,
             ends ? "" : "; it is tried again quietly");
    tell(link, false, text);
    link->told = GPS_LINK_TOLD_LOST;
    link->lost_ms = now_ms;
}

/* The connection could not be made, or broke: the next try after a pause, longer each time. */
static void lose(struct gps_link *link, uint64_t now_ms, const char *reason)
{
    bool was_open = link->state == GPS_LINK_OPEN;
    close_descriptor(link);
    set_connected(link, false, reason);
    if (was_open && link->is_lively && now_ms >= link->open_ms + STEADY_MS)
        link->pause_ms = FIRST_PAUSE_MS;
    link->state = definition_of(link)->reconnect ? GPS_LINK_WAITING : GPS_LINK_ENDED;
    link->due_ms = link->state == GPS_LINK_ENDED ? UINT64_MAX : now_ms + link->pause_ms;
    link->pause_ms = link->pause_ms < LONGEST_PAUSE_MS / 2 ? link->pause_ms * 2 : LONGEST_PAUSE_MS;
    tell_lost(link, now_ms, reason);
}

static void greet(struct gps_link *link)
{
    const char *greeting = definition_of(link)->type->greeting;
    size_t length = greeting ? strlen(greeting) : 0;
    if (length && send(link->descriptor, greeting, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return; /* whoever does not take it says nothing, and is given up for that */
}

static void try_to_open(struct gps_link *link, uint64_t now_ms)
{
    int pending = definition_of(link)->type->open(link->config, definition_of(link));
    if (pending < 0) {
        lose(link, now_ms, strerror(-pending));
        return;
    }
    link->state = GPS_LINK_OPENING;
    link->descriptor = pending;
    link->due_ms = now_ms + OPENING_MS;
}

static void finish_opening(struct gps_link *link, uint64_t now_ms)
{
    int opened = link->config->finish(link->config->context, link->descriptor);
    link->descriptor = -1; /* it is closed */
    if (opened < 0) {
        lose(link, now_ms, strerror(-opened));
        return;
    }
    link->state = GPS_LINK_OPEN;
    link->descriptor = opened;
    link->open_ms = now_ms;
    link->rest_ms = 0;
    link->due_ms = now_ms + QUIET_MS;
    link->is_asked = link->is_lively = false;
    link->lines.used = link->lines.taken = 0;
    link->lines.is_skipping = false;
    pthread_mutex_lock(link->lock);
    memset(&link->receiver->parser, 0, sizeof link->receiver->parser);
    pthread_mutex_unlock(link->lock);
    set_connected(link, true, "");
    greet(link);
}

void gps_link_tick(struct gps_link *link, uint64_t now_ms)
{
    if (now_ms < link->due_ms)
        return;
    switch (link->state) {
    case GPS_LINK_WAITING: try_to_open(link, now_ms); break;
    case GPS_LINK_OPENING: lose(link, now_ms, "no answer"); break;
    case GPS_LINK_OPEN:
        if (link->is_asked) {
            lose(link, now_ms, "silent");
            break;
        }
        greet(link);
        link->is_asked = true;
        link->due_ms = now_ms + SILENT_MS - QUIET_MS;
        break;
    case GPS_LINK_ENDED: break;
    }
}

/* The first line that makes sense since it was opened. */
static void come_alive(struct gps_link *link)
{
    link->is_lively = true;
    if (link->told != GPS_LINK_TOLD_FOUND)
        tell(link, true, link->receiver->record.description);
    link->told = GPS_LINK_TOLD_FOUND;
}

static void take_lines(struct gps_link *link, uint64_t wall_ns)
{
    const uint8_t *line;
    size_t length;
    while ((line = lines_next(&link->lines, &length))) {
        pthread_mutex_lock(link->lock);
        bool makes_sense = receiver_take(link->receiver, line, length, wall_ns);
        pthread_mutex_unlock(link->lock);
        if (makes_sense && !link->is_lively)
            come_alive(link);
    }
}

/* Whoever sends more in a second than any receiver has to say waits for the next one. */
static void count_bytes(struct gps_link *link, uint64_t now_ms, size_t count)
{
    if (now_ms >= link->window_ms + WINDOW_MS) {
        link->window_ms = now_ms;
        link->window_bytes = 0;
    }
    link->window_bytes += count;
    link->rest_ms = link->window_bytes > WINDOW_BYTES ? link->window_ms + WINDOW_MS : 0;
}

void gps_link_read(struct gps_link *link, uint64_t now_ms, uint64_t wall_ns)
{
    size_t size;
    if (link->state == GPS_LINK_OPENING) {
        finish_opening(link, now_ms);
        return;
    }
    uint8_t *room = lines_room(&link->lines, &size);
    ssize_t count = read(link->descriptor, room, size);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) { /* a terminal's other end that is gone is an I/O error */
        lose(link, now_ms,
             count == 0 || errno == EIO ? "closed by the other side" : strerror(errno));
        return;
    }
    lines_filled(&link->lines, (size_t)count);
    link->due_ms = now_ms + QUIET_MS;
    link->is_asked = false;
    count_bytes(link, now_ms, (size_t)count);
    take_lines(link, wall_ns);
}
