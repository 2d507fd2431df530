/* What the patterns of one request may take: of the time of a thread, and of a lock that it holds.
 * A pattern that takes too many steps on a text, or all of them too much time, is a fault that ends
 * the request: to leave records out instead would be to hide them. Input: patterns and texts, the
 * holds of the lock in between. Output: matches, or the fault. */
#ifndef NORN_UTIL_PATTERN_BUDGET_H
#define NORN_UTIL_PATTERN_BUDGET_H

#include <stdint.h>

#include "util/pattern.h"

/* All zeroes at first; one thread at a time. */
struct pattern_budget {
    uint64_t hold_ns;               /* monotonic time at which the hold began */
    uint64_t spent_ns;              /* in the holds before it */
    unsigned tries;                 /* since the clock was read */
    int fault;                      /* 0; -ELOOP: too many steps; -ETIME: too much time */
    const struct pattern *too_many; /* that took them */
};

/* A hold of a lock begins, or what else nobody should wait for long. The first try begins one where
 * none has. */
void pattern_budget_hold(struct pattern_budget *budget);

/* True when the hold has lasted as long as others may be kept waiting: end it soon. */
bool pattern_budget_is_long(const struct pattern_budget *budget);

/* The hold ends. */
void pattern_budget_release(struct pattern_budget *budget);

/* Whether the text holds a match; never from the first fault on. */
bool pattern_budget_try(struct pattern_budget *budget, struct pattern *pattern, const char *text,
                        size_t length);

/* Says what the fault is and what to do about it. While the patterns are there. */
void pattern_budget_explain(const struct pattern_budget *budget, struct buffer *why);

#endif
