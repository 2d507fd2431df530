/* Rates of alerts. See alert_rate.h. */
#include "alert/alert_rate.h"

#include <errno.h>
#include <string.h>

#include "util/clock.h"
#include "util/text.h"

enum { COUNT_MAX = 1000000 };

static const uint32_t unit_seconds[] = {1, 60, 3600, 86400};
static const char *const unit_names[] = {"sec", "min", "hour", "day"};

static const struct {
    const char *word;
    enum alert_unit unit;
} words[] = {
    {"sec", ALERT_SECOND},    {"second", ALERT_SECOND}, {"min", ALERT_MINUTE},
    {"minute", ALERT_MINUTE}, {"hr", ALERT_HOUR},       {"hour", ALERT_HOUR},
    {"day", ALERT_DAY},
};

static int parse_unit(const char *word, size_t length, uint8_t *ret_unit)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == length && strncasecmp(words[i].word, word, length) == 0) {
            *ret_unit = (uint8_t)words[i].unit;
            return 0;
        }
    return -EINVAL;
}

int alert_rate_parse(const char *text, size_t length, struct alert_rate *ret_rate,
                     struct buffer *ret_why)
{
    const char *slash = length ? memchr(text, '/', length) : NULL;
    size_t digits = slash ? (size_t)(slash - text) : length;
    struct alert_rate rate = {.unit = ALERT_MINUTE};
    int64_t count;
    int error = text_parse_i64(text, digits, &count);
    if (!error && slash)
        error = parse_unit(slash + 1, length - digits - 1, &rate.unit);
    if (error || count < 0 || count > COUNT_MAX) {
        buffer_add_text(ret_why, "'");
        buffer_add(ret_why, text, length < 40 ? length : 40);
        buffer_add_text(ret_why, "' is no rate; one looks like 10/min: sec, min, hour or day");
        return -EINVAL;
    }
    rate.count = (uint32_t)count;
    *ret_rate = rate;
    return 0;
}

void alert_rate_write(struct alert_rate rate, struct buffer *buffer)
{
    buffer_printf(buffer, "%u/%s", rate.count, unit_names[rate.unit]);
}

static uint64_t unit_ns(struct alert_rate rate)
{
    return unit_seconds[rate.unit] * NS_PER_S;
}

bool alert_rate_pass(struct alert_throttle *throttle, uint64_t time_ns)
{
    uint64_t last = throttle->last_ns;
    uint64_t since = time_ns > last ? time_ns - last : last - time_ns;
    if (!throttle->rate.count)
        return false;
    if (!throttle->is_begun || since > unit_ns(throttle->rate)) {
        throttle->total_sent = throttle->burst_sent = 0;
    } else {
        if (since > unit_ns(throttle->burst))
            throttle->burst_sent = 0;
        if (throttle->burst_sent >= throttle->burst.count ||
            throttle->total_sent >= throttle->rate.count)
            return false;
    }
    throttle->is_begun = true;
    throttle->last_ns = time_ns;
    throttle->total_sent++;
    throttle->burst_sent++;
    return true;
}
