/* The table of questions under way, and the answers made for groups. See question.h. */
#include "serve/http/question.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/http/exchange.h"
#include "serve/http/reply.h"
#include "serve/http/stream.h"
#include "util/clock.h"
#include "util/hash.h"

enum {
    TEXT_MAX = 4096,     /* longer questions are answered alone */
    GATHER_MS = 3,       /* in which those who ask at the same time come together */
    POPULAR_MS = 1000,   /* after a shared answer the next one is shared from the first on */
    TOO_LARGE_MS = 1000, /* in which a question whose answer was too large is not tried again */
};

struct question {
    struct question *next; /* of its slot */
    struct questions *questions;
    uint64_t hash;
    unsigned asking; /* requests under way */
    bool answering;
    atomic_llong too_large_at;     /* when its answer was too large to share; 0: never */
    struct request *first, **last; /* who waits for the next answer */
    const struct question_answers *answers;
    struct work work;
    size_t length;
    char text[]; /* what tells one question from another */
};

struct shared_body {
    atomic_uint references;
    struct service *service;
    struct buffer bytes;
    size_t borrowed; /* of the reply budget */
};

int question_init(struct questions *questions)
{
    pthread_mutex_init(&questions->lock, NULL);
    questions->worker = worker_new(1, 0);
    return questions->worker ? 0 : -errno;
}

void question_stop(struct questions *questions)
{
    if (questions->worker)
        worker_stop(questions->worker);
}

void question_done(struct questions *questions)
{
    for (unsigned i = 0; i < QUESTION_SPARES; i++)
        buffer_done(&questions->spares[i]);
    worker_free(questions->worker);
    questions->worker = NULL;
    pthread_mutex_destroy(&questions->lock);
}

const void *question_body(const struct shared_body *body, size_t *ret_length)
{
    *ret_length = body->bytes.length;
    return body->bytes.data;
}

struct buffer question_take_spare(struct questions *questions)
{
    struct buffer spare = {0};
    pthread_mutex_lock(&questions->lock);
    for (unsigned i = 0; i < QUESTION_SPARES && !spare.data; i++) {
        spare = questions->spares[i];
        questions->spares[i] = (struct buffer){0};
    }
    questions->spares_used = true;
    pthread_mutex_unlock(&questions->lock);
    spare.length = 0;
    return spare;
}

/* Keeps the memory for the next answer, or frees it. */
static void give_spare(struct questions *questions, struct buffer *bytes)
{
    pthread_mutex_lock(&questions->lock);
    for (unsigned i = 0; i < QUESTION_SPARES && bytes->data; i++) {
        if (questions->spares[i].data)
            continue;
        questions->spares[i] = *bytes;
        *bytes = (struct buffer){0};
    }
    pthread_mutex_unlock(&questions->lock);
    buffer_done(bytes);
}

void question_tick(struct questions *questions)
{
    pthread_mutex_lock(&questions->lock);
    for (unsigned i = 0; i < QUESTION_SPARES && !questions->spares_used; i++)
        buffer_done(&questions->spares[i]);
    questions->spares_used = false;
    pthread_mutex_unlock(&questions->lock);
}

struct shared_body *question_body_new(struct service *service, struct buffer *bytes,
                                      size_t borrowed)
{
    struct shared_body *body = calloc(1, sizeof *body);
    if (!body)
        return NULL;
    atomic_init(&body->references, 1);
    body->service = service;
    body->bytes = *bytes;
    body->borrowed = borrowed;
    *bytes = (struct buffer){0};
    return body;
}

void question_body_unref(struct shared_body *body)
{
    if (!body || atomic_fetch_sub(&body->references, 1) != 1)
        return;
    stream_give_back(body->service, body->borrowed);
    give_spare(&body->service->questions, &body->bytes);
    free(body);
}

/* What tells the question: method, rights, target, body. Its length, or 0 where it is too long. */
static size_t write_text(const struct request *request, char text[TEXT_MAX])
{
    size_t target = strlen(request->target_text), body = request->body.length;
    const char *type = request_header(request, "Content-Type");
    size_t kind = type ? strlen(type) : 0;
    if (target + body + kind + sizeof(unsigned) + 4 > TEXT_MAX)
        return 0;
    unsigned roles = request->has_session ? request->session.roles : 0;
    char *at = text;
    *at++ = (char)request->method;
    *at++ = (char)request->has_session;
    memcpy(at, &roles, sizeof roles);
    at += sizeof roles;
    memcpy(at, request->target_text, target + 1);
    at += target + 1;
    if (kind)
        memcpy(at, type, kind);
    at += kind;
    *at++ = '\0';
    if (body)
        memcpy(at, request->body.data, body);
    return (size_t)(at - text) + body;
}

static int64_t now_ms(void)
{
    return (int64_t)(clock_coarse_ns() / NS_PER_MS);
}

/* True when the question was answered to several a short while ago. Under the lock. */
static bool is_popular(const struct question *question)
{
    const struct popular_question *popular =
        &question->questions->popular[question->hash % QUESTION_SLOTS];
    return popular->hash == question->hash && now_ms() - popular->shared_at < POPULAR_MS;
}

static void note_shared(struct question *question)
{
    question->questions->popular[question->hash % QUESTION_SLOTS] =
        (struct popular_question){question->hash, now_ms()};
}

static void run(struct work *work, bool stopping);

