/* The way of a request from its first line to its handler: target, host, route, limits, login,
 * body, command. Input: what a transport read. Output: request->reply. */
#ifndef NORN_SERVE_DISPATCH_H
#define NORN_SERVE_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/http/exchange.h"

/* Prepares the shared part; release with dispatch_done(). 0 or -errno. */
int dispatch_init(struct service *service);

/* Stops the workers: whatever waits is resumed and cut. */
void dispatch_stop(struct service *service);
void dispatch_done(struct service *service);

/* The headers are in. `content_length` is what the client announced, 0 when it did not. A reply
 * may stand already: then the body is only drained. True when the reply must go out at once. */
bool dispatch_begin(struct request *request, const char *method, const char *target,
                    uint64_t content_length);

/* More of the body. 0, or -EFBIG when the connection must be cut. */
int dispatch_body(struct request *request, const void *bytes, size_t length);

/* The body is complete, or a suspended request was resumed. True when the reply stands; false when
 * the request was suspended. */
bool dispatch_run(struct request *request);

/* True when reads need no login for this request. */
bool dispatch_reads_open(const struct request *request);

/* Replies 404, with the path that was meant where one can tell. */
void dispatch_refuse_path(struct request *request);

#endif
