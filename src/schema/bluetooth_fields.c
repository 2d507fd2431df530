/* Tables of the Bluetooth records: services, what a device says of itself, the device. */
#include "schema/bluetooth_fields.h"

#include "schema/bluetooth_class.h"
#include "schema/bluetooth_uuid.h"

static void give_text(const char *text, struct value *ret)
{
    ret->text = text;
    ret->length = strlen(text);
}

static void give_bytes(const struct bluetooth_bytes *bytes, struct value *ret)
{
    if (bytes)
        ret->bytes = (struct bytes){bytes->bytes, bytes->length};
}

static void get_short_uuid(const void *record, struct view *view, struct value *ret)
{
    uint16_t number = 0;
    bluetooth_uuid_short(((const struct bluetooth_service *)record)->uuid, &number);
    ret->natural = number;
}

static void get_service_data(const void *record, struct view *view, struct value *ret)
{
    give_bytes(((const struct bluetooth_service *)record)->data, ret);
}

static bool next_service(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_advertised *advertised = record;
    const struct bluetooth_service *at = cursor->index++
                                             ? ((const struct bluetooth_service *)cursor->at)->next
                                             : advertised->services;
    cursor->at = at;
    cursor->element = (struct value){.type = FIELD_RECORD, .record = at};
    return at != NULL;
}

static bool next_name(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_advertised *advertised = record;
    const struct bluetooth_heard_name *at =
        cursor->index++ ? ((const struct bluetooth_heard_name *)cursor->at)->next
                        : advertised->names;
    cursor->at = at;
    if (!at)
        return false;
    cursor->element = (struct value){
        .type = FIELD_STRING, .text = string_text(at->text), .length = string_length(at->text)};
    return true;
}

static bool next_target(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_advertised_extra *extra =
        ((const struct bluetooth_advertised *)record)->extra;
    if (!extra || cursor->index >= extra->target_count)
        return false;
    cursor->element = (struct value){.type = FIELD_MAC, .mac = extra->targets[cursor->index++]};
    return true;
}

static bool lacks(const void *record, unsigned bit)
{
    return !(((const struct bluetooth_advertised *)record)->present & bit);
}

static void get_flags(const void *record, struct view *view, struct value *ret)
{
    ret->absent = lacks(record, BLUETOOTH_HAS_FLAGS);
    ret->natural = ((const struct bluetooth_advertised *)record)->flags;
}

static void get_power(const void *record, struct view *view, struct value *ret)
{
    ret->absent = lacks(record, BLUETOOTH_HAS_POWER);
    ret->integer = ((const struct bluetooth_advertised *)record)->power;
}

static void get_company(const void *record, struct view *view, struct value *ret)
{
    ret->absent = lacks(record, BLUETOOTH_HAS_COMPANY);
    ret->natural = ((const struct bluetooth_advertised *)record)->company;
}

static void get_appearance(const void *record, struct view *view, struct value *ret)
{
    ret->absent = lacks(record, BLUETOOTH_HAS_APPEARANCE);
    ret->natural = ((const struct bluetooth_advertised *)record)->appearance;
}

static void get_appearance_name(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = record;
    give_text(bluetooth_class_appearance(advertised->appearance), ret);
    ret->absent = !ret->length;
}

static void get_class(const void *record, struct view *view, struct value *ret)
{
    ret->absent = lacks(record, BLUETOOTH_HAS_CLASS);
    ret->natural = ((const struct bluetooth_advertised *)record)->device_class;
}

static void get_role(const void *record, struct view *view, struct value *ret)
{
    static const char *const roles[] = {"peripheral", "central", "both, peripheral first",
                                        "both, central first"};
    uint8_t role = ((const struct bluetooth_advertised *)record)->role;
    ret->absent = lacks(record, BLUETOOTH_HAS_ROLE) || role > 3;
    if (!ret->absent)
        give_text(roles[role], ret);
}

static void get_uri(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = record;
    const struct string *uri = advertised->extra ? advertised->extra->uri : NULL;
    ret->absent = !uri;
    give_text(string_text(uri), ret);
}

