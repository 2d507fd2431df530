/* The MAC header of one 802.11 frame: type, flags, addresses with their roles, sequence, QoS, and
 * where the body is (IEEE 802.11-2020, 9.2 and 9.3; protocol version 1: 9.8). Input: the frame's
 * bytes without radio header and FCS. The body is borrowed, not copied. */
#ifndef NORN_DISSECT_DOT11_FRAME_H
#define NORN_DISSECT_DOT11_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/malformed.h"
#include "util/macaddr.h"

enum dot11_type {
    DOT11_TYPE_MANAGEMENT,
    DOT11_TYPE_CONTROL,
    DOT11_TYPE_DATA,
    DOT11_TYPE_EXTENSION,
};

/* Type (2 bits) and subtype (4 bits) in one number: type << 4 | subtype. Control frame extensions
 * (subtype 6) are 0x160 | extension; protocol version 1 is 0x200 | type; others 0x3ff. */
enum dot11_kind {
    DOT11_ASSOC_REQUEST = 0x00,
    DOT11_ASSOC_RESPONSE = 0x01,
    DOT11_REASSOC_REQUEST = 0x02,
    DOT11_REASSOC_RESPONSE = 0x03,
    DOT11_PROBE_REQUEST = 0x04,
    DOT11_PROBE_RESPONSE = 0x05,
    DOT11_TIMING = 0x06,
    DOT11_BEACON = 0x08,
    DOT11_ATIM = 0x09,
    DOT11_DISASSOC = 0x0a,
    DOT11_AUTH = 0x0b,
    DOT11_DEAUTH = 0x0c,
    DOT11_ACTION = 0x0d,
    DOT11_ACTION_NO_ACK = 0x0e,
    DOT11_TRIGGER = 0x12,
    DOT11_TACK = 0x13,
    DOT11_BEAMFORMING_POLL = 0x14,
    DOT11_NDP_ANNOUNCE = 0x15,
    DOT11_CONTROL_EXTENSION = 0x16,
    DOT11_CONTROL_WRAPPER = 0x17,
    DOT11_BLOCKACK_REQUEST = 0x18,
    DOT11_BLOCKACK = 0x19,
    DOT11_PS_POLL = 0x1a,
    DOT11_RTS = 0x1b,
    DOT11_CTS = 0x1c,
    DOT11_ACK = 0x1d,
    DOT11_CF_END = 0x1e,
    DOT11_CF_END_ACK = 0x1f,
    DOT11_DATA = 0x20,
    DOT11_DATA_CF_ACK = 0x21,
    DOT11_DATA_CF_POLL = 0x22,
    DOT11_DATA_CF_ACK_POLL = 0x23,
    DOT11_NULL = 0x24,
    DOT11_CF_ACK = 0x25,
    DOT11_CF_POLL = 0x26,
    DOT11_CF_ACK_POLL = 0x27,
    DOT11_QOS_DATA = 0x28,
    DOT11_QOS_DATA_CF_ACK = 0x29,
    DOT11_QOS_DATA_CF_POLL = 0x2a,
    DOT11_QOS_DATA_CF_ACK_POLL = 0x2b,
    DOT11_QOS_NULL = 0x2c,
    DOT11_QOS_CF_POLL = 0x2e,
    DOT11_QOS_CF_ACK_POLL = 0x2f,
    DOT11_DMG_BEACON = 0x30,
    DOT11_S1G_BEACON = 0x31,
    DOT11_POLL = 0x162,
    DOT11_SPR = 0x163,
    DOT11_GRANT = 0x164,
    DOT11_DMG_CTS = 0x165,
    DOT11_DMG_DTS = 0x166,
    DOT11_GRANT_ACK = 0x167,
    DOT11_SSW = 0x168,
    DOT11_SSW_FEEDBACK = 0x169,
    DOT11_SSW_ACK = 0x16a,
    DOT11_PV1 = 0x200,          /* protocol version 1: DOT11_PV1 | type */
    DOT11_KIND_UNKNOWN = 0x3ff, /* protocol version 2 or 3 */
};

/* Bits of dot11_frame.present: which roles the frame names. */
enum {
    DOT11_HAS_RECEIVER = 1 << 0,
    DOT11_HAS_TRANSMITTER = 1 << 1,
    DOT11_HAS_DESTINATION = 1 << 2,
    DOT11_HAS_SOURCE = 1 << 3,
    DOT11_HAS_BSSID = 1 << 4,
    DOT11_HAS_SEQUENCE = 1 << 5,
    DOT11_HAS_QOS = 1 << 6,
    DOT11_HAS_HT_CONTROL = 1 << 7,
};

struct dot11_frame {
    uint16_t kind; /* enum dot11_kind */
    uint8_t type;  /* enum dot11_type */
    uint8_t present;
    uint8_t tid; /* QoS */
    bool to_ds, from_ds, more_fragments, retry;
    bool power_management, more_data, protected_frame, order;
    bool amsdu;        /* body is a list of A-MSDU subframes */
    bool mesh_control; /* QoS bit 8: body starts with a mesh control field (mesh BSS data) */
    uint8_t fragment;
    uint16_t sequence;
    uint16_t duration; /* duration, or AID in a PS-Poll, as read */
    uint16_t qos_control;
    struct macaddr receiver, transmitter, destination, source, bssid; /* zero when not present */
    uint32_t ht_control;
    const uint8_t *body; /* after the MAC header (and its padding), borrowed */
    uint32_t body_length;
    uint32_t header_length;   /* MAC header without padding */
    enum malformed malformed; /* MALFORMED_FRAME_TYPE for reserved kinds */
};

/* Parses a frame of `length` bytes; `padded` when the radio header says that the MAC header is
 * padded to a multiple of 4. 0 with ret_frame filled, or -EBADMSG when the header is cut (nothing
 * written). Reserved kinds are 0 with whatever addresses can be believed. */
int dot11_frame_parse(const uint8_t *frame, uint32_t length, bool padded,
                      struct dot11_frame *ret_frame);

/* The kind's short name: "beacon", "qos-data", "blockack-req", "pv1-management"; "reserved" when
 * unknown. */
const char *dot11_frame_kind_name(uint16_t kind);

/* Whether the body is protected or not, is this a data frame that carries a payload? (Null and
 * CF-Poll kinds do not.) */
static inline bool dot11_frame_has_payload(const struct dot11_frame *frame)
{
    return frame->type == DOT11_TYPE_DATA && !(frame->kind & 4);
}

#endif
