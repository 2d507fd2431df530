/* Definitions, rates, raising. See alert.h. Lock order: the engine's, then its backlog's. */
#include "alert/alert.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/text.h"

#define NS_PER_US 1000ULL

enum {
    SETTINGS_MAX = 1024, /* lines alert= */
    UNKNOWN_NAMED = 3,
};

struct definition {
    struct alert_definition shown; /* counts and rates are filled in where it is read */
    struct alert_throttle throttle;
    uint64_t last_us; /* server's clock */
    char *description;
};

/* A line alert=NAME,RATE,BURST of the configuration. */
struct setting {
    char name[ALERT_NAME];
    struct alert_rate rate, burst;
};

struct alert {
    struct alert_config config;
    struct backlog *backlog;
    struct setting *settings;
    size_t setting_count;
    pthread_mutex_t lock; /* of what follows */
    struct definition *definitions[ALERT_DEFINITIONS];
    unsigned count;
    uint64_t newest_us; /* time of the newest alert */
};

static void definition_free(struct definition *definition)
{
    if (definition)
        free(definition->description);
    free(definition);
}

/* Reads one line NAME,RATE[,BURST]. */
static int parse_setting(const char *line, struct setting *ret_setting, struct buffer *why)
{
    struct setting setting = {.rate = {10, ALERT_MINUTE}, .burst = {1, ALERT_SECOND}};
    const char *rate = strchr(line, ','), *burst = rate ? strchr(rate + 1, ',') : NULL;
    size_t length = rate ? (size_t)(rate - line) : 0;
    if (!length || length >= sizeof setting.name) {
        buffer_add_text(why, "it takes NAME,RATE,BURST, as in DEAUTHFLOOD,5/min,2/sec");
        return -EINVAL;
    }
    memcpy(setting.name, line, length);
    size_t rate_length = burst ? (size_t)(burst - rate - 1) : strlen(rate + 1);
    int error = alert_rate_parse(rate + 1, rate_length, &setting.rate, why);
    if (!error && burst)
        error = alert_rate_parse(burst + 1, strlen(burst + 1), &setting.burst, why);
    if (!error)
        *ret_setting = setting;
    return error;
}

static int read_settings(struct alert *alert, struct buffer *ret_why)
{
    const struct options *options = alert->config.options;
    size_t count = options ? options_count(options, "alert") : 0;
    if (count > SETTINGS_MAX)
        count = SETTINGS_MAX;
    alert->settings = calloc(count + 1, sizeof *alert->settings);
    if (!alert->settings)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const char *line = options_at(options, "alert", i);
        struct buffer why = {0};
        if (parse_setting(line, &alert->settings[alert->setting_count], &why) == 0)
            alert->setting_count++;
        else
            buffer_printf(ret_why, "alert=%s: %.*s\n", line, (int)why.length,
                          (const char *)why.data);
        buffer_done(&why);
    }
    return 0;
}

struct alert *alert_new(const struct alert_config *config, struct buffer *ret_why)
{
    struct alert *alert = calloc(1, sizeof *alert);
    if (!alert)
        return NULL;
    alert->config = *config;
    pthread_mutex_init(&alert->lock, NULL);
    uint32_t shown =
        config->options ? (uint32_t)options_integer(config->options, "alertbacklog") : 50;
    alert->backlog = backlog_new(sizeof(struct alert_record), shown);
    if (!alert->backlog || read_settings(alert, ret_why) != 0) {
        alert_free(alert);
        return NULL;
    }
    return alert;
}

void alert_free(struct alert *alert)
{
    if (!alert)
        return;
    for (unsigned i = 0; i < alert->count; i++)
        definition_free(alert->definitions[i]);
    backlog_free(alert->backlog);
    free(alert->settings);
    pthread_mutex_destroy(&alert->lock);
    free(alert);
}

struct backlog *alert_backlog(struct alert *alert)
{
    return alert->backlog;
}

/* With the lock held. */
static int find(const struct alert *alert, const char *name)
{
    for (unsigned i = 0; i < alert->count; i++)
        if (strcasecmp(alert->definitions[i]->shown.header, name) == 0)
            return (int)i;
    return -ENOENT;
}

int alert_find(struct alert *alert, const char *name)
{
    pthread_mutex_lock(&alert->lock);
    int number = find(alert, name);
    pthread_mutex_unlock(&alert->lock);
    return number;
}

