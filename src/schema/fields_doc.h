/* Documentation made from the tables: the HTML page of /system/tracked_fields.html, docs/fields.md,
 * and the JSON schemas of the OpenAPI description. */
#ifndef NORN_SCHEMA_FIELDS_DOC_H
#define NORN_SCHEMA_FIELDS_DOC_H

#include "util/buffer.h"

/* Every row of every record type once (by name), sorted by name: name, type, unit, description. */
void fields_doc_html(struct buffer *buffer);
void fields_doc_markdown(struct buffer *buffer);

#endif
