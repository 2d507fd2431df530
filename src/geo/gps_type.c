/* The registry of kinds of receivers. See gps_type.h. */
#include "geo/gps_type.h"

#include <string.h>
#include <strings.h>

const struct gps_type *gps_type_find(const char *name, size_t length)
{
    for (size_t i = 0; i < gps_types_count; i++) {
        const char *class = gps_types[i]->record.class;
        if (strlen(class) == length && strncasecmp(class, name, length) == 0)
            return gps_types[i];
    }
    return NULL;
}

const struct gps_type *const gps_types[] = {
    &gps_gpsd_type, &gps_meta_type,    &gps_serial_type,
    &gps_tcp_type,  &gps_virtual_type, &gps_web_type,
};
const size_t gps_types_count = sizeof gps_types / sizeof *gps_types;
