/* Channels as text and as frequencies. See wifi_channel.h. Input: a word from a person or a server,
 * or numbers of the kernel's. Output: the other of the two. */
#include "tools/wifi/wifi_channel.h"

#include <errno.h>
#include <stdio.h>

#include "util/text.h"

/* Neighbouring 20 MHz channels that wider ones are made of: centres of the first and the last. */
struct run {
    uint32_t first, last;
};

static const struct run runs[];
static const size_t runs_count;
static const struct wifi_form forms[];
static const size_t forms_count;

static bool is_in(uint32_t number, uint32_t from, uint32_t to)
{
    return number >= from && number <= to;
}

enum wifi_band wifi_channel_band(uint32_t mhz)
{
    if (is_in(mhz, 2412, 2484))
        return WIFI_BAND_2;
    if (is_in(mhz, 4910, 5895))
        return WIFI_BAND_5;
    return is_in(mhz, 5925, 7125) ? WIFI_BAND_6 : WIFI_BANDS;
}

/* MHz of a number of 2.4 or 5 GHz; 0 when there is none. */
static uint32_t low_mhz(uint32_t number)
{
    if (number == 14)
        return 2484;
    if (is_in(number, 1, 13))
        return 2407 + 5 * number;
    if (is_in(number, 182, 196))
        return 4000 + 5 * number;
    return is_in(number, 32, 177) ? 5000 + 5 * number : 0;
}

static uint32_t high_mhz(uint32_t number)
{
    if (number == 2)
        return 5935;
    return is_in(number, 1, 233) ? 5950 + 5 * number : 0;
}

static uint32_t number_of(uint32_t mhz)
{
    if (mhz == 2484)
        return 14;
    if (mhz == 5935)
        return 2;
    switch (wifi_channel_band(mhz)) {
    case WIFI_BAND_2: return (mhz - 2407) / 5;
    case WIFI_BAND_6: return (mhz - 5950) / 5;
    default: return mhz < 5000 ? (mhz - 4000) / 5 : (mhz - 5000) / 5;
    }
}

/* True for a frequency that has a number. */
static bool is_raster(uint32_t mhz)
{
    enum wifi_band band = wifi_channel_band(mhz);
    uint32_t number = band == WIFI_BANDS ? 0 : number_of(mhz);
    return number && mhz == (band == WIFI_BAND_6 ? high_mhz(number) : low_mhz(number));
}

uint32_t wifi_channel_width(enum nl80211_chan_width width)
{
    switch (width) {
    case NL80211_CHAN_WIDTH_5: return 5;
    case NL80211_CHAN_WIDTH_10: return 10;
    case NL80211_CHAN_WIDTH_40: return 40;
    case NL80211_CHAN_WIDTH_80:
    case NL80211_CHAN_WIDTH_80P80: return 80;
    case NL80211_CHAN_WIDTH_160: return 160;
    case NL80211_CHAN_WIDTH_320: return 320;
    default: return 20;
    }
}

/* The centre of the run's block of so many MHz that holds the channel; 0 when it has none. */
static uint32_t centre_in(struct run run, uint32_t mhz, uint32_t width)
{
    if (!is_in(mhz, run.first, run.last))
        return 0;
    uint32_t first = run.first + (mhz - run.first) / width * width;
    return first + width - 20 <= run.last ? first + width / 2 - 10 : 0;
}

/* The centre as the plan has it. Of the two plans of 320 MHz the first counts where it has one. */
static uint32_t planned_centre(uint32_t mhz, uint32_t width)
{
    static const struct run second_320 = {6115, 7115};
    uint32_t centre = 0;
    for (size_t i = 0; i < runs_count && !centre; i++)
        centre = centre_in(runs[i], mhz, width);
    return centre || width != 320 ? centre : centre_in(second_320, mhz, width);
}

static uint32_t centre_of_40(uint32_t mhz, int side)
{
    if (mhz == 2484)
        return 0;
    if (side)
        return mhz + (uint32_t)(10 * side);
    if (wifi_channel_band(mhz) != WIFI_BAND_2)
        return planned_centre(mhz, 40);
    return mhz <= 2442 ? mhz + 10 : mhz - 10;
}

