/* Channel numbers and frequencies. The bands' rasters: 5 MHz steps from 2407 (channel 14 apart),
 * 4000, 5000 and 5950 MHz, 2160 MHz steps from 56160. Input and output: numbers; no state. Bands
 * are told by frequency alone, as channel numbers repeat from band to band. */
#include "dissect/dot11_channel.h"

#include <stdbool.h>
#include <string.h>

enum radio_band dot11_channel_band(uint32_t frequency_khz)
{
    uint32_t mhz = frequency_khz / 1000;
    if (mhz >= 2400 && mhz < 2500)
        return RADIO_BAND_2GHZ;
    if (mhz >= 4900 && mhz < 5000)
        return RADIO_BAND_4GHZ;
    if (mhz >= 5000 && mhz < 5925)
        return RADIO_BAND_5GHZ;
    if (mhz >= 5925 && mhz < 7130)
        return RADIO_BAND_6GHZ;
    if (mhz >= 57000 && mhz < 74000)
        return RADIO_BAND_60GHZ;
    if (mhz >= 470 && mhz < 1000)
        return RADIO_BAND_SUB_1GHZ;
    return RADIO_BAND_UNKNOWN;
}

/* Channel on a raster of `step` MHz from `base`, 0 off it or outside 1..last. */
static uint16_t raster(uint32_t frequency_khz, uint32_t base, uint32_t step, uint32_t last)
{
    uint32_t mhz = frequency_khz / 1000;
    if (frequency_khz % 1000 || mhz <= base || (mhz - base) % step)
        return 0;
    uint32_t channel = (mhz - base) / step;
    return channel <= last ? (uint16_t)channel : 0;
}

uint16_t dot11_channel_from_frequency(uint32_t frequency_khz)
{
    switch (dot11_channel_band(frequency_khz)) {
    case RADIO_BAND_2GHZ: return frequency_khz == 2484000 ? 14 : raster(frequency_khz, 2407, 5, 13);
    case RADIO_BAND_4GHZ: return raster(frequency_khz, 4000, 5, 199);
    case RADIO_BAND_5GHZ: return raster(frequency_khz, 5000, 5, 184);
    case RADIO_BAND_6GHZ: return frequency_khz == 5935000 ? 2 : raster(frequency_khz, 5950, 5, 233);
    case RADIO_BAND_60GHZ: return raster(frequency_khz, 56160, 2160, 8);
    default: return 0;
    }
}

uint32_t dot11_channel_to_frequency(uint16_t channel, enum radio_band band)
{
    if (!channel)
        return 0;
    if (band == RADIO_BAND_UNKNOWN && channel >= 183 && channel <= 199)
        band = RADIO_BAND_4GHZ;
    else if (band == RADIO_BAND_UNKNOWN)
        band = channel <= 14 ? RADIO_BAND_2GHZ : RADIO_BAND_5GHZ;
    switch (band) {
    case RADIO_BAND_2GHZ:
        return channel == 14 ? 2484000 : channel < 14 ? 2407000u + 5000u * channel : 0;
    case RADIO_BAND_4GHZ: return channel >= 180 && channel <= 199 ? 4000000u + 5000u * channel : 0;
    case RADIO_BAND_5GHZ: return channel <= 184 ? 5000000u + 5000u * channel : 0;
    case RADIO_BAND_6GHZ:
        return channel == 2 ? 5935000 : channel <= 233 ? 5950000u + 5000u * channel : 0;
    case RADIO_BAND_60GHZ: return channel <= 8 ? 56160000u + 2160000u * channel : 0;
    default: return 0;
    }
}

void dot11_channel_write(uint16_t channel, uint32_t frequency_khz,
                         char ret_text[DOT11_CHANNEL_TEXT])
{
    char digits[10];
    size_t count = 0;
    uint32_t number = channel ? channel : frequency_khz / 1000;
    for (; number; number /= 10)
        digits[count++] = (char)('0' + number % 10);
    bool unit = count && !channel;
    while (count)
        *ret_text++ = digits[--count];
    memcpy(ret_text, unit ? "MHz" : "", unit ? 4 : 1);
}
