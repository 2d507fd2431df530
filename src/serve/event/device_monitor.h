/* Monitors: websockets that are told of each device that changed, every so many seconds. A client
 * asks for one device by key, those of an address or under a mask, or all, in as many requests as
 * it likes; each has a clock of its own. Input: commands of clients, the marks of changes in the
 * store. Output: a record a device. A client that reads slowly gets newer records later, not older
 * ones. */
#ifndef NORN_SERVE_DEVICE_MONITOR_H
#define NORN_SERVE_DEVICE_MONITOR_H

#include "track/query.h"

struct device_monitors;
struct request;

/* What all monitors of one store share. NULL without memory. */
struct device_monitors *device_monitor_new(struct store *store);

/* After the websocket thread has ended. NULL is fine. */
void device_monitor_free(struct device_monitors *monitors);

/* Updates that could not be encoded: out of memory, or too long. Any thread. NULL: none. */
uint64_t device_monitor_lost(const struct device_monitors *monitors);

/* Replies to the request as websocket_accept() does: a monitor of the devices that fit the
 * query. */
void device_monitor_accept(struct request *request, struct device_monitors *monitors,
                           const struct query *within);

#endif
