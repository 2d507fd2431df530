/* The Bluetooth low energy phy: from a packet heard on the air, or from what an adapter tells of
 * one, to the records of the devices it concerns. Core Specification Vol 6, Part B. */
#include "phy/phys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dissect/linktype.h"
#include "phy/bluetooth_advertised.h"
#include "phy/lookahead.h"
#include "schema/btle_fields.h"
#include "track/channel.h"
#include "track/device.h"
#include "track/manufacturer.h"
#include "util/hash.h"

enum { CONNECTIONS = 64 }; /* power of two; the oldest gives way */

/* A connection under way, known by the access address that its packets have. */
struct connection {
    uint32_t access_address; /* 0: none */
    struct macaddr central, peripheral;
};

struct btle_phy {
    struct phy phy;
    const struct string *channels[BTLE_RADIO_CHANNELS]; /* their names */
    struct channel_record *frequencies[BTLE_RADIO_CHANNELS];
    struct connection connections[CONNECTIONS];
    uint32_t connection_count;
};

/* The packet at hand, for the functions below. */
struct work {
    struct btle_phy *phy;
    struct store *store;
    const struct packet *packet;
    struct device_packet common; /* what every device of the packet is told */
};

static void free_part(struct store *store, struct device *device)
{
    struct btle_device *part = device_btle(device);
    if (!part)
        return;
    bluetooth_advertised_done(store, &part->advertised);
    pool_free(&store->pool, part, sizeof *part);
    device->btle = NULL;
}

static void dissect_air(const struct btle_radio *heard, bool check_fcs, bool fingerprint,
                        struct radio *radio, struct packet *packet)
{
    struct btle_frame *facts = &packet->btle.frame;
    packet->btle.is_hci = false;
    packet->btle.channel = heard->channel;
    radio->frequency_khz = heard->frequency_khz;
    radio->signal_kind = heard->signal_kind;
    radio->signal = heard->signal;
    radio->has_noise = heard->has_noise;
    radio->noise = heard->noise;
    int result = btle_frame_parse(heard, facts);
    if (facts->crc == FCS_WRONG && check_fcs)
        packet->verdict = PACKET_BAD_FCS;
    else
        packet->verdict = result == 0 ? PACKET_GOOD : PACKET_MALFORMED;
    if (packet->verdict != PACKET_GOOD)
        return;
    if (facts->kind == BTLE_DATA && facts->data_length) {
        packet->told.kind = DEVICE_PACKET_DATA;
        packet->told.data_bytes = facts->data_length;
    }
    if (!fingerprint)
        return;
    uint64_t hash = hash_keyed_bytes(facts->pdu, facts->pdu_length) ^ facts->access_address;
    packet->fingerprint = hash ? hash : 1;
}

/* What is for the phy of basic rate is left to it. */
static void dissect_hci(const struct frame *frame, struct packet *packet)
{
    struct hci_frame *hci = &packet->btle.hci;
    int result =
        hci_frame_parse(frame->link_type, frame->data, frame->length, frame->original_length, hci);
    packet->btle.is_hci = true;
    packet->btle.channel = BTLE_RADIO_CHANNEL_UNKNOWN;
    packet->verdict = result == 0 && hci->is_low_energy ? PACKET_GOOD : PACKET_UNSUPPORTED;
}

static void dissect(const struct frame *frame, bool check_fcs, bool fingerprint,
                    struct radio *radio, struct packet *packet)
{
    struct btle_radio heard;
    radio_clear(radio);
    int result = btle_radio_parse(frame->link_type, frame->data, frame->length,
                                  frame->original_length, &heard);
    if (result == 0)
        dissect_air(&heard, check_fcs, fingerprint, radio, packet);
    else if (result == -EOPNOTSUPP)
        dissect_hci(frame, packet);
    else
        packet->verdict = PACKET_MALFORMED;
}

/* Sets the kind of a device's address. A random one says nothing of a maker. */
static void set_address(struct store *store, struct device *device, bool is_random)
{
    const char *maker = is_random ? NULL : manufacturer_find(device->mac);
    device->btle->address = (uint8_t)btle_address_of(device->mac, is_random);
    device->flags &= (uint8_t)~DEVICE_LOCAL_ADDRESS;
    device->flags |= is_random ? DEVICE_LOCAL_ADDRESS : 0;
    if (!maker)
        maker = "Unknown";
    intern_set(&store->strings, &device->manufacturer, maker, strlen(maker));
}

/* Makes a device one of this phy. */
static bool begin_device(struct work *work, struct device *device, bool is_random)
{
    struct store *store = work->store;
    device->btle = pool_new(&store->pool, sizeof *device->btle);
    if (!device->btle)
        return false;
    device->part = DEVICE_PART_BTLE;
    device->basic_type = DEVICE_TYPE_PEER;
    device->flags |= DEVICE_OWN_CHANNELS;
    intern_set(&store->strings, &device->type, "BTLE Device", 11);
    set_address(store, device, is_random);
    return true;
}

