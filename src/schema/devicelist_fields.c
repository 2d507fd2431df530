/* Tables of the dictionaries that lists come in. See devicelist_fields.h. */
#include "schema/devicelist_fields.h"

#include "schema/device_fields.h"

static bool next_none(const void *record, struct view *view, struct cursor *cursor)
{
    return false;
}

// clang-format off
#define DEVICES(wire, text) \
    {.name = (wire), .type = FIELD_LIST, .element = FIELD_RECORD, .record = &device_type, .next = next_none, .description = (text)}
#define PAGE(wire, member, text) FIELD(wire, FIELD_UINT64, struct devicelist_page, member, text)
#define DEFAULT(wire, kind, member, text) FIELD("kismet.datasourcetracker.default." wire, kind, struct datasource_defaults, member, text)

static const struct field devicelist_fields[] = {
    FIELD("kismet.devicelist.refresh", FIELD_UINT8, struct devicelist, refresh, "1: devices went since that time, so ask for all anew"),
    FIELD("kismet.devicelist.timestamp", FIELD_UINT64, struct devicelist, timestamp, "server clock of this answer, to be sent back next time, seconds"),
    DEVICES("kismet.device.list", "devices modified since the time asked for"),
};

static const struct field devicelist_table_fields[] = {
    DEVICES("aaData", "rows, as jQuery DataTables loads them"),
};

static const struct field devicelist_page_fields[] = {
    DEVICES("data", "rows of this page"),
    PAGE("last_page", last_page, "how many pages there are"),
    PAGE("last_row", filtered, "rows that match"),
    PAGE("total_row", total, "rows in all"),
};

static const struct field devicelist_draw_fields[] = {
    PAGE("draw", draw, "number of the question, as it was sent"),
    DEVICES("data", "rows of this page"),
    PAGE("recordsTotal", total, "rows in all"),
    PAGE("recordsFiltered", filtered, "rows that match"),
};

static const struct field view_fields[] = {
    FIELD("kismet.devices.view.id", FIELD_TEXT, struct view_record, id, "name of the view in paths"),
    FIELD("kismet.devices.view.description", FIELD_TEXT, struct view_record, description, "devices the view holds"),
    FIELD("kismet.devices.view.size", FIELD_UINT64, struct view_record, size, "how many devices it holds"),
    FIELD("kismet.devices.view.indexed", FIELD_UINT8, struct view_record, indexed, "1: can be listed"),
};

static const struct field datasource_defaults_fields[] = {
    DEFAULT("hop", FIELD_UINT8, hop, "1: sources hop unless their definitions say otherwise"),
    DEFAULT("hop_rate", FIELD_DOUBLE, hop_rate, "hops a second"),
    DEFAULT("random_order", FIELD_UINT8, random_order, "1: channels are visited out of order"),
    DEFAULT("split", FIELD_UINT8, split, "1: sources with the same channels start at different ones"),
    DEFAULT("retry_on_error", FIELD_UINT8, retry, "1: a source in error is opened again"),
    DEFAULT("remote_cap_listen", FIELD_TEXT, remote_address, "address that takes remote sources; empty: none"),
    DEFAULT("remote_cap_port", FIELD_UINT32, remote_port, "port that takes remote sources; 0: none"),
    DEFAULT("remote_cap_timestamp", FIELD_UINT8, remote_timestamp, "1: packets of remote sources get the time of their arrival"),
};

const struct record_type devicelist_type = RECORD_TYPE("device list", devicelist_fields);
const struct record_type devicelist_table_type = RECORD_TYPE("DataTables rows", devicelist_table_fields);
const struct record_type devicelist_page_type = RECORD_TYPE("page of devices", devicelist_page_fields);
const struct record_type devicelist_draw_type = RECORD_TYPE("DataTables page", devicelist_draw_fields);
const struct record_type view_type = RECORD_TYPE("view of devices", view_fields);
const struct record_type datasource_defaults_type = RECORD_TYPE("defaults of data sources", datasource_defaults_fields);
// clang-format on
