/* The inner loop of every reader: records into bytes. One text for all formats; the compiler makes
 * three of it (`format` is a constant in each walk_…): JSON with dots or underscores, plain
 * msgpack, and the rest. Input: programs of emit_program.c and records of the store. Output: the
 * emitter's buffer. Containers of JSON write a comma before each member and turn the first one
 * into the bracket at the end; those of msgpack have their counts filled in. */
#include "schema/emit_walk.h"

#include "schema/emit_pretty.h"
#include "schema/json.h"
#include "schema/msgpack.h"
#include "schema/number.h"
#include "schema/projection.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum {
    ROOM = 512,       /* enough for any scalar but strings, bytes, points and series */
    ANY_COUNT = 1000, /* more than fits a one-byte head */
};

static const uint8_t type_ids[FIELD_MAP_DOUBLE + 1];

ALWAYS_INLINE bool is_packed(enum format format)
{
    return format >= FORMAT_MSGPACK;
}

ALWAYS_INLINE uint8_t *put_type(enum format format, uint8_t *at, enum field_type type)
{
    if (format != FORMAT_MSGPACK_TYPED)
        return at;
    at = msgpack_write_array(at, 2);
    *at = type_ids[type];
    return at + 1;
}

ALWAYS_INLINE uint8_t *put_zero(enum format format, uint8_t *at)
{
    at = put_type(format, at, FIELD_UINT8);
    *at = is_packed(format) ? 0 : '0';
    return at + 1;
}

/* The offset of a place: what stays true when the buffer grows. */
ALWAYS_INLINE size_t offset_of(const struct emitter *emitter, const uint8_t *at)
{
    return (size_t)(at - emitter->buffer->data);
}

/* Closes a container of JSON whose first comma, if any, is at `head`. */
ALWAYS_INLINE uint8_t *close_json(enum format format, struct emitter *emitter, uint8_t *at,
                                  size_t head, uint32_t count, char open, char close)
{
    at = emit_room(emitter->buffer, at, EMIT_PRETTY_LINE + 2);
    if (!at)
        return NULL;
    if (!count)
        *at++ = (uint8_t)open;
    else
        emitter->buffer->data[head] = (uint8_t)open;
    if (count && format == FORMAT_PRETTY)
        at = emit_pretty_line(emitter, at);
    *at = (uint8_t)close;
    return at + 1;
}

ALWAYS_INLINE uint8_t *put_number(enum format format, uint8_t *at, enum field_type type,
                                  double number)
{
    at = put_type(format, at, type);
    if (!is_packed(format))
        return number_write_double(at, number);
    if (format == FORMAT_MSGPACK)
        return msgpack_write_number(at, number);
    return type == FIELD_FLOAT ? msgpack_write_float32(at, (float)number)
                               : msgpack_write_float64(at, number);
}

ALWAYS_INLINE uint8_t *put_boolean(enum format format, uint8_t *at, bool yes)
{
    if (is_packed(format))
        return msgpack_write_boolean(put_type(format, at, FIELD_BOOLEAN), yes);
    memcpy(at, yes ? "true" : "false", 5);
    return at + (yes ? 4 : 5);
}

ALWAYS_INLINE uint8_t *put_text(enum format format, struct emitter *emitter, uint8_t *at,
                                const char *text, size_t length)
{
    at = put_type(format, at, FIELD_STRING);
    return is_packed(format) ? msgpack_write_text(emitter->buffer, at, text, length)
                             : json_write_text(emitter->buffer, at, text, length);
}

ALWAYS_INLINE uint8_t *put_mac(enum format format, uint8_t *at, struct macaddr mac)
{
    static const struct macaddr every = {{255, 255, 255, 255, 255, 255}};
    if (!is_packed(format))
        return json_write_mac(at, mac);
    if (format == FORMAT_MSGPACK)
        return msgpack_write_mac(at, mac);
    at = put_type(format, at, FIELD_MAC);
    at = msgpack_write_array(at, 2);
    at = msgpack_write_mac(at, mac);
    return msgpack_write_mac(at, every);
}

