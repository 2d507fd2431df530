/* Lists of devices: what list_reply.h needs to know of them; keys of devices in requests. */
#ifndef NORN_SERVE_DEVICE_REPLY_H
#define NORN_SERVE_DEVICE_REPLY_H

#include "serve/list/list_reply.h"

/* What is written of a device where the command has no field list. */
enum device_form { DEVICE_FULL, DEVICE_SUMMARY };

/* A plan for this request: every device, bare, in its format. */
struct list_plan device_reply_plan(const struct request *request, enum device_form form);

/* Reads a key. False when 400 was replied instead. */
bool device_reply_parse_key(struct request *request, const char *text, size_t length,
                            struct device_key *ret_key);

/* The placeholder {key} of the request's row; the same. */
bool device_reply_read_key(struct request *request, struct device_key *ret_key);

#endif
