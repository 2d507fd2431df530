/* The 802.11 phy: from one frame to the records of the stations it concerns. */
#include "phy/phys.h"

#include <errno.h>
#include <string.h>

#include "dissect/dot11_channel.h"
#include "dissect/dot11_management.h"
#include "dissect/fcs.h"
#include "dissect/linktype.h"
#include "phy/dot11_alerts.h"
#include "phy/dot11_handshake.h"
#include "phy/dot11_link.h"
#include "phy/dot11_network.h"
#include "phy/lookahead.h"
#include "track/channel.h"
#include "track/device.h"
#include "util/hash.h"
#include "util/prefetch.h"

enum {
    CHANNEL_BITS = 7, /* of a frequency's hash */
    CHANNEL_CACHE = 1 << CHANNEL_BITS,
    CHANNEL_SLOTS = 4, /* of them, a frequency may be in */
};

/* A frequency's records and channel name, looked up once. */
struct channel_cache {
    uint32_t frequency;
    const struct string *name;
    struct channel_record *at_frequency, *named;
};

struct dot11_phy {
    struct phy phy;
    struct dot11_alerts *alerts; /* NULL: nobody wants to know */
    struct channel_cache channels[CHANNEL_CACHE];
};

/* The packet at hand, for the functions below. */
struct work {
    struct dot11_phy *phy;
    struct store *store;
    const struct packet *packet;
    const struct dot11_body *body;
    const struct dot11_frame *frame; /* NULL of a report */
    const struct channel_cache *channel;
    struct device_packet common; /* what every device of the packet is told */
};

static void free_part(struct store *store, struct device *device)
{
    struct dot11_device *station = device->dot11;
    if (!station)
        return;
    dot11_link_free_all(store, station);
    dot11_network_free_all(store, station);
    dot11_handshake_free_all(store, station);
    dot11_clocks_remove(&store->clocks, station);
    pool_free(&store->pool, station, prefetch_lines(sizeof *station));
    device->dot11 = NULL;
}

/* 64 bits of what was sent: the frame without its FCS, which some radios leave out. */
static uint64_t fingerprint_of(const struct radio *radio)
{
    uint64_t hash = hash_keyed_bytes(radio->frame, radio->frame_length);
    return hash ? hash : 1;
}

static void dissect_report(const struct frame *frame, struct radio *radio, struct packet *packet)
{
    struct dot11_report *facts = &packet->dot11.report;
    struct report report;
    enum malformed reason;
    radio_clear(radio);
    packet->dot11.is_report = true;
    if (report_open(frame->data, frame->length, &report, &reason) != 0) {
        packet->verdict = PACKET_MALFORMED;
        return;
    }
    int result = dot11_report_parse(&report, facts);
    if (result != 0) {
        packet->verdict = result == -EOPNOTSUPP ? PACKET_UNSUPPORTED : PACKET_MALFORMED;
        return;
    }
    packet->verdict = PACKET_GOOD;
    radio->frequency_khz = facts->frequency_khz;
    radio->signal_kind = facts->signal ? RADIO_SIGNAL_DBM : RADIO_SIGNAL_NONE;
    radio->signal = facts->signal;
}

/* The counts that a frame's header alone decides. */
static void describe(const struct dot11_frame *frame, struct device_packet *told)
{
    if (!dot11_frame_has_payload(frame))
        return;
    told->kind = DEVICE_PACKET_DATA;
    told->encrypted = frame->protected_frame;
    told->data_bytes = frame->body_length;
}

