/* From a packet's facts to what its devices are told. See packet.h. */
#include "phy/packet.h"

static uint8_t signal_kind_of(const struct radio *radio)
{
    switch (radio->signal_kind) {
    case RADIO_SIGNAL_DBM: return SIGNAL_DBM;
    case RADIO_SIGNAL_RSSI: return SIGNAL_RSSI;
    default: return SIGNAL_NONE;
    }
}

struct device_packet packet_describe(const struct packet *packet, uint64_t server_now)
{
    const struct radio *radio = &packet->radio;
    return (struct device_packet){
        .time = packet->time_ns / 1000000000,
        .server_now = server_now,
        .source = packet->source,
        .frequency = radio->frequency_khz,
        .signal_kind = signal_kind_of(radio),
        .signal = radio->signal,
        .noise = radio->has_noise ? radio->noise : 0,
        .location = packet->location,
    };
}
