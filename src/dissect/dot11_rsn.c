/* RSN and WPA: version, group suite, counted lists of pairwise and key management suites,
 * capabilities, counted PMKIDs, group management suite. Everything after the version may be left
 * out. Input: an element's content; output: bit sets. IEEE 802.11-2020, 9.4.2.24. */
#include "dissect/dot11_rsn.h"

#include "util/bytes.h"

enum {
    OUI_IEEE = 0x000fac,
    OUI_WPA = 0x0050f2,
    OUI_CISCO = 0x004096,
    OUI_WFA = 0x506f9a,
    OUI_WAPI = 0x001472,
    SUITE_BYTES = 4,
    CIPHERS = 14,
    AKMS = 26,
    CAPABILITY_PREAUTHENTICATION = 0x0001,
    CAPABILITY_MFP_REQUIRED = 0x0040,
    CAPABILITY_MFP_CAPABLE = 0x0080,
};

static const char *const ciphers[32];
static const char *const akms[32];

static uint32_t cipher_bit(uint32_t suite, uint32_t own_oui)
{
    uint32_t oui = suite >> 8, type = suite & 0xff;
    if (oui == own_oui && type < CIPHERS)
        return 1u << type;
    if (oui == OUI_CISCO)
        return 1u << DOT11_CIPHER_CKIP;
    if (oui == OUI_WAPI)
        return 1u << DOT11_CIPHER_SMS4;
    return 1u << DOT11_CIPHER_OTHER;
}

static uint32_t akm_bit(uint32_t suite, uint32_t own_oui)
{
    uint32_t oui = suite >> 8, type = suite & 0xff;
    if (oui == own_oui && type && type < AKMS)
        return 1u << type;
    if (oui == OUI_CISCO && type == 0)
        return 1u << DOT11_AKM_CCKM;
    if (oui == OUI_WFA && type == 2)
        return 1u << DOT11_AKM_DPP;
    if (oui == OUI_WFA && type == 1)
        return 1u << DOT11_AKM_OSEN;
    return 1u << DOT11_AKM_OTHER;
}

/* A counted list of suites; what is there of a cut one is taken. */
static uint32_t parse_suites(struct reader *reader, uint16_t *ret_count, uint32_t own_oui,
                             uint32_t (*bit)(uint32_t suite, uint32_t own_oui))
{
    uint32_t bits = 0;
    uint16_t count = *ret_count = reader_le16(reader);
    for (uint16_t i = 0; i < count; i++) {
        uint32_t suite = reader_be32(reader);
        if (reader->failed)
            break;
        bits |= bit(suite, own_oui);
    }
    return bits;
}

static void parse_capabilities(struct reader *reader, struct dot11_rsn *rsn)
{
    rsn->capabilities = reader_le16(reader);
    if (reader->failed)
        return;
    rsn->has_capabilities = true;
    rsn->preauthentication = rsn->capabilities & CAPABILITY_PREAUTHENTICATION;
    rsn->mfp_required = rsn->capabilities & CAPABILITY_MFP_REQUIRED;
    rsn->mfp_capable = rsn->capabilities & CAPABILITY_MFP_CAPABLE;
}

static void parse_pmkids(struct reader *reader, struct dot11_rsn *rsn)
{
    rsn->pmkid_count = reader_le16(reader);
    for (uint16_t i = 0; i < rsn->pmkid_count; i++) {
        const uint8_t *pmkid = reader_bytes(reader, DOT11_RSN_PMKID_BYTES);
        if (!pmkid)
            return;
        if (rsn->pmkids_held < DOT11_RSN_PMKIDS_MAX)
            rsn->pmkids[rsn->pmkids_held++] = pmkid;
    }
}

static enum malformed parse(struct reader *reader, uint32_t own_oui, struct dot11_rsn *rsn)
{
    *rsn = (struct dot11_rsn){.present = true};
    rsn->version = reader_le16(reader);
    if (reader->failed)
        return MALFORMED_ELEMENT_SHORT;
    if (reader_left(reader)) {
        uint32_t suite = reader_be32(reader);
        rsn->group = reader->failed ? 0 : cipher_bit(suite, own_oui);
    }
    if (reader_left(reader))
        rsn->pairwise = parse_suites(reader, &rsn->pairwise_count, own_oui, cipher_bit);
    if (reader_left(reader))
        rsn->akm = parse_suites(reader, &rsn->akm_count, own_oui, akm_bit);
    if (reader_left(reader))
        parse_capabilities(reader, rsn);
    if (reader_left(reader) && own_oui == OUI_IEEE)
        parse_pmkids(reader, rsn);
    if (reader_left(reader) && own_oui == OUI_IEEE) {
        uint32_t suite = reader_be32(reader);
        rsn->group_management = reader->failed ? 0 : cipher_bit(suite, own_oui);
    }
    if (reader->failed || rsn->version != 1)
        return MALFORMED_ELEMENT_CONTENT;
    return MALFORMED_NONE;
}

