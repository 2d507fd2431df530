/* The Bluetooth phy of basic rate, which hops too fast to be heard from outside: from what an
 * adapter tells its host to the records of the devices it is about. Core Specification Vol 4,
 * Part E. */
#include "phy/phys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dissect/linktype.h"
#include "phy/bluetooth_advertised.h"
#include "schema/bluetooth_class.h"
#include "track/device.h"
#include "util/hash.h"

enum {
    LINKS = 64,         /* connections whose handles are known; the oldest gives way */
    BAND_KHZ = 2400000, /* of devices that hop all over it, as clients know it */
};

/* A connection of an adapter. */
struct link {
    bool is_open;
    uint16_t source, handle;
    struct macaddr peer;
};

struct bluetooth_phy {
    struct phy phy;
    struct link links[LINKS];
    uint32_t link_count;
};

/* The packet at hand, for the functions below. */
struct work {
    struct bluetooth_phy *phy;
    struct store *store;
    struct device_packet common; /* what every device of the packet is told */
};

static void free_part(struct store *store, struct device *device)
{
    struct bluetooth_device *part = device_bluetooth(device);
    if (!part)
        return;
    bluetooth_advertised_done(store, &part->advertised);
    bluetooth_advertised_free_bytes(store, part->scan_data);
    pool_free(&store->pool, part, sizeof *part);
    device->bluetooth = NULL;
}

/* What tells of low energy is left to its phy. */
static void dissect(const struct frame *frame, bool check_fcs, bool fingerprint,
                    struct packet *packet)
{
    struct hci_frame *hci = &packet->bluetooth.hci;
    radio_clear(&packet->radio);
    int result =
        hci_frame_parse(frame->link_type, frame->data, frame->length, frame->original_length, hci);
    packet->verdict = PACKET_UNSUPPORTED;
    if (result == 0 && !hci->is_low_energy)
        packet->verdict = PACKET_GOOD;
    else if (result == -EBADMSG)
        packet->verdict = PACKET_MALFORMED;
}

/* The device of an address, made when it is new; NULL without memory. */
static struct device *get(struct work *work, struct macaddr mac)
{
    struct store *store = work->store;
    if (macaddr_is_zero(mac))
        return NULL;
    struct device *device = device_get(store, work->phy->phy.number, mac, work->common.time, NULL);
    if (!device || device->bluetooth)
        return device;
    device->bluetooth = pool_new(&store->pool, sizeof *device->bluetooth);
    if (!device->bluetooth)
        return NULL;
    device->part = DEVICE_PART_BLUETOOTH;
    device->basic_type = DEVICE_TYPE_PEER;
    device->flags |= DEVICE_OWN_CHANNELS;
    intern_set(&store->strings, &device->type, "BT Device", 9);
    intern_set(&store->strings, &device->channel, "FHSS", 4);
    return device;
}

static struct device *find(const struct work *work, struct macaddr mac)
{
    return device_find(work->store, work->phy->phy.number, mac);
}

static void hear(struct work *work, struct device *device, bool sent, bool received)
{
    if (!device)
        return;
    work->common.sent = sent;
    work->common.received = received;
    work->common.has_radio = sent;
    device_hear(work->store, device, &work->common);
}

/* The class of device says what kind of thing it is: "BT Headphones". */
static void take_class(struct work *work, struct device *device, uint32_t device_class)
{
    char text[64];
    struct bluetooth_advertised *advertised = &device->bluetooth->advertised;
    bluetooth_advertised_class(advertised, device_class);
    const char *word = bluetooth_class_minor(device_class);
    if (!*word)
        word = bluetooth_class_major(device_class);
    snprintf(text, sizeof text, "BT %s", *word ? word : "Device");
    intern_set(&work->store->strings, &device->type, text, strlen(text));
}

static void take_sighting(struct work *work, struct device *device,
                          const struct hci_sighting *sighting)
{
    struct bluetooth_device *part = device->bluetooth;
    struct btle_ad ad;
    if (sighting->has_class)
        take_class(work, device, sighting->device_class);
    uint32_t hash = (uint32_t)hash_bytes(0, sighting->data, sighting->data_length) | 1;
    if (!sighting->data || hash == part->data_hash)
        return;
    part->data_hash = hash;
    btle_ad_parse(sighting->data, sighting->data_length, &ad);
    bluetooth_advertised_take(work->store, device, &part->advertised, &ad);
}

