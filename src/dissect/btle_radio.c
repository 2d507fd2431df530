/* Link headers in front of Bluetooth low energy packets. Radios count RF channels by frequency, the
 * link layer puts its three advertising channels last: here it is always the latter's index. See
 * btle_radio.h. Input: one captured packet; output: struct btle_radio. */
#include "dissect/btle_radio.h"

#include <errno.h>

#include "dissect/linktype.h"
#include "dissect/ppi.h"

enum {
    PHDR_DEWHITENED = 0x0001,
    PHDR_SIGNAL = 0x0002,
    PHDR_NOISE = 0x0004,
    PHDR_PDU_SHIFT = 7, /* three bits: what kind of PDU it is */
    PHDR_PDU_AUXILIARY = 1,
    PHDR_PDU_TO_PERIPHERAL = 2,
    PHDR_PDU_TO_CENTRAL = 3,
    PHDR_CRC_CHECKED = 0x0400,
    PHDR_CRC_VALID = 0x0800,
    PHDR_PHY_SHIFT = 14,
    PHDR_PHY_CODED = 2,
};

enum {
    NORDIC_LEAST_HEADER = 10, /* of a packet's own header, behind that of the serial line */
    NORDIC_VERSIONS = 3,
    NORDIC_CRC_VALID = 0x01,
    NORDIC_TO_PERIPHERAL = 0x02,
    NORDIC_PHY_SHIFT = 4,
    NORDIC_PHY_CODED = 2,
};

enum {
    PPI_FIELD_BTLE = 30006,
    PPI_BTLE_BYTES = 12,
};

enum {
    FIRST_MHZ = 2402,
    RF_CHANNEL_37 = 0,
    RF_CHANNEL_38 = 12,
    RF_CHANNEL_39 = 39,
};

/* The link layer's index of an RF channel, which are 2 MHz apart. */
static uint8_t index_of(uint32_t rf_channel)
{
    if (rf_channel >= BTLE_RADIO_CHANNELS)
        return BTLE_RADIO_CHANNEL_UNKNOWN;
    if (rf_channel == RF_CHANNEL_37)
        return 37;
    if (rf_channel == RF_CHANNEL_38)
        return 38;
    if (rf_channel == RF_CHANNEL_39)
        return 39;
    return (uint8_t)(rf_channel - (rf_channel < RF_CHANNEL_38 ? 1 : 2));
}

uint32_t btle_radio_frequency(uint8_t channel)
{
    for (uint32_t rf_channel = 0; rf_channel < BTLE_RADIO_CHANNELS; rf_channel++)
        if (index_of(rf_channel) == channel)
            return (FIRST_MHZ + 2 * rf_channel) * 1000;
    return 0;
}

static void set_channel(struct btle_radio *radio, uint8_t channel)
{
    radio->channel = channel;
    radio->frequency_khz = btle_radio_frequency(channel);
    if (!radio->frequency_khz) {
        radio->channel = BTLE_RADIO_CHANNEL_UNKNOWN;
        radio->malformed = MALFORMED_BTLE_CHANNEL;
    }
}

static void parse_phdr(struct reader *reader, struct btle_radio *radio)
{
    uint8_t rf_channel = reader_u8(reader);
    int8_t signal = (int8_t)reader_u8(reader), noise = (int8_t)reader_u8(reader);
    reader_skip(reader, 1 + 4); /* wrong bits of the access address; the one that was looked for */
    uint16_t flags = reader_le16(reader);
    if (reader->failed) {
        radio->malformed = MALFORMED_CAPTURE_SHORT;
        return;
    }
    if (!(flags & PHDR_DEWHITENED)) {
        radio->malformed = MALFORMED_BTLE_WHITENED;
        reader->failed = true;
        return;
    }
    set_channel(radio, index_of(rf_channel));
    if (flags & PHDR_SIGNAL && signal) {
        radio->signal_kind = RADIO_SIGNAL_DBM;
        radio->signal = signal;
    }
    radio->has_noise = flags & PHDR_NOISE;
    radio->noise = radio->has_noise ? noise : 0;
    if (flags & PHDR_CRC_CHECKED)
        radio->crc = flags & PHDR_CRC_VALID ? FCS_RIGHT : FCS_WRONG;
    unsigned pdu = flags >> PHDR_PDU_SHIFT & 7;
    radio->is_auxiliary = pdu == PHDR_PDU_AUXILIARY;
    radio->direction = pdu == PHDR_PDU_TO_PERIPHERAL ? BTLE_FROM_CENTRAL
                       : pdu == PHDR_PDU_TO_CENTRAL  ? BTLE_FROM_PERIPHERAL
                                                     : BTLE_DIRECTION_UNKNOWN;
    radio->is_coded = flags >> PHDR_PHY_SHIFT == PHDR_PHY_CODED;
}

