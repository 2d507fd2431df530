/* Encryption as bits and words. One table maps suites to bits, another bits to the older set and
 * to words; both directions of the older set live here alone. Input: a frame's elements;
 * output: crypt_bitfield, crypt_set and the text. */
#include "dissect/dot11_crypt.h"

#include <string.h>

enum { CIPHER_ROWS = 8, AKM_ROWS = 26, WORDS = 25, LEGACIES = 16 };

#define BIT(number) (1ull << (number))

struct cipher_row {
    uint8_t cipher, group_bit, pairwise_bit;
};

struct akm_row {
    uint8_t akm, bit;
    bool wpa3; /* a suite of the third generation */
};

/* A word of the text; `generation`: stands behind "WPA2-" or the like. */
struct word {
    uint8_t bit;
    bool generation;
    const char *text;
};

struct legacy {
    uint64_t bits; /* any of them */
    uint8_t legacy;
};

static const struct cipher_row cipher_rows[CIPHER_ROWS];
static const struct akm_row akm_rows[AKM_ROWS];
static const struct word words[WORDS];
static const struct legacy legacies[LEGACIES];

static uint64_t group_bits(uint32_t group)
{
    uint64_t bits = 0;
    for (int i = 0; i < CIPHER_ROWS; i++)
        if (group & 1u << cipher_rows[i].cipher) {
            bits |= BIT(cipher_rows[i].group_bit);
            group &= ~(1u << cipher_rows[i].cipher);
        }
    group &= ~(1u << DOT11_CIPHER_NO_GROUP);
    return group ? bits | BIT(DOT11_CRYPT_GROUP_OTHER) : bits;
}

static uint64_t pairwise_bits(uint32_t pairwise, uint32_t group)
{
    uint64_t bits = 0;
    if (pairwise & 1u << DOT11_CIPHER_USE_GROUP)
        pairwise |= group;
    pairwise &= ~(1u << DOT11_CIPHER_USE_GROUP | 1u << DOT11_CIPHER_NO_GROUP);
    for (int i = 0; i < CIPHER_ROWS; i++)
        if (pairwise & 1u << cipher_rows[i].cipher) {
            bits |= BIT(cipher_rows[i].pairwise_bit);
            pairwise &= ~(1u << cipher_rows[i].cipher);
        }
    return pairwise ? bits | BIT(DOT11_CRYPT_PAIRWISE_OTHER) : bits;
}

/* Key management of RSN: what is not of the third generation is of the second. */
static uint64_t akm_bits(uint32_t akm)
{
    uint64_t bits = 0;
    for (int i = 0; i < AKM_ROWS; i++) {
        const struct akm_row *row = &akm_rows[i];
        if (akm & 1u << row->akm)
            bits |= BIT(row->bit) | BIT(row->wpa3 ? DOT11_CRYPT_WPA3 : DOT11_CRYPT_WPA2);
    }
    return bits ? bits : BIT(DOT11_CRYPT_WPA2);
}

static uint64_t wpa_akm_bits(uint32_t akm)
{
    uint64_t bits = 0;
    if (akm & 1u << DOT11_AKM_8021X)
        bits |= BIT(DOT11_CRYPT_AKM_8021X);
    if (akm & 1u << DOT11_AKM_PSK)
        bits |= BIT(DOT11_CRYPT_AKM_PSK);
    if (akm & 1u << DOT11_AKM_CCKM)
        bits |= BIT(DOT11_CRYPT_AKM_CCKM);
    if (akm & 1u << DOT11_AKM_OTHER)
        bits |= BIT(DOT11_CRYPT_AKM_OTHER);
    return bits;
}

uint64_t dot11_crypt_asked(const struct dot11_elements *elements)
{
    const struct dot11_rsn *rsn = &elements->rsn, *wpa = &elements->wpa;
    uint64_t bits = 0;
    if (rsn->present)
        bits |= BIT(DOT11_CRYPT_WPA) | group_bits(rsn->group) |
                pairwise_bits(rsn->pairwise, rsn->group) | akm_bits(rsn->akm);
    if (wpa->present)
        bits |= BIT(DOT11_CRYPT_WPA) | BIT(DOT11_CRYPT_WPA1) | group_bits(wpa->group) |
                pairwise_bits(wpa->pairwise, wpa->group) | wpa_akm_bits(wpa->akm);
    return bits;
}

