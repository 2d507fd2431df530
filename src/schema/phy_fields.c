/* Table of the phy record. */
#include "schema/phy_fields.h"

// clang-format off
static const struct field phy_fields[] = {
    FIELD("kismet.phy.phy_id", FIELD_UINT32, struct phy_record, number, "number of the phy in this run"),
    FIELD("kismet.phy.phy_name", FIELD_TEXT, struct phy_record, name, "name of the phy"),
    FIELD("kismet.phy.device_count", FIELD_UINT64, struct phy_record, devices, "devices of this phy now"),
    FIELD("kismet.phy.packet_count", FIELD_UINT64, struct phy_record, packets, "packets of this phy"),
    FIELD("kismet.phy.id", FIELD_UINT32, struct phy_record, number, "number of the phy, 2016 name"),
    FIELD("kismet.phy.name", FIELD_TEXT, struct phy_record, name, "name of the phy, 2016 name"),
    FIELD("kismet.phy.devices", FIELD_UINT64, struct phy_record, devices, "devices of this phy now, 2016 name"),
    FIELD("kismet.phy.packets", FIELD_UINT64, struct phy_record, packets, "packets of this phy, 2016 name"),
    FIELD("kismet.phy.packets.data", FIELD_UINT64, struct phy_record, packets_data, "data packets of this phy"),
    FIELD("kismet.phy.packets.crypt", FIELD_UINT64, struct phy_record, packets_crypt, "encrypted data packets of this phy"),
    FIELD("kismet.phy.packets.error", FIELD_UINT64, struct phy_record, packets_error, "packets of this phy with a wrong checksum or a broken header"),
    FIELD("kismet.phy.packets.filtered", FIELD_UINT64, struct phy_record, packets_filtered, "packets of this phy that a filter left out"),
};

const struct record_type phy_record_type = RECORD_TYPE("phy", phy_fields);
