/* Wi-Fi Protected Setup attributes: big-endian type, length, value. The second version's number
 * hides in a vendor extension (WFA, 00-37-2A). Input: an element's content after OUI and type, or
 * an EAP message; output: struct dot11_wps with borrowed texts. */
#include "dissect/dot11_wps.h"

#include "util/bytes.h"

enum {
    ATTRIBUTE_CONFIG_METHODS = 0x1008,
    ATTRIBUTE_DEVICE_NAME = 0x1011,
    ATTRIBUTE_PASSWORD_ID = 0x1012,
    ATTRIBUTE_MANUFACTURER = 0x1021,
    ATTRIBUTE_MESSAGE_TYPE = 0x1022,
    ATTRIBUTE_MODEL_NAME = 0x1023,
    ATTRIBUTE_MODEL_NUMBER = 0x1024,
    ATTRIBUTE_SERIAL_NUMBER = 0x1042,
    ATTRIBUTE_STATE = 0x1044,
    ATTRIBUTE_UUID_E = 0x1047,
    ATTRIBUTE_UUID_R = 0x1048,
    ATTRIBUTE_VENDOR = 0x1049,
    ATTRIBUTE_VERSION = 0x104a,
    ATTRIBUTE_DEVICE_TYPE = 0x1054,
    ATTRIBUTE_LOCKED = 0x1057,
    WFA_OUI = 0x00372a,
    WFA_VERSION2 = 0,
    UUID_BYTES = 16,
    ATTRIBUTES_MAX = 128,
};

static struct dot11_text text_of(struct reader *value)
{
    return (struct dot11_text){.bytes = value->data, .length = (uint16_t)value->length};
}

static void parse_vendor(struct reader *value, struct dot11_wps *wps)
{
    uint32_t oui = (uint32_t)reader_be16(value) << 8;
    oui |= reader_u8(value);
    while (oui == WFA_OUI && reader_left(value) >= 2) {
        uint8_t id = reader_u8(value), length = reader_u8(value);
        struct reader part = reader_part(value, length);
        if (id == WFA_VERSION2 && length)
            wps->version2 = reader_u8(&part);
    }
}

static void parse_device_type(struct reader *value, struct dot11_wps *wps)
{
    wps->device_category = reader_be16(value);
    reader_skip(value, 4); /* whose list of subcategories */
    wps->device_subcategory = reader_be16(value);
}

static void parse_attribute(uint16_t type, struct reader *value, struct dot11_wps *wps)
{
    switch (type) {
    case ATTRIBUTE_VERSION: wps->version = reader_u8(value); break;
    case ATTRIBUTE_STATE: wps->state = reader_u8(value); break;
    case ATTRIBUTE_MESSAGE_TYPE: wps->message_type = reader_u8(value); break;
    case ATTRIBUTE_LOCKED: wps->setup_locked = reader_u8(value) == 1; break;
    case ATTRIBUTE_PASSWORD_ID: wps->password_id = reader_be16(value); break;
    case ATTRIBUTE_CONFIG_METHODS:
        wps->config_methods = reader_be16(value);
        wps->has_config_methods = !value->failed;
        break;
    case ATTRIBUTE_MANUFACTURER: wps->manufacturer = text_of(value); break;
    case ATTRIBUTE_DEVICE_NAME: wps->device_name = text_of(value); break;
    case ATTRIBUTE_MODEL_NAME: wps->model_name = text_of(value); break;
    case ATTRIBUTE_MODEL_NUMBER: wps->model_number = text_of(value); break;
    case ATTRIBUTE_SERIAL_NUMBER: wps->serial_number = text_of(value); break;
    case ATTRIBUTE_UUID_E:
    case ATTRIBUTE_UUID_R:
        if (value->length == UUID_BYTES && !wps->uuid.bytes)
            wps->uuid = text_of(value);
        break;
    case ATTRIBUTE_DEVICE_TYPE: parse_device_type(value, wps); break;
    case ATTRIBUTE_VENDOR: parse_vendor(value, wps); break;
    default: break;
    }
}

enum malformed dot11_wps_parse(const uint8_t *content, size_t length, struct dot11_wps *ret_wps)
{
    struct reader reader = reader_over(content, length);
    *ret_wps = (struct dot11_wps){.present = true};
    for (int i = 0; i < ATTRIBUTES_MAX && reader_left(&reader) >= 4; i++) {
        uint16_t type = reader_be16(&reader);
        struct reader value = reader_part(&reader, reader_be16(&reader));
        if (value.failed)
            return MALFORMED_ATTRIBUTE;
        parse_attribute(type, &value, ret_wps);
        if (value.failed)
            return MALFORMED_ATTRIBUTE;
    }
    return MALFORMED_NONE;
}
