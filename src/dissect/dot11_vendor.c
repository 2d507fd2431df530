/* Vendor elements (IEEE 802.11-2020, 9.4.2.25): OUI, type, content. One table of OUI and type; an
 * unknown pair is only listed. Sources: Wi-Fi Alliance specifications of WPA, WMM, WPS, P2P,
 * Hotspot 2.0 and OWE; CCX as its access points send it. */
#include "dissect/dot11_vendor.h"

#include <string.h>

enum {
    OUI_MICROSOFT = 0x0050f2,
    OUI_WFA = 0x506f9a,
    OUI_CISCO = 0x004096,
    WMM_TSPEC = 2,
    P2P_NOTICE_OF_ABSENCE = 12,
    AIRONET_NAME_AT = 10,
    AIRONET_NAME_BYTES = 16,
    VENDOR_ROWS = 9,
    SSID_BYTES_MAX = 32,
};

/* `content` is what follows OUI and type. */
struct vendor_row {
    uint32_t oui;
    uint8_t type, min;
    enum malformed (*parse)(struct reader *content, struct dot11_elements *facts);
};

static const struct vendor_row vendor_rows[VENDOR_ROWS];

static const uint8_t *rest(const struct reader *reader)
{
    return reader->data + reader->offset;
}

static enum malformed parse_wpa(struct reader *content, struct dot11_elements *facts)
{
    if (facts->wpa.present)
        return MALFORMED_NONE;
    return dot11_rsn_parse_wpa(rest(content), reader_left(content), &facts->wpa);
}

static enum malformed parse_wmm(struct reader *content, struct dot11_elements *facts)
{
    size_t length = reader_left(content);
    facts->wmm = true;
    if (length > facts->wmm_length_max)
        facts->wmm_length_max = (uint8_t)length;
    if (reader_u8(content) == WMM_TSPEC && facts->wmm_tspecs < UINT8_MAX)
        facts->wmm_tspecs++;
    return MALFORMED_NONE;
}

static enum malformed parse_wps(struct reader *content, struct dot11_elements *facts)
{
    if (facts->wps.present)
        return MALFORMED_NONE; /* a long one's continuation */
    return dot11_wps_parse(rest(content), reader_left(content), &facts->wps);
}

static enum malformed parse_p2p(struct reader *content, struct dot11_elements *facts)
{
    facts->p2p = true;
    while (reader_left(content) >= 3) {
        uint8_t id = reader_u8(content);
        uint16_t length = reader_le16(content);
        if (id == P2P_NOTICE_OF_ABSENCE && length > facts->p2p_noa_max)
            facts->p2p_noa_max = length;
        reader_skip(content, length);
    }
    return content->failed ? MALFORMED_ATTRIBUTE : MALFORMED_NONE;
}

static enum malformed parse_hotspot(struct reader *content, struct dot11_elements *facts)
{
    (void)content;
    facts->hotspot = true;
    return MALFORMED_NONE;
}

/* Online sign-up with encryption: what follows is like RSN, and of one kind only. */
static enum malformed parse_osen(struct reader *content, struct dot11_elements *facts)
{
    (void)content;
    facts->has_osen = true;
    return MALFORMED_NONE;
}

static enum malformed parse_owe(struct reader *content, struct dot11_elements *facts)
{
    struct macaddr bssid;
    reader_copy(content, &bssid, sizeof bssid);
    uint8_t length = reader_u8(content);
    const uint8_t *ssid = reader_bytes(content, length);
    if (content->failed || length > SSID_BYTES_MAX)
        return MALFORMED_ELEMENT_CONTENT;
    facts->has_owe_transition = true;
    facts->owe_bssid = bssid;
    facts->owe_ssid = (struct dot11_text){.bytes = ssid, .length = length};
    return MALFORMED_NONE;
}

static enum malformed parse_ccx_version(struct reader *content, struct dot11_elements *facts)
{
    facts->ccx_version = reader_u8(content);
    return MALFORMED_NONE;
}

static enum malformed parse_client_mfp(struct reader *content, struct dot11_elements *facts)
{
    facts->cisco_mfp = reader_u8(content) & 1;
    return MALFORMED_NONE;
}

enum malformed dot11_vendor_parse(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = reader_over(element->content, element->length);
    struct dot11_vendor vendor = {.length = (uint8_t)element->length, .content = element->content};
    vendor.oui = (uint32_t)reader_be16(&reader) << 8;
    vendor.oui |= reader_u8(&reader);
    struct reader types = reader;
    vendor.type = reader_u8(&types);
    struct reader content = types;
    vendor.subtype = reader_u8(&types);
    if (facts->vendor_count < DOT11_VENDORS_MAX)
        facts->vendors[facts->vendor_count++] = vendor;
    for (int i = 0; i < VENDOR_ROWS; i++) {
        const struct vendor_row *row = &vendor_rows[i];
        if (row->oui != vendor.oui || row->type != vendor.type || content.failed)
            continue;
        if (reader_left(&content) < row->min)
            return MALFORMED_ELEMENT_SHORT;
        return row->parse(&content, facts);
    }
    return MALFORMED_NONE;
}

enum malformed dot11_vendor_parse_aironet(const struct dot11_element *element,
                                          struct dot11_elements *facts)
{
    struct reader reader = reader_over(element->content, element->length);
    reader_skip(&reader, AIRONET_NAME_AT);
    const uint8_t *name = reader_bytes(&reader, AIRONET_NAME_BYTES);
    if (!name)
        return MALFORMED_NONE; /* others use this number too */
    size_t length = strnlen((const char *)name, AIRONET_NAME_BYTES);
    facts->ccx_name = (struct dot11_text){.bytes = name, .length = (uint16_t)length};
    facts->ccx_clients = reader_u8(&reader);
    return MALFORMED_NONE;
}

enum malformed dot11_vendor_parse_power(const struct dot11_element *element,
                                        struct dot11_elements *facts)
{
    struct reader reader = reader_over(element->content, element->length);
    uint32_t suite = reader_be32(&reader);
    uint8_t power = reader_u8(&reader);
    if (reader.failed || suite != (uint32_t)OUI_CISCO << 8)
        return MALFORMED_NONE;
    facts->has_ccx_power = true;
    facts->ccx_power_dbm = (int8_t)power;
    return MALFORMED_NONE;
}

static const struct vendor_row vendor_rows[VENDOR_ROWS] = {
    {OUI_MICROSOFT, 1, 2, parse_wpa},     {OUI_MICROSOFT, 2, 1, parse_wmm},
    {OUI_MICROSOFT, 4, 0, parse_wps},     {OUI_WFA, 9, 0, parse_p2p},
    {OUI_WFA, 16, 1, parse_hotspot},      {OUI_WFA, 18, 0, parse_osen},
    {OUI_WFA, 28, 7, parse_owe},          {OUI_CISCO, 3, 1, parse_ccx_version},
    {OUI_CISCO, 20, 1, parse_client_mfp},
};