static void dissect(const struct frame *frame, bool check_fcs, bool fingerprint,
                    struct radio *radio, struct packet *packet)
{
    struct dot11_packet *dot11 = &packet->dot11;
    if (frame->link_type == FRAME_REPORT) {
        dissect_report(frame, radio, packet);
        return;
    }
    dot11->is_report = false;
    dot11->body.hash = 0;
    int result =
        radio_parse(frame->link_type, frame->data, frame->length, frame->original_length, radio);
    if (result != 0) {
        packet->verdict = result == -EOPNOTSUPP ? PACKET_UNSUPPORTED : PACKET_MALFORMED;
        return;
    }
    if (fcs_check(radio, frame->fcs_length) == FCS_WRONG && check_fcs) {
        packet->verdict = PACKET_BAD_FCS;
        return;
    }
    if (dot11_frame_parse(radio->frame, radio->frame_length, radio->padded, &dot11->frame) != 0) {
        packet->verdict = PACKET_MALFORMED;
        return;
    }
    packet->verdict = PACKET_GOOD;
    dot11->sent = (struct bytes){radio->frame, radio->frame_length};
    describe(&dot11->frame, &packet->told);
    if (fingerprint)
        packet->fingerprint = fingerprint_of(radio);
    if (dot11->frame.kind == DOT11_BEACON || dot11->frame.kind == DOT11_PROBE_RESPONSE)
        dot11_body_parse(&dot11->frame, &dot11->body);
    else if (dot11->frame.kind == DOT11_PROBE_REQUEST)
        dot11->body.hash = hash_bytes(0, dot11->frame.body, dot11->frame.body_length);
}

/* The slot of a frequency: its own, else an empty one, else one that another has to leave. */
static struct channel_cache *channel_slot(struct dot11_phy *phy, uint32_t frequency)
{
    uint32_t home = frequency / 1000 * 0x9e3779b1u >> (32 - CHANNEL_BITS);
    struct channel_cache *slot = &phy->channels[home];
    for (uint32_t i = 1; i < CHANNEL_SLOTS && slot->frequency && slot->frequency != frequency; i++)
        slot = &phy->channels[(home + i) % CHANNEL_CACHE];
    return slot;
}

static const struct channel_cache *find_channel(struct dot11_phy *phy, uint32_t frequency)
{
    char name[DOT11_CHANNEL_TEXT];
    if (!frequency)
        return NULL;
    struct channel_cache *slot = channel_slot(phy, frequency);
    if (slot->frequency == frequency)
        return slot;
    dot11_channel_write(dot11_channel_from_frequency(frequency), frequency, name);
    intern_set(&phy->phy.store->strings, &slot->name, name, strlen(name));
    slot->frequency = frequency;
    slot->at_frequency = channel_at_frequency(phy->phy.store, frequency);
    slot->named = channel_named(phy->phy.store, name);
    return slot;
}

static bool is_station(struct macaddr mac)
{
    return !macaddr_is_group(mac) && !macaddr_is_zero(mac);
}

/* The station of an address, made when it is new; NULL for group addresses. */
static struct dot11_device *get(struct work *work, struct macaddr mac)
{
    struct store *store = work->store;
    if (!is_station(mac))
        return NULL;
    struct device *device = lookahead_get(store, work->packet, mac, work->common.time);
    if (!device)
        return NULL;
    if (!device->dot11) {
        device->dot11 = pool_new(&store->pool, prefetch_lines(sizeof *device->dot11));
        if (!device->dot11)
            return NULL;
        device->dot11->device = device;
        intern_set(&store->strings, &device->type, "Wi-Fi Device", 12);
    }
    return device->dot11;
}

/* The station of an address if it is known already. */
static struct dot11_device *find(struct work *work, struct macaddr mac)
{
    struct device *device =
        is_station(mac) ? lookahead_device(work->store, work->packet, mac) : NULL;
    return device ? device->dot11 : NULL;
}

static void hear(struct work *work, struct dot11_device *station, bool sent, bool received)
{
    if (!station)
        return;
    struct device *device = station->device;
    work->common.sent = sent;
    work->common.received = received;
    work->common.has_radio = sent;
    uint32_t frequency = device->frequency;
    device_hear(work->store, device, &work->common);
    if (work->channel && device->frequency != frequency &&
        !(device->flags & DEVICE_STATED_CHANNEL)) {
        intern_unref(&work->store->strings, device->channel);
        device->channel = intern_again(work->channel->name);
    }
    const struct dot11_frame *frame = work->frame;
    if (!sent || !frame)
        return;
    if (frame->present & DOT11_HAS_SEQUENCE)
        station->last_sequence = frame->sequence;
    station->retries += frame->retry;
    station->fragments += frame->more_fragments || frame->fragment;
    station->data_bytes += work->common.data_bytes;
    station->data_bytes_retry += frame->retry ? work->common.data_bytes : 0;
    if (frame->present & DOT11_HAS_BSSID && !macaddr_is_group(frame->bssid))
        station->last_bssid = frame->bssid;
}

