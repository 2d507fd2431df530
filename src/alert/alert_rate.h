/* How often alerts of one kind may be raised: a rate and a burst, each a count in a unit of time.
 * Input: "10/min" of a configuration or a command, and times. Output: whether one may pass. */
#ifndef NORN_ALERT_ALERT_RATE_H
#define NORN_ALERT_ALERT_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

/* Units; the numbers are those of the API. */
enum alert_unit { ALERT_SECOND, ALERT_MINUTE, ALERT_HOUR, ALERT_DAY };

struct alert_rate {
    uint32_t count;
    uint8_t unit; /* enum alert_unit */
};

/* Both limits of a kind of alert and what was sent within them. */
struct alert_throttle {
    struct alert_rate rate, burst; /* a rate of 0 lets nothing pass */
    uint64_t last_ns;              /* time of the newest that passed */
    uint32_t total_sent, burst_sent;
    bool is_begun; /* one has passed */
};

/* Parses "10/min", "1/sec", "5" (a minute). 0, or -EINVAL with a sentence in ret_why. */
int alert_rate_parse(const char *text, size_t length, struct alert_rate *ret_rate,
                     struct buffer *ret_why);

/* Appends "10/min". */
void alert_rate_write(struct alert_rate rate, struct buffer *buffer);

/* Whether one more may pass at that time; it is counted when it may. Longer than the rate's unit
 * after the last one, both counts begin again; longer than the burst's, that of the burst. A time
 * that has gone back as far begins them again as well. */
bool alert_rate_pass(struct alert_throttle *throttle, uint64_t time_ns);

#endif
