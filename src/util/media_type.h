/* What kind of content a file of the page has, by its extension. Input: a path. Output: the value
 * of a Content-Type header (RFC 9110, 8.3). */
#ifndef NORN_UTIL_MEDIA_TYPE_H
#define NORN_UTIL_MEDIA_TYPE_H

#include <stdbool.h>

/* The type for the extension of a path, in any case; application/octet-stream for others. */
const char *media_type_of(const char *path);

/* True when a type is text, or as compressible as text. */
bool media_type_is_text(const char *type);

#endif