/* The device of an address, made when it is new; NULL where none is wanted. */
static struct device *get(struct work *work, struct macaddr mac, bool is_random)
{
    struct store *store = work->store;
    if (macaddr_is_zero(mac) || (is_random && store->limits.ignore_random))
        return NULL;
    struct device *device = lookahead_get(store, work->packet, mac, work->common.time);
    if (device && !device->btle && !begin_device(work, device, is_random))
        return NULL;
    return device;
}

static struct device *find(const struct work *work, struct macaddr mac)
{
    return lookahead_device(work->store, work->packet, mac);
}

static const struct string *channel_name(struct work *work)
{
    char text[8];
    if (work->packet->btle.channel >= BTLE_RADIO_CHANNELS)
        return NULL;
    const struct string **name = &work->phy->channels[work->packet->btle.channel];
    if (!*name) {
        snprintf(text, sizeof text, "%u", work->packet->btle.channel);
        intern_set(&work->store->strings, name, text, strlen(text));
    }
    return *name;
}

static void hear(struct work *work, struct device *device, bool sent, bool received)
{
    if (!device)
        return;
    work->common.sent = sent;
    work->common.received = received;
    work->common.has_radio = sent;
    uint32_t frequency = device->frequency;
    device_hear(work->store, device, &work->common);
    const struct string *name = device->frequency != frequency ? channel_name(work) : NULL;
    if (name) {
        intern_unref(&work->store->strings, device->channel);
        device->channel = intern_again(name);
    }
}

/* Advertising data is parsed again only where it differs from the last of its kind. The device's
 * own word on its address stands, whatever others took it for. */
static void advertise(struct work *work, struct device *device, bool is_random, enum btle_kind pdu,
                      const uint8_t *data, size_t length)
{
    struct btle_device *part = device->btle;
    struct btle_ad ad;
    part->last_pdu = btle_frame_kind_name(pdu);
    if (part->address != btle_address_of(device->mac, is_random))
        set_address(work->store, device, is_random);
    uint32_t hash = (uint32_t)hash_bytes(0, data, length) | 1;
    uint32_t *last = pdu == BTLE_SCAN_RSP ? &part->response_hash : &part->data_hash;
    if (!length || *last == hash)
        return;
    *last = hash;
    btle_ad_parse(data, (uint32_t)length, &ad);
    bluetooth_advertised_take(work->store, device, &part->advertised, &ad);
}

static void take_power(struct device *device, int8_t power)
{
    struct bluetooth_advertised *advertised = &device->btle->advertised;
    advertised->power = power;
    advertised->present |= BLUETOOTH_HAS_POWER;
}

static void count_connection(struct device *device)
{
    if (device && device->btle->connections < UINT16_MAX)
        device->btle->connections++;
}

/* Packets of the connection to come name nobody: they are known by its access address. */
static void connect(struct work *work, const struct btle_frame *frame, struct device *central,
                    struct device *peripheral)
{
    struct btle_phy *phy = work->phy;
    count_connection(central);
    count_connection(peripheral);
    if (!frame->has_connection || !frame->connection.access_address)
        return;
    phy->connections[phy->connection_count++ % CONNECTIONS] =
        (struct connection){.access_address = frame->connection.access_address,
                            .central = frame->sender,
                            .peripheral = frame->receiver};
}

static const struct connection *find_connection(const struct btle_phy *phy, uint32_t access_address)
{
    for (uint32_t i = 1; i <= CONNECTIONS; i++) { /* newest first */
        const struct connection *at = &phy->connections[(phy->connection_count - i) % CONNECTIONS];
        if (at->access_address == access_address)
            return at;
    }
    return NULL;
}

/* A packet of a connection, whose ends may have gone meanwhile. */
static void apply_data(struct work *work, const struct btle_frame *frame)
{
    const struct connection *connection = find_connection(work->phy, frame->access_address);
    uint8_t direction = frame->direction;
    if (!connection)
        return;
    hear(work, find(work, connection->central), direction == BTLE_FROM_CENTRAL,
         direction == BTLE_FROM_PERIPHERAL);
    hear(work, find(work, connection->peripheral), direction == BTLE_FROM_PERIPHERAL,
         direction == BTLE_FROM_CENTRAL);
}

