/* Use of channels and frequencies, counted per packet and per second. Under the write lock. */
#ifndef NORN_TRACK_CHANNEL_H
#define NORN_TRACK_CHANNEL_H

#include "track/device.h"

/* The record of a frequency (kHz) or of a channel name, made when it is new; it stays where it is
 * until channel_done(). NULL for 0, for "", and when there are too many. */
struct channel_record *channel_at_frequency(struct store *store, uint32_t frequency);
struct channel_record *channel_named(struct store *store, const char *name);

/* Counts a packet; a NULL record is fine. */
void channel_hear(struct channel_record *record, const struct device_packet *packet);

/* Counts the devices active on each channel in the last 30 s, as of the store's clock, a part of
 * them at each call so that nobody waits for the lock meanwhile: true as long as there are more,
 * which begin at `slab` (0 for the first call, and again after the last). */
bool channel_count_devices(struct store *store, uint32_t *slab);

/* Frees all channels. */
void channel_done(struct store *store);

#endif
