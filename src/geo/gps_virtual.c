/* The virtual receiver: one place that never changes. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "geo/gps_definition.h"
#include "util/text.h"

static int parse_within(const char *value, size_t length, double limit, double *ret_number)
{
    double number;
    if (text_parse_double(value, length, &number) || fabs(number) > limit)
        return -EINVAL;
    *ret_number = number;
    return 0;
}

static int set_latitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 90, &definition->latitude);
}

static int set_longitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 180, &definition->longitude);
}

static int set_altitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 1e6, &definition->altitude);
}

static bool is_complete(const struct gps_definition *definition)
{
    return !isnan(definition->latitude) && !isnan(definition->longitude);
}

static void describe(const struct gps_definition *definition, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "fixed place %.6f, %.6f", definition->latitude, definition->longitude);
}

static const struct gps_key keys[] = {
    {"alt", set_altitude},
    {"lat", set_latitude},
    {"lon", set_longitude},
    {NULL, NULL},
};

const struct gps_type gps_virtual_type = {
    .record = {.class = "virtual",
               .description = "one place that never changes",
               .default_name = "virtual",
               .priority = 0,
               .singleton = 1},
    .example = "virtual:lat=47.4,lon=8.5,alt=400",
    .keys = keys,
    .is_fixed = true,
    .is_complete = is_complete,
    .describe = describe,
};
