/* A word as a channel; what is read is written, and reads as the same again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/wifi/wifi_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char word[TOOL_CHANNEL_TEXT], written[TOOL_CHANNEL_TEXT];
    struct wifi_channel channel, again;
    if (size >= sizeof word)
        return -1;
    memcpy(word, data, size);
    word[size] = '\0';
    if (wifi_channel_parse(word, &channel) < 0)
        return 0;
    wifi_channel_write(&channel, written);
    if (wifi_channel_parse(written, &again) < 0 || memcmp(&channel, &again, sizeof channel) != 0)
        abort();
    return 0;
}
