/* Sources that are captured by a tool, a program of its own, here or on another machine: what all
 * their types share. */
#ifndef NORN_CAPTURE_SOURCE_TOOL_H
#define NORN_CAPTURE_SOURCE_TOOL_H

#include "capture/source.h"

/* Rows of the registry, one a kind of tool. */
extern const struct source_type source_tool_types[];
extern const size_t source_tool_types_count;

/* The tool type of that name, any case, or NULL: also of those that norn captures itself when they
 * are here (files), for sensors that bring them. */
const struct source_type *source_tool_find(const char *name);

#endif
