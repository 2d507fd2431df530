/* One Bluetooth low energy packet from its access address to its CRC: which PDU it is, who sent it
 * to whom, where its advertising data is (Core Specification Vol 6, Part B, clause 2). Input: what
 * btle_radio_parse() found. Addresses are copied, data is borrowed. */
#ifndef NORN_DISSECT_BTLE_FRAME_H
#define NORN_DISSECT_BTLE_FRAME_H

#include "dissect/btle_radio.h"
#include "util/macaddr.h"

enum btle_kind {
    BTLE_ADV_IND,
    BTLE_ADV_DIRECT_IND,
    BTLE_ADV_NONCONN_IND,
    BTLE_SCAN_REQ, /* on any channel, as are the next two: their auxiliary forms look the same */
    BTLE_SCAN_RSP,
    BTLE_CONNECT_IND,
    BTLE_ADV_SCAN_IND,
    BTLE_ADV_EXT_IND,
    BTLE_AUX_ADV_IND, /* or another PDU with the same header: a scan response, a chain, a sync */
    BTLE_AUX_CONNECT_RSP,
    BTLE_DATA,    /* of a connection: L2CAP, or empty */
    BTLE_CONTROL, /* of a connection: its link layer */
    BTLE_KINDS,
};

/* The common extended advertising header (2.3.4). */
struct btle_extended {
    bool has_cte, has_set, has_pointer, has_sync, has_power;
    uint8_t mode; /* 1 connectable, 2 scannable */
    uint8_t cte;
    uint16_t data_id;    /* 12 bits: changes with the data */
    uint8_t set_id;      /* 4 bits: which advertising set */
    uint8_t pointer;     /* channel index of the auxiliary packet */
    uint8_t pointer_phy; /* 0 LE 1M, 1 LE 2M, 2 LE Coded */
    uint16_t interval;   /* of periodic advertising, 1.25 ms */
    int8_t power;        /* dBm */
    const uint8_t *acad; /* additional controller advertising data: AD structures */
    uint8_t acad_length;
};

/* What CONNECT_IND says of the connection to come (2.3.3.1). */
struct btle_connection {
    uint32_t access_address, crc_start;
    uint16_t interval; /* 1.25 ms */
    uint16_t latency;  /* events */
    uint16_t timeout;  /* 10 ms */
    uint8_t hop;
};

struct btle_frame {
    uint32_t access_address;
    uint8_t kind;      /* enum btle_kind */
    uint8_t crc;       /* enum fcs_verdict */
    uint8_t direction; /* enum btle_direction */
    bool has_sender, has_receiver;
    bool sender_is_random, receiver_is_random;
    struct macaddr sender, receiver;
    const uint8_t *data; /* advertising: AD structures; data: the payload; NULL when empty */
    uint8_t data_length;
    const uint8_t *pdu; /* captured bytes of the PDU, its header first; without the CRC */
    uint16_t pdu_length;
    bool has_extended, has_connection;
    union {
        struct btle_extended extended;
        struct btle_connection connection;
    };
    enum malformed malformed; /* first thing wrong; the rest still holds */
};

/* Parses a packet. 0: ret_frame is filled. -EBADMSG: nothing in it can be believed;
 * ret_frame->malformed names why and the rest means nothing, but for `crc`. */
int btle_frame_parse(const struct btle_radio *radio, struct btle_frame *ret_frame);

/* True for PDUs whose sender advertises. */
bool btle_frame_advertises(const struct btle_frame *frame);

/* The PDU's name in the specification: "ADV_IND". */
const char *btle_frame_kind_name(enum btle_kind kind);

/* CRC-24 over a PDU, `start` being its initial state (3.1.1), in the order of reading. */
uint32_t btle_frame_crc(uint32_t start, const uint8_t *pdu, uint32_t length);

#endif
