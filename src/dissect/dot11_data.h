/* What a data frame's body starts with: a security header, a mesh control field, LLC/SNAP, or a
 * list of A-MSDU subframes (IEEE 802.11-2020, 9.2.4.7.3, 9.3.2, 12.3 to 12.5). Points at EAPOL
 * where the frame carries it in the clear. Input: a parsed header and its body; output: facts. */
#ifndef NORN_DISSECT_DOT11_DATA_H
#define NORN_DISSECT_DOT11_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/dot11_frame.h"

enum dot11_security {
    DOT11_SECURITY_NONE,
    DOT11_SECURITY_WEP,   /* IV and key id, no extended IV */
    DOT11_SECURITY_TKIP,  /* extended IV with the WEP seed octet */
    DOT11_SECURITY_CCMP,  /* extended IV: CCMP or GCMP, the header does not say which */
    DOT11_SECURITY_OTHER, /* extended IV of neither shape, or cut before it */
};

enum { DOT11_DATA_EAPOLS_MAX = 4, DOT11_DATA_SUBFRAMES_MAX = 64 };

/* EAPOL found in the frame, with the addresses that its A-MSDU subframe (or the header) names. */
struct dot11_data_eapol {
    const uint8_t *bytes; /* the EAPOL header, borrowed */
    uint32_t length;
    struct macaddr destination, source;
};

struct dot11_data {
    enum dot11_security security;
    uint8_t key_id;
    bool has_mesh;
    uint8_t mesh_ttl;
    uint32_t mesh_sequence;
    uint32_t wep_iv;        /* 24 bits, as sent: first octet highest */
    uint64_t packet_number; /* TKIP and CCMP: 48 bits */
    bool has_ethertype;     /* unprotected LLC/SNAP (or an A-MSDU whose first subframe has it) */
    bool has_llc;           /* unprotected LLC of another kind */
    uint8_t llc_dsap, llc_ssap;
    uint32_t snap_oui;
    uint16_t ethertype;
    const uint8_t *payload; /* after LLC/SNAP, or after the security header; borrowed */
    uint32_t payload_length;
    uint16_t subframe_count;            /* A-MSDU */
    struct macaddr destination, source; /* of the first subframe, or of the mesh extension */
    bool has_destination, has_source;
    uint8_t eapol_count;
    struct dot11_data_eapol eapols[DOT11_DATA_EAPOLS_MAX];
    enum malformed malformed;
};

/* Parses the body of a data frame that dot11_frame_has_payload(). Always fills ret_data;
 * `malformed` says where it had to stop. Fragments after the first have no LLC: none is read. */
void dot11_data_parse(const struct dot11_frame *frame, struct dot11_data *ret_data);

#endif
