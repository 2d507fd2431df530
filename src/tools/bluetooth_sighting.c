/* From a device that was found to JSON: one row a member, one a type of AD structure. See
 * bluetooth_sighting.h. */
#include "tools/bluetooth_sighting.h"

#include "util/text.h"
#include "util/uuid.h"

enum { MEMBERS = 7, TYPES = 14, UUID_BYTES = 16, SHORT_NAME = 0x08, NAME = 0x09 };

/* A member of the object. */
struct member {
    const char *key;
    char open, close; /* around what its structures give; 0: the first one that is there counts */
    void (*add)(struct reader *content, uint8_t size, struct buffer *json);
};

/* A type of AD structure that goes into a member. */
struct ad_type {
    uint8_t type;
    uint8_t size; /* octets: of a number or a UUID */
    const char *key;
};

static const struct member members[MEMBERS];
static const struct ad_type ad_types[TYPES];

/* 00000000-0000-1000-8000-00805F9B34FB: a short UUID stands in its first four octets. */
static const struct uuid base_uuid = {
    {0, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb}};

/* The next AD structure; false at the end, which may be one of no length, and where one is cut. */
static bool next_structure(struct reader *data, uint8_t *ret_type, struct reader *ret_content)
{
    if (!reader_left(data))
        return false;
    *ret_content = reader_part(data, reader_u8(data));
    *ret_type = reader_u8(ret_content);
    return !ret_content->failed;
}

/* Bytes that ought to be UTF-8, as what stands between the quotes of a JSON text. */
static void add_text(const char *bytes, size_t length, struct buffer *json)
{
    struct reader reader = reader_over(bytes, length);
    while (reader_left(&reader)) {
        size_t valid = text_utf8_valid(reader.data + reader.offset, reader_left(&reader));
        if (!valid) {
            reader_skip(&reader, 1);
            buffer_add_text(json, "\xef\xbf\xbd");
        }
        while (valid--) {
            uint8_t byte = reader_u8(&reader);
            if (byte < 0x20)
                buffer_printf(json, "\\u%04x", byte);
            else if (byte == '"' || byte == '\\')
                buffer_printf(json, "\\%c", byte);
            else
                buffer_add_byte(json, byte);
        }
    }
}

/* The whole name, else the shortened one, else none; up to the zeroes it may be filled up with. */
static void add_name(struct slice data, struct buffer *json)
{
    struct reader reader = reader_over(data.data, data.length), content, name = {0};
    uint8_t type, found = 0;
    while (found != NAME && next_structure(&reader, &type, &content)) {
        if (type != NAME && (type != SHORT_NAME || found))
            continue;
        found = type;
        name = content;
    }
    size_t room = reader_left(&name);
    if (!room)
        return;
    const char *text = (const char *)reader_bytes(&name, room);
    add_text(text, strnlen(text, room), json);
}

static void add_number(struct reader *content, uint8_t size, struct buffer *json)
{
    uint32_t number = 0;
    for (uint8_t i = 0; i < size; i++)
        number |= (uint32_t)reader_u8(content) << (8 * i);
    buffer_printf(json, "%u", (unsigned)number);
}

static void add_signed(struct reader *content, uint8_t size, struct buffer *json)
{
    buffer_printf(json, "%d", (int8_t)reader_u8(content));
}

static void add_hex(struct reader *content, struct buffer *json)
{
    size_t length = reader_left(content);
    buffer_add_byte(json, '"');
    text_add_hex(json, reader_bytes(content, length), length);
    buffer_add_byte(json, '"');
}

/* A comma, but for the first in its brackets. */
static void separate(struct buffer *json)
{
    if (json->length && !strchr("[{", json->data[json->length - 1]))
        buffer_add_byte(json, ',');
}

/* UUIDs are sent last octet first. */
static void add_uuid(struct reader *content, uint8_t size, struct buffer *json)
{
    struct uuid uuid = base_uuid;
    char text[UUID_TEXT];
    uint8_t end = size == UUID_BYTES ? UUID_BYTES : 4;
    for (uint8_t i = 0; i < size; i++)
        uuid.octet[--end] = reader_u8(content);
    uuid_write(uuid, text);
    separate(json);
    buffer_printf(json, "\"%s\"", text);
}

