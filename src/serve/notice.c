/* News and alerts of norn itself. See notice.h. */
#include "serve/notice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/system_alerts.h"
#include "serve/console.h"

enum { COVERAGE_MS = 60 * 1000 };

static const char unknown_channel[] = "?"; /* of a radio that somebody else tunes */

static uint64_t now_us(void *context)
{
    return monitor_now_us();
}

/* The part of the last minute for which the alert's source listened to its channel. Not known of
 * capture files, and of radios that are tuned by others. */
static void add_coverage(struct monitor *monitor, struct alert_record *alert)
{
    struct ledger_report *report = malloc(sizeof *report);
    double fraction = 0, missed = 0;
    bool known = false;
    if (!report ||
        capture_coverage(monitor->capture, alert->datasource, COVERAGE_MS, NULL, report) != 0) {
        free(report);
        return;
    }
    for (unsigned i = 0; i < LEDGER_GAPS; i++)
        missed += report->gaps[i];
    for (unsigned i = 0; i < report->channel_count; i++) {
        const struct ledger_channel *channel = &report->channels[i];
        known |= strcmp(channel->text, unknown_channel) != 0;
        if (ledger_is_channel(channel->text, alert->channel))
            fraction += channel->fraction;
    }
    alert->has_coverage = known || (!report->channel_count && missed > 0);
    alert->coverage = (float)(fraction < 1 ? fraction : 1);
    free(report);
}

/* The first listener of alerts: completes the record, and tells the person at the terminal. */
static void on_alert(void *context, void *record)
{
    struct monitor *monitor = context;
    struct alert_record *alert = record;
    struct source_status *status = malloc(sizeof *status);
    if (alert->datasource != ALERT_NO_SOURCE && status &&
        capture_snapshot(monitor->capture, alert->datasource, status) == 0) {
        alert->datasource_uuid = status->uuid;
        if (*alert->channel)
            add_coverage(monitor, alert);
    }
    free(status);
    console_say(monitor, "alert: %s: %s", alert->header, alert->text);
}

int notice_init(struct monitor *monitor, struct buffer *ret_why)
{
    const struct options *options = monitor->options;
    struct alert_config config = {.options = options, .now_us = now_us};
    monitor->messages =
        message_new((uint32_t)options_integer(options, "messagebacklog"), now_us, NULL);
    config.messages = monitor->messages;
    monitor->alert = monitor->messages ? alert_new(&config, ret_why) : NULL;
    if (!monitor->alert)
        return -ENOMEM;
    int first = alert_define_all(monitor->alert, system_alert_kinds, SYSTEM_ALERTS, -1);
    monitor->first_system_alert = (unsigned)first;
    return first < 0 ? first : backlog_listen(alert_backlog(monitor->alert), on_alert, monitor);
}

void notice_done(struct monitor *monitor)
{
    alert_free(monitor->alert);
    message_free(monitor->messages);
}

