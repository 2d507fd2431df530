/* What a capture's link header says about one 802.11 frame: where the frame's bytes are and how
 * they were heard. radio_parse() hands the bytes to radiotap.c, ppi.c, prism.c or avs.c by link
 * type; plain 802.11 (105) has no header. Borrowed pointers; nothing is copied. */
#ifndef NORN_DISSECT_RADIO_H
#define NORN_DISSECT_RADIO_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/malformed.h"

enum { RADIO_ANTENNAS_MAX = 8 };

enum radio_signal_kind { RADIO_SIGNAL_NONE, RADIO_SIGNAL_DBM, RADIO_SIGNAL_RSSI };

enum radio_band {
    RADIO_BAND_UNKNOWN,
    RADIO_BAND_SUB_1GHZ,
    RADIO_BAND_2GHZ,
    RADIO_BAND_4GHZ, /* 4.9 GHz public safety */
    RADIO_BAND_5GHZ,
    RADIO_BAND_6GHZ,
    RADIO_BAND_60GHZ,
};

enum radio_encoding {
    RADIO_ENCODING_UNKNOWN,
    RADIO_ENCODING_CCK,
    RADIO_ENCODING_PBCC,
    RADIO_ENCODING_OFDM,
    RADIO_ENCODING_GFSK, /* frequency hopping */
    RADIO_ENCODING_HT,
    RADIO_ENCODING_VHT,
    RADIO_ENCODING_HE,
    RADIO_ENCODING_EHT,
    RADIO_ENCODING_S1G,
};

struct radio_antenna {
    uint8_t number;
    bool has_number, has_signal, has_noise;
    int8_t signal_dbm, noise_dbm;
};

struct radio_location {
    bool valid; /* latitude and longitude are there and in range */
    bool has_altitude;
    double latitude;  /* degrees */
    double longitude; /* degrees */
    double altitude;  /* metres */
};

struct radio {
    const uint8_t *frame;           /* first byte of the 802.11 frame, borrowed */
    uint32_t frame_length;          /* captured bytes of it, FCS included until fcs_check() */
    uint32_t frame_original_length; /* as heard, FCS included where the header says so */
    uint32_t header_length;         /* link header bytes before the frame */
    enum malformed malformed;       /* first thing wrong with the header; the rest still holds */

    bool truncated; /* a snap length cut the frame: its FCS cannot be checked */
    bool padded;    /* 802.11 header is followed by padding to a multiple of 4 */
    bool fcs_known; /* the header says whether there is an FCS: fcs_present is to be believed */
    bool fcs_present;
    bool fcs_bad; /* the radio says that the FCS (or the PLCP checksum) was wrong */
    bool short_preamble;
    bool transmitted; /* our own frame, looped back with its transmit status */

    enum radio_band band;
    enum radio_encoding encoding;
    uint32_t frequency_khz; /* centre of the (primary) channel, 0 unknown */
    uint16_t channel;       /* its number, 0 unknown or off the raster */
    uint16_t channel_flags; /* radiotap channel flags as read */
    uint16_t bandwidth_mhz; /* of this frame, 0 unknown */

    enum radio_signal_kind signal_kind;
    bool has_noise;
    int16_t signal;  /* dBm, or the driver's own scale (RSSI); the strongest antenna */
    int16_t noise;   /* on the same scale */
    uint32_t rate;   /* data rate in units of 100 kbit/s, 0 unknown */
    uint8_t mcs;     /* where encoding is HT or later */
    uint8_t streams; /* spatial streams, 0 unknown */

    bool has_tsft, has_antenna, has_ampdu;
    uint8_t antenna;
    uint8_t antenna_count; /* rows of antennas[] in use */
    struct radio_antenna antennas[RADIO_ANTENNAS_MAX];
    uint64_t tsft_us; /* radio's clock when the first bit arrived */
    uint32_t ampdu_reference;
    uint16_t ampdu_flags;

    struct radio_location location; /* PPI-GPS */
};

/* Parses `length` captured bytes (of `original_length` on the link) of link type `link_type`.
 * 0: ret_radio is filled (`malformed` names a header that was only partly sound).
 * -EOPNOTSUPP: not one of our link types, or PPI around another; ret_radio means nothing.
 * -EBADMSG: no frame can be had; ret_radio->malformed names why and the rest means nothing. */
int radio_parse(uint16_t link_type, const uint8_t *data, uint32_t length, uint32_t original_length,
                struct radio *ret_radio);

/* Makes `radio` know nothing. */
void radio_clear(struct radio *radio);

#endif
