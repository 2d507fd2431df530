/* The radiotap header (radiotap.org): little-endian presence words, each bit a field with its own
 * size and alignment, in order of bits. Several namespaces may follow one another (one per antenna,
 * or a vendor's, which is skipped); bit 28 puts type-length-value fields after the rest. Input: the
 * captured bytes, output: struct radio. An unknown bit ends the parse of the fields, cleanly. */
#include "dissect/radiotap.h"

#include <errno.h>
#include <string.h>

#include "dissect/radio_rate.h"
#include "util/bytes.h"

enum {
    HEADER_BYTES = 8,
    PRESENCE_WORDS_MAX = 64,
    BIT_TLV = 28,
    BIT_RADIOTAP_NAMESPACE = 29,
    BIT_VENDOR_NAMESPACE = 30,
    BIT_EXTENSION = 31,
    FIELDS = 28,
    TYPE_U_SIG = 33,
    TYPE_EHT = 34,
};

enum {
    FLAG_SHORT_PREAMBLE = 0x02,
    FLAG_FCS = 0x10,
    FLAG_PADDED = 0x20,
    FLAG_BAD_FCS = 0x40,
    CHANNEL_CCK = 0x0020,
    CHANNEL_OFDM = 0x0040,
    CHANNEL_DYNAMIC = 0x0400,
    CHANNEL_GFSK = 0x0800,
    RX_FLAG_BAD_PLCP = 0x0002,
};

/* State of one header's walk: the namespace under way and the antenna it describes. */
struct walk {
    struct reader reader;
    struct radio *radio;
    struct radio_antenna antenna;
    bool antenna_used;
    bool vendor; /* fields of this namespace are a vendor's: skipped as a block */
    uint8_t namespaces;
    uint16_t eht_width;
};

/* One row a bit; `parse` gets a reader with at least `size` bytes left and reads no more. */
struct field {
    uint8_t alignment, size;
    void (*parse)(struct reader *field, struct walk *walk);
};

static const struct field fields[FIELDS];

/* To the next multiple of a power of two, counted from the header's start. */
static void align(struct reader *reader, size_t alignment)
{
    reader_skip(reader, -reader->offset & (alignment - 1));
}

static void parse_tsft(struct reader *field, struct walk *walk)
{
    walk->radio->tsft_us = reader_le64(field);
    walk->radio->has_tsft = true;
}

static void parse_flags(struct reader *field, struct walk *walk)
{
    struct radio *radio = walk->radio;
    uint8_t flags = reader_u8(field);
    radio->fcs_known = true;
    radio->fcs_present = flags & FLAG_FCS;
    radio->fcs_bad |= (flags & FLAG_BAD_FCS) != 0;
    radio->padded = flags & FLAG_PADDED;
    radio->short_preamble = flags & FLAG_SHORT_PREAMBLE;
}

static void parse_rate(struct reader *field, struct walk *walk)
{
    uint8_t rate = reader_u8(field);
    if (!walk->radio->rate)
        walk->radio->rate = rate * 5u;
}

static void set_channel(struct radio *radio, uint16_t mhz, uint32_t flags)
{
    if (radio->frequency_khz)
        return;
    radio->frequency_khz = mhz * 1000u;
    radio->channel_flags = (uint16_t)flags;
    if (radio->encoding != RADIO_ENCODING_UNKNOWN || flags & CHANNEL_DYNAMIC)
        return;
    if (flags & CHANNEL_OFDM)
        radio->encoding = RADIO_ENCODING_OFDM;
    else if (flags & CHANNEL_CCK)
        radio->encoding = RADIO_ENCODING_CCK;
    else if (flags & CHANNEL_GFSK)
        radio->encoding = RADIO_ENCODING_GFSK;
}

static void parse_channel(struct reader *field, struct walk *walk)
{
    uint16_t mhz = reader_le16(field);
    set_channel(walk->radio, mhz, reader_le16(field));
}

static void parse_xchannel(struct reader *field, struct walk *walk)
{
    uint32_t flags = reader_le32(field);
    set_channel(walk->radio, reader_le16(field), flags);
}

