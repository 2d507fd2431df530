/* A reply made chunk by chunk: made inline while few are under way, else in turn on the pump
 * thread, so that a thousand large replies do not delay a small one. Large records borrow from
 * one budget; where it is spent the stream waits, then is cut. */
#ifndef NORN_SERVE_STREAM_H
#define NORN_SERVE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "serve/http/exchange.h"

/* What stream_read() gives beside a count of bytes. */
enum { STREAM_WAIT = 0, STREAM_END = -1, STREAM_CUT = -2 };

struct waker;

/* Where a stream's bytes come from: see reply_stream(). */
struct stream_source {
    int (*fill)(void *context, struct buffer *buffer, size_t goal);
    void *context;
    void (*free_context)(void *context);
    struct waker *waker; /* NULL: it never waits; a reference */
};

/* Takes over what the source holds; NULL without memory: then it is the caller's. Holds a
 * reference to the request. */
struct stream *stream_new(struct request *request, const struct stream_source *source);
void stream_free(struct stream *stream);

/* Compresses from here on; false when too many are. */
bool stream_compress(struct stream *stream);

/* Makes the first chunk and sets the reply: whole where it ends with it. On a server thread this
 * may suspend the request (request->later). */
void stream_start(struct stream *stream);

/* Queues the stream for its next chunk on the pump thread; its request is suspended, and may be
 * resumed and gone before this returns. */
void stream_pump(struct stream *stream);

/* A server thread has come for the chunk that was made for it. */
void stream_taken(struct stream *stream);

/* The next bytes, at most `room`; STREAM_WAIT: the connection was suspended, read again when it is
 * resumed. */
ssize_t stream_read(struct stream *stream, char *bytes, size_t room);

/* There is something to send again: makes a waiting stream go on. Only through its waker. */
void stream_wake(struct stream *stream);

/* Makes every reply that has a waker ask for more: so that it notices a stop. */
void stream_wake_all(struct service *service);

/* Takes from and gives back to the reply budget. */
bool stream_borrow(struct service *service, size_t bytes);
void stream_give_back(struct service *service, size_t bytes);

/* Cuts what has waited too long for room (or everything, when stopping). Once a second. */
void stream_tick(struct service *service);

#endif
