/* Robust security: the RSN element, its WPA forerunner in a vendor element, RSNX (IEEE
 * 802.11-2020, 9.4.2.24 and 9.4.2.241). Suites become bit sets, so that sets compare in one step.
 * Input: an element's content; output: struct dot11_rsn. */
#ifndef NORN_DISSECT_DOT11_RSN_H
#define NORN_DISSECT_DOT11_RSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/malformed.h"

/* Cipher suites: the type number of 00-0F-AC (and of 00-50-F2 for WPA) is the bit number. */
enum dot11_cipher {
    DOT11_CIPHER_USE_GROUP = 0,
    DOT11_CIPHER_WEP40 = 1,
    DOT11_CIPHER_TKIP = 2,
    DOT11_CIPHER_OCB = 3, /* WPA's AES-OCB; reserved in RSN */
    DOT11_CIPHER_CCMP128 = 4,
    DOT11_CIPHER_WEP104 = 5,
    DOT11_CIPHER_BIP_CMAC128 = 6,
    DOT11_CIPHER_NO_GROUP = 7, /* group-addressed traffic not allowed */
    DOT11_CIPHER_GCMP128 = 8,
    DOT11_CIPHER_GCMP256 = 9,
    DOT11_CIPHER_CCMP256 = 10,
    DOT11_CIPHER_BIP_GMAC128 = 11,
    DOT11_CIPHER_BIP_GMAC256 = 12,
    DOT11_CIPHER_BIP_CMAC256 = 13,
    DOT11_CIPHER_CKIP = 29,  /* 00-40-96 */
    DOT11_CIPHER_SMS4 = 30,  /* WAPI, 00-14-72 */
    DOT11_CIPHER_OTHER = 31, /* any other selector */
};

/* Key management: the type number of 00-0F-AC is the bit number. */
enum dot11_akm {
    DOT11_AKM_8021X = 1,
    DOT11_AKM_PSK = 2,
    DOT11_AKM_FT_8021X = 3,
    DOT11_AKM_FT_PSK = 4,
    DOT11_AKM_8021X_SHA256 = 5,
    DOT11_AKM_PSK_SHA256 = 6,
    DOT11_AKM_TDLS = 7,
    DOT11_AKM_SAE = 8,
    DOT11_AKM_FT_SAE = 9,
    DOT11_AKM_AP_PEER_KEY = 10,
    DOT11_AKM_SUITE_B = 11,
    DOT11_AKM_SUITE_B_192 = 12,
    DOT11_AKM_FT_8021X_SHA384 = 13,
    DOT11_AKM_FILS_SHA256 = 14,
    DOT11_AKM_FILS_SHA384 = 15,
    DOT11_AKM_FT_FILS_SHA256 = 16,
    DOT11_AKM_FT_FILS_SHA384 = 17,
    DOT11_AKM_OWE = 18,
    DOT11_AKM_FT_PSK_SHA384 = 19,
    DOT11_AKM_PSK_SHA384 = 20,
    DOT11_AKM_PASN = 21,
    DOT11_AKM_FT_8021X_SHA384_UNRESTRICTED = 22,
    DOT11_AKM_8021X_SHA384 = 23,
    DOT11_AKM_SAE_EXT = 24,
    DOT11_AKM_FT_SAE_EXT = 25,
    DOT11_AKM_DPP = 28,  /* 50-6F-9A:2 */
    DOT11_AKM_OSEN = 29, /* 50-6F-9A:1 */
    DOT11_AKM_CCKM = 30, /* 00-40-96:0 */
    DOT11_AKM_OTHER = 31,
};

enum { DOT11_RSN_PMKIDS_MAX = 4, DOT11_RSN_PMKID_BYTES = 16 };

struct dot11_rsn {
    bool present;
    uint16_t version;
    uint16_t pairwise_count; /* as announced, before any check */
    uint16_t akm_count;
    uint16_t pmkid_count;
    uint32_t group;            /* bit set of enum dot11_cipher, one bit */
    uint32_t pairwise;         /* bit set */
    uint32_t group_management; /* bit set, one bit; 0 when not named */
    uint32_t akm;              /* bit set of enum dot11_akm */
    uint16_t capabilities;
    bool has_capabilities;
    bool mfp_capable, mfp_required, preauthentication;
    uint8_t pmkids_held;                         /* of pmkids[] */
    const uint8_t *pmkids[DOT11_RSN_PMKIDS_MAX]; /* 16 bytes each, borrowed */
};

/* Parses an RSN element's content (id 48). What precedes a fault is kept.
 * Gives the fault, MALFORMED_NONE for none. */
enum malformed dot11_rsn_parse(const uint8_t *content, size_t length, struct dot11_rsn *ret_rsn);

/* Parses the content of a WPA vendor element after its OUI and type (00-50-F2:1). */
enum malformed dot11_rsn_parse_wpa(const uint8_t *content, size_t length,
                                   struct dot11_rsn *ret_wpa);

/* Short names: "ccmp", "tkip", "gcmp256"; "psk", "sae", "802.1x"; "other" when unknown. */
const char *dot11_rsn_cipher_name(enum dot11_cipher cipher);
const char *dot11_rsn_akm_name(enum dot11_akm akm);

#endif
