/* `--replay FILE --dump FORMAT`: the records of one capture on standard output, no server, no
 * threads but the reader's. */
#ifndef NORN_SERVE_REPLAY_H
#define NORN_SERVE_REPLAY_H

#include "schema/emit.h"
#include "serve/monitor.h"

/* Feeds everything the monitor's sources deliver to the engine, in the caller's thread, until they
 * have ended. */
void replay_drain(struct monitor *monitor);

/* Writes an array of every device's full record to standard output. 0 or -errno. */
int replay_dump(struct monitor *monitor, enum format format);

#endif
