/* Patterns that clients send. See pattern.h. Input: text of a request. Output: matches. The limits
 * are those of pcre2api(3): match, depth and heap limit. Patterns are interpreted: the JIT compiler
 * of the library needs memory that is written and then run, which the sandbox refuses. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "util/pattern.h"

#include <errno.h>
#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    STEPS_MAX = 100000,
    DEPTH_MAX = 1000,
    HEAP_KIB_MAX = 1024,
    SHOWN = 80, /* bytes of a pattern in what is said of it */
};

struct pattern {
    char text[SHOWN + sizeof "..."];
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

static void say_fault(int error, size_t offset, const char *shown, struct buffer *ret_why)
{
    PCRE2_UCHAR message[160] = "";
    pcre2_get_error_message(error, message, sizeof message);
    buffer_printf(ret_why, "the pattern '%s' is wrong at offset %zu: %s", shown, offset,
                  (const char *)message);
}

static pcre2_code *compile(const char *text, size_t length, int *ret_error, size_t *ret_offset)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_code *code = NULL;
    if (!context)
        return NULL;
    pcre2_set_max_pattern_length(context, PATTERN_LENGTH_MAX);
    code = pcre2_compile((PCRE2_SPTR)text, length, PCRE2_NEVER_BACKSLASH_C, ret_error, ret_offset,
                         context);
    pcre2_compile_context_free(context);
    return code;
}

struct pattern *pattern_new(const char *text, size_t length, struct buffer *ret_why)
{
    int error = PCRE2_ERROR_NOMEMORY;
    size_t offset = 0;
    struct pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern)
        return NULL;
    snprintf(pattern->text, sizeof pattern->text, "%.*s%s", length < SHOWN ? (int)length : SHOWN,
             text, length < SHOWN ? "" : "...");
    pattern->code = compile(text, length, &error, &offset);
    if (!pattern->code) {
        if (error != PCRE2_ERROR_NOMEMORY)
            say_fault(error, offset, pattern->text, ret_why);
        pattern_free(pattern);
        errno = error == PCRE2_ERROR_NOMEMORY ? ENOMEM : EINVAL;
        return NULL;
    }
    pattern->match = pcre2_match_data_create(1, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    if (!pattern->match || !pattern->context) {
        pattern_free(pattern);
        errno = ENOMEM;
        return NULL;
    }
    pcre2_set_match_limit(pattern->context, STEPS_MAX);
    pcre2_set_depth_limit(pattern->context, DEPTH_MAX);
    pcre2_set_heap_limit(pattern->context, HEAP_KIB_MAX);
    return pattern;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_match_context_free(pattern->context);
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
    free(pattern);
}

void pattern_limit(struct pattern *pattern, unsigned steps)
{
    pcre2_set_match_limit(pattern->context, steps);
}

int pattern_try(struct pattern *pattern, const char *text, size_t length)
{
    int result = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, pattern->match,
                             pattern->context);
    bool is_over = result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
                   result == PCRE2_ERROR_HEAPLIMIT;
    return is_over ? -ELOOP : result >= 0;
}

bool pattern_matches(struct pattern *pattern, const char *text, size_t length)
{
    return pattern_try(pattern, text, length) > 0;
}

const char *pattern_text(const struct pattern *pattern)
{
    return pattern->text;
}

static char library_name[64] = "PCRE2 ";

static void write_library_name(void)
{
    enum { PREFIX = sizeof "PCRE2 " - 1 };
    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < (int)(sizeof library_name - PREFIX))
        pcre2_config(PCRE2_CONFIG_VERSION, library_name + PREFIX);
}

const char *pattern_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, write_library_name);
    return library_name;
}
