/* Pretty JSON: CRLF line ends, an indent of one space a level, and beside each member a
 * `description.<name>` that says "<type>, <meaning>" (reference: serialisation). See emit_pretty.h.
 */
#include "schema/emit_pretty.h"

#include "schema/field_text.h"
#include "schema/json.h"

uint8_t *emit_pretty_line(const struct emitter *emitter, uint8_t *at)
{
    unsigned depth = emitter->depth < EMIT_DEPTH ? emitter->depth : EMIT_DEPTH;
    *at++ = '\r';
    *at++ = '\n';
    memset(at, ' ', depth);
    return at + depth;
}

/* `"<type>, <meaning>"`; what passes the limit is left out. */
static uint8_t *write_meaning(struct emitter *emitter, uint8_t *at, const struct field *field)
{
    uint8_t memory[1024];
    struct buffer text = {.data = memory, .capacity = sizeof memory, .ceiling = sizeof memory};
    field_text_add_type(field, &text);
    if (field->description) {
        buffer_add_text(&text, ", ");
        buffer_add_text(&text, field->description);
    }
    return json_write_text(emitter->buffer, at, (const char *)memory, text.length);
}

static uint8_t *write_description(struct emitter *emitter, uint8_t *at, const uint8_t *key,
                                  size_t key_length, const struct field *field)
{
    static const char prefix[] = "\"description.";
    *at++ = ',';
    at = emit_pretty_line(emitter, at);
    memcpy(at, prefix, sizeof prefix - 1);
    at += sizeof prefix - 1;
    memcpy(at, key + 2, key_length - 2); /* without its comma and first quote */
    at += key_length - 2;
    *at++ = ' ';
    return write_meaning(emitter, at, field);
}

uint8_t *emit_pretty_member(struct emitter *emitter, uint8_t *at, const uint8_t *key,
                            size_t key_length, const struct field *field)
{
    at = emit_room(emitter->buffer, at, key_length + 2 * EMIT_PRETTY_LINE);
    if (at && field)
        at = write_description(emitter, at, key, key_length, field);
    at = at ? emit_room(emitter->buffer, at, key_length + EMIT_PRETTY_LINE + 512) : NULL;
    if (!at)
        return NULL;
    *at++ = ',';
    at = emit_pretty_line(emitter, at);
    memcpy(at, key + 1, key_length - 1);
    at += key_length - 1;
    *at++ = ' ';
    return at;
}

const struct field *emit_pretty_find(const char *name, size_t length)
{
    for (const struct record_type *const *type = record_types; *type; type++) {
        const struct field *field = record_find(*type, name, length);
        if (field)
            return field;
    }
    return NULL;
}
