/* Configuration files with what they include, into entries. Input: paths and the request's
 * callbacks. Output: entries in order, the files read, overrides still to be read, and messages
 * as "FILE:LINE: sentence". Includes are limited in depth and number, loops are errors. */
#ifndef NORN_UTIL_CONFIG_READER_H
#define NORN_UTIL_CONFIG_READER_H

#include "util/config.h"
#include "util/config_entries.h"

enum {
    CONFIG_DEPTH_MAX = 16,     /* includes within includes */
    CONFIG_FILES_MAX = 256,    /* files in all */
    CONFIG_MESSAGES_MAX = 100, /* warnings given, and errors kept */
};

struct config_reader {
    const struct config_request *request;
    struct config *config; /* expands paths; its list of files grows */
    struct config_entries *entries;
    enum config_layer layer;
    unsigned group;
    const char *stack[CONFIG_DEPTH_MAX]; /* files open now, outermost first */
    unsigned depth;
    char **overrides; /* paths of opt_override lines, in order, owned */
    size_t override_count;
    struct buffer *why;
    unsigned error_count;
    unsigned warning_count;
};

/* Reads a file and what it includes; a second time in the same group it is passed over. 0, or
 * -errno when this file itself cannot be read (no message made); faults inside are messages. */
int config_reader_file(struct config_reader *reader, const char *path);

/* What a failure of config_reader_file() means. */
const char *config_reader_explain(int result);

/* Notes an error (a line in `why`) or gives a warning; `path` may be NULL, line 0 is left out. */
void config_reader_error(struct config_reader *reader, const char *path, unsigned line,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
void config_reader_warn(struct config_reader *reader, const char *path, unsigned line,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Gives back the list of overrides. */
void config_reader_done(struct config_reader *reader);

#endif
