/* What the server gives up once its port is open and the launcher runs: user, capabilities, system
 * calls, paths. Input: the option sandbox. Output: the process's own confinement, and what the
 * console and the status record say of it. */
#ifndef NORN_SERVE_PRIVILEGES_H
#define NORN_SERVE_PRIVILEGES_H

#include "util/launcher.h"
#include "util/options.h"
#include "util/sandbox.h"

struct privileges {
    char user[64];    /* account that the server runs as */
    char rights[160]; /* what became of its user and capabilities, a sentence */
    struct sandbox_state sandbox;
};

/* Before the launcher is forked, which takes the option sandbox=off along. */
void privileges_prepare(const struct options *options);

/* Gives up everything. 0, or -errno with a sentence in ret_why: norn must not go on. */
int privileges_drop(struct launcher *launcher, const struct options *options,
                    struct privileges *ret_privileges, struct buffer *ret_why);

#endif
