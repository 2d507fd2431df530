/* A request's field list compiled once into a flat program and run per record: which members,
 * under which names, in which order. Also the paths of sub-keys, sorting, regex and search. */
#ifndef NORN_SCHEMA_PROJECTION_H
#define NORN_SCHEMA_PROJECTION_H

#include "schema/emit.h"
#include "schema/record.h"
#include "util/buffer.h"

enum {
    PROJECTION_FIELDS = 256, /* entries in one list; more is -E2BIG */
    PATH_STEPS = 12,
};

/* One entry: "path/of/names" and the name to give it (NULL or empty: the path's last part). */
struct field_request {
    const char *path;
    const char *rename;
};

/* Compiles a list against a record type. Empty path parts are skipped; a path that names nothing
 * is kept and always gives 0; of entries with the same output name the last one stays. NULL with
 * errno and a plain sentence in ret_why on a bad or too long list. Free with projection_free(). */
struct projection *projection_new(const struct record_type *type,
                                  const struct field_request *requests, size_t count,
                                  struct buffer *ret_why);

/* The short form of a type: its FIELD_SUMMARY rows in table order. */
struct projection *projection_summary(const struct record_type *type);
void projection_free(struct projection *projection);

/* A path into a record type: rows to follow; a step may also be a text key or index into a list or
 * map when `expand` found one. Plain struct, no memory of its own but the texts it borrows. */
struct path_step {
    const struct field *field; /* NULL: `key` picks an element of the list or map before */
    const char *key;
    size_t key_length;
};

struct path {
    struct path_step steps[PATH_STEPS];
    size_t count;
};

/* Compiles "a/b/c" (names may hold dots). A part after a list or map picks an element by its index
 * or key text. 0, -ENOENT when a name does not exist in the type, -E2BIG. `text` is borrowed. */
int path_parse(const struct record_type *type, const char *text, size_t length,
               struct path *ret_path);

/* The type of the record that the path leads to, or of each record in the list or map that it does;
 * NULL where those are none. */
const struct record_type *path_type(const struct path *path);

/* How what a path finds is written. */
struct path_form {
    const struct projection *projection; /* over path_type(); NULL: whole records */
    bool lines;                          /* each record of a list in a line, anything else in one */
};

/* Writes what the path finds: scalar, record, list or map. -ENOENT, and nothing written, when
 * there is none in this record. */
int path_emit(const struct path *path, const struct path_form *form, struct emitter *emitter,
              const void *record, struct view *view);

/* The single value a path finds in a record (no expansion): absent when there is none. Records and
 * lists come back absent too. A computed text holds until the view is used again. For sorting. */
void path_value(const struct path *path, const void *record, struct view *view, struct value *ret);

/* Calls `on_value` for every scalar a path reaches, entering each element of the lists and maps it
 * meets on its way; stops and returns true as soon as `on_value` does. For regex and search. */
bool path_any(const struct path *path, const void *record, struct view *view,
              bool (*on_value)(void *context, const struct value *value), void *context);

/* Orders two values: numbers by size, texts by bytes, absent first; <0, 0, >0. */
int value_compare(const struct value *a, const struct value *b);

/* Text of a scalar as search and regex see it (MAC, UUID, key and hex as printed), into `buffer`.
 */
void value_text(const struct value *value, struct buffer *buffer);

#endif
