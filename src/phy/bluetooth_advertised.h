/* What a Bluetooth device says of itself, kept with it: names, services with their data, company,
 * class, power. For both Bluetooth phys. Input: advertising data, or single facts of events and
 * reports. Under the write lock. */
#ifndef NORN_PHY_BLUETOOTH_ADVERTISED_H
#define NORN_PHY_BLUETOOTH_ADVERTISED_H

#include "dissect/btle_ad.h"
#include "schema/bluetooth_fields.h"
#include "track/store.h"

/* Takes everything over that advertising data says; a whole name becomes the device's. */
void bluetooth_advertised_take(struct store *store, struct device *device,
                               struct bluetooth_advertised *advertised, const struct btle_ad *ad);

/* Takes a name over: bytes off the air. A shortened one is the device's while it has no other. */
void bluetooth_advertised_name(struct store *store, struct device *device,
                               struct bluetooth_advertised *advertised, const uint8_t *name,
                               size_t length, bool is_short);

/* The service of that UUID, made when it is new and moved to the front; NULL without memory. */
struct bluetooth_service *bluetooth_advertised_service(struct store *store,
                                                       struct bluetooth_advertised *advertised,
                                                       struct uuid uuid);

/* Makes *bytes hold these; they stay what they were without memory. */
void bluetooth_advertised_set_bytes(struct store *store, struct bluetooth_bytes **bytes,
                                    const uint8_t *data, size_t length);

/* Gives such bytes back; NULL is fine. */
void bluetooth_advertised_free_bytes(struct store *store, struct bluetooth_bytes *bytes);

/* Takes the class of device over. */
void bluetooth_advertised_class(struct bluetooth_advertised *advertised, uint32_t device_class);

/* Frees what hangs on it. */
void bluetooth_advertised_done(struct store *store, struct bluetooth_advertised *advertised);

#endif
