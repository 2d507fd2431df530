/* Networks of a station: advertised, answered, probed for. See dot11_network.h. */
#include "phy/dot11_network.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "dissect/dot11_channel.h"
#include "dissect/dot11_crypt.h"
#include "phy/dot11_security.h"
#include "track/device_location.h"
#include "track/device_news.h"
#include "track/ssid_group.h"
#include "util/hash.h"
#include "util/prefetch.h"
#include "util/text.h"

static void set_text(struct store *store, const struct string **slot, const char *text)
{
    intern_set(&store->strings, slot, text, strlen(text));
}

static void take_wps(struct store *store, struct dot11_wps_record *record,
                     const struct dot11_wps *wps)
{
    uint8_t hex[32];
    struct buffer uuid = {.data = hex, .capacity = sizeof hex, .ceiling = sizeof hex};
    record->version = wps->version2 ? wps->version2 : wps->version;
    record->state = wps->state;
    record->config_methods = wps->config_methods;
    intern_set_printable(&store->strings, &record->manufacturer, wps->manufacturer.bytes,
                         wps->manufacturer.length);
    intern_set_printable(&store->strings, &record->device_name, wps->device_name.bytes,
                         wps->device_name.length);
    intern_set_printable(&store->strings, &record->model_name, wps->model_name.bytes,
                         wps->model_name.length);
    intern_set_printable(&store->strings, &record->model_number, wps->model_number.bytes,
                         wps->model_number.length);
    intern_set_printable(&store->strings, &record->serial_number, wps->serial_number.bytes,
                         wps->serial_number.length);
    if (wps->uuid.length == 16)
        text_add_hex(&uuid, wps->uuid.bytes, 16);
    intern_set(&store->strings, &record->uuid, (const char *)hex, uuid.length);
}

static void free_wps(struct store *store, struct dot11_wps_record *record)
{
    intern_unref(&store->strings, record->manufacturer);
    intern_unref(&store->strings, record->device_name);
    intern_unref(&store->strings, record->model_name);
    intern_unref(&store->strings, record->model_number);
    intern_unref(&store->strings, record->serial_number);
    intern_unref(&store->strings, record->uuid);
}

static void free_ssid(struct store *store, struct dot11_ssid *ssid)
{
    ssid_group_leave(&ssid->member);
    const struct string *const strings[] = {ssid->ssid,    ssid->channel,      ssid->ht_mode,
                                            ssid->crypt,   ssid->country,      ssid->rsn_group,
                                            ssid->rsn_akm, ssid->wpa_group,    ssid->rsn_pairwise,
                                            ssid->wpa_akm, ssid->wpa_pairwise, ssid->standard};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        intern_unref(&store->strings, strings[i]);
    if (ssid->extra) {
        free_wps(store, &ssid->extra->wps);
        intern_unref(&store->strings, ssid->extra->owe_ssid);
        intern_unref(&store->strings, ssid->extra->mesh_id);
        intern_unref(&store->strings, ssid->extra->beacon_info);
        pool_free(&store->pool, ssid->extra, sizeof *ssid->extra);
    }
    pool_free(&store->pool, ssid->location, sizeof *ssid->location);
    pool_free(&store->pool, ssid, prefetch_lines(sizeof *ssid));
}

static void free_probe(struct store *store, struct dot11_probe *probe)
{
    ssid_group_leave(&probe->member);
    intern_unref(&store->strings, probe->ssid);
    intern_unref(&store->strings, probe->crypt);
    if (probe->wps)
        free_wps(store, probe->wps);
    pool_free(&store->pool, probe->wps, sizeof *probe->wps);
    pool_free(&store->pool, probe, sizeof *probe);
}

void dot11_network_free_all(struct store *store, struct dot11_device *station)
{
    while (station->advertised) {
        struct dot11_ssid *ssid = station->advertised;
        station->advertised = ssid->next;
        free_ssid(store, ssid);
    }
    while (station->responded) {
        struct dot11_ssid *ssid = station->responded;
        station->responded = ssid->next;
        free_ssid(store, ssid);
    }
    if (station->told_name) {
        intern_unref(&store->strings, station->told_name->ssid);
        pool_free(&store->pool, station->told_name, sizeof *station->told_name);
    }
    while (station->probed) {
        struct dot11_probe *probe = station->probed;
        station->probed = probe->next;
        free_probe(store, probe);
    }
    if (station->abilities) {
        intern_unref(&store->strings, station->abilities->supported_channels);
        intern_unref(&store->strings, station->abilities->extended);
        pool_free(&store->pool, station->abilities, sizeof *station->abilities);
    }
}

