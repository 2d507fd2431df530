/* What a sensor tells without a frame: the report's kind, NUL, and a JSON object (FRAME_REPORT).
 * A scanner that finds members and hands out slices: it allocates nothing and keeps nothing, which
 * the packet path asks for and no packaged JSON library does. RFC 8259. */
#ifndef NORN_DISSECT_REPORT_H
#define NORN_DISSECT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/malformed.h"
#include "util/buffer.h"
#include "util/macaddr.h"

enum report_type {
    REPORT_ABSENT, /* there is none, or null */
    REPORT_BOOLEAN,
    REPORT_NUMBER,
    REPORT_TEXT,
    REPORT_LIST,
    REPORT_MAP,
};

/* A value as it lies in the report: of a text what stands between its quotes. */
struct report_value {
    uint8_t type; /* enum report_type */
    const uint8_t *bytes;
    uint32_t length;
};

struct report {
    const char *kind; /* NUL-terminated */
    struct report_value object;
};

/* Reads a report. 0, or -EBADMSG with the reason: its kind has no end, or it holds no JSON object
 * that is sound as a whole. */
int report_open(const uint8_t *data, uint32_t length, struct report *ret_report,
                enum malformed *ret_reason);

/* Value of a member of an object, the last of that name; of type REPORT_ABSENT without one. */
struct report_value report_find(struct report_value object, const char *key);

/* Steps over an object's members; `offset` begins as 0. False at the end. */
bool report_next(struct report_value object, uint32_t *offset, struct report_value *ret_key,
                 struct report_value *ret_value);

/* A text with its escapes undone, appended; surrogates that stand alone become U+FFFD. False for
 * other values, and where the buffer was too small. */
bool report_text(struct report_value value, struct buffer *buffer);

/* A finite number, also one written as a text. False for anything else. */
bool report_number(struct report_value value, double *ret_number);

/* A whole number that lies within those; false for anything else. */
bool report_integer(struct report_value value, int64_t least, int64_t most, int64_t *ret_number);

/* An address written as a text. False for anything else. */
bool report_address(struct report_value value, struct macaddr *ret_mac);

#endif
