/* Tables of the GPS records. */
#include "schema/gps_fields.h"

#include <string.h>

static void give_text(const char *text, struct value *ret)
{
    ret->text = text;
    ret->length = strlen(text);
}

static void get_name(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct gps_record *)record)->name, ret);
}

static void get_description(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct gps_record *)record)->description, ret);
}

static void get_definition(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct gps_record *)record)->definition, ret);
}

static void get_error(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct gps_record *)record)->error, ret);
}

// clang-format off
static const struct field gps_type_fields[] = {
    FIELD("kismet.gps.type.class", FIELD_TEXT, struct gps_type_record, class, "kind of GPS, as gps= takes it"),
    FIELD("kismet.gps.type.description", FIELD_TEXT, struct gps_type_record, description, "what the kind reads positions from"),
    FIELD("kismet.gps.type.priority", FIELD_INT32, struct gps_type_record, priority, "rank where a definition gives none; lower goes first"),
    FIELD("kismet.gps.type.default_name", FIELD_TEXT, struct gps_type_record, default_name, "name given when the definition has none"),
    FIELD("kismet.gps.type.singleton", FIELD_UINT8, struct gps_type_record, singleton, "1: there can be only one"),
};

static const struct field gps_fields[] = {
    {.name = "kismet.gps.name", .type = FIELD_STRING, .get = get_name, .description = "name of the GPS"},
    {.name = "kismet.gps.description", .type = FIELD_STRING, .get = get_description, .description = "what it is"},
    {.name = "kismet.gps.definition", .type = FIELD_STRING, .get = get_definition, .description = "definition it was made from"},
    FIELD("kismet.gps.uuid", FIELD_UUID, struct gps_record, uuid, "UUID of the GPS"),
    FIELD("kismet.gps.connected", FIELD_UINT8, struct gps_record, connected, "1 while it can be read"),
    FIELD("kismet.gps.reconnect", FIELD_UINT8, struct gps_record, reconnect, "1: is connected again after a loss"),
    FIELD("kismet.gps.priority", FIELD_INT32, struct gps_record, priority, "rank among equally good ones; lower goes first"),
    FIELD("kismet.gps.data_only", FIELD_UINT8, struct gps_record, data_only, "1: never the best location"),
    FIELD("kismet.gps.data_time", FIELD_UINT64, struct gps_record, data_time, "when it last said anything, seconds"),
    FIELD("kismet.gps.signal_time", FIELD_UINT64, struct gps_record, signal_time, "when it last had a fix, seconds"),
    FIELD_IF_SET("norn.gps.satellites", FIELD_UINT8, struct gps_record, satellites, "satellites used for the newest location; left out where it is not known"),
    {.name = "norn.gps.error", .type = FIELD_STRING, .flags = FIELD_OPTIONAL, .get = get_error, .description = "why it is not connected; left out while it is"},
    {.name = "kismet.gps.location", .type = FIELD_INLINE, .offset = offsetof(struct gps_record, location), .record = &location_type, .description = "newest location"},
    {.name = "kismet.gps.last_location", .type = FIELD_INLINE, .offset = offsetof(struct gps_record, last_location), .record = &location_type, .description = "location before the newest"},
    {.name = "kismet.gps.instance", .type = FIELD_RECORD, .offset = offsetof(struct gps_record, type), .record = &gps_type_record_type, .description = "kind of the GPS"},
};

const struct record_type gps_type_record_type = RECORD_TYPE("kind of GPS", gps_type_fields);
const struct record_type gps_record_type = RECORD_TYPE("GPS", gps_fields);
