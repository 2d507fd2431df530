/* Replies made chunk by chunk. See stream.h. */
#include "serve/http/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/http/gzip.h"
#include "serve/http/reply.h"
#include "serve/http/waker.h"
#include "util/clock.h"

enum {
    PARKED_SECONDS = 10, /* wait for the reply budget, then cut */
    EMPTY_FILLS = 64,    /* in a row before another stream has its turn */
    WINDOW = 128,        /* milliseconds in which active streams are counted */
    AHEAD = 8,           /* chunks made but not yet taken by a server thread */
    AHEAD_MS = 20,       /* that one is waited for at most */
};

enum step { STEP_DATA, STEP_END, STEP_ERROR, STEP_PUMP, STEP_PARKED, STEP_WAIT };

struct stream {
    struct request *request;
    struct stream_source source;
    struct buffer chunk; /* ready to go out, from `sent` on */
    size_t sent;
    size_t borrowed; /* for `chunk` */
    bool ended, needs_room, has_nothing, is_first, is_early;
    atomic_bool waits;    /* suspended until it is woken */
    atomic_bool woken;    /* since it last found nothing */
    atomic_bool is_ahead; /* its chunk waits for its server thread */
    uint64_t window;      /* in which `is_early` was found */
    int error;
    struct gzip *gzip;
    struct work work;
    struct stream *next_live, *previous_live; /* of those that have a waker */
    struct stream *next_parked;
    int64_t parked_at; /* 0: has not waited */
};

static int64_t now(void)
{
    return (int64_t)(clock_monotonic_ns() / NS_PER_S) + 1;
}

static void add_live(struct stream *stream)
{
    struct service *service = stream->request->service;
    pthread_mutex_lock(&service->parked_lock);
    stream->next_live = service->live;
    if (stream->next_live)
        stream->next_live->previous_live = stream;
    service->live = stream;
    pthread_mutex_unlock(&service->parked_lock);
}

static void remove_live(struct stream *stream)
{
    struct service *service = stream->request->service;
    pthread_mutex_lock(&service->parked_lock);
    if (stream->previous_live)
        stream->previous_live->next_live = stream->next_live;
    else
        service->live = stream->next_live;
    if (stream->next_live)
        stream->next_live->previous_live = stream->previous_live;
    pthread_mutex_unlock(&service->parked_lock);
}

void stream_wake_all(struct service *service)
{
    pthread_mutex_lock(&service->parked_lock);
    for (struct stream *stream = service->live; stream; stream = stream->next_live)
        stream_wake(stream);
    pthread_mutex_unlock(&service->parked_lock);
}

struct stream *stream_new(struct request *request, const struct stream_source *source)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->request = request_ref(request);
    stream->source = *source;
    if (source->waker) {
        add_live(stream);
        waker_set(source->waker, stream);
    }
    atomic_fetch_add(&request->service->streams, 1);
    return stream;
}

static void drop_chunk(struct stream *stream)
{
    buffer_done(&stream->chunk);
    stream->sent = 0;
    if (stream->borrowed)
        stream_give_back(stream->request->service, stream->borrowed);
    stream->borrowed = 0;
}

void stream_taken(struct stream *stream)
{
    struct service *service = stream->request->service;
    if (!atomic_exchange(&stream->is_ahead, false))
        return;
    pthread_mutex_lock(&service->parked_lock);
    service->chunks_ahead--;
    pthread_cond_signal(&service->chunk_taken);
    pthread_mutex_unlock(&service->parked_lock);
}

/* Keeps the pump from making more than the server threads take: their turns would grow long, and
 * whoever asks for little would wait behind all these chunks. */
static void wait_for_takers(struct stream *stream)
{
    struct service *service = stream->request->service;
    struct timespec end = clock_timespec(clock_monotonic_ns() + AHEAD_MS * NS_PER_MS);
    pthread_mutex_lock(&service->parked_lock);
    while (service->chunks_ahead >= AHEAD &&
           pthread_cond_timedwait(&service->chunk_taken, &service->parked_lock, &end) == 0)
        ;
    service->chunks_ahead++;
    pthread_mutex_unlock(&service->parked_lock);
    atomic_store(&stream->is_ahead, true);
}