static void get_interval(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = record;
    ret->absent = !advertised->extra || !advertised->extra->interval;
    if (!ret->absent)
        ret->number = advertised->extra->interval * 0.625;
}

static const struct bluetooth_device *device_of(const void *record)
{
    return record;
}

static void get_major(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = &device_of(record)->advertised;
    give_text(lacks(advertised, BLUETOOTH_HAS_CLASS)
                  ? ""
                  : bluetooth_class_major(advertised->device_class),
              ret);
}

static void get_minor(const void *record, struct view *view, struct value *ret)
{
    const struct bluetooth_advertised *advertised = &device_of(record)->advertised;
    give_text(lacks(advertised, BLUETOOTH_HAS_CLASS)
                  ? ""
                  : bluetooth_class_minor(advertised->device_class),
              ret);
}

static void get_device_power(const void *record, struct view *view, struct value *ret)
{
    ret->integer = device_of(record)->advertised.power;
}

static void get_scan_data(const void *record, struct view *view, struct value *ret)
{
    give_bytes(device_of(record)->scan_data, ret);
}

/* Steps over the services of which `wants` is true. */
static const struct bluetooth_service *step_service(const void *record, struct cursor *cursor,
                                                    bool (*wants)(const struct bluetooth_service *))
{
    const struct bluetooth_service *at = cursor->index++
                                             ? ((const struct bluetooth_service *)cursor->at)->next
                                             : device_of(record)->advertised.services;
    while (at && !wants(at))
        at = at->next;
    cursor->at = at;
    return at;
}

static bool is_offered(const struct bluetooth_service *service)
{
    return service->is_offered;
}

static bool is_solicited(const struct bluetooth_service *service)
{
    return service->is_solicited;
}

static bool has_data(const struct bluetooth_service *service)
{
    return service->data != NULL;
}

static bool next_offered(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_service *at = step_service(record, cursor, is_offered);
    if (at)
        cursor->element = (struct value){.type = FIELD_UUID, .uuid = at->uuid};
    return at != NULL;
}

static bool next_solicited(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_service *at = step_service(record, cursor, is_solicited);
    if (at)
        cursor->element = (struct value){.type = FIELD_UUID, .uuid = at->uuid};
    return at != NULL;
}

static bool next_data(const void *record, struct view *view, struct cursor *cursor)
{
    const struct bluetooth_service *at = step_service(record, cursor, has_data);
    if (!at)
        return false;
    cursor->key = (struct value){.type = FIELD_UUID, .uuid = at->uuid};
    cursor->element = (struct value){.type = FIELD_BYTES};
    give_bytes(at->data, &cursor->element);
    return true;
}

// clang-format off
#define SERVICE(wire, kind, member, text) FIELD(wire, kind, struct bluetooth_service, member, text)
#define SAID(wire, kind, getter, text) {.name = (wire), .type = (kind), .get = (getter), .flags = FIELD_OPTIONAL, .description = (text)}
#define BLUETOOTH(wire, kind, member, text) FIELD(wire, kind, struct bluetooth_device, member, text)

static const struct field bluetooth_service_fields[] = {
    SERVICE("norn.service.uuid", FIELD_UUID, uuid, "UUID of the service"),
    {.name = "btle.short_service.uuid", .type = FIELD_UINT16, .get = get_short_uuid, .description = "number of 16 bits that the UUID stands for; 0 when it stands for none"},
    SERVICE("btle.common.uuid_vendor", FIELD_STRING, name, "what the service is called, or whose it is"),
    {.name = "btle.short_service.data", .type = FIELD_BYTES, .get = get_service_data, .description = "newest data sent with the service, hex"},
    SERVICE("norn.service.offered", FIELD_UINT8, is_offered, "1: the device says that it offers the service"),
    SERVICE("norn.service.solicited", FIELD_UINT8, is_solicited, "1: the device looks for others with the service"),
};

