/* The table of all alerts there are, as Markdown: from the rows of their owners. */
#ifndef NORN_SERVE_ALERT_DOC_H
#define NORN_SERVE_ALERT_DOC_H

#include "util/buffer.h"

void alert_doc_print(struct buffer *buffer);

#endif
