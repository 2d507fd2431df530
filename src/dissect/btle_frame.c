/* PDUs of Bluetooth low energy: headers, addresses, the extended header, CRC. See btle_frame.h.
 * Input: a packet from its access address on; output: struct btle_frame. */
#include "dissect/btle_frame.h"

#include <errno.h>
#include <stddef.h>

#include "dissect/btle_address.h"
#include "util/bytes.h"

#define ADVERTISING_ADDRESS 0x8e89bed6u

enum {
    ADVERTISING_CRC_START = 0x555555,
    FIRST_ADVERTISING_CHANNEL = 37,
    CRC_BYTES = 3,
    CRC_BITS = 24,
    CONNECTION_BYTES = 22,
    PDU_TYPES = 16,
};

enum {
    HEADER_TYPE = 0x0f,
    HEADER_SENDER_RANDOM = 0x40,
    HEADER_RECEIVER_RANDOM = 0x80,
    HEADER_LLID = 0x03, /* of data */
    HEADER_CTE = 0x20,
    LLID_RESERVED = 0,
    LLID_CONTROL = 3,
};

enum {
    EXTENDED_SENDER = 0x01,
    EXTENDED_RECEIVER = 0x02,
    EXTENDED_CTE = 0x04,
    EXTENDED_SET = 0x08,
    EXTENDED_POINTER = 0x10,
    EXTENDED_SYNC = 0x20,
    EXTENDED_POWER = 0x40,
};

/* A PDU under way. */
struct pdu {
    struct reader payload;
    uint8_t header;
    uint8_t length; /* of the payload, as the header says */
    struct btle_frame *frame;
};

struct pdu_type {
    uint8_t kind;
    uint8_t least, most; /* octets of its payload */
    void (*parse)(struct pdu *pdu);
};

static const struct pdu_type pdu_types[PDU_TYPES];
static const char *const kind_names[BTLE_KINDS];

/* The register is kept with its first bit lowest: bits arrive in that order. */
static uint32_t reverse(uint32_t state)
{
    uint32_t reversed = 0;
    for (int bit = 0; bit < CRC_BITS; bit++)
        reversed |= (state >> bit & 1) << (CRC_BITS - 1 - bit);
    return reversed;
}

uint32_t btle_frame_crc(uint32_t start, const uint8_t *pdu, uint32_t length)
{
    /* What four bits do to the register, by the polynomial 0x00065b. */
    static const uint32_t steps[16] = {
        0x000000, 0x1b4c00, 0x369800, 0x2dd400, 0x6d3000, 0x767c00, 0x5ba800, 0x40e400,
        0xda6000, 0xc12c00, 0xecf800, 0xf7b400, 0xb75000, 0xac1c00, 0x81c800, 0x9a8400,
    };
    struct reader reader = reader_over(pdu, length);
    uint32_t state = reverse(start);
    while (reader_left(&reader)) {
        uint8_t byte = reader_u8(&reader);
        state = state >> 4 ^ steps[(state ^ byte) & 0xf];
        state = state >> 4 ^ steps[(state ^ byte >> 4) & 0xf];
    }
    return state;
}

static void take_sender(const struct pdu *pdu, struct reader *reader)
{
    struct btle_frame *frame = pdu->frame;
    frame->sender = btle_address_read(reader);
    frame->sender_is_random = pdu->header & HEADER_SENDER_RANDOM;
    frame->has_sender = !reader->failed;
}

static void take_receiver(const struct pdu *pdu, struct reader *reader)
{
    struct btle_frame *frame = pdu->frame;
    frame->receiver = btle_address_read(reader);
    frame->receiver_is_random = pdu->header & HEADER_RECEIVER_RANDOM;
    frame->has_receiver = !reader->failed;
}

/* What is left of the payload is advertising data. */
static void take_data(struct pdu *pdu)
{
    struct btle_frame *frame = pdu->frame;
    frame->data_length = (uint8_t)reader_left(&pdu->payload);
    frame->data = frame->data_length ? reader_bytes(&pdu->payload, frame->data_length) : NULL;
}

static void parse_advertisement(struct pdu *pdu)
{
    take_sender(pdu, &pdu->payload);
    take_data(pdu);
}

/* Directed advertising, scan requests: two addresses. */
static void parse_pair(struct pdu *pdu)
{
    take_sender(pdu, &pdu->payload);
    take_receiver(pdu, &pdu->payload);
}

