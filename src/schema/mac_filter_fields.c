/* Tables of the filters by address. See mac_filter_fields.h. */
#include "schema/mac_filter_fields.h"

#include <string.h>

static bool next_phy(const void *record, struct view *view, struct cursor *cursor)
{
    const struct mac_filter_record *filter = record;
    if (cursor->index >= filter->phy_count)
        return false;
    const struct mac_filter_phy *phy = filter->phys[cursor->index++];
    cursor->key.text = phy->name;
    cursor->key.length = strlen(phy->name);
    cursor->element.record = phy;
    return true;
}

/* The text of each rule is made in the same place, which the cursor keeps. */
static bool next_rule(const void *record, enum mac_filter_role role, struct view *view,
                      struct cursor *cursor)
{
    const struct mac_table *table = &((const struct mac_filter_phy *)record)->roles[role];
    if (!cursor->at)
        cursor->at = view_scratch(view, MAC_RULE_TEXT);
    if (!cursor->at || cursor->index >= table->count)
        return false;
    const struct mac_rule *rule = &table->rules[cursor->index++];
    cursor->key.text = cursor->at;
    cursor->key.length = mac_table_write_rule(rule, (char *)cursor->at);
    cursor->element.natural = rule->value;
    return true;
}

static bool next_source(const void *record, struct view *view, struct cursor *cursor)
{
    return next_rule(record, MAC_FILTER_SOURCE, view, cursor);
}

static bool next_destination(const void *record, struct view *view, struct cursor *cursor)
{
    return next_rule(record, MAC_FILTER_DESTINATION, view, cursor);
}

static bool next_network(const void *record, struct view *view, struct cursor *cursor)
{
    return next_rule(record, MAC_FILTER_NETWORK, view, cursor);
}

static bool next_other(const void *record, struct view *view, struct cursor *cursor)
{
    return next_rule(record, MAC_FILTER_OTHER, view, cursor);
}

static bool next_any(const void *record, struct view *view, struct cursor *cursor)
{
    return next_rule(record, MAC_FILTER_ANY, view, cursor);
}

// clang-format off
#define FILTER(wire, kind, member, text) FIELD(wire, kind, struct mac_filter_record, member, text)
#define RULES(wire, walk, text) {.name = (wire), .type = FIELD_MAP_STRING, .element = FIELD_UINT8, .next = (walk), .description = (text)}

static const struct field packet_filter_fields[] = {
    FILTER("kismet.packetfilter.id", FIELD_TEXT, id, "name of the filter in the API"),
    FILTER("kismet.packetfilter.description", FIELD_TEXT, description, "what the filter is for"),
    FILTER("kismet.packetfilter.type", FIELD_TEXT, type, "what it goes by: mac_addr"),
    FILTER("kismet.packetfilter.default", FIELD_UINT8, blocks, "1: packets that no rule speaks of are blocked; 0: they pass"),
    {.name = "kismet.packetfilter.macaddr.blocks_by_phy", .type = FIELD_MAP_STRING, .element = FIELD_RECORD, .record = &mac_filter_packet_phy_type, .next = next_phy, .description = "rules by phy"},
};

static const struct field packet_filter_phy_fields[] = {
    RULES("kismet.packetfilter.macaddr.source", next_source, "rules for the source, by address or address/mask: 1 blocks, 0 lets pass"),
    RULES("kismet.packetfilter.macaddr.destination", next_destination, "rules for the destination, by address or address/mask: 1 blocks, 0 lets pass"),
    RULES("kismet.packetfilter.macaddr.network", next_network, "rules for the network (BSSID), by address or address/mask: 1 blocks, 0 lets pass"),
    RULES("kismet.packetfilter.macaddr.other", next_other, "rules for the transmitter, by address or address/mask: 1 blocks, 0 lets pass"),
    RULES("kismet.packetfilter.macaddr.any", next_any, "rules for any address of the packet, by address or address/mask: 1 blocks, 0 lets pass"),
};

static const struct field class_filter_fields[] = {
    FILTER("kismet.classfilter.id", FIELD_TEXT, id, "name of the filter in the API"),
    FILTER("kismet.classfilter.description", FIELD_TEXT, description, "what the filter is for"),
    FILTER("kismet.classfilter.type", FIELD_TEXT, type, "what it goes by: mac_addr"),
    FILTER("kismet.classfilter.default", FIELD_UINT8, blocks, "1: devices that no rule speaks of are blocked; 0: they pass"),
    {.name = "kismet.classfilter.macaddr.address_by_phy", .type = FIELD_MAP_STRING, .element = FIELD_LIST, .record = &mac_filter_class_phy_type, .next = next_phy, .description = "rules by phy: by address or address/mask, 1 blocks, 0 lets pass"},
};

static const struct field class_filter_phy_fields[] = {
    RULES("kismet.classfilter.macaddr.filter_block", next_any, "rules by address or address/mask: 1 blocks, 0 lets pass"),
};

const struct record_type mac_filter_packet_type = RECORD_TYPE("packet filter", packet_filter_fields);
const struct record_type mac_filter_packet_phy_type = RECORD_TYPE("packet filter of a phy", packet_filter_phy_fields);
const struct record_type mac_filter_class_type = RECORD_TYPE("device filter", class_filter_fields);
const struct record_type mac_filter_class_phy_type = RECORD_TYPE("device filter of a phy", class_filter_phy_fields);
