/* Work for the thread of the websockets: run every so many milliseconds, and whenever someone
 * wakes it, so that an endpoint needs no thread of its own. Embedded in what it belongs to. */
#ifndef NORN_SERVE_WEBSOCKET_TASK_H
#define NORN_SERVE_WEBSOCKET_TASK_H

#include <stdbool.h>
#include <stdint.h>

struct websocket_hub;

enum { WEBSOCKET_TASK_TURN = 3000000 }; /* nanoseconds of a run; then sockets have their turn */

struct websocket_task {
    /* Runs on the websocket thread and must not block. `stopping`: the hub ends, the task is off
     * its list already and is not run again: clean up quickly. */
    void (*run)(struct websocket_task *task, bool stopping);
    unsigned every_ms; /* from the start on; 0: only when woken */
    /* Private. */
    struct websocket_hub *hub;
    struct websocket_task *next, *previous;
    bool is_started;
    int64_t due; /* monotonic milliseconds */
};

/* Puts the task on the hub's list; on any thread, also before the hub runs. Once the hub has
 * stopped it is never run. */
void websocket_task_start(struct websocket_hub *hub, struct websocket_task *task);

/* Has the task run soon; on any thread, from its start on. Harmless after its stop. */
void websocket_task_wake(struct websocket_task *task);

/* Takes the task off; on the websocket thread only. Harmless when it is off already. */
void websocket_task_stop(struct websocket_task *task);

#endif
