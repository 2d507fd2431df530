/* Serial lines for the server: opened and set up by a child of the launcher. Only what the kernel
 * calls a serial line or a pseudo terminal, and no terminal that anybody sits at. Input: a path
 * under /dev and a speed. Output: a raw, non-blocking descriptor for reading. */
#ifndef NORN_UTIL_LAUNCHER_SERIAL_H
#define NORN_UTIL_LAUNCHER_SERIAL_H

#include "util/launcher.h"

/* Begins to open: what launcher_opener_finish() takes, or -errno; -EINVAL for a speed that no line
 * has. Later: -ENOTTY for what is no serial line, -EBUSY for somebody's terminal. */
int launcher_serial_begin(struct launcher *launcher, const char *device, unsigned baud);

/* The service "serial": its argument is "BAUD PATH". */
int launcher_serial_allow(const char *argument);
int launcher_serial_run(int socket, const char *argument);

#endif