static void parse_connect(struct pdu *pdu)
{
    struct btle_connection *connection = &pdu->frame->connection;
    parse_pair(pdu);
    if (reader_left(&pdu->payload) < CONNECTION_BYTES)
        return; /* its length has been found wrong */
    connection->access_address = reader_le32(&pdu->payload);
    connection->crc_start = reader_le16(&pdu->payload);
    connection->crc_start |= (uint32_t)reader_u8(&pdu->payload) << 16;
    reader_skip(&pdu->payload, 1 + 2); /* where and how long the first packet is awaited */
    connection->interval = reader_le16(&pdu->payload);
    connection->latency = reader_le16(&pdu->payload);
    connection->timeout = reader_le16(&pdu->payload);
    reader_skip(&pdu->payload, 5); /* map of the channels in use */
    connection->hop = reader_u8(&pdu->payload) & 0x1f;
    pdu->frame->has_connection = true;
}

static void take_set(struct reader *reader, struct btle_extended *extended)
{
    uint16_t info = reader_le16(reader);
    extended->has_set = true;
    extended->data_id = info & 0x0fff;
    extended->set_id = (uint8_t)(info >> 12);
}

static void take_pointer(struct reader *reader, struct btle_extended *extended)
{
    extended->has_pointer = true;
    extended->pointer = reader_u8(reader) & 0x3f;
    extended->pointer_phy = (uint8_t)(reader_le16(reader) >> 13); /* behind an offset in time */
}

static void take_sync(struct reader *reader, struct btle_extended *extended)
{
    struct reader sync = reader_part(reader, 18);
    reader_skip(&sync, 2); /* offset in time */
    extended->has_sync = true;
    extended->interval = reader_le16(&sync);
}

/* The fields that the header's flags promise, in their order; what is left of it is ACAD. */
static void parse_extended_fields(const struct pdu *pdu, struct reader *header)
{
    struct btle_extended *extended = &pdu->frame->extended;
    uint8_t flags = reader_u8(header);
    if (flags & EXTENDED_SENDER)
        take_sender(pdu, header);
    if (flags & EXTENDED_RECEIVER)
        take_receiver(pdu, header);
    if (flags & EXTENDED_CTE) {
        extended->has_cte = true;
        extended->cte = reader_u8(header);
    }
    if (flags & EXTENDED_SET)
        take_set(header, extended);
    if (flags & EXTENDED_POINTER)
        take_pointer(header, extended);
    if (flags & EXTENDED_SYNC)
        take_sync(header, extended);
    if (flags & EXTENDED_POWER) {
        extended->has_power = true;
        extended->power = (int8_t)reader_u8(header);
    }
    extended->acad_length = (uint8_t)reader_left(header);
    extended->acad = extended->acad_length ? reader_bytes(header, extended->acad_length) : NULL;
}

static void parse_extended(struct pdu *pdu)
{
    struct btle_frame *frame = pdu->frame;
    uint8_t first = reader_u8(&pdu->payload);
    struct reader header = reader_part(&pdu->payload, first & 0x3f);
    frame->has_extended = true;
    frame->extended.mode = first >> 6;
    if (first & 0x3f)
        parse_extended_fields(pdu, &header);
    if (header.failed && !frame->malformed)
        frame->malformed = MALFORMED_BTLE_EXTENDED;
    take_data(pdu);
}

static int parse_advertising(const struct btle_radio *radio, struct pdu *pdu)
{
    struct btle_frame *frame = pdu->frame;
    const struct pdu_type *type = &pdu_types[pdu->header & HEADER_TYPE];
    if (!type->parse) {
        frame->malformed = MALFORMED_BTLE_TYPE;
        return -EBADMSG;
    }
    bool auxiliary = radio->is_auxiliary || radio->channel < FIRST_ADVERTISING_CHANNEL;
    frame->kind = auxiliary && type->kind == BTLE_ADV_EXT_IND ? BTLE_AUX_ADV_IND : type->kind;
    if (pdu->length < type->least || pdu->length > type->most)
        frame->malformed = MALFORMED_BTLE_LENGTH;
    type->parse(pdu);
    return frame->has_sender || frame->has_extended ? 0 : -EBADMSG;
}

static int parse_data(struct pdu *pdu)
{
    struct btle_frame *frame = pdu->frame;
    uint8_t kind = pdu->header & HEADER_LLID;
    if (kind == LLID_RESERVED) {
        frame->malformed = MALFORMED_BTLE_TYPE;
        return -EBADMSG;
    }
    frame->kind = kind == LLID_CONTROL ? BTLE_CONTROL : BTLE_DATA;
    take_data(pdu);
    return 0;
}

/* The radio's word, where it gave one; else the CRC itself. That of a connection starts from a
 * number of its own, which is not known here. */
