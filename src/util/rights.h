/* Giving up the rights a process was started with: user and group, capabilities, core dumps,
 * and the way back (no_new_privs). Linux capabilities(7), prctl(2). */
#ifndef NORN_UTIL_RIGHTS_H
#define NORN_UTIL_RIGHTS_H

#include <stdint.h>

#include "util/buffer.h"

/* Drops to `user` (NULL or unknown: nobody) when root, keeps only the capabilities whose bits are
 * set in `keep` (1 << CAP_NET_RAW …; none that the process has not), forbids new privileges and
 * core dumps. 0 with what was done in ret_done (may be NULL), or -errno with what failed. */
int rights_drop(const char *user, uint64_t keep, struct buffer *ret_done);

/* Root stays root with no more than the capabilities in `keep`, and so does whatever it starts.
 * Anyone else keeps what they have, and programs started later may still bring capabilities of
 * their own. 0 or -errno. */
int rights_limit(uint64_t keep);
/* Puts those of the process's capabilities in `use` into effect, and no others; they can be taken
 * up again. 0 or -errno. */
int rights_use(uint64_t use);

#endif
