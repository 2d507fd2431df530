/* Channels and frequencies of IEEE 802.11 (2020, annex E; 802.11ax annex E for 6 GHz): number to
 * centre frequency and back, the band, and the text that the API shows for a channel. Pure
 * arithmetic: the same answer for the same numbers, nothing is kept. */
#ifndef NORN_DISSECT_DOT11_CHANNEL_H
#define NORN_DISSECT_DOT11_CHANNEL_H

#include <stdint.h>

#include "dissect/radio.h"

enum { DOT11_CHANNEL_TEXT = 16 };

/* The band that a frequency lies in. */
enum radio_band dot11_channel_band(uint32_t frequency_khz);

/* Channel number of a 20 MHz centre frequency, 0 when it is not a channel. */
uint16_t dot11_channel_from_frequency(uint32_t frequency_khz);

/* Centre frequency in kHz of a channel in a band; with RADIO_BAND_UNKNOWN, 1 to 14 are 2.4 GHz,
 * 183 to 199 are 4.9 GHz and the rest 5 GHz. 0 when there is no such channel. */
uint32_t dot11_channel_to_frequency(uint16_t channel, enum radio_band band);

/* Writes the channel's text: its number ("6", "36"), or the frequency of one off the raster
 * ("2415MHz"); "" when both are 0. */
void dot11_channel_write(uint16_t channel, uint32_t frequency_khz,
                         char ret_text[DOT11_CHANNEL_TEXT]);

#endif
