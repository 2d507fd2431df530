/* Parsing what nl80211 says of a radio (linux/nl80211.h; the bits of its capability elements are
 * those of IEEE 802.11-2020, 9.4.2.55 and 9.4.2.157, of 802.11ax, 9.4.2.248 and 802.11be,
 * 9.4.2.313). See wifi_wiphy.h. */
#include "tools/wifi/wifi_wiphy.h"

#include "tools/wifi/wifi_attribute.h"

enum {
    HT_40 = 1 << 1,
    VHT_WIDTH_SHIFT = 2, /* 1: 160 MHz, 2: 80+80 too */
    VHT_WIDTH_MASK = 3,
    HE_40_LOW = 1 << 1, /* in the first octet, of 2.4 GHz */
    HE_40_80 = 1 << 2,  /* of 5 and 6 GHz */
    HE_160 = 1 << 3,
    HE_80P80 = 1 << 4,
    EHT_320 = 1 << 1, /* of 6 GHz */
};

/* An attribute without a value that limits what a frequency is for. */
struct limit {
    uint16_t attribute;
    uint16_t limit;
};

static const struct limit limits[];
static const size_t limits_count;

static uint16_t limit_of(uint16_t attribute)
{
    for (size_t i = 0; i < limits_count; i++)
        if (limits[i].attribute == attribute)
            return limits[i].limit;
    return 0;
}

static const struct wifi_frequency *find(const struct wifi_wiphy *wiphy, uint32_t mhz)
{
    for (size_t i = 0; i < wiphy->count; i++)
        if (wiphy->frequencies[i].mhz == mhz)
            return &wiphy->frequencies[i];
    return NULL;
}

/* Adds a frequency; of one that is there already what comes last counts. */
static void set_frequency(struct wifi_wiphy *wiphy, uint32_t mhz, uint16_t limited)
{
    const struct wifi_frequency *known = find(wiphy, mhz);
    size_t at = known ? (size_t)(known - wiphy->frequencies) : wiphy->count;
    if (wifi_channel_band(mhz) == WIFI_BANDS || at == WIFI_FREQUENCIES)
        return;
    wiphy->frequencies[at] = (struct wifi_frequency){(uint16_t)mhz, limited};
    wiphy->count += !known;
}

static void parse_frequency(struct wifi_wiphy *wiphy, struct reader reader)
{
    struct wifi_attribute attribute;
    uint32_t mhz = 0;
    uint16_t limited = 0;
    while (wifi_attribute_next(&reader, &attribute)) {
        if (attribute.type == NL80211_FREQUENCY_ATTR_FREQ)
            mhz = wifi_attribute_u32(attribute);
        limited |= limit_of(attribute.type);
    }
    set_frequency(wiphy, mhz, limited);
}

static void parse_frequencies(struct wifi_wiphy *wiphy, struct reader reader)
{
    struct wifi_attribute attribute;
    while (wifi_attribute_next(&reader, &attribute))
        parse_frequency(wiphy, wifi_attribute_inner(attribute));
}

static void parse_he(struct wifi_ability *ability, bool is_low, uint8_t bits)
{
    ability->he = true;
    ability->wide_40 |= (bits & (is_low ? HE_40_LOW : HE_40_80)) != 0;
    ability->wide_80 |= !is_low && (bits & HE_40_80);
    ability->wide_160 |= !is_low && (bits & (HE_160 | HE_80P80));
    ability->wide_80p80 |= !is_low && (bits & HE_80P80);
}

/* HE and EHT are told apart by the type of interface; a monitor may do what any of them may. */
static void parse_interface_types(struct wifi_ability *ability, bool is_low, struct reader reader)
{
    struct wifi_attribute type, attribute;
    while (wifi_attribute_next(&reader, &type)) {
        struct reader inner = wifi_attribute_inner(type);
        while (wifi_attribute_next(&inner, &attribute)) {
            if (attribute.type == NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY)
                parse_he(ability, is_low, wifi_attribute_u8(attribute));
            else if (attribute.type == NL80211_BAND_IFTYPE_ATTR_EHT_CAP_PHY)
                ability->wide_320 |= (wifi_attribute_u8(attribute) & EHT_320) != 0;
        }
    }
}

static void parse_vht(struct wifi_ability *ability, uint32_t bits)
{
    uint32_t width = bits >> VHT_WIDTH_SHIFT & VHT_WIDTH_MASK;
    ability->wide_80 = true;
    ability->wide_160 |= width != 0;
    ability->wide_80p80 |= width == 2;
}

static void parse_ability(struct wifi_ability *ability, enum wifi_band band, struct reader reader)
{
    struct wifi_attribute attribute;
    while (wifi_attribute_next(&reader, &attribute)) {
        switch (attribute.type) {
        case NL80211_BAND_ATTR_HT_CAPA:
            ability->ht = true;
            ability->wide_40 |= (wifi_attribute_u16(attribute) & HT_40) != 0;
            break;
        case NL80211_BAND_ATTR_VHT_CAPA: parse_vht(ability, wifi_attribute_u32(attribute)); break;
        case NL80211_BAND_ATTR_IFTYPE_DATA:
            parse_interface_types(ability, band == WIFI_BAND_2, wifi_attribute_inner(attribute));
            break;
        default: break;
        }
    }
}

/* Bands of nl80211's numbering that have channels norn can name. */
static enum wifi_band band_of(uint16_t number)
{
    switch (number) {
    case NL80211_BAND_2GHZ: return WIFI_BAND_2;
    case NL80211_BAND_5GHZ: return WIFI_BAND_5;
    case NL80211_BAND_6GHZ: return WIFI_BAND_6;
    default: return WIFI_BANDS;
    }
}