/* The question with that text, made when new; NULL without memory. Under the lock. */
static struct question *find(struct questions *questions, const char *text, size_t length,
                             const struct question_answers *answers)
{
    uint64_t hash = hash_keyed_bytes(text, length);
    struct question **slot = &questions->slots[hash % QUESTION_SLOTS];
    for (struct question *at = *slot; at; at = at->next)
        if (at->hash == hash && at->length == length && memcmp(at->text, text, length) == 0)
            return at;
    struct question *question = calloc(1, sizeof *question + length);
    if (!question)
        return NULL;
    question->questions = questions;
    question->answers = answers;
    question->work.run = run;
    question->hash = hash;
    question->last = &question->first;
    question->length = length;
    memcpy(question->text, text, length);
    question->next = *slot;
    *slot = question;
    return question;
}

/* One less who asks; the last one takes the question along. */
static void release(struct question *question)
{
    struct questions *questions = question->questions;
    pthread_mutex_lock(&questions->lock);
    bool last = --question->asking == 0;
    if (last) {
        struct question **at = &questions->slots[question->hash % QUESTION_SLOTS];
        while (*at != question)
            at = &(*at)->next;
        *at = question->next;
    }
    pthread_mutex_unlock(&questions->lock);
    if (last)
        free(question);
}

void question_leave(struct request *request)
{
    if (request->question)
        release(request->question);
    request->question = NULL;
}

/* Makes the answer of a group in the name of its first; NULL where there is none to share. */
static struct shared_body *make_answer(struct question *question, struct request *first)
{
    first->on_worker = true;
    question->answers->whole(first, first->job_context);
    if (first->reply.shared)
        atomic_fetch_add(&first->reply.shared->references, 1);
    return first->reply.shared;
}

static void answer(struct question *question, struct request *request, const struct reply *shared)
{
    if (!request->reply.status && shared) {
        request->reply.status = shared->status;
        request->reply.content_type = shared->content_type;
        request->reply.shared = shared->shared;
        atomic_fetch_add(&request->service->shared, 1);
        atomic_fetch_add(&shared->shared->references, 1);
    }
    request->on_worker = true;
    if (!request->reply.status)
        question->answers->alone(request, request->job_context);
    if (request->pending) {
        stream_pump(request->pending); /* resumes the request in its time */
        return;
    }
    request->on_worker = false;
    request->transport->resume(request->handle);
}

/* Answers all who wait: with what was made for the first of them, or each alone. */
static void answer_group(struct question *question, struct request *first, bool stopping)
{
    struct shared_body *body = stopping ? NULL : make_answer(question, first);
    struct reply shared = first->reply;
    for (struct request *request = first, *next; request; request = next) {
        next = request->next_asking; /* the request may be gone once it was resumed */
        if (stopping)
            reply_error(request, 503, "the server is stopping");
        answer(question, request, body ? &shared : NULL);
    }
    question_body_unref(body);
}

static void run(struct work *work, bool stopping)
{
    struct question *question = (struct question *)((char *)work - offsetof(struct question, work));
    struct questions *questions = question->questions;
    if (!stopping)
        nanosleep(&(struct timespec){.tv_nsec = GATHER_MS * 1000000}, NULL);
    pthread_mutex_lock(&questions->lock);
    struct request *first = question->first;
    if (first->next_asking)
        note_shared(question);
    question->first = NULL;
    question->last = &question->first;
    question->asking++; /* stays while it is answered, whoever leaves */
    pthread_mutex_unlock(&questions->lock);

    answer_group(question, first, stopping);

    pthread_mutex_lock(&questions->lock);
    bool more = question->answering = question->first != NULL;
    pthread_mutex_unlock(&questions->lock);
    if (more && worker_push(questions->worker, &question->work) != 0)
        run(work, true);
    release(question);
}

void question_too_large(struct request *request)
{
    if (request->question)
        atomic_store(&request->question->too_large_at, now_ms());
}

/* An answer that was too large may not be any more: what changed lately, say. */
static bool is_too_large(const struct question *question)
{
    int64_t found = atomic_load(&question->too_large_at);
    return found && now_ms() - found < TOO_LARGE_MS;
}

/* Puts the request among those who wait; true when an answer has to be begun. Under the lock. */
static bool wait_for_answer(struct question *question, struct request *request)
{
    request->next_asking = NULL;
    *question->last = request;
    question->last = &request->next_asking;
    bool idle = !question->answering;
    question->answering = true;
    return idle;
}

void question_ask(struct request *request, const struct question_answers *answers, void *context)
{
    char text[TEXT_MAX];
    struct questions *questions = &request->service->questions;
    bool is_apart = request->is_head || request->on_worker || reply_compresses(request);
    size_t length = is_apart ? 0 : write_text(request, text);
    bool shared = false, begin = false;
    if (length) {
        pthread_mutex_lock(&questions->lock);
        struct question *question = find(questions, text, length, answers);
        request->question = question;
        shared =
            question && (question->asking++ || is_popular(question)) && !is_too_large(question);
        if (shared) {
            request->later = true;
            request->job_context = context;
            request->transport->suspend(request->handle);
            begin = wait_for_answer(question, request);
        }
        pthread_mutex_unlock(&questions->lock);
    }
    if (!shared)
        answers->alone(request, context);
    else if (begin && worker_push(questions->worker, &request->question->work) != 0)
        run(&request->question->work, true);
}