ALWAYS_INLINE uint8_t *put_point(enum format format, struct emitter *emitter, uint8_t *at,
                                 struct point point)
{
    if (!is_packed(format))
        return json_write_point(emitter->buffer, at, point);
    at = put_type(format, at, FIELD_POINT);
    at = msgpack_write_array(at, 2);
    at = put_type(format, at, FIELD_DOUBLE);
    at = msgpack_write_float64(at, point.longitude);
    at = put_type(format, at, FIELD_DOUBLE);
    return msgpack_write_float64(at, point.latitude);
}

static uint8_t *put_typed_series(struct emitter *emitter, uint8_t *at, const struct value *value)
{
    at = emit_room(emitter->buffer, at, 11 * value->count + 16);
    if (!at)
        return NULL;
    at = put_type(FORMAT_MSGPACK_TYPED, at, FIELD_SERIES);
    at = msgpack_write_array(at, (uint32_t)value->count);
    for (size_t i = 0; i < value->count; i++)
        at = put_number(FORMAT_MSGPACK_TYPED, at, FIELD_DOUBLE, value->numbers[i]);
    return at;
}

ALWAYS_INLINE uint8_t *put_series(enum format format, struct emitter *emitter, uint8_t *at,
                                  const struct value *value)
{
    if (format == FORMAT_MSGPACK_TYPED)
        return put_typed_series(emitter, at, value);
    if (is_packed(format))
        return msgpack_write_series(emitter->buffer, at, value->numbers, value->count);
    size_t head = offset_of(emitter, at);
    at = json_write_series(emitter->buffer, at, value->numbers, value->count);
    /* on one line in pretty JSON too */
    return at ? close_json(FORMAT_JSON, emitter, at, head, value->count > 0, '[', ']') : NULL;
}

static uint8_t *walk_json(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                          const void *record, struct view *view);
static uint8_t *walk_packed(struct emitter *emitter, uint8_t *at,
                            const struct emit_program *program, const void *record,
                            struct view *view);
static uint8_t *walk_other(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                           const void *record, struct view *view);

ALWAYS_INLINE uint8_t *put_record(enum format format, struct emitter *emitter, uint8_t *at,
                                  const struct record_type *type, const void *record,
                                  struct view *view)
{
    const struct emit_program *program = type ? emit_program_find(type) : NULL;
    if (!program) {
        emitter->buffer->failed |= type != NULL;
        return type ? NULL : put_zero(format, at);
    }
    if (format == FORMAT_JSON)
        return walk_json(emitter, at, program, record, view);
    if (format == FORMAT_MSGPACK)
        return walk_packed(emitter, at, program, record, view);
    return walk_other(emitter, at, program, record, view);
}

/* Texts of known sizes: addresses, ids and hex. */
ALWAYS_INLINE uint8_t *put_id(enum format format, struct emitter *emitter, uint8_t *at,
                              const struct value *value)
{
    bool packed = is_packed(format);
    at = put_type(format, at, value->type);
    if (value->type == FIELD_UUID)
        return packed ? msgpack_write_uuid(at, value->uuid) : json_write_uuid(at, value->uuid);
    if (value->type == FIELD_KEY)
        return packed ? msgpack_write_key(at, value->key) : json_write_key(at, value->key);
    return packed ? msgpack_write_bytes(emitter->buffer, at, value->bytes)
                  : json_write_bytes(emitter->buffer, at, value->bytes);
}

static uint8_t *walk_list(struct emitter *emitter, uint8_t *at, const struct record_type *type,
                          const void *record, struct view *view);

