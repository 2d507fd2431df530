/* Judging and adding up fixes, and the tables of places. See location_fields.h. */
#include "schema/location_fields.h"

#include <math.h>

#define FASTEST_KMH   1500
#define RADIANS       (M_PI / 180)
#define WEAKEST_DBM   -100 /* weight 1, as places without a signal have */
#define STRONGEST_DBM 0

bool location_is_sane(const struct location *location)
{
    double latitude = location->point.latitude, longitude = location->point.longitude;
    return location->fix >= 2 && fabs(latitude) <= 90 && fabs(longitude) <= 180 &&
           (latitude != 0 || longitude != 0) && fabs(location->speed) <= FASTEST_KMH;
}

void location_add_point(struct location_vector *sum, struct point point, double weight)
{
    double longitude = point.longitude * RADIANS, latitude = point.latitude * RADIANS;
    sum->x += weight * cos(latitude) * cos(longitude);
    sum->y += weight * cos(latitude) * sin(longitude);
    sum->z += weight * sin(latitude);
}

struct point location_mean_point(const struct location_vector *sum)
{
    return (struct point){.longitude = atan2(sum->y, sum->x) / RADIANS,
                          .latitude = atan2(sum->z, hypot(sum->x, sum->y)) / RADIANS};
}

/* The amplitude of a signal: it falls with the distance, so that near places weigh most. */
static double weight_of(int signal)
{
    if (signal >= STRONGEST_DBM || signal < WEAKEST_DBM)
        signal = WEAKEST_DBM;
    return pow(10, (signal - WEAKEST_DBM) / 20.0);
}

static void widen(struct location_summary *summary, const struct location *fix)
{
    struct point *low = &summary->south_west, *high = &summary->north_east;
    float altitude = (float)fix->altitude;
    if (!summary->samples)
        *low = *high = fix->point;
    low->longitude = fmin(low->longitude, fix->point.longitude);
    low->latitude = fmin(low->latitude, fix->point.latitude);
    high->longitude = fmax(high->longitude, fix->point.longitude);
    high->latitude = fmax(high->latitude, fix->point.latitude);
    if (fix->fix < 3)
        return;
    summary->lowest = summary->fix < 3 ? altitude : fminf(summary->lowest, altitude);
    summary->highest = summary->fix < 3 ? altitude : fmaxf(summary->highest, altitude);
}

bool location_summary_add(struct location_summary *summary, const struct location *location,
                          int signal)
{
    uint64_t time_us = location->seconds * 1000000 + location->microseconds;
    bool first = !summary->samples;
    widen(summary, location);
    summary->last = *location;
    if (location->fix > summary->fix)
        summary->fix = location->fix;
    if (!first && time_us / 1000000 == summary->sampled_us / 1000000)
        return false;
    double weight = weight_of(signal);
    location_add_point(&summary->sum, location->point, weight);
    summary->samples++;
    summary->sampled_us = time_us;
    if (location->fix >= 3) {
        summary->altitude_sum += weight * location->altitude;
        summary->altitude_weight += weight;
    }
    return true;
}

static struct location *new_location(struct view *view, struct value *ret)
{
    struct location *location = view_scratch(view, sizeof *location);
    ret->record = location;
    ret->absent = !location;
    return location;
}

static void give_corner(const struct location_summary *summary, struct point point, float altitude,
                        struct view *view, struct value *ret)
{
    struct location *corner = new_location(view, ret);
    if (corner)
        *corner = (struct location){.point = point,
                                    .altitude = altitude,
                                    .fix = summary->fix,
                                    .seconds = summary->last.seconds,
                                    .microseconds = summary->last.microseconds};
}

static void get_minimum(const void *record, struct view *view, struct value *ret)
{
    const struct location_summary *summary = record;
    give_corner(summary, summary->south_west, summary->lowest, view, ret);
}

static void get_maximum(const void *record, struct view *view, struct value *ret)
{
    const struct location_summary *summary = record;
    give_corner(summary, summary->north_east, summary->highest, view, ret);
}

/* One place all the time is its own mean, unrounded. */
static void get_mean(const void *record, struct view *view, struct value *ret)
{
    const struct location_summary *summary = record;
    struct location *mean = new_location(view, ret);
    if (!mean)
        return;
    bool still = summary->south_west.longitude == summary->north_east.longitude &&
                 summary->south_west.latitude == summary->north_east.latitude;
    *mean =
        (struct location){.point = still ? summary->south_west : location_mean_point(&summary->sum),
                          .fix = summary->altitude_weight > 0 ? 3 : 2,
                          .seconds = summary->sampled_us / 1000000,
                          .microseconds = (uint32_t)(summary->sampled_us % 1000000)};
    if (summary->altitude_weight > 0)
        mean->altitude = summary->altitude_sum / summary->altitude_weight;
}

