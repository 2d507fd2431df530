/* Schemas of records. See field_schema.h. Nothing is said to be required: field lists leave members
 * out and rename them, so a schema says what a member is where it is there. */
#include "schema/field_schema.h"

#include <string.h>

#include "schema/document.h"

/* How a scalar looks in JSON. */
struct look {
    const char *type, *format, *pattern;
};

static const struct look looks[FIELD_BYTES + 1];

/* A type's name where it is referred to: words joined by underscores. */
static void add_name(const struct record_type *type, struct buffer *buffer)
{
    for (const char *at = type->name; *at; at++)
        buffer_add_byte(buffer, *at == ' ' ? '_' : (uint8_t)*at);
}

void field_schema_reference(struct emitter *emitter, const struct record_type *type)
{
    struct buffer place = {0};
    if (!type->count) { /* nothing is known of what will be there one day */
        document_text(emitter, "type", "object");
        return;
    }
    buffer_add_text(&place, "#/components/schemas/");
    add_name(type, &place);
    document_buffer(emitter, "$ref", &place);
}

static void put_scalar(struct emitter *emitter, enum field_type type)
{
    const struct look *look = &looks[type];
    document_text(emitter, "type", look->type);
    if (look->format)
        document_text(emitter, "format", look->format);
    if (look->pattern)
        document_text(emitter, "pattern", look->pattern);
    if (look->format && look->format[0] == 'u')
        document_number(emitter, "minimum", 0);
}

/* Numbers: any count of them, or exactly `count`. */
static void put_numbers(struct emitter *emitter, unsigned count)
{
    document_text(emitter, "type", "array");
    document_begin(emitter, "items");
    document_text(emitter, "type", "number");
    document_end(emitter);
    if (!count)
        return;
    document_number(emitter, "minItems", count);
    document_number(emitter, "maxItems", count);
}

/* The members of the schema of one value that is no list and no map. */
static void put_single(struct emitter *emitter, enum field_type type,
                       const struct record_type *record)
{
    if (type <= FIELD_BYTES)
        put_scalar(emitter, type);
    else if (type == FIELD_POINT || type == FIELD_SERIES)
        put_numbers(emitter, type == FIELD_POINT ? 2 : 0);
    else if (record)
        field_schema_reference(emitter, record);
}

/* Those of a row. */
static void put_row(struct emitter *emitter, const struct field *field)
{
    if (field->type < FIELD_LIST) {
        put_single(emitter, field->type, field->record);
        return;
    }
    bool is_list = field->type == FIELD_LIST;
    const struct field *inner = /* a list of lists is walked by the first row of its type */
        field->element == FIELD_LIST && field->record ? &field->record->fields[0] : NULL;
    document_text(emitter, "type", is_list ? "array" : "object");
    document_begin(emitter, is_list ? "items" : "additionalProperties");
    if (inner) {
        document_text(emitter, "type", "array");
        document_begin(emitter, "items");
        put_single(emitter, inner->element, inner->record);
        document_end(emitter);
    } else {
        put_single(emitter, field->element, field->record);
    }
    document_end(emitter);
}

static void emit_row(struct emitter *emitter, const struct field *field)
{
    document_begin(emitter, field->name);
    put_row(emitter, field);
    if (field->description)
        document_text(emitter, "description", field->description);
    if (field->unit)
        document_text(emitter, "x-norn-unit", field->unit);
    if (field->flags & FIELD_ALIAS) /* an older name: only field lists find it */
        document_true(emitter, "deprecated");
    document_end(emitter);
}

static void emit_type(struct emitter *emitter, const struct record_type *type)
{
    struct buffer name = {0};
    add_name(type, &name);
    const char *text = buffer_string(&name);
    emitter->buffer->failed |= !text;
    if (text)
        document_begin(emitter, text);
    buffer_done(&name);
    if (emitter->buffer->failed)
        return;
    document_text(emitter, "type", "object");
    document_begin(emitter, "properties");
    for (size_t i = 0; i < type->count; i++)
        emit_row(emitter, &type->fields[i]);
    document_end(emitter);
    document_end(emitter);
}

void field_schema_all(struct emitter *emitter)
{
    for (const struct record_type *const *type = record_types; *type; type++)
        emit_type(emitter, *type);
}

static const struct look looks[FIELD_BYTES + 1] = {
    [FIELD_STRING] = {"string", NULL, NULL},
    [FIELD_TEXT] = {"string", NULL, NULL},
    [FIELD_INT8] = {"integer", "int8", NULL},
    [FIELD_UINT8] = {"integer", "uint8", NULL},
    [FIELD_INT16] = {"integer", "int16", NULL},
    [FIELD_UINT16] = {"integer", "uint16", NULL},
    [FIELD_INT32] = {"integer", "int32", NULL},
    [FIELD_UINT32] = {"integer", "uint32", NULL},
    [FIELD_INT64] = {"integer", "int64", NULL},
    [FIELD_UINT64] = {"integer", "uint64", NULL},
    [FIELD_BOOLEAN] = {"boolean", NULL, NULL},
    [FIELD_FLOAT] = {"number", "float", NULL},
    [FIELD_DOUBLE] = {"number", "double", NULL},
    [FIELD_MAC] = {"string", NULL, "^[0-9A-F]{2}(:[0-9A-F]{2}){0,7}(/.*)?$"},
    [FIELD_UUID] = {"string", NULL, "^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$"},
    [FIELD_KEY] = {"string", NULL, "^[0-9A-F]+_[0-9A-F]+$"},
    [FIELD_BYTES] = {"string", NULL, "^([0-9A-F]{2})*$"},
};
