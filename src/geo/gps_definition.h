/* Definitions of receivers: TYPE[:key=value[,key=value...]], values in double quotes where they
 * hold commas. Input: text of the configuration, as gps= gives it. Output: a checked struct. */
#ifndef NORN_GEO_GPS_DEFINITION_H
#define NORN_GEO_GPS_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/gps_fields.h"
#include "util/buffer.h"

/* What a definition says; NAN stands for a number it does not give. */
struct gps_definition {
    const struct gps_type_record *type;
    char name[48]; /* "" when not given */
    bool has_uuid, has_priority;
    struct uuid uuid;
    int32_t priority;
    bool data_only, reconnect;
    double latitude, longitude, altitude; /* of a fixed receiver */
};

/* Reads and checks a definition. 0, or -EINVAL with a plain sentence in ret_why. */
int gps_definition_parse(const char *text, struct gps_definition *ret_definition,
                         struct buffer *ret_why);

/* Kinds of receivers. */
extern const struct gps_type_record gps_type_web;
extern const struct gps_type_record gps_type_virtual;

#endif
