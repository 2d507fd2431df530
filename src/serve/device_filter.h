/* The `regex` member of a command: pairs of a path and a pattern; a device stays when any pair
 * matches any value its path reaches. Input: a command, then devices under the read lock. Used by
 * jobs on workers only: patterns take their time. */
#ifndef NORN_SERVE_DEVICE_FILTER_H
#define NORN_SERVE_DEVICE_FILTER_H

#include "schema/device_fields.h"
#include "serve/command.h"

struct device_filter;

/* Compiles the pairs. NULL with errno EINVAL and a sentence in ret_why, or ENOMEM. A path that
 * names nothing matches nothing. */
struct device_filter *device_filter_new(const struct command_pair *pairs, size_t count,
                                        struct buffer *ret_why);
void device_filter_free(struct device_filter *filter);

/* True when any pair matches: texts, addresses, UUIDs and bytes are compared, as printed. */
bool device_filter_keeps(struct device_filter *filter, const struct device *device,
                         struct view *view);

#endif
