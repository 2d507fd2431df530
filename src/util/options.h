/* Options: every setting norn has, each one row in its owner's `<stem>_options[]` table. From the
 * rows come parsing, defaults, --list-options, the shipped configuration and its documentation.
 * Values come from configuration files and the command line (config.h); readers ask by key. */
#ifndef NORN_UTIL_OPTIONS_H
#define NORN_UTIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

enum option_type {
    OPTION_TEXT,
    OPTION_LIST, /* repeatable; values add up; a default stands as the only value until one is set
                  */
    OPTION_INTEGER, /* whole number within minimum..maximum */
    OPTION_BOOLEAN,
    OPTION_CHOICE, /* one of `choices`, separated by '|', any case */
};

struct option {
    const char *key; /* lower case, as in the configuration file */
    enum option_type type;
    const char *fallback;     /* text of the default; "" when unset; never NULL */
    const char *choices;      /* OPTION_CHOICE only, else NULL */
    int64_t minimum, maximum; /* OPTION_INTEGER only */
    const char *description;  /* one sentence, our own words */
};

/* A table of one owner; arrays of these end with .name NULL. */
struct option_table {
    const char *name; /* owner's heading, as in the docs: "HTTP server" */
    const struct option *options;
    size_t count;
};

struct options; /* opaque: the tables and the values set */

/* A store over these tables (borrowed), nothing set; NULL without memory. Values are set before
 * the threads start; from then on any thread may read. */
struct options *options_new(const struct option_table *tables);
void options_free(struct options *options);

/* The tables the store was made over. */
const struct option_table *options_tables(const struct options *options);

/* The row of a key, or NULL. */
const struct option *options_find(const struct options *options, const char *key);

/* The known key nearest to an unknown one, or NULL when none is near. */
const char *options_nearest(const struct options *options, const char *key);

/* Sets (replaces; for OPTION_LIST adds to) a value after checking it against the row.
 * 0; -ENOENT for an unknown key; -EINVAL with a plain sentence in ret_why for a bad value. */
int options_set(struct options *options, const char *key, const char *value,
                struct buffer *ret_why);

/* Checks a value against a row without keeping it: 0, or -EINVAL with a sentence in ret_why. */
int options_check(const struct option *row, const char *value, struct buffer *ret_why);

/* Drops every value set for a key: the default holds again. */
void options_clear(struct options *options, const char *key);

/* True when a value was set (not the default). */
bool options_is_set(const struct options *options, const char *key);

/* Values; an unknown key is a programming error and aborts. Texts are borrowed until the next
 * options_set() or options_clear() of that key. For OPTION_LIST use count and at. */
const char *options_text(const struct options *options, const char *key);
int64_t options_integer(const struct options *options, const char *key);
bool options_boolean(const struct options *options, const char *key);
size_t options_count(const struct options *options, const char *key);
const char *options_at(const struct options *options, const char *key, size_t index);

/* The first values of an OPTION_LIST as a NULL-ended list; ret_texts starts zeroed and is given
 * back. */
enum { OPTIONS_LIST = 32 };
const char *const *options_list(const struct options *options, const char *key,
                                const char *ret_texts[OPTIONS_LIST + 1]);

/* Checks the tables themselves, for the test that walks every table: keys lower case, sorted in
 * each table and unique over all, defaults acceptable, descriptions present. 0 or -EINVAL. */
int options_verify(const struct option_table *tables, struct buffer *ret_why);

/* What --list-options prints: each table's keys with type, value in force and description. */
void options_print_list(const struct options *options, struct buffer *buffer);

/* The shipped configuration file: every key with description and default, commented out. */
void options_print_conf(const struct option_table *tables, struct buffer *buffer);

/* The reference page of all options, as Markdown. */
void options_print_markdown(const struct option_table *tables, struct buffer *buffer);

#endif