static const struct field bluetooth_advertised_fields[] = {
    {.name = "norn.advertised.names", .type = FIELD_LIST, .element = FIELD_STRING, .next = next_name, .description = "names it gave itself, newest first, shortened ones too"},
    {.name = "norn.advertised.services", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &bluetooth_service_type, .next = next_service, .description = "services it named, newest first"},
    SAID("norn.advertised.company_id", FIELD_UINT16, get_company, "number of the company whose data it sends"),
    {.name = "norn.advertised.company", .type = FIELD_STRING, .offset = offsetof(struct bluetooth_advertised, company_name), .flags = FIELD_OPTIONAL, .description = "name of that company"},
    SAID("norn.advertised.tx_power", FIELD_INT8, get_power, "power it sends with, dBm"),
    SAID("norn.advertised.appearance", FIELD_UINT16, get_appearance, "what it looks like, by number"),
    SAID("norn.advertised.appearance_name", FIELD_TEXT, get_appearance_name, "category of that in words"),
    SAID("norn.advertised.class", FIELD_UINT32, get_class, "class of device, 24 bits"),
    SAID("norn.advertised.flags", FIELD_UINT8, get_flags, "flags of discovery as bits: 1 limited, 2 general, 4 no basic rate, 8 both in the controller, 16 both in the host"),
    SAID("norn.advertised.role", FIELD_TEXT, get_role, "role in connections that it can take or would rather have"),
    SAID("norn.advertised.interval", FIELD_DOUBLE, get_interval, "time between its advertisements as it tells, ms"),
    SAID("norn.advertised.uri", FIELD_TEXT, get_uri, "URI it sends, its scheme as the number assigned to it"),
    {.name = "norn.advertised.targets", .type = FIELD_LIST, .element = FIELD_MAC, .next = next_target, .flags = FIELD_OPTIONAL, .description = "addresses that its advertising is for"},
};

static const struct field bluetooth_device_fields[] = {
    BLUETOOTH("bluetooth.device.type", FIELD_UINT8, kind, "radio it has: 0 basic rate, 1 low energy, 2 low energy with a random address"),
    {.name = "bluetooth.device.major_class", .type = FIELD_TEXT, .get = get_major, .description = "major class of device in words"},
    {.name = "bluetooth.device.minor_class", .type = FIELD_TEXT, .get = get_minor, .description = "minor class of device in words"},
    {.name = "bluetooth.device.service_uuid_vec", .type = FIELD_LIST, .element = FIELD_UUID, .next = next_offered, .description = "UUIDs of the services it offers"},
    {.name = "bluetooth.device.solicitation_uuid_vec", .type = FIELD_LIST, .element = FIELD_UUID, .next = next_solicited, .description = "UUIDs of the services it looks for"},
    {.name = "bluetooth.device.scan_data_bytes", .type = FIELD_BYTES, .get = get_scan_data, .description = "scan data as a report gave it, hex"},
    {.name = "bluetooth.device.service_data_bytes", .type = FIELD_MAP_STRING, .element = FIELD_BYTES, .next = next_data, .description = "data of its services by UUID, hex"},
    {.name = "bluetooth.device.txpower", .type = FIELD_INT16, .get = get_device_power, .description = "power it sends with, dBm; 0 while unknown"},
    BLUETOOTH("bluetooth.device.pathloss", FIELD_INT16, path_loss, "loss on the way as a report gave it, dB"),
    BLUETOOTH("norn.bluetooth.features", FIELD_UINT64, features, "features of its link manager, the first page as bits"),
    BLUETOOTH("norn.bluetooth.adapter", FIELD_UINT8, is_adapter, "1: it is the adapter of the host that captured"),
    {.name = "norn.bluetooth.advertised", .type = FIELD_INLINE, .offset = offsetof(struct bluetooth_device, advertised), .record = &bluetooth_advertised_type, .description = "what it says of itself"},
};

const struct record_type bluetooth_service_type = RECORD_TYPE("Bluetooth service", bluetooth_service_fields);
const struct record_type bluetooth_advertised_type = RECORD_TYPE("Bluetooth self-description", bluetooth_advertised_fields);
const struct record_type bluetooth_device_type = RECORD_TYPE("Bluetooth device", bluetooth_device_fields);
