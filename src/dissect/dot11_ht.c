/* HT, VHT, HE and EHT capability and operation elements (IEEE 802.11-2020, 9.4.2.55, .56, .157,
 * .158; 802.11ax 9.4.2.248, .249; 802.11be 9.4.2.311 to .313), and what follows from them: the
 * operating width and the best data rate. Input: an element; output: struct dot11_elements. */
#include "dissect/dot11_ht.h"

#include "dissect/radio_rate.h"

enum {
    HT_40MHZ = 0x0002,
    HT_SHORT_GI_20 = 0x0020,
    HT_SHORT_GI_40 = 0x0040,
    HT_ANY_WIDTH = 0x04,
    HT_CENTER_SHIFT = 5, /* eight bits between others */
    VHT_SHORT_GI_80 = 0x20,
    VHT_SHORT_GI_160 = 0x40,
    VHT_WIDTHS = 0x0c,
    HE_VHT_INFORMATION = 0x004000,
    HE_COHOSTED = 0x008000,
    HE_6GHZ_INFORMATION = 0x020000,
    EHT_INFORMATION = 0x01,
    EHT_320MHZ = 0x02,
    MULTI_LINK_TYPE = 0x0007,
    MULTI_LINK_ID = 0x0010,
};

static struct reader content_of(const struct dot11_element *element)
{
    return reader_over(element->content, element->length);
}

/* Streams of a map with two bits a stream, 3 meaning none; the best stream's code in ret_code. */
static uint8_t map_streams(uint16_t map, uint8_t *ret_code)
{
    uint8_t streams = 0;
    *ret_code = 0;
    for (uint8_t i = 0; i < 8; i++) {
        uint8_t code = map >> (2 * i) & 3;
        if (code == 3)
            continue;
        streams = (uint8_t)(i + 1);
        if (code > *ret_code)
            *ret_code = code;
    }
    return streams;
}

