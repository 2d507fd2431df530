/* Wi-Fi channels and hop rates as text. See channel_text.h. Input: one word or a list from a
 * person. Output: the usual spelling and the frequency of the primary channel. */
#include "capture/channel_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

enum { HOP_RATE_MAX = 1000 };

/* What may stand behind the number: its spelling, and what it goes with. */
struct channel_width {
    const char *text;
    bool centre; /* "-5210" may follow: the centre frequency in MHz */
    bool sub_1;  /* narrower than 20 MHz */
};

static const struct channel_width widths[];
static const size_t widths_count;

static bool number_in(unsigned number, unsigned from, unsigned to)
{
    return number >= from && number <= to;
}

/* MHz of a 2.4 or 5 GHz channel number (IEEE 802.11-2020, 17.3.8.4.2 and annex E), or 0. */
static unsigned low_band_mhz(unsigned number)
{
    if (number == 14)
        return 2484;
    if (number_in(number, 1, 13))
        return 2407 + 5 * number;
    if (number_in(number, 182, 196))
        return 4000 + 5 * number;
    if (number_in(number, 16, 16) || number_in(number, 32, 177))
        return 5000 + 5 * number;
    return 0;
}

/* MHz of a 6 GHz channel number (802.11ax-2021, 27.3.23.2), or 0. */
static unsigned high_band_mhz(unsigned number)
{
    if (number == 2)
        return 5935;
    return number_in(number, 1, 233) ? 5950 + 5 * number : 0;
}

static bool frequency_known(unsigned mhz)
{
    return number_in(mhz, 2412, 2484) || number_in(mhz, 4910, 5885) || number_in(mhz, 5925, 7125);
}

static const struct channel_width *take_width(const char **text)
{
    for (size_t i = 0; i < widths_count; i++)
        if (text_take_word(text, widths[i].text))
            return &widths[i];
    return NULL;
}

int channel_text_parse(const char *text, char ret_text[SOURCE_CHANNEL_TEXT], unsigned *ret_mhz)
{
    unsigned number, centre = 0;
    if (!text_take_number(&text, &number))
        return -EINVAL;
    bool high_band = text_take_word(&text, "W6e") || text_take_word(&text, "-W6e");
    const struct channel_width *width = take_width(&text);
    if (!high_band && width && !width->sub_1)
        high_band = text_take_word(&text, "W6e");
    if (width && width->centre && *text == '-') {
        text++;
        if (!text_take_number(&text, &centre) || !frequency_known(centre))
            return -EINVAL;
    }
    unsigned mhz = high_band ? high_band_mhz(number) : low_band_mhz(number);
    if (!mhz && !high_band && frequency_known(number))
        mhz = number;
    if (*text || !mhz || (high_band && width && width->sub_1))
        return -EINVAL;
    int used = snprintf(ret_text, SOURCE_CHANNEL_TEXT, "%u%s%s", number, high_band ? "W6e" : "",
                        width ? width->text : "");
    if (centre)
        snprintf(ret_text + used, (size_t)(SOURCE_CHANNEL_TEXT - used), "-%u", centre);
    if (ret_mhz)
        *ret_mhz = mhz;
    return 0;
}

static bool list_has(const struct source_channels *list, const char *channel)
{
    for (unsigned i = 0; i < list->count; i++)
        if (strcmp(list->text[i], channel) == 0)
            return true;
    return false;
}

static int add_word(struct source_channels *list, const char *word, size_t length,
                    struct buffer *ret_why)
{
    char typed[SOURCE_CHANNEL_TEXT + 12], channel[SOURCE_CHANNEL_TEXT];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < sizeof typed ? length : sizeof typed),
             word);
    if (channel_text_parse(typed, channel, NULL) < 0) {
        if (ret_why)
            buffer_printf(ret_why,
                          "\"%s\" is not a channel: write 6, 6HT40+, 36VHT80, 1W6e or 2412", typed);
        return -EINVAL;
    }
    if (list_has(list, channel))
        return 0;
    if (list->count == SOURCE_CHANNELS) {
        if (ret_why)
            buffer_printf(ret_why, "more than %d channels", SOURCE_CHANNELS);
        return -EINVAL;
    }
    memcpy(list->text[list->count++], channel, sizeof channel);
    return 0;
}

int channel_text_parse_list(const char *text, struct source_channels *ret_list,
                            struct buffer *ret_why)
{
    static const char separators[] = ", \t";
    struct source_channels list = {0};
    while (*(text += strspn(text, separators))) {
        size_t length = strcspn(text, separators);
        int result = add_word(&list, text, length, ret_why);
        if (result < 0)
            return result;
        text += length;
    }
    if (!list.count) {
        if (ret_why)
            buffer_add_text(ret_why, "an empty list of channels");
        return -EINVAL;
    }
    *ret_list = list;
    return 0;
}

void channel_text_default_list(struct source_channels *ret_list)
{
    static const struct {
        unsigned from, to, step;
    } runs[] = {{1, 14, 1}, {36, 64, 4}, {100, 144, 4}, {149, 177, 4}};
    memset(ret_list, 0, sizeof *ret_list);
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
        for (unsigned channel = runs[i].from; channel <= runs[i].to; channel += runs[i].step)
            snprintf(ret_list->text[ret_list->count++], SOURCE_CHANNEL_TEXT, "%u", channel);
}

int channel_text_parse_rate(const char *text, double *ret_rate)
{
    const char *slash = strchr(text, '/');
    const char *unit = slash ? slash + 1 : "sec";
    double number;
    if (text_parse_double(text, slash ? (size_t)(slash - text) : strlen(text), &number) < 0)
        return -EINVAL;
    if (!(number > 0))
        return -EINVAL;
    if (strcasecmp(unit, "min") == 0)
        number /= 60;
    else if (strcasecmp(unit, "dwell") == 0)
        number = 1 / number;
    else if (strcasecmp(unit, "sec") != 0)
        return -EINVAL;
    if (!isfinite(number) || number > HOP_RATE_MAX || number <= 0)
        return -EINVAL;
    *ret_rate = number;
    return 0;
}

/* Longer ones before those they start with. */
static const struct channel_width widths[] = {
    {"HT20", false, false},   {"HT40+", false, false},  {"HT40-", false, false},
    {"HT40", false, false}, /* the side is the radio's choice */
    {"VHT80", true, false},   {"VHT160", true, false},  {"HE20", false, false},
    {"HE40+", false, false},  {"HE40-", false, false},  {"HE40", false, false},
    {"HE80", true, false},    {"HE160", true, false},   {"EHT20", false, false},
    {"EHT40+", false, false}, {"EHT40-", false, false}, {"EHT40", false, false},
    {"EHT80", true, false},   {"EHT160", true, false},  {"EHT320", true, false},
    {"W5", false, true},      {"W10", false, true},
};
static const size_t widths_count = sizeof widths / sizeof widths[0];
