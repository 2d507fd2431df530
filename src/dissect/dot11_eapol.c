/* EAPOL: its header, key descriptors and EAP. A key frame does not say how long its MIC is: the
 * length that makes key data end where the EAPOL body ends is the right one. Input: bytes from the
 * EAPOL header on; output: struct dot11_eapol. IEEE 802.11-2020, 12.7.2, 12.7.6, 12.7.7. */
#include "dissect/dot11_eapol.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"

enum {
    KEY_BEFORE_MIC = 77, /* descriptor to reserved field */
    NONCE_BYTES = 32,
    PMKID_BYTES = 16,
    KDE_ELEMENT = 0xdd,
    KDE_PMKID = 0x000fac04,
    EAP_HEADER_BYTES = 4,
    EAP_REQUEST = 1,
    EAP_RESPONSE = 2,
    EAP_IDENTITY = 1,
    EAP_EXPANDED = 254,
    WFA_VENDOR = 0x00372a,
    WSC_TYPE = 1,
    WSC_MORE = 0x01,
    WSC_LENGTH = 0x02,
    IDENTITY_BYTES_MAX = 253,
    MIC_DEFAULT = 16,
};

static const uint8_t mic_lengths[4];

/* Bytes of the MIC, by what fits; 16 when nothing does. */
static uint8_t find_mic_length(const struct reader *body)
{
    for (size_t i = 0; i < sizeof mic_lengths; i++) {
        struct reader probe = *body;
        reader_skip(&probe, (size_t)KEY_BEFORE_MIC + mic_lengths[i]);
        uint16_t data_length = reader_be16(&probe);
        if (!probe.failed && reader_left(&probe) == data_length)
            return mic_lengths[i];
    }
    return MIC_DEFAULT;
}

/* Message of the 4-way handshake, by what every implementation agrees on: Secure is set early by
 * some, and with authenticated encryption there is no MIC, and key data in every message. */
static uint8_t message_of(const struct dot11_eapol_key *key)
{
    uint16_t information = key->information;
    if (!(information & DOT11_EAPOL_KEY_PAIRWISE) || information & DOT11_EAPOL_KEY_REQUEST)
        return 0;
    if (information & DOT11_EAPOL_KEY_ACK)
        return information & DOT11_EAPOL_KEY_INSTALL ? 3 : 1;
    if (key->mic_length) /* only message 4 carries nothing */
        return key->data_length ? 2 : 4;
    return key->nonce_zero ? 4 : 2;
}

static uint8_t group_message_of(uint16_t information)
{
    if (information & (DOT11_EAPOL_KEY_PAIRWISE | DOT11_EAPOL_KEY_REQUEST))
        return 0;
    return information & DOT11_EAPOL_KEY_ACK ? 1 : 2;
}

/* The PMKID among clear key data's encapsulations (12.7.2, table 12-9). */
static const uint8_t *find_pmkid(const struct dot11_eapol_key *key)
{
    struct reader reader = reader_over(key->data, key->data ? key->data_length : 0);
    while (reader_left(&reader) >= 2) {
        uint8_t id = reader_u8(&reader), length = reader_u8(&reader);
        struct reader part = reader_part(&reader, length);
        if (id == KDE_ELEMENT && length >= 4 + PMKID_BYTES && reader_be32(&part) == KDE_PMKID)
            return reader_bytes(&part, PMKID_BYTES);
    }
    return NULL;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
    static const uint8_t zeroes[NONCE_BYTES];
    return !bytes || memcmp(bytes, zeroes, length) == 0;
}

static enum malformed parse_key(struct reader *body, struct dot11_eapol_key *key)
{
    uint8_t mic_length = find_mic_length(body);
    key->descriptor = reader_u8(body);
    if (key->descriptor == DOT11_EAPOL_RC4) { /* dynamic WEP: length, counter, then its key */
        key->key_length = reader_be16(body);
        key->replay_counter = reader_be64(body);
        return body->failed ? MALFORMED_EAPOL_SHORT : MALFORMED_NONE;
    }
    if (key->descriptor != DOT11_EAPOL_RSN && key->descriptor != DOT11_EAPOL_WPA)
        return MALFORMED_EAPOL_KEY_TYPE;
    key->information = reader_be16(body);
    key->key_length = reader_be16(body);
    key->replay_counter = reader_be64(body);
    key->nonce = reader_bytes(body, NONCE_BYTES);
    key->nonce_zero = is_zero(key->nonce, NONCE_BYTES);
    reader_skip(body, 16 + 8 + 8); /* IV, receive sequence counter, reserved */
    key->mic_length = mic_length;
    key->mic = mic_length ? reader_bytes(body, mic_length) : NULL;
    key->data_length = reader_be16(body);
    if (body->failed)
        return MALFORMED_EAPOL_SHORT;
    key->message = message_of(key);
    key->group_message = group_message_of(key->information);
    if (!key->data_length)
        return MALFORMED_NONE;
    if (key->data_length > reader_left(body))
        return MALFORMED_EAPOL_KEY_LENGTH;
    key->data = reader_bytes(body, key->data_length);
    if (!(key->information & DOT11_EAPOL_KEY_ENCRYPTED))
        key->pmkid = find_pmkid(key);
    return MALFORMED_NONE;
}

