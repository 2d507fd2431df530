/* The Per-Packet Information header (PPI 1.0.10): type-length-value fields, little endian, around
 * a link type of its own, 802.11 or radiotap. Read here: the 802.11 common field (2), the 802.11n
 * ones (3, 4) and the geotag (30002: fixed-point latitude, longitude, altitude). Input: captured
 * bytes; output: struct radio. */
#include "dissect/ppi.h"

#include <errno.h>
#include <string.h>

#include "dissect/linktype.h"
#include "dissect/radio_rate.h"
#include "dissect/radiotap.h"
#include "util/bytes.h"

enum {
    HEADER_BYTES = 8,
    FLAG_ALIGNED = 0x01,
    FIELD_COMMON = 2,
    FIELD_N_MAC = 3,
    FIELD_N_MAC_PHY = 4,
    FIELD_GPS = 30002,
};

enum {
    COMMON_FCS = 0x0001,
    COMMON_TSFT_MS = 0x0002,
    COMMON_FCS_BAD = 0x0004,
    COMMON_PHY_ERROR = 0x0008,
    CHANNEL_CCK = 0x0020,
    CHANNEL_OFDM = 0x0040,
    SIGNAL_UNKNOWN = -128,
};

struct field {
    uint16_t type, size; /* shortest length that parse() can do with */
    void (*parse)(struct reader *field, struct radio *radio);
};

enum { FIELDS = 4 };
static const struct field fields[FIELDS];

static void parse_common(struct reader *field, struct radio *radio)
{
    uint64_t tsft = reader_le64(field);
    uint16_t flags = reader_le16(field);
    uint16_t rate = reader_le16(field);
    uint16_t mhz = reader_le16(field);
    uint16_t channel_flags = reader_le16(field);
    reader_skip(field, 2); /* frequency hopping */
    int8_t signal = (int8_t)reader_u8(field), noise = (int8_t)reader_u8(field);
    radio->has_tsft = true;
    radio->tsft_us = flags & COMMON_TSFT_MS ? tsft * 1000 : tsft;
    radio->fcs_known = true;
    radio->fcs_present = flags & COMMON_FCS;
    radio->fcs_bad = flags & (COMMON_FCS_BAD | COMMON_PHY_ERROR);
    radio->rate = rate * 5u;
    radio->frequency_khz = mhz * 1000u;
    radio->channel_flags = channel_flags;
    if (channel_flags & CHANNEL_OFDM)
        radio->encoding = RADIO_ENCODING_OFDM;
    else if (channel_flags & CHANNEL_CCK)
        radio->encoding = RADIO_ENCODING_CCK;
    if (signal != SIGNAL_UNKNOWN && signal) {
        radio->signal_kind = RADIO_SIGNAL_DBM;
        radio->signal = signal;
    }
    if (noise != SIGNAL_UNKNOWN && noise) {
        radio->has_noise = true;
        radio->noise = noise;
    }
}

static void parse_n_mac(struct reader *field, struct radio *radio)
{
    uint32_t flags = reader_le32(field);
    radio->ampdu_reference = reader_le32(field);
    radio->has_ampdu = flags & 0x10;
}

static void parse_n_antennas(struct reader *field, struct radio *radio)
{
    for (uint8_t i = 0; i < 4; i++) {
        int8_t signal = (int8_t)reader_u8(field), noise = (int8_t)reader_u8(field);
        if (signal == SIGNAL_UNKNOWN || !signal || radio->antenna_count >= RADIO_ANTENNAS_MAX)
            continue;
        radio->antennas[radio->antenna_count++] =
            (struct radio_antenna){.number = i,
                                   .has_number = true,
                                   .has_signal = true,
                                   .signal_dbm = signal,
                                   .has_noise = noise != SIGNAL_UNKNOWN && noise,
                                   .noise_dbm = noise};
    }
}

static void parse_n_mac_phy(struct reader *field, struct radio *radio)
{
    uint32_t flags = reader_le32(field);
    radio->ampdu_reference = reader_le32(field);
    radio->has_ampdu = flags & 0x10;
    reader_skip(field, 1); /* delimiters */
    radio->mcs = reader_u8(field);
    radio->streams = reader_u8(field);
    radio->encoding = RADIO_ENCODING_HT;
    radio->bandwidth_mhz = flags & 0x02 ? 40 : 20;
    radio->rate = radio_rate_ht(radio->mcs, radio->bandwidth_mhz, flags & 0x04);
    reader_skip(field, 1 + 8 + 4); /* RSSI, combined and by antenna; extension channel */
    parse_n_antennas(field, radio);
}

