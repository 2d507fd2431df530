/* Tables of the alert records. See alert_fields.h. */
#include "schema/alert_fields.h"

#include <string.h>

static void give_text(const char *text, struct value *ret)
{
    ret->text = text;
    ret->length = strlen(text);
}

static void get_header(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_record *)record)->header, ret);
}

static void get_class(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_record *)record)->class, ret);
}

static void get_channel(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_record *)record)->channel, ret);
}

static void get_text(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_record *)record)->text, ret);
}

static void get_time(const void *record, struct view *view, struct value *ret)
{
    ret->number = (double)((const struct alert_record *)record)->time_us / 1e6;
}

static void get_packet_time(const void *record, struct view *view, struct value *ret)
{
    ret->number = (double)(((const struct alert_record *)record)->packet_ns / 1000) / 1e6;
}

static void get_frequency(const void *record, struct view *view, struct value *ret)
{
    ret->number = ((const struct alert_record *)record)->frequency;
}

static void get_coverage(const void *record, struct view *view, struct value *ret)
{
    const struct alert_record *alert = record;
    ret->number = alert->coverage;
    ret->absent = !alert->has_coverage;
}

static void get_definition_header(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_definition *)record)->header, ret);
}

static void get_definition_class(const void *record, struct view *view, struct value *ret)
{
    give_text(((const struct alert_definition *)record)->class, ret);
}

static bool next_alert(const void *record, struct view *view, struct cursor *cursor)
{
    const struct alert_list *list = record;
    if (cursor->index >= list->count)
        return false;
    cursor->element =
        (struct value){.type = FIELD_RECORD, .record = &list->alerts[cursor->index++]};
    return true;
}

const char *alert_severity_word(unsigned severity)
{
    switch (severity) {
    case ALERT_INFO: return "INFO";
    case ALERT_LOW: return "LOW";
    case ALERT_MEDIUM: return "MEDIUM";
    case ALERT_HIGH: return "HIGH";
    case ALERT_CRITICAL: return "CRITICAL";
    default: return NULL;
    }
}

// clang-format off
#define ALERT(wire, kind, member, text) FIELD("kismet.alert." wire, kind, struct alert_record, member, text)
#define DEFINITION(wire, kind, member, text) FIELD("kismet.alert.definition." wire, kind, struct alert_definition, member, text)

static const struct field alert_fields[] = {
    {.name = "kismet.alert.header", .type = FIELD_TEXT, .get = get_header, .description = "name of the kind of alert"},
    {.name = "kismet.alert.class", .type = FIELD_TEXT, .get = get_class, .description = "what it is about: DENIAL, EXPLOIT, OTHER, PROBE, SPOOF or SYSTEM"},
    ALERT("severity", FIELD_UINT8, severity, "0 information, 5 low, 10 medium, 15 high, 20 critical"),
    ALERT("hash", FIELD_UINT32, hash, "number of this alert: see /alerts/by-id"),
    {.name = "kismet.alert.timestamp", .type = FIELD_DOUBLE, .get = get_time, .description = "when it was raised by the server's clock, seconds with microseconds; each alert has its own"},
    {.name = "kismet.alert.text", .type = FIELD_TEXT, .get = get_text, .description = "what happened, in a sentence"},
    ALERT("phy_id", FIELD_UINT32, phy, "number of the phy; 4294967295 for none"),
    ALERT("device_key", FIELD_KEY, device_key, "key of the device it is about"),
    ALERT("transmitter_mac", FIELD_MAC, transmitter, "BSSID"),
    ALERT("source_mac", FIELD_MAC, source, "sender"),
    ALERT("dest_mac", FIELD_MAC, destination, "receiver"),
    ALERT("other_mac", FIELD_MAC, other, "fourth address"),
    {.name = "kismet.alert.channel", .type = FIELD_TEXT, .get = get_channel, .description = "channel it was heard on"},
    {.name = "kismet.alert.frequency", .type = FIELD_DOUBLE, .get = get_frequency, .unit = "kHz", .description = "frequency it was heard on, kHz"},
    {.name = "kismet.alert.location", .type = FIELD_INLINE, .offset = offsetof(struct alert_record, location), .record = &location_triplet_type, .description = "where it was heard"},
    {.name = "norn.alert.packet_time", .type = FIELD_DOUBLE, .get = get_packet_time, .flags = FIELD_OPTIONAL, .description = "time of the packet that raised it, seconds: of a capture file that is the file's time"},
    {.name = "norn.alert.datasource", .type = FIELD_UUID, .offset = offsetof(struct alert_record, datasource_uuid), .flags = FIELD_OPTIONAL, .description = "source that heard it"},
    {.name = "norn.alert.coverage", .type = FIELD_DOUBLE, .get = get_coverage, .description = "part of the minute before, 0 to 1, for which that source listened to the channel; left out where nobody knows"},
};

static const struct field alert_definition_fields[] = {
    {.name = "kismet.alert.definition.header", .type = FIELD_TEXT, .get = get_definition_header, .description = "name of the kind of alert"},
    {.name = "kismet.alert.definition.class", .type = FIELD_TEXT, .get = get_definition_class, .description = "what it is about: DENIAL, EXPLOIT, OTHER, PROBE, SPOOF or SYSTEM"},
    DEFINITION("severity", FIELD_UINT8, severity, "0 information, 5 low, 10 medium, 15 high, 20 critical"),
    DEFINITION("description", FIELD_TEXT, description, "what it means"),
    DEFINITION("phyid", FIELD_INT64, phy, "number of the phy it belongs to; -1 for any"),
    DEFINITION("limit_unit", FIELD_UINT64, limit_unit, "unit of the rate: 0 second, 1 minute, 2 hour, 3 day"),
    DEFINITION("limit_rate", FIELD_UINT64, limit_rate, "most alerts in that unit; 0 mutes it"),
    DEFINITION("burst_unit", FIELD_UINT64, burst_unit, "unit of the burst: 0 second, 1 minute, 2 hour, 3 day"),
    DEFINITION("limit_burst", FIELD_UINT64, limit_burst, "most alerts in that unit"),
    DEFINITION("burst_sent", FIELD_UINT64, burst_sent, "alerts in the burst under way"),
    DEFINITION("total_sent", FIELD_UINT64, total_sent, "alerts in the unit of the rate under way"),
    DEFINITION("time_last", FIELD_DOUBLE, time_last, "when it was last raised by the server's clock, seconds"),
};

static const struct field alert_list_fields[] = {
    {.name = "kismet.alert.list", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &alert_type, .next = next_alert, .description = "alerts, oldest first"},
    FIELD("kismet.alert.timestamp", FIELD_DOUBLE, struct alert_list, timestamp, "server's clock at the answer, seconds with microseconds"),
};

const struct record_type alert_type = RECORD_TYPE("alert", alert_fields);
const struct record_type alert_definition_type = RECORD_TYPE("definition of an alert", alert_definition_fields);
const struct record_type alert_list_type = RECORD_TYPE("alerts since a time", alert_list_fields);
// clang-format on
