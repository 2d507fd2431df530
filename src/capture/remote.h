/* Sensors that connect from elsewhere, by TCP or by a websocket: takes their first words and hands
 * them to the capture as sources. Input: a listening socket, sockets of others. Output: sources.
 * One thread of its own. */
#ifndef NORN_CAPTURE_REMOTE_H
#define NORN_CAPTURE_REMOTE_H

#include "capture/capture.h"

enum { REMOTE_PENDING = 64 /* connections that have not said who they are */ };

struct remote;

/* Starts the thread. `listener` (owned; -1: none) is a bound and listening stream socket. NULL with
 * errno set. */
struct remote *remote_new(struct capture *capture, int listener);

/* Takes over a connected stream socket that speaks the tools' protocol; `peer` says whose, for
 * messages. Closed at once when there are too many. Thread-safe. */
void remote_attach(struct remote *remote, int descriptor, const char *peer);

/* Ends the thread and closes what is pending. NULL is fine. */
void remote_free(struct remote *remote);

#endif