void stream_free(struct stream *stream)
{
    struct service *service = stream->request->service;
    stream_taken(stream);
    drop_chunk(stream);
    if (stream->gzip) {
        gzip_free(stream->gzip);
        atomic_fetch_sub(&service->gzips, 1);
    }
    if (stream->source.waker) {
        waker_set(stream->source.waker, NULL);
        remove_live(stream);
    }
    waker_unref(stream->source.waker);
    if (stream->source.free_context)
        stream->source.free_context(stream->source.context);
    atomic_fetch_sub(&service->streams, 1);
    request_unref(stream->request);
    free(stream);
}

bool stream_compress(struct stream *stream)
{
    atomic_uint *gzips = &stream->request->service->gzips;
    if (atomic_fetch_add(gzips, 1) < GZIP_STREAMS)
        stream->gzip = gzip_new();
    if (!stream->gzip)
        atomic_fetch_sub(gzips, 1);
    return stream->gzip != NULL;
}

bool stream_borrow(struct service *service, size_t bytes)
{
    size_t held = atomic_load(&service->reply_bytes);
    do {
        if (held + bytes > REPLY_BUDGET)
            return false;
    } while (!atomic_compare_exchange_weak(&service->reply_bytes, &held, held + bytes));
    return true;
}

/* Takes the stream that has waited longest off the list. */
static struct stream *unpark(struct service *service)
{
    pthread_mutex_lock(&service->parked_lock);
    struct stream *stream = service->parked;
    if (stream)
        service->parked = stream->next_parked;
    pthread_mutex_unlock(&service->parked_lock);
    return stream;
}

void stream_give_back(struct service *service, size_t bytes)
{
    atomic_fetch_sub(&service->reply_bytes, bytes);
    struct stream *stream = bytes ? unpark(service) : NULL;
    if (stream)
        stream_pump(stream);
}

static void park(struct stream *stream)
{
    struct service *service = stream->request->service;
    if (!stream->parked_at)
        stream->parked_at = now();
    stream->next_parked = NULL;
    pthread_mutex_lock(&service->parked_lock);
    struct stream **end = &service->parked;
    while (*end)
        end = &(*end)->next_parked;
    *end = stream;
    pthread_mutex_unlock(&service->parked_lock);
}

/* Moves what `fill` made through the compressor. */
static void compress_chunk(struct stream *stream)
{
    struct buffer plain = stream->chunk;
    stream->chunk = (struct buffer){.ceiling = RECORD_CEILING + CHUNK_CEILING};
    int error = gzip_add(stream->gzip, plain.data, plain.length, stream->ended, &stream->chunk);
    if (error)
        stream->error = error;
    buffer_done(&plain);
}

/* Calls `fill` once; `borrowed` was taken from the reply budget for it. */
static void fill_chunk(struct stream *stream, size_t borrowed)
{
    struct buffer *chunk = &stream->chunk;
    chunk->ceiling = borrowed ? borrowed : CHUNK_CEILING;
    buffer_grow(chunk, CHUNK_GOAL);
    int result = stream->source.fill(stream->source.context, chunk, CHUNK_GOAL);
    if (chunk->failed)
        result = -ENOBUFS;
    if (result == REPLY_ROOM && !chunk->length && borrowed)
        result = -EMSGSIZE;
    stream->ended = result == REPLY_END;
    stream->needs_room = result == REPLY_ROOM;
    stream->has_nothing = result == REPLY_WAIT && !chunk->length && stream->source.waker;
    if (result < 0)
        stream->error = result;
    else if (stream->gzip && (chunk->length || stream->ended))
        compress_chunk(stream);
    if (stream->error || !chunk->length)
        buffer_done(chunk);
    stream->borrowed = chunk->capacity > CHUNK_CEILING ? chunk->length : 0;
    if (stream->borrowed) {
        uint8_t *exact = realloc(chunk->data, chunk->length);
        chunk->data = exact ? exact : chunk->data;
        chunk->capacity = chunk->length;
    }
    if (borrowed > stream->borrowed)
        stream_give_back(stream->request->service, borrowed - stream->borrowed);
}