enum malformed dot11_ht_parse_capabilities(const struct dot11_element *element,
                                           struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_ht *ht = &facts->ht;
    ht->capabilities = reader_le16(&reader);
    reader_skip(&reader, 1); /* A-MPDU parameters */
    for (uint8_t i = 0; i < 4; i++)
        if (reader_u8(&reader))
            ht->rx_streams = (uint8_t)(i + 1);
    ht->has_capabilities = true;
    ht->capable_40mhz = ht->capabilities & HT_40MHZ;
    ht->short_gi_20 = ht->capabilities & HT_SHORT_GI_20;
    ht->short_gi_40 = ht->capabilities & HT_SHORT_GI_40;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_operation(const struct dot11_element *element,
                                        struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_ht *ht = &facts->ht;
    ht->primary_channel = reader_u8(&reader);
    uint8_t information = reader_u8(&reader), offset = information & 3;
    ht->secondary_offset = offset == 1 ? 1 : offset == 3 ? -1 : 0;
    ht->wide = information & HT_ANY_WIDTH;
    ht->center_2 = (uint8_t)(reader_le16(&reader) >> HT_CENTER_SHIFT);
    ht->has_operation = true;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_vht_capabilities(const struct dot11_element *element,
                                               struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_vht *vht = &facts->vht;
    uint8_t code;
    vht->capabilities = reader_le32(&reader);
    vht->rx_mcs_map = reader_le16(&reader);
    vht->rx_streams = map_streams(vht->rx_mcs_map, &code);
    vht->max_mcs = (uint8_t)(7 + code);
    vht->has_capabilities = true;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_vht_operation(const struct dot11_element *element,
                                            struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_vht *vht = &facts->vht;
    vht->width = reader_u8(&reader);
    vht->center_0 = reader_u8(&reader);
    vht->center_1 = reader_u8(&reader);
    vht->has_operation = true;
    return vht->width > 3 ? MALFORMED_ELEMENT_CONTENT : MALFORMED_NONE;
}

enum malformed dot11_ht_parse_he_capabilities(const struct dot11_element *element,
                                              struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_he *he = &facts->he;
    uint8_t code;
    reader_skip(&reader, 6); /* MAC capabilities */
    he->width_set = reader_u8(&reader) >> 1 & 0x7f;
    reader_skip(&reader, 10);
    he->rx_mcs_map_80 = reader_le16(&reader);
    he->rx_streams = map_streams(he->rx_mcs_map_80, &code);
    he->max_mcs = (uint8_t)(7 + 2 * code);
    he->has_capabilities = true;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_he_operation(const struct dot11_element *element,
                                           struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_he *he = &facts->he;
    uint32_t parameters = reader_le16(&reader);
    parameters |= (uint32_t)reader_u8(&reader) << 16;
    he->bss_color = reader_u8(&reader) & 0x3f;
    reader_skip(&reader, 2); /* basic MCS set */
    he->has_operation = true;
    if (parameters & HE_VHT_INFORMATION)
        reader_skip(&reader, 3);
    if (parameters & HE_COHOSTED)
        reader_skip(&reader, 1);
    if (parameters & HE_6GHZ_INFORMATION) {
        uint8_t primary = reader_u8(&reader), control = reader_u8(&reader);
        uint8_t center_0 = reader_u8(&reader), center_1 = reader_u8(&reader);
        reader_skip(&reader, 1); /* lowest rate */
        if (!reader.failed) {
            he->has_6ghz = true;
            he->primary_channel_6ghz = primary;
            he->width_6ghz = control & 3;
            he->center_0 = center_0;
            he->center_1 = center_1;
        }
    }
    return reader.failed ? MALFORMED_ELEMENT_CONTENT : MALFORMED_NONE;
}

enum malformed dot11_ht_parse_eht_capabilities(const struct dot11_element *element,
                                               struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_eht *eht = &facts->eht;
    reader_skip(&reader, 2); /* MAC capabilities */
    eht->capable_320mhz = reader_u8(&reader) & EHT_320MHZ;
    reader_skip(&reader, 8);
    eht->has_capabilities = true;
    if (reader_left(&reader) < 3) /* the MCS map follows the HE one's shape: may be left out */
        return MALFORMED_NONE;
    uint8_t low = reader_u8(&reader) & 0x0f, middle = reader_u8(&reader) & 0x0f;
    uint8_t high = reader_u8(&reader) & 0x0f;
    eht->rx_streams = low;
    eht->max_mcs = high ? 13 : middle ? 11 : 9;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_eht_operation(const struct dot11_element *element,
                                            struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_eht *eht = &facts->eht;
    uint8_t parameters = reader_u8(&reader);
    reader_skip(&reader, 4); /* basic MCS set */
    eht->has_operation = true;
    if (!(parameters & EHT_INFORMATION))
        return MALFORMED_NONE;
    uint8_t control = reader_u8(&reader), center_0 = reader_u8(&reader);
    uint8_t center_1 = reader_u8(&reader);
    if (reader.failed)
        return MALFORMED_ELEMENT_CONTENT;
    eht->has_information = true;
    eht->width = control & 7;
    eht->center_0 = center_0;
    eht->center_1 = center_1;
    return MALFORMED_NONE;
}

enum malformed dot11_ht_parse_multi_link(const struct dot11_element *element,
                                         struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    struct dot11_eht *eht = &facts->eht;
    uint16_t control = reader_le16(&reader);
    if (control & MULTI_LINK_TYPE || eht->has_multi_link)
        return MALFORMED_NONE; /* other variants tell nothing of the sender */
    uint8_t length = reader_u8(&reader);
    if (!length)
        return MALFORMED_ELEMENT_CONTENT;
    struct reader common = reader_part(&reader, length - 1u);
    struct macaddr address;
    reader_copy(&common, &address, sizeof address);
    if (common.failed)
        return MALFORMED_ELEMENT_CONTENT;
    eht->has_multi_link = true;
    eht->mld_address = address;
    if (control & MULTI_LINK_ID) {
        eht->link_id = reader_u8(&common) & 0x0f;
        eht->has_link_id = !common.failed;
    }
    return MALFORMED_NONE;
}

static enum dot11_width width_of_segments(uint8_t center_0, uint8_t center_1)
{
    int distance = center_1 > center_0 ? center_1 - center_0 : center_0 - center_1;
    if (!center_1)
        return DOT11_WIDTH_80;
    return distance == 8 ? DOT11_WIDTH_160 : distance > 16 ? DOT11_WIDTH_80_80 : DOT11_WIDTH_80;
}

static enum dot11_width operating_width(const struct dot11_elements *facts)
{
    static const uint8_t eht_widths[8] = {DOT11_WIDTH_20, DOT11_WIDTH_40, DOT11_WIDTH_80,
                                          DOT11_WIDTH_160, DOT11_WIDTH_320};
    static const uint8_t he_widths[3] = {DOT11_WIDTH_20, DOT11_WIDTH_40, DOT11_WIDTH_80};
    const struct dot11_vht *vht = &facts->vht;
    const struct dot11_he *he = &facts->he;
    if (facts->eht.has_information)
        return eht_widths[facts->eht.width & 7];
    if (he->has_6ghz && he->width_6ghz == 3) {
        enum dot11_width width = width_of_segments(he->center_0, he->center_1);
        return width == DOT11_WIDTH_80 ? DOT11_WIDTH_160 : width;
    }
    if (he->has_6ghz)
        return he_widths[he->width_6ghz];
    if (vht->has_operation && vht->width == 1)
        return width_of_segments(vht->center_0, vht->center_1);
    if (vht->has_operation && vht->width == 2)
        return DOT11_WIDTH_160;
    if (vht->has_operation && vht->width == 3)
        return DOT11_WIDTH_80_80;
    if (facts->ht.has_operation)
        return facts->ht.secondary_offset && facts->ht.wide ? DOT11_WIDTH_40 : DOT11_WIDTH_20;
    return DOT11_WIDTH_UNKNOWN;
}

/* MHz to reckon rates with: the network's, or the widest that the station can do. */
static uint16_t width_mhz(const struct dot11_elements *facts)
{
    static const uint16_t widths[] = {
        [DOT11_WIDTH_20] = 20,   [DOT11_WIDTH_40] = 40,     [DOT11_WIDTH_80] = 80,
        [DOT11_WIDTH_160] = 160, [DOT11_WIDTH_80_80] = 160, [DOT11_WIDTH_320] = 320};
    if (facts->width)
        return widths[facts->width];
    if (facts->eht.has_capabilities && facts->eht.capable_320mhz)
        return 320;
    if (facts->he.width_set & 0x0c || facts->vht.capabilities & VHT_WIDTHS)
        return 160;
    if (facts->he.width_set & 0x02 || facts->vht.has_capabilities)
        return 80;
    return facts->ht.capable_40mhz || facts->he.width_set & 0x01 ? 40 : 20;
}

static uint32_t ht_rate(const struct dot11_ht *ht, uint16_t width)
{
    if (!ht->has_capabilities || !ht->rx_streams)
        return 0;
    if (width > 40)
        width = 40;
    if (width == 40 && !ht->capable_40mhz)
        width = 20;
    return radio_rate_ht((uint8_t)(8 * ht->rx_streams - 1), width,
                         width == 40 ? ht->short_gi_40 : ht->short_gi_20);
}

static uint32_t vht_rate(const struct dot11_vht *vht, const struct dot11_ht *ht, uint16_t width)
{
    if (!vht->has_capabilities)
        return 0;
    if (width > 160)
        width = 160;
    bool short_gi = width == 160  ? vht->capabilities & VHT_SHORT_GI_160
                    : width == 80 ? vht->capabilities & VHT_SHORT_GI_80
                    : width == 40 ? ht->short_gi_40
                                  : ht->short_gi_20;
    return radio_rate_vht(vht->max_mcs, vht->rx_streams, width, short_gi);
}

/* Who can do fewer streams in a wide channel than in one of 80 MHz hides its second segment from
 * those that do not know of such: it stands in HT operation then (table 11-23). */
static void find_second_segment(struct dot11_elements *facts)
{
    struct dot11_vht *vht = &facts->vht;
    if (vht->has_operation && vht->width == 1 && !vht->center_1)
        vht->center_1 = facts->ht.center_2;
}

void dot11_ht_conclude(struct dot11_elements *facts)
{
    find_second_segment(facts);
    facts->width = operating_width(facts);
    uint16_t width = width_mhz(facts);
    uint32_t best = facts->max_rate * 5u;
    uint32_t rates[4] = {ht_rate(&facts->ht, width), vht_rate(&facts->vht, &facts->ht, width)};
    if (facts->he.has_capabilities)
        rates[2] = radio_rate_he(facts->he.max_mcs, facts->he.rx_streams,
                                 radio_rate_tones(width > 160 ? 160 : width), 0, false);
    if (facts->eht.has_capabilities)
        rates[3] = radio_rate_he(facts->eht.max_mcs, facts->eht.rx_streams, radio_rate_tones(width),
                                 0, false);
    for (int i = 0; i < 4; i++)
        if (rates[i] > best)
            best = rates[i];
    facts->max_rate_100kbps = best;
}