/* The longest unheard of a list goes when it is full. */
static void drop_oldest_ssid(struct store *store, struct dot11_device *ap, struct dot11_ssid **list,
                             uint16_t *count)
{
    struct dot11_ssid **oldest = list;
    for (struct dot11_ssid **at = list; *at; at = &(*at)->next)
        if ((*at)->last_time < (*oldest)->last_time)
            oldest = at;
    struct dot11_ssid *ssid = *oldest;
    *oldest = ssid->next;
    (*count)--;
    if (ap->last_beaconed == ssid)
        ap->last_beaconed = NULL;
    free_ssid(store, ssid);
}

static bool hides_name(const struct dot11_elements *elements)
{
    return elements->has_ssid && elements->ssid_hidden;
}

/* The network of these elements in a list, made when it is new. NULL without memory. */
static struct dot11_ssid *get_ssid(struct store *store, struct dot11_device *ap, bool response,
                                   const struct dot11_elements *elements, uint64_t time)
{
    struct dot11_ssid **list = response ? &ap->responded : &ap->advertised;
    uint16_t *count = response ? &ap->responded_count : &ap->advertised_count;
    uint64_t hash = hash_bytes(0, elements->ssid, elements->ssid_length);
    for (struct dot11_ssid *at = *list; at; at = at->next)
        if (at->air_hash == hash)
            return at;
    if (*count >= store->limits.ssids)
        drop_oldest_ssid(store, ap, list, count);
    struct dot11_ssid *ssid = pool_new(&store->pool, prefetch_lines(sizeof *ssid));
    if (!ssid)
        return NULL;
    ssid->air_hash = ssid->hash = hash;
    ssid->first_time = time;
    ssid->ssid_length = elements->ssid_length;
    if (!hides_name(elements))
        intern_set_printable(&store->strings, &ssid->ssid, elements->ssid, elements->ssid_length);
    ssid->next = *list;
    *list = ssid;
    (*count)++;
    return ssid;
}

static const char *width_mode(const struct dot11_elements *elements)
{
    switch (elements->width) {
    case DOT11_WIDTH_20: return elements->ht.has_operation || elements->he.has_6ghz ? "HT20" : "";
    case DOT11_WIDTH_40:
        return elements->ht.secondary_offset < 0   ? "HT40-"
               : elements->ht.secondary_offset > 0 ? "HT40+"
                                                   : "HT40";
    case DOT11_WIDTH_80: return "HT80";
    case DOT11_WIDTH_160: return "HT160";
    case DOT11_WIDTH_80_80: return "HT80+80";
    case DOT11_WIDTH_320: return "EHT320";
    case DOT11_WIDTH_UNKNOWN: break;
    }
    return "";
}

static const char *standard_of(const struct dot11_elements *elements, uint32_t frequency)
{
    if (elements->eht.has_capabilities)
        return "802.11be";
    if (elements->he.has_capabilities)
        return "802.11ax";
    if (elements->vht.has_capabilities)
        return "802.11ac";
    if (elements->ht.has_capabilities)
        return "802.11n";
    if (!elements->rate_count)
        return "";
    if (elements->channel > 14 || frequency > 4000000)
        return "802.11a";
    return elements->max_rate > 22 ? "802.11g" : "802.11b";
}

static uint16_t primary_channel(const struct dot11_elements *elements)
{
    if (elements->channel)
        return elements->channel;
    if (elements->he.has_6ghz)
        return elements->he.primary_channel_6ghz;
    return elements->ht.has_operation ? elements->ht.primary_channel : 0;
}

static uint32_t center_mhz(uint8_t channel, const struct dot11_elements *elements)
{
    enum radio_band band = elements->he.has_6ghz ? RADIO_BAND_6GHZ : RADIO_BAND_5GHZ;
    return channel ? dot11_channel_to_frequency(channel, band) / 1000 : 0;
}

/* The newest generation that speaks of its segments knows the whole width. */
static void set_centers(struct dot11_ssid *ssid, const struct dot11_elements *elements)
{
    uint8_t first = elements->vht.center_0, second = elements->vht.center_1;
    if (elements->eht.has_information) {
        first = elements->eht.center_0;
        second = elements->eht.center_1;
    } else if (elements->he.has_6ghz) {
        first = elements->he.center_0;
        second = elements->he.center_1;
    }
    ssid->center_1 = center_mhz(first, elements);
    ssid->center_2 = center_mhz(second, elements);
}

