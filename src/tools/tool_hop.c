/* The order and the time of hops. See tool_hop.h. */
#include "tools/tool_hop.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/clock.h"

#define SHORTEST_NS    50000000 /* what radios and drivers can follow */
#define SLOWEST_RATE   1e-5     /* a hop a day */
#define RATE_OTHERWISE 1.0
#define SKIP_OTHERWISE 5 /* neighbours on the list hear one another: 1, 6, 11 in 2.4 GHz do not */

static bool has_channel(const struct tool_channels *channels, struct protocol_text channel)
{
    for (size_t i = 0; i < channels->count; i++)
        if (strlen(channels->text[i]) == channel.length &&
            strncasecmp(channels->text[i], channel.text, channel.length) == 0)
            return true;
    return false;
}

bool tool_hop_add(struct tool_channels *channels, struct protocol_text channel)
{
    if (!channel.length || channel.length >= TOOL_CHANNEL_TEXT ||
        memchr(channel.text, 0, channel.length) || channels->count == TOOL_CHANNELS ||
        has_channel(channels, channel))
        return false;
    char(*text)[TOOL_CHANNEL_TEXT] =
        reallocarray(channels->text, channels->count + 1, sizeof *text);
    if (!text)
        return false;
    channels->text = text;
    memcpy(text[channels->count], channel.text, channel.length);
    text[channels->count++][channel.length] = '\0';
    return true;
}

void tool_hop_done(struct tool_channels *channels)
{
    free(channels->text);
    *channels = (struct tool_channels){0};
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b) {
        size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The step asked for, or the next greater one that comes by every channel. */
static uint32_t whole_step(size_t wanted, size_t count)
{
    size_t step = wanted && wanted < count ? wanted : 1;
    while (common_divisor(step, count) != 1)
        step++;
    return (uint32_t)step;
}

static uint64_t interval_ns(const struct tool_hop *hop)
{
    double interval = NS_PER_S / hop->rate;
    return interval < SHORTEST_NS ? SHORTEST_NS : (uint64_t)interval;
}

static void choose_channel(const struct tool_hop *hop, struct protocol_text channel,
                           struct tool_channels *chosen)
{
    if (tool_hop_add(chosen, channel) && hop->hops_to &&
        !hop->hops_to(hop->tool, chosen->text[chosen->count - 1]))
        chosen->count--;
}

/* The list of the request, or where it has none the one there was, or the fallback. */
static int choose_channels(const struct tool_hop *hop, const struct protocol_hop *request,
                           const struct tool_channels *fallback, struct tool_channels *ret_channels,
                           struct buffer *ret_why)
{
    struct tool_channels chosen = {0};
    struct protocol_list list = request->channels;
    const struct tool_channels *known = hop->channels.count ? &hop->channels : fallback;
    struct protocol_text text;
    while (protocol_list_text(&list, &text))
        choose_channel(hop, text, &chosen);
    for (size_t i = 0; !request->channels.count && i < known->count; i++)
        choose_channel(hop, protocol_text_of(known->text[i]), &chosen);
    if (!chosen.count) {
        tool_hop_done(&chosen);
        buffer_add_text(ret_why, "there is no channel to hop to");
        return -EINVAL;
    }
    *ret_channels = chosen;
    return 0;
}

/* The step that was asked for, now or since shuffling began. */
static uint32_t wanted_step(const struct tool_hop *hop, const struct protocol_hop *request)
{
    if (request->present & PROTOCOL_BIT(3))
        return request->skip;
    return hop->on && hop->shuffle ? hop->skip : SKIP_OTHERWISE;
}

int tool_hop_start(struct tool_hop *hop, const struct protocol_hop *request,
                   const struct tool_channels *fallback, uint64_t now_ns, struct buffer *ret_why)
{
    struct tool_hop next = *hop;
    if (request->present & PROTOCOL_BIT(1))
        next.rate = request->rate;
    else if (!next.rate)
        next.rate = RATE_OTHERWISE;
    if (!(next.rate >= SLOWEST_RATE)) {
        buffer_add_text(ret_why, "the rate of hopping must be above 0 hops a second");
        return -EINVAL;
    }
    int result = choose_channels(hop, request, fallback, &next.channels, ret_why);
    if (result < 0)
        return result;
    if (request->present & PROTOCOL_BIT(2))
        next.shuffle = request->shuffle;
    if (request->present & PROTOCOL_BIT(4))
        next.offset = request->offset;
    next.skip = next.shuffle ? whole_step(wanted_step(hop, request), next.channels.count) : 1;
    next.at = next.offset % next.channels.count;
    next.due_ns = now_ns;
    next.on = true;
    tool_hop_done(&hop->channels);
    *hop = next;
    return 0;
}

const char *tool_hop_channel(const struct tool_hop *hop)
{
    return hop->channels.text[hop->at];
}

void tool_hop_advance(struct tool_hop *hop, uint64_t now_ns)
{
    hop->at = (hop->at + hop->skip) % hop->channels.count;
    hop->due_ns += interval_ns(hop);
    if (hop->due_ns < now_ns)
        hop->due_ns = now_ns;
}

bool tool_hop_drop(struct tool_hop *hop)
{
    struct tool_channels *channels = &hop->channels;
    channels->count--;
    memmove(channels->text[hop->at], channels->text[hop->at + 1],
            (channels->count - hop->at) * sizeof *channels->text);
    if (!channels->count) {
        hop->on = false;
        return false;
    }
    hop->at %= channels->count;
    hop->skip = hop->shuffle ? whole_step(hop->skip, channels->count) : 1;
    return true;
}

struct protocol_hop tool_hop_report(const struct tool_hop *hop, struct protocol_list_writer *writer)
{
    for (size_t i = 0; i < hop->channels.count; i++)
        protocol_list_add_text(writer, hop->channels.text[i]);
    return (struct protocol_hop){.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(3) |
                                            PROTOCOL_BIT(4) | PROTOCOL_BIT(5) | PROTOCOL_BIT(6),
                                 .rate = hop->rate,
                                 .shuffle = hop->shuffle,
                                 .skip = hop->skip,
                                 .offset = hop->offset,
                                 .channels = protocol_list_written(writer),
                                 .enabled = hop->on};
}
