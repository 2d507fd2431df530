/* Where the events of the bus come from: alerts and messages, events of the sources, news of
 * devices, and the clock. Input: callbacks of other threads, the store's ring of news. Output:
 * events on the bus, by a task of the websocket thread that runs only while there are subscribers.
 * What nobody wants is dropped where it arises. */
#ifndef NORN_SERVE_EVENT_FEED_H
#define NORN_SERVE_EVENT_FEED_H

#include "capture/capture.h"
#include "serve/event/event_bus.h"

struct event_feed;
struct monitor;

/* Listens to the monitor's alerts and messages, which must be there; before any thread. NULL
 * without memory. */
struct event_feed *event_feed_new(struct monitor *monitor);

/* After the last thread that may tell it something has ended. NULL is fine. */
void event_feed_free(struct event_feed *feed);

/* An event of a source. Any thread. */
void event_feed_source(struct event_feed *feed, uint16_t source, enum capture_event event);

/* Events that came too fast to be passed on. Any thread. NULL: none. */
uint64_t event_feed_lost(const struct event_feed *feed);

/* A reader comes or goes, or changed what it wants; on the websocket thread. */
void event_feed_join(struct event_feed *feed, struct event_reader *reader);
void event_feed_leave(struct event_feed *feed, struct event_reader *reader);
int event_feed_subscribe(struct event_feed *feed, struct event_reader *reader,
                         enum event_topic_id topic, const struct socket_command *command,
                         struct buffer *ret_why);
void event_feed_unsubscribe(struct event_feed *feed, struct event_reader *reader,
                            enum event_topic_id topic);

#endif
