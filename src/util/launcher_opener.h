/* Descriptors that take a while to open: a short-lived child of the launcher does it and passes the
 * descriptor, or the reason why there is none, to whoever asked, who need not wait. Used by
 * launcher_connect and launcher_serial; the messages are those of launcher_request. */
#ifndef NORN_UTIL_LAUNCHER_OPENER_H
#define NORN_UTIL_LAUNCHER_OPENER_H

#include "util/launcher.h"

/* Starts the child of a service: a descriptor that becomes readable when launcher_opener_finish()
 * may be called without waiting, or -errno. */
int launcher_opener_begin(struct launcher *launcher, const char *service, const char *argument);

/* What the child opened (owned by the caller) or -errno; -EPIPE when it died, -EAGAIN when it is
 * not ready. `pending` is closed in every case. */
int launcher_opener_finish(int pending);

/* In the child: passes a descriptor, or with `status` below 0 the reason. The exit status. */
int launcher_opener_give(int socket, int status, int descriptor);

#endif
