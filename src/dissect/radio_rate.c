/* Data rates: data subcarriers × bits a subcarrier × coding rate × streams over the symbol time.
 * Input: what a radio header or a capability element says; output: units of 100 kbit/s. Integer
 * arithmetic throughout; what is below 100 kbit/s is cut off. */
#include "dissect/radio_rate.h"

enum { MODULATIONS = 14, HT_MCS_DUPLICATE = 32 };

/* Bits a subcarrier and coding rate of each MCS (802.11be, tables 36-51 and on). */
struct modulation {
    uint8_t bits, numerator, denominator;
};

static const struct modulation modulations[MODULATIONS];

/* `symbol` is the symbol time in units of 100 ns, guard interval included. */
static uint32_t rate(uint32_t subcarriers, uint8_t mcs, uint32_t streams, uint32_t symbol)
{
    const struct modulation *row = &modulations[mcs];
    return subcarriers * row->bits * row->numerator * streams * 100 / (row->denominator * symbol);
}

uint32_t radio_rate_ht(uint8_t mcs, uint16_t width_mhz, bool short_gi)
{
    uint32_t symbol = short_gi ? 36 : 40;
    if (mcs == HT_MCS_DUPLICATE)
        return rate(48, 0, 1, symbol);
    if (mcs > HT_MCS_DUPLICATE)
        return 0;
    return rate(width_mhz >= 40 ? 108 : 52, mcs & 7, 1u + mcs / 8, symbol);
}

uint32_t radio_rate_vht(uint8_t mcs, uint8_t streams, uint16_t width_mhz, bool short_gi)
{
    uint32_t subcarriers;
    switch (width_mhz) {
    case 20: subcarriers = 52; break;
    case 40: subcarriers = 108; break;
    case 80: subcarriers = 234; break;
    case 160: subcarriers = 468; break;
    default: return 0;
    }
    if (mcs > 11 || !streams || streams > 8)
        return 0;
    return rate(subcarriers, mcs, streams, short_gi ? 36 : 40);
}

static uint32_t data_tones(uint16_t tones)
{
    switch (tones) {
    case 26: return 24;
    case 52: return 48;
    case 106: return 102;
    case 242: return 234;
    case 484: return 468;
    case 996: return 980;
    case 1992: return 1960;
    case 3984: return 3920;
    default: return 0;
    }
}

uint32_t radio_rate_he(uint8_t mcs, uint8_t streams, uint16_t tones, uint8_t guard, bool dcm)
{
    static const uint8_t symbols[3] = {136, 144, 160};
    if (mcs == 15) { /* EHT: BPSK with dual carriers */
        mcs = 0;
        dcm = true;
    }
    if (mcs >= MODULATIONS || !streams || streams > 16 || guard > 2)
        return 0;
    return rate(data_tones(tones), mcs, streams, symbols[guard]) / (dcm ? 2 : 1);
}

uint16_t radio_rate_tones(uint16_t width_mhz)
{
    switch (width_mhz) {
    case 20: return 242;
    case 40: return 484;
    case 80: return 996;
    case 160: return 1992;
    case 320: return 3984;
    default: return 0;
    }
}

static const struct modulation modulations[MODULATIONS] = {
    {1, 1, 2}, {2, 1, 2}, {2, 3, 4}, {4, 1, 2},  {4, 3, 4},  {6, 2, 3},  {6, 3, 4},
    {6, 5, 6}, {8, 3, 4}, {8, 5, 6}, {10, 3, 4}, {10, 5, 6}, {12, 3, 4}, {12, 5, 6},
};