/* The rates that hold for a kind: the configuration's, else its own. */
static struct alert_throttle throttle_of(const struct alert *alert, const struct alert_kind *kind)
{
    for (size_t i = 0; i < alert->setting_count; i++) {
        const struct setting *setting = &alert->settings[i];
        if (strcasecmp(setting->name, kind->name) == 0)
            return (struct alert_throttle){.rate = setting->rate, .burst = setting->burst};
    }
    return (struct alert_throttle){.rate = kind->rate, .burst = kind->burst};
}

static struct definition *definition_new(const struct alert *alert, const struct alert_kind *kind,
                                         int64_t phy)
{
    struct definition *definition = calloc(1, sizeof *definition);
    if (!definition)
        return NULL;
    struct alert_definition *shown = &definition->shown;
    definition->throttle = throttle_of(alert, kind);
    definition->description = strndup(kind->description, ALERT_DESCRIPTION - 1);
    snprintf(shown->header, sizeof shown->header, "%s", kind->name);
    snprintf(shown->class, sizeof shown->class, "%s", kind->class);
    shown->description = definition->description;
    shown->severity = kind->severity;
    shown->phy = phy;
    if (!definition->description) {
        definition_free(definition);
        return NULL;
    }
    text_clean(definition->description);
    return definition;
}

int alert_define(struct alert *alert, const struct alert_kind *kind, int64_t phy)
{
    struct definition *definition = definition_new(alert, kind, phy);
    if (!definition)
        return -ENOMEM;
    pthread_mutex_lock(&alert->lock);
    int result = find(alert, kind->name) >= 0        ? -EEXIST
                 : alert->count == ALERT_DEFINITIONS ? -ENOSPC
                                                     : (int)alert->count;
    if (result >= 0)
        alert->definitions[alert->count++] = definition;
    pthread_mutex_unlock(&alert->lock);
    if (result < 0)
        definition_free(definition);
    return result;
}

int alert_define_all(struct alert *alert, const struct alert_kind *kinds, size_t count, int64_t phy)
{
    int first = -ENOENT;
    for (size_t i = 0; i < count; i++) {
        int number = alert_define(alert, &kinds[i], phy);
        if (number < 0)
            return number;
        if (i == 0)
            first = number;
    }
    return first;
}

size_t alert_unknown(struct alert *alert, struct buffer *buffer)
{
    size_t unknown = 0;
    pthread_mutex_lock(&alert->lock);
    for (size_t i = 0; i < alert->setting_count; i++) {
        const struct setting *setting = &alert->settings[i];
        if (find(alert, setting->name) >= 0)
            continue;
        if (unknown++ < UNKNOWN_NAMED)
            buffer_printf(buffer, "%s%s", unknown > 1 ? ", " : "", setting->name);
    }
    pthread_mutex_unlock(&alert->lock);
    return unknown;
}

size_t alert_list(struct alert *alert, struct alert_definition *ret_definitions, size_t limit)
{
    pthread_mutex_lock(&alert->lock);
    size_t count = alert->count < limit ? alert->count : limit;
    for (size_t i = 0; i < count; i++) {
        const struct definition *definition = alert->definitions[i];
        const struct alert_throttle *throttle = &definition->throttle;
        ret_definitions[i] = definition->shown;
        ret_definitions[i].limit_unit = throttle->rate.unit;
        ret_definitions[i].limit_rate = throttle->rate.count;
        ret_definitions[i].burst_unit = throttle->burst.unit;
        ret_definitions[i].limit_burst = throttle->burst.count;
        ret_definitions[i].burst_sent = throttle->burst_sent;
        ret_definitions[i].total_sent = throttle->total_sent;
        ret_definitions[i].time_last = (double)definition->last_us / 1e6;
    }
    pthread_mutex_unlock(&alert->lock);
    return count;
}

static void fill_facts(const struct alert_facts *facts, struct alert_record *record)
{
    const struct phy_record *phy = facts->phy;
    record->packet_ns = facts->time_ns;
    record->transmitter = facts->transmitter;
    record->source = facts->source;
    record->destination = facts->destination;
    record->other = facts->other;
    record->frequency = facts->frequency;
    record->phy = phy ? phy->number : UINT32_MAX;
    record->datasource = facts->has_datasource ? facts->datasource : ALERT_NO_SOURCE;
    if (facts->location)
        record->location = *facts->location;
    snprintf(record->channel, sizeof record->channel, "%s", facts->channel ? facts->channel : "");
    text_clean(record->channel);
    if (facts->device && phy)
        record->device_key =
            (struct device_key){.phy = phy->key, .mac = macaddr_u64(facts->device->mac)};
    if (facts->device)
        facts->device->alerts++;
}

