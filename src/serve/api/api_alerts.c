/* /alerts: the kinds of alerts, the newest alerts, and the commands that define and raise them.
 * Input: the alerts' backlog and definitions. Output: records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "schema/alert_fields.h"
#include "serve/api/alert_view.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/list/since.h"
#include "serve/notice.h"
#include "util/text.h"

static struct view view_of_now(void)
{
    return (struct view){.server_now = monitor_now()};
}

static void get_definitions(struct request *request)
{
    struct record_reply reply;
    struct view view = view_of_now();
    struct alert_definition *list = calloc(ALERT_DEFINITIONS, sizeof *list);
    if (!list)
        reply_error(request, 503, "out of memory");
    if (list && record_reply_begin(&reply, request, &alert_definition_type)) {
        size_t count = alert_list(monitor_of(request)->alert, list, ALERT_DEFINITIONS);
        record_reply_list_begin(&reply, (uint32_t)count);
        for (size_t i = 0; i < count; i++)
            record_reply_element(&reply, &list[i], &view);
        record_reply_list_end(&reply);
        record_reply_send(&reply);
    }
    free(list);
}

/* A copy of the alerts kept, to be freed; NULL when a reply was made instead. */
static struct alert_record *copy_alerts(struct request *request, uint32_t *ret_count)
{
    struct backlog *backlog = alert_backlog(monitor_of(request)->alert);
    struct alert_record *alerts = calloc(backlog_limit(backlog) + 1, sizeof *alerts);
    if (alerts)
        *ret_count = backlog_copy(backlog, alerts);
    else
        reply_error(request, 503, "out of memory");
    return alerts;
}

/* The first of them, which lie in the order of time, that is newer. */
static uint32_t first_newer(const struct alert_record *alerts, uint32_t count, uint64_t since_us)
{
    uint32_t first = 0;
    while (first < count && alerts[first].time_us <= since_us)
        first++;
    return first;
}

static void reply_newer(struct request *request, uint64_t since_us)
{
    struct record_reply reply;
    struct view view = view_of_now();
    uint32_t count;
    struct alert_record *alerts = copy_alerts(request, &count);
    if (alerts && record_reply_begin(&reply, request, &alert_type)) {
        uint32_t first = first_newer(alerts, count, since_us);
        record_reply_list_begin(&reply, count - first);
        for (uint32_t i = first; i < count; i++)
            record_reply_element(&reply, &alerts[i], &view);
        record_reply_list_end(&reply);
        record_reply_send(&reply);
    }
    free(alerts);
}

static void get_all(struct request *request)
{
    reply_newer(request, 0);
}

static void get_since(struct request *request)
{
    struct since since;
    if (since_read(request, &since))
        reply_newer(request, since.us);
}

static void get_wrapped(struct request *request)
{
    struct since since;
    struct record_reply reply;
    struct view view = view_of_now();
    uint32_t count;
    if (!since_read(request, &since))
        return;
    struct alert_list list = {.timestamp = (double)monitor_now_us() / 1e6};
    struct alert_record *alerts = copy_alerts(request, &count);
    if (alerts && record_reply_begin(&reply, request, &alert_list_type)) {
        uint32_t first = first_newer(alerts, count, since.us);
        list.alerts = alerts + first;
        list.count = count - first;
        record_reply_record(&reply, &list, &view);
        record_reply_send(&reply);
    }
    free(alerts);
}

/* No alert has that number: 404 with an empty dictionary, as clients expect it. */
static void reply_none(struct request *request)
{
    struct buffer body = {0};
    struct emitter emitter = {.buffer = &body, .format = request_format(request)};
    emit_map_begin(&emitter, FIELD_RECORD, 0);
    emit_map_end(&emitter);
    reply_buffer(request, 404, reply_content_type(request), &body);
}

