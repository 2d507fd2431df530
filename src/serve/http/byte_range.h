/* Which part of a file a request asks for: the header Range (RFC 9110, 14.2), one range of bytes.
 */
#ifndef NORN_SERVE_BYTE_RANGE_H
#define NORN_SERVE_BYTE_RANGE_H

#include <stdint.h>

enum byte_range_kind {
    BYTE_RANGE_WHOLE,   /* none was asked for, or one that must be overlooked (14.2) */
    BYTE_RANGE_PART,    /* answer 206 */
    BYTE_RANGE_OUTSIDE, /* nothing of it exists: answer 416 */
};

struct byte_range {
    uint64_t first, count; /* of a part: at least one byte, all of them in the file */
};

/* Reads the header's text (NULL: there is none) for a file of `length` bytes. Several ranges are
 * overlooked. `ret_range` is written for BYTE_RANGE_PART only. */
enum byte_range_kind byte_range_parse(const char *text, uint64_t length,
                                      struct byte_range *ret_range);

#endif
