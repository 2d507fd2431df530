/* Who is whose client: one link for each device and BSSID, in the lists of both. */
#ifndef NORN_PHY_DOT11_LINK_H
#define NORN_PHY_DOT11_LINK_H

#include "track/store.h"

/* The link of a client with a BSSID, made when new and moved to the front of the client's list;
 * `ap` (may be NULL) is the device of that BSSID. NULL without memory. */
struct dot11_link *dot11_link_get(struct store *store, struct dot11_device *client,
                                  struct macaddr bssid, struct dot11_device *ap, uint64_t time);

/* Drops every link of a device that goes: its own, and its clients' to it. */
void dot11_link_free_all(struct store *store, struct dot11_device *station);

#endif
