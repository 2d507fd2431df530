/* The time that patterns take. See pattern_budget.h. */
#include "util/pattern_budget.h"

#include <errno.h>

#include "util/clock.h"

enum {
    TRIES = 16, /* between looks at the clock: a millisecond or two each at the most */
    HOLD_MS = 2,
    LONGEST_HOLD_MS = 250, /* of one record with very much in it */
    TOTAL_MS = 5000,
};

void pattern_budget_hold(struct pattern_budget *budget)
{
    budget->hold_ns = clock_monotonic_ns();
}

bool pattern_budget_is_long(const struct pattern_budget *budget)
{
    return clock_monotonic_ns() - budget->hold_ns > HOLD_MS * NS_PER_MS;
}

void pattern_budget_release(struct pattern_budget *budget)
{
    budget->spent_ns += clock_monotonic_ns() - budget->hold_ns;
    if (budget->spent_ns > TOTAL_MS * NS_PER_MS && !budget->fault)
        budget->fault = -ETIME;
}

bool pattern_budget_try(struct pattern_budget *budget, struct pattern *pattern, const char *text,
                        size_t length)
{
    if (!budget->hold_ns)
        pattern_budget_hold(budget);
    if (!budget->fault && ++budget->tries >= TRIES) {
        budget->tries = 0;
        if (clock_monotonic_ns() - budget->hold_ns > LONGEST_HOLD_MS * NS_PER_MS)
            budget->fault = -ETIME;
    }
    int result = budget->fault ? 0 : pattern_try(pattern, text, length);
    if (result < 0) {
        budget->fault = result;
        budget->too_many = pattern;
    }
    return result > 0;
}

void pattern_budget_explain(const struct pattern_budget *budget, struct buffer *why)
{
    if (budget->fault == -ELOOP)
        buffer_printf(why,
                      "the pattern '%s' takes too many steps on a text of these records; a "
                      "repetition within a repetition often does",
                      pattern_text(budget->too_many));
    else
        buffer_add_text(why, "the patterns take too long on so many records; ask with fewer or "
                             "simpler ones, or for fewer records");
}
