/* The web receiver: positions that a browser or a phone posts to /gps/web/update.cmd. */
#include "geo/gps_type.h"

const struct gps_type gps_web_type = {
    .record = {.class = "web",
               .description = "positions posted by a browser",
               .default_name = "web",
               .priority = 0,
               .singleton = 1},
    .example = "web:name=webgps",
    .is_posted = true,
};
