/* The make-believe tuner. See tuner.h. */
#include "capture/tuner.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "capture/channel_text.h"

#define HOP_RATE_DEFAULT 5.0
#define HOP_RATE_MOST    1000.0

static unsigned common_divisor(unsigned a, unsigned b)
{
    while (b) {
        unsigned rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A stride that visits every channel once and keeps neighbours in time apart in frequency. */
static unsigned shuffle_stride(unsigned count)
{
    if (count < 4)
        return 1;
    unsigned stride = count / 3 + 1;
    while (common_divisor(stride, count) != 1)
        stride++;
    return stride;
}

static void shuffle(struct source_status *status)
{
    const struct source_channels ordered = status->hop_channels;
    status->hop_shuffle_skip = status->hop_shuffle ? shuffle_stride(ordered.count) : 0;
    if (!status->hop_shuffle)
        return;
    for (unsigned i = 0, from = 0; i < ordered.count; i++) {
        memcpy(status->hop_channels.text[i], ordered.text[from], SOURCE_CHANNEL_TEXT);
        from = (from + status->hop_shuffle_skip) % ordered.count;
    }
}

static bool list_has(const struct source_channels *list, const char *channel)
{
    for (unsigned i = 0; i < list->count; i++)
        if (strcmp(list->text[i], channel) == 0)
            return true;
    return false;
}

void tuner_add_channels(struct source_channels *list, const char *text)
{
    struct source_channels more;
    if (!text || channel_text_parse_list(text, &more, NULL) < 0)
        return;
    for (unsigned i = 0; i < more.count && list->count < SOURCE_CHANNELS; i++)
        if (!list_has(list, more.text[i]))
            memcpy(list->text[list->count++], more.text[i], SOURCE_CHANNEL_TEXT);
}

void tuner_block_channels(struct source_channels *list, const char *text)
{
    struct source_channels blocked;
    unsigned kept = 0;
    if (!text || channel_text_parse_list(text, &blocked, NULL) < 0)
        return;
    for (unsigned i = 0; i < list->count; i++)
        if (!list_has(&blocked, list->text[i])) {
            if (kept != i)
                memcpy(list->text[kept], list->text[i], SOURCE_CHANNEL_TEXT);
            kept++;
        }
    list->count = (uint16_t)kept;
}

void tuner_choose(struct source_status *status, const struct definition *definition,
                  const struct capture_config *defaults)
{
    const char *rate = definition_find(definition, "channel_hoprate");
    const char *channel = definition_find(definition, "channel");
    status->hop_rate = defaults->hop_rate > 0 ? defaults->hop_rate : HOP_RATE_DEFAULT;
    if (rate)
        channel_text_parse_rate(rate, &status->hop_rate);
    status->hop_shuffle = defaults->shuffle;
    status->hop_split = definition_bool(definition, "split", defaults->split);
    status->hop_offset = 0;
    status->hopping = definition_bool(definition, "channel_hop", defaults->hop && !channel);
    status->channel[0] = '\0';
    if (!status->hopping && channel)
        channel_text_parse(channel, status->channel, NULL);
}

void tuner_start(struct source_status *status, const struct definition *definition,
                 const struct capture_config *defaults)
{
    const char *channels = definition_find(definition, "channels");
    if (!channels || channel_text_parse_list(channels, &status->channels, NULL) < 0)
        channel_text_default_list(&status->channels);
    tuner_add_channels(&status->channels, definition_find(definition, "add_channels"));
    status->hop_channels = status->channels;
    tuner_block_channels(&status->hop_channels, definition_find(definition, "block_channels"));
    if (!status->hop_channels.count)
        status->hop_channels = status->channels;
    tuner_choose(status, definition, defaults);
    shuffle(status);
    if (!status->hopping && !status->channel[0])
        memcpy(status->channel, status->channels.text[0], SOURCE_CHANNEL_TEXT);
}

int tuner_read_channel(const char *channel, char ret_text[SOURCE_CHANNEL_TEXT],
                       struct buffer *ret_why)
{
    if (channel_text_parse(channel, ret_text, NULL) == 0)
        return 0;
    buffer_printf(ret_why, "\"%.40s\" is not a channel: write 6, 6HT40+, 36VHT80, 1W6e or 2412",
                  channel);
    return -EINVAL;
}

int tuner_lock(struct source_status *status, const char *channel, struct buffer *ret_why)
{
    char usual[SOURCE_CHANNEL_TEXT];
    int result = tuner_read_channel(channel, usual, ret_why);
    if (result < 0)
        return result;
    memcpy(status->channel, usual, sizeof usual);
    status->hopping = false;
    return 0;
}

/* The channels of a hop command, checked. */
static int read_hop_channels(const struct capture_hop *hop, struct source_channels *ret_list,
                             struct buffer *ret_why)
{
    struct source_channels list = {0};
    for (size_t i = 0; i < hop->channel_count; i++) {
        char usual[SOURCE_CHANNEL_TEXT];
        if (channel_text_parse(hop->channels[i], usual, NULL) < 0) {
            buffer_printf(ret_why, "\"%.40s\" is not a channel", hop->channels[i]);
            return -EINVAL;
        }
        if (list.count == SOURCE_CHANNELS) {
            buffer_printf(ret_why, "more than %d channels", SOURCE_CHANNELS);
            return -EINVAL;
        }
        if (!list_has(&list, usual))
            memcpy(list.text[list.count++], usual, sizeof usual);
    }
    *ret_list = list;
    return 0;
}

int tuner_read_hop(const struct capture_hop *hop, struct tuning *ret_command,
                   struct buffer *ret_why)
{
    static const struct capture_hop unchanged;
    struct tuning command = {.is_hop = true};
    if (!hop)
        hop = &unchanged;
    if (!isfinite(hop->rate) || hop->rate < 0 || hop->rate > HOP_RATE_MOST) {
        buffer_add_text(ret_why, "a hop rate is a number of hops a second, up to 1000");
        return -EINVAL;
    }
    int result = read_hop_channels(hop, &command.channels, ret_why);
    if (result < 0)
        return result;
    command.rate = hop->rate;
    command.shuffle = hop->shuffle;
    *ret_command = command;
    return 0;
}

int tuner_hop(struct source_status *status, const struct capture_hop *hop, struct buffer *ret_why)
{
    struct tuning command;
    int result = tuner_read_hop(hop, &command, ret_why);
    if (result < 0)
        return result;
    if (command.shuffle)
        status->hop_shuffle = command.shuffle > 0;
    if (command.channels.count || command.shuffle) {
        status->hop_channels = command.channels.count ? command.channels : status->channels;
        shuffle(status);
    }
    if (command.rate > 0)
        status->hop_rate = command.rate;
    status->hopping = true;
    status->channel[0] = '\0';
    return 0;
}

bool tuner_spread(struct source_status *status, unsigned index, unsigned count)
{
    uint32_t before = status->hop_offset;
    status->hop_offset = count > 1 ? index * status->hop_channels.count / count : 0;
    return status->hop_offset != before;
}
