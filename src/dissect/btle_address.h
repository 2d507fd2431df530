/* Bluetooth device addresses as they are sent: least significant octet first (Core Specification
 * Vol 6, Part B, 1.3). Input: a reader; output: the address in the order people write it. */
#ifndef NORN_DISSECT_BTLE_ADDRESS_H
#define NORN_DISSECT_BTLE_ADDRESS_H

#include "util/bytes.h"
#include "util/macaddr.h"

/* The next six bytes as an address; zeroes when there are fewer. */
static inline struct macaddr btle_address_read(struct reader *reader)
{
    uint64_t low = reader_le32(reader);
    return macaddr_from_u64((low | (uint64_t)reader_le16(reader) << 32) << 16);
}

#endif