static void get_latitude(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct location *)record)->point.latitude;
}

static void get_longitude(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct location *)record)->point.longitude;
}

static void get_valid(const void *record, struct view *view, struct value *ret)
{
    ret->natural = ((const struct location *)record)->fix >= 2;
}

// clang-format off
#define PLACE_ROWS(structure, prefix)                                                                                          \
    FIELD("kismet.common.location.geopoint", FIELD_POINT, structure, prefix point, "longitude and latitude in degrees"),      \
    FIELD("kismet.common.location.alt", FIELD_DOUBLE, structure, prefix altitude, "altitude in metres"),                       \
    FIELD("kismet.common.location.fix", FIELD_UINT8, structure, prefix fix, "quality of the fix: 0 and 1 none, 2 flat, 3 with altitude"), \
    FIELD("kismet.common.location.time_sec", FIELD_UINT64, structure, prefix seconds, "time of the fix, seconds"),             \
    FIELD("kismet.common.location.time_usec", FIELD_UINT32, structure, prefix microseconds, "time of the fix, microseconds within the second")

#define PLACE_OLD_ROWS                                                                                                                             \
    {.name = "kismet.common.location.lat", .type = FIELD_DOUBLE, .flags = FIELD_ALIAS, .get = get_latitude, .description = "latitude in degrees, older name"},   \
    {.name = "kismet.common.location.lon", .type = FIELD_DOUBLE, .flags = FIELD_ALIAS, .get = get_longitude, .description = "longitude in degrees, older name"}, \
    {.name = "kismet.common.location.valid", .type = FIELD_UINT8, .flags = FIELD_ALIAS, .get = get_valid, .description = "1 with a fix, older name"}

static const struct field location_fields[] = {
    PLACE_ROWS(struct location, ),
    FIELD("kismet.common.location.speed", FIELD_DOUBLE, struct location, speed, "speed in km/h"),
    FIELD("kismet.common.location.heading", FIELD_DOUBLE, struct location, heading, "heading in degrees from true north"),
    FIELD("kismet.common.location.magheading", FIELD_DOUBLE, struct location, magnetic_heading, "heading in degrees from magnetic north"),
    FIELD_IF_SET("norn.location.accuracy", FIELD_FLOAT, struct location, accuracy, "how far off the place may be, metres; left out where it is not known"),
    PLACE_OLD_ROWS,
};

static const struct field location_triplet_fields[] = {
    PLACE_ROWS(struct location, ),
    PLACE_OLD_ROWS,
};

static const struct field location_summary_fields[] = {
    FIELD("kismet.common.location.loc_fix", FIELD_UINT8, struct location_summary, fix, "best quality of all fixes"),
    {.name = "kismet.common.location.min_loc", .type = FIELD_RECORD, .get = get_minimum, .record = &location_triplet_type, .description = "south-west corner of where it was heard"},
    {.name = "kismet.common.location.max_loc", .type = FIELD_RECORD, .get = get_maximum, .record = &location_triplet_type, .description = "north-east corner of where it was heard"},
    {.name = "kismet.common.location.avg_loc", .type = FIELD_RECORD, .get = get_mean, .record = &location_triplet_type, .description = "mean of where it was heard, weighted by signal"},
    {.name = "kismet.common.location.last", .type = FIELD_INLINE, .offset = offsetof(struct location_summary, last), .record = &location_type, .description = "newest place where it was heard"},
};

static const struct field location_report_fields[] = {
    PLACE_ROWS(struct location_report, location.),
    FIELD("kismet.common.location.speed", FIELD_DOUBLE, struct location_report, location.speed, "speed in km/h"),
    FIELD("kismet.common.location.heading", FIELD_DOUBLE, struct location_report, location.heading, "heading in degrees from true north"),
    FIELD("kismet.common.location.magheading", FIELD_DOUBLE, struct location_report, location.magnetic_heading, "heading in degrees from magnetic north"),
    FIELD_IF_SET("norn.location.accuracy", FIELD_FLOAT, struct location_report, location.accuracy, "how far off the place may be, metres; left out where it is not known"),
    FIELD("kismet.common.location.gps_uuid", FIELD_UUID, struct location_report, gps, "GPS that this place came from"),
};

const struct record_type location_type = RECORD_TYPE("location", location_fields);
const struct record_type location_triplet_type = RECORD_TYPE("place", location_triplet_fields);
const struct record_type location_summary_type = RECORD_TYPE("locations of a device", location_summary_fields);
const struct record_type location_report_type = RECORD_TYPE("current location", location_report_fields);
