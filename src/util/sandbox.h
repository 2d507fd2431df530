/* Giving up system calls and paths for good: a seccomp filter made from the tables of
 * sandbox_calls.c, and a Landlock rule set that opens no path and no TCP port. Input: which kind of
 * process this is. Output: the process's own confinement, which every thread and child inherits,
 * and a state that says what of it the kernel offers. See seccomp(2), landlock(7). */
#ifndef NORN_UTIL_SANDBOX_H
#define NORN_UTIL_SANDBOX_H

#include "util/buffer.h"
#include "util/options.h"

enum sandbox_profile {
    SANDBOX_SERVER,   /* works on descriptors that others opened; starts threads, nothing else */
    SANDBOX_CAPTURE,  /* a capture tool whose source is open */
    SANDBOX_LAUNCHER, /* opens and starts things: is kept from other processes and the kernel */
};

enum sandbox_part {
    SANDBOX_OFF,     /* by option, or not meant for this profile */
    SANDBOX_ABSENT,  /* the kernel has none */
    SANDBOX_REFUSED, /* the kernel has it and said no: a container, or missing rights */
    SANDBOX_ON,
};

struct sandbox_state {
    enum sandbox_part seccomp, landlock;
    int landlock_version; /* of the kernel's, 0 while it is not on */
};

/* Makes every sandbox_enter() of this process and of those it forks later leave all as it is: the
 * option sandbox=off. */
void sandbox_switch_off(void);

/* Confines the calling process; before its first thread, after its last open. New privileges must
 * be forbidden already, or the process be allowed to administer the system. The state is written in
 * every case. 0 when all that the profile asks for is on, or all is switched off; -ENOSYS when the
 * kernel lacks a part; else -errno of the part that was refused. */
int sandbox_enter(enum sandbox_profile profile, struct sandbox_state *ret_state);

/* True after sandbox_switch_off(). */
bool sandbox_is_off(void);

/* A word for the status record: off, absent, refused, on; loose in a build with sanitizers. */
const char *sandbox_word(enum sandbox_part part);

/* Appends a sentence for the console that says what is on. */
void sandbox_describe(const struct sandbox_state *state, struct buffer *buffer);

extern const struct option sandbox_options[];
extern const size_t sandbox_options_count;

#endif
