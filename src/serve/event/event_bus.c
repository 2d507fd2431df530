/* Forms, seats and the messages between them. See event_bus.h. */
#include "serve/event/event_bus.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "serve/websocket/socket_form.h"

enum {
    EVENT_CEILING = 4 * 1024 * 1024, /* bytes of one event */
    OUTBOX = 64,                     /* messages written before they are sent */
    OUTBOX_BYTES = 256 * 1024,
};

struct event_form {
    struct event_form *next;
    struct event_seat *seats;
    enum event_topic_id topic;
    struct socket_form *form;
};

struct letter {
    const struct event_form *form;
    struct websocket_message *message;
};

struct event_bus {
    struct event_form *forms[EVENT_TOPICS];
    struct socket_forms shared;
    atomic_uint wanted; /* set of topics */
    atomic_ullong lost;
    struct buffer room; /* where events are encoded */
    struct letter *outbox;
    size_t letter_count, letter_limit, letter_bytes;
};

struct event_bus *event_bus_new(void)
{
    struct event_bus *bus = calloc(1, sizeof *bus);
    if (bus)
        bus->room.ceiling = EVENT_CEILING;
    return bus;
}

static void drop_letters(struct event_bus *bus)
{
    for (size_t i = 0; i < bus->letter_count; i++)
        websocket_message_unref(bus->outbox[i].message);
    bus->letter_count = bus->letter_bytes = 0;
}

void event_bus_free(struct event_bus *bus)
{
    if (!bus)
        return;
    drop_letters(bus);
    free(bus->outbox);
    buffer_done(&bus->room);
    free(bus);
}

bool event_bus_wants(struct event_bus *bus, enum event_topic_id topic)
{
    return atomic_load_explicit(&bus->wanted, memory_order_relaxed) & 1u << topic;
}

uint64_t event_bus_lost(const struct event_bus *bus)
{
    return atomic_load(&bus->lost);
}

/* ---- forms */

/* The form that the command asks for, made when nobody has it yet; NULL with errno set. */
static struct event_form *get_form(struct event_bus *bus, enum event_topic_id topic,
                                   const struct socket_command *command, struct buffer *ret_why)
{
    struct socket_form_parts parts = {0};
    for (int i = 0; i < EVENT_PARTS; i++)
        parts.types[i] = event_topics[topic].parts[i].type;
    struct socket_form *shared = socket_form_get(&bus->shared, &parts, command, ret_why);
    struct event_form *form = bus->forms[topic];
    if (!shared)
        return NULL;
    while (form && form->form != shared)
        form = form->next;
    struct event_form *made = form ? NULL : malloc(sizeof *made);
    if (!made) {
        socket_form_unref(&bus->shared, shared);
        errno = ENOMEM;
        return form;
    }
    *made = (struct event_form){.next = bus->forms[topic], .topic = topic, .form = shared};
    bus->forms[topic] = made;
    atomic_fetch_or(&bus->wanted, 1u << topic);
    return made;
}

static void drop_form(struct event_bus *bus, struct event_form *form)
{
    struct event_form **link = &bus->forms[form->topic];
    while (*link != form)
        link = &(*link)->next;
    *link = form->next;
    if (!bus->forms[form->topic])
        atomic_fetch_and(&bus->wanted, ~(1u << form->topic));
    socket_form_unref(&bus->shared, form->form);
    free(form);
}

/* ---- seats */

static void sit(struct event_seat *seat, struct event_form *form)
{
    seat->form = form;
    seat->previous = NULL;
    seat->next = form->seats;
    if (seat->next)
        seat->next->previous = seat;
    form->seats = seat;
}

static void stand_up(struct event_bus *bus, struct event_seat *seat)
{
    struct event_form *form = seat->form;
    if (seat->next)
        seat->next->previous = seat->previous;
    if (seat->previous)
        seat->previous->next = seat->next;
    else
        form->seats = seat->next;
    seat->form = NULL;
    if (!form->seats)
        drop_form(bus, form);
}

int event_bus_subscribe(struct event_bus *bus, struct event_reader *reader,
                        enum event_topic_id topic, const struct socket_command *command,
                        struct buffer *ret_why)
{
    struct event_seat *seat = &reader->seats[topic];
    struct event_form *form = get_form(bus, topic, command, ret_why);
    if (!form) {
        if (!ret_why->length)
            buffer_add_text(ret_why, "out of memory");
        return -errno;
    }
    if (form == seat->form)
        return 0;
    event_bus_unsubscribe(bus, reader, topic);
    seat->reader = reader;
    sit(seat, form);
    return 0;
}

