/* Definitions of receivers: TYPE[:key=value[,key=value...]], values in double quotes where they
 * hold commas. Input: text of the configuration, as gps= gives it. Output: a checked struct. */
#ifndef NORN_GEO_GPS_DEFINITION_H
#define NORN_GEO_GPS_DEFINITION_H

#include "geo/gps_type.h"

enum { GPS_DEFINITION_NAME = 48 };

/* What a definition says; NAN stands for a number it does not give. */
struct gps_definition {
    const struct gps_type *type;
    char name[GPS_DEFINITION_NAME]; /* "" when not given */
    bool has_uuid, has_priority;
    struct uuid uuid;
    int32_t priority;
    bool data_only, reconnect;
    double latitude, longitude, altitude; /* of a fixed receiver */
    char device[128];                     /* path of a serial line */
    unsigned baud;
    char host[128]; /* name or address; "" when not given */
    unsigned port;  /* 0 when not given */
};

/* Reads and checks a definition. 0, or -EINVAL with a plain sentence in ret_why. */
int gps_definition_parse(const char *text, struct gps_definition *ret_definition,
                         struct buffer *ret_why);

/* Options that several kinds have. */
int gps_definition_set_host(struct gps_definition *definition, const char *value, size_t length);
int gps_definition_set_port(struct gps_definition *definition, const char *value, size_t length);

#endif