uint64_t dot11_crypt_bits(bool privacy, const struct dot11_elements *elements)
{
    uint64_t bits = dot11_crypt_asked(elements);
    if (elements->has_wapi)
        bits |= BIT(DOT11_CRYPT_WAPI);
    if (elements->has_osen)
        bits |= BIT(DOT11_CRYPT_OSEN);
    if (!bits && privacy)
        bits = BIT(DOT11_CRYPT_WEP);
    if (elements->wps.present)
        bits |= BIT(DOT11_CRYPT_WPS);
    if (elements->has_owe_transition)
        bits |= BIT(DOT11_CRYPT_OWE_TRANSITION);
    return bits;
}

bool dot11_crypt_is_open(uint64_t bits)
{
    return !(bits & ~(BIT(DOT11_CRYPT_WPS) | BIT(DOT11_CRYPT_OWE_TRANSITION)));
}

uint64_t dot11_crypt_legacy(uint64_t bits)
{
    uint64_t legacy = 0;
    for (int i = 0; i < LEGACIES; i++)
        if (bits & legacies[i].bits)
            legacy |= BIT(legacies[i].legacy);
    return legacy;
}

/* Text under way: always terminated, a word that does not fit is left out. */
struct line {
    char *text;
    size_t used;
};

static void append(struct line *line, const char *generation, const char *word)
{
    size_t first = strlen(generation), second = strlen(word), space = line->used > 0;
    if (line->used + space + first + second >= DOT11_CRYPT_TEXT)
        return;
    char *at = line->text + line->used;
    if (space)
        *at++ = ' ';
    memcpy(at, generation, first);
    memcpy(at + first, word, second + 1);
    line->used += space + first + second;
}

/* Which generation a key management word belongs to: SAE and its kin to the third whatever else
 * the network speaks, the rest to the second where there is an RSN element. */
static const char *generation_of(uint64_t bits, uint8_t bit)
{
    static const uint64_t third =
        BIT(DOT11_CRYPT_AKM_SAE) | BIT(DOT11_CRYPT_AKM_FT_SAE) | BIT(DOT11_CRYPT_AKM_SUITE_B);
    if (BIT(bit) & third)
        return "WPA3-";
    return bits & BIT(DOT11_CRYPT_WPA2) ? "WPA2-" : bits & BIT(DOT11_CRYPT_WPA3) ? "WPA3-" : "WPA-";
}

static void describe_version(uint64_t bits, struct line *line)
{
    static const uint64_t third_only = BIT(DOT11_CRYPT_AKM_OWE);
    uint64_t akm = bits & (BIT(DOT11_CRYPT_WPS) - 1) & ~(BIT(DOT11_CRYPT_AKM_8021X) - 1);
    if (bits & BIT(DOT11_CRYPT_WEP))
        append(line, "", "WEP");
    if (akm == third_only)
        return; /* the word itself says it all */
    if (bits & BIT(DOT11_CRYPT_WPA3))
        append(line, "", "WPA3");
    else if (bits & BIT(DOT11_CRYPT_WPA2))
        append(line, "", "WPA2");
    else if (bits & BIT(DOT11_CRYPT_WPA1))
        append(line, "", "WPA");
}

void dot11_crypt_describe(uint64_t bits, char ret_text[DOT11_CRYPT_TEXT])
{
    struct line line = {.text = ret_text};
    ret_text[0] = '\0';
    if (dot11_crypt_is_open(bits))
        append(&line, "", "Open");
    describe_version(bits, &line);
    for (int i = 0; i < WORDS; i++)
        if (bits & BIT(words[i].bit))
            append(&line, words[i].generation ? generation_of(bits, words[i].bit) : "",
                   words[i].text);
}