static void get_by_id(struct request *request)
{
    size_t length;
    struct record_reply reply;
    struct view view = view_of_now();
    uint32_t count;
    int64_t hash = -1;
    const char *text = request_parameter(request, "hash", &length);
    text_parse_i64(text, length, &hash);
    struct alert_record *alerts = copy_alerts(request, &count);
    if (!alerts)
        return;
    while (count && alerts[count - 1].hash != hash)
        count--;
    if (!count)
        reply_none(request);
    else if (record_reply_begin(&reply, request, &alert_type)) {
        record_reply_record(&reply, &alerts[count - 1], &view);
        record_reply_send(&reply);
    }
    free(alerts);
}

static void run_view(struct request *request, void *context)
{
    uint32_t count;
    struct alert_record *alerts = copy_alerts(request, &count);
    if (alerts)
        alert_view_reply(request, alerts, count);
    free(alerts);
}

static void get_view(struct request *request)
{
    reply_later(request, run_view, NULL);
}

/* A text of the command: `fallback` (NULL: it must be there) when it is missing. NULL when 400 was
 * replied instead. */
static const char *read_text(struct request *request, const char *key, const char *fallback)
{
    const char *text;
    size_t length;
    int error = command_word(request_command(request), key, &text, &length);
    if (!error)
        return text;
    if (error == -EINVAL)
        reply_error(request, 400, "%s must be a text", key);
    else if (!fallback)
        reply_error(request, 400, "the key %s is missing", key);
    return error == -ENOENT ? fallback : NULL;
}

/* A name of letters, digits, '_' and '-', turned to capitals. False when 400 was replied. */
static bool read_name(struct request *request, const char *key, const char *fallback,
                      char *ret_name, size_t room)
{
    const char *text = read_text(request, key, fallback);
    size_t length = text ? strlen(text) : 0, letters = 0;
    for (; letters < length && letters + 1 < room; letters++) {
        char letter = text[letters];
        if (letter >= 'a' && letter <= 'z')
            letter = (char)(letter - 'a' + 'A');
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", letter))
            break;
        ret_name[letters] = letter;
    }
    ret_name[letters] = '\0';
    if (text && (!length || letters < length))
        reply_error(request, 400, "%s takes 1 to %zu letters, digits, '_' or '-'", key, room - 1);
    return length && letters == length;
}

static bool read_rate(struct request *request, const char *key, const char *fallback,
                      struct alert_rate *ret_rate)
{
    struct buffer why = {0};
    const char *text = read_text(request, key, fallback);
    int error = text ? alert_rate_parse(text, strlen(text), ret_rate, &why) : -EINVAL;
    if (text && error)
        reply_error(request, 400, "%s: %.*s", key, (int)why.length, (const char *)why.data);
    buffer_done(&why);
    return !error;
}

static bool read_severity(struct request *request, uint8_t *ret_severity)
{
    int64_t number = ALERT_INFO;
    int error = command_integer(request_command(request), "severity", &number);
    if (error == -EINVAL || number < 0 || number > UINT8_MAX ||
        !alert_severity_word((unsigned)number)) {
        reply_error(request, 400, "severity takes 0 (information), 5, 10, 15 or 20 (critical)");
        return false;
    }
    *ret_severity = (uint8_t)number;
    return true;
}

/* The number of the phy that the command names, -1 for any. */
static bool read_phy(struct request *request, int64_t *ret_phy)
{
    struct store *store = monitor_of(request)->store;
    const char *name = read_text(request, "phyname", "");
    bool is_any = name && (!*name || strcasecmp(name, "any") == 0);
    *ret_phy = -1;
    if (!name || is_any)
        return is_any;
    store_lock_read(store);
    for (uint32_t i = 0; i < store->phy_count; i++)
        if (strcmp(store->phys[i].name, name) == 0)
            *ret_phy = i;
    store_unlock(store);
    if (*ret_phy < 0)
        reply_error(request, 400, "there is no phy '%.80s'; see /phy/all_phys.json", name);
    return *ret_phy >= 0;
}

static void reply_empty(struct request *request)
{
    struct buffer body = {0};
    reply_buffer(request, 200, "text/plain", &body);
}

