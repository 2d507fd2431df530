/* Slots of the index, then the devices at them, then what hangs off those. See lookahead.h. */
#include "phy/lookahead.h"

#include "track/device.h"
#include "track/index.h"

/* An address that is about to be looked up. */
struct lookup {
    const struct packet *packet;
    struct packet_end *end;
    uint32_t id;
};

void lookahead_note(struct packet *packet)
{
    struct macaddr macs[PACKET_ENDS];
    const struct phy *phy = packet->phy;
    packet->end_count = 0;
    if (packet->verdict != PACKET_GOOD || !phy->type->ends)
        return;
    packet->end_count = phy->type->ends(packet, macs);
    for (uint32_t i = 0; i < packet->end_count; i++)
        packet->ends[i] = (struct packet_end){.hash = index_hash(phy->number, macs[i])};
}

static uint32_t gather(struct lookup *lookups, const struct store *store, struct packet *packet)
{
    for (uint32_t i = 0; i < packet->end_count; i++) {
        index_prefetch(store, packet->ends[i].hash);
        lookups[i] = (struct lookup){.packet = packet, .end = &packet->ends[i]};
    }
    return packet->end_count;
}

/* Those whose devices are there, which are asked of memory; how many. */
static uint32_t find(struct lookup *lookups, uint32_t count, const struct store *store)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        lookups[i].id = index_guess(store, lookups[i].end->hash);
        store_prefetch_device(store, lookups[i].id);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct device *device = store_device(store, lookups[i].id);
        if (!device)
            continue;
        device_prefetch(device);
        lookups[i].end->device = device;
        lookups[found++] = lookups[i];
    }
    return found;
}

/* Takes one step for each; how many have a next one. */
static uint32_t prefetch(struct lookup *lookups, uint32_t count, unsigned step)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct lookup *lookup = &lookups[i];
        const struct phy_type *type = lookup->packet->phy->type;
        if (type->prefetch && type->prefetch(lookup->packet, lookup->end->device, step))
            lookups[kept++] = *lookup;
    }
    return kept;
}

void lookahead_run(const struct store *store, struct packet *packets, uint32_t count)
{
    struct lookup lookups[LOOKAHEAD_PACKETS * PACKET_ENDS];
    uint32_t left = 0;
    for (uint32_t i = 0; i < count && i < LOOKAHEAD_PACKETS; i++)
        left += gather(lookups + left, store, &packets[i]);
    left = find(lookups, left, store);
    for (uint32_t i = 0; i < left; i++)
        device_prefetch_parts(lookups[i].end->device);
    for (unsigned step = 0; left && step < PHY_PREFETCH_STEPS; step++)
        left = prefetch(lookups, left, step);
}

struct device *lookahead_device(const struct store *store, const struct packet *packet,
                                struct macaddr mac)
{
    struct device *device = lookahead_find(packet, mac);
    return device ? device : device_find(store, packet->phy->number, mac);
}

struct device *lookahead_get(struct store *store, const struct packet *packet, struct macaddr mac,
                             uint64_t time)
{
    struct device *device = lookahead_find(packet, mac);
    return device ? device : device_get(store, packet->phy->number, mac, time, NULL);
}
