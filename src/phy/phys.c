/* Which radio families there are. See phys.h. */
#include "phy/phys.h"

#include <errno.h>
#include <stdlib.h>

static const struct phy_type *const phy_types[PHYS];

static bool takes(const struct phy_type *type, uint16_t link_type)
{
    for (const uint16_t *at = type->takes; *at; at++)
        if (*at == link_type)
            return true;
    return false;
}

int phys_init(struct phys *phys, struct store *store, const struct phy_setup *setup)
{
    *phys = (struct phys){{NULL}};
    for (size_t i = 0; i < PHYS; i++) {
        const struct phy_type *type = phy_types[i];
        struct phy *phy = calloc(1, type->size);
        if (!phy)
            return -ENOMEM;
        phy->type = type;
        phy->store = store;
        phy->number = store_add_phy(store, type->name, type->free_part);
        phys->phys[i] = phy;
        int error = type->init ? type->init(phy, setup) : 0;
        if (error)
            return error;
    }
    return 0;
}

void phys_done(struct phys *phys)
{
    for (size_t i = 0; i < PHYS; i++) {
        struct phy *phy = phys->phys[i];
        if (phy && phy->type->done)
            phy->type->done(phy);
        free(phy);
    }
}

bool phys_take(uint16_t link_type)
{
    for (size_t i = 0; i < PHYS; i++)
        if (takes(phy_types[i], link_type))
            return true;
    return false;
}

void phys_dissect(const struct phys *phys, const struct frame *frame, bool check_fcs,
                  bool fingerprint, struct radio *radio, struct packet *packet)
{
    packet->verdict = PACKET_UNSUPPORTED;
    for (size_t i = 0; i < PHYS && packet->verdict == PACKET_UNSUPPORTED; i++) {
        if (!takes(phy_types[i], frame->link_type))
            continue;
        packet->phy = phys->phys[i];
        phy_types[i]->dissect(frame, check_fcs, fingerprint, radio, packet);
    }
}

static const struct phy_type *const phy_types[PHYS] = {
    &dot11_phy_type,
    &bluetooth_phy_type,
    &btle_phy_type,
};
