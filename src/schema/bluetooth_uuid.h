/* UUIDs of Bluetooth: numbers of 16 and 32 bits stand for UUIDs over one base (Core Specification
 * Vol 3, Part B, 2.5.1). Input: numbers off the air or of the configuration; output: UUIDs. */
#ifndef NORN_SCHEMA_BLUETOOTH_UUID_H
#define NORN_SCHEMA_BLUETOOTH_UUID_H

#include "util/uuid.h"

/* The UUID of a number: xxxxxxxx-0000-1000-8000-00805F9B34FB. */
static inline struct uuid bluetooth_uuid_of(uint32_t number)
{
    struct uuid uuid = {{0, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb}};
    for (int i = 0; i < 4; i++)
        uuid.octet[i] = (uint8_t)(number >> (24 - 8 * i));
    return uuid;
}

/* The number of 16 bits that a UUID stands for; false when it stands for none. */
static inline bool bluetooth_uuid_short(struct uuid uuid, uint16_t *ret_number)
{
    uint16_t number = (uint16_t)(uuid.octet[2] << 8 | uuid.octet[3]);
    if (!uuid_equal(uuid, bluetooth_uuid_of(number)))
        return false;
    *ret_number = number;
    return true;
}

#endif
