/* The inside of websockets, shared by websocket.c (what any thread may do with one),
 * websocket_turn.c (what its own thread does with it), websocket_hub.c and websocket_task.c.
 * Endpoints include websocket.h, the transport websocket_hub.h. */
#ifndef NORN_SERVE_WEBSOCKET_INSIDE_H
#define NORN_SERVE_WEBSOCKET_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>

#include "serve/http/peer.h"
#include "serve/websocket/websocket_hub.h"
#include "serve/websocket/websocket_queue.h"
#include "serve/websocket/websocket_reader.h"
#include "serve/websocket/websocket_task.h"
#include "util/buffer.h"

enum {
    HUB_EVENTS = 256,
    HUB_READ = 64 * 1024, /* bytes read of one socket in a turn */
    HUB_GATHER = 16,      /* milliseconds between looks at sockets that gather */
};

enum websocket_phase {
    PHASE_NEW,     /* accepted, not yet begun */
    PHASE_OPEN,    /* messages go both ways */
    PHASE_CLOSING, /* our close frame waits or was sent */
    PHASE_OVER,    /* to be given back in its next turn */
    PHASE_GONE,    /* given back; some still hold a reference */
};

struct websocket {
    atomic_uint references;
    struct websocket_hub *hub;
    const struct websocket_type *type;
    void *context;
    char peer[PEER_TEXT];
    /* With the hub's lock. */
    enum websocket_phase phase; /* written on the websocket thread only, which reads it freely */
    struct websocket_queue queue;
    struct websocket_counts counts; /* but for queue_bytes */
    unsigned close_code;            /* 0: nobody has closed it */
    char close_reason[WEBSOCKET_CONTROL];
    bool has_place;  /* counts as one of those that may be open */
    bool is_full;    /* closes because too much waited */
    bool is_touched; /* is on the list of those that want a turn */
    struct websocket *next_touched;
    /* On the websocket thread only. */
    struct websocket *next, *previous;
    struct websocket_line line;
    struct websocket_watch watch;
    struct websocket_reader reader;
    struct buffer unread;       /* read by the transport, or before a pause */
    size_t budget;              /* bytes that may still be read in this turn */
    bool is_drained;            /* a read was short: the kernel has no more for now */
    bool gathers;               /* the kernel tells of it late: it is looked at now and then */
    bool wants_read;            /* something may be had without the kernel telling */
    bool is_paused, is_blocked; /* reading by its endpoint, sending by its client */
    bool has_ended, has_closed; /* the end of what it sends; its close frame */
    bool is_shut;               /* we have said all */
    int64_t heard, pinged, closing_since;
};

struct websocket_hub {
    struct websocket_hub_config config;
    pthread_t thread;
    bool is_running;
    int epoll;
    struct websocket_watch bell; /* an eventfd, rung by other threads */
    atomic_bool is_awake;        /* the bell need not be rung */
    pthread_mutex_t lock;
    /* With the lock. */
    struct websocket *touched;                /* each with a reference */
    struct websocket_task *tasks, *next_task; /* next_task: where a walk along the list is */
    int64_t next_due;                         /* of the tasks */
    struct websocket_hub_counts counts;
    bool is_stopping; /* every socket is told so, also one that has just been promised */
    bool is_over;     /* takes no sockets any more */
    /* On the websocket thread only. */
    struct websocket *sockets;
    unsigned gathering; /* of these */
    int64_t next_look;  /* at those */
    struct epoll_event events[HUB_EVENTS];
    int event_count;
    uint8_t read[HUB_READ]; /* what a socket's turn has read */
    bool is_behind;         /* a socket used up what a turn may read or send */
    int64_t now;            /* monotonic milliseconds at the begin of the round */
};

/* Counts the socket as open before its client is told that it is, so that the limit holds however
 * many ask at once. False when as many are open as may be. */
bool websocket_hub_take_place(struct websocket *socket);

/* Its place is another's; harmless when it has none. */
void websocket_hub_give_place(struct websocket *socket);

/* Tells the socket that the server is stopping, if it is. */
void websocket_hub_dismiss(struct websocket *socket);

/* Wakes the websocket thread if it sleeps; without the lock. */
void websocket_hub_ring(struct websocket_hub *hub);

/* Puts the socket on the list of those that want a turn; with the lock. */
void websocket_hub_touch(struct websocket *socket);

/* Queues a message of any kind. 0; -ENOBUFS over the limit, which closes the socket; -ENOMEM. With
 * the lock. */
int websocket_push(struct websocket *socket, struct websocket_message *message);

/* One turn on the websocket thread: begins, reads, sends, ends, as there is need. The socket may be
 * gone after it. */
void websocket_turn_run(struct websocket *socket);

/* Some time has passed: pings, and ends whom nothing is heard of. */
void websocket_turn_tick(struct websocket *socket);

/* Ends it at once, without a word. */
void websocket_turn_cut(struct websocket *socket);

/* Runs the tasks that are due, or all of them for the last time. On the websocket thread. */
void websocket_task_run_due(struct websocket_hub *hub);
void websocket_task_end(struct websocket_hub *hub);

#endif
