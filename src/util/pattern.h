/* Patterns that clients send and operators write: PCRE2, compiled once, matched against many texts.
 * Bounded in size, in steps and in memory, so that no pattern can hold a thread. Input: text of a
 * request or an option. Output: whether a text matches. Case-sensitive, not anchored, bytes (UTF-8
 * when the pattern says so). */
#ifndef NORN_UTIL_PATTERN_H
#define NORN_UTIL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"

enum {
    PATTERNS_MAX = 256, /* in one request */
    PATTERN_LENGTH_MAX = 4096,
};

struct pattern;

/* Compiles a pattern; may take milliseconds. NULL with errno EINVAL and a sentence that names the
 * fault and its offset in ret_why, or ENOMEM. Free with pattern_free(). */
struct pattern *pattern_new(const char *text, size_t length, struct buffer *ret_why);
void pattern_free(struct pattern *pattern);

/* Lets a match take fewer steps than usual: for patterns on a packet's way. */
void pattern_limit(struct pattern *pattern, unsigned steps);

/* True when the text holds a match; a text that would take too many steps does not. One thread
 * at a time. */
bool pattern_matches(struct pattern *pattern, const char *text, size_t length);

/* The same, told apart: 1 when it does, 0 when it does not, -ELOOP when that would take too many
 * steps to tell. */
int pattern_try(struct pattern *pattern, const char *text, size_t length);

/* As it was written, perhaps shortened; lives as long as the pattern. */
const char *pattern_text(const struct pattern *pattern);

/* Name and version of the library, for people: "PCRE2 10.42 2022-12-11". */
const char *pattern_library(void);

#endif
