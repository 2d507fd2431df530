/* Walking records into output: the steps of a program, values, lists and maps, in the emitter's
 * format. All write at `at` (from emit_room_begin()), give the place after the last byte, and NULL
 * when the buffer failed. The view's scratch is as before when they return. */
#ifndef NORN_SCHEMA_EMIT_WALK_H
#define NORN_SCHEMA_EMIT_WALK_H

#include "schema/emit.h"
#include "schema/emit_program.h"

/* A record, by a program of its type or of a field list. A NULL record is written as 0. */
uint8_t *emit_walk_record(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                          const void *record, struct view *view);

/* Any value; `type` is that of records. An absent one is written as 0. */
uint8_t *emit_walk_value(struct emitter *emitter, uint8_t *at, const struct value *value,
                         const struct record_type *type, struct view *view);

/* What a row of a record holds; an absent one is written as 0, an empty list as such. */
uint8_t *emit_walk_field(struct emitter *emitter, uint8_t *at, const struct field *field,
                         const void *record, struct view *view);

/* A key of a map of data, without what parts it from its value. */
uint8_t *emit_walk_key(struct emitter *emitter, uint8_t *at, enum field_type map,
                       const struct value *key);

/* In typed msgpack the head of a [type id, payload] pair, in other formats nothing. */
uint8_t *emit_walk_type(const struct emitter *emitter, uint8_t *at, enum field_type type);

/* Steps a list or map; false at its end. */
bool emit_walk_next(const struct field *field, const void *record, struct view *view,
                    struct cursor *cursor);

#endif