/* Simple Configuration: opcode, flags, the whole message's length in a first fragment. */
static enum malformed parse_wsc(struct reader *reader, struct dot11_eap *eap)
{
    uint32_t vendor = (uint32_t)reader_be16(reader) << 8;
    vendor |= reader_u8(reader);
    uint32_t type = reader_be32(reader);
    if (reader->failed || vendor != WFA_VENDOR || type != WSC_TYPE)
        return reader->failed ? MALFORMED_EAP_LENGTH : MALFORMED_NONE;
    eap->wsc_opcode = reader_u8(reader);
    uint8_t flags = reader_u8(reader);
    if (flags & WSC_LENGTH)
        reader_skip(reader, 2);
    if (reader->failed)
        return MALFORMED_EAP_LENGTH;
    enum malformed fault =
        dot11_wps_parse(reader->data + reader->offset, reader_left(reader), &eap->wps);
    return flags & WSC_MORE ? MALFORMED_NONE : fault; /* a fragment ends anywhere */
}

static enum malformed parse_eap(struct reader *body, struct dot11_eap *eap)
{
    eap->code = reader_u8(body);
    eap->identifier = reader_u8(body);
    uint16_t length = reader_be16(body);
    if (body->failed)
        return MALFORMED_EAPOL_SHORT;
    if (length < EAP_HEADER_BYTES)
        return MALFORMED_EAP_LENGTH;
    bool cut = length - EAP_HEADER_BYTES > (int)reader_left(body);
    struct reader packet =
        reader_part(body, cut ? reader_left(body) : (size_t)length - EAP_HEADER_BYTES);
    enum malformed fault = cut ? MALFORMED_EAP_LENGTH : MALFORMED_NONE;
    if ((eap->code != EAP_REQUEST && eap->code != EAP_RESPONSE) || !reader_left(&packet))
        return fault;
    eap->type = reader_u8(&packet);
    if (eap->type == EAP_IDENTITY && eap->code == EAP_RESPONSE) {
        size_t bytes = reader_left(&packet);
        eap->has_identity = true;
        eap->identity.length = (uint16_t)(bytes < IDENTITY_BYTES_MAX ? bytes : IDENTITY_BYTES_MAX);
        eap->identity.bytes = packet.data + packet.offset;
    } else if (eap->type == EAP_EXPANDED) {
        enum malformed inner = parse_wsc(&packet, eap);
        return fault ? fault : inner;
    }
    return fault;
}

int dot11_eapol_parse(const uint8_t *bytes, uint32_t length, struct dot11_eapol *ret_eapol)
{
    struct reader reader = reader_over(bytes, length);
    uint8_t version = reader_u8(&reader), type = reader_u8(&reader);
    uint16_t announced = reader_be16(&reader);
    if (reader.failed)
        return -EBADMSG;
    struct dot11_eapol *eapol = ret_eapol;
    memset(eapol, 0, sizeof *eapol);
    eapol->version = version;
    eapol->type = type;
    eapol->length = announced;
    bool cut = announced > reader_left(&reader);
    struct reader body = reader_part(&reader, cut ? reader_left(&reader) : announced);
    if (type == DOT11_EAPOL_KEY) {
        eapol->malformed = parse_key(&body, &eapol->key);
        eapol->has_key = eapol->key.nonce || eapol->key.descriptor == DOT11_EAPOL_RC4;
    } else if (type == DOT11_EAPOL_EAP) {
        eapol->malformed = parse_eap(&body, &eapol->eap);
        eapol->has_eap = eapol->malformed != MALFORMED_EAPOL_SHORT;
    }
    if (cut && !eapol->malformed)
        eapol->malformed = MALFORMED_EAPOL_SHORT;
    return 0;
}

static const uint8_t mic_lengths[4] = {16, 24, 32, 0};