static void apply_advertising(struct work *work, const struct btle_frame *frame)
{
    struct phy_record *counts = &work->store->phys[work->phy->phy.number];
    struct device *sender =
        frame->has_sender ? get(work, frame->sender, frame->sender_is_random) : NULL;
    struct device *receiver =
        frame->has_receiver ? get(work, frame->receiver, frame->receiver_is_random) : NULL;
    counts->packets_filtered += frame->sender_is_random && work->store->limits.ignore_random;
    hear(work, sender, true, false);
    if (receiver != sender)
        hear(work, receiver, false, true);
    if (frame->kind == BTLE_CONNECT_IND)
        connect(work, frame, sender, receiver);
    if (!sender || !btle_frame_advertises(frame))
        return;
    advertise(work, sender, frame->sender_is_random, frame->kind, frame->data, frame->data_length);
    if (frame->has_extended && frame->extended.has_power)
        take_power(sender, frame->extended.power);
}

/* Data that comes in parts is read as far as its first part goes. */
static void take_sighting(struct work *work, struct device *device,
                          const struct hci_sighting *sighting)
{
    struct btle_device *part = device->btle;
    if (!part->goes_on)
        advertise(work, device, sighting->is_random, sighting->pdu, sighting->data,
                  sighting->data_length);
    part->goes_on = sighting->goes_on;
    if (sighting->has_power)
        take_power(device, sighting->power);
}

static void apply_sightings(struct work *work, const struct hci_frame *hci)
{
    struct hci_walk walk = {0};
    struct hci_sighting sighting;
    while (hci_frame_next(hci, &walk, &sighting)) {
        struct device *device = get(work, sighting.mac, sighting.is_random);
        work->common.signal_kind = sighting.signal ? SIGNAL_DBM : SIGNAL_NONE;
        work->common.signal = sighting.signal;
        hear(work, device, true, false);
        if (device)
            take_sighting(work, device, &sighting);
    }
}

/* Commands speak of devices that may not be there: they make none. */
static void apply_peer(struct work *work, const struct hci_frame *hci)
{
    bool is_event = hci->type == HCI_EVENT;
    struct device *device = is_event && !hci->status
                                ? get(work, hci->address, hci->address_is_random)
                                : find(work, hci->address);
    hear(work, device, is_event && !hci->status, !is_event);
    if (hci->opens)
        count_connection(device);
}

/* A transmission that another source heard before: it counted there. */
static void apply_again(struct work *work, const struct btle_frame *frame)
{
    struct device *sender = frame->has_sender ? find(work, frame->sender) : NULL;
    work->common.has_radio = true;
    if (sender)
        device_hear_again(work->store, sender, &work->common);
}

static struct channel_record *frequency_of(struct work *work)
{
    struct channel_record **record = &work->phy->frequencies[work->packet->btle.channel];
    if (!*record)
        *record = channel_at_frequency(work->store, work->common.frequency);
    return *record;
}

static void apply_air(struct work *work, const struct btle_frame *frame)
{
    struct phy_record *counts = &work->store->phys[work->phy->phy.number];
    if (work->packet->is_repeated) {
        apply_again(work, frame);
        return;
    }
    counts->packets_data += work->common.kind == DEVICE_PACKET_DATA;
    if (work->packet->btle.channel < BTLE_RADIO_CHANNELS)
        channel_hear(frequency_of(work), &work->common);
    if (frame->kind == BTLE_DATA || frame->kind == BTLE_CONTROL)
        apply_data(work, frame);
    else
        apply_advertising(work, frame);
}

static void apply(struct phy *phy, const struct packet *packet)
{
    const struct btle_packet *btle = &packet->btle;
    struct work work = {.phy = (struct btle_phy *)phy,
                        .store = phy->store,
                        .packet = packet,
                        .common = packet->told};
    work.common.server_now = phy->store->server_now;
    if (!btle->is_hci)
        apply_air(&work, &btle->frame);
    else if (btle->hci.kind == HCI_SIGHTINGS)
        apply_sightings(&work, &btle->hci);
    else if (btle->hci.kind == HCI_PEER)
        apply_peer(&work, &btle->hci);
}

static uint32_t ends(const struct packet *packet, struct macaddr ret_ends[PACKET_ENDS])
{
    const struct btle_packet *btle = &packet->btle;
    if (btle->is_hci || !btle->frame.has_sender)
        return 0;
    ret_ends[0] = btle->frame.sender;
    return 1;
}

static const uint16_t link_types[] = {
    LINKTYPE_BLUETOOTH_LE,  LINKTYPE_BLUETOOTH_LE_PHDR,  LINKTYPE_NORDIC_BLE,        LINKTYPE_PPI,
    LINKTYPE_BLUETOOTH_HCI, LINKTYPE_BLUETOOTH_HCI_PHDR, LINKTYPE_BLUETOOTH_MONITOR, 0};

const struct phy_type btle_phy_type = {
    .name = "BTLE",
    .takes = link_types,
    .size = sizeof(struct btle_phy),
    .free_part = free_part,
    .dissect = dissect,
    .ends = ends,
    .apply = apply,
};
