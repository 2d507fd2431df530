/* What the fuzzers of connected receivers share: bytes go through lines into a receiver, a second
 * for each line, and whatever it then says of itself must be on the earth. */
#ifndef NORN_FUZZ_GEO_BYTES_H
#define NORN_FUZZ_GEO_BYTES_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/lines.h"
#include "geo/receiver.h"

static uint64_t geo_bytes_now;

static void geo_bytes_check(const struct location *location)
{
    bool sound = location->fix >= 2 && location->fix <= 3 && fabs(location->point.latitude) <= 90 &&
                 fabs(location->point.longitude) <= 180 && fabs(location->altitude) <= 1e6 &&
                 isfinite(location->speed) && location->heading >= 0 && location->heading <= 360 &&
                 location->accuracy >= 0;
    if (!sound)
        abort();
}

static void geo_bytes_take(struct receiver *receiver, const uint8_t *line, size_t length)
{
    struct location location;
    geo_bytes_now += 1000000000;
    receiver_take(receiver, line, length, geo_bytes_now);
    if (receiver_locate(receiver, geo_bytes_now, &location))
        geo_bytes_check(&location);
    if (receiver_locate_at(receiver, geo_bytes_now - 500000000, &location))
        geo_bytes_check(&location);
}

static int geo_bytes_run(const char *text, const uint8_t *data, size_t size,
                         void (*also)(struct receiver *receiver, const uint8_t *line,
                                      size_t length))
{
    static struct lines lines;
    struct gps_definition definition;
    struct buffer why = {0};
    const uint8_t *line;
    size_t length;
    if (gps_definition_parse(text, &definition, &why) != 0)
        abort();
    struct receiver *receiver = receiver_new(&definition, text);
    geo_bytes_now = 1700000000000000000u;
    memset(&lines, 0, sizeof lines);
    while (receiver && size) {
        uint8_t *room = lines_room(&lines, &length);
        length = length < size ? length : size;
        memcpy(room, data, length);
        lines_filled(&lines, length);
        data += length;
        size -= length;
        while ((line = lines_next(&lines, &length))) {
            geo_bytes_take(receiver, line, length);
            if (also)
                also(receiver, line, length);
        }
    }
    receiver_free(receiver);
    return 0;
}

#endif
