/* The system calls that each kind of norn's processes may make: rows that sandbox.c turns into a
 * filter. Numbers are those of the architecture compiled for. */
#ifndef NORN_UTIL_SANDBOX_CALLS_H
#define NORN_UTIL_SANDBOX_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/sandbox.h"

enum sandbox_verdict {
    SANDBOX_ALLOW,
    SANDBOX_REFUSE,  /* EPERM: a library may try and do without */
    SANDBOX_UNKNOWN, /* ENOSYS: as if the kernel were older; the C library has another way */
    SANDBOX_KILL,    /* nothing norn is made of asks for it: whoever does has taken it over */
};

/* A row decides when the call's number is its own and (argument & mask) == value. */
struct sandbox_call {
    uint32_t number;
    enum sandbox_verdict verdict;
    bool own_process; /* the value is this process's number */
    uint8_t argument;
    uint32_t mask, value; /* mask 0: whatever the arguments */
};

struct sandbox_list {
    const struct sandbox_call *calls;
    size_t count;
};

enum { SANDBOX_LISTS_MAX = 5 };

/* The first row that fits decides, over all lists in order; none: `otherwise`. */
struct sandbox_rules {
    enum sandbox_verdict otherwise;
    bool landlock;                                /* no paths and ports besides */
    struct sandbox_list lists[SANDBOX_LISTS_MAX]; /* the last used one is followed by zeroes */
};

extern const struct sandbox_rules sandbox_calls[]; /* by enum sandbox_profile */

#endif
