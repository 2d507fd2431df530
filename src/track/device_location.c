/* From a packet's place to the device's. See device_location.h. */
#include "track/device_location.h"

#include "schema/location_cloud.h"

static int signal_of(const struct device_packet *packet)
{
    return packet->signal_kind == SIGNAL_DBM ? packet->signal : 0;
}

/* Whether the packet's place is one to keep. */
static bool is_wanted(const struct store *store, const struct device_packet *packet)
{
    int least = store->limits.location_signal, signal = signal_of(packet);
    if (least && (!signal || signal < least))
        return false;
    return location_is_sane(packet->location);
}

/* Adds a wanted place to a summary, made when there is none; true when it counts for the mean. */
static bool add(struct store *store, struct location_summary **summary,
                const struct device_packet *packet)
{
    if (!*summary)
        *summary = pool_new(&store->pool, sizeof **summary);
    return *summary && location_summary_add(*summary, packet->location,
                                            packet->has_radio ? signal_of(packet) : 0);
}

void device_location_add(struct store *store, struct location_summary **summary,
                         const struct device_packet *packet)
{
    if (is_wanted(store, packet))
        add(store, summary, packet);
}

static void add_to_cloud(struct store *store, struct device *device,
                         const struct device_packet *packet)
{
    const struct location *location = packet->location;
    struct location_sample sample = {
        .point = location->point,
        .altitude = (float)location->altitude,
        .speed = (float)location->speed,
        .heading = (float)location->heading,
        .signal = packet->has_radio ? signal_of(packet) : 0,
        .seconds = (uint32_t)location->seconds,
        .frequency = packet->frequency,
    };
    if (!device->cloud)
        device->cloud = pool_new(&store->pool, sizeof *device->cloud);
    if (device->cloud)
        location_cloud_add(device->cloud, &store->pool, &sample);
}

/* Stronger than wherever it was heard before? What it sent before we had a place does not count. */
static void look_for_peak(struct store *store, struct device *device,
                          const struct device_packet *packet)
{
    bool counts = packet->has_radio && packet->signal && packet->signal_kind == device->signal.kind;
    if (!counts || (device->peak && packet->signal <= device->peak_signal))
        return;
    if (!device->peak)
        device->peak = pool_new(&store->pool, sizeof *device->peak);
    if (!device->peak)
        return;
    *device->peak = *packet->location;
    device->peak_signal = packet->signal;
}

void device_location_hear(struct store *store, struct device *device,
                          const struct device_packet *packet)
{
    if (!is_wanted(store, packet) || (!packet->has_radio && device->location))
        return;
    if (add(store, &device->location, packet) && store->limits.clouds)
        add_to_cloud(store, device, packet);
    look_for_peak(store, device, packet);
}

void device_location_free(struct store *store, struct device *device)
{
    if (device->cloud)
        location_cloud_done(device->cloud, &store->pool);
    pool_free(&store->pool, device->cloud, sizeof *device->cloud);
    pool_free(&store->pool, device->location, sizeof *device->location);
    pool_free(&store->pool, device->peak, sizeof *device->peak);
}
