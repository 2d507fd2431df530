/* The launcher's own life, in the forked process: answers the server, keeps the service children,
 * ends when the socket does. */
#ifndef NORN_UTIL_LAUNCHER_PROCESS_H
#define NORN_UTIL_LAUNCHER_PROCESS_H

#include "util/launcher.h"

/* Serves requests on `socket` until its other end closes; then ends the children and itself. */
_Noreturn void launcher_process_run(int socket, const struct launcher_config *config);

#endif
