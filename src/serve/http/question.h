/* Requests that ask the very same at the same time share one answer. Input: requests whose answer
 * depends on nothing but their target, their body and their login. Output: their replies. Whoever
 * asks alone is answered as if this were not here; who comes while others have that question under
 * way waits for the next answer, which is begun after it came, so that a shared answer never tells
 * less than one's own would. */
#ifndef NORN_SERVE_QUESTION_H
#define NORN_SERVE_QUESTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct question;
struct request;
struct service;
struct worker;

enum { QUESTION_SLOTS = 256, QUESTION_SPARES = 2 };

/* A question that was answered to several, and when: monotonic milliseconds. */
struct popular_question {
    uint64_t hash;
    int64_t shared_at;
};

/* The questions under way. */
struct questions {
    pthread_mutex_t lock;
    struct question *slots[QUESTION_SLOTS];
    struct popular_question popular[QUESTION_SLOTS];
    struct buffer spares[QUESTION_SPARES]; /* memory of answers that were sent */
    bool spares_used;                      /* since the last tick */
    struct worker *worker;                 /* makes shared answers, one at a time */
};

/* Two ways to answer. Each is given a request with its own context. */
struct question_answers {
    void (*alone)(struct request *request, void *context); /* makes the reply as any handler does */
    /* Makes a reply with a shared body (reply_whole()), on a worker; where it makes none, everybody
     * is answered alone. */
    void (*whole)(struct request *request, void *context);
};

/* 0 or -errno. */
int question_init(struct questions *questions);

/* Runs what waits, as stopping: to be called before question_done(). */
void question_stop(struct questions *questions);
void question_done(struct questions *questions);

/* Answers the request, in its turn or now. */
void question_ask(struct request *request, const struct question_answers *answers, void *context);

/* The request is over. */
void question_leave(struct request *request);

/* The question is answered alone for a while: a whole answer would be too large just now. */
void question_too_large(struct request *request);

/* Gives back memory that no answer needs; once a second. */
void question_tick(struct questions *questions);

/* A body that several replies send; reference-counted. `bytes` are moved; `borrowed` of the reply
 * budget is given back with the last reference. NULL without memory. */
struct shared_body;
struct shared_body *question_body_new(struct service *service, struct buffer *bytes,
                                      size_t borrowed);
const void *question_body(const struct shared_body *body, size_t *ret_length);
void question_body_unref(struct shared_body *body);

/* An empty buffer, with the memory of an earlier answer where there is some. */
struct buffer question_take_spare(struct questions *questions);

#endif