enum malformed dot11_rsn_parse(const uint8_t *content, size_t length, struct dot11_rsn *ret_rsn)
{
    struct reader reader = reader_over(content, length);
    return parse(&reader, OUI_IEEE, ret_rsn);
}

enum malformed dot11_rsn_parse_wpa(const uint8_t *content, size_t length, struct dot11_rsn *ret_wpa)
{
    struct reader reader = reader_over(content, length);
    return parse(&reader, OUI_WPA, ret_wpa);
}

const char *dot11_rsn_cipher_name(enum dot11_cipher cipher)
{
    const char *name = (unsigned)cipher < 32 ? ciphers[cipher] : NULL;
    return name ? name : "other";
}

const char *dot11_rsn_akm_name(enum dot11_akm akm)
{
    const char *name = (unsigned)akm < 32 ? akms[akm] : NULL;
    return name ? name : "other";
}

static const char *const ciphers[32] = {
    [DOT11_CIPHER_USE_GROUP] = "group",
    [DOT11_CIPHER_WEP40] = "wep40",
    [DOT11_CIPHER_TKIP] = "tkip",
    [DOT11_CIPHER_OCB] = "ocb",
    [DOT11_CIPHER_CCMP128] = "ccmp",
    [DOT11_CIPHER_WEP104] = "wep104",
    [DOT11_CIPHER_BIP_CMAC128] = "bip-cmac",
    [DOT11_CIPHER_NO_GROUP] = "no-group",
    [DOT11_CIPHER_GCMP128] = "gcmp128",
    [DOT11_CIPHER_GCMP256] = "gcmp256",
    [DOT11_CIPHER_CCMP256] = "ccmp256",
    [DOT11_CIPHER_BIP_GMAC128] = "bip-gmac128",
    [DOT11_CIPHER_BIP_GMAC256] = "bip-gmac256",
    [DOT11_CIPHER_BIP_CMAC256] = "bip-cmac256",
    [DOT11_CIPHER_CKIP] = "ckip",
    [DOT11_CIPHER_SMS4] = "sms4",
};

static const char *const akms[32] = {
    [DOT11_AKM_8021X] = "802.1x",
    [DOT11_AKM_PSK] = "psk",
    [DOT11_AKM_FT_8021X] = "ft-802.1x",
    [DOT11_AKM_FT_PSK] = "ft-psk",
    [DOT11_AKM_8021X_SHA256] = "802.1x-sha256",
    [DOT11_AKM_PSK_SHA256] = "psk-sha256",
    [DOT11_AKM_TDLS] = "tdls",
    [DOT11_AKM_SAE] = "sae",
    [DOT11_AKM_FT_SAE] = "ft-sae",
    [DOT11_AKM_AP_PEER_KEY] = "ap-peer-key",
    [DOT11_AKM_SUITE_B] = "suiteb",
    [DOT11_AKM_SUITE_B_192] = "suiteb-192",
    [DOT11_AKM_FT_8021X_SHA384] = "ft-802.1x-sha384",
    [DOT11_AKM_FILS_SHA256] = "fils-sha256",
    [DOT11_AKM_FILS_SHA384] = "fils-sha384",
    [DOT11_AKM_FT_FILS_SHA256] = "ft-fils-sha256",
    [DOT11_AKM_FT_FILS_SHA384] = "ft-fils-sha384",
    [DOT11_AKM_OWE] = "owe",
    [DOT11_AKM_FT_PSK_SHA384] = "ft-psk-sha384",
    [DOT11_AKM_PSK_SHA384] = "psk-sha384",
    [DOT11_AKM_PASN] = "pasn",
    [DOT11_AKM_FT_8021X_SHA384_UNRESTRICTED] = "ft-802.1x-sha384-unrestricted",
    [DOT11_AKM_8021X_SHA384] = "802.1x-sha384",
    [DOT11_AKM_SAE_EXT] = "sae-ext",
    [DOT11_AKM_FT_SAE_EXT] = "ft-sae-ext",
    [DOT11_AKM_DPP] = "dpp",
    [DOT11_AKM_OSEN] = "osen",
    [DOT11_AKM_CCKM] = "cckm",
};