static const struct cipher_row cipher_rows[CIPHER_ROWS] = {
    {DOT11_CIPHER_WEP40, DOT11_CRYPT_GROUP_WEP40, DOT11_CRYPT_PAIRWISE_WEP40},
    {DOT11_CIPHER_WEP104, DOT11_CRYPT_GROUP_WEP104, DOT11_CRYPT_PAIRWISE_WEP104},
    {DOT11_CIPHER_TKIP, DOT11_CRYPT_GROUP_TKIP, DOT11_CRYPT_PAIRWISE_TKIP},
    {DOT11_CIPHER_OCB, DOT11_CRYPT_GROUP_OCB, DOT11_CRYPT_PAIRWISE_OCB},
    {DOT11_CIPHER_CCMP128, DOT11_CRYPT_GROUP_CCMP128, DOT11_CRYPT_PAIRWISE_CCMP128},
    {DOT11_CIPHER_GCMP128, DOT11_CRYPT_GROUP_GCMP128, DOT11_CRYPT_PAIRWISE_GCMP128},
    {DOT11_CIPHER_GCMP256, DOT11_CRYPT_GROUP_GCMP256, DOT11_CRYPT_PAIRWISE_GCMP256},
    {DOT11_CIPHER_CCMP256, DOT11_CRYPT_GROUP_CCMP256, DOT11_CRYPT_PAIRWISE_CCMP256},
};

static const struct akm_row akm_rows[AKM_ROWS] = {
    {DOT11_AKM_8021X, DOT11_CRYPT_AKM_8021X, false},
    {DOT11_AKM_8021X_SHA256, DOT11_CRYPT_AKM_8021X, false},
    {DOT11_AKM_8021X_SHA384, DOT11_CRYPT_AKM_8021X, true},
    {DOT11_AKM_PSK, DOT11_CRYPT_AKM_PSK, false},
    {DOT11_AKM_PSK_SHA256, DOT11_CRYPT_AKM_PSK, false},
    {DOT11_AKM_PSK_SHA384, DOT11_CRYPT_AKM_PSK, true},
    {DOT11_AKM_SAE, DOT11_CRYPT_AKM_SAE, true},
    {DOT11_AKM_SAE_EXT, DOT11_CRYPT_AKM_SAE, true},
    {DOT11_AKM_OWE, DOT11_CRYPT_AKM_OWE, true},
    {DOT11_AKM_FT_8021X, DOT11_CRYPT_AKM_FT_8021X, false},
    {DOT11_AKM_FT_8021X_SHA384, DOT11_CRYPT_AKM_FT_8021X, true},
    {DOT11_AKM_FT_8021X_SHA384_UNRESTRICTED, DOT11_CRYPT_AKM_FT_8021X, true},
    {DOT11_AKM_FT_PSK, DOT11_CRYPT_AKM_FT_PSK, false},
    {DOT11_AKM_FT_PSK_SHA384, DOT11_CRYPT_AKM_FT_PSK, true},
    {DOT11_AKM_FT_SAE, DOT11_CRYPT_AKM_FT_SAE, true},
    {DOT11_AKM_FT_SAE_EXT, DOT11_CRYPT_AKM_FT_SAE, true},
    {DOT11_AKM_FILS_SHA256, DOT11_CRYPT_AKM_FILS, false},
    {DOT11_AKM_FILS_SHA384, DOT11_CRYPT_AKM_FILS, false},
    {DOT11_AKM_FT_FILS_SHA256, DOT11_CRYPT_AKM_FILS, false},
    {DOT11_AKM_FT_FILS_SHA384, DOT11_CRYPT_AKM_FILS, false},
    {DOT11_AKM_SUITE_B, DOT11_CRYPT_AKM_SUITE_B, true},
    {DOT11_AKM_SUITE_B_192, DOT11_CRYPT_AKM_SUITE_B, true},
    {DOT11_AKM_DPP, DOT11_CRYPT_AKM_DPP, true},
    {DOT11_AKM_CCKM, DOT11_CRYPT_AKM_CCKM, false},
    {DOT11_AKM_OSEN, DOT11_CRYPT_AKM_OTHER, false},
    {DOT11_AKM_OTHER, DOT11_CRYPT_AKM_OTHER, false},
};