static const char *type_name(uint32_t type)
{
    if (type & DOT11_TYPE_MESH)
        return "Wi-Fi Mesh";
    if (type & DOT11_TYPE_BEACON_AP)
        return type & DOT11_TYPE_WDS ? "Wi-Fi WDS AP" : "Wi-Fi AP";
    if (type & DOT11_TYPE_ADHOC)
        return "Wi-Fi Ad-Hoc";
    if (type & DOT11_TYPE_PROBE_AP)
        return "Wi-Fi AP";
    if (type & DOT11_TYPE_WDS)
        return "Wi-Fi WDS";
    if (type & DOT11_TYPE_CLIENT)
        return "Wi-Fi Client";
    if (type & DOT11_TYPE_INFERRED_WIRELESS)
        return "Wi-Fi AP";
    return type & DOT11_TYPE_WIRED ? "Wi-Fi Bridged" : "Wi-Fi Device";
}

static uint8_t basic_type(uint32_t type)
{
    uint8_t basic = 0;
    if (type & (DOT11_TYPE_BEACON_AP | DOT11_TYPE_PROBE_AP | DOT11_TYPE_INFERRED_WIRELESS))
        basic |= DEVICE_TYPE_AP;
    if (type & DOT11_TYPE_CLIENT)
        basic |= DEVICE_TYPE_CLIENT;
    if (type & DOT11_TYPE_WIRED)
        basic |= DEVICE_TYPE_WIRED;
    if (type & (DOT11_TYPE_ADHOC | DOT11_TYPE_WDS | DOT11_TYPE_MESH))
        basic |= DEVICE_TYPE_PEER;
    return basic;
}

static void add_type(struct work *work, struct dot11_device *station, uint32_t bits)
{
    if (!station || (station->type_set & bits) == bits)
        return;
    const char *name;
    station->type_set |= bits;
    if (station->type_set & DOT11_TYPE_CLIENT)
        station->type_set &= ~(uint32_t)DOT11_TYPE_WIRED; /* it was a client behind another */
    name = type_name(station->type_set);
    station->device->basic_type = basic_type(station->type_set);
    intern_set(&work->store->strings, &station->device->type, name, strlen(name));
    device_set_type(work->store, station->device, station->type_set);
}

static void link_up(struct work *work, struct dot11_device *client, struct dot11_device *ap,
                    enum dot11_link_type type)
{
    const struct dot11_frame *frame = work->frame;
    if (!client || client == ap || !is_station(frame->bssid))
        return;
    struct dot11_link *link =
        dot11_link_get(work->store, client, frame->bssid, ap, work->common.time);
    if (!link)
        return;
    if (type)
        link->type = (uint8_t)type;
    link->data_bytes += work->common.data_bytes;
    link->data_bytes_retry += frame->retry ? work->common.data_bytes : 0;
    link->retries += frame->retry;
    link->fragments += frame->more_fragments || frame->fragment;
}

/* What an alert says of the packet at hand; `about` may be NULL. */
static struct alert_facts facts_of(const struct work *work, const struct dot11_device *about)
{
    const struct dot11_frame *frame = work->frame;
    return (struct alert_facts){
        .time_ns = work->packet->time_ns,
        .phy = &work->store->phys[work->phy->phy.number],
        .device = about ? about->device : NULL,
        .transmitter = frame->bssid,
        .source = frame->source,
        .destination = frame->destination,
        .channel = work->common.channel,
        .frequency = work->common.frequency,
        .location = work->common.location,
        .has_datasource = true,
        .datasource = work->common.source,
    };
}

static void disconnect(struct work *work, struct dot11_device *bss)
{
    bool is_flood = bss && dot11_alerts_count_disconnect(bss, work->packet->time_ns);
    if (!work->phy->alerts)
        return;
    struct alert_facts facts = facts_of(work, bss);
    dot11_alerts_disconnect(work->phy->alerts, &facts, is_flood);
}

