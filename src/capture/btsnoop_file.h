/* The btsnoop format: what hosts and Bluetooth controllers said to each other, as Android and BlueZ
 * log it: HCI bare (1001), with UART packet types (1002), or the Linux monitor's records (2001).
 * Input: a stream at the file's first byte. Output: frames of the link types 201 and 254 of the
 * tcpdump.org list, whose headers are made here. Used through capture_file.h. */
#ifndef NORN_CAPTURE_BTSNOOP_FILE_H
#define NORN_CAPTURE_BTSNOOP_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/frame.h"

struct capture_file;

enum { BTSNOOP_MAGIC = 8 };

struct btsnoop_file {
    uint32_t kind;    /* of its packets: 1001, 1002, 2001 */
    uint32_t pending; /* bytes of the record given out last, not passed over yet */
    uint8_t *packet;  /* the frame given out last, its header first */
};

/* True when the bytes start a btsnoop file. */
bool btsnoop_file_matches(const uint8_t magic[BTSNOOP_MAGIC]);

/* As capture_file_start() and capture_file_next(). */
int btsnoop_file_start(struct capture_file *file);
int btsnoop_file_next(struct capture_file *file, bool wait, struct frame *ret_frame);
void btsnoop_file_done(struct capture_file *file);

#endif
