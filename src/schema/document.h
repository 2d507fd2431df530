/* Documents whose members are not those of a record: each call writes one member or one container
 * through an emitter. Containers that are begun are ended by the caller, in order. */
#ifndef NORN_SCHEMA_DOCUMENT_H
#define NORN_SCHEMA_DOCUMENT_H

#include "schema/emit.h"

/* A member that is a map. */
void document_begin(struct emitter *emitter, const char *name);
void document_end(struct emitter *emitter);

/* A member that is a list; its elements are begun by document_item() and ended as maps are. */
void document_list(struct emitter *emitter, const char *name);
void document_item(struct emitter *emitter);
void document_list_end(struct emitter *emitter);

/* Members that are one value. */
void document_text(struct emitter *emitter, const char *name, const char *text);
void document_number(struct emitter *emitter, const char *name, uint64_t number);
void document_true(struct emitter *emitter, const char *name);

/* A member that is a map of one text: {"type": "string"}. */
void document_map(struct emitter *emitter, const char *name, const char *key, const char *text);

/* A text that a buffer holds; it is emptied. A buffer that failed fails the document. */
void document_buffer(struct emitter *emitter, const char *name, struct buffer *text);

/* A list of texts, NULL-ended. */
void document_texts(struct emitter *emitter, const char *name, const char *const *texts);

#endif