static void judge_network(const struct work *work, const struct dot11_device *bss,
                          const struct dot11_news *news)
{
    if (!news->ssid || !work->phy->alerts)
        return;
    struct alert_facts facts = facts_of(work, bss);
    if (work->frame->kind != DOT11_BEACON && work->frame->kind != DOT11_PROBE_RESPONSE)
        facts.source = bss->device->mac; /* a client named it */
    dot11_alerts_network(work->phy->alerts, &facts, news);
}

static void probe(struct work *work, struct dot11_device *sender,
                  const struct dot11_management *management)
{
    if (!sender)
        return;
    const struct dot11_probe *asked = dot11_network_probe(
        work->store, sender, work->frame, management, work->body->hash, &work->common);
    add_type(work, sender, sender->type_set ? 0 : DOT11_TYPE_CLIENT);
    if (!asked || !work->phy->alerts)
        return;
    struct alert_facts facts = facts_of(work, sender);
    dot11_alerts_probe(work->phy->alerts, &facts, asked->ssid);
}

static void associate(struct work *work, struct dot11_device *sender, struct dot11_device *bss,
                      const struct dot11_management *management)
{
    struct dot11_news news;
    if (!sender)
        return;
    dot11_network_associate(work->store, sender, bss, management, &work->common, &news);
    judge_network(work, bss, &news);
    if (bss && management->capability & DOT11_CAPABILITY_PRIVACY)
        dot11_handshake_keep_request(work->store, bss, work->frame, work->packet->dot11.sent,
                                     work->packet->time_ns, work->common.source);
    add_type(work, sender, DOT11_TYPE_CLIENT);
    link_up(work, sender, bss, DOT11_LINK_UNKNOWN);
}

/* A beacon or probe response speaks for its BSSID, whoever sent it: in an ad-hoc network that is
 * any member (IEEE 802.11-2020, 11.1.4). */
static void advertise(struct work *work, struct dot11_device *sender, struct dot11_device *bss)
{
    const struct dot11_body *body = work->body;
    struct dot11_news news;
    bool beacon = work->frame->kind == DOT11_BEACON;
    uint32_t type = beacon ? DOT11_TYPE_BEACON_AP : DOT11_TYPE_PROBE_AP;
    if (beacon && !body->hash && bss == sender) /* cut before it says more */
        add_type(work, bss, type);
    if (!bss || !body->hash)
        return;
    const struct dot11_ssid *ssid =
        dot11_network_advertise(work->store, bss, work->frame, body, &work->common, &news);
    judge_network(work, bss, &news);
    dot11_clocks_set(&work->store->clocks, bss, body->timestamp, work->packet->time_ns / 1000);
    if (news.ssid && body->capability & DOT11_CAPABILITY_PRIVACY)
        dot11_handshake_keep_beacon(work->store, bss, work->frame, work->packet->dot11.sent,
                                    work->packet->time_ns, work->common.source);
    bool mesh = ssid && ssid->extra && ssid->extra->has_mesh;
    if (mesh && !(body->capability & (DOT11_CAPABILITY_ESS | DOT11_CAPABILITY_IBSS)))
        type = DOT11_TYPE_MESH;
    if (body->capability & DOT11_CAPABILITY_IBSS) {
        type = DOT11_TYPE_ADHOC;
        add_type(work, sender, type);
        link_up(work, sender, bss, DOT11_LINK_ADHOC);
    }
    add_type(work, bss, type);
}

