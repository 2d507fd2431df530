/* TCP connections to where the configuration says: looked up and made by a child of the launcher
 * without any rights, within a time limit. Input: host and port. Output: a connected, non-blocking
 * socket. */
#ifndef NORN_UTIL_LAUNCHER_CONNECT_H
#define NORN_UTIL_LAUNCHER_CONNECT_H

#include "util/launcher.h"

/* Begins to connect: what launcher_opener_finish() takes, or -errno; -EINVAL for a host that cannot
 * be one. */
int launcher_connect_begin(struct launcher *launcher, const char *host, unsigned port);

/* The service "connect": its argument is "HOST PORT". */
int launcher_connect_allow(const char *argument);
int launcher_connect_run(int socket, const char *argument);

#endif
