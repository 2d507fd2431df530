/* The bounded hand-over from capture threads to the engine: a fixed number of batches go round
 * from an idle heap to a capture thread, into the queue, to the engine and back. Input: batches
 * filled by capture threads. Output: the same batches, in the order they were put. */
#ifndef NORN_CAPTURE_QUEUE_H
#define NORN_CAPTURE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/frame.h"

struct queue;

enum { QUEUE_FOREVER = -1 };

/* A queue of at most `batches` batches (at least 2), each allocated when first needed, with `room`
 * bytes at a multiple of PREFETCH_LINE; a quarter is kept for live sources, so that a file at full
 * speed cannot starve a radio, and files have a dozen or so at most, which is all that speed takes.
 * NULL when memory is lacking. */
struct queue *queue_new(size_t batches, size_t room);

/* Frees the queue and its batches; no thread may use it any more. */
void queue_free(struct queue *queue);

/* An empty batch, held by the caller until put or given back; `live` takers may have the last
 * quarter. Waits up to `timeout_ms` (0: not at all, QUEUE_FOREVER). NULL: none in time, or
 * closed. */
struct batch *queue_take_empty(struct queue *queue, int timeout_ms, bool live);

/* Hands a filled batch to the engine; never waits. A closed queue takes it back as empty. */
void queue_put(struct queue *queue, struct batch *batch);

/* The oldest batch put, held by the caller until given back; waits up to `timeout_ms`. NULL:
 * none in time, or the queue is closed and drained. */
struct batch *queue_get(struct queue *queue, int timeout_ms);

/* Returns a batch, whatever is in it, to the idle ones. */
void queue_give_back(struct queue *queue, struct batch *batch);

/* Ends the queue: takers get nothing more, getters get what is left. */
void queue_close(struct queue *queue);

/* True when no batch is filled, being filled or being worked on. */
bool queue_is_idle(struct queue *queue);

/* Batches put and not yet got: the engine's backlog; and the frames in them. */
size_t queue_backlog(struct queue *queue);
size_t queue_frames(struct queue *queue);

#endif
