/* The description of the API as an OpenAPI 3.1 document, made from the table of endpoints
 * and the tables of records. */
#ifndef NORN_SERVE_OPENAPI_H
#define NORN_SERVE_OPENAPI_H

#include "serve/http/route.h"
#include "util/buffer.h"

/* Writes the document as JSON; the buffer fails without memory. */
void openapi_write(const struct route *const *routes, struct buffer *buffer);

#endif
