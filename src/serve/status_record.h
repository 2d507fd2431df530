/* Parts of the status record that /system and the event bus both tell. Input: clocks and counters.
 * Output: members of a struct status_record. */
#ifndef NORN_SERVE_STATUS_RECORD_H
#define NORN_SERVE_STATUS_RECORD_H

#include "schema/status_fields.h"
#include "serve/monitor.h"

/* The server's clock. */
void status_record_fill_clock(struct status_record *status);

/* What the server, its websockets and its tables count; not the store, which has a lock. */
void status_record_fill_counts(const struct monitor *monitor, struct status_record *status);

#endif
