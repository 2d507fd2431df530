/* Answers about data sources: one or many, as records of today or of 2016, and finding the source
 * that a request means. Input: copies of the capture's status. Output: replies. */
#ifndef NORN_SERVE_SOURCE_REPLY_H
#define NORN_SERVE_SOURCE_REPLY_H

#include "capture/capture.h"
#include "serve/monitor.h"
#include "serve/http/reply.h"

/* Answers with every source for which `wanted` (NULL: all) is true. */
void source_reply_list(struct request *request, const struct record_type *type,
                       bool (*wanted)(const struct source_status *status));

/* Answers with one source's record. */
void source_reply_one(struct request *request, uint16_t number);

/* The source of that UUID, as text. False when a reply was made instead: 400 when it is no UUID,
 * `unknown` (404 for a path, 400 for a command of 2016) when no source has it. */
bool source_reply_find(struct request *request, const char *text, size_t length, int unknown,
                       uint16_t *ret_number);

/* Defines a source and waits until it is open. False when a reply was made instead: 400 with the
 * reason. Blocks for seconds: on a worker only. */
bool source_reply_add(struct request *request, const char *definition, uint16_t *ret_number);

/* True when the source is open, or was and has been read to its end; else 400 was replied with the
 * reason why it cannot be opened. */
bool source_reply_opened(struct request *request, uint16_t number);

/* Replies 400 (404 for -ENOENT) with the capture's own sentence, which is freed. */
void source_reply_refuse(struct request *request, int error, struct buffer *why);

#endif
