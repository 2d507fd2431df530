/* Options of definitions. See wifi_options.h. */
#include "tools/wifi/wifi_options.h"

#include <errno.h>
#include <string.h>

/* An option that is true or false, and where in the struct it goes. */
struct wish {
    const char *key;
    size_t offset; /* of a bool in struct wifi_options */
    bool otherwise;
};

static const struct wish wishes[];
static const size_t wishes_count;

/* hop_bands: 2.4, 5 and 6 in any order, with commas or blanks between them. */
static int read_bands(const char *text, bool bands[WIFI_BANDS], struct buffer *ret_why)
{
    static const char *const names[WIFI_BANDS] = {"2.4", "5", "6"};
    static const char separators[] = ", ";
    while (text && *(text += strspn(text, separators))) {
        size_t length = strcspn(text, separators), i = 0;
        while (i < WIFI_BANDS &&
               (strlen(names[i]) != length || strncmp(names[i], text, length) != 0))
            i++;
        if (i == WIFI_BANDS) {
            buffer_printf(ret_why, "hop_bands=%.*s: the bands are 2.4, 5 and 6", (int)length, text);
            return -EINVAL;
        }
        bands[i] = true;
        text += length;
    }
    return 0;
}

static int read_wishes(const struct tool *tool, struct wifi_options *options,
                       struct buffer *ret_why)
{
    int result = 0;
    for (size_t i = 0; i < wishes_count && !result; i++) {
        bool *wish = (bool *)((char *)options + wishes[i].offset);
        result = tool_option_bool(tool, wishes[i].key, wishes[i].otherwise, wish, ret_why);
    }
    return result;
}

static int read_flags(const struct tool *tool, uint32_t *ret_flags, struct buffer *ret_why)
{
    bool bad_fcs, bad_plcp;
    int result = tool_option_bool(tool, "fcsfail", false, &bad_fcs, ret_why);
    if (!result)
        result = tool_option_bool(tool, "plcpfail", false, &bad_plcp, ret_why);
    if (result < 0)
        return result;
    *ret_flags = 1u << NL80211_MNTR_FLAG_CONTROL | 1u << NL80211_MNTR_FLAG_OTHER_BSS;
    if (bad_fcs)
        *ret_flags |= 1u << NL80211_MNTR_FLAG_FCSFAIL;
    if (bad_plcp)
        *ret_flags |= 1u << NL80211_MNTR_FLAG_PLCPFAIL;
    return 0;
}

/* default_ht20 writes 6HT20 for 6, expand_ht20 both. */
static int read_20(const struct tool *tool, struct wifi_offer *offer, struct buffer *ret_why)
{
    bool is_default, is_expanded;
    int result = tool_option_bool(tool, "default_ht20", false, &is_default, ret_why);
    if (!result)
        result = tool_option_bool(tool, "expand_ht20", false, &is_expanded, ret_why);
    if (result < 0)
        return result;
    offer->ht20 = is_default || is_expanded;
    offer->plain = !is_default || is_expanded;
    return 0;
}

static int check_channel(const char *text, struct buffer *ret_why)
{
    struct wifi_channel channel;
    if (!text || wifi_channel_parse(text, &channel) == 0)
        return 0;
    buffer_printf(ret_why, "channel=%s is no channel: write 6, 6HT40+, 36VHT80, 1W6e or 2412",
                  text);
    return -EINVAL;
}

int wifi_options_read(const struct tool *tool, struct wifi_options *ret_options,
                      struct buffer *ret_why)
{
    struct wifi_options options = {.interface = tool_option(tool, "vif"),
                                   .channel = tool_option(tool, "channel")};
    int result = read_wishes(tool, &options, ret_why);
    if (!result)
        result = read_20(tool, &options.offer, ret_why);
    if (!result)
        result = read_flags(tool, &options.flags, ret_why);
    if (!result)
        result = read_bands(tool_option(tool, "hop_bands"), options.hop_bands, ret_why);
    if (!result)
        result = check_channel(options.channel, ret_why);
    if (!result && options.management_only && options.cuts_data) {
        buffer_add_text(ret_why, "filter_mgmt and truncate_data exclude one another: the frames "
                                 "of a handshake would come without what is in them");
        result = -EINVAL;
    }
    if (!result)
        *ret_options = options;
    return result;
}

bool wifi_options_hops_to(const struct wifi_options *options, const char *text)
{
    struct wifi_channel channel;
    const bool *bands = options->hop_bands;
    if (wifi_channel_parse(text, &channel) < 0)
        return true; /* tuning to it says what is wrong */
    return bands[wifi_channel_band(channel.mhz)] ||
           (!bands[WIFI_BAND_2] && !bands[WIFI_BAND_5] && !bands[WIFI_BAND_6]);
}

// clang-format off
static const struct wish wishes[] = {
    {"ht_channels", offsetof(struct wifi_options, offer.ht), true},
    {"vht_channels", offsetof(struct wifi_options, offer.vht), true},
    {"he_channels", offsetof(struct wifi_options, offer.he), false},
    {"eht_channels", offsetof(struct wifi_options, offer.eht), false},
    {"vht80p80_channels", offsetof(struct wifi_options, offer.pairs), false},
    {"band24ghz", offsetof(struct wifi_options, offer.bands[WIFI_BAND_2]), false},
    {"band5ghz", offsetof(struct wifi_options, offer.bands[WIFI_BAND_5]), false},
    {"band6ghz", offsetof(struct wifi_options, offer.bands[WIFI_BAND_6]), false},
    {"ignoreprimary", offsetof(struct wifi_options, keeps_primary), false},
    {"filter_mgmt", offsetof(struct wifi_options, management_only), false},
    {"truncate_data", offsetof(struct wifi_options, cuts_data), false},
    {"filter_locals", offsetof(struct wifi_options, leaves_out_own), false},
};
static const size_t wishes_count = sizeof wishes / sizeof *wishes;
// clang-format on