ALWAYS_INLINE uint8_t *put_value(enum format format, struct emitter *emitter, uint8_t *at,
                                 const struct value *value, const struct record_type *type,
                                 struct view *view)
{
    at = emit_room(emitter->buffer, at, ROOM);
    if (!at)
        return NULL;
    if (value->absent)
        return put_zero(format, at);
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT: return put_text(format, emitter, at, value->text, value->length);
    case FIELD_INT8:
    case FIELD_INT16:
    case FIELD_INT32:
    case FIELD_INT64:
        at = put_type(format, at, value->type);
        return is_packed(format) ? msgpack_write_i64(at, value->integer)
                                 : number_write_i64(at, value->integer);
    case FIELD_UINT8:
    case FIELD_UINT16:
    case FIELD_UINT32:
    case FIELD_UINT64:
        at = put_type(format, at, value->type);
        return is_packed(format) ? msgpack_write_u64(at, value->natural)
                                 : number_write_u64(at, value->natural);
    case FIELD_BOOLEAN: return put_boolean(format, at, value->natural != 0);
    case FIELD_FLOAT:
    case FIELD_DOUBLE: return put_number(format, at, value->type, value->number);
    case FIELD_MAC: return put_mac(format, at, value->mac);
    case FIELD_UUID:
    case FIELD_KEY:
    case FIELD_BYTES: return put_id(format, emitter, at, value);
    case FIELD_POINT: return put_point(format, emitter, at, value->point);
    case FIELD_SERIES: return put_series(format, emitter, at, value);
    case FIELD_RECORD:
    case FIELD_INLINE: return put_record(format, emitter, at, type, value->record, view);
    case FIELD_LIST:
        return type ? walk_list(emitter, at, type, value->record, view) : put_zero(format, at);
    default: return put_zero(format, at);
    }
}

/* A number as a key's text. */
static size_t key_digits(const struct value *key, uint8_t *ret_text)
{
    bool natural = key->type == FIELD_UINT8 || key->type == FIELD_UINT16 ||
                   key->type == FIELD_UINT32 || key->type == FIELD_UINT64;
    uint8_t *end = ret_text;
    if (key->type == FIELD_FLOAT || key->type == FIELD_DOUBLE)
        end = number_write_double(ret_text, key->number);
    else if (natural)
        end = number_write_u64(ret_text, key->natural);
    else
        end = number_write_i64(ret_text, key->integer);
    return (size_t)(end - ret_text);
}

/* Keys of typed msgpack that are no plain text: whole numbers, floats, addresses with masks. */
static uint8_t *put_typed_key(uint8_t *at, enum field_type map, const struct value *key)
{
    static const char mask[] = "/FF:FF:FF:FF:FF:FF";
    bool number = key->type == FIELD_FLOAT || key->type == FIELD_DOUBLE;
    if (map == FIELD_MAP_DOUBLE)
        return msgpack_write_float64(at, number ? key->number : (double)key->integer);
    if (map == FIELD_MAP_INT && number)
        return msgpack_write_number(at, key->number);
    if (map == FIELD_MAP_INT)
        return key->type == FIELD_UINT64 ? msgpack_write_u64(at, key->natural)
                                         : msgpack_write_i64(at, key->integer);
    uint8_t *end = msgpack_write_mac(at + 1, key->mac); /* its head gives way to a longer one */
    at[0] = 0xd9;
    at[1] = (uint8_t)(end - at - 2 + (long)sizeof mask - 1);
    memcpy(end, mask, sizeof mask - 1);
    return end + sizeof mask - 1;
}

