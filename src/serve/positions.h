/* The receivers of positions of a running norn: made from the configuration, opened through the
 * launcher, asked for the places of frames. Binds geo/ to the engine, the sources and the launcher.
 */
#ifndef NORN_SERVE_POSITIONS_H
#define NORN_SERVE_POSITIONS_H

#include "serve/monitor.h"

/* What holds the receivers, none yet. NULL without memory. */
struct gps *positions_new(struct monitor *monitor);

/* Adds the receivers of the configuration, and says on the console which cannot be. */
void positions_add(struct monitor *monitor);

/* For the engine: where the source of a batch was while it heard the frames. Files are of another
 * time and place and have none, but for those with metagps=: they are put where that receiver is
 * now. */
void positions_locate(void *context, const struct batch *batch, struct trail *ret_trail);

/* For the sources: metagps= of a definition, NULL without. */
void positions_bind(void *context, uint16_t source, const char *name);

#endif
