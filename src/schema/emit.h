/* Writing values, records and documents in every format of the API: JSON (one line), pretty JSON,
 * JSON with underscores for dots, msgpack, and msgpack with the [type, payload] pairs of 2016.
 * The same calls write all of them; the format decides. Into a buffer, nothing allocated. */
#ifndef NORN_SCHEMA_EMIT_H
#define NORN_SCHEMA_EMIT_H

#include "schema/record.h"
#include "util/buffer.h"

enum format {
    FORMAT_JSON,          /* .json, .itjson (one record a line is the caller's loop) */
    FORMAT_PRETTY,        /* .prettyjson: indented, with description.<name> beside each member */
    FORMAT_UNDERSCORE,    /* .tjson, .ekjson: dots of record member names become underscores */
    FORMAT_MSGPACK,       /* plain */
    FORMAT_MSGPACK_TYPED, /* every value is [type id, payload] */
};

enum { EMIT_DEPTH = 16 };

/* Where the writing of one document stands. Zero it, set `buffer` and `format`. Nothing in it
 * points into the buffer's memory, so the buffer may be drained between elements of an array. */
struct emitter {
    struct buffer *buffer;
    enum format format;
    unsigned depth;
    uint32_t written[EMIT_DEPTH]; /* members or elements so far, at each depth */
};

/* Containers. `count` must be right for msgpack (JSON ignores it); for maps of data keys give
 * their FIELD_MAP_ type, for records FIELD_RECORD. */
void emit_array_begin(struct emitter *emitter, uint32_t count);
void emit_array_end(struct emitter *emitter);
void emit_map_begin(struct emitter *emitter, enum field_type type, uint32_t count);
void emit_map_end(struct emitter *emitter);

/* Comes before each element of an array. */
void emit_element(struct emitter *emitter);

/* Comes before each member's value. A record's member name (dots may turn to underscores), and a
 * data key (never changed but for its text form). */
void emit_name(struct emitter *emitter, const char *name, size_t length);
void emit_key(struct emitter *emitter, enum field_type map, const struct value *key);

/* One scalar, point or series; absent writes nothing's stand-in, the number 0. */
void emit_value(struct emitter *emitter, const struct value *value);
void emit_text(struct emitter *emitter, const char *text, size_t length);
void emit_unsigned(struct emitter *emitter, uint64_t number);

struct projection;

/* A whole record, or what a compiled field list (NULL: everything that is no alias) takes of it. */
void emit_record(struct emitter *emitter, const struct record_type *type,
                 const struct projection *projection, const void *record, struct view *view);

/* Any row of a record: scalar, record, list or map; an absent one is written as 0. */
void emit_field(struct emitter *emitter, const struct field *field, const void *record,
                struct view *view);

#endif
