/* MAC addresses as values: 6 octets (EUI-48), left-aligned in a 64-bit integer as the API's
 * device keys want them; text in and out; masks. IEEE Std 802-2014, clause 8. */
#ifndef NORN_UTIL_MACADDR_H
#define NORN_UTIL_MACADDR_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct macaddr {
    uint8_t octet[6];
};

enum { MACADDR_TEXT = 18 }; /* "AA:BB:CC:DD:EE:FF" and its NUL */

/* First octet in bits 63..56, low 16 bits zero. */
static inline uint64_t macaddr_u64(struct macaddr mac)
{
    uint64_t value = 0;
    memcpy(&value, &mac, sizeof mac);
    return be64toh(value);
}

static inline struct macaddr macaddr_from_u64(uint64_t value)
{
    struct macaddr mac;
    for (int i = 0; i < 6; i++)
        mac.octet[i] = (uint8_t)(value >> (56 - 8 * i));
    return mac;
}

static inline bool macaddr_equal(struct macaddr a, struct macaddr b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Group bit set: multicast or broadcast, never a device. */
static inline bool macaddr_is_group(struct macaddr mac)
{
    return mac.octet[0] & 1;
}

/* Locally administered: not from a maker's block, most often made up at random. */
static inline bool macaddr_is_local(struct macaddr mac)
{
    return mac.octet[0] & 2;
}

static inline bool macaddr_is_zero(struct macaddr mac)
{
    return macaddr_u64(mac) == 0;
}

/* For printf, where the text may not be wanted in the end: "..." MACADDR_FORMAT,
 * MACADDR_OCTETS(mac). */
#define MACADDR_FORMAT "%02X:%02X:%02X:%02X:%02X:%02X"
#define MACADDR_OCTETS(mac)                                                                        \
    (mac).octet[0], (mac).octet[1], (mac).octet[2], (mac).octet[3], (mac).octet[4], (mac).octet[5]

/* Upper-case, colons, NUL at ret_text[17]. */
void macaddr_write(struct macaddr mac, char ret_text[MACADDR_TEXT]);

/* Parses 12 hex digits, colons or dashes optional, any case; an optional "/mask" in the same
 * form. `ret_mask` (may be NULL: then a mask is an error) is all ones without one.
 * 0, or -EINVAL with nothing written. */
int macaddr_parse(const char *text, size_t length, struct macaddr *ret_mac, uint64_t *ret_mask);

#endif
