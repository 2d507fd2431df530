/* JSON as clients write it, made into JSON that the library reads: what stands for no value that we
 * could keep becomes null, so that it harms only whoever asks for it. Input: text of a request.
 * Output: text. RFC 8259, 6 to 8. */
#ifndef NORN_SERVE_JSON_TEXT_H
#define NORN_SERVE_JSON_TEXT_H

#include <stddef.h>

#include "util/buffer.h"

/* Copies a text. Null takes the place of numbers beyond doubles, NaN and Infinity (as Python writes
 * them), texts that are no Unicode, and what is nested deeper than `depth` (31 at most); keys that
 * are no Unicode or hold a NUL become "?". Faults of syntax stay what they are. -E2BIG where there
 * may be more than `values` values, -ENOMEM; else 0. */
int json_text_tame(const char *text, size_t length, unsigned depth, size_t values,
                   struct buffer *ret_tame);

#endif
