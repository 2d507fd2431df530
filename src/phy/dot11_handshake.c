/* Key messages, identities and Wi-Fi Protected Setup tries. See dot11_handshake.h. */
#include "phy/dot11_handshake.h"

#include <string.h>

#include "dissect/dot11_data.h"
#include "dissect/dot11_eapol.h"
#include "dissect/dot11_management.h"
#include "dissect/linktype.h"
#include "track/device_news.h"
#include "util/bytes.h"
#include "util/text.h"

enum {
    DOT11_MESSAGES = 4,
    EAP_RESPONSE = 2,
    WPS_M3 = 7,
    SSID_ELEMENT = 0,
    WPS_RUN_SECONDS = 300, /* tries further apart than this start a new run */
};

static size_t key_bytes(const struct dot11_key_record *key)
{
    return sizeof *key + key->frame.length;
}

static void free_frame(struct store *store, struct dot11_kept_frame **frame)
{
    if (*frame)
        pool_free(&store->pool, *frame, sizeof **frame + (*frame)->length);
    *frame = NULL;
}

static void free_keys(struct store *store, struct dot11_handshake *handshake)
{
    while (handshake->keys) {
        struct dot11_key_record *key = handshake->keys;
        handshake->keys = key->next;
        pool_free(&store->pool, key, key_bytes(key));
    }
    handshake->count = 0;
}

void dot11_handshake_free_all(struct store *store, struct dot11_device *station)
{
    while (station->handshakes) {
        struct dot11_handshake *handshake = station->handshakes;
        station->handshakes = handshake->next;
        free_keys(store, handshake);
        pool_free(&store->pool, handshake, sizeof *handshake);
    }
    station->handshake_count = 0;
    free_frame(store, &station->beacon);
    free_frame(store, &station->request);
}

/* The handshake with a client, moved to the front; the one unused longest makes room. */
static struct dot11_handshake *get(struct store *store, struct dot11_device *ap,
                                   struct macaddr client)
{
    struct dot11_handshake **at = &ap->handshakes, *handshake;
    while (*at && !macaddr_equal((*at)->client, client) && (*at)->next)
        at = &(*at)->next;
    handshake = *at;
    if (handshake &&
        (macaddr_equal(handshake->client, client) || ap->handshake_count >= DOT11_HANDSHAKES_MAX)) {
        *at = handshake->next;
        if (!macaddr_equal(handshake->client, client))
            free_keys(store, handshake);
    } else {
        handshake = pool_new(&store->pool, sizeof *handshake);
        if (!handshake)
            return NULL;
        ap->handshake_count++;
    }
    handshake->client = client;
    handshake->next = ap->handshakes;
    ap->handshakes = handshake;
    return handshake;
}

/* Where the message is linked that can best be spared: the oldest of the number that is kept most
 * often. So a flood of one message leaves the others in place. */
static struct dot11_key_record **spare_key(struct dot11_handshake *handshake)
{
    uint8_t counts[DOT11_MESSAGES + 1] = {0};
    uint8_t most = 0;
    struct dot11_key_record **at = &handshake->keys;
    for (const struct dot11_key_record *key = *at; key; key = key->next)
        if (++counts[key->message] > counts[most])
            most = key->message;
    while ((*at)->message != most)
        at = &(*at)->next;
    return at;
}

static void append(struct store *store, struct dot11_handshake *handshake,
                   struct dot11_key_record *key)
{
    struct dot11_key_record **end = &handshake->keys;
    if (handshake->count >= DOT11_KEYS_MAX) {
        struct dot11_key_record **at = spare_key(handshake), *spared = *at;
        *at = spared->next;
        handshake->count--;
        pool_free(&store->pool, spared, key_bytes(spared));
    }
    while (*end)
        end = &(*end)->next;
    *end = key;
    handshake->count++;
}

static uint16_t bounded(size_t length)
{
    return length < UINT16_MAX ? (uint16_t)length : UINT16_MAX;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
    while (length && !bytes[length - 1])
        length--;
    return !length;
}

static void keep_key(struct store *store, struct dot11_device *ap, struct macaddr client,
                     const struct dot11_eapol_key *key, uint8_t direction,
                     const struct dot11_kept_frame *facts, struct bytes frame)
{
    size_t length = frame.length <= DOT11_KEPT_FRAME_MAX ? frame.length : 0;
    struct dot11_handshake *handshake = get(store, ap, client);
    struct dot11_key_record *record =
        handshake ? pool_new(&store->pool, sizeof *record + length) : NULL;
    if (!record)
        return;
    record->frame = *facts;
    record->frame.length = (uint16_t)length;
    record->direction = direction;
    record->message = key->message;
    record->install = (key->information & DOT11_EAPOL_KEY_INSTALL) != 0;
    record->replay_counter = key->replay_counter;
    record->has_pmkid = key->pmkid && !is_zero(key->pmkid, sizeof record->pmkid);
    if (key->nonce)
        memcpy(record->nonce, key->nonce, sizeof record->nonce);
    if (record->has_pmkid)
        memcpy(record->pmkid, key->pmkid, sizeof record->pmkid);
    memcpy(record->frame.bytes, frame.data, length);
    append(store, handshake, record);
    device_news_add(store, ap->device, STORE_NEWS_HANDSHAKE, 0);
}