static void apply_management(struct work *work)
{
    const struct dot11_frame *frame = work->frame;
    struct dot11_management management;
    struct dot11_device *sender = get(work, frame->transmitter);
    struct dot11_device *receiver = get(work, frame->receiver);
    struct dot11_device *bss = macaddr_equal(frame->bssid, frame->transmitter) ? sender
                               : macaddr_equal(frame->bssid, frame->receiver)  ? receiver
                                                                               : NULL;
    bool advertises = frame->kind == DOT11_BEACON || frame->kind == DOT11_PROBE_RESPONSE;
    if (!bss)
        bss = advertises && work->body->hash ? get(work, frame->bssid) : find(work, frame->bssid);
    hear(work, sender, true, false);
    if (receiver != sender)
        hear(work, receiver, false, true);
    if (bss != sender && bss != receiver)
        hear(work, bss, false, false);
    if (advertises) {
        advertise(work, sender, bss);
        return;
    }
    dot11_management_parse(frame, &management);
    switch (frame->kind) {
    case DOT11_PROBE_REQUEST: probe(work, sender, &management); break;
    case DOT11_ASSOC_REQUEST:
    case DOT11_REASSOC_REQUEST: associate(work, sender, bss, &management); break;
    case DOT11_ASSOC_RESPONSE:
    case DOT11_REASSOC_RESPONSE:
        add_type(work, receiver, DOT11_TYPE_CLIENT);
        link_up(work, receiver, bss, DOT11_LINK_UNKNOWN);
        break;
    case DOT11_AUTH:
        link_up(work, sender == bss ? receiver : sender, bss, DOT11_LINK_UNKNOWN);
        break;
    case DOT11_DEAUTH:
    case DOT11_DISASSOC: disconnect(work, bss); break;
    default: break;
    }
}

static void apply_control(struct work *work)
{
    const struct dot11_frame *frame = work->frame;
    struct dot11_device *sender =
        frame->present & DOT11_HAS_TRANSMITTER ? get(work, frame->transmitter) : NULL;
    struct dot11_device *receiver =
        frame->present & DOT11_HAS_RECEIVER ? find(work, frame->receiver) : NULL;
    hear(work, sender, true, false);
    if (receiver != sender)
        hear(work, receiver, false, true);
}

/* Data straight between stations: both are members of the ad-hoc network; or, with a direct link
 * (TDLS), clients of the access point. */
static void relate_directly(struct work *work, struct dot11_device *sender,
                            struct dot11_device *receiver)
{
    struct dot11_device *const ends[] = {sender, receiver};
    struct dot11_device *bss = find(work, work->frame->bssid);
    bool direct = bss && bss->type_set & DOT11_TYPE_BEACON_AP;
    for (int i = 0; i < (sender == receiver ? 1 : 2); i++) {
        if (ends[i] == bss)
            continue;
        add_type(work, ends[i], direct ? DOT11_TYPE_CLIENT : DOT11_TYPE_ADHOC);
        link_up(work, ends[i], bss, direct ? DOT11_LINK_UNKNOWN : DOT11_LINK_ADHOC);
    }
}

/* Data sent through a distribution system, or straight between stations. */
static void relate(struct work *work, struct dot11_device *sender, struct dot11_device *receiver,
                   struct dot11_device *source, struct dot11_device *destination)
{
    const struct dot11_frame *frame = work->frame;
    if (frame->to_ds && frame->from_ds) {
        uint32_t bit = frame->mesh_control ? DOT11_TYPE_MESH : DOT11_TYPE_WDS;
        add_type(work, sender, bit);
        add_type(work, receiver, bit);
        return;
    }
    if (frame->to_ds) {
        add_type(work, sender, DOT11_TYPE_CLIENT);
        link_up(work, sender, receiver, DOT11_LINK_TO_DS);
        if (destination != receiver)
            link_up(work, destination, receiver, DOT11_LINK_TO_DS);
        return;
    }
    if (frame->from_ds) {
        add_type(work, sender, sender && sender->type_set ? 0 : DOT11_TYPE_INFERRED_WIRELESS);
        add_type(work, receiver, DOT11_TYPE_CLIENT);
        link_up(work, receiver, sender, DOT11_LINK_FROM_DS);
        if (source == sender || !source)
            return;
        bool wireless = source->type_set & (DOT11_TYPE_CLIENT | DOT11_TYPE_BEACON_AP);
        add_type(work, source, wireless ? 0 : DOT11_TYPE_WIRED);
        link_up(work, source, sender, DOT11_LINK_FROM_DS);
        return;
    }
    relate_directly(work, sender, receiver);
}

