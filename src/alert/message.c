/* The message bus. See message.h. Lock order: the bus's before its backlog's. */
#include "alert/message.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/text.h"

struct message {
    struct backlog *backlog;
    uint64_t (*now_us)(void *context);
    void *context;
    pthread_mutex_t lock; /* keeps times in the order of the backlog */
    uint64_t newest_us;
};

struct message *message_new(uint32_t shown, uint64_t (*now_us)(void *context), void *context)
{
    struct message *bus = calloc(1, sizeof *bus);
    if (!bus)
        return NULL;
    pthread_mutex_init(&bus->lock, NULL);
    bus->now_us = now_us;
    bus->context = context;
    bus->backlog = backlog_new(sizeof(struct message_record), shown);
    if (!bus->backlog) {
        message_free(bus);
        return NULL;
    }
    return bus;
}

void message_free(struct message *bus)
{
    if (!bus)
        return;
    backlog_free(bus->backlog);
    pthread_mutex_destroy(&bus->lock);
    free(bus);
}

void message_post(struct message *bus, enum message_kind kind, const char *format, ...)
{
    struct message_record record = {.kind = kind};
    va_list arguments;
    if (!bus)
        return;
    va_start(arguments, format);
    vsnprintf(record.text, sizeof record.text, format, arguments);
    va_end(arguments);
    text_clean(record.text);
    pthread_mutex_lock(&bus->lock);
    uint64_t now = bus->now_us(bus->context);
    bus->newest_us = now > bus->newest_us ? now : bus->newest_us + 1;
    record.time_us = bus->newest_us;
    backlog_add(bus->backlog, &record);
    pthread_mutex_unlock(&bus->lock);
}

struct backlog *message_backlog(struct message *bus)
{
    return bus->backlog;
}
