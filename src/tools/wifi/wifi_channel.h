/* A Wi-Fi channel: how people and servers write it, and what a radio is tuned to for it. Written
 * 6, 2437, 6HT20, 6HT40+, 36VHT80, 36VHT80-5210, 36VHT80+80-5775, 100VHT160, 6W5, 1W6e, 5W6eHE80,
 * 33W6eEHT320-6265 (IEEE 802.11-2020, annex E; 802.11ax and 802.11be for 6 GHz and 320 MHz). */
#ifndef NORN_TOOLS_WIFI_CHANNEL_H
#define NORN_TOOLS_WIFI_CHANNEL_H

#include <linux/nl80211.h>
#include <stdint.h>

#include "tools/tool.h"

enum wifi_band { WIFI_BAND_2, WIFI_BAND_5, WIFI_BAND_6, WIFI_BANDS };

/* What stands behind the number: its spelling and what it asks for. */
struct wifi_form {
    const char *text;
    enum nl80211_chan_width width;
    int side; /* of 40 MHz: the other half is above (1), below (-1), or where the plan says (0) */
};

struct wifi_channel {
    uint32_t mhz; /* centre of the primary channel, of 20 MHz or narrower */
    enum nl80211_chan_width width;
    uint32_t centre_1; /* MHz, of all of it, or of the first 80 of 80+80 */
    uint32_t centre_2; /* of the second 80; else 0 */
    const struct wifi_form *form;
};

/* Reads one channel. 0; -EINVAL: it is none, or none of the plan: no 80 MHz begin at 165. */
int wifi_channel_parse(const char *text, struct wifi_channel *ret_channel);

/* Writes it in the usual spelling: by number, a centre only where the plan has another. */
void wifi_channel_write(const struct wifi_channel *channel, char ret_text[TOOL_CHANNEL_TEXT]);

/* The channel of a form ("", "HT40+", "VHT80") at a frequency. 0 or -EINVAL as above. */
int wifi_channel_make(uint32_t mhz, const char *form, struct wifi_channel *ret_channel);

/* The channel that the kernel says a radio is on. 0, or -EINVAL for what has no name here. */
int wifi_channel_find(uint32_t mhz, enum nl80211_chan_width width, uint32_t centre_1,
                      uint32_t centre_2, struct wifi_channel *ret_channel);

/* The band of a frequency in MHz; WIFI_BANDS when it is in none of these. */
enum wifi_band wifi_channel_band(uint32_t mhz);

/* True for the first channel of its block of 40, 80, 160 or 320 MHz. */
bool wifi_channel_is_first(const struct wifi_channel *channel);

/* The width in MHz, of one part of 80+80. */
uint32_t wifi_channel_width(enum nl80211_chan_width width);

#endif