static void apply_data(struct work *work)
{
    const struct dot11_frame *frame = work->frame;
    struct dot11_device *sender = get(work, frame->transmitter);
    struct dot11_device *receiver = get(work, frame->receiver);
    struct dot11_device *source = sender, *destination = receiver;
    bool named = frame->present & DOT11_HAS_SOURCE && !frame->amsdu;
    if (named && !macaddr_equal(frame->source, frame->transmitter))
        source = get(work, frame->source);
    if (named && !macaddr_equal(frame->destination, frame->receiver))
        destination = get(work, frame->destination);
    hear(work, sender, true, false);
    if (receiver != sender)
        hear(work, receiver, false, true);
    if (source != sender && source != receiver) {
        hear(work, source, false, false);
        if (source)
            source->device->packets_sent++;
    }
    if (destination != receiver && destination != sender && destination != source)
        hear(work, destination, false, true);
    relate(work, sender, receiver, source, destination);
    if (frame->protected_frame || !dot11_frame_has_payload(frame))
        return;
    dot11_handshake_hear(work->store, sender, receiver, frame, work->packet->dot11.sent,
                         work->packet->time_ns, &work->common);
}

static uint32_t ends(const struct packet *packet, struct macaddr ret_ends[PACKET_ENDS])
{
    const struct dot11_frame *frame = &packet->dot11.frame;
    uint32_t count = 0;
    if (packet->dot11.is_report) {
        ret_ends[count++] = packet->dot11.report.bssid;
        return count;
    }
    if (frame->present & DOT11_HAS_TRANSMITTER)
        ret_ends[count++] = frame->transmitter;
    if (!macaddr_is_group(frame->receiver))
        ret_ends[count++] = frame->receiver;
    return count;
}

/* The network of the newest beacon, then its name's group. */
static bool prefetch_network(const struct dot11_ssid *ssid, unsigned step)
{
    if (step == 1)
        prefetch_to_write(ssid, DOT11_SSID_HOT_BYTES);
    else if (ssid)
        prefetch_to_write(ssid->member.group, PREFETCH_LINE);
    return ssid && step == 1;
}

/* The probes of a client from the newest on, a step each, up to that of the request. */
static bool prefetch_probe(const struct dot11_device *client, uint64_t body_hash, unsigned step)
{
    if (step == 1) {
        prefetch_to_write(client->last_probed, DOT11_PROBE_HOT_BYTES);
        prefetch_to_read(client->probed, 1);
        return client->probed;
    }
    const struct dot11_probe *probe = dot11_network_seek_probe(client, body_hash, step - 2);
    if (!probe)
        return false;
    if (probe->body_hash != body_hash) {
        prefetch_to_read(probe->next, 1);
        return probe->next;
    }
    prefetch_to_write(probe, DOT11_PROBE_HOT_BYTES);
    prefetch_to_write(probe->member.group, PREFETCH_LINE);
    return false;
}

/* What the frame says decides which of a station's lists are touched. */
static bool prefetch(const struct packet *packet, const struct device *device, unsigned step)
{
    const struct dot11_device *station = device_dot11(device);
    uint16_t kind = packet->dot11.is_report ? DOT11_BEACON : packet->dot11.frame.kind;
    if (!station)
        return false;
    if (!step) {
        prefetch_to_write(station, DOT11_HOT_BYTES);
        return true;
    }
    if (kind >> 4 == DOT11_TYPE_DATA)
        prefetch_to_write(station->links, sizeof *station->links);
    if (kind == DOT11_BEACON)
        return prefetch_network(station->last_beaconed, step);
    return kind == DOT11_PROBE_REQUEST && prefetch_probe(station, packet->dot11.body.hash, step);
}

/* A transmission that another source heard before: it counted there. What this one adds is how
 * well and where it heard the sender. */
static void apply_again(struct work *work)
{
    const struct dot11_frame *frame = work->frame;
    struct dot11_device *sender =
        frame->present & DOT11_HAS_TRANSMITTER ? find(work, frame->transmitter) : NULL;
    work->common.has_radio = true;
    if (sender)
        device_hear_again(work->store, sender->device, &work->common);
}

