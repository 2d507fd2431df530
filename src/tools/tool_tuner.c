/* Channels and dwells of a source. See tool_tuner.h. */
#include "tools/tool_tuner.h"

#include <errno.h>
#include <string.h>

#include "util/clock.h"

enum { DWELLS_MAX = 512 }; /* not told yet; more are left out */

static void add_dwell(struct tool_tuner *tuner, const struct protocol_dwell *dwell)
{
    if (tuner->dwells.count < DWELLS_MAX)
        protocol_list_add_block(&tuner->dwells, &protocol_dwell_table, dwell);
}

/* The stay up to a time is over, or is told in two parts. What is short of a millisecond counts
 * with what follows. */
static void end_stay(struct tool_tuner *tuner, uint64_t end_ns)
{
    uint64_t milliseconds = end_ns > tuner->since_ns ? (end_ns - tuner->since_ns) / NS_PER_MS : 0;
    struct protocol_dwell dwell = {.channel = protocol_text_of(tuner->channel),
                                   .milliseconds = milliseconds,
                                   .hopped = tuner->is_new};
    if (!*tuner->channel || (!milliseconds && !tuner->is_new))
        return;
    add_dwell(tuner, &dwell);
    tuner->since_ns += milliseconds * NS_PER_MS;
    tuner->is_new = false;
}

void tool_tuner_tell(struct tool_session *session)
{
    end_stay(&session->tuner, tool_now_ns());
}

static int tune(struct tool_session *session, const char *channel, struct buffer *ret_why)
{
    struct tool_tuner *tuner = &session->tuner;
    char name[TOOL_CHANNEL_TEXT];
    memcpy(name, channel, strlen(channel) + 1);
    uint64_t begin_ns = tool_now_ns();
    int result = session->tool.type->tune(&session->tool, name, ret_why);
    if (result < 0) {
        struct protocol_dwell dwell = {.channel = protocol_text_of(name), .refused = true};
        add_dwell(tuner, &dwell);
        return result;
    }
    end_stay(tuner, begin_ns);
    memcpy(tuner->channel, name, sizeof name);
    tuner->since_ns = tool_now_ns();
    tuner->is_new = true;
    return 0;
}

int tool_tuner_lock(struct tool_session *session, struct protocol_text channel,
                    struct buffer *ret_why)
{
    char name[TOOL_CHANNEL_TEXT];
    if (channel.length >= sizeof name || memchr(channel.text, 0, channel.length)) {
        buffer_printf(ret_why, "a channel is a text of up to %d bytes", TOOL_CHANNEL_TEXT - 1);
        return -EINVAL;
    }
    memcpy(name, channel.text, channel.length);
    name[channel.length] = '\0';
    int result = tune(session, name, ret_why);
    if (!result)
        session->tuner.hop.on = false;
    return result;
}

int tool_tuner_hop(struct tool_session *session, const struct protocol_hop *request,
                   struct buffer *ret_why)
{
    session->tuner.hop.hops_to = session->tool.type->hops_to;
    session->tuner.hop.tool = &session->tool;
    return tool_hop_start(&session->tuner.hop, request, &session->channels, tool_now_ns(), ret_why);
}

/* A channel that can never be tuned to leaves the list. */
static int drop_channel(struct tool_tuner *tuner, struct buffer *ret_why)
{
    tuner->list_changed = true;
    if (tool_hop_drop(&tuner->hop))
        return 0;
    buffer_add_text(ret_why, ": none of the channels can be tuned to");
    return -ENODEV;
}

int tool_tuner_step(struct tool_session *session, uint64_t now_ns, struct buffer *ret_why)
{
    struct tool_hop *hop = &session->tuner.hop;
    size_t begin = ret_why->length;
    if (!hop->on || now_ns < hop->due_ns)
        return 0;
    int result = tune(session, tool_hop_channel(hop), ret_why);
    if (result == -EINVAL)
        result = drop_channel(&session->tuner, ret_why);
    else if (result != -ENODEV)
        tool_hop_advance(hop, tool_now_ns());
    if (result == -ENODEV)
        return result;
    ret_why->length = begin; /* refused this time: the dwells tell */
    return 0;
}

void tool_tuner_reset(struct tool_tuner *tuner)
{
    tool_hop_done(&tuner->hop.channels);
    protocol_list_done(&tuner->dwells);
    *tuner = (struct tool_tuner){0};
}