static void take_channel(struct store *store, struct dot11_ssid *ssid,
                         const struct dot11_elements *elements)
{
    char text[8] = "";
    uint16_t channel = primary_channel(elements);
    if (channel)
        snprintf(text, sizeof text, "%u", channel);
    set_text(store, &ssid->channel, text);
    set_text(store, &ssid->ht_mode, width_mode(elements));
    set_centers(ssid, elements);
}

/* True when the elements hold something that only the extra part has room for. */
static bool has_extra(const struct dot11_elements *elements)
{
    return elements->wps.present || elements->has_owe_transition || elements->mesh.has_id ||
           elements->triplet_count || elements->ccx_name.length || elements->has_ccx_power ||
           elements->cisco_mfp || elements->has_tpc;
}

static void take_ranges(struct dot11_ssid_extra *extra, const struct dot11_elements *elements)
{
    extra->range_count = 0;
    for (uint8_t i = 0; i < elements->triplet_count && extra->range_count < DOT11_RANGES_MAX; i++) {
        const struct dot11_triplet *triplet = &elements->triplets[i];
        if (triplet->first_channel >= 201)
            continue; /* an operating class, not a range */
        extra->ranges[extra->range_count++] =
            (struct dot11_range_record){.first_channel = triplet->first_channel,
                                        .channel_count = triplet->channel_count,
                                        .max_power = triplet->max_power_dbm};
    }
}

static void take_extra(struct store *store, struct dot11_ssid *ssid,
                       const struct dot11_elements *elements)
{
    if (!ssid->extra && has_extra(elements))
        ssid->extra = pool_new(&store->pool, sizeof *ssid->extra);
    struct dot11_ssid_extra *extra = ssid->extra;
    if (!extra)
        return;
    take_ranges(extra, elements);
    extra->ccx_power = elements->has_ccx_power ? (uint8_t)elements->ccx_power_dbm : 0;
    extra->cisco_mfp = elements->cisco_mfp;
    extra->power = elements->has_tpc ? (uint8_t)elements->tpc_power_dbm : 0;
    intern_set_printable(&store->strings, &extra->beacon_info, elements->ccx_name.bytes,
                         elements->ccx_name.length);
    if (elements->wps.present) {
        extra->has_wps = 1;
        take_wps(store, &extra->wps, &elements->wps);
    }
    if (elements->has_owe_transition) {
        extra->has_owe = 1;
        extra->owe_bssid = elements->owe_bssid;
        intern_set_printable(&store->strings, &extra->owe_ssid, elements->owe_ssid.bytes,
                             elements->owe_ssid.length);
    }
    if (elements->mesh.has_id) {
        extra->has_mesh = 1;
        extra->mesh_gateway = elements->mesh.gateway;
        extra->mesh_peerings = elements->mesh.peerings;
        extra->mesh_forwarding = elements->mesh.forwarding;
        intern_set_printable(&store->strings, &extra->mesh_id, elements->mesh.id.bytes,
                             elements->mesh.id.length);
    }
}

/* Takes over everything the elements say of a network. */
static void take_elements(struct store *store, struct dot11_ssid *ssid,
                          const struct dot11_elements *elements,
                          const struct dot11_management *management, uint32_t frequency)
{
    bool privacy = management->capability & DOT11_CAPABILITY_PRIVACY;
    char country[4] = "";
    take_channel(store, ssid, elements);
    dot11_security_take(store, ssid, elements, privacy);
    ssid->max_rate = elements->max_rate_100kbps;
    ssid->beacon_rate =
        management->interval ? (uint32_t)(1000000 / (management->interval * 1024u)) : 0;
    if (management->interval && !ssid->beacon_rate)
        ssid->beacon_rate = 1;
    if (management->interval == 100)
        ssid->beacon_rate = 10; /* 9.8: what everybody calls ten a second */
    ssid->element_checksum = crc32_ieee(management->elements, management->elements_length);
    if (elements->has_country)
        memcpy(country, elements->country, 2);
    intern_set_printable(&store->strings, &ssid->country, (const uint8_t *)country,
                         strlen(country));
    set_text(store, &ssid->standard, standard_of(elements, frequency));
    ssid->mobility = elements->has_mobility;
    ssid->mobility_domain = elements->mobility_domain;
    take_extra(store, ssid, elements);
}

