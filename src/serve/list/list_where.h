/* Conditions on the records of a list: the `where` member of a command, a list of triples [path,
 * relation, value] of which a record must meet every one. Numbers are compared as numbers, what
 * has a text as the text that is published; a path that reaches several values meets a condition
 * when one of them does. Input: a command, then records under the read lock. Used by jobs on
 * workers only. */
#ifndef NORN_SERVE_LIST_WHERE_H
#define NORN_SERVE_LIST_WHERE_H

#include "schema/projection.h"
#include "serve/http/command.h"
#include "util/pattern_budget.h"

enum { CONDITIONS_MAX = 32 };

struct list_where;

/* Compiles what the command asks for; what its patterns take is the budget's, which outlives it.
 * NULL with errno ENOENT where it asks for nothing, EINVAL with a sentence in ret_why, or ENOMEM. A
 * path that names nothing keeps nothing. */
struct list_where *list_where_new(const struct record_type *type, const struct command *command,
                                  struct pattern_budget *budget, struct buffer *ret_why);
void list_where_free(struct list_where *where);

/* True when what it looks at is not in the records themselves. */
bool list_where_is_deep(const struct list_where *where);

/* True when the record meets every condition; after a fault of the budget it may meet none. */
bool list_where_keeps(struct list_where *where, const void *record, struct view *view);

#endif
