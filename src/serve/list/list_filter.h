/* Which records of a list stay: the `regex` member of a command (pairs of a path and a pattern; a
 * record stays when any pair matches any value its path reaches) and the search of the views (a
 * term that any of the paths asked for holds). Input: a command, then records under the read lock.
 * Used by jobs on workers only: patterns take their time. */
#ifndef NORN_SERVE_LIST_FILTER_H
#define NORN_SERVE_LIST_FILTER_H

#include "schema/projection.h"
#include "serve/http/command.h"
#include "util/pattern_budget.h"

enum { LIST_SEARCH_MAX = 256 }; /* bytes of a search term */

struct list_filter;

/* A filter that keeps everything; what its patterns take is the budget's, which outlives it. NULL
 * without memory. */
struct list_filter *list_filter_new(const struct record_type *type, struct pattern_budget *budget);
void list_filter_free(struct list_filter *filter);

/* Compiles pairs. 0; -EINVAL with a sentence in ret_why; -ENOMEM. A path that names nothing matches
 * nothing. */
int list_filter_match(struct list_filter *filter, const struct command_pair *pairs, size_t count,
                      struct buffer *ret_why);

/* Looks for a term, in any case of its ASCII letters, in what these paths find. Addresses also
 * match on the hex digits of whole octets. 0; -E2BIG for too long a term or path; -ENOMEM. */
int list_filter_search(struct list_filter *filter, const char *term,
                       const struct field_request *paths, size_t count);

/* True when what it looks at is not in the records themselves. */
bool list_filter_is_deep(const struct list_filter *filter);

/* Comes before the records of each hold of the lock: texts that were looked at may be gone. */
void list_filter_begin(struct list_filter *filter);

/* True when the record stays: texts, addresses, UUIDs, keys and bytes are compared, as printed.
 * After a fault of the budget none does. */
bool list_filter_keeps(struct list_filter *filter, const void *record, struct view *view);

#endif
