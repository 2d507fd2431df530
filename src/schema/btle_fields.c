/* Table of the low energy record. */
#include "schema/btle_fields.h"

enum btle_address btle_address_of(struct macaddr mac, bool is_random)
{
    static const uint8_t kinds[] = {BTLE_ADDRESS_NON_RESOLVABLE, BTLE_ADDRESS_RESOLVABLE,
                                    BTLE_ADDRESS_RESERVED, BTLE_ADDRESS_STATIC};
    return is_random ? kinds[mac.octet[0] >> 6] : BTLE_ADDRESS_PUBLIC;
}

static void get_address(const void *record, struct view *view, struct value *ret)
{
    static const char *const kinds[] = {
        [BTLE_ADDRESS_PUBLIC] = "public",         [BTLE_ADDRESS_STATIC] = "static random",
        [BTLE_ADDRESS_RESOLVABLE] = "resolvable", [BTLE_ADDRESS_NON_RESOLVABLE] = "non-resolvable",
        [BTLE_ADDRESS_RESERVED] = "reserved",
    };
    ret->text = kinds[((const struct btle_device *)record)->address];
    ret->length = strlen(ret->text);
}

static uint64_t flag_of(const void *record, unsigned bit)
{
    return (((const struct btle_device *)record)->advertised.flags & bit) != 0;
}

static void get_limited(const void *record, struct view *view, struct value *ret)
{
    ret->natural = flag_of(record, 0x01);
}

static void get_general(const void *record, struct view *view, struct value *ret)
{
    ret->natural = flag_of(record, 0x02);
}

static void get_unsupported(const void *record, struct view *view, struct value *ret)
{
    ret->natural = flag_of(record, 0x04);
}

static void get_controller(const void *record, struct view *view, struct value *ret)
{
    ret->natural = flag_of(record, 0x08);
}

static void get_host(const void *record, struct view *view, struct value *ret)
{
    ret->natural = flag_of(record, 0x10);
}

// clang-format off
#define FLAG(wire, getter, text) {.name = (wire), .type = FIELD_UINT8, .get = (getter), .description = (text)}
#define BTLE(wire, kind, member, text) FIELD(wire, kind, struct btle_device, member, text)

static const struct field btle_device_fields[] = {
    FLAG("btle.device.le_limited_discoverable", get_limited, "1: it may be found for a short while only"),
    FLAG("btle.device.le_general_discoverable", get_general, "1: it may be found at any time"),
    FLAG("btle.device.br_edr_unsupported", get_unsupported, "1: it says that it has no basic rate"),
    FLAG("btle.device.simultaneous_br_edr_controller", get_controller, "1: its controller does basic rate at the same time"),
    FLAG("btle.device.simultaneous_br_edr_host", get_host, "1: its host does basic rate at the same time"),
    {.name = "norn.btle.address_kind", .type = FIELD_TEXT, .get = get_address, .description = "kind of its address: public, static random, resolvable, non-resolvable or reserved"},
    BTLE("norn.btle.last_pdu", FIELD_TEXT, last_pdu, "name of its newest advertising PDU; empty while it was only spoken to"),
    BTLE("norn.btle.connections", FIELD_UINT16, connections, "connections that it or somebody with it began"),
    {.name = "norn.btle.advertised", .type = FIELD_INLINE, .offset = offsetof(struct btle_device, advertised), .record = &bluetooth_advertised_type, .description = "what it says of itself"},
};

const struct record_type btle_device_type = RECORD_TYPE("low energy device", btle_device_fields);
