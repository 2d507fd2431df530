/* JSON schemas (2020-12) of records, made from their rows: for the OpenAPI description. Input: the
 * record tables. Output: members of a document that an emitter writes as JSON. */
#ifndef NORN_SCHEMA_FIELD_SCHEMA_H
#define NORN_SCHEMA_FIELD_SCHEMA_H

#include "schema/emit.h"

/* Writes a member with the schema of each record type there is, in a map that is open. */
void field_schema_all(struct emitter *emitter);

/* Writes the member that refers to the schema of a type, in a map that is open; of a type without
 * members, that it is an object. */
void field_schema_reference(struct emitter *emitter, const struct record_type *type);

#endif