/* Another entry of the same list stands for that SSID already: networks that hide theirs
 * differently may turn out to be one. */
static bool is_listed(const struct dot11_ssid *first, const struct dot11_ssid *ssid)
{
    for (; first; first = first->next)
        if (first->ssid == ssid->ssid && first->member.group && !first->member.group->is_evicted)
            return true;
    return false;
}

/* Keeps the view of SSIDs right for a network that was heard. */
static void list_ssid(struct store *store, const struct dot11_device *ap, struct dot11_ssid *ssid,
                      bool response, const struct device_packet *packet)
{
    if (!ssid->ssid)
        return;
    if (!ssid_group_hear(store, &ssid->member, packet) &&
        !is_listed(response ? ap->responded : ap->advertised, ssid)) {
        struct ssid_sighting sighting = {.ssid = ssid->ssid,
                                         .hash = ssid->hash,
                                         .length = ssid->ssid_length,
                                         .kind = response ? SSID_RESPONDED : SSID_ADVERTISED,
                                         .device = ap->device};
        ssid_group_join(store, &ssid->member, &sighting, packet);
    }
    if (ssid->member.group)
        ssid_group_set_crypt(store, ssid->member.group, ssid->crypt_legacy, ssid->crypt);
}

/* Gives the hidden networks of an access point the name that was told elsewhere; one of those that
 * had none, or NULL. */
static const struct dot11_ssid *reveal(struct store *store, struct dot11_device *ap,
                                       const uint8_t *name, uint8_t length,
                                       const struct device_packet *packet)
{
    const struct dot11_ssid *named = NULL;
    for (struct dot11_ssid *ssid = ap->advertised; ssid; ssid = ssid->next) {
        if (!ssid->cloaked || ssid->ssid)
            continue;
        intern_set_printable(&store->strings, &ssid->ssid, name, length);
        ssid->ssid_length = length;
        ssid->hash = hash_bytes(0, name, length);
        list_ssid(store, ap, ssid, false, packet);
        device_news_add(store, ap->device, STORE_NEWS_ADVERTISED, ssid->hash);
        named = ssid;
    }
    return named;
}

/* Shows what the newest network says in the device itself. */
static void show(struct store *store, struct dot11_device *ap, const struct dot11_ssid *ssid)
{
    struct device *device = ap->device;
    if (ssid->ssid)
        intern_set(&store->strings, &device->name, ssid->ssid->text, ssid->ssid->length);
    if (ssid->channel) {
        intern_set(&store->strings, &device->channel, ssid->channel->text, ssid->channel->length);
        device->flags |= DEVICE_STATED_CHANNEL;
    }
    if (ssid->crypt)
        intern_set(&store->strings, &device->crypt, ssid->crypt->text, ssid->crypt->length);
    device->basic_crypt = 0;
    if (!dot11_crypt_is_open(ssid->crypt_bits))
        device->basic_crypt = DEVICE_CRYPT_ENCRYPTED | DEVICE_CRYPT_LAYER2;
    if (ssid->crypt_bits & 1ull << DOT11_CRYPT_WEP)
        device->basic_crypt |= DEVICE_CRYPT_WEAK;
}

static struct dot11_ssid *find_body(struct dot11_ssid *first, uint64_t body_hash)
{
    for (struct dot11_ssid *at = first; at; at = at->next)
        if (at->body_hash == body_hash)
            return at;
    return NULL;
}

/* What a network's record held before it is taken from its elements again. */
struct before {
    bool is_new, is_named, is_open;
    char channel[sizeof((struct dot11_news *)0)->channel_before];
};

static struct before remember(const struct dot11_ssid *ssid, const struct dot11_elements *elements)
{
    struct before before = {.is_new = !ssid->body_hash};
    before.is_named = !before.is_new && ssid->ssid;
    before.is_open = before.is_new || dot11_crypt_is_open(ssid->crypt_bits);
    /* a channel that follows from HT alone is not what the beacon names */
    if (!before.is_new && (elements->channel || elements->he.has_6ghz))
        snprintf(before.channel, sizeof before.channel, "%s", string_text(ssid->channel));
    return before;
}

