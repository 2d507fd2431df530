/* What is known of a device as a Bluetooth one: what it says of itself in advertising data or
 * extended inquiry responses, which both Bluetooth phys share, and what the phy of basic rate knows
 * beside. Pool objects of the store, kept by phy/bluetooth_*. Texts are interned. */
#ifndef NORN_SCHEMA_BLUETOOTH_FIELDS_H
#define NORN_SCHEMA_BLUETOOTH_FIELDS_H

#include "schema/device_fields.h"

/* Bytes kept as they came. */
struct bluetooth_bytes {
    uint16_t length;
    uint8_t bytes[];
};

/* A service that a device offers, wants, or sends data of. */
struct bluetooth_service {
    struct bluetooth_service *next;
    struct uuid uuid;
    const struct string *name; /* NULL where nobody knows it */
    struct bluetooth_bytes *data;
    uint8_t is_offered, is_solicited;
};

/* A name that a device gave itself. */
struct bluetooth_heard_name {
    struct bluetooth_heard_name *next;
    const struct string *text;
    uint8_t is_short;
};

enum { BLUETOOTH_TARGETS_MAX = 8 };

/* What few devices say. */
struct bluetooth_advertised_extra {
    const struct string *uri;
    uint32_t interval; /* between advertisements, 625 us */
    uint8_t target_count;
    struct macaddr targets[BLUETOOTH_TARGETS_MAX]; /* whom the advertising is for */
};

enum bluetooth_advertised_bit {
    BLUETOOTH_HAS_FLAGS = 1,
    BLUETOOTH_HAS_POWER = 2,
    BLUETOOTH_HAS_APPEARANCE = 4,
    BLUETOOTH_HAS_COMPANY = 8,
    BLUETOOTH_HAS_CLASS = 16,
    BLUETOOTH_HAS_ROLE = 32,
};

/* The newest of each that a device said of itself. */
struct bluetooth_advertised {
    struct bluetooth_service *services; /* newest first */
    struct bluetooth_heard_name *names; /* newest first */
    struct bluetooth_advertised_extra *extra;
    const struct string *company_name;
    uint32_t device_class; /* 24 bits */
    uint16_t company, appearance;
    int8_t power;    /* dBm */
    uint8_t present; /* enum bluetooth_advertised_bit */
    uint8_t flags;
    uint8_t role;
    uint8_t service_count, name_count;
};

/* Kinds of radio, as capture tools number them. */
enum bluetooth_kind {
    BLUETOOTH_BASIC_RATE,
    BLUETOOTH_LOW_ENERGY,
    BLUETOOTH_LOW_ENERGY_RANDOM, /* its address is a random one */
};

struct bluetooth_device {
    struct bluetooth_advertised advertised;
    struct bluetooth_bytes *scan_data;
    uint64_t features;  /* LMP features, the first page */
    uint32_t data_hash; /* of the extended inquiry response that was parsed last */
    int16_t path_loss;
    uint8_t kind;       /* enum bluetooth_kind */
    uint8_t is_adapter; /* the capturing host's own */
};

extern const struct record_type bluetooth_device_type;
extern const struct record_type bluetooth_service_type;
extern const struct record_type bluetooth_advertised_type;

#endif
