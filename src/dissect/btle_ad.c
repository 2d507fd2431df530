/* Advertising data, one row a type: least length, size of the units of a list, parser. See
 * btle_ad.h. */
#include "dissect/btle_ad.h"

#include <stddef.h>

#include "dissect/btle_address.h"
#include "schema/bluetooth_uuid.h"
#include "util/bytes.h"

enum { ROWS = 29, UUID_BYTES = 16 };

struct ad_type {
    uint8_t type;
    uint8_t least;  /* octets of content */
    uint8_t unit;   /* octets of a UUID, or of an item; 0: no list */
    bool is_marked; /* what the parser makes of it: complete, random, ... */
    void (*parse)(struct reader *content, const struct ad_type *type, struct btle_ad *ad);
};

static const struct ad_type ad_types[ROWS];

static struct uuid read_uuid(struct reader *content, uint8_t size)
{
    struct uuid uuid;
    if (size == 2)
        return bluetooth_uuid_of(reader_le16(content));
    if (size == 4)
        return bluetooth_uuid_of(reader_le32(content));
    for (int i = UUID_BYTES - 1; i >= 0; i--)
        uuid.octet[i] = reader_u8(content);
    return uuid;
}

static struct btle_ad_bytes rest_of(struct reader *content)
{
    struct btle_ad_bytes rest = {.length = (uint8_t)reader_left(content)};
    rest.bytes = reader_bytes(content, rest.length);
    return rest;
}

static void parse_flags(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_flags = true;
    ad->flags = reader_u8(content);
}

static void add_uuids(struct reader *content, const struct ad_type *type, bool is_solicited,
                      struct btle_ad *ad)
{
    while (reader_left(content) >= type->unit && ad->uuid_count < BTLE_AD_UUIDS_MAX)
        ad->uuids[ad->uuid_count++] = (struct btle_ad_uuid){.uuid = read_uuid(content, type->unit),
                                                            .is_solicited = is_solicited,
                                                            .is_complete = type->is_marked};
}

static void parse_uuids(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    add_uuids(content, type, false, ad);
}

static void parse_solicited(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    add_uuids(content, type, true, ad);
}

static void parse_name(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->name = rest_of(content);
}

static void parse_short_name(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->short_name = rest_of(content);
}

static void parse_power(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_power = true;
    ad->power = (int8_t)reader_u8(content);
}

static void parse_class(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_class = true;
    ad->device_class = reader_le16(content);
    ad->device_class |= (uint32_t)reader_u8(content) << 16;
}

static void parse_service(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    if (ad->service_count == BTLE_AD_SERVICES_MAX)
        return;
    struct btle_ad_service *service = &ad->services[ad->service_count++];
    service->uuid = read_uuid(content, type->unit);
    service->data = rest_of(content);
}

static void parse_targets(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    while (reader_left(content) >= type->unit && ad->target_count < BTLE_AD_TARGETS_MAX)
        ad->targets[ad->target_count++] = (struct btle_ad_target){.mac = btle_address_read(content),
                                                                  .is_random = type->is_marked};
}

static void parse_appearance(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_appearance = true;
    ad->appearance = reader_le16(content);
}

static void parse_interval(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->interval = reader_le16(content);
    if (reader_left(content))
        ad->interval |= (uint32_t)reader_u8(content) << 16;
}

static void parse_address(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_address = true;
    ad->address = btle_address_read(content);
    ad->address_is_random = reader_u8(content) & 1;
}

static void parse_role(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->has_role = true;
    ad->role = reader_u8(content);
}

static void parse_uri(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    ad->uri = rest_of(content);
}

static void parse_maker(struct reader *content, const struct ad_type *type, struct btle_ad *ad)
{
    if (ad->maker_count == BTLE_AD_MAKERS_MAX)
        return;
    struct btle_ad_maker *maker = &ad->makers[ad->maker_count++];
    maker->company = reader_le16(content);
    maker->data = rest_of(content);
}

static const struct ad_type *find_type(uint8_t type)
{
    for (size_t i = 0; i < ROWS; i++)
        if (ad_types[i].type == type)
            return &ad_types[i];
    return NULL;
}

static void blame(struct btle_ad *ad, enum malformed reason)
{
    if (!ad->malformed)
        ad->malformed = reason;
}

static void parse_structure(struct reader *content, struct btle_ad *ad)
{
    const struct ad_type *type = find_type(reader_u8(content));
    if (!type)
        return;
    if (reader_left(content) < type->least)
        blame(ad, MALFORMED_AD_CONTENT);
    else if (type->parse)
        type->parse(content, type, ad);
}

void btle_ad_parse(const uint8_t *data, uint32_t length, struct btle_ad *ret_ad)
{
    struct reader reader = reader_over(data, length);
    *ret_ad = (struct btle_ad){.malformed = MALFORMED_NONE};
    while (reader_left(&reader)) {
        uint8_t size = reader_u8(&reader);
        if (!size)
            return; /* the rest is filled up with zeroes */
        struct reader content = reader_part(&reader, size);
        if (content.failed) {
            blame(ret_ad, MALFORMED_AD_LENGTH);
            return;
        }
        parse_structure(&content, ret_ad);
    }
}

// clang-format off
static const struct ad_type ad_types[ROWS] = {
    {0x01, 1, 0, false, parse_flags},
    {0x02, 2, 2, false, parse_uuids},
    {0x03, 0, 2, true, parse_uuids}, /* an empty list is all there is */
    {0x04, 4, 4, false, parse_uuids},
    {0x05, 0, 4, true, parse_uuids},
    {0x06, 16, 16, false, parse_uuids},
    {0x07, 0, 16, true, parse_uuids},
    {0x08, 0, 0, false, parse_short_name},
    {0x09, 0, 0, true, parse_name},
    {0x0a, 1, 0, false, parse_power},
    {0x0d, 3, 0, false, parse_class},
    {0x12, 4, 0, false, NULL}, /* intervals a peripheral would like */
    {0x14, 2, 2, false, parse_solicited},
    {0x15, 16, 16, false, parse_solicited},
    {0x16, 2, 2, false, parse_service},
    {0x17, 6, 6, false, parse_targets},
    {0x18, 6, 6, true, parse_targets},
    {0x19, 2, 0, false, parse_appearance},
    {0x1a, 2, 0, false, parse_interval},
    {0x1b, 7, 0, false, parse_address},
    {0x1c, 1, 0, false, parse_role},
    {0x1f, 4, 4, false, parse_solicited},
    {0x20, 4, 4, false, parse_service},
    {0x21, 16, 16, false, parse_service},
    {0x24, 1, 0, false, parse_uri},
    {0x27, 1, 0, false, NULL}, /* features of the link layer */
    {0x2f, 3, 0, false, parse_interval},
    {0x30, 4, 0, false, NULL}, /* name of a broadcast */
    {0xff, 2, 0, false, parse_maker},
};
// clang-format on
