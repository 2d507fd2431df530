/* The Bluetooth phy of basic rate, which hops too fast to be heard from outside: from what an
 * adapter tells its host, or a sensor reports, to the records of the devices it is about. Core
 * Specification Vol 4, Part E. */
#include "phy/phys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dissect/linktype.h"
#include "phy/bluetooth_advertised.h"
#include "schema/bluetooth_class.h"
#include "track/device.h"
#include "util/hash.h"
#include "util/text.h"

enum {
    LINKS = 64,         /* connections whose handles are known; the oldest gives way */
    BAND_KHZ = 2400000, /* of devices that hop all over it, as clients know it */
    TEXT_BYTES = 1024,  /* of a report's text or data */
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

static void dissect_report(const struct frame *frame, struct radio *radio, struct packet *packet)
{
    struct report report;
    enum malformed reason;
    packet->bluetooth.is_report = true;
    if (report_open(frame->data, frame->length, &report, &reason) != 0) {
        packet->verdict = PACKET_MALFORMED;
        return;
    }
    int result = bluetooth_report_parse(&report, &packet->bluetooth.report);
    packet->verdict = result == 0             ? PACKET_GOOD
                      : result == -EOPNOTSUPP ? PACKET_UNSUPPORTED
                                              : PACKET_MALFORMED;
    if (result != 0 || !packet->bluetooth.report.signal)
        return;
    radio->signal_kind = RADIO_SIGNAL_DBM;
    radio->signal = packet->bluetooth.report.signal;
}

/* What tells of low energy is left to its phy. */
static void dissect(const struct frame *frame, bool check_fcs, bool fingerprint,
                    struct radio *radio, struct packet *packet)
{
    struct hci_frame *hci = &packet->bluetooth.hci;
    radio_clear(radio);
    if (frame->link_type == FRAME_REPORT) {
        dissect_report(frame, radio, packet);
        return;
    }
    packet->bluetooth.is_report = false;
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

/* A text of a report in a buffer of this size, cut there. */
static bool read_text(struct report_value value, uint8_t room[TEXT_BYTES], size_t *ret_length)
{
    struct buffer text = {.data = room, .capacity = TEXT_BYTES, .ceiling = TEXT_BYTES};
    bool whole = report_text(value, &text);
    *ret_length = text.length;
    return whole || text.failed;
}

/* Hex as bytes; false where it is something else, or nothing. */
static bool read_hex(struct report_value value, uint8_t room[TEXT_BYTES], size_t *ret_length)
{
    struct reader reader = reader_over(value.bytes, value.length);
    size_t length = 0;
    if (value.type != REPORT_TEXT || value.length / 2 > TEXT_BYTES)
        return false;
    while (reader_left(&reader)) {
        int high = text_hex_digit((char)reader_u8(&reader));
        int low = text_hex_digit((char)reader_u8(&reader));
        if (high < 0 || low < 0)
            return false;
        room[length++] = (uint8_t)(high << 4 | low);
    }
    *ret_length = length;
    return length > 0;
}

/* Scan data is advertising data, where it can be read as that. */
static void take_scan_data(struct work *work, struct device *device, struct report_value value)
{
    struct bluetooth_device *part = device->bluetooth;
    uint8_t room[TEXT_BYTES];
    size_t length;
    struct btle_ad ad;
    if (!read_hex(value, room, &length))
        return;
    bluetooth_advertised_set_bytes(work->store, &part->scan_data, room, length);
    btle_ad_parse(room, (uint32_t)length, &ad);
    if (!ad.malformed)
        bluetooth_advertised_take(work->store, device, &part->advertised, &ad);
}

static void take_service_data(struct work *work, struct device *device, struct report_value map)
{
    struct report_value key, value;
    uint8_t room[TEXT_BYTES];
    size_t length;
    struct uuid uuid;
    for (uint32_t offset = 0; report_next(map, &offset, &key, &value);) {
        if (uuid_parse((const char *)key.bytes, key.length, &uuid) != 0 ||
            !read_hex(value, room, &length))
            continue;
        struct bluetooth_service *service =
            bluetooth_advertised_service(work->store, &device->bluetooth->advertised, uuid);
        if (!service)
            return;
        service->is_offered = 1;
        bluetooth_advertised_set_bytes(work->store, &service->data, room, length);
    }
}

static void take_kind(struct work *work, struct device *device,
                      const struct bluetooth_report *report)
{
    static const char *const words[] = {"BR/EDR", "BTLE", "BTLE"};
    uint8_t room[TEXT_BYTES];
    size_t length;
    if (report->kind < sizeof words / sizeof *words) {
        device->bluetooth->kind = report->kind;
        intern_set(&work->store->strings, &device->type, words[report->kind],
                   strlen(words[report->kind]));
    }
    if (read_text(report->device_type, room, &length) && length)
        intern_set_printable(&work->store->strings, &device->type, room, length);
}

static void apply_report(struct work *work, const struct packet *packet)
{
    const struct bluetooth_report *report = &packet->bluetooth.report;
    struct device *device = get(work, report->mac);
    uint8_t room[TEXT_BYTES];
    size_t length;
    hear(work, device, true, false);
    if (!device)
        return;
    struct bluetooth_device *part = device->bluetooth;
    take_kind(work, device, report);
    take_scan_data(work, device, report->scan_data);
    take_service_data(work, device, report->service_data);
    if (read_text(report->name, room, &length))
        bluetooth_advertised_name(work->store, device, &part->advertised, room, length, false);
    if (report->has_power) {
        part->advertised.power = (int8_t)report->power;
        part->advertised.present |= BLUETOOTH_HAS_POWER;
    }
    if (report->has_path_loss)
        part->path_loss = report->path_loss;
}

static void apply_hci(struct work *work, const struct hci_frame *hci)
{
    switch (hci->kind) {
    case HCI_SIGHTINGS: apply_sightings(work, hci); break;
    case HCI_ADAPTER: apply_adapter(work, hci); break;
    case HCI_PEER: apply_peer(work, hci); break;
    case HCI_LINK:
    case HCI_CLOSED:
    case HCI_DATA: apply_link(work, hci); break;
    default: break;
    }
}

static void apply(struct phy *phy, const struct packet *packet)
{
    const struct bluetooth_packet *bluetooth = &packet->bluetooth;
    struct work work = {.phy = (struct bluetooth_phy *)phy, .store = phy->store};
    work.common = packet->told;
    work.common.server_now = phy->store->server_now;
    work.common.frequency = BAND_KHZ;
    if (bluetooth->is_report) {
        apply_report(&work, packet);
        return;
    }
    phy->store->phys[phy->number].packets_data += bluetooth->hci.kind == HCI_DATA;
    apply_hci(&work, &bluetooth->hci);
}

static const uint16_t link_types[] = {LINKTYPE_BLUETOOTH_HCI, LINKTYPE_BLUETOOTH_HCI_PHDR,
                                      LINKTYPE_BLUETOOTH_MONITOR, FRAME_REPORT, 0};

const struct phy_type bluetooth_phy_type = {
    .name = "Bluetooth",
    .takes = link_types,
    .size = sizeof(struct bluetooth_phy),
    .free_part = free_part,
    .dissect = dissect,
    .apply = apply,
};
