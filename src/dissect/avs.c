/* The AVS capture header (versions 1 and 2): fixed big-endian fields after a magic word. Input:
 * the captured bytes; output: struct radio. Drivers of its day put kHz, MHz or a number where the
 * channel stands: all three are understood. */
#include "dissect/avs.h"

#include <errno.h>

#include "util/bytes.h"

enum {
    HEADER_BYTES = 64, /* version 1 */
    MAGIC = 0x80211000,
    SSI_NORMALISED = 1,
    SSI_DBM = 2,
    SSI_RAW = 3,
    PREAMBLE_SHORT = 1,
};

/* Drivers write a number, MHz or kHz into the same place. */
static void set_channel(struct radio *radio, uint32_t channel)
{
    if (channel < 256)
        radio->channel = (uint16_t)channel;
    else if (channel < 10000)
        radio->frequency_khz = channel * 1000;
    else
        radio->frequency_khz = channel;
}

static void set_signal(struct radio *radio, uint32_t type, int32_t signal, int32_t noise)
{
    if (type < SSI_NORMALISED || type > SSI_RAW || signal < INT16_MIN || signal > INT16_MAX)
        return;
    radio->signal_kind = type == SSI_DBM ? RADIO_SIGNAL_DBM : RADIO_SIGNAL_RSSI;
    radio->signal = (int16_t)signal;
    if (noise && noise >= INT16_MIN && noise <= INT16_MAX) {
        radio->has_noise = true;
        radio->noise = (int16_t)noise;
    }
}

static enum radio_encoding encoding_of(uint32_t phy, uint32_t encoding)
{
    static const uint8_t encodings[4] = {RADIO_ENCODING_UNKNOWN, RADIO_ENCODING_CCK,
                                         RADIO_ENCODING_PBCC, RADIO_ENCODING_OFDM};
    static const uint8_t phys[9] = {
        RADIO_ENCODING_UNKNOWN, RADIO_ENCODING_GFSK, RADIO_ENCODING_CCK,
        RADIO_ENCODING_UNKNOWN, RADIO_ENCODING_CCK,  RADIO_ENCODING_PBCC,
        RADIO_ENCODING_OFDM,    RADIO_ENCODING_PBCC, RADIO_ENCODING_OFDM};
    if (encoding && encoding < sizeof encodings)
        return encodings[encoding];
    return phy < sizeof phys ? phys[phy] : RADIO_ENCODING_UNKNOWN;
}

int avs_parse(const uint8_t *data, uint32_t length, struct radio *radio)
{
    struct reader reader = reader_over(data, length);
    uint32_t magic = reader_be32(&reader);
    uint32_t header_length = reader_be32(&reader);
    if (reader.failed)
        radio->malformed = MALFORMED_CAPTURE_SHORT;
    else if ((magic & 0xfffff000) != MAGIC)
        radio->malformed = MALFORMED_AVS_VERSION;
    else if (header_length < HEADER_BYTES || header_length > length)
        radio->malformed = MALFORMED_AVS_LENGTH;
    if (radio->malformed)
        return -EBADMSG;
    radio->header_length = header_length;

    radio->tsft_us = reader_be64(&reader);
    radio->has_tsft = radio->tsft_us != 0;
    reader_skip(&reader, 8); /* host time */
    uint32_t phy = reader_be32(&reader);
    set_channel(radio, reader_be32(&reader));
    radio->rate = reader_be32(&reader);
    radio->antenna = (uint8_t)reader_be32(&reader);
    radio->has_antenna = true;
    reader_skip(&reader, 4); /* priority */
    uint32_t type = reader_be32(&reader);
    int32_t signal = (int32_t)reader_be32(&reader), noise = (int32_t)reader_be32(&reader);
    set_signal(radio, type, signal, noise);
    radio->short_preamble = reader_be32(&reader) == PREAMBLE_SHORT;
    radio->encoding = encoding_of(phy, reader_be32(&reader));
    return 0;
}
