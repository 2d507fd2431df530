/* What endpoints answer with, for their description: a row for each path that answers with records.
 * Where a path has no row its answer is text (commands) or a document of its own kind (plain ones).
 */
#ifndef NORN_SERVE_ROUTE_ANSWERS_H
#define NORN_SERVE_ROUTE_ANSWERS_H

#include "schema/record.h"
#include "serve/http/route.h"

enum answer_shape {
    ANSWER_RECORD,
    ANSWER_LIST,
    ANSWER_MAP,   /* by a key */
    ANSWER_TABLE, /* a list under aaData */
    ANSWER_VIEW,  /* a list, or a page of it where one was asked for */
    ANSWER_SINCE, /* devices: the first API's dictionary for a GET, else a list */
    ANSWER_TEXTS, /* a list of texts */
};

struct route_answer {
    const char *path;
    enum answer_shape shape;
    const struct record_type *type; /* NULL for ANSWER_TEXTS */
};

/* The row of a path, or NULL. */
const struct route_answer *route_answers_find(const char *path);

extern const struct route_answer route_answers[];
extern const size_t route_answers_count;

#endif
