/* What norn tells of itself: lines on the terminal that are messages of the API too, alerts about
 * its sources and its configuration, and the hand-over of alerts and messages to those who listen.
 * Input: events of the capture, faults of the configuration. Output: the message bus, alerts. */
#ifndef NORN_SERVE_NOTICE_H
#define NORN_SERVE_NOTICE_H

#include "serve/monitor.h"

/* Makes the message bus and the alerts of the system; before anything raises one. Faults of the
 * configuration are a line each in ret_why. 0 or -ENOMEM. */
int notice_init(struct monitor *monitor, struct buffer *ret_why);
void notice_done(struct monitor *monitor);

/* One line of news, and one of trouble: on the terminal as console.h says, and as a message. */
void notice_say(struct monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void notice_complain(struct monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Lines about the configuration, each of which keeps an alert or a rule from being in force. */
void notice_faults(struct monitor *monitor, const struct buffer *why);

/* What is to be told at the start: the account, the login, alerts of the configuration. */
void notice_start(struct monitor *monitor);

/* An event of the capture, as struct capture_config wants it; the context is the monitor. */
void notice_source(void *context, uint16_t source, enum capture_event event, const char *text);

/* Packets of a source that the machine was too slow for; what its radio lost is another matter. */
uint64_t notice_count_lost(const struct datasource_record *source);

/* Looks whether packets were lost; under the store's write lock, once a second. */
void notice_lost(struct monitor *monitor);

/* Completes new alerts and hands new alerts and messages to the listeners, with no lock held: the
 * main thread, many times a second. An alert gets its source's UUID and coverage here. */
void notice_deliver(struct monitor *monitor);

/* Where norn is now, for alerts about no packet; NULL when it does not know. */
const struct location *notice_place(struct monitor *monitor, struct location *room);

#endif