ALWAYS_INLINE uint8_t *put_key(enum format format, struct emitter *emitter, uint8_t *at,
                               enum field_type map, const struct value *key)
{
    uint8_t digits[NUMBER_ANY];
    bool packed = is_packed(format);
    bool number = key->type >= FIELD_INT8 && key->type <= FIELD_DOUBLE;
    bool number_map = map == FIELD_MAP_INT || map == FIELD_MAP_DOUBLE;
    at = emit_room(emitter->buffer, at, ROOM);
    if (!at)
        return NULL;
    if (format == FORMAT_MSGPACK_TYPED && (number ? number_map : key->type == FIELD_MAC))
        return put_typed_key(at, map, key);
    switch (key->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
        return packed ? msgpack_write_text(emitter->buffer, at, key->text, key->length)
                      : json_write_text(emitter->buffer, at, key->text, key->length);
    case FIELD_MAC: return packed ? msgpack_write_mac(at, key->mac) : json_write_mac(at, key->mac);
    case FIELD_UUID:
    case FIELD_KEY:
    case FIELD_BYTES: return put_id(packed ? FORMAT_MSGPACK : FORMAT_JSON, emitter, at, key);
    default: break;
    }
    size_t length = key_digits(key, digits);
    return packed ? msgpack_write_text(emitter->buffer, at, (const char *)digits, length)
                  : json_write_text(emitter->buffer, at, (const char *)digits, length);
}

bool emit_walk_next(const struct field *field, const void *record, struct view *view,
                    struct cursor *cursor)
{
    static const uint8_t key_types[FIELD_MAP_DOUBLE + 1] = {
        [FIELD_MAP_STRING] = FIELD_STRING,
        [FIELD_MAP_MAC] = FIELD_MAC,
        [FIELD_MAP_INT] = FIELD_INT64,
        [FIELD_MAP_DOUBLE] = FIELD_DOUBLE,
    };
    cursor->key.type = key_types[field->type];
    cursor->element.type = field->element;
    cursor->element.absent = false;
    return field->next(record, view, cursor);
}

/* Elements from the cursor's on; `more` says that it stands on one. */
ALWAYS_INLINE uint8_t *put_elements(enum format format, struct emitter *emitter, uint8_t *at,
                                    const struct field *field, const void *record,
                                    struct view *view, struct cursor *cursor, bool more)
{
    bool list = field->type == FIELD_LIST;
    uint32_t count = 0;
    at = emit_room(emitter->buffer, at, ROOM);
    if (!at || emitter->depth >= EMIT_DEPTH)
        return at ? put_zero(format, at) : NULL;
    at = put_type(format, at, field->type);
    size_t head = offset_of(emitter, at);
    at = is_packed(format) ? msgpack_reserve(at, ANY_COUNT) : at;
    emitter->depth++;
    for (; at && more; more = emit_walk_next(field, record, view, cursor), count++) {
        at = emit_room(emitter->buffer, at, EMIT_PRETTY_LINE);
        if (!at)
            break;
        if (!is_packed(format))
            *at++ = ',';
        if (format == FORMAT_PRETTY)
            at = emit_pretty_line(emitter, at);
        if (!list)
            at = put_key(format, emitter, at, field->type, &cursor->key);
        at = at ? emit_room(emitter->buffer, at, 2) : NULL;
        if (!at)
            break;
        if (!list && !is_packed(format))
            *at++ = ':';
        at = put_value(format, emitter, at, &cursor->element, field->record, view);
    }
    emitter->depth--;
    if (!at)
        return NULL;
    if (!is_packed(format))
        return close_json(format, emitter, at, head, count, list ? '[' : '{', list ? ']' : '}');
    return list ? msgpack_patch_array(emitter->buffer, at, head, ANY_COUNT, count)
                : msgpack_patch_map(emitter->buffer, at, head, ANY_COUNT, count);
}

/* A list within a list or map: the first row of its type, walked over the element's record. */
static uint8_t *walk_list(struct emitter *emitter, uint8_t *at, const struct record_type *type,
                          const void *record, struct view *view)
{
    const struct field *field = &type->fields[0];
    struct cursor cursor = {0};
    bool more = emit_walk_next(field, record, view, &cursor);
    return put_elements(emitter->format, emitter, at, field, record, view, &cursor, more);
}