static bool is_named(const struct dot11_frame *frame)
{
    struct dot11_management management;
    dot11_management_parse(frame, &management);
    struct reader elements = reader_over(management.elements, management.elements_length);
    uint8_t id = reader_u8(&elements), length = reader_u8(&elements);
    const uint8_t *ssid = reader_bytes(&elements, length);
    return id == SSID_ELEMENT && ssid && !is_zero(ssid, length);
}

/* How well a beacon or probe response tells of its network: one with the name is what tools for
 * handshakes ask for, and a beacon is what its access point says to everybody. */
enum { HIDDEN, NAMED_RESPONSE, NAMED_BEACON };

static uint8_t worth_of(const struct dot11_frame *frame)
{
    if (!is_named(frame))
        return HIDDEN;
    return frame->kind == DOT11_BEACON ? NAMED_BEACON : NAMED_RESPONSE;
}

/* Puts a copy of a frame in the place of another; false without memory. */
static bool keep_frame(struct store *store, struct dot11_kept_frame **kept,
                       struct bytes frame_bytes, uint64_t time_ns, uint16_t source)
{
    size_t length =
        frame_bytes.length < DOT11_KEPT_FRAME_MAX ? frame_bytes.length : DOT11_KEPT_FRAME_MAX;
    struct dot11_kept_frame *frame = pool_new(&store->pool, sizeof *frame + length);
    if (!frame)
        return false;
    *frame = (struct dot11_kept_frame){.time_ns = time_ns,
                                       .source = source,
                                       .link_type = LINKTYPE_IEEE802_11,
                                       .length = (uint16_t)length,
                                       .original_length = bounded(frame_bytes.length)};
    memcpy(frame->bytes, frame_bytes.data, length);
    free_frame(store, kept);
    *kept = frame;
    return true;
}

void dot11_handshake_keep_beacon(struct store *store, struct dot11_device *ap,
                                 const struct dot11_frame *frame, struct bytes frame_bytes,
                                 uint64_t time_ns, uint16_t source)
{
    uint8_t worth = worth_of(frame);
    if (!store->limits.key_messages || (ap->beacon && worth < ap->beacon_worth) ||
        !keep_frame(store, &ap->beacon, frame_bytes, time_ns, source))
        return;
    ap->beacon_worth = worth;
    if (worth != HIDDEN)
        free_frame(store, &ap->request);
}

void dot11_handshake_keep_request(struct store *store, struct dot11_device *ap,
                                  const struct dot11_frame *frame, struct bytes frame_bytes,
                                  uint64_t time_ns, uint16_t source)
{
    bool is_told = ap->beacon && ap->beacon_worth != HIDDEN;
    if (store->limits.key_messages && !is_told && is_named(frame))
        keep_frame(store, &ap->request, frame_bytes, time_ns, source);
}

static void hear_eap(struct store *store, struct dot11_device *client, const struct dot11_eap *eap,
                     uint64_t time)
{
    if (!client)
        return;
    if (eap->wps.message_type == WPS_M3) {
        bool same_run = time <= client->wps_m3_last + WPS_RUN_SECONDS;
        client->wps_m3_count = same_run ? client->wps_m3_count + 1 : 1;
        client->wps_m3_last = time;
    }
    if (eap->has_identity && eap->identity.length && client->links) {
        uint8_t room[1024];
        struct buffer text = {.data = room, .capacity = sizeof room, .ceiling = sizeof room};
        text_add_printable(&text, eap->identity.bytes,
                           eap->identity.length > 255 ? 255 : eap->identity.length);
        intern_set(&store->strings, &client->links->identity, (const char *)room, text.length);
    }
}

/* Whether the authenticator sent it. Through a distribution system that is the access point,
 * whichever address its own messages come from; between stations, on a bridge and in an ad-hoc
 * network, it is who wants an answer (12.7.2; RFC 3748, 4.1). */
static bool is_authenticator(const struct dot11_frame *frame, const struct dot11_eapol *eapol)
{
    if (frame->from_ds != frame->to_ds)
        return frame->from_ds;
    if (eapol->has_key)
        return eapol->key.information & DOT11_EAPOL_KEY_ACK;
    return eapol->has_eap && eapol->eap.code != EAP_RESPONSE;
}

void dot11_handshake_hear(struct store *store, struct dot11_device *sender,
                          struct dot11_device *receiver, const struct dot11_frame *frame,
                          struct bytes frame_bytes, uint64_t time_ns,
                          const struct device_packet *packet)
{
    struct dot11_data data;
    struct dot11_kept_frame facts = {.time_ns = time_ns,
                                     .source = packet->source,
                                     .link_type = LINKTYPE_IEEE802_11,
                                     .original_length = bounded(frame_bytes.length)};
    dot11_data_parse(frame, &data);
    for (uint8_t i = 0; i < data.eapol_count; i++) {
        struct dot11_eapol eapol;
        const struct dot11_data_eapol *found = &data.eapols[i];
        if (dot11_eapol_parse(found->bytes, found->length, &eapol) != 0)
            continue;
        bool from_ap = is_authenticator(frame, &eapol);
        struct dot11_device *ap = from_ap ? sender : receiver;
        if (eapol.has_key && eapol.key.message && ap && store->limits.key_messages)
            keep_key(store, ap, from_ap ? found->destination : found->source, &eapol.key,
                     from_ap ? 1 : 2, &facts, frame_bytes);
        if (eapol.has_eap)
            hear_eap(store, from_ap ? receiver : sender, &eapol.eap, packet->time);
    }
}
