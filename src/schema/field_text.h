/* Types of rows in words: pretty JSON's descriptions and the documentation show them. */
#ifndef NORN_SCHEMA_FIELD_TEXT_H
#define NORN_SCHEMA_FIELD_TEXT_H

#include "schema/record.h"
#include "util/buffer.h"

/* Appends the type of a row: "uint32", "vector[double]", "map[mac, client]", "record signal". */
void field_text_add_type(const struct field *field, struct buffer *buffer);

#endif
