/* From what was heard of a frame to what its devices are told. See packet.h. */
#include "phy/packet.h"

#include "util/clock.h"

static uint8_t signal_kind_of(const struct radio *radio)
{
    switch (radio->signal_kind) {
    case RADIO_SIGNAL_DBM: return SIGNAL_DBM;
    case RADIO_SIGNAL_RSSI: return SIGNAL_RSSI;
    default: return SIGNAL_NONE;
    }
}

static uint8_t encoding_bit(enum radio_encoding encoding)
{
    switch (encoding) {
    case RADIO_ENCODING_CCK:
    case RADIO_ENCODING_PBCC: return 1;
    case RADIO_ENCODING_OFDM: return 2;
    case RADIO_ENCODING_GFSK: return 8;
    case RADIO_ENCODING_HT: return 16;
    case RADIO_ENCODING_VHT: return 32;
    case RADIO_ENCODING_HE: return 64;
    case RADIO_ENCODING_EHT: return 128;
    case RADIO_ENCODING_S1G:
    case RADIO_ENCODING_UNKNOWN: break;
    }
    return 0;
}

static uint16_t carrier_bit(enum radio_band band)
{
    switch (band) {
    case RADIO_BAND_2GHZ: return 1;
    case RADIO_BAND_4GHZ:
    case RADIO_BAND_5GHZ: return 2;
    case RADIO_BAND_6GHZ: return 4;
    case RADIO_BAND_SUB_1GHZ: return 8;
    case RADIO_BAND_60GHZ: return 16;
    case RADIO_BAND_UNKNOWN: break;
    }
    return 0;
}

void packet_begin(struct packet *packet, uint64_t time_ns, uint16_t source)
{
    packet->phy = NULL;
    packet->told = (struct device_packet){.source = source};
    packet->fingerprint = 0;
    packet->is_repeated = false;
    packet->end_count = 0;
    packet_set_time(packet, time_ns);
}

void packet_set_time(struct packet *packet, uint64_t time_ns)
{
    packet->time_ns = time_ns;
    packet->told.time = time_ns / NS_PER_S;
}

void packet_hear(struct packet *packet, const struct radio *radio)
{
    struct device_packet *told = &packet->told;
    told->frequency = radio->frequency_khz;
    told->signal_kind = signal_kind_of(radio);
    told->signal = radio->signal;
    told->noise = radio->has_noise ? radio->noise : 0;
    told->rate = radio->rate;
    told->encodings = encoding_bit(radio->encoding);
    told->carriers = carrier_bit(radio->band);
}
