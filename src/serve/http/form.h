/* Bodies of HTML forms: application/x-www-form-urlencoded (WHATWG URL, section 5) and
 * multipart/form-data (RFC 7578). Input: the bytes of a body. Output: variables in the arena. */
#ifndef NORN_SERVE_FORM_H
#define NORN_SERVE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "serve/http/arena.h"
#include "serve/http/target.h"

/* True when the media type of a Content-Type value (parameters left aside, any case) is `type`. */
bool form_is_type(const char *content_type, const char *type);

/* Parses a multipart body; `content_type` names the boundary. Parts without a name are left out.
 * 0; -EINVAL when it is not multipart as described; -E2BIG over TARGET_VARIABLES; -ENOMEM. */
int form_parse_multipart(const char *content_type, const char *body, size_t length,
                         struct arena *arena, struct target_variable **ret_variables,
                         size_t *ret_count);

#endif
