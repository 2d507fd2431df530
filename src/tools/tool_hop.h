/* Where a radio goes and when: a list of channels, a rate, and the order through them. Knows no
 * radio and no clock. Input: the server's requests and the time. Output: the channel to tune to. */
#ifndef NORN_TOOLS_TOOL_HOP_H
#define NORN_TOOLS_TOOL_HOP_H

#include "protocol/protocol_message.h"
#include "tools/tool.h"

struct tool_channels {
    size_t count;
    char (*text)[TOOL_CHANNEL_TEXT];
};

struct tool_hop {
    bool (*hops_to)(struct tool *tool, const char *channel); /* NULL, or leaves others out */
    struct tool *tool;
    struct tool_channels channels;
    double rate; /* hops a second */
    bool shuffle;
    uint32_t skip;   /* channels a step while shuffling, as it is done */
    uint32_t offset; /* where in the list it began */
    bool on;
    size_t at;       /* in the list: the channel to be tuned to now or last */
    uint64_t due_ns; /* when to go on */
};

/* Adds a channel; one that is there already, empty, too long or one too many is left out. False
 * when it was not added. */
bool tool_hop_add(struct tool_channels *channels, struct protocol_text channel);

void tool_hop_done(struct tool_channels *channels);

/* Begins to hop as the request says; what it does not say stays as it was, and without a list,
 * now or before, it is `fallback`. Shuffling steps over some channels where nobody says how many,
 * and always comes by every channel before any comes again. 0; -EINVAL with a sentence when there
 * is no channel to hop to or the rate is none, and then nothing has changed; -ENOMEM. */
int tool_hop_start(struct tool_hop *hop, const struct protocol_hop *request,
                   const struct tool_channels *fallback, uint64_t now_ns, struct buffer *ret_why);

/* The channel to be tuned to. Call when it is due, then tool_hop_advance(). */
const char *tool_hop_channel(const struct tool_hop *hop);

/* Goes to the next one and says when that is due: an interval after this one was, or after now
 * when tuning took longer than that. */
void tool_hop_advance(struct tool_hop *hop, uint64_t now_ns);

/* Takes the channel to be tuned to out of the list; the one behind it takes its place. False when
 * none is left, and hopping ends. */
bool tool_hop_drop(struct tool_hop *hop);

/* The block for a report; its list is written to `writer`, which must outlive it. */
struct protocol_hop tool_hop_report(const struct tool_hop *hop,
                                    struct protocol_list_writer *writer);

#endif