static void apply_sightings(struct work *work, const struct hci_frame *hci)
{
    struct hci_walk walk = {0};
    struct hci_sighting sighting;
    while (hci_frame_next(hci, &walk, &sighting)) {
        struct device *device = get(work, sighting.mac);
        work->common.signal_kind = sighting.signal ? SIGNAL_DBM : SIGNAL_NONE;
        work->common.signal = sighting.signal;
        hear(work, device, true, false);
        if (device)
            take_sighting(work, device, &sighting);
    }
}

/* The connection of that handle with the packet's adapter, or NULL. */
static struct link *find_link(struct work *work, uint16_t handle)
{
    for (size_t i = 0; i < LINKS; i++) {
        struct link *link = &work->phy->links[i];
        if (link->is_open && link->handle == handle && link->source == work->common.source)
            return link;
    }
    return NULL;
}

static void open_link(struct work *work, const struct hci_frame *hci)
{
    struct bluetooth_phy *phy = work->phy;
    struct link *link = find_link(work, hci->handle);
    if (!link)
        link = &phy->links[phy->link_count++ % LINKS];
    *link = (struct link){.is_open = true,
                          .source = work->common.source,
                          .handle = hci->handle,
                          .peer = hci->address};
}

/* Commands speak of devices that may not be there, and so do events of failure: they make none. */
static void apply_peer(struct work *work, const struct hci_frame *hci)
{
    bool answered = hci->type == HCI_EVENT && !hci->status;
    struct device *device = answered ? get(work, hci->address) : find(work, hci->address);
    hear(work, device, answered, hci->type == HCI_COMMAND);
    if (!device)
        return;
    if (hci->has_class)
        take_class(work, device, hci->device_class);
    if (hci->name)
        bluetooth_advertised_name(work->store, device, &device->bluetooth->advertised, hci->name,
                                  hci->name_length, false);
    if (hci->opens)
        open_link(work, hci);
}

static void apply_link(struct work *work, const struct hci_frame *hci)
{
    struct link *link = find_link(work, hci->handle);
    struct device *device = link ? find(work, link->peer) : NULL;
    bool data = hci->kind == HCI_DATA;
    work->common.kind = data ? DEVICE_PACKET_DATA : DEVICE_PACKET_LLC;
    work->common.data_bytes = data ? hci->data_length : 0;
    hear(work, device, hci->direction == HCI_FROM_CONTROLLER, hci->direction == HCI_TO_CONTROLLER);
    if (device && hci->has_features)
        device->bluetooth->features = hci->features;
    if (link && hci->kind == HCI_CLOSED)
        link->is_open = false;
}

static void apply_adapter(struct work *work, const struct hci_frame *hci)
{
    struct device *device = get(work, hci->address);
    hear(work, device, false, false);
    if (!device)
        return;
    device->bluetooth->is_adapter = 1;
    intern_set(&work->store->strings, &device->type, "BT Adapter", 10);
}

static void apply(struct phy *phy, const struct packet *packet)
{
    const struct hci_frame *hci = &packet->bluetooth.hci;
    struct work work = {.phy = (struct bluetooth_phy *)phy, .store = phy->store};
    work.common = (struct device_packet){
        .time = packet->time_ns / 1000000000,
        .server_now = phy->store->server_now,
        .source = packet->source,
        .kind = DEVICE_PACKET_LLC,
        .frequency = BAND_KHZ,
        .location = packet->location,
    };
    phy->store->phys[phy->number].packets_data += hci->kind == HCI_DATA;
    switch (hci->kind) {
    case HCI_SIGHTINGS: apply_sightings(&work, hci); break;
    case HCI_ADAPTER: apply_adapter(&work, hci); break;
    case HCI_PEER: apply_peer(&work, hci); break;
    case HCI_LINK:
    case HCI_CLOSED:
    case HCI_DATA: apply_link(&work, hci); break;
    default: break;
    }
}

static const uint16_t link_types[] = {LINKTYPE_BLUETOOTH_HCI, LINKTYPE_BLUETOOTH_HCI_PHDR,
                                      LINKTYPE_BLUETOOTH_MONITOR, 0};

const struct phy_type bluetooth_phy_type = {
    .name = "Bluetooth",
    .takes = link_types,
    .size = sizeof(struct bluetooth_phy),
    .free_part = free_part,
    .dissect = dissect,
    .apply = apply,
};
