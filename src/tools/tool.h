/* The frame of norn's capture tools: a tool is a struct tool_type and a main() that calls
 * tool_main(). Flags, the conversation with the server, hopping, transports, the spool and the
 * counters are done here; the type knows its radio or file. One thread: every callback returns
 * soon (within some 100 ms), for the same thread answers the server.
 * Input: argv, the server's requests, what the type reads. Output: protocol v3 (docs/protocol.md).
 */
#ifndef NORN_TOOLS_TOOL_H
#define NORN_TOOLS_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/protocol_message.h"
#include "util/buffer.h"
#include "util/uuid.h"

enum {
    TOOL_CHANNELS = 1024,     /* channels in a list */
    TOOL_CHANNEL_TEXT = 64,   /* bytes of one with its NUL */
    TOOL_BATCH = 1024 * 1024, /* that a read() of a type that `buffers` may add */
};

struct tool;

/* What read() wants next. */
enum tool_next {
    TOOL_WAIT, /* again when the descriptor is readable or at the time of tool_wake_at() */
    TOOL_MORE, /* again at once, after a look at the server */
    TOOL_END,  /* never again: the file is at its end. The tool stays for the server's pings */
};

/* What is known of a source: filled by probe() and open(), zeroed before either. */
struct tool_source {
    uint32_t link_type;              /* LINKTYPE_ of its packets, 0 when it sends none */
    char capture_interface[1024];    /* where it really captures: wlan0mon for wlan0 */
    char hardware[64];               /* driver or model */
    char channel[TOOL_CHANNEL_TEXT]; /* tuned to now; "" when unknown */
    int descriptor;                  /* poll()ed for reading while it is open; -1: none */
    bool fixed;                      /* this one cannot be tuned, although others of the type can */
    bool needless;                   /* this one needs none of the rights that the type keeps */
};

/* A kind of capture tool. Callbacks that return int give 0 or -errno with a plain sentence in
 * ret_why; those that are NULL stand for "this tool cannot". */
struct tool_type {
    const char *name;        /* of the program: "norn_cap_pcapfile" */
    const char *source_type; /* what the server calls its sources: "pcapfile" */
    const char *uuid_name;   /* the text whose weak checksum starts its UUIDs: Kismet's name */
    const char *description; /* one sentence for --help */
    const char *usage;       /* how its definitions look, for --help: "FILE[:realtime=true]" */
    bool waits;     /* a file: what does not fit is added again later; else the newest is dropped */
    bool buffers;   /* a radio with a big ring in the kernel: not read while there is no room for
                       TOOL_BATCH bytes, for the kernel keeps and counts what waits */
    uint64_t keeps; /* capabilities, by bits, that an open source needs: the others are given up */

    /* Calls tool_add_interface() for each interface that a source could be made of. */
    int (*list)(struct tool *tool, struct buffer *ret_why);

    /* Whether the definition is one of this tool's: 1 (then `source` and channels are filled in
     * as far as that is cheap), 0 when it is not, -errno when it would be but for ret_why. */
    int (*probe)(struct tool *tool, struct tool_source *source, struct buffer *ret_why);

    /* The 48 bits that tell this source from others of the type (a hardware address); 0: none.
     * Also called before open(). */
    uint64_t (*identify)(struct tool *tool);

    /* Opens the source, fills in `source`, adds its channels with tool_add_channel(). When it
     * fails it has cleaned up: close() is not called. Whatever the source will need is opened here:
     * afterwards a tool that a server started is confined, and opens nothing more. */
    int (*open)(struct tool *tool, struct tool_source *source, struct buffer *ret_why);

    /* Adds what there is with tool_add(); called first right after open(). *ret_next is TOOL_WAIT
     * before. An error is told to the server and ends the source. Not called while a tool that
     * waits has no room. */
    int (*read)(struct tool *tool, enum tool_next *ret_next, struct buffer *ret_why);

    /* Tunes to a channel of the list or one the server named. 0; -EINVAL: never possible (while
     * hopping it leaves the list); -ENODEV: the source is dead; others: refused this time. */
    int (*tune)(struct tool *tool, const char *channel, struct buffer *ret_why);

    /* Whether hopping goes to a channel: those of a request to which it does not are left out.
     * NULL: to all. */
    bool (*hops_to)(struct tool *tool, const char *channel);

    /* Sets those members that the source knows, counted since open(); called about once a second.
     * tool_drops is added here; `received`, when left alone, is what tool_add() was given. */
    void (*count)(struct tool *tool, struct protocol_statistics *statistics);

    /* Ends what open() began. */
    void (*close)(struct tool *tool);
};

/* A tool at work, as its type sees it. */
struct tool {
    const struct tool_type *type;
    const char *interface;        /* of the definition being probed or opened */
    void *state;                  /* the type's own */
    struct tool_session *session; /* tool_main()'s own */
};

/* Runs a tool from main(): exit status 0; 1: the source or the server's end failed; 2: wrong
 * arguments. */
int tool_main(int argc, char **argv, const struct tool_type *type);

/* Below: for the callbacks. */

/* The value of the definition's option, case of the key ignored, or NULL; tool_option_again()
 * gives the one after `count` others of the same key. Texts live until close(). */
const char *tool_option(const struct tool *tool, const char *key);
const char *tool_option_again(const struct tool *tool, const char *key, size_t count);

/* The same as boolean or number: `fallback` when missing. 0, or -EINVAL with a sentence. */
int tool_option_bool(const struct tool *tool, const char *key, bool fallback, bool *ret_value,
                     struct buffer *ret_why);
int tool_option_number(const struct tool *tool, const char *key, double fallback, double *ret_value,
                       struct buffer *ret_why);

/* In list(): an interface, source options to put behind it (may be NULL), its hardware. */
void tool_add_interface(struct tool *tool, const char *name, const char *flags,
                        const char *hardware);

/* In probe() and open(): a channel that tune() takes, in the order to hop through them. */
void tool_add_channel(struct tool *tool, const char *channel);

/* Sends a packet, a JSON text, a signal, or any mix of these; bytes are copied. Times are the wall
 * clock's. False only when a tool that waits has no room: return TOOL_WAIT and add the same again
 * in the next read(), which comes when there is room. */
bool tool_add(struct tool *tool, const struct protocol_packet *packet);

/* Has read() called at a time of tool_now_ns(), once; 0 takes that back. */
void tool_wake_at(struct tool *tool, uint64_t monotonic_ns);

/* CLOCK_MONOTONIC and CLOCK_REALTIME in nanoseconds. */
uint64_t tool_now_ns(void);
uint64_t tool_wall_ns(void);

/* A line for the server's messages; a remote tool says it on standard error too. */
void tool_say(struct tool *tool, enum protocol_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