static void add_uuids(struct reader *content, uint8_t size, struct buffer *json)
{
    while (reader_left(content) >= size)
        add_uuid(content, size, json);
}

static void add_service(struct reader *content, uint8_t size, struct buffer *json)
{
    add_uuid(content, size, json);
    buffer_add_byte(json, ':');
    add_hex(content, json);
}

static void add_maker(struct reader *content, uint8_t size, struct buffer *json)
{
    separate(json);
    buffer_printf(json, "\"%04X\":", reader_le16(content));
    add_hex(content, json);
}

/* The row of a structure that goes into the member and is long enough, or NULL. */
static const struct ad_type *find_type(const struct member *member, uint8_t type, size_t length)
{
    for (size_t i = 0; i < TYPES; i++)
        if (ad_types[i].type == type && strcmp(ad_types[i].key, member->key) == 0)
            return length >= ad_types[i].size ? &ad_types[i] : NULL;
    return NULL;
}

static void add_member(const struct member *member, struct slice data, struct buffer *json)
{
    struct reader reader = reader_over(data.data, data.length), content;
    uint8_t type;
    bool is_there = false;
    while ((member->open || !is_there) && next_structure(&reader, &type, &content)) {
        const struct ad_type *row = find_type(member, type, reader_left(&content));
        if (!row)
            continue;
        if (!is_there)
            buffer_printf(json, ",\"%s\":", member->key);
        if (!is_there && member->open)
            buffer_add_byte(json, (uint8_t)member->open);
        member->add(&content, row->size, json);
        is_there = true;
    }
    if (is_there && member->open)
        buffer_add_byte(json, (uint8_t)member->close);
}

/* What the adapter tells beside the device's own words. */
static void add_radio(const struct bluetooth_found *found, struct buffer *json)
{
    static const char *const types[] = {"BR/EDR", "LE public", "LE random"};
    if (found->address_type < sizeof types / sizeof *types)
        buffer_printf(json, ",\"address_type\":\"%s\"", types[found->address_type]);
    if (found->signal)
        buffer_printf(json, ",\"signal\":%d", found->signal);
    if (found->flags & BLUETOOTH_NOT_CONNECTABLE)
        buffer_add_text(json, ",\"connectable\":false");
    if (found->flags & BLUETOOTH_LEGACY_PAIRING)
        buffer_add_text(json, ",\"legacy_pairing\":true");
}

void bluetooth_sighting_write(const struct bluetooth_found *found, struct buffer *json)
{
    struct reader whole = reader_over(found->data.data, found->data.length);
    char address[MACADDR_TEXT];
    macaddr_write(found->address, address);
    buffer_printf(json, "{\"addr\":\"%s\",\"name\":\"", address);
    add_name(found->data, json);
    buffer_printf(json, "\",\"type\":%u", found->address_type);
    add_radio(found, json);
    for (size_t i = 0; i < MEMBERS; i++)
        add_member(&members[i], found->data, json);
    if (found->data.length) {
        buffer_add_text(json, ",\"scan_data\":");
        add_hex(&whole, json);
    }
    buffer_add_byte(json, '}');
}

// clang-format off
static const struct member members[MEMBERS] = {
    {"flags", 0, 0, add_number}, /* of discovery */
    {"class", 0, 0, add_number}, /* of device */
    {"appearance", 0, 0, add_number},
    {"txpowerlevel", 0, 0, add_signed}, /* dBm */
    {"uuids", '[', ']', add_uuids},
    {"service_data", '{', '}', add_service}, /* hex by UUID */
    {"manufacturer", '{', '}', add_maker},   /* hex by company */
};

static const struct ad_type ad_types[TYPES] = {
    {0x01, 1, "flags"},
    {0x02, 2, "uuids"},
    {0x03, 2, "uuids"},
    {0x04, 4, "uuids"},
    {0x05, 4, "uuids"},
    {0x06, UUID_BYTES, "uuids"},
    {0x07, UUID_BYTES, "uuids"},
    {0x0a, 1, "txpowerlevel"},
    {0x0d, 3, "class"},
    {0x16, 2, "service_data"},
    {0x19, 2, "appearance"},
    {0x20, 4, "service_data"},
    {0x21, UUID_BYTES, "service_data"},
    {0xff, 2, "manufacturer"},
};
// clang-format on
