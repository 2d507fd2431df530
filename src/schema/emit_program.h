/* A record type, or a field list over one, compiled into flat steps with its key bytes ready to
 * copy. Types are compiled at their first use and kept; field lists live in a struct projection.
 * Input: record tables. Used by emit_walk.c, made by emit_program.c and projection.c. */
#ifndef NORN_SCHEMA_EMIT_PROGRAM_H
#define NORN_SCHEMA_EMIT_PROGRAM_H

#include "schema/record.h"

/* What a step does: the field_type of a plain member to write, or one of these. */
enum {
    EMIT_COMPUTED = FIELD_MAP_DOUBLE + 1, /* writes what `get` gives */
    EMIT_WALKED,                          /* writes a list or map */
    EMIT_MISSING,                         /* writes 0 */
    EMIT_ENTER,                           /* steps into the record of a row */
    EMIT_LEAVE,                           /* and back out */
};

struct emit_step {
    uint8_t code;
    bool optional;       /* left out while empty */
    bool kept;           /* of a field list: written as 0 when absent */
    bool hidden;         /* with underscores its name is that of a later step */
    bool mute;           /* without a description: another member has that name */
    uint16_t offset;     /* of the plain member */
    uint16_t key_length; /* of `,"name":`, the same with dots and underscores */
    uint16_t packed_length;
    uint32_t room;         /* enough for any key form and a short scalar */
    const uint8_t *dotted; /* each padded so that it may be copied 16 bytes at a time */
    const uint8_t *underscored;
    const uint8_t *packed; /* the name as a msgpack str */
    const struct field *field;
};

struct emit_program {
    size_t count;
    uint32_t members; /* at most so many are written */
    bool complete;    /* always all of them */
    uint8_t *keys;
    struct emit_step steps[];
};

struct projection {
    struct emit_program *program; /* NULL for an empty list: the whole record */
};

/* A step to compile: `name` (any text) is copied. */
struct emit_order {
    uint8_t code;
    bool kept;
    bool hidden;
    bool mute;
    const struct field *field;
    const char *name;
    size_t name_length;
};

/* The code that writes a row. */
uint8_t emit_program_code(const struct field *field);

/* A program of its own, or NULL without memory. Free with emit_program_free(). */
struct emit_program *emit_program_new(const struct emit_order *orders, size_t count);
void emit_program_free(struct emit_program *program);

/* The program of a type's whole records; made at first use, never freed, safe in any thread.
 * NULL without memory or past the limit of types. */
const struct emit_program *emit_program_find(const struct record_type *type);

#endif
