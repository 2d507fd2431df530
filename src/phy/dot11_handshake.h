/* EAPOL heard in the clear: key messages kept with the access point, identities and Wi-Fi Protected
 * Setup tries with the client (IEEE 802.11-2020, 12.7). */
#ifndef NORN_PHY_DOT11_HANDSHAKE_H
#define NORN_PHY_DOT11_HANDSHAKE_H

#include "dissect/dot11_frame.h"
#include "track/device.h"
#include "util/frame.h"

/* Looks into an unprotected data frame from transmitter to receiver, and finds out which of them is
 * the access point. `frame_bytes` is the 802.11 frame without FCS. Either device may be NULL. */
void dot11_handshake_hear(struct store *store, struct dot11_device *sender,
                          struct dot11_device *receiver, const struct dot11_frame *frame,
                          struct bytes frame_bytes, uint64_t time_ns,
                          const struct device_packet *packet);

/* Keeps a beacon or probe response of an access point that encrypts, to go with its handshakes, if
 * it tells as much of the network as the one that is kept. At most DOT11_KEPT_FRAME_MAX bytes. */
void dot11_handshake_keep_beacon(struct store *store, struct dot11_device *ap,
                                 const struct dot11_frame *frame, struct bytes frame_bytes,
                                 uint64_t time_ns, uint16_t source);

/* Keeps a request to join an access point that encrypts, as long as nothing else gives the name of
 * its network. */
void dot11_handshake_keep_request(struct store *store, struct dot11_device *ap,
                                  const struct dot11_frame *frame, struct bytes frame_bytes,
                                  uint64_t time_ns, uint16_t source);

/* Frees the handshakes, and what goes with them, of a device that goes. */
void dot11_handshake_free_all(struct store *store, struct dot11_device *station);

#endif
