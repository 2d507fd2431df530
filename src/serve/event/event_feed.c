/* The events of the bus. See event_feed.h. What other threads tell waits in a list of its own, with
 * a limit; news of devices wait in the store's ring. */
#include "serve/event/event_feed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "schema/alert_fields.h"
#include "schema/message_fields.h"
#include "serve/monitor.h"
#include "serve/source_record.h"
#include "serve/status_record.h"
#include "serve/system_sensors.h"
#include "serve/websocket/websocket_task.h"
#include "track/device_news.h"
#include "util/clock.h"

enum {
    TICK_MILLISECONDS = 50,
    POSTS_MAX = 1024, /* that may wait */
};

/* Something that another thread told. */
struct post {
    struct post *next;
    enum event_topic_id topic;
    union {
        struct alert_record alert;
        struct message_record message;
        struct uuid uuid;
        uint16_t source;
    };
};

struct event_feed {
    struct monitor *monitor;
    struct event_bus *bus;
    struct websocket_task task;
    uint64_t second;    /* that the events of each second were told for */
    uint64_t next_news; /* in the store's ring */
    unsigned news_wanted;
    atomic_ullong lost;
    atomic_ullong known_sources; /* a bit each */
    pthread_mutex_t lock;        /* of what follows */
    unsigned reader_count;
    struct post *first, *last; /* waiting */
    unsigned post_count;
};

/* ---- what other threads tell */

static void post(struct event_feed *feed, const struct post *told)
{
    struct post *copy = event_bus_wants(feed->bus, told->topic) ? malloc(sizeof *copy) : NULL;
    if (!copy)
        return;
    *copy = *told;
    copy->next = NULL;
    pthread_mutex_lock(&feed->lock);
    bool is_heard = feed->reader_count, has_room = feed->post_count < POSTS_MAX;
    if (is_heard && has_room) {
        *(feed->last ? &feed->last->next : &feed->first) = copy;
        feed->last = copy;
        feed->post_count++;
        websocket_task_wake(&feed->task);
        copy = NULL;
    }
    pthread_mutex_unlock(&feed->lock);
    if (is_heard && !has_room)
        atomic_fetch_add(&feed->lost, 1);
    free(copy);
}

static void on_alert(void *context, void *record)
{
    struct post told = {.topic = EVENT_ALERT, .alert = *(const struct alert_record *)record};
    post(context, &told);
}

static void on_message(void *context, void *record)
{
    struct post told = {.topic = EVENT_MESSAGE, .message = *(const struct message_record *)record};
    post(context, &told);
}

/* The topic of a source's event; -1: none. */
static int topic_of(enum capture_event event)
{
    switch (event) {
    case CAPTURE_OPENED: return EVENT_DATASOURCE_OPENED;
    case CAPTURE_ENDED:
    case CAPTURE_CLOSED: return EVENT_DATASOURCE_CLOSED;
    case CAPTURE_ERROR: return EVENT_DATASOURCE_ERROR;
    case CAPTURE_PAUSED: return EVENT_DATASOURCE_PAUSED;
    case CAPTURE_RESUMED: return EVENT_DATASOURCE_RESUMED;
    case CAPTURE_WARNING:
    case CAPTURE_REMOVED:
    case CAPTURE_TOLD: break;
    }
    return -1;
}

void event_feed_source(struct event_feed *feed, uint16_t source, enum capture_event event)
{
    uint64_t bit = store_source_bit(source);
    struct source_status *status = malloc(sizeof *status);
    int topic = topic_of(event);
    if (event == CAPTURE_REMOVED) { /* it is new again when it comes back */
        atomic_fetch_and(&feed->known_sources, ~bit);
        free(status);
        return;
    }
    if (!(atomic_fetch_or(&feed->known_sources, bit) & bit)) {
        struct post told = {.topic = EVENT_NEW_DATASOURCE, .source = source};
        post(feed, &told);
    }
    if (topic >= 0 && status && capture_snapshot(feed->monitor->capture, source, status) == 0) {
        struct post told = {.topic = (enum event_topic_id)topic, .uuid = status->uuid};
        post(feed, &told);
    }
    free(status);
}

uint64_t event_feed_lost(const struct event_feed *feed)
{
    return feed ? atomic_load(&feed->lost) + event_bus_lost(feed->bus) : 0;
}

/* ---- from there to the bus */

/* The oldest, which becomes the caller's; NULL: there is none. */
static struct post *take_post(struct event_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    struct post *told = feed->first;
    if (told) {
        feed->first = told->next;
        feed->last = feed->first ? feed->last : NULL;
        feed->post_count--;
    }
    pthread_mutex_unlock(&feed->lock);
    return told;
}

static void drop_posts(struct event_feed *feed)
{
    struct post *told;
    while ((told = take_post(feed)))
        free(told);
}

static void tell_source(struct event_feed *feed, uint16_t number, struct view *view)
{
    struct datasource_record record;
    struct event event = {.topic = EVENT_NEW_DATASOURCE, .records = {&record}};
    struct source_status *status = malloc(sizeof *status);
    if (status && capture_snapshot(feed->monitor->capture, number, status) == 0) {
        source_record_fill(status, true, &record);
        record.packets_ring = record.bytes_ring = NULL;
        event_bus_write(feed->bus, &event, view);
    }
    free(status);
}