/* Stamps the record with a time later than any before and keeps it; `definition` may be NULL. */
static void keep(struct alert *alert, struct definition *definition, struct alert_record *record)
{
    pthread_mutex_lock(&alert->lock);
    uint64_t now = alert->config.now_us(alert->config.context);
    alert->newest_us = now > alert->newest_us ? now : alert->newest_us + 1;
    record->time_us = alert->newest_us;
    if (definition)
        definition->last_us = record->time_us;
    uint64_t hash = hash_bytes(record->time_us, record->text, strlen(record->text));
    record->hash = (uint32_t)(hash_bytes(hash, record->header, strlen(record->header)) >> 32);
    backlog_add(alert->backlog, record);
    pthread_mutex_unlock(&alert->lock);
}

/* Raises what has its name, class and severity; `definition` may be NULL. */
static void publish(struct alert *alert, struct definition *definition,
                    const struct alert_kind *kind, const struct alert_facts *facts,
                    const char *format, va_list arguments)
{
    struct alert_record record = {.severity = kind->severity};
    snprintf(record.header, sizeof record.header, "%s", kind->name);
    snprintf(record.class, sizeof record.class, "%s", kind->class);
    vsnprintf(record.text, sizeof record.text, format, arguments);
    text_clean(record.header);
    text_clean(record.text);
    fill_facts(facts, &record);
    keep(alert, definition, &record);
    message_post(alert->config.messages, MESSAGE_ALERT, "%s %s", record.header, record.text);
}

/* The definition, if an alert of it may be raised at that time: then it counts as raised. */
static struct definition *pass(struct alert *alert, unsigned number, uint64_t time_ns)
{
    pthread_mutex_lock(&alert->lock);
    struct definition *definition = number < alert->count ? alert->definitions[number] : NULL;
    if (definition && !alert_rate_pass(&definition->throttle, time_ns))
        definition = NULL;
    pthread_mutex_unlock(&alert->lock);
    return definition;
}

int alert_raise(struct alert *alert, unsigned number, const struct alert_facts *facts,
                const char *format, ...)
{
    va_list arguments;
    uint64_t time_ns =
        facts->time_ns ? facts->time_ns : alert->config.now_us(alert->config.context) * NS_PER_US;
    struct definition *definition = pass(alert, number, time_ns);
    if (!definition)
        return -EAGAIN;
    const struct alert_kind kind = {.name = definition->shown.header,
                                    .class = definition->shown.class,
                                    .severity = definition->shown.severity};
    va_start(arguments, format);
    publish(alert, definition, &kind, facts, format, arguments);
    va_end(arguments);
    return 0;
}

void alert_raise_once(struct alert *alert, const struct alert_kind *kind,
                      const struct alert_facts *facts, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    publish(alert, NULL, kind, facts, format, arguments);
    va_end(arguments);
}

// clang-format off
const struct option alert_options[] = {
    {.key = "alert", .type = OPTION_LIST, .fallback = "", .description = "How often alerts of a kind may be raised, as NAME,RATE,BURST: DEAUTHFLOOD,5/min,2/sec; a rate of 0 mutes it."},
    {.key = "alertbacklog", .type = OPTION_INTEGER, .fallback = "50", .minimum = 0, .maximum = BACKLOG_MAX, .description = "Newest alerts kept for the API."},
    {.key = "devicefound", .type = OPTION_LIST, .fallback = "", .description = "An address, or address/mask, whose devices raise DEVICEFOUND when they appear."},
    {.key = "devicefound_timeout", .type = OPTION_INTEGER, .fallback = "60", .minimum = 0, .maximum = 1000000000, .description = "Seconds of silence after which such a device appears anew."},
    {.key = "devicelost", .type = OPTION_LIST, .fallback = "", .description = "An address, or address/mask, whose devices raise DEVICELOST when they fall silent."},
    {.key = "devicelost_timeout", .type = OPTION_INTEGER, .fallback = "60", .minimum = 1, .maximum = 1000000000, .description = "Seconds of silence after which such a device is lost."},
    {.key = "load_alert", .type = OPTION_LIST, .fallback = "", .description = "An alert to raise at the start, as NAME:text."},
    {.key = "messagebacklog", .type = OPTION_INTEGER, .fallback = "50", .minimum = 0, .maximum = BACKLOG_MAX, .description = "Newest messages kept for the API."},
};
const size_t alert_options_count = sizeof alert_options / sizeof *alert_options;
// clang-format on