/* A board's number, a packet of its serial line (length, version, counter, kind: the same six bytes
 * in every version), then the header of what it heard. */
static void parse_nordic(struct reader *reader, struct btle_radio *radio)
{
    reader_skip(reader, 1 + 2);
    uint8_t version = reader_u8(reader);
    reader_skip(reader, 2 + 1);
    struct reader header = *reader;
    uint8_t header_length = reader_u8(&header);
    uint8_t flags = reader_u8(&header);
    uint8_t channel = reader_u8(&header);
    uint8_t attenuation = reader_u8(&header);
    reader_skip(reader, header_length);
    if (reader->failed || header_length < NORDIC_LEAST_HEADER) {
        radio->malformed = MALFORMED_CAPTURE_SHORT;
        reader->failed = true;
    } else if (!version || version > NORDIC_VERSIONS) {
        radio->malformed = MALFORMED_NORDIC_VERSION;
        reader->failed = true;
    }
    if (reader->failed)
        return;
    set_channel(radio, channel);
    radio->crc = flags & NORDIC_CRC_VALID ? FCS_RIGHT : FCS_WRONG;
    radio->direction = flags & NORDIC_TO_PERIPHERAL ? BTLE_FROM_CENTRAL : BTLE_FROM_PERIPHERAL;
    radio->is_coded = (flags >> NORDIC_PHY_SHIFT & 7) == NORDIC_PHY_CODED;
    if (attenuation) {
        radio->signal_kind = RADIO_SIGNAL_DBM;
        radio->signal = (int16_t)-attenuation;
    }
}

/* Ubertooth's field: version, channel in MHz, clocks, and its receiver's own scale of strength. */
static void parse_ubertooth(struct reader *field, struct btle_radio *radio)
{
    reader_skip(field, 1);
    uint16_t mhz = reader_le16(field);
    reader_skip(field, 1 + 4);
    int8_t strongest = (int8_t)reader_u8(field);
    bool on_raster = mhz >= FIRST_MHZ && (mhz - FIRST_MHZ) % 2 == 0;
    set_channel(radio, on_raster ? index_of((mhz - FIRST_MHZ) / 2u) : BTLE_RADIO_CHANNEL_UNKNOWN);
    if (strongest) {
        radio->signal_kind = RADIO_SIGNAL_RSSI;
        radio->signal = strongest;
    }
}

/* The link type inside is a private one, which anybody may use: only the field tells. */
static int parse_ppi(struct reader *reader, struct btle_radio *radio)
{
    struct ppi ppi;
    struct reader field;
    uint16_t type;
    bool found = false;
    if (ppi_open(reader->data, (uint32_t)reader->length, &ppi) != 0)
        return -EOPNOTSUPP;
    while (!found && ppi_next(&ppi, &type, &field))
        found = type == PPI_FIELD_BTLE && reader_left(&field) >= PPI_BTLE_BYTES;
    if (!found)
        return -EOPNOTSUPP;
    parse_ubertooth(&field, radio);
    reader_skip(reader, ppi.header_length);
    return 0;
}

int btle_radio_parse(uint16_t link_type, const uint8_t *data, uint32_t length,
                     uint32_t original_length, struct btle_radio *ret_radio)
{
    struct btle_radio *radio = ret_radio;
    struct reader reader = reader_over(data, length);
    *radio = (struct btle_radio){.crc = FCS_UNCHECKED, .channel = BTLE_RADIO_CHANNEL_UNKNOWN};
    switch (link_type) {
    case LINKTYPE_BLUETOOTH_LE: break;
    case LINKTYPE_BLUETOOTH_LE_PHDR: parse_phdr(&reader, radio); break;
    case LINKTYPE_NORDIC_BLE: parse_nordic(&reader, radio); break;
    case LINKTYPE_PPI:
        if (parse_ppi(&reader, radio) != 0)
            return -EOPNOTSUPP;
        break;
    default: return -EOPNOTSUPP;
    }
    if (reader.failed)
        return -EBADMSG;
    radio->packet_length = (uint32_t)reader_left(&reader);
    radio->packet = reader_bytes(&reader, radio->packet_length);
    radio->truncated = length < original_length;
    if (radio->packet_length)
        return 0;
    radio->malformed = MALFORMED_FRAME_EMPTY;
    return -EBADMSG;
}
