/* Networks: what beacons, probe responses, probe and association requests say, kept with the
 * device that said it. Input: a parsed frame and its elements. */
#ifndef NORN_PHY_DOT11_NETWORK_H
#define NORN_PHY_DOT11_NETWORK_H

#include "dissect/dot11_body.h"
#include "dissect/dot11_ie.h"
#include "dissect/dot11_management.h"
#include "track/device.h"

/* What a frame told of a network that its record did not hold: what alerts judge. */
struct dot11_news {
    const struct dot11_ssid *ssid; /* NULL: nothing new, and the rest is not set */
    bool is_named;                 /* its name was not known of this access point */
    bool is_opened;                /* it was encrypted and is no more */
    char channel_before[8];        /* that its beacons named, now another; else "" */
};

/* Takes in a beacon or probe response of an access point and gives its network; NULL without
 * memory. The elements are parsed only when the body differs from the one heard before. */
const struct dot11_ssid *dot11_network_advertise(struct store *store, struct dot11_device *ap,
                                                 const struct dot11_frame *frame,
                                                 const struct dot11_body *body,
                                                 const struct device_packet *packet,
                                                 struct dot11_news *ret_news);

/* Takes in what a sensor's report says of an access point's network. What was heard on the air
 * itself says more: then only that it was there counts. */
void dot11_network_report(struct store *store, struct dot11_device *ap,
                          const struct dot11_elements *elements, bool is_private,
                          const struct device_packet *packet);

/* The probe that a request with this body repeats, looked for among at most `most` behind the
 * newest one. Where that is not far enough: the probe it led to; NULL when there is none. */
struct dot11_probe *dot11_network_seek_probe(const struct dot11_device *client, uint64_t body_hash,
                                             unsigned most);

/* Takes in a probe request; one with the body of an earlier one is not parsed again. The record of
 * a network that the client has not asked for before, else NULL. */
const struct dot11_probe *dot11_network_probe(struct store *store, struct dot11_device *client,
                                              const struct dot11_frame *frame,
                                              const struct dot11_management *management,
                                              uint64_t body_hash,
                                              const struct device_packet *packet);

/* Takes in an association or reassociation request: the client's abilities, and the name of a
 * network whose beacons hide it, or will. `ap` may be NULL. */
void dot11_network_associate(struct store *store, struct dot11_device *client,
                             struct dot11_device *ap, const struct dot11_management *management,
                             const struct device_packet *packet, struct dot11_news *ret_news);

/* Frees the networks of a device that goes. */
void dot11_network_free_all(struct store *store, struct dot11_device *station);

#endif
