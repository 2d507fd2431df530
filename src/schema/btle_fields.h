/* What is known of a device as a Bluetooth low energy one. Pool objects of the store, kept by
 * phy/btle_phy. */
#ifndef NORN_SCHEMA_BTLE_FIELDS_H
#define NORN_SCHEMA_BTLE_FIELDS_H

#include "schema/bluetooth_fields.h"

/* Kinds of addresses (Core Specification Vol 6, Part B, 1.3). */
enum btle_address {
    BTLE_ADDRESS_PUBLIC,         /* registered with the IEEE */
    BTLE_ADDRESS_STATIC,         /* random, the same until the device is switched off */
    BTLE_ADDRESS_RESOLVABLE,     /* random, changing; known to those that share a key */
    BTLE_ADDRESS_NON_RESOLVABLE, /* random, changing */
    BTLE_ADDRESS_RESERVED,       /* random, of no kind there is */
};

struct btle_device {
    struct bluetooth_advertised advertised;
    uint32_t data_hash, response_hash; /* of the advertising data that was parsed last */
    const char *last_pdu;              /* name of its newest advertising PDU; constant */
    uint16_t connections;              /* that it was asked for or asked for */
    uint8_t address;                   /* enum btle_address */
    uint8_t goes_on;                   /* the newest report's data was not all there */
};

/* The kind of an address of which the air says whether it is random. */
enum btle_address btle_address_of(struct macaddr mac, bool is_random);

extern const struct record_type btle_device_type;

#endif
