/* What nl80211 and rtnetlink say, as messages behind their lengths: read as parts of a radio, as an
 * interface and as a network device. Each channel that the radio then offers can be written, read
 * and tuned to. */
#include <stdint.h>
#include <stdlib.h>

#include "tools/wifi/wifi_interface.h"
#include "tools/wifi/wifi_link.h"
#include "tools/wifi/wifi_offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_channel(void *context, const char *text)
{
    struct wifi_channel channel;
    if (wifi_channel_parse(text, &channel) < 0 || wifi_wiphy_judge(context, &channel) != WIFI_FITS)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wifi_offer all = {true, true, true, true, true, true, true, {false}};
    static struct wifi_wiphy wiphy;
    struct reader reader = reader_over(data, size);
    struct wifi_interface interface;
    struct wifi_channel channel;
    struct wifi_link link;
    wiphy = (struct wifi_wiphy){0};
    while (reader_left(&reader)) {
        struct reader part = reader_part(&reader, reader_le32(&reader));
        struct slice message = {part.data, part.length};
        wifi_wiphy_parse(&wiphy, message);
        wifi_interface_parse(message, &interface);
        wifi_interface_channel(&interface, &channel);
        wifi_link_parse(message, &link);
    }
    wifi_offer_list(&all, &wiphy, on_channel, &wiphy);
    return 0;
}
