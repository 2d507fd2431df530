/* The list of alerts by pages: found, sorted, cut to a page. Input: form or query variables
 * (search, sort, sort_dir, page, length or size) and a field list. Output: an array, or with `page`
 * the dictionary {data, last_page, last_row, total_row}. */
#ifndef NORN_SERVE_ALERT_VIEW_H
#define NORN_SERVE_ALERT_VIEW_H

#include <stdint.h>

#include "schema/alert_fields.h"

struct request;

/* Answers with what the request wants of these alerts, which it may put into another order. */
void alert_view_reply(struct request *request, struct alert_record *alerts, uint32_t count);

#endif
