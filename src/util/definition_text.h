/* The grammar of source definitions, INTERFACE[:key=value[,key=value...]] with double quotes around
 * values that hold commas, without any opinion on keys and values: the server and the capture tools
 * share it. Input: a line of text. Output: its parts, borrowed from it. */
#ifndef NORN_UTIL_DEFINITION_TEXT_H
#define NORN_UTIL_DEFINITION_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Part of a text, without the blanks around it. */
struct definition_span {
    const char *text;
    size_t length;
};

struct definition_part {
    struct definition_span whole; /* between two commas */
    struct definition_span key;   /* text NULL: there is no "key=" in it */
    struct definition_span value; /* without its quotes */
    bool quoted;
    bool unmatched; /* a quote too many or too few in the value */
};

struct definition_span definition_text_trim(const char *text, size_t length);

/* The interface: what stands before the first colon. ret_options is where the options begin, an
 * empty text when there are none. */
struct definition_span definition_text_interface(const char *text, const char **ret_options);

/* Takes the next option off the front of *options; false at the end. Empty ones, as between two
 * commas, are passed over. */
bool definition_text_next(const char **options, struct definition_part *ret_part);

#endif
