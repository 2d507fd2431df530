/* Addresses, alone or under a mask, with a value each: lists to watch for, to filter by. Kept
 * sorted by mask, so that an address is looked up by one binary search for each mask in use. Not
 * thread-safe. */
#ifndef NORN_UTIL_MAC_TABLE_H
#define NORN_UTIL_MAC_TABLE_H

#include "util/macaddr.h"

struct mac_rule {
    uint64_t mac, mask; /* as macaddr_u64(); the address has no bits outside the mask */
    uint8_t value;
};

struct mac_table {
    struct mac_rule *rules; /* by mask, shortest first, then by address */
    uint32_t count, capacity;
};

void mac_table_done(struct mac_table *table);

/* The rule of an address under that very mask; NULL. */
struct mac_rule *mac_table_find(const struct mac_table *table, struct macaddr mac, uint64_t mask);

/* The same, added with value 0 where it is missing. NULL without memory; no rule's place holds
 * after that. */
struct mac_rule *mac_table_add(struct mac_table *table, struct macaddr mac, uint64_t mask);

/* Takes a rule of the table out. */
void mac_table_remove(struct mac_table *table, struct mac_rule *rule);

/* The rules that an address falls under, the longest mask first: `at` begins as the table's count
 * and moves on. NULL: no more. */
const struct mac_rule *mac_table_match(const struct mac_table *table, struct macaddr mac,
                                       uint32_t *at);

/* "AA:BB:CC:DD:EE:FF", with "/" and the mask where it is not whole; its length. */
enum { MAC_RULE_TEXT = 2 * MACADDR_TEXT };
size_t mac_table_write_rule(const struct mac_rule *rule, char ret_text[MAC_RULE_TEXT]);

#endif