static void parse_bands(struct wifi_wiphy *wiphy, struct reader reader)
{
    struct wifi_attribute attribute;
    while (wifi_attribute_next(&reader, &attribute)) {
        enum wifi_band band = band_of(attribute.type);
        if (band == WIFI_BANDS)
            continue;
        struct reader inner = wifi_attribute_inner(attribute);
        struct wifi_attribute frequencies = wifi_attribute_find(inner, NL80211_BAND_ATTR_FREQS);
        parse_frequencies(wiphy, wifi_attribute_inner(frequencies));
        parse_ability(&wiphy->abilities[band], band, inner);
    }
}

void wifi_wiphy_parse(struct wifi_wiphy *wiphy, struct slice attributes)
{
    struct wifi_attribute attribute;
    struct reader reader = reader_over(attributes.data, attributes.length);
    while (wifi_attribute_next(&reader, &attribute)) {
        struct reader inner = wifi_attribute_inner(attribute);
        switch (attribute.type) {
        case NL80211_ATTR_WIPHY: wiphy->index = wifi_attribute_u32(attribute); break;
        case NL80211_ATTR_WIPHY_NAME:
            wifi_attribute_text(attribute, wiphy->name, sizeof wiphy->name);
            break;
        case NL80211_ATTR_SUPPORTED_IFTYPES:
            while (wifi_attribute_next(&inner, &attribute))
                wiphy->has_monitor |= attribute.type == NL80211_IFTYPE_MONITOR;
            break;
        case NL80211_ATTR_WIPHY_BANDS: parse_bands(wiphy, inner); break;
        default: break;
        }
    }
}

/* What none of the parts of a channel may be limited by. */
static uint16_t limits_against(const struct wifi_channel *channel)
{
    switch (channel->width) {
    case NL80211_CHAN_WIDTH_80:
    case NL80211_CHAN_WIDTH_80P80: return WIFI_NO_80;
    case NL80211_CHAN_WIDTH_160: return WIFI_NO_80 | WIFI_NO_160;
    case NL80211_CHAN_WIDTH_320: return WIFI_NO_80 | WIFI_NO_160 | WIFI_NO_320;
    default: return 0;
    }
}

static bool is_able(const struct wifi_ability *ability, enum nl80211_chan_width width)
{
    switch (width) {
    case NL80211_CHAN_WIDTH_40: return ability->wide_40;
    case NL80211_CHAN_WIDTH_80: return ability->wide_80;
    case NL80211_CHAN_WIDTH_80P80: return ability->wide_80p80;
    case NL80211_CHAN_WIDTH_160: return ability->wide_160;
    case NL80211_CHAN_WIDTH_320: return ability->wide_320;
    default: return true;
    }
}

/* Judges the 20 MHz channels that make up a part around a centre. In 2.4 GHz, whose channels lie 5
 * MHz apart, the two of 40 MHz are there or not. */
static enum wifi_verdict judge_part(const struct wifi_wiphy *wiphy,
                                    const struct wifi_channel *channel, uint32_t centre)
{
    uint32_t width = wifi_channel_width(channel->width);
    uint32_t half = width > 20 ? width / 2 - 10 : 0;
    enum wifi_verdict verdict = WIFI_FITS;
    for (uint32_t mhz = centre - half; mhz <= centre + half; mhz += 20) {
        const struct wifi_frequency *frequency = find(wiphy, mhz);
        if (!frequency)
            return mhz == channel->mhz ? WIFI_UNKNOWN : WIFI_TOO_WIDE;
        if (frequency->limits & WIFI_DISABLED)
            return WIFI_FORBIDDEN;
        if (frequency->limits & limits_against(channel))
            verdict = WIFI_TOO_WIDE;
    }
    return verdict;
}

static bool is_one_sided(const struct wifi_wiphy *wiphy, const struct wifi_channel *channel)
{
    const struct wifi_frequency *primary = find(wiphy, channel->mhz);
    uint16_t limit = channel->centre_1 > channel->mhz ? WIFI_NO_HT40_PLUS : WIFI_NO_HT40_MINUS;
    return channel->width == NL80211_CHAN_WIDTH_40 && primary && (primary->limits & limit);
}

enum wifi_verdict wifi_wiphy_judge(const struct wifi_wiphy *wiphy,
                                   const struct wifi_channel *channel)
{
    enum wifi_band band = wifi_channel_band(channel->mhz);
    if (!find(wiphy, channel->mhz))
        return WIFI_UNKNOWN;
    enum wifi_verdict verdict = judge_part(wiphy, channel, channel->centre_1);
    if (verdict == WIFI_FITS && channel->centre_2)
        verdict = judge_part(wiphy, channel, channel->centre_2);
    if (verdict == WIFI_FITS &&
        (!is_able(&wiphy->abilities[band], channel->width) || is_one_sided(wiphy, channel)))
        verdict = WIFI_TOO_WIDE;
    return verdict;
}

static const struct limit limits[] = {
    {NL80211_FREQUENCY_ATTR_DISABLED, WIFI_DISABLED},
    {NL80211_FREQUENCY_ATTR_NO_HT40_MINUS, WIFI_NO_HT40_MINUS},
    {NL80211_FREQUENCY_ATTR_NO_HT40_PLUS, WIFI_NO_HT40_PLUS},
    {NL80211_FREQUENCY_ATTR_NO_80MHZ, WIFI_NO_80},
    {NL80211_FREQUENCY_ATTR_NO_160MHZ, WIFI_NO_160},
    {NL80211_FREQUENCY_ATTR_NO_320MHZ, WIFI_NO_320},
};
static const size_t limits_count = sizeof limits / sizeof *limits;
