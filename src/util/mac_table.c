/* Sorted tables of addresses under masks. See mac_table.h. */
#include "util/mac_table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 8 };

void mac_table_done(struct mac_table *table)
{
    free(table->rules);
    *table = (struct mac_table){0};
}

/* The first rule not before (mask, mac), or `count`. */
static uint32_t lower_bound(const struct mac_table *table, uint64_t mask, uint64_t mac)
{
    uint32_t first = 0, end = table->count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        const struct mac_rule *at = &table->rules[middle];
        if (at->mask < mask || (at->mask == mask && at->mac < mac))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static struct mac_rule *find(const struct mac_table *table, uint64_t mac, uint64_t mask)
{
    uint32_t at = lower_bound(table, mask, mac);
    struct mac_rule *rule = at < table->count ? &table->rules[at] : NULL;
    return rule && rule->mask == mask && rule->mac == mac ? rule : NULL;
}

struct mac_rule *mac_table_find(const struct mac_table *table, struct macaddr mac, uint64_t mask)
{
    return find(table, macaddr_u64(mac) & mask, mask);
}

static bool grow(struct mac_table *table)
{
    uint32_t capacity = table->capacity ? 2 * table->capacity : FIRST_CAPACITY;
    struct mac_rule *rules = realloc(table->rules, capacity * sizeof *rules);
    if (!rules)
        return false;
    table->rules = rules;
    table->capacity = capacity;
    return true;
}

struct mac_rule *mac_table_add(struct mac_table *table, struct macaddr mac, uint64_t mask)
{
    uint64_t address = macaddr_u64(mac) & mask;
    struct mac_rule *rule = find(table, address, mask);
    if (rule)
        return rule;
    if (table->count == table->capacity && !grow(table))
        return NULL;
    uint32_t at = lower_bound(table, mask, address);
    rule = &table->rules[at];
    memmove(rule + 1, rule, (table->count++ - at) * sizeof *rule);
    *rule = (struct mac_rule){.mac = address, .mask = mask};
    return rule;
}

void mac_table_remove(struct mac_table *table, struct mac_rule *rule)
{
    uint32_t at = (uint32_t)(rule - table->rules);
    memmove(rule, rule + 1, (--table->count - at) * sizeof *rule);
}

const struct mac_rule *mac_table_match(const struct mac_table *table, struct macaddr mac,
                                       uint32_t *at)
{
    const struct mac_rule *rule = NULL;
    uint64_t address = macaddr_u64(mac);
    while (!rule && *at > 0) {
        uint64_t mask = table->rules[*at - 1].mask;
        rule = find(table, address & mask, mask);
        *at = lower_bound(table, mask, 0);
    }
    return rule;
}

size_t mac_table_write_rule(const struct mac_rule *rule, char ret_text[MAC_RULE_TEXT])
{
    macaddr_write(macaddr_from_u64(rule->mac), ret_text);
    if (rule->mask < UINT64_MAX << 16) {
        ret_text[MACADDR_TEXT - 1] = '/';
        macaddr_write(macaddr_from_u64(rule->mask), ret_text + MACADDR_TEXT);
    }
    return strlen(ret_text);
}
