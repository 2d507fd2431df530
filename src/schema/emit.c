/* The calls that handlers write documents with: containers, names, keys and values in the
 * emitter's format. Records and rows go to emit_walk.c. See emit.h. */
#include "schema/emit.h"

#include "schema/emit_pretty.h"
#include "schema/emit_walk.h"
#include "schema/json.h"
#include "schema/msgpack.h"

static bool is_packed(const struct emitter *emitter)
{
    return emitter->format >= FORMAT_MSGPACK;
}

/* Goes a level down; a document nests less deep than EMIT_DEPTH, or its buffer fails. */
static void descend(struct emitter *emitter)
{
    if (emitter->depth + 1 >= EMIT_DEPTH) {
        emitter->buffer->failed = true;
        return;
    }
    emitter->written[++emitter->depth] = 0;
}

static void begin(struct emitter *emitter, enum field_type type, uint32_t count)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (at) {
        at = emit_walk_type(emitter, at, type);
        if (!is_packed(emitter))
            *at++ = type == FIELD_LIST ? '[' : '{';
        else
            at = type == FIELD_LIST ? msgpack_write_array(at, count) : msgpack_write_map(at, count);
    }
    emit_room_end(emitter->buffer, at);
    descend(emitter);
}

static void end(struct emitter *emitter, char bracket)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    bool any = emitter->written[emitter->depth % EMIT_DEPTH];
    if (emitter->depth)
        emitter->depth--;
    if (!at || is_packed(emitter))
        return;
    if (any && emitter->format == FORMAT_PRETTY)
        at = emit_pretty_line(emitter, at);
    *at++ = (uint8_t)bracket;
    emit_room_end(emitter->buffer, at);
}

void emit_array_begin(struct emitter *emitter, uint32_t count)
{
    begin(emitter, FIELD_LIST, count);
}

void emit_array_end(struct emitter *emitter)
{
    end(emitter, ']');
}

void emit_map_begin(struct emitter *emitter, enum field_type type, uint32_t count)
{
    begin(emitter, type, count);
}

void emit_map_end(struct emitter *emitter)
{
    end(emitter, '}');
}

/* What stands before an element, a name or a data key. */
static uint8_t *write_part(struct emitter *emitter, uint8_t *at)
{
    bool first = !emitter->written[emitter->depth % EMIT_DEPTH]++;
    if (is_packed(emitter))
        return at;
    if (!first)
        *at++ = ',';
    return emitter->format == FORMAT_PRETTY ? emit_pretty_line(emitter, at) : at;
}

void emit_element(struct emitter *emitter)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (at)
        emit_room_end(emitter->buffer, write_part(emitter, at));
}

/* A member of pretty JSON with its description; the comma it starts with goes when it is first. */
static void write_pretty_name(struct emitter *emitter, const char *name, size_t length)
{
    struct buffer *buffer = emitter->buffer, key = {0};
    bool first = !emitter->written[emitter->depth % EMIT_DEPTH]++;
    size_t head = buffer->length;
    uint8_t *at = emit_room_begin(&key);
    if (at) {
        *at = ',';
        at = json_write_text(&key, at + 1, name, length);
    }
    emit_room_end(&key, at);
    buffer_add_byte(&key, ':');
    uint8_t *place = key.failed ? NULL : emit_room_begin(buffer);
    if (place)
        place = emit_pretty_member(emitter, place, key.data, key.length,
                                   emit_pretty_find(name, length));
    if (place && first) {
        memmove(buffer->data + head, buffer->data + head + 1,
                (size_t)(place - buffer->data) - head - 1);
        place--;
    }
    buffer->failed |= key.failed;
    emit_room_end(buffer, place);
    buffer_done(&key);
}

static void underscore(uint8_t *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text[i] = text[i] == '.' ? '_' : text[i];
}

void emit_name(struct emitter *emitter, const char *name, size_t length)
{
    struct buffer *buffer = emitter->buffer;
    if (emitter->format == FORMAT_PRETTY) {
        write_pretty_name(emitter, name, length);
        return;
    }
    uint8_t *at = emit_room_begin(buffer);
    if (!at)
        return;
    at = write_part(emitter, at);
    if (is_packed(emitter)) {
        emit_room_end(buffer, msgpack_write_text(buffer, at, name, length));
        return;
    }
    size_t head = (size_t)(at - buffer->data);
    at = json_write_text(buffer, at, name, length);
    emit_room_end(buffer, at);
    if (at && emitter->format == FORMAT_UNDERSCORE)
        underscore(buffer->data + head, buffer->length - head);
    buffer_add_byte(buffer, ':');
}

void emit_key(struct emitter *emitter, enum field_type map, const struct value *key)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (!at)
        return;
    at = write_part(emitter, at);
    emit_room_end(emitter->buffer, emit_walk_key(emitter, at, map, key));
    if (!is_packed(emitter))
        buffer_add_byte(emitter->buffer, ':');
}

void emit_value(struct emitter *emitter, const struct value *value)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (at)
        emit_room_end(emitter->buffer, emit_walk_value(emitter, at, value, NULL, NULL));
}

void emit_text(struct emitter *emitter, const char *text, size_t length)
{
    struct value value = {.type = FIELD_STRING};
    value.text = text;
    value.length = length;
    emit_value(emitter, &value);
}

void emit_unsigned(struct emitter *emitter, uint64_t number)
{
    emit_value(emitter, &(struct value){.type = FIELD_UINT64, .natural = number});
}

void emit_record(struct emitter *emitter, const struct record_type *type,
                 const struct projection *projection, const void *record, struct view *view)
{
    const struct emit_program *program = projection ? projection->program : NULL;
    if (!program) /* no list, or an empty one: everything */
        program = emit_program_find(type);
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (!program)
        emitter->buffer->failed = true;
    else if (at)
        emit_room_end(emitter->buffer, emit_walk_record(emitter, at, program, record, view));
}

void emit_field(struct emitter *emitter, const struct field *field, const void *record,
                struct view *view)
{
    uint8_t *at = emit_room_begin(emitter->buffer);
    if (at)
        emit_room_end(emitter->buffer, emit_walk_field(emitter, at, field, record, view));
}
