/* The table of SSIDs as records of their own. See ssid_group_fields.h. */
#include "schema/ssid_group_fields.h"

#include "schema/device_fields.h"

static void get_hash(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ssid_group_hash_shown(((const struct ssid_group *)record)->hash);
}

static bool next_member(const struct ssid_group *group, enum ssid_kind kind,
                        const struct view *view, struct cursor *cursor)
{
    const struct ssid_member *at =
        cursor->index ? ((const struct ssid_member *)cursor->at)->next : group->members[kind];
    if (!at || cursor->index++ == SSID_LISTED_MAX)
        return false;
    cursor->at = at;
    cursor->element.key = device_record_key_of(at->mac, group->phy, view);
    return true;
}

static bool next_advertised(const void *record, struct view *view, struct cursor *cursor)
{
    return next_member(record, SSID_ADVERTISED, view, cursor);
}

static bool next_responded(const void *record, struct view *view, struct cursor *cursor)
{
    return next_member(record, SSID_RESPONDED, view, cursor);
}

static bool next_probed(const void *record, struct view *view, struct cursor *cursor)
{
    return next_member(record, SSID_PROBED, view, cursor);
}

// clang-format off
#define GROUP(wire, kind, member, text) FIELD(wire, kind, struct ssid_group, member, text)
#define DEVICES(wire, walk, text) {.name = (wire), .type = FIELD_LIST, .element = FIELD_KEY, .next = (walk), .description = (text)}

static const struct field ssid_group_fields[] = {
    GROUP("dot11.ssidgroup.ssid", FIELD_STRING, ssid, "SSID, unprintable bytes as octal escapes"),
    GROUP("dot11.ssidgroup.ssid_len", FIELD_UINT32, ssid_length, "length of the SSID in bytes"),
    {.name = "dot11.ssidgroup.hash", .type = FIELD_UINT64, .get = get_hash, .description = "hash of the SSID, as in dot11.advertisedssid.ssid_hash"},
    GROUP("dot11.ssidgroup.first_time", FIELD_UINT64, first_time, "when it was first heard, seconds"),
    GROUP("dot11.ssidgroup.last_time", FIELD_UINT64, last_time, "when it was last heard, seconds"),
    GROUP("dot11.ssidgroup.crypt_set", FIELD_UINT64, crypt_set, "encryption of the network heard last, as the older bits"),
    GROUP("dot11.ssidgroup.crypt_string", FIELD_STRING, crypt, "encryption of the network heard last, in words"),
    DEVICES("dot11.ssidgroup.advertising_devices", next_advertised, "keys of the devices that beacon it, at most 4096, newest first"),
    DEVICES("dot11.ssidgroup.responding_devices", next_responded, "keys of the devices that answer probes with it, at most 4096, newest first"),
    DEVICES("dot11.ssidgroup.probing_devices", next_probed, "keys of the devices that probe for it, at most 4096, newest first"),
    GROUP("dot11.ssidgroup.advertising_devices_len", FIELD_UINT64, counts[SSID_ADVERTISED], "how many devices beacon it"),
    GROUP("dot11.ssidgroup.responding_devices_len", FIELD_UINT64, counts[SSID_RESPONDED], "how many devices answer probes with it"),
    GROUP("dot11.ssidgroup.probing_devices_len", FIELD_UINT64, counts[SSID_PROBED], "how many devices probe for it"),
};

const struct record_type ssid_group_type = RECORD_TYPE("SSID", ssid_group_fields);
