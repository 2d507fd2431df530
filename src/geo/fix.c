/* Judging fixes. See fix.h. A receiver that loses its way reports places that are far off for a
 * moment; one that was carried while it slept reports a new one and stays there. */
#include "geo/fix.h"

#include <math.h>

#include "util/clock.h"

#define EARTH_METRES   6371009.0
#define RADIANS        (M_PI / 180)
#define FASTEST_MPS    420.0       /* metres a second: no aeroplane is faster */
#define SCATTER_METRES 500.0       /* that a fix may be off at any time */
#define SETTLE_NS      5000000000u /* without another word: it is there */

struct fix fix_unknown(void)
{
    return (struct fix){.latitude = NAN,
                        .longitude = NAN,
                        .altitude = NAN,
                        .speed = NAN,
                        .heading = NAN,
                        .magnetic_heading = NAN,
                        .accuracy = NAN};
}

double fix_distance(struct point from, struct point to)
{
    double north = (to.latitude - from.latitude) * RADIANS;
    double east = (to.longitude - from.longitude) * RADIANS;
    double across = cos(from.latitude * RADIANS) * cos(to.latitude * RADIANS);
    double square = pow(sin(north / 2), 2) + across * pow(sin(east / 2), 2);
    return 2 * EARTH_METRES * asin(fmin(1, sqrt(square)));
}

double fix_bearing(struct point from, struct point to)
{
    double turn = (to.longitude - from.longitude) * RADIANS;
    double start = from.latitude * RADIANS, end = to.latitude * RADIANS;
    double east = sin(turn) * cos(end);
    double north = cos(start) * sin(end) - sin(start) * cos(end) * cos(turn);
    double degrees = atan2(east, north) / RADIANS;
    return degrees < 0 ? degrees + 360 : degrees;
}

static bool can_reach(const struct fix_place *from, const struct fix_place *to)
{
    double seconds =
        to->time_ns > from->time_ns ? (double)(to->time_ns - from->time_ns) / NS_PER_S : 0;
    return fix_distance(from->point, to->point) <= SCATTER_METRES + FASTEST_MPS * seconds;
}

enum fix_verdict fix_judge(struct fix_filter *filter, uint64_t time_ns, struct point point)
{
    struct fix_place place = {time_ns, point};
    bool fits = !filter->has_trusted || can_reach(&filter->trusted, &place);
    bool confirms = !fits && filter->has_doubtful && can_reach(&filter->doubtful, &place);
    filter->has_doubtful = !fits && !confirms;
    if (filter->has_doubtful) {
        filter->doubtful = place;
        return FIX_DOUBTFUL;
    }
    filter->has_trusted = true;
    filter->trusted = place;
    return confirms ? FIX_MOVED : FIX_TRUSTED;
}

bool fix_settle(struct fix_filter *filter, uint64_t time_ns)
{
    if (!filter->has_doubtful || time_ns < filter->doubtful.time_ns + SETTLE_NS)
        return false;
    filter->has_doubtful = false;
    filter->trusted = filter->doubtful;
    return true;
}
