/* The inside of a request, shared by the files that carry it from the transport to its handler and
 * back: dispatch.c, request.c, reply.c, stream.c and the transport itself (httpd.c). Nothing here
 * knows the HTTP library. Handlers include request.h and reply.h instead. */
#ifndef NORN_SERVE_EXCHANGE_H
#define NORN_SERVE_EXCHANGE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/http/arena.h"
#include "serve/login/auth.h"
#include "serve/http/command.h"
#include "serve/http/peer.h"
#include "serve/http/question.h"
#include "serve/http/request.h"
#include "serve/http/route.h"
#include "serve/http/target.h"
#include "serve/http/worker.h"

enum {
    BODY_CEILING = 1024 * 1024,        /* of one request */
    BODY_DRAIN = 8 * 1024 * 1024,      /* read and dropped before the connection is cut */
    BODIES_CEILING = 64 * 1024 * 1024, /* of all requests together */
    CHUNK_GOAL = 32 * 1024,            /* a reply's chunk is about this long */
    CHUNK_CEILING = 64 * 1024,         /* more comes out of the reply budget */
    RECORD_CEILING = 8 * 1024 * 1024,  /* of one record */
    WHOLE_STEP = 512 * 1024,           /* in which a shared body takes from the reply budget */
    REPLY_BUDGET = 64 * 1024 * 1024,   /* of all large records and whole bodies held */
    GZIP_STREAMS = 32,                 /* at most at a time */
    INLINE_STREAMS = 8, /* with more of them active, chunks are made in turn elsewhere */
    PREFIX = 256,
    ORIGIN = 256,
    HOSTS = 16,
    REPLY_HEADERS = 16,
};

enum login_rule { LOGIN_AUTO, LOGIN_ALWAYS, LOGIN_NEVER };

struct stream;
struct websocket;
struct websocket_hub;

/* What every request of one server shares. */
struct service {
    const struct route *const *routes;
    struct auth *auth;
    void *context;
    bool is_loopback;
    bool is_secure; /* HTTPS only */
    enum login_rule login_rule;
    bool typed_msgpack;
    bool allow_cors;
    char prefix[PREFIX], allowed_origin[ORIGIN];
    char *home;                   /* folder of files beside the API; NULL for none */
    const struct route *fallback; /* answers a GET that no other route does; NULL for none */
    char *allowed_hosts[HOSTS];   /* NULL-ended where fewer */
    struct worker *jobs;          /* left for later by handlers; logins */
    struct worker *pump;          /* chunks of streams, in turn */
    struct questions questions;   /* asked by several at once */
    struct websocket_hub *websockets;
    atomic_uint streams, gzips;
    atomic_size_t body_bytes, reply_bytes;
    atomic_ullong requests, shared, cut_memory;
    atomic_ullong answered, rejected, failed; /* by status: below 400, below 500, above */
    atomic_ullong window; /* streams active in the current short while; see stream.c */
    atomic_bool stopping;
    pthread_mutex_t parked_lock;
    struct stream *parked; /* waiting for room in the reply budget */
    struct stream *live;   /* without an end of their own */
    pthread_cond_t chunk_taken;
    unsigned chunks_ahead; /* made by the pump, not yet taken by a server thread */
};

/* What a request needs of whoever carries it. */
struct transport {
    const char *(*header)(void *handle, const char *name);
    void (*suspend)(void *handle); /* on a server thread only */
    void (*resume)(void *handle);  /* any thread; then the request runs on */
};

struct reply_pair {
    const char *name, *value;
};

struct reply {
    int status; /* 0: none made yet */
    const char *content_type;
    struct buffer body; /* owned */
    const void *fixed;  /* or bytes that outlive us */
    size_t fixed_length;
    size_t borrowed;             /* of the reply budget, for `body` */
    struct shared_body *shared;  /* or one that others send as well; a reference */
    struct stream *stream;       /* or chunks; owned until the transport takes it */
    struct websocket *websocket; /* or what opens after status 101; owned likewise */
    struct reply_pair headers[REPLY_HEADERS];
    size_t header_count;
    bool is_cacheable; /* has its own cache rule */
    bool close;        /* the connection ends after it */
};

enum request_stage { STAGE_LOGIN, STAGE_HANDLE, STAGE_DONE };

struct request {
    atomic_uint references;
    struct service *service;
    const struct transport *transport;
    void *handle;
    struct arena arena;
    const char *target_text; /* as it came, in the arena */
    bool begun;              /* its headers are in */
    enum request_stage stage;
    unsigned method; /* enum method; 0: another */
    bool is_head, is_options;
    bool is_forwarded; /* a proxy spoke for the client */
    bool needs_host;   /* HTTP/1.1 and later (RFC 9112, 3.2) */
    bool later;        /* suspended by its own handler; server thread only */
    bool on_worker;    /* its job runs now */
    bool discard_body;
    struct target target;
    struct route_match match;
    struct peer peer;
    char peer_text[PEER_TEXT];
    struct buffer body;
    size_t body_seen;
    struct command command;
    const char *user, *password; /* shown; in the arena */
    enum auth_outcome outcome;
    bool has_evidence, has_token, has_session; /* shown a login; by token; a good one */
    bool is_deliberate; /* shown by what no browser adds to a request by itself */
    struct session session;
    struct reply reply;
    struct question *question;   /* that it asks, NULL for none */
    struct request *next_asking; /* waits for the same answer */
    struct stream *pending;      /* left by its job for the pump, which resumes the request */
    struct work work;
    void (*job)(struct request *request, void *context);
    void *job_context;
};

/* A request with one reference. NULL without memory. */
struct request *request_new(struct service *service, const struct transport *transport,
                            void *handle, struct peer peer);
struct request *request_ref(struct request *request);
void request_unref(struct request *request);

/* Appends a copied header to the reply as reply_header() does, without the checks. */
void reply_add_header(struct request *request, const char *name, const char *value);

/* Has the browser keep the token as its login, or forget it (""). */
void reply_set_cookie(struct request *request, const char *token);

/* True when the client, across a network, takes the reply compressed. */
bool reply_compresses(const struct request *request);

/* Calls `on_header` for every header of the finished reply: the handler's and the common ones. */
void reply_each_header(struct request *request,
                       void (*on_header)(void *context, const char *name, const char *value),
                       void *context);

/* Frees what the reply still holds (a stream the transport never took, a body). */
void reply_drop(struct request *request);

#endif