static enum fcs_verdict judge(const struct btle_radio *radio, const struct btle_frame *frame,
                              struct reader *rest)
{
    if (radio->crc != FCS_UNCHECKED)
        return radio->crc;
    if (reader_left(rest) < CRC_BYTES)
        return radio->truncated ? FCS_UNCHECKED : FCS_ABSENT;
    uint32_t sent = reader_le16(rest);
    sent |= (uint32_t)reader_u8(rest) << 16;
    if (frame->access_address != ADVERTISING_ADDRESS)
        return FCS_UNCHECKED;
    uint32_t right = btle_frame_crc(ADVERTISING_CRC_START, frame->pdu, frame->pdu_length);
    return right == sent ? FCS_RIGHT : FCS_WRONG;
}

/* The PDU's payload, as much of it as was captured; false when there is less than there should be.
 */
static bool take_payload(const struct btle_radio *radio, struct reader *reader, struct pdu *pdu)
{
    size_t left = reader_left(reader);
    if (left < pdu->length && !radio->truncated)
        return false;
    pdu->payload = reader_part(reader, left < pdu->length ? left : pdu->length);
    return true;
}

int btle_frame_parse(const struct btle_radio *radio, struct btle_frame *ret_frame)
{
    struct btle_frame *frame = ret_frame;
    struct reader reader = reader_over(radio->packet, radio->packet_length);
    struct pdu pdu = {.frame = frame};
    *frame = (struct btle_frame){
        .crc = radio->crc, .direction = radio->direction, .malformed = radio->malformed};
    frame->access_address = reader_le32(&reader);
    if (radio->is_coded)
        reader_skip(&reader, 1);
    struct reader start = reader;
    pdu.header = reader_u8(&reader);
    pdu.length = reader_u8(&reader);
    bool advertising = frame->access_address == ADVERTISING_ADDRESS || radio->is_auxiliary;
    if (!advertising && pdu.header & HEADER_CTE)
        reader_skip(&reader, 1);
    if (reader.failed) {
        frame->malformed = MALFORMED_FRAME_SHORT;
        return -EBADMSG;
    }
    if (!take_payload(radio, &reader, &pdu)) {
        frame->malformed = MALFORMED_BTLE_LENGTH;
        return -EBADMSG;
    }
    frame->pdu_length = (uint16_t)(reader.offset - start.offset);
    frame->pdu = reader_bytes(&start, frame->pdu_length);
    frame->crc = (uint8_t)judge(radio, frame, &reader);
    return advertising ? parse_advertising(radio, &pdu) : parse_data(&pdu);
}

bool btle_frame_advertises(const struct btle_frame *frame)
{
    switch (frame->kind) {
    case BTLE_ADV_IND:
    case BTLE_ADV_DIRECT_IND:
    case BTLE_ADV_NONCONN_IND:
    case BTLE_SCAN_RSP:
    case BTLE_ADV_SCAN_IND:
    case BTLE_ADV_EXT_IND:
    case BTLE_AUX_ADV_IND: return true;
    default: return false;
    }
}

const char *btle_frame_kind_name(enum btle_kind kind)
{
    return (unsigned)kind < BTLE_KINDS ? kind_names[kind] : "unknown";
}

static const char *const kind_names[BTLE_KINDS] = {
    [BTLE_ADV_IND] = "ADV_IND",
    [BTLE_ADV_DIRECT_IND] = "ADV_DIRECT_IND",
    [BTLE_ADV_NONCONN_IND] = "ADV_NONCONN_IND",
    [BTLE_SCAN_REQ] = "SCAN_REQ",
    [BTLE_SCAN_RSP] = "SCAN_RSP",
    [BTLE_CONNECT_IND] = "CONNECT_IND",
    [BTLE_ADV_SCAN_IND] = "ADV_SCAN_IND",
    [BTLE_ADV_EXT_IND] = "ADV_EXT_IND",
    [BTLE_AUX_ADV_IND] = "AUX_ADV_IND",
    [BTLE_AUX_CONNECT_RSP] = "AUX_CONNECT_RSP",
    [BTLE_DATA] = "data",
    [BTLE_CONTROL] = "control",
};

static const struct pdu_type pdu_types[PDU_TYPES] = {
    [0] = {BTLE_ADV_IND, 6, 37, parse_advertisement},
    [1] = {BTLE_ADV_DIRECT_IND, 12, 12, parse_pair},
    [2] = {BTLE_ADV_NONCONN_IND, 6, 37, parse_advertisement},
    [3] = {BTLE_SCAN_REQ, 12, 12, parse_pair},
    [4] = {BTLE_SCAN_RSP, 6, 37, parse_advertisement},
    [5] = {BTLE_CONNECT_IND, 34, 34, parse_connect},
    [6] = {BTLE_ADV_SCAN_IND, 6, 37, parse_advertisement},
    [7] = {BTLE_ADV_EXT_IND, 1, 255, parse_extended},
    [8] = {BTLE_AUX_CONNECT_RSP, 14, 255, parse_extended},
};
