/* The pcapng format: sections of either byte order, interfaces with their own clocks, enhanced,
 * simple and obsolete packet blocks; other blocks are passed over. Input: a stream at the file's
 * first byte. Output: frames. draft-ietf-opsawg-pcapng. Used through capture_file.h. */
#ifndef NORN_CAPTURE_PCAPNG_FILE_H
#define NORN_CAPTURE_PCAPNG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/frame.h"

struct capture_file;

enum { PCAPNG_INTERFACES_MAX = 4096 };

struct pcapng_interface {
    uint16_t link_type;
    uint8_t fcs_length; /* bytes, if_fcslen; 0: not said */
    uint8_t resolution; /* if_tsresol: 10^-n, or 2^-n with the top bit set */
    uint32_t snap_length;
    int64_t offset_s; /* if_tsoffset */
};

struct pcapng_file {
    bool big_endian; /* of the section being read */
    uint32_t interface_count;
    uint32_t interface_room;
    struct pcapng_interface *interfaces;
    uint64_t last_time_ns; /* simple packets have no time of their own */
    uint64_t pending;      /* bytes of the block given out last */
    uint64_t blocks;
};

/* True when the four bytes start a section header block. */
bool pcapng_file_matches(const uint8_t magic[4]);

/* As capture_file_start() and capture_file_next(). */
int pcapng_file_start(struct capture_file *file);
int pcapng_file_next(struct capture_file *file, bool wait, struct frame *ret_frame);
void pcapng_file_done(struct capture_file *file);

#endif
