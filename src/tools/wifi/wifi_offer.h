/* The channels that a radio offers to hop over, as a server is told of them. Input: what nl80211
 * says of the radio, and the options of the source. Output: channel texts, each one that the
 * kernel has and does not disable. */
#ifndef NORN_TOOLS_WIFI_OFFER_H
#define NORN_TOOLS_WIFI_OFFER_H

#include "tools/wifi/wifi_wiphy.h"

struct wifi_offer {
    bool ht, vht;           /* 40 MHz in 2.4 and 5 GHz; 80 and 160 MHz in 5 GHz */
    bool he, eht;           /* 40, 80 and 160 MHz in 6 GHz; 320 MHz in 6 GHz */
    bool pairs;             /* 80+80 MHz: each channel with each other block of 80 MHz */
    bool ht20, plain;       /* 20 MHz channels written as 6HT20; as 6, which is also for the rest */
    bool bands[WIFI_BANDS]; /* none set: all */
};

/* Calls add() for each channel, lowest first, the widths of one after each other. */
void wifi_offer_list(const struct wifi_offer *offer, const struct wifi_wiphy *wiphy,
                     void (*add)(void *context, const char *channel), void *context);

#endif
