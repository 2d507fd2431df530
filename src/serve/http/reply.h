/* Answers to a request. Each handler (or the job it left for later) makes exactly one reply.
 * Small bodies go out whole with their length; large ones are pulled chunk by chunk, so that no
 * reply of 100,000 devices ever exists in memory and a client that stops reading costs one chunk.
 */
#ifndef NORN_SERVE_REPLY_H
#define NORN_SERVE_REPLY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "serve/http/request.h"
#include "util/buffer.h"

/* What a fill callback returns; or a negative errno, which cuts the reply. REPLY_MORE with nothing
 * added is no error: it is called again. REPLY_ROOM: the next record needs more room. REPLY_WAIT:
 * there is nothing now; it is called again after waker_wake() (replies made with a waker only). */
enum { REPLY_END = 0, REPLY_MORE = 1, REPLY_ROOM = 2, REPLY_WAIT = 3 };

enum { REPLY_WHOLE = 24 * 1024 * 1024 }; /* bytes of the longest body that several send */

/* Plain text (a newline is added), no formatting. */
void reply_text(struct request *request, int status, const char *text);

/* One plain line that helps. Status 400 is begun with "Invalid request: ". Bytes that are not
 * printable UTF-8 are escaped. */
void reply_error(struct request *request, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with status 400 and "Invalid WHAT: " before it. */
void reply_invalid(struct request *request, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A whole body; the buffer's memory is moved (the caller's buffer is empty after). A failed buffer
 * gives 500. */
void reply_buffer(struct request *request, int status, const char *content_type,
                  struct buffer *body);

/* Gives the reply to come an ETag and a rule for caches of its own. True when the client has that
 * content already: then the reply (304) is made. */
bool reply_is_known(struct request *request, const char *etag, const char *cache_rule);

enum { REPLY_ETAG = 24 };

/* A document that never changes while the program runs: written when it is first asked for. */
struct made_document {
    const char *content_type;
    void (*write)(struct buffer *buffer);
    pthread_mutex_t lock;
    struct buffer bytes;
    char etag[REPLY_ETAG]; /* empty: not written yet */
};

/* Replies it, with an ETag made of its bytes. */
void reply_made(struct request *request, struct made_document *document);

/* Bytes that outlive the server (embedded files), with an ETag and If-None-Match. */
void reply_static(struct request *request, const char *content_type, const void *bytes,
                  size_t length, const char *etag);

/* The same for a file of the operator's; the ETag is made of its bytes. */
void reply_file(struct request *request, const char *content_type, struct buffer *body);

/* A file of the program, kept compressed: `length` bytes of gzip stand for `plain_length`. */
struct packed_file {
    const char *content_type, *etag;
    const void *bytes; /* outlive the server */
    size_t length, plain_length;
    bool is_lasting; /* its path changes when it does: clients need not ask again */
};

/* The same for such a file: as it is to clients that take gzip, expanded to others. */
void reply_packed(struct request *request, const struct packed_file *file);

/* A body pulled chunk by chunk. `fill` appends whole records until `buffer` holds `goal` bytes or
 * there are no more and returns REPLY_MORE or REPLY_END; it takes and gives back the store's lock
 * itself and never blocks long. It may be called on any thread of the server, one at a time.
 * A record that makes the buffer fail must be taken back with reply_fits() and tried again on the
 * next call, which will have more room. `free_context` (may be NULL) is always called once, also
 * when the reply never started. The request (and its arena) lives until then. */
void reply_stream(struct request *request, const char *content_type,
                  int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                  void (*free_context)(void *context));

/* The same without an end of its own: where `fill` gives REPLY_WAIT the client waits until
 * waker_wake(). Takes over the caller's reference of the waker. */
struct waker;
void reply_live(struct request *request, const char *content_type,
                int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                void (*free_context)(void *context), struct waker *waker);

/* The same body made whole at once, on a worker, for several who ask for it. Makes no reply where
 * it is longer than REPLY_WHOLE or the reply budget has no room for it. */
void reply_whole(struct request *request, const char *content_type,
                 int (*fill)(void *context, struct buffer *buffer, size_t goal), void *context,
                 void (*free_context)(void *context));

/* After writing one record that began at offset `mark`: true when it fitted. Else the buffer is
 * set back to `mark` and the fill must return REPLY_ROOM without passing that record. */
static inline bool reply_fits(struct buffer *buffer, size_t mark)
{
    if (!buffer->failed)
        return true;
    buffer->length = mark;
    buffer->failed = false;
    return false;
}

/* Runs `job` on a worker thread; the job then makes the reply. For sorting, regular expressions,
 * hashing, whatever takes more than a millisecond. Answers 503 itself when the queue is full. */
void reply_later(struct request *request, void (*job)(struct request *request, void *context),
                 void *context);

/* Adds a header to the reply to come; both texts are copied. Control bytes are refused (-EINVAL),
 * -E2BIG over 16 headers. */
int reply_header(struct request *request, const char *name, const char *value);

/* Content type of the request's format. */
const char *reply_content_type(const struct request *request);

#endif
