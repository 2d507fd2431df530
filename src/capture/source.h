/* One data source: its type, its thread and its record. Source types (source_file.c,
 * source_tool.c, source_demo.c) fill in open, run and close; capture.c owns the sources.
 * Input: commands, and what the type reads. Output: frames into the queue. */
#ifndef NORN_CAPTURE_SOURCE_H
#define NORN_CAPTURE_SOURCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "capture/capture.h"
#include "capture/coverage.h"
#include "capture/definition.h"
#include "capture/source_status.h"
#include "capture/tuning.h"
#include "util/frame.h"

struct source;

/* A row of the registry: what the API shows of a type and how its sources work. open, run and
 * close are called in the source's own thread; a negative return comes with a sentence. */
struct source_type {
    const char *name;
    const char *description;
    const char *tool;    /* the text whose weak checksum starts its UUIDs */
    const char *program; /* of a capture tool; NULL: norn captures itself */
    bool probe;          /* found without type= */
    bool list;           /* its interfaces can be listed */
    bool local;
    bool remote;
    bool quiet;     /* may deliver nothing for long: never called deaf */
    bool elsewhere; /* its sensors are not where we are */
    bool passive;
    bool tune;
    bool hop;
    bool file;    /* reads a capture: its frames are never dropped */
    bool endless; /* of these: plays in real time for ever, whatever the definition says */
    /* True when the interface text means this type; called from any thread. */
    bool (*probes)(const struct capture_config *config, const char *interface);
    /* The last 48 bits of the UUID, 0 when there is nothing to make them from. */
    uint64_t (*identify)(const struct capture_config *config, const char *interface);
    int (*open)(struct source *source, struct buffer *ret_why);
    /* Until the end (0), a command (-ECANCELED, see source_interrupted()) or an error. */
    int (*run)(struct source *source, struct buffer *ret_why);
    void (*close)(struct source *source);
};

struct tool_link;

/* How far the packets of a tool's process have come: also after its connection was lost. */
struct source_session {
    uint64_t number; /* 0: the tool does not tell */
    uint32_t sequence;
    bool has_sequence;
};

struct source {
    const struct capture_config *config;
    uint16_t number;
    int wake; /* eventfd, readable when there is a command */
    pthread_t thread;
    bool started;

    /* Commands: set by anyone, then source_wake(). */
    atomic_bool stop;
    atomic_bool wanted; /* should be open */
    atomic_bool paused;
    atomic_bool renewed; /* there is a next_definition */
    atomic_bool reopen;  /* close and open again */

    pthread_mutex_t lock;
    pthread_cond_t changed;      /* status.state */
    struct source_status status; /* under lock */
    struct coverage coverage;    /* under lock */
    struct buffer inbox;         /* under lock: frames left by source_virtual_post() */
    struct tuning tuning;        /* under lock */
    struct tool_link *attached;  /* under lock: a sensor's connection to be taken up, or NULL */
    bool spread;                 /* under lock: its part of the hop list has changed */
    struct definition *next_definition;  /* under lock: to be taken up when not running */
    const struct source_type *next_type; /* with it */

    /* The thread's own. */
    struct definition *definition;
    const struct source_type *type; /* NULL while unresolved */
    void *state;                    /* of the type */
    bool is_remote;                 /* a sensor brings it */
    struct source_session session;
    struct batch *batch;        /* being filled, or NULL */
    struct source_counts fresh; /* not yet in status.counts */
    uint32_t checked_link_type;
    bool link_unsupported;
    bool retry;
    bool file_clock;
    bool fcs_unchecked;
    bool fcs_present;
};

/* Makes a source and starts its thread; it opens at once. Takes over the definition and the
 * sensor's connection (NULL: none). NULL when memory or threads are lacking (both are the caller's
 * then). */
struct source *source_new(const struct capture_config *config, uint16_t number,
                          struct definition *definition, const struct source_type *type,
                          const struct source_status *status, struct tool_link *link);

/* Ends the thread, at once or when it next looks; join with source_free(). */
void source_stop(struct source *source);

/* Joins the thread of a stopped source; its record stays. */
void source_join(struct source *source);

void source_free(struct source *source);

/* Writes what a definition says into a record: everything but number, UUID and counts. */
void source_describe(struct source_status *status, const struct definition *definition,
                     const struct source_type *type, const struct capture_config *config);

/* The part of that which rests on the type: again when a type is found later. */
void source_describe_type(struct source_status *status, const struct definition *definition,
                          const struct source_type *type);

/* Makes the thread look at its commands. */
void source_wake(struct source *source);

/* Waits until the source is neither opening nor, with `leave_running`, running; the lock must
 * be held. False when the time is up. */
bool source_await(struct source *source, unsigned timeout_ms, bool leave_running);

/* Below: for source types, in the source's thread. */

/* True when run() must return -ECANCELED: the source is to close or stop. */
bool source_interrupted(const struct source *source);

/* Takes the wake-up back; call after being woken, then look at the commands. */
void source_awake(struct source *source);

/* Sleeps until a time of CLOCK_MONOTONIC (0: until woken), or until woken. */
void source_sleep(struct source *source, uint64_t until_ns);

/* Adds a frame to the batch being filled, copying its bytes; a full batch goes to the engine. A
 * file waits for an empty batch; others wait `wait_ms`, then the frame is dropped and counted.
 * False when it was not added. */
bool source_add(struct source *source, const struct frame *frame, uint64_t time_ns, int wait_ms);

/* True when frames were added that the engine does not have yet. */
bool source_has_frames(const struct source *source);

/* Hands what was added to the engine and brings the record up to date. */
void source_flush(struct source *source);

/* Tells an event of the source. */
void source_tell(struct source *source, enum capture_event event, const char *text);

/* Sets the record's warning and tells it. */
void source_warn(struct source *source, const char *text);

#endif