static void apply_report(struct work *work, const struct dot11_report *report)
{
    struct dot11_elements elements;
    struct dot11_report_network network;
    uint8_t ssid[DOT11_REPORT_SSID_MAX];
    struct dot11_device *ap = get(work, report->bssid);
    work->channel = find_channel(work->phy, report->frequency_khz);
    hear(work, ap, true, false);
    if (!ap)
        return;
    dot11_report_elements(report, ssid, &elements, &network);
    dot11_network_report(work->store, ap, &elements, network.is_private, &work->common);
    add_type(work, ap, network.is_ibss ? DOT11_TYPE_ADHOC : DOT11_TYPE_BEACON_AP);
}

static void apply(struct phy *phy, const struct packet *packet)
{
    struct phy_record *counts = &phy->store->phys[phy->number];
    const struct dot11_packet *dot11 = &packet->dot11;
    struct work work = {.phy = (struct dot11_phy *)phy,
                        .store = phy->store,
                        .packet = packet,
                        .common = packet->told};
    work.common.server_now = phy->store->server_now;
    if (dot11->is_report) {
        apply_report(&work, &dot11->report);
        return;
    }
    work.body = &dot11->body;
    work.frame = &dot11->frame;
    if (packet->is_repeated) {
        apply_again(&work);
        return;
    }
    counts->packets_data += work.common.kind == DEVICE_PACKET_DATA;
    counts->packets_crypt += work.common.encrypted;
    work.channel = find_channel(work.phy, work.common.frequency);
    if (work.channel) {
        work.common.channel = string_text(work.channel->name);
        channel_hear(work.channel->at_frequency, &work.common);
        channel_hear(work.channel->named, &work.common);
    }
    switch (work.frame->type) {
    case DOT11_TYPE_MANAGEMENT: apply_management(&work); break;
    case DOT11_TYPE_CONTROL: apply_control(&work); break;
    case DOT11_TYPE_DATA: apply_data(&work); break;
    default: break;
    }
}

static void addresses(const struct packet *packet, struct mac_filter_names *ret_names)
{
    const struct dot11_frame *frame = &packet->dot11.frame;
    *ret_names = (struct mac_filter_names){.present = 0};
    if (packet->dot11.is_report)
        return;
    const struct {
        uint8_t bit, role;
        struct macaddr mac;
    } named[] = {
        {DOT11_HAS_SOURCE, MAC_FILTER_SOURCE, frame->source},
        {DOT11_HAS_DESTINATION, MAC_FILTER_DESTINATION, frame->destination},
        {DOT11_HAS_BSSID, MAC_FILTER_NETWORK, frame->bssid},
        {DOT11_HAS_TRANSMITTER, MAC_FILTER_OTHER, frame->transmitter},
        {DOT11_HAS_RECEIVER, MAC_FILTER_ANY, frame->receiver},
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (!(frame->present & named[i].bit))
            continue;
        ret_names->addresses[named[i].role] = named[i].mac;
        ret_names->present |= (uint8_t)(1 << named[i].role);
    }
}

static int init(struct phy *phy, const struct phy_setup *setup)
{
    struct dot11_phy *dot11 = (struct dot11_phy *)phy;
    if (!setup->alert)
        return 0;
    dot11->alerts = dot11_alerts_new(setup->alert, phy->number, setup->options, setup->ret_why);
    return dot11->alerts ? 0 : -ENOMEM;
}

static void done(struct phy *phy)
{
    dot11_alerts_free(((struct dot11_phy *)phy)->alerts);
}

static const uint16_t link_types[] = {LINKTYPE_IEEE802_11,
                                      LINKTYPE_PRISM,
                                      LINKTYPE_RADIOTAP,
                                      LINKTYPE_AVS,
                                      LINKTYPE_PPI,
                                      FRAME_REPORT,
                                      0};

const struct phy_type dot11_phy_type = {
    .name = "IEEE802.11",
    .takes = link_types,
    .size = sizeof(struct dot11_phy),
    .init = init,
    .done = done,
    .free_part = free_part,
    .dissect = dissect,
    .ends = ends,
    .prefetch = prefetch,
    .addresses = addresses,
    .apply = apply,
};
