/* Who listens on a TCP port of this machine, as far as /proc tells. */
#ifndef NORN_SERVE_HOLDER_H
#define NORN_SERVE_HOLDER_H

#include <stdbool.h>

#include "util/buffer.h"

/* Appends "kismet (process 1234)"; false, and nothing appended, when it cannot be found. */
bool holder_find(unsigned port, struct buffer *buffer);

#endif
