/* msgpack in: one value, as commands carry it. Sizes claimed by the bytes are believed only as far
 * as bytes follow, so five bytes cannot ask for gigabytes. Old raw strings, str and bin are texts;
 * extension types become null; members whose key is no text are left out. */
#ifndef NORN_SERVE_UNPACK_H
#define NORN_SERVE_UNPACK_H

#include <stddef.h>

#include "serve/http/arena.h"
#include "serve/http/command.h"

/* Decodes the first value of `bytes`; what follows it is ignored. 0; -EINVAL when it is cut off or
 * no msgpack; -E2BIG when nested too deep or of too many values; -ENOMEM. */
int unpack_value(const void *bytes, size_t length, struct arena *arena,
                 struct command_value *ret_value);

#endif
