/* The engine: two threads between the queue and the store. The first takes batches and dissects
 * them without any lock; the second, the one writer of the store, applies them to the devices under
 * the write lock and gives the batches back. Also the replay of a file without threads. */
#ifndef NORN_PHY_ENGINE_H
#define NORN_PHY_ENGINE_H

#include "alert/alert.h"
#include "track/store.h"
#include "util/frame.h"

struct engine;

/* How the engine is fed and what it tells; callbacks come from its own threads. */
struct engine_config {
    struct store *store;
    struct alert *alert;           /* where alerts go; NULL: nowhere */
    const struct options *options; /* rules of alerts; NULL: there are none */
    struct buffer *ret_why;        /* engine_new() adds a line for each fault of the options */
    void *context;
    uint64_t (*now)(void *context);                            /* server clock, seconds */
    struct batch *(*next)(void *context, unsigned timeout_ms); /* NULL: nothing yet, or closed */
    void (*give_back)(void *context, struct batch *batch);
    /* Frames of a batch that were in error or malformed: the source's counters. */
    void (*on_faults)(void *context, uint16_t source, uint64_t errors, uint64_t malformed);
    /* Where we are now, or NULL: for frames of sources that are heard live. */
    bool (*locate)(void *context, struct location *ret_location);
    /* About once a second, with the write lock held: refresh what hangs on the store. */
    void (*on_second)(void *context, uint64_t server_now);
};

struct engine *engine_new(const struct engine_config *config);

/* Starts the threads. 0 or -errno. */
int engine_start(struct engine *engine);

/* Ends the threads after what they are doing; waits for them. */
void engine_stop(struct engine *engine);
void engine_free(struct engine *engine);

/* Dissects and applies one batch in the caller's thread, which must be the only writer. */
void engine_apply(struct engine *engine, struct batch *batch, uint64_t server_now);

/* True when the engine is waiting for frames: with an empty queue, everything was applied. */
bool engine_idle(struct engine *engine);

/* The name of a link type that norn does not dissect; NULL for those it does. */
const char *engine_unsupported(uint16_t link_type);

#endif