static void fill_news(const struct before *before, const struct dot11_ssid *ssid, bool response,
                      struct dot11_news *ret_news)
{
    bool moved = *before->channel && strcmp(before->channel, string_text(ssid->channel)) != 0;
    *ret_news = (struct dot11_news){
        .ssid = ssid,
        .is_named = ssid->ssid && !before->is_named,
        .is_opened = !before->is_open && dot11_crypt_is_open(ssid->crypt_bits),
    };
    if (moved && !response)
        memcpy(ret_news->channel_before, before->channel, sizeof before->channel);
}

/* Beacons hide the name: also of a network that was first heard without any, as in a damaged
 * beacon. */
static void cloak(struct store *store, struct dot11_ssid *ssid)
{
    if (ssid->cloaked)
        return;
    ssid->cloaked = 1;
    ssid_group_leave(&ssid->member);
    intern_unref(&store->strings, ssid->ssid);
    ssid->ssid = NULL;
}

/* A response that gave a name, or NULL. */
static const struct dot11_ssid *named_response(const struct dot11_device *ap)
{
    const struct dot11_ssid *at = ap->responded;
    while (at && !string_length(at->ssid))
        at = at->next;
    return at;
}

/* The name of a hidden network that was told before: in a response, or by who joined. */
static void take_told_name(struct store *store, const struct dot11_device *ap,
                           struct dot11_ssid *ssid)
{
    struct dot11_told_name told = {0};
    const struct dot11_ssid *response = named_response(ap);
    if (response)
        told = (struct dot11_told_name){response->ssid, response->hash, response->ssid_length};
    else if (ap->told_name)
        told = *ap->told_name;
    if (!told.ssid || !ssid->cloaked || ssid->ssid)
        return;
    intern_set(&store->strings, &ssid->ssid, told.ssid->text, told.ssid->length);
    ssid->ssid_length = told.length;
    ssid->hash = told.hash;
}

/* Keeps the name that a client gives a network of which no name was heard yet, nor a beacon. */
static void keep_told_name(struct store *store, struct dot11_device *ap,
                           const struct dot11_elements *elements)
{
    if (ap->advertised || named_response(ap))
        return;
    if (!ap->told_name)
        ap->told_name = pool_new(&store->pool, sizeof *ap->told_name);
    struct dot11_told_name *told = ap->told_name;
    if (!told)
        return;
    intern_set_printable(&store->strings, &told->ssid, elements->ssid, elements->ssid_length);
    told->hash = hash_bytes(0, elements->ssid, elements->ssid_length);
    told->length = elements->ssid_length;
}

/* The network of a beacon or response whose body was not heard before. */
static struct dot11_ssid *parse_network(struct store *store, struct dot11_device *ap,
                                        const struct dot11_frame *frame,
                                        const struct device_packet *packet,
                                        struct dot11_news *ret_news)
{
    struct dot11_elements elements;
    struct dot11_management management;
    bool response = frame->kind == DOT11_PROBE_RESPONSE;
    dot11_management_parse(frame, &management);
    dot11_ie_parse(management.elements, management.elements_length, &elements);
    struct dot11_ssid *ssid = get_ssid(store, ap, response, &elements, packet->time);
    if (!ssid)
        return NULL;
    if (!response && hides_name(&elements))
        cloak(store, ssid);
    struct before before = remember(ssid, &elements);
    if (before.is_new || !elements.is_cut) /* which says less than a whole one before it */
        take_elements(store, ssid, &elements, &management, packet->frequency);
    if (response)
        ap->response_fingerprint = (uint32_t)elements.fingerprint;
    else
        ap->beacon_fingerprint = (uint32_t)elements.fingerprint;
    if (elements.has_ssid && !elements.ssid_hidden)
        reveal(store, ap, elements.ssid, elements.ssid_length, packet);
    take_told_name(store, ap, ssid);
    show(store, ap, ssid);
    fill_news(&before, ssid, response, ret_news);
    if (before.is_new || ret_news->is_named)
        device_news_add(store, ap->device, response ? STORE_NEWS_RESPONSE : STORE_NEWS_ADVERTISED,
                        ssid->hash);
    return ssid;
}

static void count_beacon(struct dot11_ssid *ssid, uint64_t time)
{
    if (ssid->beacon_clock != (uint32_t)time) {
        ssid->beacon_clock = (uint32_t)time;
        ssid->beacons_second = 0;
    }
    ssid->beacons_second++;
}