/* True when a block of that centre and width has the channel in its raster. */
static bool is_inside(uint32_t mhz, uint32_t centre, uint32_t width)
{
    uint32_t lowest = centre - width / 2 + 10;
    return is_in(mhz, lowest, lowest + width - 20) && (mhz - lowest) % 20 == 0;
}

/* Fills in what follows from frequency and form; `centre` is the one written, 0 for the plan's. */
static int complete(struct wifi_channel *channel, uint32_t centre)
{
    uint32_t width = wifi_channel_width(channel->width);
    bool is_double = channel->width == NL80211_CHAN_WIDTH_80P80;
    channel->centre_1 = channel->mhz;
    channel->centre_2 = is_double ? centre : 0;
    if (width == 40)
        channel->centre_1 = centre_of_40(channel->mhz, channel->form->side);
    else if (width > 40)
        channel->centre_1 = centre && !is_double ? centre : planned_centre(channel->mhz, width);
    if (!channel->centre_1 || (width >= 40 && !is_inside(channel->mhz, channel->centre_1, width)))
        return -EINVAL;
    if (is_double && (wifi_channel_band(centre) != wifi_channel_band(channel->mhz) ||
                      centre == channel->centre_1))
        return -EINVAL;
    return 0;
}

static const struct wifi_form *take_form(const char **text)
{
    for (size_t i = 0; i < forms_count; i++)
        if (text_take_word(text, forms[i].text))
            return &forms[i];
    return NULL; /* not reached: the last form is empty */
}

/* Takes "-5210". 0 when there is none. */
static int take_centre(const char **text, uint32_t *ret_centre)
{
    *ret_centre = 0;
    if (**text != '-')
        return 0;
    ++*text;
    return text_take_number(text, ret_centre) && *ret_centre ? 0 : -EINVAL;
}

int wifi_channel_parse(const char *text, struct wifi_channel *ret_channel)
{
    uint32_t number, centre = 0;
    if (!text_take_number(&text, &number))
        return -EINVAL;
    bool is_high = text_take_word(&text, "W6e") || text_take_word(&text, "-W6e");
    const struct wifi_form *form = take_form(&text);
    uint32_t width = wifi_channel_width(form->width);
    if (!is_high && width >= 20)
        is_high = text_take_word(&text, "W6e");
    if (width >= 80 && take_centre(&text, &centre) < 0)
        return -EINVAL;
    uint32_t mhz = is_high ? high_mhz(number) : low_mhz(number);
    if (!mhz && !is_high && is_raster(number))
        mhz = number;
    if (*text || !mhz || (width < 20 && wifi_channel_band(mhz) == WIFI_BAND_6))
        return -EINVAL;
    struct wifi_channel channel = {.mhz = mhz, .width = form->width, .form = form};
    int result = complete(&channel, centre);
    if (!result)
        *ret_channel = channel;
    return result;
}

int wifi_channel_make(uint32_t mhz, const char *form, struct wifi_channel *ret_channel)
{
    char text[16 + TOOL_CHANNEL_TEXT];
    snprintf(text, sizeof text, "%u%s", mhz, form);
    return wifi_channel_parse(text, ret_channel);
}

/* How such a width is usually written in a band. */
static const char *usual_form(enum nl80211_chan_width width, bool is_high, bool is_above)
{
    switch (width) {
    case NL80211_CHAN_WIDTH_20: return is_high ? "" : "HT20"; /* no HT in 6 GHz */
    case NL80211_CHAN_WIDTH_40: return is_high ? "HE40" : is_above ? "HT40+" : "HT40-";
    case NL80211_CHAN_WIDTH_80: return is_high ? "HE80" : "VHT80";
    case NL80211_CHAN_WIDTH_80P80: return is_high ? "HE80+80" : "VHT80+80";
    case NL80211_CHAN_WIDTH_160: return is_high ? "HE160" : "VHT160";
    case NL80211_CHAN_WIDTH_320: return "EHT320";
    case NL80211_CHAN_WIDTH_5: return "W5";
    case NL80211_CHAN_WIDTH_10: return "W10";
    default: return "";
    }
}