void notice_say(struct monitor *monitor, const char *format, ...)
{
    char text[MESSAGE_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console_say(monitor, "%s", text);
    message_post(monitor->messages, MESSAGE_INFO, "%s", text);
}

void notice_complain(struct monitor *monitor, const char *format, ...)
{
    char text[MESSAGE_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console_complain(monitor, "%s", text);
    message_post(monitor->messages, MESSAGE_ERROR, "%s", text);
}

const struct location *notice_place(struct monitor *monitor, struct location *room)
{
    return gps_locate(monitor->gps, monitor_now(), room, NULL) ? room : NULL;
}

static void raise_once(struct monitor *monitor, enum system_once kind, const char *text)
{
    struct location place;
    struct alert_facts facts = {.location = notice_place(monitor, &place)};
    alert_raise_once(monitor->alert, &system_once_kinds[kind], &facts, "%s", text);
}

void notice_faults(struct monitor *monitor, const struct buffer *why)
{
    const char *at = (const char *)why->data, *end = at + why->length;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        int length = (int)((stop ? stop : end) - at);
        char text[ALERT_TEXT];
        snprintf(text, sizeof text, "%.*s", length, at);
        notice_complain(monitor, "norn: %s", text);
        raise_once(monitor, ONCE_CONFIGERROR, text);
        at += length + 1;
    }
}

/* A line load_alert=NAME:text. */
static void load_alert(struct monitor *monitor, const char *line)
{
    const char *colon = strchr(line, ':');
    char name[ALERT_NAME];
    struct location place;
    struct alert_kind kind = {.name = name, .class = "SYSTEM", .severity = ALERT_CRITICAL};
    struct alert_facts facts = {.location = notice_place(monitor, &place)};
    snprintf(name, sizeof name, "%.*s", colon ? (int)(colon - line) : 0, line);
    if (*name)
        alert_raise_once(monitor->alert, &kind, &facts, "%s", colon + 1);
    else
        notice_complain(monitor, "norn: load_alert=%s: it takes NAME:text", line);
}

static void tell_unknown(struct monitor *monitor)
{
    struct buffer names = {0};
    size_t count = alert_unknown(monitor->alert, &names);
    if (count)
        notice_say(monitor, "norn: alert= gives rates to %zu that norn has not: %.*s%s", count,
                   (int)names.length, (const char *)names.data, count > 3 ? " ..." : "");
    buffer_done(&names);
}

void notice_start(struct monitor *monitor)
{
    struct location place;
    struct alert_facts facts = {.location = notice_place(monitor, &place)};
    tell_unknown(monitor);
    if (geteuid() == 0)
        alert_raise(monitor->alert, monitor->first_system_alert + SYSTEM_ROOTUSER, &facts,
                    "norn runs as root; start it so that it can change to another account");
    if (monitor->config->login_is_global)
        raise_once(
            monitor, ONCE_GLOBALHTTPDUSER,
            "the login stands in the system's configuration: it cannot be changed over HTTP");
    for (size_t i = 0; i < options_count(monitor->options, "load_alert"); i++)
        load_alert(monitor, options_at(monitor->options, "load_alert", i));
}

static void raise_source(struct monitor *monitor, enum system_once kind, uint16_t source,
                         const char *name, const char *text)
{
    struct location place;
    struct alert_facts facts = {
        .location = notice_place(monitor, &place), .has_datasource = true, .datasource = source};
    alert_raise_once(monitor->alert, &system_once_kinds[kind], &facts, "source %s: %s", name, text);
}

/* Tells the terminal and the bus. */
static void tell_event(struct monitor *monitor, const char *name, enum capture_event event,
                       const char *text)
{
    switch (event) {
    case CAPTURE_OPENED: notice_say(monitor, "source %s: open", name); break;
    case CAPTURE_ENDED:
        notice_say(monitor, "source %s: read to its end%s%s", name, text && *text ? ": " : "",
                   text ? text : "");
        break;
    case CAPTURE_CLOSED: notice_say(monitor, "source %s: closed", name); break;
    case CAPTURE_ERROR: notice_complain(monitor, "source %s: error: %s", name, text); break;
    case CAPTURE_WARNING: notice_complain(monitor, "source %s: %s", name, text); break;
    case CAPTURE_TOLD: notice_say(monitor, "source %s: %s", name, text); break;
    case CAPTURE_PAUSED: notice_say(monitor, "source %s: paused", name); break;
    case CAPTURE_RESUMED: notice_say(monitor, "source %s: goes on", name); break;
    case CAPTURE_REMOVED: notice_say(monitor, "source %s: removed", name); break;
    }
}

void notice_source(void *context, uint16_t source, enum capture_event event, const char *text)
{
    struct monitor *monitor = context;
    atomic_bool *failed = &monitor->source_failed[source % STORE_SOURCES];
    struct source_status *status = malloc(sizeof *status);
    bool known = status && capture_snapshot(monitor->capture, source, status) == 0;
    const char *name = known ? status->name : "source";
    tell_event(monitor, name, event, text);
    event_feed_source(monitor->events, source, event);
    if (event == CAPTURE_ERROR)
        raise_source(monitor, ONCE_SOURCEERROR, source, name, text);
    if (event == CAPTURE_OPENED && atomic_load(failed))
        raise_source(monitor, ONCE_SOURCEOPEN, source, name, "open again after an error");
    if (event == CAPTURE_ERROR || event == CAPTURE_OPENED || event == CAPTURE_CLOSED ||
        event == CAPTURE_REMOVED)
        atomic_store(failed, event == CAPTURE_ERROR);
    free(status);
}

uint64_t notice_count_lost(const struct datasource_record *source)
{
    return source->queue_drops + source->kernel_drops + source->tool_drops;
}

void notice_lost(struct monitor *monitor)
{
    static const struct alert_facts facts = {0};
    uint64_t lost = 0;
    for (size_t i = 0; i < STORE_SOURCES; i++)
        lost += monitor->sources[i] ? notice_count_lost(&monitor->sources[i]->record) : 0;
    if (lost > monitor->packets_lost &&
        alert_raise(monitor->alert, monitor->first_system_alert + SYSTEM_PACKETLOST, &facts,
                    "%llu packets were dropped: this machine cannot keep up",
                    (unsigned long long)(lost - monitor->packets_lost)) == 0)
        monitor->packets_lost = lost;
}

void notice_deliver(struct monitor *monitor)
{
    uint64_t lost = backlog_deliver(alert_backlog(monitor->alert));
    lost += backlog_deliver(message_backlog(monitor->messages));
    atomic_fetch_add(&monitor->notices_lost, lost);
}
