/* The frame check sequence: CRC-32 over the frame, least significant byte first. A frame whose
 * capture does not say whether it has one is tried: a right CRC does not come about by chance.
 * Input and output: struct radio. */
#include "dissect/fcs.h"

#include <string.h>

#include "dissect/dot11_frame.h"
#include "util/bytes.h"
#include "util/hash.h"

enum {
    FCS_BYTES = 4,
    PADDED_BYTES_MAX = 12 * 1024, /* longer than any MPDU of 802.11 (9.2.4.8, 11,454 octets) */
};

/* A padded header was not padded on the air: the CRC is of the frame without the padding. */
static uint32_t crc_without_padding(const uint8_t *frame, uint32_t length)
{
    uint8_t flat[PADDED_BYTES_MAX];
    struct dot11_frame header;
    if (length > sizeof flat || dot11_frame_parse(frame, length, true, &header))
        return crc32_ieee(frame, length);
    memcpy(flat, frame, header.header_length);
    memcpy(flat + header.header_length, header.body, header.body_length);
    return crc32_ieee(flat, header.header_length + header.body_length);
}

static bool crc_matches(const struct radio *radio)
{
    struct reader reader = reader_over(radio->frame, radio->frame_length);
    reader_skip(&reader, radio->frame_length - FCS_BYTES);
    uint32_t sent = reader_le32(&reader);
    uint32_t length = radio->frame_length - FCS_BYTES;
    if (radio->padded)
        return crc_without_padding(radio->frame, length) == sent;
    return crc32_ieee(radio->frame, length) == sent;
}

enum fcs_verdict fcs_check(struct radio *radio, uint32_t file_fcs_length)
{
    bool promised = radio->fcs_known ? radio->fcs_present : file_fcs_length >= FCS_BYTES;
    enum fcs_verdict bad = radio->fcs_bad ? FCS_WRONG : FCS_ABSENT;
    if (!promised && radio->fcs_known)
        return bad;
    if (radio->truncated) {
        if (!promised)
            return bad;
        if (radio->frame_original_length >= FCS_BYTES)
            radio->frame_original_length -= FCS_BYTES;
        if (radio->frame_length > radio->frame_original_length)
            radio->frame_length = radio->frame_original_length;
        return radio->fcs_bad ? FCS_WRONG : FCS_UNCHECKED;
    }
    if (radio->frame_length <= FCS_BYTES)
        return promised ? FCS_WRONG : bad;
    bool matches = crc_matches(radio);
    if (!promised && !matches)
        return bad;
    radio->frame_length -= FCS_BYTES;
    radio->frame_original_length -= FCS_BYTES;
    return matches && !radio->fcs_bad ? FCS_RIGHT : FCS_WRONG;
}
