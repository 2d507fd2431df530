/* What host and controller of a Bluetooth adapter say to each other: commands, events, and data
 * with its direction (Core Specification Vol 4, Part A and Part E). Of the events those that tell
 * of other devices are read: inquiry results, names, connections, features, low energy's
 * advertising reports. Link types 187, 201 and 254. Borrowed pointers; nothing is copied but
 * addresses. */
#ifndef NORN_DISSECT_HCI_FRAME_H
#define NORN_DISSECT_HCI_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/malformed.h"
#include "util/macaddr.h"

/* Packet types of the UART transport. */
enum hci_type {
    HCI_NOTE = 0, /* of the monitor: no packet */
    HCI_COMMAND = 1,
    HCI_ACL = 2,
    HCI_SCO = 3,
    HCI_EVENT = 4,
    HCI_ISO = 5,
};

enum hci_direction { HCI_DIRECTION_UNKNOWN, HCI_TO_CONTROLLER, HCI_FROM_CONTROLLER };

enum hci_kind {
    HCI_OTHER,     /* tells nothing of other devices */
    HCI_SIGHTINGS, /* an inquiry's results, or advertising reports: hci_frame_next() */
    HCI_ADAPTER,   /* `address` is the adapter's own */
    HCI_PEER,      /* `address` is of the device that it is about */
    HCI_LINK,      /* `handle` is of the connection that it is about */
    HCI_CLOSED,    /* that connection is over */
    HCI_DATA,      /* carried over the connection `handle` */
};

struct hci_frame {
    uint8_t type;       /* enum hci_type */
    uint8_t direction;  /* enum hci_direction */
    uint8_t kind;       /* enum hci_kind */
    uint16_t code;      /* event code, or opcode of a command */
    uint8_t subevent;   /* of low energy's events */
    uint8_t status;     /* that an event gives: 0 well; else the device may not be there */
    bool is_low_energy; /* the address or the reports are of low energy */
    bool address_is_random;
    bool opens; /* the connection `handle` begins */
    bool has_class, has_features;
    struct macaddr address;
    uint16_t handle;
    uint32_t device_class; /* 24 bits */
    uint64_t features;     /* LMP features, the first page */
    const uint8_t *name;   /* that the device has, NULL without */
    uint8_t name_length;
    uint8_t sighting_count;
    const uint8_t *sightings;
    uint16_t sightings_length;
    uint16_t data_length;     /* HCI_DATA: octets carried */
    enum malformed malformed; /* first thing wrong; the rest still holds */
};

/* A device that an adapter heard. */
struct hci_sighting {
    struct macaddr mac;
    bool is_random;
    bool has_class, has_power;
    uint8_t pdu;   /* enum btle_kind, of low energy */
    bool goes_on;  /* the data is not all there yet */
    int8_t signal; /* dBm, 0 unknown */
    int8_t power;  /* dBm */
    uint32_t device_class;
    const uint8_t *data; /* AD structures, NULL without */
    uint8_t data_length;
};

/* Where a walk over sightings stands; zeroed at the start. */
struct hci_walk {
    uint8_t count;
    uint16_t offset;
};

/* Parses a packet. 0: ret_frame is filled. -EOPNOTSUPP: not one of these link types, or a type of
 * packet that the transport does not have. -EBADMSG: ret_frame->malformed says why. */
int hci_frame_parse(uint16_t link_type, const uint8_t *data, uint32_t length,
                    uint32_t original_length, struct hci_frame *ret_frame);

/* The next sighting of HCI_SIGHTINGS; false at the end, or where the next one is cut. */
bool hci_frame_next(const struct hci_frame *frame, struct hci_walk *walk,
                    struct hci_sighting *ret_sighting);

#endif
