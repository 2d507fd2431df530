/* The registry of radio families, and the family of each link type. */
#ifndef NORN_PHY_PHYS_H
#define NORN_PHY_PHYS_H

#include "phy/phy.h"

enum { PHYS = 3 };

/* The phys of one store. */
struct phys {
    struct phy *phys[PHYS];
};

/* Adds every phy to the store, in the registry's order. 0 or -ENOMEM. */
int phys_init(struct phys *phys, struct store *store, const struct phy_setup *setup);
void phys_done(struct phys *phys);

/* Whether a phy takes the link type. */
bool phys_take(uint16_t link_type);

/* Lets the phys that take the frame's link type dissect it, in order, until one knows what is
 * inside: packet->phy and verdict, which is PACKET_UNSUPPORTED where none does. */
void phys_dissect(const struct phys *phys, const struct frame *frame, bool check_fcs,
                  bool fingerprint, struct radio *radio, struct packet *packet);

extern const struct phy_type dot11_phy_type;
extern const struct phy_type bluetooth_phy_type;
extern const struct phy_type btle_phy_type;

#endif
