/* The event bus: who wants which topics, in which form, and the messages for them. An event is
 * encoded once for each form (topic, field list, format) that anybody wants and shared by all their
 * queues. Everything here is for the websocket thread, but event_bus_wants(). */
#ifndef NORN_SERVE_EVENT_BUS_H
#define NORN_SERVE_EVENT_BUS_H

#include <stdbool.h>

#include "serve/event/event_topics.h"
#include "serve/websocket/socket_command.h"
#include "serve/websocket/socket_room.h"

struct event_bus;

/* A form of a topic that somebody wants. */
struct event_form;

/* What one reader has of one topic: a seat among those who want the same form. */
struct event_seat {
    struct event_form *form; /* NULL: nothing */
    struct event_reader *reader;
    struct event_seat *next, *previous;
};

/* One socket's subscriptions. Zero it, set `socket`; event_bus_leave() before it goes. */
struct event_reader {
    struct websocket *socket;
    struct socket_room room;
    struct event_seat seats[EVENT_TOPICS];
};

/* An event: what its topic's parts are made of. */
struct event {
    enum event_topic_id topic;
    const void *records[EVENT_PARTS];
    struct value value; /* where the part is a single value */
};

/* NULL without memory. */
struct event_bus *event_bus_new(void);
void event_bus_free(struct event_bus *bus);

/* True while somebody wants the topic. Any thread. */
bool event_bus_wants(struct event_bus *bus, enum event_topic_id topic);

/* Has the reader told of a topic in the form the command asks for, instead of what it had. 0, or
 * -EINVAL, -E2BIG, -ENOSPC, -ENOMEM with a sentence in ret_why and no change. */
int event_bus_subscribe(struct event_bus *bus, struct event_reader *reader,
                        enum event_topic_id topic, const struct socket_command *command,
                        struct buffer *ret_why);

/* Harmless when it was not told. */
void event_bus_unsubscribe(struct event_bus *bus, struct event_reader *reader,
                           enum event_topic_id topic);
void event_bus_leave(struct event_bus *bus, struct event_reader *reader);

/* Encodes an event in every form that is wanted, for event_bus_send(); with the store's lock where
 * its records are the store's. */
void event_bus_write(struct event_bus *bus, const struct event *event, struct view *view);

/* Encodes and sends one to a single reader. */
void event_bus_tell(struct event_bus *bus, struct event_reader *reader, const struct event *event,
                    struct view *view);

/* True when enough was written that it should be sent before more is. */
bool event_bus_is_full(const struct event_bus *bus);

/* Puts what was written into the queues; without any lock. */
void event_bus_send(struct event_bus *bus);

/* False while most of those who want the topics (a set of bits) have yet to read what they were
 * told. */
bool event_bus_has_room(struct event_bus *bus, unsigned topics);

/* Events in one form that could not be encoded: out of memory, or too long. */
uint64_t event_bus_lost(const struct event_bus *bus);

#endif