/* Makes the next chunk, where that can be done here. */
static enum step advance(struct stream *stream, bool on_pump)
{
    struct service *service = stream->request->service;
    for (unsigned i = 0; i < EMPTY_FILLS; i++) {
        if (stream->error)
            return STEP_ERROR;
        if (stream->chunk.length)
            return STEP_DATA;
        if (stream->ended)
            return STEP_END;
        if (stream->has_nothing) {
            stream->has_nothing = false; /* it is asked again when it goes on */
            return STEP_WAIT;
        }
        if (stream->needs_room && !on_pump)
            return STEP_PUMP;
        if (stream->needs_room && !stream_borrow(service, RECORD_CEILING))
            return STEP_PARKED;
        fill_chunk(stream, stream->needs_room ? RECORD_CEILING : 0);
    }
    return stream->error || stream->chunk.length || stream->ended ? advance(stream, on_pump)
                                                                  : STEP_PUMP;
}

static void fail_first(struct stream *stream)
{
    struct request *request = stream->request;
    bool busy = stream->error == -ENOBUFS || stream->error == -ESHUTDOWN;
    if (busy)
        reply_error(request, 503, "the server is too busy for this reply; try again");
    else
        reply_error(request, 500, "the reply could not be made: %s", strerror(-stream->error));
    stream_free(stream);
}

/* The first chunk is made: a reply that ends with it goes out whole. */
static void settle(struct stream *stream)
{
    struct reply *reply = &stream->request->reply;
    stream->is_first = false;
    if (stream->error) {
        fail_first(stream);
        return;
    }
    reply->status = 200;
    if (stream->gzip)
        reply_add_header(stream->request, "Content-Encoding", "gzip");
    if (!stream->ended) {
        reply->stream = stream;
        return;
    }
    reply->body = stream->chunk;
    reply->borrowed = stream->borrowed;
    stream->chunk = (struct buffer){0};
    stream->borrowed = 0;
    stream_free(stream);
}

/* The request goes on: on the pump thread or when stopping. */
static void resume(struct stream *stream)
{
    struct request *request = stream->request;
    const struct transport *transport = request->transport;
    void *handle = request->handle;
    if (stream->is_first)
        settle(stream);
    transport->resume(handle);
}

/* The stream is suspended and has nothing to send: it goes on when it is woken, at once where that
 * happened meanwhile. */
static void wait_for_more(struct stream *stream)
{
    atomic_store(&stream->waits, true);
    bool goes_on =
        atomic_exchange(&stream->woken, false) || atomic_load(&stream->request->service->stopping);
    if (goes_on && atomic_exchange(&stream->waits, false))
        stream_pump(stream);
}

void stream_wake(struct stream *stream)
{
    atomic_store(&stream->woken, true);
    if (!atomic_exchange(&stream->waits, false))
        return;
    atomic_store(&stream->woken, false);
    stream_pump(stream);
}

static void run_pump(struct work *work, bool stopping)
{
    struct stream *stream = (struct stream *)((char *)work - offsetof(struct stream, work));
    if (stopping || atomic_load(&stream->request->service->stopping))
        stream->error = -ESHUTDOWN;
    enum step step = advance(stream, true);
    if (step == STEP_PARKED)
        park(stream);
    else if (step == STEP_PUMP)
        stream_pump(stream);
    else if (step == STEP_WAIT)
        wait_for_more(stream);
    else {
        wait_for_takers(stream);
        resume(stream);
    }
}

void stream_pump(struct stream *stream)
{
    stream->work.run = run_pump;
    if (worker_push(stream->request->service->pump, &stream->work) == 0)
        return;
    stream->error = -ESHUTDOWN;
    resume(stream);
}

