/* Waiting for a tool to tune. See tuning.h. */
#include "capture/tuning.h"

#include <errno.h>
#include <stdio.h>

#include "capture/source.h"
#include "util/clock.h"

static bool is_under_way(const struct source *source)
{
    return source->tuning.state == TUNING_ASKED || source->tuning.state == TUNING_SENT;
}

/* With the lock: waits until no command is under way, then gives this one. */
static int give(struct source *source, const struct tuning *command,
                const struct timespec *deadline, struct buffer *ret_why)
{
    if (source->status.state != SOURCE_RUNNING) {
        buffer_printf(ret_why, "source %s is not open", source->status.name);
        return -ENOTCONN;
    }
    while (source->tuning.state != TUNING_NONE)
        if (pthread_cond_timedwait(&source->changed, &source->lock, deadline)) {
            buffer_printf(ret_why, "source %s is busy with another command", source->status.name);
            return -ETIMEDOUT;
        }
    source->tuning = *command;
    source->tuning.state = TUNING_ASKED;
    source_wake(source);
    return 0;
}

/* With the lock: waits for the end of the command that was given. */
static int await_end(struct source *source, const struct timespec *deadline, struct buffer *ret_why)
{
    int result = 0;
    while (!result && is_under_way(source))
        result = -pthread_cond_timedwait(&source->changed, &source->lock, deadline);
    if (result)
        buffer_printf(ret_why, "the capture tool of %s does not answer", source->status.name);
    else if (source->tuning.state == TUNING_REFUSED) {
        buffer_add_text(ret_why, source->tuning.why);
        result = -EREMOTEIO;
    }
    source->tuning.state = TUNING_NONE;
    pthread_cond_broadcast(&source->changed);
    return result;
}

int tuning_ask(struct source *source, const struct tuning *command, unsigned timeout_ms,
               struct buffer *ret_why)
{
    struct timespec deadline = clock_timespec(clock_monotonic_ns() + timeout_ms * NS_PER_MS);
    pthread_mutex_lock(&source->lock);
    int result = give(source, command, &deadline, ret_why);
    if (!result)
        result = await_end(source, &deadline, ret_why);
    pthread_mutex_unlock(&source->lock);
    return result;
}

void tuning_end(struct source *source, const char *why)
{
    if (!is_under_way(source))
        return;
    source->tuning.state = why ? TUNING_REFUSED : TUNING_DONE;
    snprintf(source->tuning.why, sizeof source->tuning.why, "%s", why ? why : "");
    pthread_cond_broadcast(&source->changed);
}
