/* The registry of radio families, and the family of each link type. */
#ifndef NORN_PHY_PHYS_H
#define NORN_PHY_PHYS_H

#include "phy/phy.h"

enum { PHYS = 1 };

/* The phys of one store. */
struct phys {
    struct phy *phys[PHYS];
};

/* Adds every phy to the store, in the registry's order. 0 or -ENOMEM. */
int phys_init(struct phys *phys, struct store *store, const struct phy_setup *setup);
void phys_done(struct phys *phys);

/* The phy that takes a link type, or NULL. */
struct phy *phys_find(const struct phys *phys, uint16_t link_type);

/* The same without a store: whether there is one. */
bool phys_take(uint16_t link_type);

extern const struct phy_type dot11_phy_type;

#endif
