/* Text rules used everywhere: UTF-8, printable forms of what came off the air, hex, base64,
 * percent-decoding, strict number parsing. Nothing here allocates unless it says so. */
#ifndef NORN_UTIL_TEXT_H
#define NORN_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

/* Length of the longest valid UTF-8 prefix (no surrogates, no overlong forms, <= U+10FFFF). */
size_t text_utf8_valid(const void *bytes, size_t length);

/* Appends bytes from the air as printable UTF-8: valid UTF-8 above U+009F is kept; control
 * bytes and invalid bytes become \ooo (three octal digits) and a backslash becomes "\\". */
void text_add_printable(struct buffer *buffer, const void *bytes, size_t length);

/* True for valid UTF-8 without control bytes: what fits on a line. */
bool text_is_printable(const char *text, size_t length);
/* Replaces control bytes and what is no UTF-8 by '?', in place: for text that is printable as a
 * rule, cut anywhere. */
void text_clean(char *text);

/* Value of a hex digit in any case, or -1. */
static inline int text_hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Appends upper-case hex, no separators. */
void text_add_hex(struct buffer *buffer, const void *bytes, size_t length);

/* Decodes base64: standard or URL alphabet, spaces taken as '+', line breaks skipped, padding
 * optional. 0, or -EINVAL when any other byte is met. */
int text_base64_decode(const char *text, size_t length, struct buffer *buffer);

/* Appends base64, standard alphabet, padded. */
void text_add_base64(struct buffer *buffer, const void *bytes, size_t length);

/* Decodes %XX once; `plus_is_space` for form bodies. 0, or -EINVAL at a bad escape or %00. */
int text_percent_decode(const char *text, size_t length, bool plus_is_space, struct buffer *buffer);

/* Whole-text integer or decimal; spaces, trailing bytes, overflow and non-finite are -EINVAL. */
int text_parse_i64(const char *text, size_t length, int64_t *ret_value);
int text_parse_double(const char *text, size_t length, double *ret_value);

/* Takes a decimal number of at most four digits, or a word in any case, off the front of a text;
 * false when it does not begin so. */
bool text_take_number(const char **text, unsigned *ret_number);
bool text_take_word(const char **text, const char *word);

/* Booleans of the configuration: true/t/yes/1/on, false/f/no/0/off, any case; else -EINVAL. */
int text_parse_bool(const char *text, size_t length, bool *ret_value);

/* Whether a text may be the name or address of a host: letters, digits, and .:-_% in any order. */
bool text_is_host(const char *text, size_t length);

/* Appends text with & < > " ' written as HTML entities. */
void text_add_html(struct buffer *buffer, const char *text, size_t length);

/* Appends the words of a text in lines of at most `columns`, unless one word is longer, and a
 * line's end. The first line is begun: the caller wrote `prefix`, with which the others begin. */
void text_add_wrapped(struct buffer *buffer, const char *text, const char *prefix, size_t columns);

/* Edit distance of two short names, for "did you mean"; texts over 63 bytes give 64. */
unsigned text_distance(const char *a, const char *b);

#endif
