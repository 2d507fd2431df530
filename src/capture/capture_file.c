/* Tells capture formats apart and reads frames from those norn knows. See capture_file.h.
 * Input: a stream at its first byte. Output: frames, or a sentence about what the file is. */
#include "capture/capture_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/buffer.h"

enum { SNIFF_BYTES = 16 };

/* How files begin that people take for captures that norn can read. */
struct other_format {
    const char *magic;
    size_t length;
    const char *name;
};

static const struct other_format other_formats[];
static const size_t other_formats_count;

void capture_file_init(struct capture_file *file, struct input_stream *stream)
{
    memset(file, 0, sizeof *file);
    file->stream = stream;
}

void capture_file_done(struct capture_file *file)
{
    if (file->format == CAPTURE_FORMAT_PCAPNG)
        pcapng_file_done(file);
    else if (file->format == CAPTURE_FORMAT_BTSNOOP)
        btsnoop_file_done(file);
    file->format = CAPTURE_FORMAT_UNKNOWN;
}

static bool is_text(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isprint(bytes[i]) && !isspace(bytes[i]))
            return false;
    return true;
}

static const char *other_format_name(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < other_formats_count; i++) {
        const struct other_format *other = &other_formats[i];
        if (length >= other->length && memcmp(bytes, other->magic, other->length) == 0)
            return other->name;
    }
    return is_text(bytes, length) ? "text" : NULL;
}

static int refuse(struct capture_file *file, const uint8_t *bytes, size_t length)
{
    if (!length) {
        snprintf(file->why, sizeof file->why, "is empty");
        return -EBADMSG;
    }
    const char *name = other_format_name(bytes, length);
    int used =
        snprintf(file->why, sizeof file->why,
                 "not a capture that norn reads (pcap, pcapng or btsnoop, plain, gzip or zstd): ");
    if (name) {
        snprintf(file->why + used, sizeof file->why - (size_t)used, "it looks like %s", name);
        return -EBADMSG;
    }
    used += snprintf(file->why + used, sizeof file->why - (size_t)used, "it starts with");
    for (size_t i = 0; i < length && i < 8; i++)
        used += snprintf(file->why + used, sizeof file->why - (size_t)used, " %02x", bytes[i]);
    return -EBADMSG;
}

/* Puts words to an error that came from the stream rather than from the format. */
static int explain(struct capture_file *file, int result)
{
    if (result >= 0 || result == -EAGAIN || result == -EINTR)
        return result;
    if (result == -ENOMEM) {
        snprintf(file->why, sizeof file->why, "no memory left to read it");
        return result;
    }
    struct buffer why = {0};
    input_stream_explain(file->stream, result, &why);
    snprintf(file->why, sizeof file->why, "%.*s", (int)why.length, (const char *)why.data);
    buffer_done(&why);
    return result == -EPIPE ? -ENODATA : result;
}

/* The stream ended: cleanly (1) or inside a record (-ENODATA). */
static int tell_end(struct capture_file *file, size_t wanted)
{
    struct input_stream *stream = file->stream;
    uint64_t missing = input_stream_skip_missing(stream);
    size_t have = input_stream_have(stream);
    if (!missing && !have)
        return 1;
    unsigned long long number = file->records + (missing ? 0 : 1);
    if (missing)
        snprintf(file->why, sizeof file->why,
                 "cut off: the last %llu bytes of record %llu are missing",
                 (unsigned long long)missing, number);
    else
        snprintf(file->why, sizeof file->why,
                 "cut off: %zu of %zu bytes of record %llu at offset %llu", have, wanted, number,
                 (unsigned long long)stream->offset);
    return -ENODATA;
}

int capture_file_need(struct capture_file *file, size_t want, size_t whole, bool wait)
{
    if (input_stream_have(file->stream) >= want && !input_stream_skip_missing(file->stream))
        return 0;
    int result = input_stream_fill(file->stream, want, wait);
    return result == -ENODATA ? tell_end(file, whole) : result;
}

