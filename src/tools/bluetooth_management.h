/* The kernel's management interface to Bluetooth adapters as bytes: frames of requests, of replies
 * and of events (BlueZ, doc/mgmt-api.txt). Input: frames of a control channel, or a request.
 * Output: a message whose data is borrowed from the frame, or a frame. */
#ifndef NORN_TOOLS_BLUETOOTH_MANAGEMENT_H
#define NORN_TOOLS_BLUETOOTH_MANAGEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"
#include "util/macaddr.h"

enum {
    BLUETOOTH_FRAME_MAX = 4096, /* bytes; advertising data has up to 1650 */
    BLUETOOTH_REQUEST_MAX = 16,
    BLUETOOTH_ADAPTERS_MAX = 64, /* in a list; more are left out */
    BLUETOOTH_NO_ADAPTER = 0xffff,
};

enum bluetooth_command {
    BLUETOOTH_READ_ADAPTERS = 0x0003,
    BLUETOOTH_READ_INFORMATION = 0x0004,
    BLUETOOTH_SET_POWERED = 0x0005,
    BLUETOOTH_SET_LOW_ENERGY = 0x000d,
    BLUETOOTH_START_DISCOVERY = 0x0023,
    BLUETOOTH_STOP_DISCOVERY = 0x0024,
    BLUETOOTH_CONFIRM_NAME = 0x0025,
    BLUETOOTH_SET_BASIC_RATE = 0x002a,
};

enum bluetooth_status {
    BLUETOOTH_DONE = 0x00,
    BLUETOOTH_BUSY = 0x0a,
    BLUETOOTH_NOT_SUPPORTED = 0x0c,
    BLUETOOTH_NOT_POWERED = 0x0f,
    BLUETOOTH_INVALID_ADAPTER = 0x11,
    BLUETOOTH_BLOCKED = 0x12, /* by rfkill */
    BLUETOOTH_NOT_PERMITTED = 0x14,
};

/* Settings of an adapter, as bits. */
enum bluetooth_setting {
    BLUETOOTH_POWERED = 1 << 0,
    BLUETOOTH_BASIC_RATE = 1 << 7,
    BLUETOOTH_LOW_ENERGY = 1 << 9,
};

/* Types of addresses; 1 << type is the bit by which discovery looks for them. */
enum bluetooth_address_type {
    BLUETOOTH_ADDRESS_BASIC_RATE,
    BLUETOOTH_ADDRESS_PUBLIC,
    BLUETOOTH_ADDRESS_RANDOM,
};

/* Flags of a device that was found. */
enum bluetooth_found_flag {
    BLUETOOTH_NAME_WANTED = 1 << 0, /* the kernel asks whether the device's name is known */
    BLUETOOTH_LEGACY_PAIRING = 1 << 1,
    BLUETOOTH_NOT_CONNECTABLE = 1 << 2,
};

struct bluetooth_request {
    uint16_t command, adapter;
    uint8_t length; /* of the parameters */
    uint8_t parameters[8];
};

struct bluetooth_information {
    struct macaddr address;
    uint8_t version; /* of HCI: 6 is Bluetooth 4.0 */
    uint32_t supported, settings;
};

struct bluetooth_found {
    struct macaddr address;
    uint8_t address_type; /* enum bluetooth_address_type */
    int8_t signal;        /* dBm, 0 unknown */
    uint32_t flags;       /* enum bluetooth_found_flag */
    struct slice data;    /* AD structures */
};

/* Codes of events. */
enum bluetooth_event {
    BLUETOOTH_OTHER = 0,      /* none */
    BLUETOOTH_REPLY = 0x0001, /* also the event 0x0002, which carries a status and no more */
    BLUETOOTH_REMOVED = 0x0005,
    BLUETOOTH_SETTINGS = 0x0006,
    BLUETOOTH_FOUND = 0x0012,
    BLUETOOTH_DISCOVERING = 0x0013,
};

struct bluetooth_message {
    uint16_t event; /* enum bluetooth_event, or one that is not read */
    uint16_t adapter;
    uint16_t command; /* REPLY: what it answers … */
    uint8_t status;   /* … and how that went; what else there is stands only in good ones */
    uint16_t count;   /* REPLY to READ_ADAPTERS */
    uint16_t adapters[BLUETOOTH_ADAPTERS_MAX];
    struct bluetooth_information information; /* REPLY to READ_INFORMATION */
    uint32_t settings;                        /* SETTINGS, REPLY to SET_… */
    struct bluetooth_found found;             /* FOUND */
    bool discovers;                           /* DISCOVERING */
};

/* Reads a frame. 0, or -EBADMSG when it is shorter or longer than it says or must be. */
int bluetooth_management_parse(struct slice frame, struct bluetooth_message *ret_message);

/* Writes a request's frame and gives its length. */
size_t bluetooth_management_write(const struct bluetooth_request *request,
                                  uint8_t ret_frame[BLUETOOTH_REQUEST_MAX]);

/* The answer to BLUETOOTH_NAME_WANTED: that the name is not known, upon which the adapter asks the
 * device for it. */
struct bluetooth_request bluetooth_management_want_name(uint16_t adapter,
                                                        const struct bluetooth_found *found);

#endif