static void tell_post(struct event_feed *feed, const struct post *told, struct view *view)
{
    struct event event = {.topic = told->topic};
    if (told->topic == EVENT_NEW_DATASOURCE) {
        tell_source(feed, told->source, view);
        return;
    }
    if (event_topics[told->topic].parts[0].type)
        event.records[0] = told->topic == EVENT_ALERT ? (const void *)&told->alert : &told->message;
    else
        event.value = (struct value){.type = FIELD_UUID, .uuid = told->uuid};
    event_bus_write(feed->bus, &event, view);
}

/* ---- each second */

static void tell_status(struct event_feed *feed, enum event_topic_id topic,
                        const struct status_record *status, struct view *view)
{
    struct event event = {.topic = topic, .records = {status}};
    event_bus_write(feed->bus, &event, view);
}

static void tell_place(struct event_feed *feed, struct view *view)
{
    struct location_report report = {0};
    struct event event = {.topic = EVENT_GPS_LOCATION, .records = {&report}};
    report.has_fix = gps_locate(feed->monitor->gps, clock_wall_ns(), &report.location, &report.gps);
    event_bus_write(feed->bus, &event, view);
}

static void tell_statistics(struct event_feed *feed, struct status_record *status,
                            struct view *view)
{
    struct store *store = feed->monitor->store;
    status_record_fill_counts(feed->monitor, status);
    store_lock_read(store);
    status->devices = store->device_count;
    store_unlock(store);
    tell_status(feed, EVENT_STATISTICS, status, view);
}

static void tell_packetchain(struct event_feed *feed, struct view *view)
{
    struct monitor *monitor = feed->monitor;
    struct event event = {.topic = EVENT_PACKETCHAIN_STATS, .records = {&monitor->packetchain}};
    store_lock_read(monitor->store);
    event_bus_write(feed->bus, &event, view);
    store_unlock(monitor->store);
}

static void tell_second(struct event_feed *feed, struct view *view)
{
    struct status_record status = {0};
    status_record_fill_clock(&status);
    if (status.seconds == feed->second)
        return;
    feed->second = status.seconds;
    tell_status(feed, EVENT_TIMESTAMP, &status, view);
    if (event_bus_wants(feed->bus, EVENT_GPS_LOCATION))
        tell_place(feed, view);
    if (event_bus_wants(feed->bus, EVENT_BATTERY) || event_bus_wants(feed->bus, EVENT_STATISTICS)) {
        system_sensors_fill(&status);
        tell_status(feed, EVENT_BATTERY, &status, view);
        tell_statistics(feed, &status, view);
    }
    if (event_bus_wants(feed->bus, EVENT_PACKETCHAIN_STATS))
        tell_packetchain(feed, view);
    event_bus_send(feed->bus);
}

/* ---- news of devices */

static const enum event_topic_id news_topics[] = {
    [STORE_NEWS_DEVICE] = EVENT_NEW_DEVICE,
    [STORE_NEWS_ADVERTISED] = EVENT_DOT11_ADVERTISED_SSID,
    [STORE_NEWS_RESPONSE] = EVENT_DOT11_RESPONSE_SSID,
    [STORE_NEWS_PROBED] = EVENT_DOT11_PROBED_SSID,
    [STORE_NEWS_CLIENT] = EVENT_DOT11_NEW_CLIENT,
    [STORE_NEWS_HANDSHAKE] = EVENT_DOT11_WPA_HANDSHAKE,
};
enum { NEWS_KINDS = sizeof news_topics / sizeof *news_topics };

/* Tells the store which news are wanted; who begins to want some is told of those from now on. */
static void want_news(struct event_feed *feed)
{
    struct store *store = feed->monitor->store;
    unsigned wanted = 0;
    for (unsigned kind = 0; kind < NEWS_KINDS; kind++)
        wanted |= (unsigned)event_bus_wants(feed->bus, news_topics[kind]) << kind;
    if (wanted == feed->news_wanted)
        return;
    if (!feed->news_wanted) {
        store_lock_read(store);
        feed->next_news = store->news.count;
        store_unlock(store);
    }
    feed->news_wanted = wanted;
    device_news_want(store, wanted);
}

/* With the read lock. */
static void tell_item(struct event_feed *feed, const struct store_news_item *item,
                      struct view *view)
{
    const struct device *device = device_news_device(feed->monitor->store, item);
    struct event event = {.topic = news_topics[item->kind], .records = {device, device}};
    if (!device) {
        atomic_fetch_add(&feed->lost, 1);
        return;
    }
    if (item->kind == STORE_NEWS_HANDSHAKE)
        event.records[1] = device_dot11(device);
    else if (item->kind != STORE_NEWS_DEVICE)
        event.records[0] = device_news_subject(device, item);
    if (event.records[0] && event.records[1]) /* else it has another name by now, or was dropped */
        event_bus_write(feed->bus, &event, view);
}

