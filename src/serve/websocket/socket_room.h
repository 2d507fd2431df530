/* Whether a websocket's client has taken enough of what it was sent that more may be made for it.
 * What is not made cannot wait: who tells of states or keeps its own backlog need not fill the
 * queue. On the websocket thread only. */
#ifndef NORN_SERVE_SOCKET_ROOM_H
#define NORN_SERVE_SOCKET_ROOM_H

#include <stdbool.h>
#include <time.h>

#include "serve/websocket/websocket.h"

/* Zeroed it has taken everything. */
struct socket_room {
    uint64_t sent; /* messages that had gone out, when it last took one */
    time_t took;   /* then; 0: nothing waits for long */
};

/* True while less than a quarter of a megabyte waits. Closes a client that has more waiting and
 * takes nothing for ten seconds of asking. */
bool socket_room_left(struct socket_room *room, struct websocket *socket);

#endif