static void parse_signal(struct reader *field, struct walk *walk)
{
    struct radio *radio = walk->radio;
    walk->antenna.signal_dbm = (int8_t)reader_u8(field);
    walk->antenna.has_signal = true;
    walk->antenna_used |= walk->namespaces > 0;
    if (radio->signal_kind != RADIO_SIGNAL_DBM || walk->antenna.signal_dbm > radio->signal) {
        radio->signal_kind = RADIO_SIGNAL_DBM;
        radio->signal = walk->antenna.signal_dbm;
    }
}

static void parse_noise(struct reader *field, struct walk *walk)
{
    walk->antenna.noise_dbm = (int8_t)reader_u8(field);
    walk->antenna.has_noise = true;
    if (!walk->radio->has_noise && walk->radio->signal_kind != RADIO_SIGNAL_RSSI) {
        walk->radio->has_noise = true;
        walk->radio->noise = walk->antenna.noise_dbm;
    }
}

static void parse_antenna(struct reader *field, struct walk *walk)
{
    walk->antenna.number = reader_u8(field);
    walk->antenna.has_number = true;
    walk->antenna_used = true;
    if (!walk->radio->has_antenna) {
        walk->radio->has_antenna = true;
        walk->radio->antenna = walk->antenna.number;
    }
}

static void parse_rssi(struct reader *field, struct walk *walk)
{
    uint8_t rssi = reader_u8(field);
    if (walk->radio->signal_kind == RADIO_SIGNAL_NONE) {
        walk->radio->signal_kind = RADIO_SIGNAL_RSSI;
        walk->radio->signal = rssi;
    }
}

static void parse_rssi_noise(struct reader *field, struct walk *walk)
{
    uint8_t noise = reader_u8(field);
    if (walk->radio->signal_kind == RADIO_SIGNAL_RSSI && !walk->radio->has_noise) {
        walk->radio->has_noise = true;
        walk->radio->noise = noise;
    }
}

static void parse_rx_flags(struct reader *field, struct walk *walk)
{
    if (reader_le16(field) & RX_FLAG_BAD_PLCP)
        walk->radio->fcs_bad = true;
}

static void parse_tx_flags(struct reader *field, struct walk *walk)
{
    (void)field;
    walk->radio->transmitted = true;
}

static void parse_mcs(struct reader *field, struct walk *walk)
{
    struct radio *radio = walk->radio;
    uint8_t known = reader_u8(field), flags = reader_u8(field), mcs = reader_u8(field);
    radio->encoding = RADIO_ENCODING_HT;
    radio->bandwidth_mhz = known & 1 ? ((flags & 3) == 1 ? 40 : 20) : 0;
    if (!(known & 2))
        return;
    radio->mcs = mcs;
    radio->streams = mcs < 32 ? (uint8_t)(1 + mcs / 8) : 0;
    radio->rate = radio_rate_ht(mcs, radio->bandwidth_mhz, known & 4 && flags & 4);
}

static void parse_ampdu(struct reader *field, struct walk *walk)
{
    walk->radio->ampdu_reference = reader_le32(field);
    walk->radio->ampdu_flags = reader_le16(field);
    walk->radio->has_ampdu = true;
}

/* Bandwidth codes tell where in a wider channel the frame lay; its own width is what counts. */
static uint16_t vht_width(uint8_t code)
{
    static const uint8_t widths[26] = {20, 40, 20, 20, 80, 40, 40, 20, 20, 20, 20, 160, 80,
                                       80, 40, 40, 40, 40, 20, 20, 20, 20, 20, 20, 20,  20};
    code &= 0x1f;
    return code < sizeof widths ? widths[code] : 0;
}

static void parse_vht(struct reader *field, struct walk *walk)
{
    struct radio *radio = walk->radio;
    uint16_t known = reader_le16(field);
    uint8_t flags = reader_u8(field), width = reader_u8(field), user = reader_u8(field);
    radio->encoding = RADIO_ENCODING_VHT;
    radio->bandwidth_mhz = known & 0x40 ? vht_width(width) : 0;
    radio->mcs = user >> 4;
    radio->streams = user & 0x0f;
    radio->rate =
        radio_rate_vht(radio->mcs, radio->streams, radio->bandwidth_mhz ? radio->bandwidth_mhz : 20,
                       known & 4 && flags & 4);
}