void event_bus_unsubscribe(struct event_bus *bus, struct event_reader *reader,
                           enum event_topic_id topic)
{
    if (reader->seats[topic].form)
        stand_up(bus, &reader->seats[topic]);
}

void event_bus_leave(struct event_bus *bus, struct event_reader *reader)
{
    for (int topic = 0; topic < EVENT_TOPICS; topic++)
        event_bus_unsubscribe(bus, reader, (enum event_topic_id)topic);
}

/* ---- events */

static void write_part(struct emitter *emitter, const struct event_form *form, int part,
                       const struct event *event, struct view *view)
{
    const struct event_part *row = &event_topics[form->topic].parts[part];
    struct value key = {.type = FIELD_STRING, .text = row->key, .length = strlen(row->key)};
    emit_key(emitter, FIELD_MAP_STRING, &key);
    if (row->type)
        emit_record(emitter, row->type, form->form->projections[part], event->records[part], view);
    else
        emit_value(emitter, &event->value);
}

/* The event in that form; NULL when it cannot be, which counts. */
static struct websocket_message *encode(struct event_bus *bus, const struct event_form *form,
                                        const struct event *event, struct view *view)
{
    const struct event_topic *topic = &event_topics[form->topic];
    struct emitter emitter = {.buffer = &bus->room, .format = form->form->format};
    uint32_t count = topic->parts[1].key ? 2 : 1;
    bus->room.length = 0;
    bus->room.failed = false;
    emit_map_begin(&emitter, FIELD_MAP_STRING, count);
    for (uint32_t i = 0; i < count; i++)
        write_part(&emitter, form, (int)i, event, view);
    emit_map_end(&emitter);
    struct websocket_message *message = socket_command_message(form->form->format, &bus->room);
    if (!message)
        atomic_fetch_add(&bus->lost, 1);
    if (bus->room.capacity > OUTBOX_BYTES)
        buffer_done(&bus->room);
    return message;
}

static bool reserve_letter(struct event_bus *bus)
{
    if (bus->letter_count < bus->letter_limit)
        return true;
    size_t limit = bus->letter_limit ? bus->letter_limit * 2 : OUTBOX;
    struct letter *outbox = realloc(bus->outbox, limit * sizeof *outbox);
    if (!outbox)
        return false;
    bus->outbox = outbox;
    bus->letter_limit = limit;
    return true;
}

void event_bus_write(struct event_bus *bus, const struct event *event, struct view *view)
{
    for (const struct event_form *form = bus->forms[event->topic]; form; form = form->next) {
        struct websocket_message *message =
            reserve_letter(bus) ? encode(bus, form, event, view) : NULL;
        if (!message)
            continue;
        bus->outbox[bus->letter_count++] = (struct letter){form, message};
        bus->letter_bytes += message->length;
    }
}

void event_bus_tell(struct event_bus *bus, struct event_reader *reader, const struct event *event,
                    struct view *view)
{
    const struct event_form *form = reader->seats[event->topic].form;
    struct websocket_message *message = form ? encode(bus, form, event, view) : NULL;
    if (message)
        websocket_send(reader->socket, message);
    websocket_message_unref(message);
}

bool event_bus_is_full(const struct event_bus *bus)
{
    return bus->letter_count >= OUTBOX || bus->letter_bytes >= OUTBOX_BYTES;
}

void event_bus_send(struct event_bus *bus)
{
    for (size_t i = 0; i < bus->letter_count; i++) {
        const struct letter *letter = &bus->outbox[i];
        for (const struct event_seat *seat = letter->form->seats; seat; seat = seat->next)
            websocket_send(seat->reader->socket, letter->message);
    }
    drop_letters(bus);
}

/* Adds how many want the form, and how many of them have room. */
static void count_room(const struct event_form *form, unsigned *seats, unsigned *free_seats)
{
    for (struct event_seat *seat = form->seats; seat; seat = seat->next) {
        *seats += 1;
        *free_seats += socket_room_left(&seat->reader->room, seat->reader->socket);
    }
}

bool event_bus_has_room(struct event_bus *bus, unsigned topics)
{
    unsigned seats = 0, free_seats = 0;
    for (unsigned topic = 0; topic < EVENT_TOPICS; topic++)
        for (const struct event_form *form = bus->forms[topic]; form; form = form->next)
            if (topics & 1u << topic)
                count_room(form, &seats, &free_seats);
    return 2 * free_seats >= seats;
}
