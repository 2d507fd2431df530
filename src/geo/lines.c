/* Lines out of bytes. See lines.h. */
#include "geo/lines.h"

#include <string.h>

uint8_t *lines_room(struct lines *lines, size_t *ret_size)
{
    memmove(lines->bytes, lines->bytes + lines->taken, lines->used - lines->taken);
    lines->used -= lines->taken;
    lines->taken = 0;
    if (lines->used == LINES_MAX) {
        lines->is_skipping = true;
        lines->used = 0;
    }
    *ret_size = LINES_MAX - lines->used;
    return lines->bytes + lines->used;
}

void lines_filled(struct lines *lines, size_t count)
{
    lines->used += count;
}

static bool is_end(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

const uint8_t *lines_next(struct lines *lines, size_t *ret_length)
{
    size_t begin = lines->taken;
    for (size_t at = begin; at < lines->used; at++) {
        if (!is_end(lines->bytes[at]))
            continue;
        bool whole = !lines->is_skipping && at > begin;
        lines->is_skipping = false;
        lines->taken = at + 1;
        *ret_length = at - begin;
        if (whole)
            return lines->bytes + begin;
        begin = at + 1;
    }
    return NULL;
}
