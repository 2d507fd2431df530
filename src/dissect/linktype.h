/* Link types by number (the LINKTYPE_ values of the tcpdump.org list): which ones norn dissects
 * and what the others are called, so that an unsupported one can be named to the user. Input: a
 * number out of a capture file or from libpcap; output: a constant row. */
#ifndef NORN_DISSECT_LINKTYPE_H
#define NORN_DISSECT_LINKTYPE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LINKTYPE_IEEE802_11 = 105,
    LINKTYPE_PRISM = 119,
    LINKTYPE_RADIOTAP = 127,
    LINKTYPE_AVS = 163,
    LINKTYPE_BLUETOOTH_HCI = 187,
    LINKTYPE_PPI = 192,
    LINKTYPE_BLUETOOTH_HCI_PHDR = 201,
    LINKTYPE_BLUETOOTH_LE = 251,
    LINKTYPE_BLUETOOTH_MONITOR = 254,
    LINKTYPE_BLUETOOTH_LE_PHDR = 256,
    LINKTYPE_NORDIC_BLE = 272,
};

struct linktype {
    uint16_t number;
    bool supported;          /* there is a dissector for it */
    const char *name;        /* as the list spells it, without the prefix: "IEEE802_11_RADIOTAP" */
    const char *description; /* a few words for people */
};

/* The row of a link type, or NULL when the list does not have it. */
const struct linktype *linktype_find(uint16_t number);

/* Whether norn dissects this link type. */
bool linktype_supported(uint16_t number);

#endif
