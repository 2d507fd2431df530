/* The device: the central record. What every phy shares lies here; what its own phy knows hangs off
 * the union. Hot members come first. Pool objects of the store; see track/device.h for the rules.
 */
#ifndef NORN_SCHEMA_DEVICE_FIELDS_H
#define NORN_SCHEMA_DEVICE_FIELDS_H

#include "schema/history.h"
#include "schema/location_fields.h"
#include "schema/signal_fields.h"

struct dot11_device;
struct location_cloud;
struct bluetooth_device;
struct btle_device;

/* Which member of a device's union is its phy's. */
enum device_part {
    DEVICE_PART_DOT11,
    DEVICE_PART_BLUETOOTH,
    DEVICE_PART_BTLE,
};

enum device_type_bit {
    DEVICE_TYPE_AP = 1,
    DEVICE_TYPE_CLIENT = 2,
    DEVICE_TYPE_WIRED = 4,
    DEVICE_TYPE_PEER = 8,
};

enum device_crypt_bit {
    DEVICE_CRYPT_ENCRYPTED = 2,
    DEVICE_CRYPT_LAYER2 = 4,
    DEVICE_CRYPT_LAYER3 = 8,
    DEVICE_CRYPT_WEAK = 16,
    DEVICE_CRYPT_DECRYPTED = 32,
};

enum device_flag {
    DEVICE_LOCAL_ADDRESS = 1,  /* locally administered, most often random */
    DEVICE_EVICTED = 2,        /* out of the indexes, kept for streams that may still name it */
    DEVICE_STATED_CHANNEL = 4, /* `channel` is what the device says, not what the radio was on */
    DEVICE_WATCH_FOUND = 8,    /* somebody wants to know when it appears */
    DEVICE_WATCH_LOST = 16,    /* ... and when it falls silent */
    DEVICE_OWN_CHANNELS =
        32, /* `channel` is of its phy's own numbering: not in the channels' map */
};

/* One source that heard a device. */
struct seenby {
    struct seenby *next;
    uint64_t first_time, last_time, packets;
    uint16_t source;
    int8_t last_signal, minimum_signal, maximum_signal; /* dBm, 0 none */
};

/* Packets of a device on one frequency. */
struct frequency_count {
    uint32_t frequency; /* kHz */
    uint32_t packets;
};

/* A word that an operator hung on a device, with what it says. */
struct device_tag {
    struct device_tag *next;
    const struct string *name, *value;
};

/* What an operator wrote about a device; it outlives the device, see track/device_note.h. */
struct device_note {
    struct device_key key;
    const struct string *name;
    struct device_tag *tags; /* by name */
    uint32_t tag_count;
};

struct device {
    /* What each packet touches: DEVICE_HOT_BYTES. */
    struct macaddr mac;
    uint8_t phy;
    uint8_t flags;             /* enum device_flag */
    uint32_t id;               /* dense; index of the store's columns */
    uint16_t watch_generation; /* of the watch list that the flags were made of */
    uint16_t awaited;          /* place, plus one, among those whose loss is watched for; 0: none */
    uint64_t last_time, first_time, mod_time; /* seconds; mod_time by the server's clock */
    uint64_t packets, packets_sent, packets_received;
    uint64_t packets_llc, packets_data, packets_crypt, data_bytes;
    union { /* what its phy knows, NULL: nothing */
        struct dot11_device *dot11;
        struct bluetooth_device *bluetooth;
        struct btle_device *btle;
    };
    struct history history;
    uint32_t frequency; /* kHz, newest */
    uint16_t source;    /* newest source: its clock is the device's */
    uint8_t basic_type, basic_crypt;
    struct signal signal;
    struct seenby *seenby; /* the first one lies in first_seenby */
    struct seenby first_seenby;
    struct frequency_count *frequencies; /* as they came; first_frequency while there is one */
    struct frequency_count first_frequency;
    uint8_t frequency_count, frequency_room; /* room of 0: first_frequency's */
    uint8_t frequency_at;                    /* of the newest */
    uint32_t ordered_time; /* last_time when it was put at the new end of the order of hearing */
    /* The rest. */
    uint32_t packets_error, packets_filtered, alerts;
    uint8_t part;        /* enum device_part */
    int16_t peak_signal; /* strongest that was heard at a known place: at `peak` */
    const struct string *channel, *name, *manufacturer, *crypt, *type;
    const struct device_note *note; /* of the store's; NULL: none */
    struct location_summary *location;
    struct location *peak;
    struct location_cloud *cloud; /* every place, where the option asks for them */
};

enum { DEVICE_HOT_BYTES = offsetof(struct device, packets_error) };

/* What a phy knows of a device; NULL when it knows nothing or is another's. */
static inline struct dot11_device *device_dot11(const struct device *device)
{
    return device->part == DEVICE_PART_DOT11 ? device->dot11 : NULL;
}

static inline struct bluetooth_device *device_bluetooth(const struct device *device)
{
    return device->part == DEVICE_PART_BLUETOOTH ? device->bluetooth : NULL;
}

static inline struct btle_device *device_btle(const struct device *device)
{
    return device->part == DEVICE_PART_BTLE ? device->btle : NULL;
}

extern const struct record_type device_type;
extern const struct record_type seenby_type;
extern const struct record_type device_note_type;

/* Key of a device, as the API prints it. */
struct device_key device_record_key(const struct device *device, const struct view *view);

/* Key of another address of the same phy. */
struct device_key device_record_key_of(struct macaddr mac, uint8_t phy, const struct view *view);

/* Now, as the device's source sees it: a file's packet time or the server's clock. */
uint64_t device_record_now(const struct device *device, const struct view *view);

#endif
