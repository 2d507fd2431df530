/* Use of channels and frequencies, counted per packet and per second. Under the write lock. */
#ifndef NORN_TRACK_CHANNEL_H
#define NORN_TRACK_CHANNEL_H

#include "track/device.h"

/* Counts a packet on a frequency (kHz, 0 unknown) and a channel name ("" unknown). */
void channel_hear(struct store *store, uint32_t frequency, const char *name,
                  const struct device_packet *packet);

/* Counts the devices active on each channel in the last 30 s, as of the store's clock. */
void channel_count_devices(struct store *store);

/* Frees all channels. */
void channel_done(struct store *store);

#endif
