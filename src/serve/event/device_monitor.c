/* Monitors of devices. See device_monitor.h. Changes are marked with the seconds of the store,
 * which never go back (track/store.h): a pass tells of what was marked since the last pass began. A
 * device that changes again within the second of a pass is told of in the next one too; none is
 * missed. */
#include "serve/event/device_monitor.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "serve/event/monitor_command.h"
#include "serve/event/record_share.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"
#include "serve/websocket/socket_room.h"
#include "serve/websocket/websocket_task.h"
#include "track/device.h"
#include "util/clock.h"

enum {
    TICK_MILLISECONDS = 50,
    STEP_RECORDS = 64, /* written under one hold of the lock */
    STEP_BYTES = 64 * 1024,
    STEP_SLOTS = 16384, /* looked at */
    QUEUE_LIMIT = 8 * 1024 * 1024,
    RECORD_CEILING = 4 * 1024 * 1024,
    ORDERS_MAX = 1024, /* requests of one client */
};

/* A request of a client, and how far it is carried out. */
struct order {
    struct order *next; /* of the client */
    struct order *next_active, *previous_active;
    struct client *client;
    struct monitor_request request;
    struct socket_form *form;
    struct query query;
    /* The pass under way, and the next. */
    bool is_active;
    uint64_t due;   /* mark from which on a pass begins */
    uint64_t begun; /* mark of the pass under way: where the next one begins */
    uint32_t at;    /* id, or phy where it is named, where it goes on */
};

struct client {
    struct client *next, *previous;
    struct device_monitors *monitors;
    struct websocket *socket;
    struct query within;
    struct order *orders;
    unsigned order_count;
    struct socket_room room;
};

struct device_monitors {
    struct store *store;
    struct websocket_task task;
    struct client *clients;
    struct order *first_active, *last_active; /* by their turns */
    unsigned active_count;
    uint64_t mark; /* newest that was looked at */
    struct socket_forms forms;
    struct record_share share;
    struct buffer room; /* where records are encoded */
    struct websocket_message *letters[STEP_RECORDS];
    atomic_ullong lost;
};

struct device_monitors *device_monitor_new(struct store *store)
{
    struct device_monitors *monitors = calloc(1, sizeof *monitors);
    if (!monitors)
        return NULL;
    monitors->store = store;
    monitors->room.ceiling = RECORD_CEILING;
    return monitors;
}

void device_monitor_free(struct device_monitors *monitors)
{
    if (monitors)
        buffer_done(&monitors->room);
    free(monitors);
}

uint64_t device_monitor_lost(const struct device_monitors *monitors)
{
    return monitors ? atomic_load(&monitors->lost) : 0;
}

/* ---- the order of turns */

static void activate(struct device_monitors *monitors, struct order *order)
{
    order->is_active = true;
    order->next_active = NULL;
    order->previous_active = monitors->last_active;
    *(monitors->last_active ? &monitors->last_active->next_active : &monitors->first_active) =
        order;
    monitors->last_active = order;
    monitors->active_count++;
}

static void deactivate(struct device_monitors *monitors, struct order *order)
{
    if (!order->is_active)
        return;
    *(order->next_active ? &order->next_active->previous_active : &monitors->last_active) =
        order->previous_active;
    *(order->previous_active ? &order->previous_active->next_active : &monitors->first_active) =
        order->next_active;
    order->is_active = false;
    monitors->active_count--;
}

/* ---- a step of a pass */

/* The device's record as a message, with the read lock: one that another was told since the pass
 * began, or a new one. NULL when it cannot be now. */
static struct websocket_message *encode(struct device_monitors *monitors, const struct order *order,
                                        const struct device *device, struct view *view)
{
    const struct socket_form *form = order->form;
    struct websocket_message *message =
        record_share_find(&monitors->share, form, device, order->begun);
    if (message)
        return message;
    struct emitter emitter = {.buffer = &monitors->room, .format = form->format};
    monitors->room.length = 0;
    monitors->room.failed = false;
    emit_record(&emitter, &device_type, form->projections[0], device, view);
    message = socket_command_message(form->format, &monitors->room);
    if (message)
        record_share_keep(&monitors->share, form, device, monitors->store->server_now, message);
    return message;
}

static bool fits(const struct store *store, const struct query *query, uint32_t id)
{
    return query_scan(store, query, id, id - id % 64 + 64) == id;
}

