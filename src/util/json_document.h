/* JSON in: the library (jansson) with memory that is taken beforehand. Version 2.14 does not look
 * whether its buffer for a text could grow, and reads past it where memory is short. RFC 8259. */
#ifndef NORN_UTIL_JSON_DOCUMENT_H
#define NORN_UTIL_JSON_DOCUMENT_H

#include <stddef.h>

#include <jansson.h>

struct json_document {
    json_t *root;
    void *memory; /* that all of it lies in */
};

/* Reads a text that holds at most `values` values; `flags` are those of json_loadb(). 0; -EINVAL
 * with the reason; -ENOMEM. End with json_document_done(), after errors too; what json_ functions
 * give of the root is gone then, and nothing of it needs json_decref(). */
int json_document_load(struct json_document *ret_document, const char *text, size_t length,
                       size_t flags, size_t values, json_error_t *ret_reason);

void json_document_done(struct json_document *document);

#endif
