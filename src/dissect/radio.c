/* Front of the link headers: picks the parser by link type, then fills in what follows from the
 * parsed facts (band and channel from frequency, strongest antenna, where the frame lies). Input:
 * one captured packet; output: struct radio. */
#include "dissect/radio.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "dissect/avs.h"
#include "dissect/dot11_channel.h"
#include "dissect/linktype.h"
#include "dissect/ppi.h"
#include "dissect/prism.h"
#include "dissect/radiotap.h"

enum {
    CHANNEL_FLAG_2GHZ = 0x0080,
    CHANNEL_FLAG_5GHZ = 0x0100,
};

static enum radio_band band_of(const struct radio *radio)
{
    enum radio_band band = dot11_channel_band(radio->frequency_khz);
    if (band == RADIO_BAND_UNKNOWN && radio->channel_flags & CHANNEL_FLAG_2GHZ)
        return RADIO_BAND_2GHZ;
    if (band == RADIO_BAND_UNKNOWN && radio->channel_flags & CHANNEL_FLAG_5GHZ)
        return RADIO_BAND_5GHZ;
    return band;
}

static void fill_channel(struct radio *radio)
{
    if (!radio->frequency_khz && radio->channel)
        radio->frequency_khz = dot11_channel_to_frequency(radio->channel, radio->band);
    else if (!radio->channel)
        radio->channel = dot11_channel_from_frequency(radio->frequency_khz);
    if (!radio->band)
        radio->band = band_of(radio);
}

/* A header may give the signal only by antenna, or a summary weaker than the best antenna. */
static void fill_signal(struct radio *radio)
{
    for (int i = 0; i < radio->antenna_count; i++) {
        const struct radio_antenna *antenna = &radio->antennas[i];
        if (antenna->has_signal &&
            (radio->signal_kind != RADIO_SIGNAL_DBM || antenna->signal_dbm > radio->signal)) {
            radio->signal_kind = RADIO_SIGNAL_DBM;
            radio->signal = antenna->signal_dbm;
        }
        if (antenna->has_noise && !radio->has_noise && radio->signal_kind == RADIO_SIGNAL_DBM) {
            radio->has_noise = true;
            radio->noise = antenna->noise_dbm;
        }
    }
}

static int parse_header(uint16_t link_type, const uint8_t *data, uint32_t length,
                        struct radio *radio)
{
    switch (link_type) {
    case LINKTYPE_IEEE802_11: return 0;
    case LINKTYPE_RADIOTAP: return radiotap_parse(data, length, radio);
    case LINKTYPE_PPI: return ppi_parse(data, length, radio);
    case LINKTYPE_PRISM: return prism_parse(data, length, radio);
    case LINKTYPE_AVS: return avs_parse(data, length, radio);
    default: return -EOPNOTSUPP;
    }
}

/* The rows of antennas[] count only as far as antenna_count says. */
void radio_clear(struct radio *radio)
{
    memset(radio, 0, offsetof(struct radio, antennas));
    memset(&radio->tsft_us, 0, sizeof *radio - offsetof(struct radio, tsft_us));
}

int radio_parse(uint16_t link_type, const uint8_t *data, uint32_t length, uint32_t original_length,
                struct radio *ret_radio)
{
    struct radio *radio = ret_radio;
    radio_clear(radio);
    int error = parse_header(link_type, data, length, radio);
    if (error)
        return error;
    if (radio->header_length >= length) {
        radio->malformed = MALFORMED_FRAME_EMPTY;
        return -EBADMSG;
    }
    if (original_length < length)
        original_length = length;
    radio->frame = data + radio->header_length;
    radio->frame_length = length - radio->header_length;
    radio->frame_original_length = original_length - radio->header_length;
    radio->truncated = length < original_length;
    fill_channel(radio);
    if (radio->antenna_count)
        fill_signal(radio);
    return 0;
}
