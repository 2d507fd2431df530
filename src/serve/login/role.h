/* The roles that a login can have, by name. One row adds a role. */
#ifndef NORN_SERVE_ROLE_H
#define NORN_SERVE_ROLE_H

#include "util/buffer.h"

/* The bits of enum role for a name, case sensitive; one that norn knows no endpoint of is a free
 * role: ROLE_ANY. */
unsigned role_find(const char *name);

/* Appends the names of every role among the bits, with "or" between them. */
void role_print(unsigned roles, struct buffer *buffer);

#endif
