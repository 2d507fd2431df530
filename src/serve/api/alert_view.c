/* Alerts by pages. See alert_view.h. Sorting follows what clients of today are used to: `asc`, and
 * no direction at all, puts the larger value first. */
#include "serve/api/alert_view.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/projection.h"
#include "serve/monitor.h"
#include "serve/list/record_reply.h"
#include "util/text.h"

struct page {
    bool is_asked;
    uint64_t number, length; /* length 0: to the end */
};

/* A variable that is a number of at least 0; `fallback` when it is missing or none. */
static uint64_t read_count(const struct request *request, const char *name, uint64_t fallback)
{
    const char *text = request_variable(request, name);
    int64_t number;
    if (!text || text_parse_i64(text, strlen(text), &number) != 0 || number < 0)
        return fallback;
    return (uint64_t)number;
}

static struct page read_page(const struct request *request)
{
    return (struct page){
        .is_asked = request_variable(request, "page") != NULL,
        .number = read_count(request, "page", 0),
        .length = read_count(request, "length", read_count(request, "size", 0)),
    };
}

/* Whether a text of the alert holds the term, in any case of letters. */
static bool is_found(const struct alert_record *alert, const char *term)
{
    const struct macaddr addresses[] = {alert->transmitter, alert->source, alert->destination,
                                        alert->other};
    const char *word = alert_severity_word(alert->severity);
    const char *texts[] = {alert->header, alert->class, alert->text, alert->channel, word};
    char mac[MACADDR_TEXT];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && strcasestr(texts[i], term))
            return true;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        macaddr_write(addresses[i], mac);
        if (!macaddr_is_zero(addresses[i]) && strcasestr(mac, term))
            return true;
    }
    return false;
}

/* Moves what the search and the command's patterns find to the front; how many. */
static uint32_t keep_found(struct record_reply *reply, struct alert_record *alerts, uint32_t count)
{
    const char *term = request_variable(reply->request, "search");
    struct view view = {.server_now = monitor_now()};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if ((!term || is_found(&alerts[i], term)) && record_reply_keeps(reply, &alerts[i], &view))
            alerts[kept++] = alerts[i];
    return kept;
}

struct order {
    struct path path;
    int sign;
    struct view left, right; /* room for what the path computes */
};

static int compare(const void *a, const void *b, void *context)
{
    struct order *order = context;
    struct value left, right;
    order->left.scratch_used = order->right.scratch_used = 0;
    path_value(&order->path, a, &order->left, &left);
    path_value(&order->path, b, &order->right, &right);
    return order->sign * value_compare(&left, &right);
}

static void sort(const struct request *request, struct alert_record *alerts, uint32_t count)
{
    const char *field = request_variable(request, "sort");
    const char *direction = request_variable(request, "sort_dir");
    struct order order = {.sign = direction && strcasecmp(direction, "desc") == 0 ? 1 : -1};
    if (field && path_parse(&alert_type, field, strlen(field), &order.path) == 0)
        qsort_r(alerts, count, sizeof *alerts, compare, &order);
}

static void write_number(struct record_reply *reply, const char *name, uint64_t number)
{
    emit_name(&reply->emitter, name, strlen(name));
    emit_unsigned(&reply->emitter, number);
}

static void write_list(struct record_reply *reply, const struct alert_record *alerts,
                       uint64_t first, uint64_t end)
{
    struct view view = {.server_now = monitor_now()};
    record_reply_list_begin(reply, (uint32_t)(end - first));
    for (uint64_t i = first; i < end; i++)
        record_reply_element(reply, &alerts[i], &view);
    record_reply_list_end(reply);
}

void alert_view_reply(struct request *request, struct alert_record *alerts, uint32_t count)
{
    struct page page = read_page(request);
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, &alert_type))
        return;
    uint32_t found = keep_found(&reply, alerts, count);
    sort(request, alerts, found);
    uint64_t length = page.length ? page.length : found;
    uint64_t first = length && page.number < found / length + 1 ? page.number * length : 0;
    first = first < found ? first : 0;
    uint64_t end = found - first > length ? first + length : found;
    bool has_dictionary = page.is_asked && !reply.lines;
    if (has_dictionary) {
        reply.emitter.buffer = &reply.body;
        emit_map_begin(&reply.emitter, FIELD_RECORD, 4);
        emit_name(&reply.emitter, "data", 4);
    }
    write_list(&reply, alerts, first, end);
    if (has_dictionary) {
        write_number(&reply, "last_page", length ? (found + length - 1) / length : 0);
        write_number(&reply, "last_row", found);
        write_number(&reply, "total_row", count);
        emit_map_end(&reply.emitter);
    }
    record_reply_send(&reply);
}
