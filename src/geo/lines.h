/* Lines out of a stream of foreign bytes, of bounded length: what is longer is passed over up to
 * its end. Input: bytes as they come. Output: whole lines without their ends, empty ones left out.
 */
#ifndef NORN_GEO_LINES_H
#define NORN_GEO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_MAX = 16 * 1024 };

/* All zero is an empty one. */
struct lines {
    size_t used, taken; /* bytes held, and of these given out */
    bool is_skipping;   /* a line that is too long */
    uint8_t bytes[LINES_MAX];
};

/* Where the next bytes are to be put, and how many fit: never none. Makes lines given out before
 * invalid. */
uint8_t *lines_room(struct lines *lines, size_t *ret_size);

/* So many bytes were put there. */
void lines_filled(struct lines *lines, size_t count);

/* The next line, or NULL when there is no whole one. */
const uint8_t *lines_next(struct lines *lines, size_t *ret_length);

#endif