/* The next device of the address that is asked for. */
static const struct device *find_named(const struct store *store, struct order *order)
{
    const struct monitor_request *request = &order->request;
    struct macaddr mac = macaddr_from_u64(request->key.mac);
    while (order->at < store->phy_count) {
        uint8_t phy = (uint8_t)order->at++;
        bool is_phy = !request->has_key || store->phys[phy].key == request->key.phy;
        const struct device *device = is_phy ? device_find(store, phy, mac) : NULL;
        if (device && fits(store, &order->query, device->id))
            return device;
    }
    return NULL;
}

/* The next device that the pass is to tell of; NULL at its end, or that of what may be looked at in
 * one step. */
static const struct device *find_next(const struct store *store, struct order *order, uint32_t end)
{
    if (order->request.is_named)
        return find_named(store, order);
    uint32_t id = query_scan(store, &order->query, order->at, end);
    order->at = id == STORE_NONE ? end : id + 1;
    return id == STORE_NONE ? NULL : store_device(store, id);
}

/* Writes what one step may; how many messages there are. With the read lock. */
static size_t write_some(struct device_monitors *monitors, struct order *order, struct view *view)
{
    uint32_t end = order->at - order->at % 64 + STEP_SLOTS;
    size_t count = 0, bytes = 0;
    const struct device *device;
    while (count < STEP_RECORDS && bytes < STEP_BYTES &&
           (device = find_next(monitors->store, order, end))) {
        struct websocket_message *message = encode(monitors, order, device, view);
        if (!message && !monitors->room.failed) { /* too many wait everywhere: again later */
            order->at = order->request.is_named ? device->phy : device->id;
            break;
        }
        if (message) {
            bytes += message->length;
            monitors->letters[count++] = message;
        } else {
            atomic_fetch_add(&monitors->lost, 1);
        }
    }
    return count;
}

/* Goes on with a pass; false when that was its end. */
static bool step(struct device_monitors *monitors, struct order *order)
{
    struct store *store = monitors->store;
    struct view view;
    struct view_tables tables;
    store_lock_read(store);
    store_view(store, monitor_now(), &view, &tables);
    size_t count = write_some(monitors, order, &view);
    bool more = order->at < (order->request.is_named ? store->phy_count : store->slot_count);
    store_unlock(store);
    for (size_t i = 0; i < count; i++) {
        websocket_send(order->client->socket, monitors->letters[i]);
        websocket_message_unref(monitors->letters[i]);
    }
    if (monitors->room.capacity > STEP_BYTES)
        buffer_done(&monitors->room);
    return more;
}

/* ---- runs */

static void begin_pass(struct device_monitors *monitors, struct order *order)
{
    order->query.since = order->begun;
    order->begun = monitors->mark;
    order->due = monitors->mark + order->request.rate;
    order->at = 0;
    activate(monitors, order);
}

/* Begins the passes that are due at a new mark. */
static void begin_passes(struct device_monitors *monitors)
{
    store_lock_read(monitors->store);
    uint64_t mark = monitors->store->server_now;
    store_unlock(monitors->store);
    if (mark == monitors->mark)
        return;
    monitors->mark = mark;
    for (struct client *client = monitors->clients; client; client = client->next)
        for (struct order *order = client->orders; order; order = order->next)
            if (!order->is_active && order->due <= mark)
                begin_pass(monitors, order);
}

/* Gives each active order a step, those whose clients read; false when none could go on. */
static bool go_round(struct device_monitors *monitors, uint64_t end)
{
    bool went = false;
    for (unsigned left = monitors->active_count; left && clock_monotonic_ns() < end; left--) {
        struct order *order = monitors->first_active;
        deactivate(monitors, order);
        if (!socket_room_left(&order->client->room, order->client->socket)) {
            activate(monitors, order);
            continue;
        }
        uint32_t at = order->at;
        bool more = step(monitors, order);
        went |= !more || order->at != at;
        if (more)
            activate(monitors, order);
        else if (order->due <= monitors->mark)
            begin_pass(monitors, order);
    }
    return went;
}

static void run(struct websocket_task *task, bool stopping)
{
    struct device_monitors *monitors =
        (struct device_monitors *)((char *)task - offsetof(struct device_monitors, task));
    uint64_t end = clock_monotonic_ns() + WEBSOCKET_TASK_TURN;
    bool went = true;
    if (stopping)
        return;
    begin_passes(monitors);
    while (went && monitors->active_count && clock_monotonic_ns() < end)
        went = go_round(monitors, end);
    if (!monitors->active_count)
        record_share_forget(&monitors->share);
    else if (went)
        websocket_task_wake(&monitors->task);
}

/* ---- commands */

