/* The topics of the event bus: one row each, in event_topics.c. An event is an object with one or
 * two members, each a record or a single value. A topic without parts may be asked for, as clients
 * of other servers do, and is never told. Input: none. Output: the table, as rows and as
 * Markdown. */
#ifndef NORN_SERVE_EVENT_TOPICS_H
#define NORN_SERVE_EVENT_TOPICS_H

#include "schema/record.h"
#include "util/buffer.h"

enum event_topic_id {
    EVENT_ALERT,
    EVENT_BATTERY,
    EVENT_DATASOURCE_CLOSED,
    EVENT_DATASOURCE_ERROR,
    EVENT_DATASOURCE_OPENED,
    EVENT_DATASOURCE_PAUSED,
    EVENT_DATASOURCE_RESUMED,
    EVENT_DOT11_ADVERTISED_SSID,
    EVENT_DOT11_NEW_CLIENT,
    EVENT_DOT11_PROBED_SSID,
    EVENT_DOT11_RESPONSE_SSID,
    EVENT_DOT11_WPA_HANDSHAKE,
    EVENT_GPS_LOCATION,
    EVENT_KISMETDB_LOG_OPEN,
    EVENT_MESSAGE,
    EVENT_NEW_DATASOURCE,
    EVENT_NEW_DEVICE,
    EVENT_NEW_PHY,
    EVENT_PACKETCHAIN_STATS,
    EVENT_RADIATION,
    EVENT_STATISTICS,
    EVENT_TIMESTAMP,
    EVENT_TOPICS,
};

enum { EVENT_PARTS = 2 };

struct event_part {
    const char *key;                /* NULL: there is no such part */
    const struct record_type *type; /* NULL: a single value */
};

struct event_topic {
    const char *name;
    struct event_part parts[EVENT_PARTS];
    const char *doc; /* when it is told, in one sentence */
};

/* By enum event_topic_id, which is in the order of the names. */
extern const struct event_topic event_topics[EVENT_TOPICS];

/* The number of the topic of that name, case-sensitive; -1: there is none. */
int event_topics_find(const char *name);

/* Appends a Markdown table of every topic: for the documentation. */
void event_topics_print(struct buffer *buffer);

#endif
