/* What gpsd says: JSON objects, one a line, each with its class. TPV makes fixes, SKY adds to them;
 * VERSION, DEVICES, WATCH and all others only show that gpsd lives. See gpsd_json(5). Input: lines
 * of foreign bytes. Output: fixes. */
#ifndef NORN_GEO_GPSD_REPORT_H
#define NORN_GEO_GPSD_REPORT_H

#include <stddef.h>

#include "geo/fix.h"

enum {
    GPSD_REPORT_LINE_MAX = 16 * 1024, /* gpsd's own longest is 10 KB */
    GPSD_REPORT_DEVICE = 128,
};

/* One gpsd may have several receivers: that one is listened to which has the best fix, until it
 * has been silent for a while. All zero before the first line. */
struct gpsd_report {
    char device[GPSD_REPORT_DEVICE];
    uint8_t dimensions; /* of that device's newest fix */
    uint64_t heard_ns;  /* when it told of it */
    uint8_t satellites; /* used, by the newest SKY */
    double dilution;    /* by the newest SKY, 0 unknown */
};

/* Takes one line at time `now_ns`, without its end. 1 and ret_fix when it makes a fix, or says that
 * there is none; 0 when it is of no use; -EBADMSG when it is no object of gpsd's. */
int gpsd_report_take(struct gpsd_report *gpsd, const uint8_t *line, size_t length, uint64_t now_ns,
                     struct fix *ret_fix);

#endif
