/* The fixed fields of management frames and where their elements start (IEEE 802.11-2020, 9.3.3,
 * 9.4.1, 9.6). Input: a parsed header of type management; output: facts and the elements' bytes.
 * Pointers are borrowed from the frame; the names of codes are constant texts. */
#ifndef NORN_DISSECT_DOT11_MANAGEMENT_H
#define NORN_DISSECT_DOT11_MANAGEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/dot11_frame.h"

/* Capability bits (9.4.1.4). */
enum {
    DOT11_CAPABILITY_ESS = 0x0001,
    DOT11_CAPABILITY_IBSS = 0x0002,
    DOT11_CAPABILITY_PRIVACY = 0x0010,
    DOT11_CAPABILITY_SHORT_PREAMBLE = 0x0020,
    DOT11_CAPABILITY_SPECTRUM = 0x0100,
    DOT11_CAPABILITY_QOS = 0x0200,
    DOT11_CAPABILITY_SHORT_SLOT = 0x0400,
    DOT11_CAPABILITY_RADIO_MEASUREMENT = 0x1000,
};

/* Authentication algorithms (9.4.1.1). */
enum {
    DOT11_AUTH_OPEN = 0,
    DOT11_AUTH_SHARED_KEY = 1,
    DOT11_AUTH_FT = 2,
    DOT11_AUTH_SAE = 3,
    DOT11_AUTH_FILS = 4,
    DOT11_AUTH_FILS_PFS = 5,
    DOT11_AUTH_FILS_PUBLIC = 6,
    DOT11_AUTH_PASN = 7,
    DOT11_AUTH_LEAP = 128,
};

/* Action categories (9.4.1.11). */
enum {
    DOT11_ACTION_SPECTRUM = 0,
    DOT11_ACTION_QOS = 1,
    DOT11_ACTION_BLOCKACK = 3,
    DOT11_ACTION_PUBLIC = 4,
    DOT11_ACTION_RADIO_MEASUREMENT = 5,
    DOT11_ACTION_FT = 6,
    DOT11_ACTION_HT = 7,
    DOT11_ACTION_SA_QUERY = 8,
    DOT11_ACTION_PROTECTED_PUBLIC = 9,
    DOT11_ACTION_WNM = 10,
    DOT11_ACTION_UNPROTECTED_WNM = 11,
    DOT11_ACTION_TDLS = 12,
    DOT11_ACTION_MESH = 13,
    DOT11_ACTION_MULTIHOP = 14,
    DOT11_ACTION_SELF_PROTECTED = 15,
    DOT11_ACTION_DMG = 16,
    DOT11_ACTION_WMM = 17,
    DOT11_ACTION_FST = 18,
    DOT11_ACTION_ROBUST_AV = 19,
    DOT11_ACTION_UNPROTECTED_DMG = 20,
    DOT11_ACTION_VHT = 21,
    DOT11_ACTION_S1G = 22,
    DOT11_ACTION_HE = 30,
    DOT11_ACTION_PROTECTED_HE = 31,
    DOT11_ACTION_EHT = 36,
    DOT11_ACTION_PROTECTED_EHT = 37,
    DOT11_ACTION_VENDOR_PROTECTED = 126,
    DOT11_ACTION_VENDOR = 127,
};

/* Which of the members below were in the frame. */
enum {
    DOT11_FIXED_TIMESTAMP = 1 << 0,
    DOT11_FIXED_INTERVAL = 1 << 1,
    DOT11_FIXED_CAPABILITY = 1 << 2,
    DOT11_FIXED_STATUS = 1 << 3,
    DOT11_FIXED_REASON = 1 << 4,
    DOT11_FIXED_AUTH = 1 << 5, /* algorithm and transaction sequence */
    DOT11_FIXED_AID = 1 << 6,
    DOT11_FIXED_LISTEN = 1 << 7,
    DOT11_FIXED_CURRENT_AP = 1 << 8,
    DOT11_FIXED_CATEGORY = 1 << 9,
    DOT11_FIXED_ACTION = 1 << 10,
    DOT11_FIXED_VENDOR = 1 << 11, /* vendor-specific (or vendor public) action's OUI */
};

struct dot11_management {
    uint32_t present;  /* DOT11_FIXED_ bits */
    bool encrypted;    /* protected (802.11w, or shared key's third frame): nothing else is known */
    uint16_t interval; /* beacon interval in units of 1,024 microseconds */
    uint16_t capability;
    uint64_t timestamp; /* microseconds of the sender's TSF */
    uint16_t status, reason;
    uint16_t auth_algorithm, auth_sequence;
    uint16_t aid, listen_interval;
    struct macaddr current_ap;
    uint8_t category; /* without the error bit */
    bool category_error;
    uint8_t action;
    uint8_t dialog_token;
    uint32_t vendor_oui;
    uint8_t vendor_type;
    const uint8_t *elements; /* borrowed; NULL when the kind has none or they are encrypted */
    uint32_t elements_length;
    enum malformed malformed;
};

/* Parses the fixed fields of a management frame. Always fills ret_management; `malformed` says
 * when they were cut. Of a fragment after the first nothing is known. */
void dot11_management_parse(const struct dot11_frame *frame,
                            struct dot11_management *ret_management);

/* Name of an authentication algorithm ("open", "shared-key", "sae"), NULL when unknown. */
const char *dot11_management_auth_name(uint16_t algorithm);

/* Name of an action category ("spectrum", "sa-query"), NULL when unknown. */
const char *dot11_management_category_name(uint8_t category);

/* The standard's reason and status codes in a few words, NULL for reserved ones (9.4.1.7, 9.4.1.9).
 */
const char *dot11_management_reason_name(uint16_t reason);
const char *dot11_management_status_name(uint16_t status);

#endif