int capture_file_tell_damage(struct capture_file *file, uint32_t captured)
{
    snprintf(
        file->why, sizeof file->why, "damaged: record %llu at offset %llu claims to hold %u bytes",
        (unsigned long long)file->records + 1, (unsigned long long)file->stream->offset, captured);
    return -EBADMSG;
}

int capture_file_start(struct capture_file *file)
{
    struct input_stream *stream = file->stream;
    file->why[0] = '\0';
    int result = input_stream_fill(stream, SNIFF_BYTES, true);
    if (result < 0 && result != -ENODATA)
        return explain(file, result);
    size_t have = input_stream_have(stream);
    const uint8_t *bytes = input_stream_at(stream);
    if (have >= 4 && pcap_file_matches(bytes)) {
        file->format = CAPTURE_FORMAT_PCAP;
        result = pcap_file_start(file);
    } else if (have >= 4 && pcapng_file_matches(bytes)) {
        file->format = CAPTURE_FORMAT_PCAPNG;
        result = pcapng_file_start(file);
    } else if (have >= BTSNOOP_MAGIC && btsnoop_file_matches(bytes)) {
        file->format = CAPTURE_FORMAT_BTSNOOP;
        result = btsnoop_file_start(file);
    } else {
        return refuse(file, bytes, have < SNIFF_BYTES ? have : SNIFF_BYTES);
    }
    return file->why[0] ? result : explain(file, result);
}

int capture_file_next(struct capture_file *file, bool wait, struct frame *ret_frame)
{
    int result = -EBADMSG;
    file->why[0] = '\0';
    switch (file->format) {
    case CAPTURE_FORMAT_UNKNOWN: return result;
    case CAPTURE_FORMAT_PCAP: result = pcap_file_next(file, wait, ret_frame); break;
    case CAPTURE_FORMAT_PCAPNG: result = pcapng_file_next(file, wait, ret_frame); break;
    case CAPTURE_FORMAT_BTSNOOP: result = btsnoop_file_next(file, wait, ret_frame); break;
    }
    return result < 0 && !file->why[0] ? explain(file, result) : result;
}

// clang-format off
static const struct other_format other_formats[] = {
    {"snoop\0\0\0", 8, "a Solaris snoop capture"},
    {"SQLite format 3", 15, "an SQLite database (a Kismet log, perhaps)"},
    {"#Format=4", 9, "a Daintree capture"},
    {"\xae\x78\xd1\xff", 4, "an aircrack-ng list of IVs"},
    {"\xae\x56\xbf\x1f", 4, "an aircrack-ng list of IVs"},
    {"\xac\x78\xd1\xfe", 4, "an aircrack-ng list of IVs"},
    {"HCPX", 4, "a hashcat hccapx file"},
    {"GMBU", 4, "a Microsoft Network Monitor capture"},
    {"RTSS", 4, "a Microsoft Network Monitor capture"},
    {"TRSNIFF data", 12, "a Sniffer capture"},
    {"XCP\0", 4, "a NetXRay capture"},
    {"VL\0\0", 4, "a NetXRay capture"},
    {"\x7fver", 4, "an OmniPeek capture"},
    {"\x1c\x00\x01\xab", 4, "an IXIA capture"},
    {"\x1c\x00\x01\xac", 4, "an IXIA capture"},
    {"LOGG", 4, "a Vector BLF log"},
    {"\xfd" "7zXZ", 5, "xz-compressed: unpack it first (xz -dc FILE | norn -c -)"},
    {"BZh", 3, "bzip2-compressed: unpack it first (bzip2 -dc FILE | norn -c -)"},
    {"\x04\x22\x4d\x18", 4, "lz4-compressed: unpack it first (lz4 -dc FILE | norn -c -)"},
    {"PK\x03\x04", 4, "a zip archive"},
    {"7z\xbc\xaf", 4, "a 7z archive"},
    {"\x7f" "ELF", 4, "a program"},
    {"%PDF", 4, "a PDF document"},
};
static const size_t other_formats_count = sizeof other_formats / sizeof other_formats[0];
// clang-format on
