/* One run of a capture tool: its connection, its source and what is between them. The parts of the
 * framework work on this struct: tool_talk answers the server, tool_capture keeps the source,
 * tool_tuner its channels, tool_data makes frames; the loop that calls them is here. */
#ifndef NORN_TOOLS_TOOL_SESSION_H
#define NORN_TOOLS_TOOL_SESSION_H

#include "protocol/protocol_message.h"
#include "tools/tool.h"
#include "tools/tool_arguments.h"
#include "tools/tool_hop.h"
#include "tools/tool_connection.h"
#include "tools/tool_options.h"
#include "tools/tool_outbox.h"

/* The last PING sent for a receipt. */
struct tool_receipt {
    bool pending;
    uint32_t sequence;
    struct tool_place place; /* what its PONG acknowledges */
    uint64_t asked_ns;       /* 0: never */
};

/* Where the radio is; times are the monotonic clock's. */
struct tool_tuner {
    struct tool_hop hop;
    char channel[TOOL_CHANNEL_TEXT]; /* "" before the first */
    uint64_t since_ns;               /* of the stay that is not told yet */
    bool is_new;                     /* nothing of this stay was told yet */
    struct protocol_list_writer dwells;
    bool list_changed; /* a channel left the list, which the server is to be told */
};

struct tool_session {
    struct tool tool;
    struct tool_arguments arguments;
    uint64_t number; /* random: this run */

    struct tool_connection link;
    struct tool_outbox outbox;
    struct tool_receipt receipt;
    struct buffer frame;       /* being written */
    uint32_t frame_number;     /* of the next frame of the outbox */
    uint32_t control_number;   /* of the next frame that is not kept */
    bool served;               /* the server of this connection has the source open */
    struct buffer lost_reason; /* why the server is lost, as standard error knows */
    uint64_t up_ns;            /* when the connection came up */
    uint64_t pinged_ns;        /* the server's last PING */
    uint64_t retry_ns;         /* when to connect again */

    bool is_open;
    bool is_confined;            /* for good: can open nothing more */
    struct tool_options options; /* of the definition opened or to be opened */
    struct tool_source source;
    struct tool_channels channels; /* that it can tune to */
    struct protocol_list_writer interfaces;
    char uuid[UUID_TEXT]; /* "" when it has none */
    struct tool_tuner tuner;
    enum tool_next next; /* what read() wants */
    bool is_blocked;     /* a frame did not fit: wait for room */
    uint64_t wake_ns;    /* when to read; 0: not by time */
    uint64_t tick_ns;    /* when to count, and to tell of dwells, next */
    bool report_due;     /* the next packet carries counters and dwells */
    uint64_t received;   /* what tool_add() was given */

    bool is_ending;        /* what waits goes out, then it is over */
    struct buffer failure; /* why the source died: goes out last, as ERROR */
    bool is_over;          /* this run, not only this connection */
    bool stops;            /* asked to stop: no connection after this one */
    int status;            /* of the exit, when it is over */
    uint64_t end_ns;       /* when to wait no longer */
};

static inline uint64_t tool_session_sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Runs a tool whose arguments are parsed; the exit status. */
int tool_session_run(struct tool_session *session);

/* Lets out what waits, for some seconds at most, then ends the connection: and the run, unless
 * there is a server to connect to again. */
void tool_session_end(struct tool_session *session, int status);

#endif
