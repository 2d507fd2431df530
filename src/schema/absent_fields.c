/* Tables of records with nothing in them. See absent_fields.h. */
#include "schema/absent_fields.h"

#include "schema/device_fields.h"

static bool next_none(const void *record, struct view *view, struct cursor *cursor)
{
    return false;
}

// clang-format off
#define BOUND(wire, member, text) FIELD("kismet.adsb.map." wire, FIELD_DOUBLE, struct aircraft_map, member, text)
#define NONE(wire, kind, text) {.name = (wire), .type = FIELD_LIST, .element = FIELD_RECORD, .record = (kind), .next = next_none, .description = (text)}

static const struct field aircraft_map_fields[] = {
    BOUND("min_lat", least_latitude, "southern edge of the map, degrees; 0 without aircraft"),
    BOUND("max_lat", greatest_latitude, "northern edge of the map, degrees"),
    BOUND("min_lon", least_longitude, "western edge of the map, degrees"),
    BOUND("max_lon", greatest_longitude, "eastern edge of the map, degrees"),
    NONE("kismet.adsb.map.devices", &device_type, "aircraft heard within ten minutes; none, since norn does not decode them"),
};

static const struct field page_module_fields[] = {
    FIELD("module", FIELD_TEXT, struct page_module, name, "name of the script's module"),
    FIELD("js", FIELD_TEXT, struct page_module, path, "where the script is"),
};

static const struct field page_modules_fields[] = {
    NONE("dynamicjs", &page_module_type, "scripts that plugins add to the page; none, since norn has no plugins"),
};

const struct record_type aircraft_map_type = RECORD_TYPE("map of aircraft", aircraft_map_fields);
const struct record_type page_module_type = RECORD_TYPE("script of the page", page_module_fields);
const struct record_type page_modules_type = RECORD_TYPE("scripts of the page", page_modules_fields);
const struct record_type absent_type = {.name = "nothing"};
