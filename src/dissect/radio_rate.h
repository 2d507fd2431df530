/* Data rates of HT, VHT, HE and EHT from modulation, width, streams and guard interval (IEEE
 * 802.11-2020, 19.5 and 21.5; 802.11ax 27.5; 802.11be 36.5). Pure arithmetic. Used for the rate of
 * a frame that was heard and for the best rate that a station offers. */
#ifndef NORN_DISSECT_RADIO_RATE_H
#define NORN_DISSECT_RADIO_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* HT rate of MCS 0 to 32 in units of 100 kbit/s; 0 for an MCS without equal modulation. */
uint32_t radio_rate_ht(uint8_t mcs, uint16_t width_mhz, bool short_gi);

/* VHT rate in units of 100 kbit/s; 0 when there is no such combination. */
uint32_t radio_rate_vht(uint8_t mcs, uint8_t streams, uint16_t width_mhz, bool short_gi);

/* HE and EHT rate in units of 100 kbit/s for `tones` of resource unit (26, 52, 106, 242 for
 * 20 MHz, 484, 996, 1992 for 160 MHz, 3984 for 320); `guard` 0, 1, 2 for 0.8, 1.6, 3.2 µs. */
uint32_t radio_rate_he(uint8_t mcs, uint8_t streams, uint16_t tones, uint8_t guard, bool dcm);

/* Resource unit tones of a whole channel, 0 when there is no such width. */
uint16_t radio_rate_tones(uint16_t width_mhz);

#endif
