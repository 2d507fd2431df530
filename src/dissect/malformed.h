/* Names of everything a frame can get wrong. A dissector never aborts on bad bytes: it says which
 * rule they broke with one of these, keeps what was sound, and the caller counts them by source
 * (an array of MALFORMED_COUNT counters) and may raise alerts on them. */
#ifndef NORN_DISSECT_MALFORMED_H
#define NORN_DISSECT_MALFORMED_H

enum malformed {
    MALFORMED_NONE,
    MALFORMED_CAPTURE_SHORT,     /* fewer captured bytes than the link header needs */
    MALFORMED_RADIOTAP_VERSION,  /* version byte is not 0 */
    MALFORMED_RADIOTAP_LENGTH,   /* header length below 8 or past the captured bytes */
    MALFORMED_RADIOTAP_PRESENCE, /* presence words run past the header */
    MALFORMED_RADIOTAP_FIELD,    /* a field runs past the header */
    MALFORMED_PPI_LENGTH,        /* PPI header length below 8 or past the captured bytes */
    MALFORMED_PPI_FIELD,         /* a PPI field runs past the header or is too short */
    MALFORMED_PRISM_LENGTH,      /* Prism header length out of range */
    MALFORMED_PRISM_ITEM,        /* a Prism item runs past the header */
    MALFORMED_AVS_LENGTH,        /* AVS header length out of range */
    MALFORMED_AVS_VERSION,       /* not a version-1 or -2 AVS header */
    MALFORMED_FRAME_EMPTY,       /* link header without an 802.11 frame */
    MALFORMED_FRAME_SHORT,       /* MAC header runs past the captured bytes */
    MALFORMED_FRAME_TYPE,        /* reserved protocol version, type or subtype */
    MALFORMED_MANAGEMENT_SHORT,  /* fixed fields run past the body */
    MALFORMED_DATA_SHORT,        /* LLC, mesh or security header runs past the body */
    MALFORMED_AMSDU_LENGTH,      /* an A-MSDU subframe runs past the body */
    MALFORMED_ELEMENT_TRUNCATED, /* last element runs past the body */
    MALFORMED_ELEMENT_SHORT,     /* element shorter than its row allows */
    MALFORMED_ELEMENT_LONG,      /* element longer than its row allows */
    MALFORMED_ELEMENT_CONTENT,   /* an inner count, length or version makes no sense */
    MALFORMED_ELEMENT_COUNT,     /* more elements than a frame is given room for */
    MALFORMED_ATTRIBUTE,         /* a WPS or P2P attribute runs past its element */
    MALFORMED_EAPOL_SHORT,       /* EAPOL body shorter than its type needs */
    MALFORMED_EAPOL_KEY_LENGTH,  /* key data runs past the EAPOL frame */
    MALFORMED_EAPOL_KEY_TYPE,    /* unknown key descriptor type */
    MALFORMED_EAP_LENGTH,        /* EAP length below 4 or past the packet */
    MALFORMED_BTLE_CHANNEL,      /* a channel that low energy does not have */
    MALFORMED_BTLE_WHITENED,     /* the radio left the whitening on */
    MALFORMED_BTLE_LENGTH,       /* PDU runs past the packet, or its type has another length */
    MALFORMED_BTLE_TYPE,         /* reserved type of a PDU */
    MALFORMED_BTLE_EXTENDED,     /* fields of the extended header run past it */
    MALFORMED_NORDIC_VERSION,    /* header of a Nordic sniffer in a version nobody knows */
    MALFORMED_AD_LENGTH,         /* an AD structure runs past the data */
    MALFORMED_AD_CONTENT,        /* an AD structure is shorter than its type needs */
    MALFORMED_HCI_LENGTH,        /* HCI packet whose length is not that of the record */
    MALFORMED_HCI_PARAMETERS,    /* HCI parameters shorter than their event or command needs */
    MALFORMED_REPORT_JSON,       /* a sensor's report is no JSON object */
    MALFORMED_REPORT_CONTENT,    /* a sensor's report lacks what it is about */
    MALFORMED_COUNT,
};

/* Short lower-case name ("radiotap-length"); "unknown" for a value out of range. */
const char *malformed_name(enum malformed reason);

#endif
