/* Where devices were heard: of each packet that has a place, what of it is kept. Filters: fixes
 * that cannot be (location_is_sane()) and signals weaker than the option wants. A device that was
 * heard without a place costs nothing. All under the write lock. */
#ifndef NORN_TRACK_DEVICE_LOCATION_H
#define NORN_TRACK_DEVICE_LOCATION_H

#include "track/device.h"

/* Adds the place of a packet that has one to its device: to one that did not send it only while
 * nothing better is known. */
void device_location_hear(struct store *store, struct device *device,
                          const struct device_packet *packet);

/* Adds the place of a packet that has one to a summary, made when there is none yet. */
void device_location_add(struct store *store, struct location_summary **summary,
                         const struct device_packet *packet);

/* Gives back what a device keeps of its places. */
void device_location_free(struct store *store, struct device *device);

#endif