/* A part of what is new; false when that was all. */
static bool tell_some_news(struct event_feed *feed, struct view *view)
{
    struct store *store = feed->monitor->store;
    struct view_tables tables;
    struct store_news_item item;
    uint64_t lost = 0;
    bool more;
    store_lock_read(store);
    store_view(store, monitor_now(), view, &tables);
    while ((more = device_news_take(store, &feed->next_news, &lost, &item))) {
        tell_item(feed, &item, view);
        if (event_bus_is_full(feed->bus))
            break;
    }
    store_unlock(store);
    view->tables = NULL;
    atomic_fetch_add(&feed->lost, lost);
    event_bus_send(feed->bus);
    return more;
}

/* A part of what other threads told; false when that was all. */
static bool tell_some_posts(struct event_feed *feed, struct view *view)
{
    struct post *told = NULL;
    while (!event_bus_is_full(feed->bus) && (told = take_post(feed))) {
        tell_post(feed, told, view);
        free(told);
    }
    event_bus_send(feed->bus);
    return told != NULL;
}

/* A capture that is read at once brings thousands of devices at once: they wait in the store's ring
 * for the readers. */
static bool may_tell_news(struct event_feed *feed)
{
    unsigned topics = 0;
    for (unsigned kind = 0; kind < NEWS_KINDS; kind++)
        topics |= 1u << news_topics[kind];
    return feed->news_wanted && event_bus_has_room(feed->bus, topics);
}

/* Tells what there is, as much as fits into a turn. */
static void tell_rest(struct event_feed *feed, struct view *view)
{
    uint64_t end = clock_monotonic_ns() + WEBSOCKET_TASK_TURN;
    bool more = true, may_tell = may_tell_news(feed);
    while (more && clock_monotonic_ns() < end) {
        more = tell_some_posts(feed, view);
        more |= may_tell && tell_some_news(feed, view);
    }
    if (more)
        websocket_task_wake(&feed->task);
}

static void run(struct websocket_task *task, bool stopping)
{
    struct event_feed *feed =
        (struct event_feed *)((char *)task - offsetof(struct event_feed, task));
    uint64_t now = monitor_now();
    struct view view = {.server_now = now, .clock = now};
    if (stopping)
        return;
    tell_second(feed, &view);
    tell_rest(feed, &view);
}

/* ---- readers */

void event_feed_join(struct event_feed *feed, struct event_reader *reader)
{
    pthread_mutex_lock(&feed->lock);
    if (!feed->reader_count++)
        websocket_task_start(websocket_hub_of(reader->socket), &feed->task);
    pthread_mutex_unlock(&feed->lock);
}

void event_feed_leave(struct event_feed *feed, struct event_reader *reader)
{
    event_bus_leave(feed->bus, reader);
    want_news(feed);
    pthread_mutex_lock(&feed->lock);
    bool is_last = !--feed->reader_count;
    pthread_mutex_unlock(&feed->lock);
    if (!is_last)
        return;
    websocket_task_stop(&feed->task);
    drop_posts(feed);
}

/* All phys were there before anybody could listen. */
static void tell_phys(struct event_feed *feed, struct event_reader *reader)
{
    const struct store *store = feed->monitor->store; /* phys are added before the threads start */
    struct view view = {.server_now = monitor_now()};
    for (uint32_t i = 0; i < store->phy_count; i++) {
        const char *name = store->phys[i].name;
        struct event event = {.topic = EVENT_NEW_PHY};
        event.value = (struct value){.type = FIELD_TEXT, .text = name, .length = strlen(name)};
        event_bus_tell(feed->bus, reader, &event, &view);
    }
}

int event_feed_subscribe(struct event_feed *feed, struct event_reader *reader,
                         enum event_topic_id topic, const struct socket_command *command,
                         struct buffer *ret_why)
{
    int error = event_bus_subscribe(feed->bus, reader, topic, command, ret_why);
    want_news(feed);
    if (!error && topic == EVENT_NEW_PHY)
        tell_phys(feed, reader);
    return error;
}

void event_feed_unsubscribe(struct event_feed *feed, struct event_reader *reader,
                            enum event_topic_id topic)
{
    event_bus_unsubscribe(feed->bus, reader, topic);
    want_news(feed);
}

struct event_feed *event_feed_new(struct monitor *monitor)
{
    struct event_feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return NULL;
    pthread_mutex_init(&feed->lock, NULL);
    feed->monitor = monitor;
    feed->task = (struct websocket_task){.run = run, .every_ms = TICK_MILLISECONDS};
    feed->bus = event_bus_new();
    if (feed->bus && backlog_listen(alert_backlog(monitor->alert), on_alert, feed) == 0 &&
        backlog_listen(message_backlog(monitor->messages), on_message, feed) == 0)
        return feed;
    event_feed_free(feed);
    return NULL;
}

void event_feed_free(struct event_feed *feed)
{
    if (!feed)
        return;
    drop_posts(feed);
    event_bus_free(feed->bus);
    pthread_mutex_destroy(&feed->lock);
    free(feed);
}
