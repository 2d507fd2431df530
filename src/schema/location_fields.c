/* Adding up fixes, and the tables of places. */
#include "schema/location_fields.h"

#include <math.h>

static void widen(struct location_summary *summary, const struct location *fix)
{
    struct location *low = &summary->minimum, *high = &summary->maximum;
    low->point.longitude = fmin(low->point.longitude, fix->point.longitude);
    low->point.latitude = fmin(low->point.latitude, fix->point.latitude);
    high->point.longitude = fmax(high->point.longitude, fix->point.longitude);
    high->point.latitude = fmax(high->point.latitude, fix->point.latitude);
    if (fix->fix < 3)
        return;
    low->altitude = summary->altitude_samples ? fmin(low->altitude, fix->altitude) : fix->altitude;
    high->altitude =
        summary->altitude_samples ? fmax(high->altitude, fix->altitude) : fix->altitude;
}

void location_summary_add(struct location_summary *summary, const struct location *location)
{
    double longitude = location->point.longitude * M_PI / 180;
    double latitude = location->point.latitude * M_PI / 180;
    struct location *mean = &summary->mean;
    if (location->fix < 2)
        return;
    if (!summary->samples)
        summary->minimum = summary->maximum = *location;
    widen(summary, location);
    summary->last = *location;
    if (location->fix > summary->fix)
        summary->fix = location->fix;
    if (summary->samples && location->seconds == mean->seconds)
        return; /* one sample a second is enough for the mean */
    summary->x += cos(latitude) * cos(longitude);
    summary->y += cos(latitude) * sin(longitude);
    summary->z += sin(latitude);
    summary->samples++;
    if (location->fix >= 3) {
        summary->altitude_sum += location->altitude;
        summary->altitude_samples++;
        mean->altitude = summary->altitude_sum / summary->altitude_samples;
    }
    mean->fix = summary->altitude_samples ? 3 : 2;
    mean->point = location->point;
    if (summary->samples > 1) {
        mean->point.longitude = atan2(summary->y, summary->x) * 180 / M_PI;
        mean->point.latitude = atan2(summary->z, hypot(summary->x, summary->y)) * 180 / M_PI;
    }
    mean->seconds = location->seconds;
    mean->microseconds = location->microseconds;
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
    PLACE_OLD_ROWS,
};

static const struct field location_triplet_fields[] = {
    PLACE_ROWS(struct location, ),
    PLACE_OLD_ROWS,
};

static const struct field location_summary_fields[] = {
    FIELD("kismet.common.location.loc_fix", FIELD_UINT8, struct location_summary, fix, "best quality of all fixes"),
    {.name = "kismet.common.location.min_loc", .type = FIELD_INLINE, .offset = offsetof(struct location_summary, minimum), .record = &location_triplet_type, .description = "south-west corner of where it was heard"},
    {.name = "kismet.common.location.max_loc", .type = FIELD_INLINE, .offset = offsetof(struct location_summary, maximum), .record = &location_triplet_type, .description = "north-east corner of where it was heard"},
    {.name = "kismet.common.location.avg_loc", .type = FIELD_INLINE, .offset = offsetof(struct location_summary, mean), .record = &location_triplet_type, .description = "mean of where it was heard"},
    {.name = "kismet.common.location.last", .type = FIELD_INLINE, .offset = offsetof(struct location_summary, last), .record = &location_type, .description = "newest place where it was heard"},
};

static const struct field location_report_fields[] = {
    PLACE_ROWS(struct location_report, location.),
    FIELD("kismet.common.location.speed", FIELD_DOUBLE, struct location_report, location.speed, "speed in km/h"),
    FIELD("kismet.common.location.heading", FIELD_DOUBLE, struct location_report, location.heading, "heading in degrees from true north"),
    FIELD("kismet.common.location.magheading", FIELD_DOUBLE, struct location_report, location.magnetic_heading, "heading in degrees from magnetic north"),
    FIELD("kismet.common.location.gps_uuid", FIELD_UUID, struct location_report, gps, "GPS that this place came from"),
};

const struct record_type location_type = RECORD_TYPE("location", location_fields);
const struct record_type location_triplet_type = RECORD_TYPE("place", location_triplet_fields);
const struct record_type location_summary_type = RECORD_TYPE("locations of a device", location_summary_fields);
const struct record_type location_report_type = RECORD_TYPE("current location", location_report_fields);
