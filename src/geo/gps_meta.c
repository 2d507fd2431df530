/* A meta receiver: where one sensor is, as somebody posts it to /gps/meta/NAME/update.cmd. The
 * sources whose metagps= has its name are placed by it. */
#include "geo/gps_definition.h"

static bool is_complete(const struct gps_definition *definition)
{
    return *definition->name;
}

const struct gps_type gps_meta_type = {
    .record = {.class = "meta",
               .description = "positions of one sensor, posted for it",
               .default_name = "meta",
               .priority = 0},
    .example = "meta:name=roof",
    .is_posted = true,
    .is_complete = is_complete,
};
