/* What an operation of the OpenAPI document answers with: its responses, with the schema of what a
 * 200 carries. Input: a row of the table of endpoints. Output: members of the operation. */
#ifndef NORN_SERVE_OPENAPI_ANSWER_H
#define NORN_SERVE_OPENAPI_ANSWER_H

#include <stdbool.h>

#include "schema/emit.h"
#include "serve/http/route.h"

/* Writes the member `responses`; `is_part` where the path asks for a part of a record. */
void openapi_answer_write(struct emitter *emitter, const struct route *route, bool is_part);

#endif