/* When and where a network was heard. */
static void note(struct store *store, const struct dot11_device *ap, struct dot11_ssid *ssid,
                 bool response, const struct device_packet *packet)
{
    if (packet->time > ssid->last_time || !ssid->member.group)
        list_ssid(store, ap, ssid, response, packet);
    if (packet->time > ssid->last_time)
        ssid->last_time = packet->time;
    if (packet->location)
        device_location_add(store, &ssid->location, packet);
}

const struct dot11_ssid *dot11_network_advertise(struct store *store, struct dot11_device *ap,
                                                 const struct dot11_frame *frame,
                                                 const struct dot11_body *body,
                                                 const struct device_packet *packet,
                                                 struct dot11_news *ret_news)
{
    bool response = frame->kind == DOT11_PROBE_RESPONSE;
    struct dot11_ssid *ssid = ap->last_beaconed;
    ret_news->ssid = NULL;
    ap->bss_timestamp = body->timestamp;
    if (response || !ssid || ssid->body_hash != body->hash)
        ssid = find_body(response ? ap->responded : ap->advertised, body->hash);
    if (!ssid) {
        ssid = parse_network(store, ap, frame, packet, ret_news);
        if (!ssid)
            return NULL;
        ssid->body_hash = body->hash;
    }
    ssid->qbss = body->has_qbss; /* its load may change while the rest stays */
    ssid->qbss_stations = body->qbss_stations;
    ssid->qbss_utilization = body->qbss_utilization;
    note(store, ap, ssid, response, packet);
    if (response) {
        ssid->probe_response = 1;
        return ssid;
    }
    ssid->beacon = 1;
    count_beacon(ssid, packet->time);
    ap->last_beacon_time = packet->time;
    if (ap->last_beaconed != ssid) {
        ap->last_beaconed = ssid;
        show(store, ap, ssid);
    }
    return ssid;
}

void dot11_network_report(struct store *store, struct dot11_device *ap,
                          const struct dot11_elements *elements, bool is_private,
                          const struct device_packet *packet)
{
    struct dot11_management management = {.capability = is_private ? DOT11_CAPABILITY_PRIVACY : 0};
    struct dot11_ssid *ssid = get_ssid(store, ap, false, elements, packet->time);
    if (!ssid)
        return;
    if (hides_name(elements))
        cloak(store, ssid);
    if (!ssid->body_hash) {
        take_elements(store, ssid, elements, &management, packet->frequency);
        ssid->beacon = 1;
        ap->last_beaconed = ssid;
        show(store, ap, ssid);
        if (!ssid->last_time)
            device_news_add(store, ap->device, STORE_NEWS_ADVERTISED, ssid->hash);
    }
    note(store, ap, ssid, false, packet);
}

/* The probe record of a name, made when new; the longest unheard goes when there are too many. */
static struct dot11_probe *get_probe(struct store *store, struct dot11_device *client,
                                     const struct dot11_elements *elements, uint64_t time)
{
    uint64_t hash = hash_bytes(0, elements->ssid, elements->ssid_length);
    struct dot11_probe **oldest = &client->probed;
    for (struct dot11_probe **at = &client->probed; *at; at = &(*at)->next) {
        if ((*at)->hash == hash)
            return *at;
        if ((*at)->last_time < (*oldest)->last_time)
            oldest = at;
    }
    if (client->probed_count >= store->limits.probes) {
        struct dot11_probe *gone = *oldest;
        *oldest = gone->next;
        client->probed_count--;
        if (client->last_probed == gone)
            client->last_probed = NULL;
        free_probe(store, gone);
    }
    struct dot11_probe *probe = pool_new(&store->pool, sizeof *probe);
    if (!probe)
        return NULL;
    probe->hash = hash;
    probe->first_time = time;
    probe->ssid_length = elements->ssid_length;
    intern_set_printable(&store->strings, &probe->ssid, elements->ssid, elements->ssid_length);
    probe->next = client->probed;
    client->probed = probe;
    client->probed_count++;
    return probe;
}

