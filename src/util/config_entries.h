/* The lines of configuration files in order, before they become options: so that an override may
 * replace or extend what earlier files said. Input: the reader's lines. Output: one list. */
#ifndef NORN_UTIL_CONFIG_ENTRIES_H
#define NORN_UTIL_CONFIG_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/config.h"
#include "util/config_file.h"

enum { CONFIG_ENTRIES_MAX = 16384 };

struct config_entry {
    char *key;
    char *value;
    const char *path; /* of its file, borrowed from struct config */
    unsigned line;
    bool append;
    bool bare;
    enum config_layer layer;
};

struct config_entries {
    struct config_entry *items;
    size_t count;
    size_t capacity;
};

/* Adds a copy of a line. 0, -ENOSPC at CONFIG_ENTRIES_MAX, -ENOMEM. */
int config_entries_add(struct config_entries *entries, const struct config_line *line,
                       const char *path, enum config_layer layer);

/* The first entry of a key, or NULL. */
const struct config_entry *config_entries_find(const struct config_entries *entries,
                                               const char *key);

/* Drops every entry of a key. */
void config_entries_drop(struct config_entries *entries, const char *key);

/* Moves the entries of `over` to the end of `base`; a key of which any line in `over` is a plain
 * key=value first loses what `base` has. `over` is empty then. 0 or an error as of adding. */
int config_entries_override(struct config_entries *base, struct config_entries *over);

void config_entries_done(struct config_entries *entries);

#endif