/* A member's name, with all that stands between it and what is before; leaves room for scalars. */
ALWAYS_INLINE uint8_t *put_name(enum format format, struct emitter *emitter, uint8_t *at,
                                const struct emit_step *step)
{
    if (is_packed(format))
        return emit_room_copy(at, step->packed, step->packed_length);
    if (format == FORMAT_PRETTY)
        return emit_pretty_member(emitter, at, step->dotted, step->key_length,
                                  step->mute ? NULL : step->field);
    bool dotted = emitter->format != FORMAT_UNDERSCORE;
    return emit_room_copy(at, dotted ? step->dotted : step->underscored, step->key_length);
}

/* A member that is not there: nothing, or in a field list the number 0. */
ALWAYS_INLINE uint8_t *put_absent(enum format format, struct emitter *emitter, uint8_t *at,
                                  const struct emit_step *step, uint32_t *written)
{
    if (!step->kept)
        return at;
    at = put_name(format, emitter, at, step);
    ++*written;
    return at ? put_zero(format, at) : NULL;
}

ALWAYS_INLINE int64_t load_integer(uint8_t code, const uint8_t *member)
{
    switch (code) {
    case FIELD_INT8: return *(const int8_t *)member;
    case FIELD_UINT8: return *member;
    case FIELD_INT16: return *(const int16_t *)member;
    case FIELD_UINT16: return *(const uint16_t *)member;
    case FIELD_INT32: return *(const int32_t *)member;
    case FIELD_UINT32: return *(const uint32_t *)member;
    default: return *(const int64_t *)member;
    }
}

ALWAYS_INLINE uint8_t *step_integer(enum format format, struct emitter *emitter, uint8_t *at,
                                    const struct emit_step *step, const uint8_t *member,
                                    uint32_t *written)
{
    int64_t number = load_integer(step->code, member);
    if (!number && step->optional && !step->kept)
        return at;
    at = put_name(format, emitter, at, step);
    if (!at)
        return NULL;
    ++*written;
    at = put_type(format, at, step->code);
    if (step->code == FIELD_UINT64)
        return is_packed(format) ? msgpack_write_u64(at, (uint64_t)number)
                                 : number_write_u64(at, (uint64_t)number);
    return is_packed(format) ? msgpack_write_i64(at, number) : number_write_i64(at, number);
}

ALWAYS_INLINE uint8_t *step_text(enum format format, struct emitter *emitter, uint8_t *at,
                                 const struct emit_step *step, const char *text, size_t length,
                                 uint32_t *written)
{
    if (!length && step->optional)
        return put_absent(format, emitter, at, step, written);
    at = put_name(format, emitter, at, step);
    ++*written;
    return at ? put_text(format, emitter, at, text, length) : NULL;
}

ALWAYS_INLINE uint8_t *step_record(enum format format, struct emitter *emitter, uint8_t *at,
                                   const struct emit_step *step, const void *inner,
                                   struct view *view, uint32_t *written)
{
    if (!inner)
        return put_absent(format, emitter, at, step, written);
    at = put_name(format, emitter, at, step);
    ++*written;
    return at ? put_record(format, emitter, at, step->field->record, inner, view) : NULL;
}

ALWAYS_INLINE uint8_t *step_walked(enum format format, struct emitter *emitter, uint8_t *at,
                                   const struct emit_step *step, const void *record,
                                   struct view *view, uint32_t *written)
{
    size_t mark = view->scratch_used;
    struct cursor cursor = {0};
    bool more = emit_walk_next(step->field, record, view, &cursor);
    if (!more && step->optional)
        return put_absent(format, emitter, at, step, written);
    at = put_name(format, emitter, at, step);
    ++*written;
    if (at)
        at = put_elements(format, emitter, at, step->field, record, view, &cursor, more);
    view->scratch_used = mark;
    return at;
}

