/* The engine between the frames of a batch and the store. Whoever filled a batch has it dissected,
 * without any lock and in its own thread, while it still has the bytes in its cache; the engine's
 * thread, the one writer of the store, applies what the frames say to the devices under the write
 * lock and gives the batch back. */
#ifndef NORN_PHY_ENGINE_H
#define NORN_PHY_ENGINE_H

#include "alert/alert.h"
#include "phy/packet.h"
#include "schema/trail.h"
#include "track/store.h"
#include "util/frame.h"
#include "util/timeline.h"

struct engine;

/* How the engine is fed and what it tells; callbacks come from its own thread. */
struct engine_config {
    struct store *store;
    struct alert *alert;           /* where alerts go; NULL: nowhere */
    const struct options *options; /* rules of alerts; NULL: there are none */
    struct buffer *ret_why;        /* engine_new() adds a line for each fault of the options */
    void *context;
    struct timeline_clock (*read_clock)(void *context); /* NULL only without the thread */
    /* The next dissected batch; NULL: nothing yet, or closed. */
    struct batch *(*next)(void *context, unsigned timeout_ms);
    void (*give_back)(void *context, struct batch *batch);
    /* Frames of a batch that were in error or malformed: the source's counters. */
    void (*on_faults)(void *context, uint16_t source, uint64_t errors, uint64_t malformed);
    /* Where the batch's source was while it heard these frames; ret_trail comes empty and stays so
     * where that is not known, or not to be told. NULL: it never is. */
    void (*locate)(void *context, const struct batch *batch, struct trail *ret_trail);
    /* Dissected packets of a batch, before they are applied, without a lock; frames[i] is the
     * bytes of packets[i]. NULL: nobody listens. */
    void (*on_packets)(void *context, const struct batch *batch, const struct packet *packets);
    /* About once a second, with the write lock held: refresh what hangs on the store. */
    void (*on_second)(void *context, uint64_t now);
    /* The wall clock was set by so many seconds, and the store moved along; lock held. */
    void (*on_step)(void *context, int64_t step);
};

struct engine *engine_new(const struct engine_config *config);

/* Starts the thread. 0 or -errno. */
int engine_start(struct engine *engine);

/* Ends the thread after the batch that it has; waits for it. */
void engine_stop(struct engine *engine);
void engine_free(struct engine *engine);

/* Bytes that a batch's room must have, at a multiple of PREFETCH_LINE. */
size_t engine_room(void);

/* Notes in the batch's room what its frames say. From any thread, several at a time. */
void engine_dissect(struct engine *engine, struct batch *batch);

/* Applies a dissected batch in the caller's thread, which must be the only writer. Without clocks
 * to read, it is `server_now` (seconds). */
void engine_apply(struct engine *engine, const struct batch *batch, uint64_t server_now);

/* The name of a link type that norn does not dissect; NULL for those it does. */
const char *engine_unsupported(uint16_t link_type);

#endif