static void define_alert(struct request *request)
{
    char name[ALERT_NAME], class[ALERT_CLASS];
    struct alert_kind kind = {.name = name, .class = class};
    int64_t phy;
    kind.description = read_text(request, "description", "");
    if (!kind.description || !read_name(request, "name", NULL, name, sizeof name) ||
        !read_name(request, "class", "OTHER", class, sizeof class) ||
        !read_severity(request, &kind.severity) ||
        !read_rate(request, "throttle", "10/min", &kind.rate) ||
        !read_rate(request, "burst", "1/sec", &kind.burst) || !read_phy(request, &phy))
        return;
    int number = alert_define(monitor_of(request)->alert, &kind, phy);
    if (number >= 0)
        reply_empty(request);
    else if (number == -EEXIST)
        reply_error(request, 503, "there is an alert of the name %s already", name);
    else
        reply_error(request, 504, "the alert cannot be kept: %s",
                    number == -ENOSPC ? "there are too many" : "out of memory");
}

/* An address of the command, which may be missing or empty. False when 400 was replied. */
static bool read_mac(struct request *request, const char *key, struct macaddr *ret_mac)
{
    const char *text = read_text(request, key, "");
    if (!text)
        return false;
    if (!*text || macaddr_parse(text, strlen(text), ret_mac, NULL) == 0)
        return true;
    reply_error(request, 400, "%s: '%.40s' is no address; one looks like AA:BB:CC:DD:EE:FF", key,
                text);
    return false;
}

static void raise_alert(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct location place;
    struct alert_facts facts = {.location = notice_place(monitor, &place)};
    const char *name = read_text(request, "name", NULL);
    const char *text = name ? read_text(request, "text", NULL) : NULL;
    if (!text || !read_mac(request, "bssid", &facts.transmitter) ||
        !read_mac(request, "source", &facts.source) ||
        !read_mac(request, "dest", &facts.destination) || !read_mac(request, "other", &facts.other))
        return;
    facts.channel = read_text(request, "channel", "");
    if (!facts.channel)
        return;
    int number = alert_find(monitor->alert, name);
    if (number < 0)
        reply_error(request, 400, "there is no alert '%.80s'; see /alerts/definitions.json", name);
    else if (alert_raise(monitor->alert, (unsigned)number, &facts, "%s", text) != 0)
        reply_error(request, 400, "%s is held back: raised too often lately, or muted", name);
    else
        reply_text(request, 200, "Alert raised");
}

// clang-format off
#define ALERTS(path, handler, doc, answer, type) {METHOD_GET | METHOD_POST, "/alerts/" path, ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, handler, doc, answer, type}
#define ALERT_COMMAND(path, handler, doc) {METHOD_POST, "/alerts/" path, ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, handler, doc}

const struct route api_alerts_routes[] = {
    ALERTS("definitions", get_definitions, "The kinds of alerts, with their rates and what was raised lately.", ANSWER_LIST, &alert_definition_type),
    ALERTS("all_alerts", get_all, "The newest alerts, oldest first.", ANSWER_LIST, &alert_type),
    ALERTS("last-time/{time}/alerts", get_since, "Those newer than that time of the server's clock (seconds with decimals; negative: before now).", ANSWER_LIST, &alert_type),
    ALERTS("wrapped/last-time/{time}/alerts", get_wrapped, "The same in a dictionary with the server's clock.", ANSWER_RECORD, &alert_list_type),
    ALERTS("by-id/{hash}/alert", get_by_id, "The alert of that kismet.alert.hash.", ANSWER_RECORD, &alert_type),
    ALERTS("alerts_view", get_view, "The alerts found by search, sorted by sort and sort_dir (desc: smallest first, else largest first); with page and length a page of them.", ANSWER_VIEW, &alert_type),
    ALERT_COMMAND("definitions/define_alert", define_alert, "Defines a kind of alert: name, description, and if need be class, severity, throttle, burst (as 10/min), phyname."),
    ALERT_COMMAND("raise_alert", raise_alert, "Raises an alert: name, text, and if need be bssid, source, dest, other, channel."),
    ALERT_COMMAND("raise_alerts", raise_alert, "The same under its other name."),
    {0},
};
