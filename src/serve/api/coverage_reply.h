/* Answers about coverage: the ledgers of the sources over a window, as records. */
#ifndef NORN_SERVE_COVERAGE_REPLY_H
#define NORN_SERVE_COVERAGE_REPLY_H

#include <stdint.h>

struct request;

/* All sources, and what they make together. Reads `window` and `channel` from the request. */
void coverage_reply_all(struct request *request);

/* One source. */
void coverage_reply_one(struct request *request, uint16_t number);

#endif
