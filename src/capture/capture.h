/* The data sources: defines them from their text, runs a thread each, keeps their records and
 * takes commands. Input: definitions of the configuration, the command line and the API. Output:
 * frames into the queue, events by callback, records by capture_snapshot(). Thread-safe. */
#ifndef NORN_CAPTURE_CAPTURE_H
#define NORN_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/ledger.h"
#include "capture/queue.h"
#include "capture/source_status.h"
#include "util/buffer.h"
#include "util/options.h"

enum capture_event {
    CAPTURE_OPENED,
    CAPTURE_ENDED,   /* a file was read to its end */
    CAPTURE_CLOSED,  /* by command */
    CAPTURE_ERROR,   /* text: the reason; told once per reason, not once per retry */
    CAPTURE_WARNING, /* text: what is wrong with a source that still works */
    CAPTURE_TOLD,    /* text: what the capture tool says */
    CAPTURE_PAUSED,
    CAPTURE_RESUMED,
    CAPTURE_REMOVED,
};

/* How sources reach the world and what holds where a definition does not say. Copied; texts and
 * bytes are borrowed for the life of the capture. Callbacks come from source threads, with no
 * lock held, and may call any capture function but capture_stop(), capture_free() and
 * capture_add(). */
struct capture_config {
    struct queue *queue;
    void *context;
    /* Descriptor of a file or FIFO (FIFOs opened without waiting for a writer), or -errno. */
    int (*open_capture)(void *context, const char *path);
    /* Starts tool_child_run() for a capture tool's program, with rights; stream socket. 0 or
     * -errno. */
    int (*start_tool)(void *context, const char *program, int *ret_descriptor, pid_t *ret_pid);
    void (*stop_tool)(void *context, pid_t pid);
    /* A stream socket from which interface_serve()'s rows can be read, or -errno; NULL callback:
     * the capture looks at the interfaces itself. */
    int (*list_interfaces)(void *context);
    void (*on_event)(void *context, uint16_t source, enum capture_event event, const char *text);
    /* Frames of a batch, in its source's thread, on their way into the queue: may fill its room.
     * NULL callback: they go as they are. */
    void (*on_frames)(void *context, struct batch *batch);
    /* Something happened that belongs to no source. */
    void (*on_notice)(void *context, const char *text);
    /* Before the first frame of each definition: the receiver of positions (metagps=) that speaks
     * for the source, NULL without. */
    void (*on_metagps)(void *context, uint16_t source, const char *name);
    /* Name of a link type that norn does not dissect, NULL for one that it does; NULL callback:
     * all are fine. */
    const char *(*unsupported)(void *context, uint16_t link_type);
    const void *demo; /* bytes of the built-in capture, plain or compressed; NULL: none */
    size_t demo_length;
    const char *const *masked_types; /* never probed nor listed; NULL-ended; NULL: none */
    bool hop;                        /* channel_hop */
    double hop_rate;                 /* channel_hop_speed in hops a second; 0 stands for 5 */
    bool split;                      /* split_source_hopping */
    bool shuffle;                    /* randomized_hopping */
    bool retry;                      /* retry_on_source_error */
    bool remote_timestamp; /* override_remote_timestamp: sensors' packets get the time of arrival */
    unsigned retry_ms;     /* pause before a retry; 0 stands for 5000 */
    unsigned deaf_ms;      /* without a frame, then a radio is opened again; 0: never */
};

struct capture;

/* NULL with errno set when memory is lacking. */
struct capture *capture_new(const struct capture_config *config);

/* Ends and joins every source thread, within 2 s; records stay readable. */
void capture_stop(struct capture *capture);

/* Stops, then frees; NULL is fine. */
void capture_free(struct capture *capture);

/* Defines a source and starts it, then waits up to `wait_ms` until it is open or has failed.
 * 0 when defined, also when it could not open (see its record: in error, retried). -EINVAL: a bad
 * definition, -EEXIST: its UUID is that of a running source, -ENOSPC: SOURCES_MAX reached; each
 * with a plain sentence in ret_why. The UUID of a source that does not run any more: that source
 * gets the new definition and keeps its number, also where it was removed. */
int capture_add(struct capture *capture, const char *definition, unsigned wait_ms,
                uint16_t *ret_number, struct buffer *ret_why);

/* Makes the sensor that has connected a source, or hands it to the source of its UUID, which takes
 * it up instead of an older connection. 0: `link` (from the heap) is the source's. -EINVAL: a bad
 * definition, -ENOTSUP: a type that is not known, -EEXIST: its UUID is that of another kind of
 * source, -ENOSPC; with a sentence. */
