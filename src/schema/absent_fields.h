/* What clients may ask for of parts that norn does not have: plugins, aircraft. The records are
 * there, with nothing in them. */
#ifndef NORN_SCHEMA_ABSENT_FIELDS_H
#define NORN_SCHEMA_ABSENT_FIELDS_H

#include "schema/record.h"

/* The aircraft heard lately and the rectangle that they fly in. */
struct aircraft_map {
    double least_latitude, greatest_latitude, least_longitude, greatest_longitude;
};

/* A script that a plugin adds to the page. */
struct page_module {
    const char *name, *path;
};

extern const struct record_type aircraft_map_type;
extern const struct record_type page_module_type;
extern const struct record_type page_modules_type; /* of no struct: all of them */
extern const struct record_type absent_type;       /* without a member, for lists of nothing */

#endif
