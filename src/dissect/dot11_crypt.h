/* A network's encryption in one number and in words. The bits are norn's own layout; those that
 * the API's published records pin down (general, TKIP, CCMP, WEP-104, 802.1X, PSK) stand where
 * clients of today expect them, and `legacy` gives the older set. Input: the elements of one
 * beacon, probe response or probe request. */
#ifndef NORN_DISSECT_DOT11_CRYPT_H
#define NORN_DISSECT_DOT11_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/dot11_ie.h"

/* Bit numbers of crypt_bitfield. */
enum dot11_crypt_bit {
    DOT11_CRYPT_WEP = 0,
    DOT11_CRYPT_WPA = 1, /* any WPA generation */
    DOT11_CRYPT_WPA1 = 2,
    DOT11_CRYPT_WPA2 = 3,
    DOT11_CRYPT_WPA3 = 4,
    DOT11_CRYPT_GROUP_OTHER = 6,
    DOT11_CRYPT_GROUP_WEP40 = 7,
    DOT11_CRYPT_GROUP_WEP104 = 8,
    DOT11_CRYPT_GROUP_TKIP = 9,
    DOT11_CRYPT_GROUP_CCMP128 = 10,
    DOT11_CRYPT_GROUP_OCB = 11,
    DOT11_CRYPT_GROUP_GCMP128 = 12,
    DOT11_CRYPT_GROUP_GCMP256 = 13,
    DOT11_CRYPT_GROUP_CCMP256 = 14,
    DOT11_CRYPT_PAIRWISE_OTHER = 22,
    DOT11_CRYPT_PAIRWISE_WEP40 = 23,
    DOT11_CRYPT_PAIRWISE_WEP104 = 24,
    DOT11_CRYPT_PAIRWISE_TKIP = 25,
    DOT11_CRYPT_PAIRWISE_CCMP128 = 26,
    DOT11_CRYPT_PAIRWISE_OCB = 27,
    DOT11_CRYPT_PAIRWISE_GCMP128 = 28,
    DOT11_CRYPT_PAIRWISE_GCMP256 = 29,
    DOT11_CRYPT_PAIRWISE_CCMP256 = 30,
    DOT11_CRYPT_AKM_8021X = 37,
    DOT11_CRYPT_AKM_PSK = 38,
    DOT11_CRYPT_AKM_SAE = 39,
    DOT11_CRYPT_AKM_OWE = 40,
    DOT11_CRYPT_AKM_FT_8021X = 41,
    DOT11_CRYPT_AKM_FT_PSK = 42,
    DOT11_CRYPT_AKM_FT_SAE = 43,
    DOT11_CRYPT_AKM_FILS = 44,
    DOT11_CRYPT_AKM_SUITE_B = 45,
    DOT11_CRYPT_AKM_DPP = 46,
    DOT11_CRYPT_AKM_CCKM = 47,
    DOT11_CRYPT_AKM_OTHER = 48,
    DOT11_CRYPT_WPS = 49,
    DOT11_CRYPT_OWE_TRANSITION = 50, /* open, with a pointer to its OWE twin */
    DOT11_CRYPT_WAPI = 51,           /* GB 15629.11, in place of RSN */
    DOT11_CRYPT_OSEN = 52,           /* Hotspot 2.0, for signing up */
};

/* Bit numbers of the older crypt_set. */
enum dot11_crypt_legacy_bit {
    DOT11_CRYPT_LEGACY_WEP = 1,
    DOT11_CRYPT_LEGACY_WEP40 = 3,
    DOT11_CRYPT_LEGACY_WEP104 = 4,
    DOT11_CRYPT_LEGACY_TKIP = 5,
    DOT11_CRYPT_LEGACY_WPA = 6,
    DOT11_CRYPT_LEGACY_PSK = 7,
    DOT11_CRYPT_LEGACY_OCB = 8,
    DOT11_CRYPT_LEGACY_CCM = 9,
    DOT11_CRYPT_LEGACY_EAP = 11,
    DOT11_CRYPT_LEGACY_SAE = 16,
    DOT11_CRYPT_LEGACY_OWE = 17,
    DOT11_CRYPT_LEGACY_NOT_WEP = 25, /* protected, by nothing that has a bit here */
    DOT11_CRYPT_LEGACY_WPS = 26,
    DOT11_CRYPT_LEGACY_VERSION_WPA1 = 27,
    DOT11_CRYPT_LEGACY_VERSION_WPA2 = 28,
    DOT11_CRYPT_LEGACY_VERSION_WPA3 = 29,
};

enum { DOT11_CRYPT_TEXT = 256 };

/* The bits of a network, by its elements and the privacy bit of its capabilities. */
uint64_t dot11_crypt_bits(bool privacy, const struct dot11_elements *elements);

/* The bits of what a client asks for that probes with these elements. */
uint64_t dot11_crypt_asked(const struct dot11_elements *elements);

/* Whether the bits name no protection: WPS or an OWE twin make none. */
bool dot11_crypt_is_open(uint64_t bits);

/* The older bit set that says the same. */
uint64_t dot11_crypt_legacy(uint64_t bits);

/* Writes the words, NUL at the end: "Open", "WEP", "WPA2 WPA2-PSK TKIP AES-CCMP",
 * "WPA3 WPA3-SAE AES-CCMP", "OWE AES-CCMP". Never longer than DOT11_CRYPT_TEXT. */
void dot11_crypt_describe(uint64_t bits, char ret_text[DOT11_CRYPT_TEXT]);

#endif