static void parse_gps(struct reader *field, struct radio *radio)
{
    struct radio_location *location = &radio->location;
    uint8_t version = reader_u8(field);
    reader_skip(field, 3); /* padding and the length again */
    uint32_t present = reader_le32(field);
    if (version > 2 || (present & 0x6) != 0x6)
        return;
    if (present & 0x1)
        reader_skip(field, 4); /* fix flags */
    location->latitude = reader_le32(field) / 1e7 - 180.0;
    location->longitude = reader_le32(field) / 1e7 - 180.0;
    if (present & 0x8) {
        location->altitude = reader_le32(field) / 1e4 - 180000.0;
        location->has_altitude = !field->failed;
    }
    location->valid = !field->failed && location->latitude >= -90 && location->latitude <= 90 &&
                      location->longitude >= -180 && location->longitude <= 180;
}

static void parse_field(uint16_t type, struct reader *field, struct radio *radio)
{
    for (int i = 0; i < FIELDS; i++) {
        if (fields[i].type != type)
            continue;
        if (reader_left(field) < fields[i].size)
            radio->malformed = MALFORMED_PPI_FIELD;
        else
            fields[i].parse(field, radio);
    }
}

int ppi_open(const uint8_t *data, uint32_t length, struct ppi *ret_ppi)
{
    struct ppi *ppi = ret_ppi;
    struct reader reader = reader_over(data, length);
    *ppi = (struct ppi){.malformed = MALFORMED_NONE};
    reader_skip(&reader, 1); /* version: 0 in every known writer, but some leave rubbish */
    ppi->is_aligned = reader_u8(&reader) & FLAG_ALIGNED;
    ppi->header_length = reader_le16(&reader);
    ppi->link_type = reader_le32(&reader);
    if (reader.failed)
        ppi->malformed = MALFORMED_CAPTURE_SHORT;
    else if (ppi->header_length < HEADER_BYTES || ppi->header_length > length)
        ppi->malformed = MALFORMED_PPI_LENGTH;
    if (ppi->malformed)
        return -EBADMSG;
    ppi->fields = reader_part(&reader, ppi->header_length - HEADER_BYTES);
    return 0;
}

bool ppi_next(struct ppi *ppi, uint16_t *ret_type, struct reader *ret_field)
{
    if (reader_left(&ppi->fields) < 4)
        return false;
    uint16_t type = reader_le16(&ppi->fields);
    uint16_t size = reader_le16(&ppi->fields);
    struct reader field = reader_part(&ppi->fields, size);
    if (field.failed) {
        ppi->malformed = MALFORMED_PPI_FIELD;
        return false;
    }
    if (ppi->is_aligned)
        reader_skip(&ppi->fields, (4 - size % 4) % 4);
    *ret_type = type;
    *ret_field = field;
    return true;
}

/* A radiotap header behind the fields: what it says counts. */
static int parse_inner(const uint8_t *data, uint32_t length, struct radio *radio)
{
    uint32_t outer = radio->header_length;
    int error = radiotap_parse(data + outer, length - outer, radio);
    if (!error)
        radio->header_length += outer;
    return error;
}

int ppi_parse(const uint8_t *data, uint32_t length, struct radio *radio)
{
    struct ppi ppi;
    struct reader field;
    uint16_t type;
    if (ppi_open(data, length, &ppi) != 0) {
        radio->malformed = ppi.malformed;
        return -EBADMSG;
    }
    if (ppi.link_type != LINKTYPE_IEEE802_11 && ppi.link_type != LINKTYPE_RADIOTAP)
        return -EOPNOTSUPP;
    radio->header_length = ppi.header_length;
    while (ppi_next(&ppi, &type, &field))
        parse_field(type, &field, radio);
    if (ppi.malformed)
        radio->malformed = ppi.malformed;
    return ppi.link_type == LINKTYPE_RADIOTAP ? parse_inner(data, length, radio) : 0;
}

static const struct field fields[FIELDS] = {
    {FIELD_COMMON, 20, parse_common},
    {FIELD_N_MAC, 12, parse_n_mac},
    {FIELD_N_MAC_PHY, 48, parse_n_mac_phy},
    {FIELD_GPS, 8, parse_gps},
};
