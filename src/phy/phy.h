/* What a radio family is to the engine: which link types it takes, how its frames are dissected
 * and applied. One row each in phys.c. */
#ifndef NORN_PHY_PHY_H
#define NORN_PHY_PHY_H

#include "alert/alert.h"
#include "phy/packet.h"
#include "track/mac_filter.h"
#include "track/store.h"

/* A phy of one store: its number there, and what it remembers between packets. */
struct phy {
    const struct phy_type *type;
    struct store *store;
    uint8_t number;
};

/* What the phys are made with. */
struct phy_setup {
    struct alert *alert;           /* where they raise alerts; NULL: nowhere */
    const struct options *options; /* may be NULL */
    struct buffer *ret_why;        /* a line for each fault of the configuration */
};

enum { PHY_PREFETCH_STEPS = 6 /* at most */ };

struct phy_type {
    const char *name;      /* "IEEE802.11"; device keys rest on it */
    const uint16_t *takes; /* link types, 0-ended */
    size_t size;           /* of its own struct, which begins with a struct phy */
    /* Gets ready what it needs beyond its zeroed struct, and frees that; both may be NULL. */
    int (*init)(struct phy *phy, const struct phy_setup *setup);
    void (*done)(struct phy *phy);
    void (*free_part)(struct store *store, struct device *device); /* what it hangs off a device */
    /* Dissects one frame; no lock is needed, nothing is kept. `check_fcs` false accepts a wrong
     * checksum, `fingerprint` asks for the packet's. PACKET_UNSUPPORTED leaves the frame to the
     * next phy that takes its link type. `radio` is filled with how a good one was heard. */
    void (*dissect)(const struct frame *frame, bool check_fcs, bool fingerprint,
                    struct radio *radio, struct packet *packet);
    /* The addresses whose devices a good packet touches, and how many; NULL: they are not looked
     * for ahead. */
    uint32_t (*ends)(const struct packet *packet, struct macaddr ret_ends[PACKET_ENDS]);
    /* Gets on its way what the packet will touch of what was hung off a device: step 0 its part,
     * step 1 what that points to, and so on; each reads what the one before asked for. True when
     * there is a next step. May be NULL. */
    bool (*prefetch)(const struct packet *packet, const struct device *device, unsigned step);
    /* The addresses that a good packet names, by role; NULL: it never names any. */
    void (*addresses)(const struct packet *packet, struct mac_filter_names *ret_names);
    /* Applies a good packet under the write lock. */
    void (*apply)(struct phy *phy, const struct packet *packet);
};

#endif
