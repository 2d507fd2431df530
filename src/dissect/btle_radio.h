/* What a capture's link header says about one Bluetooth low energy packet: where its bytes are, on
 * which channel and how well it was heard, and whether the radio found its CRC right. Link types
 * 251, 256 and 272 of the tcpdump.org list, and PPI with the field that Ubertooth writes. Borrowed
 * pointers; nothing is copied. */
#ifndef NORN_DISSECT_BTLE_RADIO_H
#define NORN_DISSECT_BTLE_RADIO_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/fcs.h"
#include "dissect/malformed.h"
#include "dissect/radio.h"

enum { BTLE_RADIO_CHANNELS = 40, BTLE_RADIO_CHANNEL_UNKNOWN = 0xff };

enum btle_direction {
    BTLE_DIRECTION_UNKNOWN,
    BTLE_FROM_CENTRAL,
    BTLE_FROM_PERIPHERAL,
};

struct btle_radio {
    const uint8_t *packet; /* from the access address on, borrowed */
    uint32_t packet_length;
    bool truncated;    /* a snap length cut the packet */
    bool is_coded;     /* LE Coded PHY: an octet of coding follows the access address */
    bool is_auxiliary; /* the header calls it an auxiliary advertising PDU */
    uint8_t direction; /* enum btle_direction, of data */
    uint8_t crc;       /* enum fcs_verdict by the radio's word; FCS_UNCHECKED: it says nothing */
    uint8_t channel;   /* index of the link layer, 0 to 39, or BTLE_RADIO_CHANNEL_UNKNOWN */
    uint32_t frequency_khz; /* 0 unknown */
    uint8_t signal_kind;    /* enum radio_signal_kind */
    bool has_noise;         /* in dBm */
    int16_t signal, noise;
    enum malformed malformed; /* first thing wrong with the header; the rest still holds */
};

/* Parses `length` captured bytes (of `original_length` on the link).
 * 0: ret_radio is filled. -EOPNOTSUPP: not low energy. -EBADMSG: no packet can be had;
 * ret_radio->malformed names why and the rest means nothing. */
int btle_radio_parse(uint16_t link_type, const uint8_t *data, uint32_t length,
                     uint32_t original_length, struct btle_radio *ret_radio);

/* Frequency in kHz of a channel index (Vol 6, Part B, 1.4.1), 0 for none. */
uint32_t btle_radio_frequency(uint8_t channel);

#endif
