/* The table of endpoints, printed: for people (docs/api.md) and for programs. */
#ifndef NORN_SERVE_ROUTE_DOC_H
#define NORN_SERVE_ROUTE_DOC_H

#include "serve/http/route.h"
#include "util/buffer.h"

/* Appends a Markdown table for each family of paths, those with the same first segment. */
void route_doc_markdown(const struct route *const *routes, struct buffer *buffer);

/* Appends every row for programs to read: methods, path and roles, with tabs between. */
void route_doc_rows(const struct route *const *routes, struct buffer *buffer);

#endif
