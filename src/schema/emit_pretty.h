/* What pretty JSON has beside JSON: line ends, indents and descriptions. See emit_pretty.c. */
#ifndef NORN_SCHEMA_EMIT_PRETTY_H
#define NORN_SCHEMA_EMIT_PRETTY_H

#include "schema/emit.h"
#include "schema/emit_room.h"

enum { EMIT_PRETTY_LINE = 4 + EMIT_DEPTH }; /* bytes of a comma, a line end and its indent */

/* CRLF and one space for each level; writes at most EMIT_PRETTY_LINE bytes. */
uint8_t *emit_pretty_line(const struct emitter *emitter, uint8_t *at);

/* A member's `"description.<name>"` (when `field` is not NULL), then its name, each on its own
 * line with a comma before it; `key` is `,"name":`. At least 512 bytes of room are left. NULL when
 * the buffer cannot grow. */
uint8_t *emit_pretty_member(struct emitter *emitter, uint8_t *at, const uint8_t *key,
                            size_t key_length, const struct field *field);

/* The row of that name in any record type, for the members of wrappers; or NULL. */
const struct field *emit_pretty_find(const char *name, size_t length);

#endif
