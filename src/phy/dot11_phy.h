/* The 802.11 phy: one frame's facts become the records of the stations it concerns. */
#ifndef NORN_PHY_DOT11_PHY_H
#define NORN_PHY_DOT11_PHY_H

#include "dissect/dot11_body.h"
#include "dissect/dot11_frame.h"
#include "dissect/fcs.h"
#include "dissect/radio.h"
#include "track/device.h"
#include "util/frame.h"

/* One frame as dissected without the store's lock. */
struct dot11_packet {
    struct radio radio;
    struct dot11_frame frame;
    struct dot11_body body; /* beacons and probe responses; of probe requests the hash alone */
    uint64_t time_ns;
    uint16_t source;
    uint8_t verdict; /* enum dot11_verdict */
};

enum dot11_verdict {
    DOT11_GOOD,
    DOT11_BAD_FCS,     /* counts as an error and touches no record */
    DOT11_MALFORMED,   /* no header could be read */
    DOT11_UNSUPPORTED, /* not a link type of this phy */
};

/* The phy's number in the store, and what it remembers between packets. */
struct dot11_phy;

struct dot11_phy *dot11_phy_new(struct store *store);
void dot11_phy_free(struct dot11_phy *phy);

/* Dissects one frame; no lock is needed. `check_fcs` false accepts a wrong checksum. */
void dot11_phy_dissect(const struct frame *frame, bool check_fcs, struct dot11_packet *ret_packet);

/* Gets the memory of a group's stations on its way before the group is applied. */
void dot11_phy_prefetch(const struct dot11_phy *phy, const struct dot11_packet *packets,
                        uint32_t count);

/* Applies a dissected frame under the write lock. `location` may be NULL. */
void dot11_phy_apply(struct dot11_phy *phy, const struct dot11_packet *packet,
                     const struct location *location);

#endif
