/* Making the list of channels. See wifi_offer.h. Wider ones are listed where the plan of channels
 * has them (IEEE 802.11-2020, annex E). In 2.4 GHz, where seven of the other channels would hear
 * the same, 40 MHz are listed on 1, 6 and 11; blocks of 160 and 320 MHz once, by their first. */
#include "tools/wifi/wifi_offer.h"

#include <stdio.h>

/* A list being made. */
struct making {
    const struct wifi_offer *offer;
    const struct wifi_wiphy *wiphy;
    void (*add)(void *context, const char *channel);
    void *context;
};

static void add_channel(const struct making *making, const struct wifi_channel *channel)
{
    char text[TOOL_CHANNEL_TEXT];
    if (wifi_wiphy_judge(making->wiphy, channel) != WIFI_FITS)
        return;
    wifi_channel_write(channel, text);
    making->add(making->context, text);
}

static void add_form(const struct making *making, uint32_t mhz, const char *form)
{
    struct wifi_channel channel;
    if (wifi_channel_make(mhz, form, &channel) == 0)
        add_channel(making, &channel);
}

/* A block that is listed by its first channel. */
static void add_block(const struct making *making, uint32_t mhz, const char *form)
{
    struct wifi_channel channel;
    if (wifi_channel_make(mhz, form, &channel) == 0 && wifi_channel_is_first(&channel))
        add_channel(making, &channel);
}

static void add_20(const struct making *making, uint32_t mhz, bool has_ht)
{
    const struct wifi_offer *offer = making->offer;
    if (offer->plain || !has_ht)
        add_form(making, mhz, "");
    if (offer->ht20 && has_ht)
        add_form(making, mhz, "HT20");
}

static void add_low_40(const struct making *making, uint32_t mhz)
{
    if (mhz == 2412 || mhz == 2437)
        add_form(making, mhz, "HT40+");
    if (mhz == 2437 || mhz == 2462)
        add_form(making, mhz, "HT40-");
}

/* Each other block of 80 MHz as the second half. */
static void add_pairs(const struct making *making, uint32_t mhz)
{
    for (size_t i = 0; i < making->wiphy->count; i++) {
        char form[TOOL_CHANNEL_TEXT];
        struct wifi_channel other;
        if (wifi_channel_make(making->wiphy->frequencies[i].mhz, "VHT80", &other) < 0 ||
            !wifi_channel_is_first(&other))
            continue;
        snprintf(form, sizeof form, "VHT80+80-%u", other.centre_1);
        add_form(making, mhz, form);
    }
}

static void add_middle(const struct making *making, uint32_t mhz)
{
    const struct wifi_offer *offer = making->offer;
    struct wifi_channel channel;
    if (offer->ht && wifi_channel_make(mhz, "HT40", &channel) == 0)
        add_form(making, mhz, wifi_channel_is_first(&channel) ? "HT40+" : "HT40-");
    if (offer->vht) {
        add_form(making, mhz, "VHT80");
        add_block(making, mhz, "VHT160");
    }
    if (offer->pairs)
        add_pairs(making, mhz);
}

/* The two plans of 320 MHz overlap: both are gone through. */
static void add_320(const struct making *making, uint32_t mhz)
{
    char form[TOOL_CHANNEL_TEXT];
    snprintf(form, sizeof form, "EHT320-%u", mhz + 150);
    if ((mhz - 5955) % 160 == 0)
        add_form(making, mhz, form);
}

static void add_high(const struct making *making, uint32_t mhz)
{
    if (making->offer->he) {
        add_form(making, mhz, "HE40");
        add_form(making, mhz, "HE80");
        add_block(making, mhz, "HE160");
    }
    if (making->offer->eht)
        add_320(making, mhz);
}

static bool is_wanted(const struct wifi_offer *offer, enum wifi_band band)
{
    bool is_any = false;
    for (size_t i = 0; i < WIFI_BANDS; i++)
        is_any |= offer->bands[i];
    return !is_any || offer->bands[band];
}

void wifi_offer_list(const struct wifi_offer *offer, const struct wifi_wiphy *wiphy,
                     void (*add)(void *context, const char *channel), void *context)
{
    const struct making making = {offer, wiphy, add, context};
    for (size_t i = 0; i < wiphy->count; i++) {
        uint32_t mhz = wiphy->frequencies[i].mhz;
        enum wifi_band band = wifi_channel_band(mhz);
        if (!is_wanted(offer, band))
            continue;
        add_20(&making, mhz, wiphy->abilities[band].ht);
        if (band == WIFI_BAND_2 && offer->ht)
            add_low_40(&making, mhz);
        else if (band == WIFI_BAND_5)
            add_middle(&making, mhz);
        else if (band == WIFI_BAND_6)
            add_high(&making, mhz);
    }
}