static void parse_he(struct reader *field, struct walk *walk)
{
    static const uint16_t tones[16] = {242, 484, 996, 1992, 26, 52, 106, 242, 484, 996, 1992};
    static const uint8_t widths[4] = {20, 40, 80, 160};
    struct radio *radio = walk->radio;
    uint16_t words[6];
    for (int i = 0; i < 6; i++)
        words[i] = reader_le16(field);
    uint8_t allocation = words[4] & 0x0f, guard = words[4] >> 4 & 3;
    radio->encoding = RADIO_ENCODING_HE;
    if (words[0] & 0x4000 && allocation < 4)
        radio->bandwidth_mhz = widths[allocation];
    radio->streams = words[5] & 0x0f;
    if (!(words[0] & 0x0020))
        return;
    radio->mcs = words[2] >> 8 & 0x0f;
    bool dcm = words[0] & 0x0040 && words[2] & 0x1000;
    uint16_t width = words[0] & 0x4000 ? tones[allocation] : 242;
    radio->rate = radio_rate_he(radio->mcs, radio->streams ? radio->streams : 1, width,
                                words[1] & 0x0002 ? guard : 0, dcm);
}

static void parse_u_sig(struct reader *field, struct walk *walk)
{
    static const uint16_t widths[8] = {20, 40, 80, 160, 320, 320};
    uint32_t common = reader_le32(field);
    walk->radio->encoding = RADIO_ENCODING_EHT;
    if (common & 0x2) {
        walk->eht_width = widths[common >> 15 & 7];
        walk->radio->bandwidth_mhz = walk->eht_width;
    }
}

/* known, nine data words, then a word for each user: ours is the one marked as this frame's. */
static void parse_eht(struct reader *field, struct walk *walk)
{
    struct radio *radio = walk->radio;
    uint32_t known = reader_le32(field);
    uint32_t first = reader_le32(field);
    uint8_t guard = known & 0x2 ? first >> 7 & 3 : 0;
    reader_skip(field, 8 * 4);
    radio->encoding = RADIO_ENCODING_EHT;
    while (reader_left(field) >= 4) {
        uint32_t user = reader_le32(field);
        if (!(user & 0x80) || !(user & 0x2))
            continue;
        radio->mcs = user >> 20 & 0x0f;
        radio->streams = user & 0x10 ? (uint8_t)(1 + (user >> 24 & 0x0f)) : 1;
        radio->rate =
            radio_rate_he(radio->mcs, radio->streams,
                          radio_rate_tones(walk->eht_width ? walk->eht_width : 20), guard, false);
        return;
    }
}

/* The namespace that ends here described one antenna: keep it. */
static void end_namespace(struct walk *walk)
{
    struct radio *radio = walk->radio;
    if (walk->antenna_used && radio->antenna_count < RADIO_ANTENNAS_MAX)
        radio->antennas[radio->antenna_count++] = walk->antenna;
    walk->antenna = (struct radio_antenna){0};
    walk->antenna_used = false;
    walk->namespaces++;
}

static int skip_vendor(struct walk *walk)
{
    align(&walk->reader, 2);
    reader_skip(&walk->reader, 4); /* OUI and sub-namespace */
    reader_skip(&walk->reader, reader_le16(&walk->reader));
    return walk->reader.failed ? -EBADMSG : 0;
}

static int parse_tlvs(struct walk *walk)
{
    align(&walk->reader, 4);
    while (reader_left(&walk->reader) >= 4) {
        uint16_t type = reader_le16(&walk->reader);
        uint16_t length = reader_le16(&walk->reader);
        struct reader field = reader_part(&walk->reader, length);
        if (field.failed)
            return -EBADMSG;
        if (type < FIELDS && length >= fields[type].size && fields[type].parse)
            fields[type].parse(&field, walk);
        else if (type == TYPE_U_SIG && length >= 12)
            parse_u_sig(&field, walk);
        else if (type == TYPE_EHT && length >= 40)
            parse_eht(&field, walk);
        size_t padding = (4 - length % 4) % 4;
        if (padding > reader_left(&walk->reader))
            return 0; /* the last one's padding may be left out */
        reader_skip(&walk->reader, padding);
    }
    return 0;
}

