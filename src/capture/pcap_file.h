/* The pcap format: both byte orders, microseconds and nanoseconds, the modified form of 2.2-era
 * Linux (longer record headers), old versions with swapped lengths. Input: a stream at the file's
 * first byte. Output: frames. draft-ietf-opsawg-pcap. Used through capture_file.h. */
#ifndef NORN_CAPTURE_PCAP_FILE_H
#define NORN_CAPTURE_PCAP_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/frame.h"

struct capture_file;

enum { PCAP_FILE_HEADER = 24 };

struct pcap_file {
    bool big_endian;
    bool swapped_lengths;  /* versions before 2.3 store the two lengths the other way round */
    bool maybe_swapped;    /* version 2.3: some writers did */
    uint8_t record_header; /* bytes */
    uint16_t link_type;
    uint8_t fcs_length;    /* of every frame, where the header says so */
    uint32_t time_unit_ns; /* of a record's fraction of a second */
    uint32_t pending;      /* bytes of the record given out last, not passed over yet */
};

/* True when the four bytes are the magic number of a pcap file. */
bool pcap_file_matches(const uint8_t magic[4]);

/* As capture_file_start() and capture_file_next(). */
int pcap_file_start(struct capture_file *file);
int pcap_file_next(struct capture_file *file, bool wait, struct frame *ret_frame);

#endif