static void free_order(struct device_monitors *monitors, struct order *order)
{
    deactivate(monitors, order);
    if (order->form)
        record_share_forget(&monitors->share);
    socket_form_unref(&monitors->forms, order->form);
    free(order);
}

/* Harmless when the client has none of that name. */
static void drop_order(struct client *client, const char *name)
{
    struct order **link = &client->orders;
    while (*link && strcmp((*link)->request.name, name) != 0)
        link = &(*link)->next;
    struct order *order = *link;
    if (!order)
        return;
    *link = order->next;
    client->order_count--;
    free_order(client->monitors, order);
}

/* What the devices must be like: those the client may see, and what the request says. */
static struct query query_of(const struct client *client, const struct monitor_request *request)
{
    struct query query = client->within;
    query.has_since = true;
    query.has_mac = request->has_mask;
    query.mac = request->mac;
    query.mask = request->mask;
    return query;
}

/* Replaces the client's order of that name, or adds one, which begins at once. */
static int give_order(struct client *client, const struct monitor_request *request,
                      struct socket_form *form, struct buffer *ret_why)
{
    drop_order(client, request->name);
    if (client->order_count >= ORDERS_MAX) {
        buffer_printf(ret_why, "there may be %d requests at most", ORDERS_MAX);
        return -ENOSPC;
    }
    struct order *order = malloc(sizeof *order);
    if (!order) {
        buffer_add_text(ret_why, "out of memory");
        return -ENOMEM;
    }
    *order = (struct order){.next = client->orders,
                            .client = client,
                            .request = *request,
                            .form = socket_form_ref(form),
                            .query = query_of(client, request)};
    client->orders = order;
    client->order_count++;
    client->monitors->mark = 0;
    websocket_task_wake(&client->monitors->task);
    return 0;
}

static int begin_request(struct client *client, const struct socket_command *command,
                         struct buffer *ret_why)
{
    static const struct socket_form_parts parts = {{&device_type}};
    struct monitor_request request;
    int error = monitor_command_request(&command->command, &request, ret_why);
    if (error)
        return error;
    struct socket_forms *forms = &client->monitors->forms;
    struct socket_form *form = socket_form_get(forms, &parts, command, ret_why);
    if (!form)
        return -errno;
    error = give_order(client, &request, form, ret_why);
    socket_form_unref(forms, form);
    return error;
}

static int obey(void *context, const struct socket_command *command, struct buffer *ret_why)
{
    struct client *client = context;
    char name[MONITOR_COMMAND_NAME];
    int ended = monitor_command_cancel(&command->command, name, ret_why);
    if (!ended)
        drop_order(client, name);
    if (ended && ended != -ENOENT)
        return ended;
    int begun = begin_request(client, command, ret_why);
    if (ended != -ENOENT || begun != -ENOENT)
        return begun == -ENOENT ? 0 : begun;
    buffer_add_text(ret_why, "say {\"monitor\": key, MAC address, MAC/mask or *, \"request\": id, "
                             "\"rate\": seconds} or {\"cancel\": id}");
    return -EINVAL;
}

/* ---- sockets */

static void on_open(struct websocket *socket)
{
    struct client *client = websocket_context(socket);
    struct device_monitors *monitors = client->monitors;
    client->socket = socket;
    if (!monitors->clients) {
        monitors->task = (struct websocket_task){.run = run, .every_ms = TICK_MILLISECONDS};
        websocket_task_start(websocket_hub_of(socket), &monitors->task);
    }
    client->next = monitors->clients;
    if (client->next)
        client->next->previous = client;
    monitors->clients = client;
}

static void on_message(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                       size_t length)
{
    socket_command_take(socket, bytes, length, obey);
}

static void on_close(struct websocket *socket, unsigned code)
{
    struct client *client = websocket_context(socket);
    struct device_monitors *monitors = client->monitors;
    while (client->orders)
        drop_order(client, client->orders->request.name);
    if (client->next)
        client->next->previous = client->previous;
    *(client->previous ? &client->previous->next : &monitors->clients) = client->next;
    if (!monitors->clients)
        websocket_task_stop(&monitors->task);
}

static const struct websocket_type monitor_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = SOCKET_COMMAND_MAX,
    .queue_limit = QUEUE_LIMIT,
    .on_open = on_open,
    .on_message = on_message,
    .on_close = on_close,
    .free_context = free,
};

void device_monitor_accept(struct request *request, struct device_monitors *monitors,
                           const struct query *within)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client) {
        reply_error(request, 503, "out of memory");
        return;
    }
    client->monitors = monitors;
    client->within = *within;
    websocket_accept(request, &monitor_type, client);
}