struct protocol_new_source;
struct tool_link;
int capture_attach(struct capture *capture, const struct protocol_new_source *sensor,
                   struct tool_link *link, struct buffer *ret_why);

/* Passes a text on to on_notice, the same one at most once a minute. */
void capture_notice(struct capture *capture, const char *text);
/* Leaves reports for the virtual source of that UUID, which is made where there is none and is
 * called `name` from now on: all of them or none. The frames are copied. 0; as capture_add(), or
 * -EOPNOTSUPP: the UUID is that of another type; -ESHUTDOWN: the source is closed; -EAGAIN: too
 * many wait already; each with a plain sentence in ret_why. */
int capture_report(struct capture *capture, struct uuid uuid, const char *name,
                   const struct frame *frames, size_t count, struct buffer *ret_why);

/* Sources defined so far: their numbers are 0 .. count - 1. */
size_t capture_count(struct capture *capture);

/* Copies a source's record, also of one that was removed. 0, or -ENOENT. */
int capture_snapshot(struct capture *capture, uint16_t number, struct source_status *ret_status);

/* Number of the source of that UUID, also of one that was removed. 0, or -ENOENT. */
int capture_find(struct capture *capture, struct uuid uuid, uint16_t *ret_number);

/* False for a number that no source has. */
bool capture_is_removed(struct capture *capture, uint16_t number);

/* Stays on one channel. 0; -EINVAL: not a channel; -EOPNOTSUPP: cannot tune; -ENOENT: no such
 * source; with a plain sentence in ret_why. */
int capture_lock(struct capture *capture, uint16_t number, const char *channel,
                 struct buffer *ret_why);

/* What a hop command changes; zero members leave things as they are. */
struct capture_hop {
    double rate; /* hops a second */
    const char *const *channels;
    size_t channel_count;
    int shuffle; /* 1 on, -1 off */
};

/* Goes round the source's channels; `hop` may be NULL. Errors as for capture_lock(). */
int capture_hop(struct capture *capture, uint16_t number, const struct capture_hop *hop,
                struct buffer *ret_why);

/* Commands; -EALREADY with a sentence when the source is in that state, -ENOENT: no such source.
 * A paused file waits, a paused radio's frames are thrown away. A file opened again starts over. */
int capture_pause(struct capture *capture, uint16_t number, struct buffer *ret_why);
int capture_resume(struct capture *capture, uint16_t number, struct buffer *ret_why);
int capture_open(struct capture *capture, uint16_t number, struct buffer *ret_why);
int capture_close(struct capture *capture, uint16_t number, struct buffer *ret_why);

/* Closes a source for good: it is tried no more and listed no more (see source_status.removed). Its
 * record stays under its number, by which devices name who heard them; one that never delivered a
 * frame gives its number to the next new definition. Its definition added again, a sensor that
 * connects again or a new report brings it back. -ENOENT: no such source, or removed already. */
int capture_remove(struct capture *capture, uint16_t number, struct buffer *ret_why);

/* The engine's share of a source's counts: error_packets and malformed are added. */
void capture_count_faults(struct capture *capture, uint16_t number, uint64_t error_packets,
                          uint64_t malformed);

/* True when there is a file source and none of them runs or will (ended, closed, or in error):
 * with an idle queue, the time to leave for --exit-at-end. */
bool capture_all_ended(struct capture *capture);

/* Brings the ledgers up to date and opens deaf sources again; about once a second. */
void capture_tick(struct capture *capture);

/* Reads a source's ledger over the last `window_ms`; see ledger_read(). 0, -ENOENT, -ENOMEM. */
int capture_coverage(struct capture *capture, uint16_t number, uint64_t window_ms,
                     const char *channel, struct ledger_report *ret_report);

/* An interface that a source could use. */
struct source_type;
struct capture_interface {
    char name[64];
    char capture[64]; /* where it would capture */
    char hardware[64];
    char options[128];              /* to put behind the name, as key=value,... */
    struct uuid in_use;             /* of the source that has it, else zeroes */
    const struct source_type *type; /* of a source for it */
};

/* Fills up to `limit` rows with what capture tools list; the count. Takes up to 5 s. */
size_t capture_list_interfaces(struct capture *capture, struct capture_interface *ret_list,
                               size_t limit);

extern const struct option capture_options[];
extern const size_t capture_options_count;

#endif
