/* One frame on its way through the phys: dissected without any lock, then applied to the store.
 * Input: frames of a batch. Output: facts for the phy that takes the frame's link type. */
#ifndef NORN_PHY_PACKET_H
#define NORN_PHY_PACKET_H

#include "dissect/bluetooth_report.h"
#include "dissect/btle_frame.h"
#include "dissect/dot11_body.h"
#include "dissect/dot11_frame.h"
#include "dissect/dot11_report.h"
#include "dissect/hci_frame.h"
#include "dissect/radio.h"
#include "schema/location_fields.h"
#include "track/device.h"
#include "util/frame.h"
#include "util/uncached.h"

enum packet_verdict {
    PACKET_GOOD,
    PACKET_BAD_FCS,     /* counts as an error and touches no record */
    PACKET_MALFORMED,   /* no header could be read */
    PACKET_UNSUPPORTED, /* no phy takes its link type, or knows what is inside */
};

enum { PACKET_ENDS = 2 };

/* An address whose device the packet concerns: see lookahead.h. */
struct packet_end {
    uint32_t hash;         /* index_hash() */
    struct device *device; /* found ahead, or NULL */
};

struct dot11_packet {
    bool is_report; /* a sensor tells of it; else it was heard on the air */
    union {
        struct {
            struct bytes sent; /* the frame without radio header and FCS, borrowed */
            struct dot11_frame frame;
            struct dot11_body
                body; /* beacons and probe responses; of probe requests the hash alone */
        };
        struct dot11_report report;
    };
};

struct bluetooth_packet {
    bool is_report; /* a sensor tells of it; else an adapter does */
    union {
        struct hci_frame hci;
        struct bluetooth_report report;
    };
};

struct btle_packet {
    bool is_hci;     /* an adapter tells of it; else it was heard on the air */
    uint8_t channel; /* BTLE_RADIO_CHANNEL_UNKNOWN of an adapter */
    union {
        struct btle_frame frame;
        struct hci_frame hci;
    };
};

/* One processor writes it, another reads it: the less there is of it the better. What was found out
 * of a frame on the way and no device is told of does not come along. */
struct packet {
    _Alignas(UNCACHED_GRAIN) uint64_t time_ns; /* see packet_set_time() */
    struct phy *phy;           /* the last that looked at it; NULL: none takes its link type */
    struct device_packet told; /* what every device of the packet is told */
    uint64_t fingerprint;      /* of what was sent, without what the radio added; 0: not taken */
    uint8_t verdict;           /* enum packet_verdict */
    bool is_repeated;          /* another source heard the same transmission before */
    uint8_t end_count;
    struct packet_end ends[PACKET_ENDS];
    union {
        struct dot11_packet dot11;
        struct bluetooth_packet bluetooth;
        struct btle_packet btle;
    };
};

/* Makes a packet one that nothing is known of but when it came, and from which source. */
void packet_begin(struct packet *packet, uint64_t time_ns, uint16_t source);

void packet_set_time(struct packet *packet, uint64_t time_ns);

/* Notes how a packet was heard. */
void packet_hear(struct packet *packet, const struct radio *radio);

#endif
