/* One operation of the OpenAPI document: what calls a path by a method, who may, what it takes.
 * Input: a row of the table of endpoints. Output: a member of the path. */
#ifndef NORN_SERVE_OPENAPI_OPERATION_H
#define NORN_SERVE_OPENAPI_OPERATION_H

#include <stdbool.h>

#include "schema/emit.h"
#include "serve/http/route.h"

/* Writes the member `method` ("get" or "post"); `path` as the document has it, `is_part` where it
 * asks for a part of a record. */
void openapi_operation_write(struct emitter *emitter, const struct route *route, const char *method,
                             const char *path, bool is_part);

#endif