static void set_abilities(struct store *store, struct dot11_device *client,
                          const struct dot11_elements *elements)
{
    char text[256];
    struct buffer buffer = {
        .data = (uint8_t *)text, .capacity = sizeof text, .ceiling = sizeof text};
    struct dot11_abilities *abilities = client->abilities;
    if (!elements->has_power_capability && !elements->has_rm_capabilities &&
        !elements->supported_channels.length)
        return;
    if (!abilities)
        abilities = client->abilities = pool_new(&store->pool, sizeof *abilities);
    if (!abilities)
        return;
    abilities->min_power = (uint8_t)elements->min_power_dbm;
    abilities->max_power = (uint8_t)elements->max_power_dbm;
    abilities->link_measurement = elements->rm_capabilities[0] & 1;
    abilities->neighbor_report = elements->rm_capabilities[0] >> 1 & 1;
    struct reader ranges =
        reader_over(elements->supported_channels.bytes, elements->supported_channels.length);
    while (reader_left(&ranges) >= 2) {
        unsigned first = reader_u8(&ranges), count = reader_u8(&ranges);
        buffer_printf(&buffer, "%s%u+%u", buffer.length ? "," : "", first, count);
    }
    intern_set(&store->strings, &abilities->supported_channels, text, buffer.length);
}

/* The probe record of a request that has to be parsed. */
static struct dot11_probe *parse_probe(struct store *store, struct dot11_device *client,
                                       const struct dot11_management *management, uint64_t time)
{
    struct dot11_elements elements;
    dot11_ie_parse(management->elements, management->elements_length, &elements);
    client->probe_fingerprint = (uint32_t)elements.fingerprint;
    struct dot11_probe *probe = get_probe(store, client, &elements, time);
    if (!probe)
        return NULL;
    dot11_security_take_probe(store, probe, &elements);
    if (!elements.wps.present)
        return probe;
    if (!probe->wps)
        probe->wps = pool_new(&store->pool, sizeof *probe->wps);
    if (probe->wps)
        take_wps(store, probe->wps, &elements.wps);
    if (elements.wps.device_name.length)
        intern_set_printable(&store->strings, &client->device->name, elements.wps.device_name.bytes,
                             elements.wps.device_name.length);
    return probe;
}

static void list_probe(struct store *store, const struct dot11_device *client,
                       struct dot11_probe *probe, const struct device_packet *packet)
{
    if (!probe->ssid || ssid_group_hear(store, &probe->member, packet))
        return;
    struct ssid_sighting sighting = {.ssid = probe->ssid,
                                     .hash = probe->hash,
                                     .length = probe->ssid_length,
                                     .kind = SSID_PROBED,
                                     .device = client->device};
    ssid_group_join(store, &probe->member, &sighting, packet);
}

struct dot11_probe *dot11_network_seek_probe(const struct dot11_device *client, uint64_t body_hash,
                                             unsigned most)
{
    struct dot11_probe *probe = client->last_probed;
    if (probe && probe->body_hash == body_hash)
        return probe;
    for (probe = client->probed; most && probe && probe->body_hash != body_hash; most--)
        probe = probe->next;
    return probe;
}

const struct dot11_probe *dot11_network_probe(struct store *store, struct dot11_device *client,
                                              const struct dot11_frame *frame,
                                              const struct dot11_management *management,
                                              uint64_t body_hash,
                                              const struct device_packet *packet)
{
    bool is_new = false;
    struct dot11_probe *probe = dot11_network_seek_probe(client, body_hash, UINT_MAX);
    if (!probe) {
        probe = parse_probe(store, client, management, packet->time);
        if (!probe)
            return NULL;
        is_new = !probe->body_hash;
        probe->body_hash = body_hash;
        if (is_new)
            device_news_add(store, client->device, STORE_NEWS_PROBED, probe->hash);
    }
    client->last_probed = probe;
    probe->bssid = macaddr_is_group(frame->bssid) ? (struct macaddr){{0}} : frame->bssid;
    if (packet->time > probe->last_time || !probe->member.group)
        list_probe(store, client, probe, packet);
    if (packet->time > probe->last_time)
        probe->last_time = packet->time;
    return is_new ? probe : NULL;
}

void dot11_network_associate(struct store *store, struct dot11_device *client,
                             struct dot11_device *ap, const struct dot11_management *management,
                             const struct device_packet *packet, struct dot11_news *ret_news)
{
    struct dot11_elements elements;
    *ret_news = (struct dot11_news){0};
    dot11_ie_parse(management->elements, management->elements_length, &elements);
    set_abilities(store, client, &elements);
    if (!ap || !elements.has_ssid || elements.ssid_hidden)
        return;
    keep_told_name(store, ap, &elements);
    ret_news->ssid = reveal(store, ap, elements.ssid, elements.ssid_length, packet);
    ret_news->is_named = ret_news->ssid != NULL;
    if (!ap->device->name && ap->last_beaconed)
        show(store, ap, ap->last_beaconed);
}
