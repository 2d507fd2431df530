/* How much waits for a client, and since when. See socket_room.h. */
#include "serve/websocket/socket_room.h"

#include "util/clock.h"

enum { ROOM_BYTES = 256 * 1024, STALL_SECONDS = 10 };

bool socket_room_left(struct socket_room *room, struct websocket *socket)
{
    struct websocket_counts counts;
    websocket_counts(socket, &counts);
    if (counts.queue_bytes < ROOM_BYTES) {
        room->took = 0;
        return true;
    }
    time_t now = (time_t)(clock_monotonic_ns() / NS_PER_S);
    if (!room->took || counts.out != room->sent) {
        room->sent = counts.out;
        room->took = now;
    }
    if (now - room->took >= STALL_SECONDS)
        websocket_close(socket, 1008, "read too slowly: nothing was taken for ten seconds");
    return false;
}
