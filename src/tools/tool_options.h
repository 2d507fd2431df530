/* A source definition as a capture tool sees it: the interface and options of any name. More is
 * let through than in the server, which checks what people type: a stock server sends values that
 * hold commas without quotes, so a word without "key=" belongs to the value before it. */
#ifndef NORN_TOOLS_TOOL_OPTIONS_H
#define NORN_TOOLS_TOOL_OPTIONS_H

#include <stddef.h>

#include "protocol/protocol_block.h"

enum { TOOL_DEFINITION_MAX = 8191, TOOL_OPTIONS = 128 };

struct tool_option {
    const char *key;
    char *value;
};

struct tool_options {
    char *definition; /* as it came */
    char *interface;
    size_t count;
    struct tool_option options[TOOL_OPTIONS];
    char *texts; /* where interface, keys and values lie */
};

/* 0, or -EINVAL (nothing a definition can be: empty, too long, with a NUL; a sentence in ret_why)
 * or -ENOMEM. Give back with tool_options_done(), which takes all zeroes too. */
int tool_options_parse(struct protocol_text text, struct tool_options *ret_options,
                       struct buffer *ret_why);

void tool_options_done(struct tool_options *options);

/* The value of the key, its case ignored, that comes after `skip` others of that key; NULL when
 * there is none. */
const char *tool_options_find(const struct tool_options *options, const char *key, size_t skip);

#endif