/* True for the first few streams that want a chunk in this short while: those who stopped reading
 * do not count. */
static bool is_early(struct stream *stream)
{
    uint64_t window = clock_coarse_ns() / NS_PER_MS / WINDOW + 1;
    if (stream->window == window)
        return stream->is_early;
    atomic_ullong *counter = &stream->request->service->window;
    unsigned long long seen = atomic_load(counter), next;
    do {
        next = seen >> 16 == window ? seen + 1 : window << 16 | 1;
    } while (!atomic_compare_exchange_weak(counter, &seen, next));
    stream->window = window;
    stream->is_early = (next & 0xffff) <= INLINE_STREAMS;
    return stream->is_early;
}

/* True when chunks are made in turn on the pump thread. */
static bool takes_turns(struct stream *stream)
{
    return stream->gzip || !is_early(stream);
}

void stream_start(struct stream *stream)
{
    struct request *request = stream->request;
    enum step step = STEP_PUMP;
    if (!request->on_worker && !takes_turns(stream))
        step = advance(stream, false);
    if (step != STEP_PUMP && step != STEP_WAIT) {
        settle(stream);
        return;
    }
    stream->is_first = true;
    if (request->on_worker) {
        request->pending = stream; /* goes to the pump when the job is over */
        return;
    }
    request->later = true;
    request->transport->suspend(request->handle);
    stream_pump(stream);
}

/* Keeps only what has not gone out yet, in memory of its own size. */
static void shrink_chunk(struct stream *stream)
{
    size_t left = stream->chunk.length - stream->sent;
    if (stream->borrowed || left * 2 > stream->chunk.capacity)
        return;
    uint8_t *copy = malloc(left);
    if (!copy)
        return;
    memcpy(copy, stream->chunk.data + stream->sent, left);
    buffer_done(&stream->chunk);
    stream->chunk = (struct buffer){.data = copy, .length = left, .capacity = left};
    stream->sent = 0;
}

static ssize_t copy_out(struct stream *stream, char *bytes, size_t room)
{
    size_t left = stream->chunk.length - stream->sent;
    size_t count = left < room ? left : room;
    memcpy(bytes, stream->chunk.data + stream->sent, count);
    stream->sent += count;
    if (count == left)
        drop_chunk(stream);
    else
        shrink_chunk(stream);
    return (ssize_t)count;
}

ssize_t stream_read(struct stream *stream, char *bytes, size_t room)
{
    enum step step = STEP_PUMP;
    stream_taken(stream);
    if (stream->error)
        return STREAM_CUT;
    if (stream->chunk.length)
        return copy_out(stream, bytes, room);
    if (stream->ended)
        return STREAM_END;
    if (atomic_load(&stream->request->service->stopping))
        return STREAM_CUT;
    stream->parked_at = 0;
    if (!takes_turns(stream))
        step = advance(stream, false);
    switch (step) {
    case STEP_DATA: return copy_out(stream, bytes, room);
    case STEP_END: return STREAM_END;
    case STEP_ERROR: return STREAM_CUT;
    default: break;
    }
    stream->request->transport->suspend(stream->request->handle);
    if (step == STEP_WAIT)
        wait_for_more(stream);
    else
        stream_pump(stream);
    return STREAM_WAIT;
}

void stream_tick(struct service *service)
{
    pthread_mutex_lock(&service->parked_lock);
    struct stream *list = service->parked;
    service->parked = NULL;
    pthread_mutex_unlock(&service->parked_lock);
    bool stopping = atomic_load(&service->stopping);
    while (list) {
        struct stream *stream = list;
        list = stream->next_parked;
        if (!stopping && now() - stream->parked_at < PARKED_SECONDS) {
            stream_pump(stream);
            continue;
        }
        atomic_fetch_add(&service->cut_memory, 1);
        stream->error = -ENOBUFS;
        resume(stream);
    }
}