/* Fields of one presence word. 1 when a bit is not known and the rest cannot be found. */
static int parse_word(struct walk *walk, uint32_t word)
{
    uint32_t bits = walk->vendor ? 0 : word & ((1u << BIT_TLV) - 1);
    while (bits) {
        const struct field *row = &fields[__builtin_ctz(bits)];
        bits &= bits - 1;
        align(&walk->reader, row->alignment);
        if (reader_left(&walk->reader) < row->size)
            return -EBADMSG;
        size_t end = walk->reader.offset + row->size;
        if (row->parse)
            row->parse(&walk->reader, walk);
        walk->reader.offset = end;
    }
    if (word & 1u << BIT_TLV && !walk->vendor)
        return parse_tlvs(walk) ? -EBADMSG : 1;
    return 0;
}

static int parse_fields(struct walk *walk, struct reader words)
{
    bool reset = true;
    uint32_t word;
    do {
        word = reader_le32(&words);
        if (!reset && !walk->vendor && word & ((1u << BIT_RADIOTAP_NAMESPACE) - 1))
            return 0; /* bits 32 and up of a namespace have no meaning yet */
        int result = parse_word(walk, word);
        if (result)
            return result < 0 ? result : 0;
        reset = word & (1u << BIT_RADIOTAP_NAMESPACE | 1u << BIT_VENDOR_NAMESPACE);
        if (reset)
            end_namespace(walk);
        if (word & 1u << BIT_VENDOR_NAMESPACE && skip_vendor(walk))
            return -EBADMSG;
        if (reset)
            walk->vendor = word & 1u << BIT_VENDOR_NAMESPACE;
    } while (word & 1u << BIT_EXTENSION);
    return 0;
}

int radiotap_parse(const uint8_t *data, uint32_t length, struct radio *radio)
{
    struct reader reader = reader_over(data, length);
    uint8_t version = reader_u8(&reader);
    reader_skip(&reader, 1);
    uint16_t header_length = reader_le16(&reader);
    if (reader.failed)
        radio->malformed = MALFORMED_CAPTURE_SHORT;
    else if (version)
        radio->malformed = MALFORMED_RADIOTAP_VERSION;
    else if (header_length < HEADER_BYTES || header_length > length)
        radio->malformed = MALFORMED_RADIOTAP_LENGTH;
    if (radio->malformed)
        return -EBADMSG;
    radio->header_length = header_length;

    struct walk walk = {.reader = reader_over(data, header_length), .radio = radio};
    reader_skip(&walk.reader, 4);
    struct reader words = walk.reader;
    int count = 1;
    while (reader_le32(&walk.reader) & 1u << BIT_EXTENSION && ++count <= PRESENCE_WORDS_MAX)
        ;
    if (walk.reader.failed || count > PRESENCE_WORDS_MAX) {
        radio->malformed = MALFORMED_RADIOTAP_PRESENCE;
        return 0;
    }
    if (parse_fields(&walk, words))
        radio->malformed = MALFORMED_RADIOTAP_FIELD;
    if (walk.antenna_used && !walk.vendor)
        end_namespace(&walk);
    return 0;
}

static const struct field fields[FIELDS] = {
    [0] = {8, 8, parse_tsft},
    [1] = {1, 1, parse_flags},
    [2] = {1, 1, parse_rate},
    [3] = {2, 4, parse_channel},
    [4] = {2, 2, NULL}, /* frequency hopping set and pattern */
    [5] = {1, 1, parse_signal},
    [6] = {1, 1, parse_noise},
    [7] = {2, 2, NULL},  /* lock quality */
    [8] = {2, 2, NULL},  /* transmit attenuation */
    [9] = {2, 2, NULL},  /* transmit attenuation, dB */
    [10] = {1, 1, NULL}, /* transmit power */
    [11] = {1, 1, parse_antenna},
    [12] = {1, 1, parse_rssi},
    [13] = {1, 1, parse_rssi_noise},
    [14] = {2, 2, parse_rx_flags},
    [15] = {2, 2, parse_tx_flags},
    [16] = {1, 1, NULL}, /* RTS retries */
    [17] = {1, 1, NULL}, /* data retries */
    [18] = {4, 8, parse_xchannel},
    [19] = {1, 3, parse_mcs},
    [20] = {4, 8, parse_ampdu},
    [21] = {2, 12, parse_vht},
    [22] = {8, 12, NULL}, /* timestamp */
    [23] = {2, 12, parse_he},
    [24] = {2, 12, NULL}, /* HE multi-user */
    [25] = {2, 6, NULL},  /* HE other user */
    [26] = {1, 1, NULL},  /* no PSDU */
    [27] = {2, 4, NULL},  /* legacy signal field */
};