/* Any other row that has one value: computed, or plain and rare. */
ALWAYS_INLINE uint8_t *step_value(enum format format, struct emitter *emitter, uint8_t *at,
                                  const struct emit_step *step, const void *record,
                                  struct view *view, uint32_t *written)
{
    size_t mark = view->scratch_used;
    struct value value;
    record_value(step->field, record, view, &value);
    if (value.absent) {
        at = put_absent(format, emitter, at, step, written);
    } else {
        at = put_name(format, emitter, at, step);
        ++*written;
        if (at)
            at = put_value(format, emitter, at, &value, step->field->record, view);
    }
    view->scratch_used = mark;
    return at;
}

ALWAYS_INLINE uint8_t *put_step(enum format format, struct emitter *emitter, uint8_t *at,
                                const struct emit_step *step, const void *record, struct view *view,
                                uint32_t *written)
{
    const uint8_t *member = (const uint8_t *)record + step->offset;
    if (step->code >= FIELD_INT8 && step->code <= FIELD_UINT64)
        return step_integer(format, emitter, at, step, member, written);
    switch (step->code) {
    case FIELD_STRING: {
        const struct string *string = *(const struct string *const *)member;
        return step_text(format, emitter, at, step, string_text(string), string_length(string),
                         written);
    }
    case FIELD_TEXT: {
        const char *text = *(const char *const *)member;
        return step_text(format, emitter, at, step, text, text ? strlen(text) : 0, written);
    }
    case FIELD_RECORD:
        return step_record(format, emitter, at, step, *(const void *const *)member, view, written);
    case FIELD_INLINE: return step_record(format, emitter, at, step, member, view, written);
    case EMIT_WALKED: return step_walked(format, emitter, at, step, record, view, written);
    default: return step_value(format, emitter, at, step, record, view, written);
    }
}

/* The record a path goes on in, or NULL. */
static const void *enter(const struct field *field, const void *record, struct view *view)
{
    struct value value = {.absent = true};
    if (record)
        record_value(field, record, view, &value);
    return value.absent ? NULL : value.record;
}

ALWAYS_INLINE uint8_t *put_steps(enum format format, struct emitter *emitter, uint8_t *at,
                                 const struct emit_program *program, const void *record,
                                 struct view *view, uint32_t *written)
{
    const void *outer[PATH_STEPS];
    size_t marks[PATH_STEPS];
    unsigned entered = 0;
    for (size_t i = 0; i < program->count && at; i++) {
        const struct emit_step *step = &program->steps[i];
        if (step->code == EMIT_ENTER) {
            outer[entered] = record;
            marks[entered++] = view->scratch_used;
            record = enter(step->field, record, view);
            continue;
        }
        if (step->code == EMIT_LEAVE) {
            record = outer[--entered];
            view->scratch_used = marks[entered];
            continue;
        }
        if (!is_packed(format) && step->hidden && emitter->format == FORMAT_UNDERSCORE)
            continue;
        at = emit_room(emitter->buffer, at, step->room);
        if (!at)
            return NULL;
        at = record && step->code != EMIT_MISSING
                 ? put_step(format, emitter, at, step, record, view, written)
                 : put_absent(format, emitter, at, step, written);
    }
    return at;
}

ALWAYS_INLINE uint8_t *walk(enum format format, struct emitter *emitter, uint8_t *at,
                            const struct emit_program *program, const void *record,
                            struct view *view)
{
    uint32_t written = 0;
    at = emit_room(emitter->buffer, at, ROOM);
    if (!at)
        return NULL;
    if (!record || emitter->depth >= EMIT_DEPTH)
        return put_zero(format, at);
    at = put_type(format, at, FIELD_RECORD);
    size_t head = offset_of(emitter, at);
    if (is_packed(format))
        at = program->complete ? msgpack_write_map(at, program->members)
                               : msgpack_reserve(at, program->members);
    emitter->depth++;
    at = put_steps(format, emitter, at, program, record, view, &written);
    emitter->depth--;
    if (!at)
        return NULL;
    if (!is_packed(format))
        return close_json(format, emitter, at, head, written, '{', '}');
    return program->complete
               ? at
               : msgpack_patch_map(emitter->buffer, at, head, program->members, written);
}

