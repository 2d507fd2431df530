/* The pcap format (draft-ietf-opsawg-pcap-03): a 24-byte header, then records of 16 bytes and the
 * frame. See pcap_file.h. Input: capture_file.c's stream. Output: frames that lie in its window. */
#include "capture/pcap_file.h"

#include <errno.h>
#include <stdio.h>

#include "capture/capture_file.h"
#include "util/bytes.h"

enum {
    MAGIC_MICROSECONDS = 0xa1b2c3d4,
    MAGIC_NANOSECONDS = 0xa1b23c4d,
    MAGIC_MODIFIED = 0xa1b2cd34, /* Kuznetzov's: interface, protocol and type behind the lengths */
    RECORD_HEADER = 16,
    RECORD_HEADER_MODIFIED = 24,
    MAJOR_VERSION = 2,
    MAJOR_VERSION_DGUX = 543, /* an old tcpdump, lengths swapped */
    FCS_PRESENT = 1 << 26,    /* of the header's last word: its top four bits are the length, */
    FCS_UNIT = 2,             /* in 16-bit units */
};

static bool is_magic(uint32_t magic)
{
    return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS || magic == MAGIC_MODIFIED;
}

bool pcap_file_matches(const uint8_t magic[4])
{
    return is_magic(load_le32(magic)) || is_magic(load_be32(magic));
}

static inline uint32_t take_u32(struct reader *reader, bool big_endian)
{
    return big_endian ? reader_be32(reader) : reader_le32(reader);
}

static inline uint16_t take_u16(struct reader *reader, bool big_endian)
{
    return big_endian ? reader_be16(reader) : reader_le16(reader);
}

static void take_version(struct pcap_file *pcap, uint16_t major, uint16_t minor)
{
    pcap->swapped_lengths = major == MAJOR_VERSION_DGUX || (major == MAJOR_VERSION && minor < 3);
    pcap->maybe_swapped = major == MAJOR_VERSION && minor == 3;
}

int pcap_file_start(struct capture_file *file)
{
    struct input_stream *stream = file->stream;
    struct pcap_file *pcap = &file->pcap;
    int result = input_stream_fill(stream, PCAP_FILE_HEADER, true);
    if (result == -ENODATA) {
        snprintf(file->why, sizeof file->why, "cut off: %zu of the 24 bytes of the pcap header",
                 input_stream_have(stream));
        return -EBADMSG;
    }
    if (result < 0)
        return result;
    struct reader reader = reader_over(input_stream_at(stream), PCAP_FILE_HEADER);
    uint32_t magic = reader_le32(&reader);
    pcap->big_endian = !is_magic(magic);
    if (pcap->big_endian)
        magic = __builtin_bswap32(magic);
    pcap->time_unit_ns = magic == MAGIC_NANOSECONDS ? 1 : 1000;
    pcap->record_header = magic == MAGIC_MODIFIED ? RECORD_HEADER_MODIFIED : RECORD_HEADER;
    uint16_t major = take_u16(&reader, pcap->big_endian);
    uint16_t minor = take_u16(&reader, pcap->big_endian);
    if (major != MAJOR_VERSION && major != MAJOR_VERSION_DGUX) {
        snprintf(file->why, sizeof file->why, "pcap version %u.%u is none that norn knows", major,
                 minor);
        return -EBADMSG;
    }
    take_version(pcap, major, minor);
    reader_skip(&reader, 4 + 4 + 4); /* time zone, accuracy; the snap length is often wrong */
    uint32_t link = take_u32(&reader, pcap->big_endian);
    pcap->link_type = (uint16_t)link;
    pcap->fcs_length = link & FCS_PRESENT ? (uint8_t)((link >> 28) * FCS_UNIT) : 0;
    input_stream_skip(stream, PCAP_FILE_HEADER);
    return 0;
}

struct record {
    uint32_t seconds;
    uint32_t fraction;
    uint32_t captured;
    uint32_t original;
};

static struct record read_record(const struct capture_file *file)
{
    const struct pcap_file *pcap = &file->pcap;
    struct reader reader = reader_over(input_stream_at(file->stream), RECORD_HEADER);
    struct record record;
    record.seconds = take_u32(&reader, pcap->big_endian);
    record.fraction = take_u32(&reader, pcap->big_endian);
    record.captured = take_u32(&reader, pcap->big_endian);
    record.original = take_u32(&reader, pcap->big_endian);
    if (pcap->swapped_lengths || (pcap->maybe_swapped && record.captured > record.original)) {
        uint32_t captured = record.original;
        record.original = record.captured;
        record.captured = captured;
    }
    return record;
}

int pcap_file_next(struct capture_file *file, bool wait, struct frame *ret_frame)
{
    struct pcap_file *pcap = &file->pcap;
    if (pcap->pending) {
        input_stream_skip(file->stream, pcap->pending);
        pcap->pending = 0;
    }
    int result = capture_file_need(file, pcap->record_header, pcap->record_header, wait);
    if (result)
        return result;
    struct record record = read_record(file);
    if (record.captured > CAPTURE_RECORD_MAX)
        return capture_file_tell_damage(file, record.captured);
    uint32_t kept = record.captured;
    if (kept > FRAME_BYTES_MAX)
        kept = FRAME_BYTES_MAX;
    size_t whole = (size_t)pcap->record_header + record.captured;
    result = capture_file_need(file, (size_t)pcap->record_header + kept, whole, wait);
    if (result)
        return result;
    pcap->pending = (uint32_t)whole;
    file->records++;
    file->cut += kept < record.captured;
    *ret_frame = (struct frame){
        .data = input_stream_at(file->stream) + pcap->record_header,
        .length = kept,
        .original_length = record.original > record.captured ? record.original : record.captured,
        .time_ns = record.seconds * 1000000000ULL + (uint64_t)record.fraction * pcap->time_unit_ns,
        .link_type = pcap->link_type,
        .fcs_length = pcap->fcs_length,
    };
    return 0;
}
