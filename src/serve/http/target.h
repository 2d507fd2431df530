/* The target of a request line, taken apart once: the path is split at '/' first and each
 * segment percent-decoded after, the query likewise at '&' and '='. Input: raw bytes from the
 * wire. Output: texts in the arena. RFC 9112, section 3.2; RFC 3986, section 2.4. */
#ifndef NORN_SERVE_TARGET_H
#define NORN_SERVE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "serve/http/arena.h"

enum {
    TARGET_SEGMENTS = 32,
    TARGET_VARIABLES = 512, /* DataTables sends six for each column */
};

/* A decoded text, NUL-terminated; holds no NUL within. */
struct target_part {
    const char *text;
    size_t length;
};

struct target_variable {
    struct target_part name, value;
};

struct target {
    struct target_part segments[TARGET_SEGMENTS]; /* empty ones left out */
    size_t segment_count;
    struct target_variable *variables;
    size_t variable_count;
};

/* Parses an origin-form or absolute-form target. A leading `prefix` ("" or "/a/b") is taken off
 * the path where it is there. 0; -EINVAL for a bad escape or %00; -E2BIG for too many parts;
 * -ENOMEM. */
int target_parse(const char *text, size_t length, const char *prefix, struct arena *arena,
                 struct target *ret_target);

/* Splits "a=b&c=d" and decodes each side once. Errors as target_parse(). */
int target_parse_variables(const char *text, size_t length, bool plus_is_space, struct arena *arena,
                           struct target_variable **ret_variables, size_t *ret_count);

/* The first value of a name, or NULL. */
const struct target_part *target_find(const struct target_variable *variables, size_t count,
                                      const char *name);

#endif
