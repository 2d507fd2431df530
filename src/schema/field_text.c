/* Types of rows in words, from the rows themselves. Output: pretty JSON, the fields' page and
 * docs/fields.md. See field_text.h. */
#include "schema/field_text.h"

static const char *const scalar_names[FIELD_MAP_DOUBLE + 1];

/* Name of what a list or map holds, or of a record. */
static void add_inner(enum field_type type, const struct record_type *record, struct buffer *buffer)
{
    bool is_record = type == FIELD_RECORD || type == FIELD_INLINE;
    buffer_add_text(buffer, is_record && record ? record->name : scalar_names[type]);
}

void field_text_add_type(const struct field *field, struct buffer *buffer)
{
    if (field->type == FIELD_RECORD || field->type == FIELD_INLINE)
        buffer_add_text(buffer, "record ");
    if (field->type < FIELD_LIST) {
        add_inner(field->type, field->record, buffer);
        return;
    }
    buffer_add_text(buffer, scalar_names[field->type]);
    if (field->element == FIELD_LIST && field->record) /* walked by the first row of its type */
        field_text_add_type(&field->record->fields[0], buffer);
    else
        add_inner(field->element, field->record, buffer);
    buffer_add_byte(buffer, ']');
}

static const char *const scalar_names[FIELD_MAP_DOUBLE + 1] = {
    [FIELD_STRING] = "string",
    [FIELD_TEXT] = "string",
    [FIELD_INT8] = "int8",
    [FIELD_UINT8] = "uint8",
    [FIELD_INT16] = "int16",
    [FIELD_UINT16] = "uint16",
    [FIELD_INT32] = "int32",
    [FIELD_UINT32] = "uint32",
    [FIELD_INT64] = "int64",
    [FIELD_UINT64] = "uint64",
    [FIELD_BOOLEAN] = "boolean",
    [FIELD_FLOAT] = "float",
    [FIELD_DOUBLE] = "double",
    [FIELD_MAC] = "mac",
    [FIELD_UUID] = "uuid",
    [FIELD_KEY] = "device key",
    [FIELD_BYTES] = "bytes",
    [FIELD_POINT] = "vector[longitude, latitude]",
    [FIELD_SERIES] = "vector[double]",
    [FIELD_RECORD] = "record",
    [FIELD_INLINE] = "record",
    [FIELD_LIST] = "vector[",
    [FIELD_MAP_STRING] = "map[string, ",
    [FIELD_MAP_MAC] = "map[mac, ",
    [FIELD_MAP_INT] = "map[int, ",
    [FIELD_MAP_DOUBLE] = "map[double, ",
};
