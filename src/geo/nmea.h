/* NMEA 0183 sentences of satellite receivers, of any talker: GGA and RMC make fixes; GSA, VTG and
 * ZDA add to them. The checksum is required. Input: lines of foreign bytes. Output: fixes. */
#ifndef NORN_GEO_NMEA_H
#define NORN_GEO_NMEA_H

#include <stddef.h>

#include "geo/fix.h"

enum { NMEA_LINE_MAX = 256 }; /* the standard has 82; some receivers write more */

/* What sentences said, until the next of their kind. All zero before the first; the fix is made
 * of it. */
struct nmea {
    bool is_begun;
    uint8_t dimensions;   /* said by GSA: 2 or 3, 0 not yet */
    int64_t day;          /* since the epoch; 0: no date yet */
    uint64_t altitude_ns; /* time of the day of GGA's altitude */
    struct fix fix;
};

/* Takes one line, without its end. 1 and ret_fix when it makes a fix, or says that there is none;
 * 0 when it only adds to what is known or is of no use; -EBADMSG when it is no sound sentence. */
int nmea_take(struct nmea *nmea, const uint8_t *line, size_t length, struct fix *ret_fix);

#endif