int wifi_channel_find(uint32_t mhz, enum nl80211_chan_width width, uint32_t centre_1,
                      uint32_t centre_2, struct wifi_channel *ret_channel)
{
    char form[TOOL_CHANNEL_TEXT];
    bool is_high = wifi_channel_band(mhz) == WIFI_BAND_6;
    int used = snprintf(form, sizeof form, "%s", usual_form(width, is_high, centre_1 > mhz));
    if (wifi_channel_width(width) >= 80)
        snprintf(form + used, sizeof form - (size_t)used, "-%u",
                 width == NL80211_CHAN_WIDTH_80P80 ? centre_2 : centre_1);
    return wifi_channel_make(mhz, form, ret_channel);
}

void wifi_channel_write(const struct wifi_channel *channel, char ret_text[TOOL_CHANNEL_TEXT])
{
    uint32_t width = wifi_channel_width(channel->width);
    bool is_high = wifi_channel_band(channel->mhz) == WIFI_BAND_6;
    uint32_t centre = channel->centre_2;
    if (width >= 80 && channel->centre_1 != planned_centre(channel->mhz, width))
        centre = channel->centre_1;
    int used = snprintf(ret_text, TOOL_CHANNEL_TEXT, "%u%s%s", number_of(channel->mhz),
                        is_high ? "W6e" : "", channel->form->text);
    if (centre)
        snprintf(ret_text + used, (size_t)(TOOL_CHANNEL_TEXT - used), "-%u", centre);
}

bool wifi_channel_is_first(const struct wifi_channel *channel)
{
    return channel->mhz == channel->centre_1 - wifi_channel_width(channel->width) / 2 + 10;
}

static const struct run runs[] = {{5180, 5320}, {5500, 5720}, {5745, 5885}, {5955, 7115}};
static const size_t runs_count = sizeof runs / sizeof *runs;

/* Longer ones before those they begin like; the bare number last. */
static const struct wifi_form forms[] = {
    {"HT20", NL80211_CHAN_WIDTH_20, 0},        {"HT40+", NL80211_CHAN_WIDTH_40, 1},
    {"HT40-", NL80211_CHAN_WIDTH_40, -1},      {"HT40", NL80211_CHAN_WIDTH_40, 0},
    {"VHT80+80", NL80211_CHAN_WIDTH_80P80, 0}, {"VHT80", NL80211_CHAN_WIDTH_80, 0},
    {"VHT160", NL80211_CHAN_WIDTH_160, 0},     {"HE20", NL80211_CHAN_WIDTH_20, 0},
    {"HE40+", NL80211_CHAN_WIDTH_40, 1},       {"HE40-", NL80211_CHAN_WIDTH_40, -1},
    {"HE40", NL80211_CHAN_WIDTH_40, 0},        {"HE80+80", NL80211_CHAN_WIDTH_80P80, 0},
    {"HE80", NL80211_CHAN_WIDTH_80, 0},        {"HE160", NL80211_CHAN_WIDTH_160, 0},
    {"EHT20", NL80211_CHAN_WIDTH_20, 0},       {"EHT40+", NL80211_CHAN_WIDTH_40, 1},
    {"EHT40-", NL80211_CHAN_WIDTH_40, -1},     {"EHT40", NL80211_CHAN_WIDTH_40, 0},
    {"EHT80", NL80211_CHAN_WIDTH_80, 0},       {"EHT160", NL80211_CHAN_WIDTH_160, 0},
    {"EHT320", NL80211_CHAN_WIDTH_320, 0},     {"W5", NL80211_CHAN_WIDTH_5, 0},
    {"W10", NL80211_CHAN_WIDTH_10, 0},         {"", NL80211_CHAN_WIDTH_20_NOHT, 0},
};
static const size_t forms_count = sizeof forms / sizeof *forms;
