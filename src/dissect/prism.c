/* The Prism monitor header: message code, length, device name, then 12-byte items (id, status,
 * length, value) in the byte order of the machine that captured. Drivers number the items in two
 * ways (0x1044-style of prism2 and its heirs, 0x1041-style of wlan-ng); both carry an index in
 * bits 12 to 15 or 16 to 19. Captures of this link type may hold AVS headers instead. */
#include "dissect/prism.h"

#include <errno.h>

#include "dissect/avs.h"
#include "util/bytes.h"

enum {
    HEADER_BYTES = 24, /* code, length, device name */
    ITEM_BYTES = 12,
    CODE_44 = 0x44,
    CODE_41 = 0x41,
    AVS_MAGIC = 0x80211000,
};

enum {
    ITEM_MAC_TIME = 2,
    ITEM_CHANNEL = 3,
    ITEM_RSSI = 4,
    ITEM_SIGNAL = 6,
    ITEM_NOISE = 7,
    ITEM_RATE = 8,
    ITEM_TRANSMIT = 9,
};

struct order {
    bool big;
};

static uint32_t word(struct reader *reader, struct order order)
{
    return order.big ? reader_be32(reader) : reader_le32(reader);
}

static uint16_t half(struct reader *reader, struct order order)
{
    return order.big ? reader_be16(reader) : reader_le16(reader);
}

/* The index of an item id of either numbering, 0 when it is neither. */
static unsigned item_index(uint32_t id)
{
    if ((id & 0xfff) == CODE_41 && id >> 16 == 0)
        return id >> 12;
    if ((id & 0xffff) == CODE_44)
        return id >> 16;
    return 0;
}

/* Drivers put dBm (negative) or a scale of their own (positive) in the same place. */
static void set_signal(struct radio *radio, int32_t value)
{
    if (value < -255 || value > 255 || !value)
        return;
    radio->signal_kind = value < 0 ? RADIO_SIGNAL_DBM : RADIO_SIGNAL_RSSI;
    radio->signal = (int16_t)value;
}

static void set_item(struct radio *radio, unsigned index, uint32_t value)
{
    switch (index) {
    case ITEM_MAC_TIME:
        radio->tsft_us = value;
        radio->has_tsft = true;
        break;
    case ITEM_CHANNEL: radio->channel = value <= 255 ? (uint16_t)value : 0; break;
    case ITEM_RSSI:
        if (radio->signal_kind == RADIO_SIGNAL_NONE)
            set_signal(radio, (int32_t)value);
        break;
    case ITEM_SIGNAL: set_signal(radio, (int32_t)value); break;
    case ITEM_NOISE:
        radio->has_noise = (int32_t)value >= -255 && (int32_t)value <= 255 && value;
        radio->noise = radio->has_noise ? (int16_t)value : 0;
        break;
    case ITEM_RATE: radio->rate = value <= 0xff ? value * 5 : 0; break;
    case ITEM_TRANSMIT: radio->transmitted = value == 1; break;
    default: break;
    }
}

int prism_parse(const uint8_t *data, uint32_t length, struct radio *radio)
{
    struct reader reader = reader_over(data, length);
    struct reader probe = reader;
    uint32_t code = reader_be32(&probe);
    if ((code & 0xfffff000) == AVS_MAGIC)
        return avs_parse(data, length, radio);
    struct order order = {.big = code == CODE_44 || code == CODE_41};
    word(&reader, order);
    uint32_t header_length = word(&reader, order);
    reader_skip(&reader, 16);
    if (reader.failed)
        radio->malformed = MALFORMED_CAPTURE_SHORT;
    else if (header_length < HEADER_BYTES || header_length > length)
        radio->malformed = MALFORMED_PRISM_LENGTH;
    if (radio->malformed)
        return -EBADMSG;
    radio->header_length = header_length;

    struct reader items = reader_part(&reader, header_length - HEADER_BYTES);
    while (reader_left(&items) >= ITEM_BYTES) {
        uint32_t id = word(&items, order);
        uint16_t status = half(&items, order);
        half(&items, order);
        uint32_t value = word(&items, order);
        if (!status) /* 1: the driver had nothing to say */
            set_item(radio, item_index(id), value);
    }
    if (reader_left(&items))
        radio->malformed = MALFORMED_PRISM_ITEM;
    return 0;
}