static const struct word words[WORDS] = {
    {DOT11_CRYPT_AKM_8021X, true, "EAP"},
    {DOT11_CRYPT_AKM_PSK, true, "PSK"},
    {DOT11_CRYPT_AKM_SAE, true, "SAE"},
    {DOT11_CRYPT_AKM_OWE, false, "OWE"},
    {DOT11_CRYPT_AKM_FT_8021X, true, "FT-EAP"},
    {DOT11_CRYPT_AKM_FT_PSK, true, "FT-PSK"},
    {DOT11_CRYPT_AKM_FT_SAE, true, "FT-SAE"},
    {DOT11_CRYPT_AKM_FILS, true, "FILS"},
    {DOT11_CRYPT_AKM_SUITE_B, true, "SUITE-B"},
    {DOT11_CRYPT_AKM_DPP, false, "DPP"},
    {DOT11_CRYPT_AKM_CCKM, true, "CCKM"},
    {DOT11_CRYPT_AKM_OTHER, true, "OTHER"},
    {DOT11_CRYPT_PAIRWISE_WEP40, false, "WEP40"},
    {DOT11_CRYPT_PAIRWISE_WEP104, false, "WEP104"},
    {DOT11_CRYPT_PAIRWISE_TKIP, false, "TKIP"},
    {DOT11_CRYPT_PAIRWISE_OCB, false, "AES-OCB"},
    {DOT11_CRYPT_PAIRWISE_CCMP128, false, "AES-CCMP"},
    {DOT11_CRYPT_PAIRWISE_GCMP128, false, "AES-GCMP"},
    {DOT11_CRYPT_PAIRWISE_GCMP256, false, "AES-GCMP256"},
    {DOT11_CRYPT_PAIRWISE_CCMP256, false, "AES-CCMP256"},
    {DOT11_CRYPT_PAIRWISE_OTHER, false, "UNKNOWN-CIPHER"},
    {DOT11_CRYPT_WAPI, false, "WAPI"},
    {DOT11_CRYPT_OSEN, false, "OSEN"},
    {DOT11_CRYPT_OWE_TRANSITION, false, "OWE-TRANSITION"},
    {DOT11_CRYPT_WPS, false, "WPS"},
};

static const struct legacy legacies[LEGACIES] = {
    {BIT(DOT11_CRYPT_WEP), DOT11_CRYPT_LEGACY_WEP},
    {BIT(DOT11_CRYPT_PAIRWISE_WEP40) | BIT(DOT11_CRYPT_GROUP_WEP40), DOT11_CRYPT_LEGACY_WEP40},
    {BIT(DOT11_CRYPT_PAIRWISE_WEP104) | BIT(DOT11_CRYPT_GROUP_WEP104), DOT11_CRYPT_LEGACY_WEP104},
    {BIT(DOT11_CRYPT_PAIRWISE_TKIP), DOT11_CRYPT_LEGACY_TKIP},
    {BIT(DOT11_CRYPT_WPA), DOT11_CRYPT_LEGACY_WPA},
    {BIT(DOT11_CRYPT_AKM_PSK) | BIT(DOT11_CRYPT_AKM_FT_PSK), DOT11_CRYPT_LEGACY_PSK},
    {BIT(DOT11_CRYPT_PAIRWISE_OCB), DOT11_CRYPT_LEGACY_OCB},
    {BIT(DOT11_CRYPT_PAIRWISE_CCMP128) | BIT(DOT11_CRYPT_PAIRWISE_CCMP256), DOT11_CRYPT_LEGACY_CCM},
    {BIT(DOT11_CRYPT_AKM_8021X) | BIT(DOT11_CRYPT_AKM_FT_8021X) | BIT(DOT11_CRYPT_AKM_FILS) |
         BIT(DOT11_CRYPT_AKM_SUITE_B) | BIT(DOT11_CRYPT_AKM_CCKM),
     DOT11_CRYPT_LEGACY_EAP},
    {BIT(DOT11_CRYPT_AKM_SAE) | BIT(DOT11_CRYPT_AKM_FT_SAE), DOT11_CRYPT_LEGACY_SAE},
    {BIT(DOT11_CRYPT_AKM_OWE), DOT11_CRYPT_LEGACY_OWE},
    {BIT(DOT11_CRYPT_WAPI) | BIT(DOT11_CRYPT_OSEN), DOT11_CRYPT_LEGACY_NOT_WEP},
    {BIT(DOT11_CRYPT_WPS), DOT11_CRYPT_LEGACY_WPS},
    {BIT(DOT11_CRYPT_WPA1), DOT11_CRYPT_LEGACY_VERSION_WPA1},
    {BIT(DOT11_CRYPT_WPA2), DOT11_CRYPT_LEGACY_VERSION_WPA2},
    {BIT(DOT11_CRYPT_WPA3), DOT11_CRYPT_LEGACY_VERSION_WPA3},
};