static uint8_t *walk_json(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                          const void *record, struct view *view)
{
    return walk(FORMAT_JSON, emitter, at, program, record, view);
}

static uint8_t *walk_packed(struct emitter *emitter, uint8_t *at,
                            const struct emit_program *program, const void *record,
                            struct view *view)
{
    return walk(FORMAT_MSGPACK, emitter, at, program, record, view);
}

static uint8_t *walk_other(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                           const void *record, struct view *view)
{
    return walk(emitter->format, emitter, at, program, record, view);
}

uint8_t *emit_walk_record(struct emitter *emitter, uint8_t *at, const struct emit_program *program,
                          const void *record, struct view *view)
{
    size_t mark = view->scratch_used;
    if (emitter->format == FORMAT_JSON || emitter->format == FORMAT_UNDERSCORE)
        at = walk_json(emitter, at, program, record, view);
    else if (emitter->format == FORMAT_MSGPACK)
        at = walk_packed(emitter, at, program, record, view);
    else
        at = walk_other(emitter, at, program, record, view);
    view->scratch_used = mark;
    return at;
}

uint8_t *emit_walk_value(struct emitter *emitter, uint8_t *at, const struct value *value,
                         const struct record_type *type, struct view *view)
{
    bool json = emitter->format == FORMAT_JSON || emitter->format == FORMAT_UNDERSCORE;
    return json ? put_value(FORMAT_JSON, emitter, at, value, type, view)
                : put_value(emitter->format, emitter, at, value, type, view);
}

uint8_t *emit_walk_field(struct emitter *emitter, uint8_t *at, const struct field *field,
                         const void *record, struct view *view)
{
    bool json = emitter->format == FORMAT_JSON || emitter->format == FORMAT_UNDERSCORE;
    size_t mark = view->scratch_used;
    if (field->next) {
        struct cursor cursor = {0};
        bool more = emit_walk_next(field, record, view, &cursor);
        at = put_elements(json ? FORMAT_JSON : emitter->format, emitter, at, field, record, view,
                          &cursor, more);
    } else {
        struct value value;
        record_value(field, record, view, &value);
        at = emit_walk_value(emitter, at, &value, field->record, view);
    }
    view->scratch_used = mark;
    return at;
}

uint8_t *emit_walk_key(struct emitter *emitter, uint8_t *at, enum field_type map,
                       const struct value *key)
{
    return put_key(emitter->format, emitter, at, map, key);
}

uint8_t *emit_walk_type(const struct emitter *emitter, uint8_t *at, enum field_type type)
{
    return put_type(emitter->format, at, type);
}

static const uint8_t type_ids[FIELD_MAP_DOUBLE + 1] = {
    [FIELD_STRING] = 0,      [FIELD_TEXT] = 0,        [FIELD_INT8] = 1,     [FIELD_UINT8] = 2,
    [FIELD_INT16] = 3,       [FIELD_UINT16] = 4,      [FIELD_INT32] = 5,    [FIELD_UINT32] = 6,
    [FIELD_INT64] = 7,       [FIELD_UINT64] = 8,      [FIELD_FLOAT] = 9,    [FIELD_DOUBLE] = 10,
    [FIELD_BOOLEAN] = 2,     [FIELD_MAC] = 11,        [FIELD_UUID] = 12,    [FIELD_KEY] = 0,
    [FIELD_BYTES] = 0,       [FIELD_POINT] = 13,      [FIELD_SERIES] = 13,  [FIELD_RECORD] = 14,
    [FIELD_INLINE] = 14,     [FIELD_LIST] = 13,       [FIELD_MAP_INT] = 15, [FIELD_MAP_MAC] = 16,
    [FIELD_MAP_STRING] = 17, [FIELD_MAP_DOUBLE] = 18,
};
