/* Members and containers of documents. See document.h. Counts are left at 0: documents are JSON,
 * which needs none. */
#include "schema/document.h"

#include <string.h>

void document_begin(struct emitter *emitter, const char *name)
{
    emit_name(emitter, name, strlen(name));
    emit_map_begin(emitter, FIELD_RECORD, 0);
}

void document_end(struct emitter *emitter)
{
    emit_map_end(emitter);
}

void document_list(struct emitter *emitter, const char *name)
{
    emit_name(emitter, name, strlen(name));
    emit_array_begin(emitter, 0);
}

void document_item(struct emitter *emitter)
{
    emit_element(emitter);
    emit_map_begin(emitter, FIELD_RECORD, 0);
}

void document_list_end(struct emitter *emitter)
{
    emit_array_end(emitter);
}

void document_text(struct emitter *emitter, const char *name, const char *text)
{
    emit_name(emitter, name, strlen(name));
    emit_text(emitter, text, strlen(text));
}

void document_number(struct emitter *emitter, const char *name, uint64_t number)
{
    emit_name(emitter, name, strlen(name));
    emit_unsigned(emitter, number);
}

void document_true(struct emitter *emitter, const char *name)
{
    emit_name(emitter, name, strlen(name));
    emit_value(emitter, &(struct value){.type = FIELD_BOOLEAN, .natural = 1});
}

void document_map(struct emitter *emitter, const char *name, const char *key, const char *text)
{
    document_begin(emitter, name);
    document_text(emitter, key, text);
    document_end(emitter);
}

void document_buffer(struct emitter *emitter, const char *name, struct buffer *text)
{
    emit_name(emitter, name, strlen(name));
    emit_text(emitter, (const char *)text->data, text->length);
    emitter->buffer->failed |= text->failed;
    buffer_done(text);
}

void document_texts(struct emitter *emitter, const char *name, const char *const *texts)
{
    document_list(emitter, name);
    for (; *texts; texts++) {
        emit_element(emitter);
        emit_text(emitter, *texts, strlen(*texts));
    }
    document_list_end(emitter);
}
