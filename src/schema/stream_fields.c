/* Tables of the records of packet streams. */
#include "schema/stream_fields.h"

#include <string.h>

static void get_type(const void *record, struct view *view, struct value *ret)
{
    ret->text = "pcapng";
    ret->length = 6;
}

static void get_name(const void *record, struct view *view, struct value *ret)
{
    ret->text = ((const struct stream_record *)record)->name;
    ret->length = strlen(ret->text);
}

static void get_path(const void *record, struct view *view, struct value *ret)
{
    ret->text = ((const struct stream_record *)record)->path;
    ret->length = strlen(ret->text);
}

static void get_description(const void *record, struct view *view, struct value *ret)
{
    ret->text = ((const struct stream_record *)record)->description;
    ret->length = strlen(ret->text);
}

/* Streams have no limit of their own. */
static void get_none(const void *record, struct view *view, struct value *ret)
{
    ret->natural = 0;
}

// clang-format off
#define STREAM(wire, kind, member, text) FIELD("kismet.stream." wire, kind, struct stream_record, member, text)
#define STREAM_GET(wire, kind, getter, text) {.name = "kismet.stream." wire, .type = (kind), .get = (getter), .description = (text)}

static const struct field stream_fields[] = {
    STREAM("stream_id", FIELD_DOUBLE, id, "number of the stream"),
    STREAM("time", FIELD_UINT64, time, "when it began, seconds"),
    STREAM_GET("name", FIELD_STRING, get_name, "what it sends, in a word"),
    STREAM_GET("type", FIELD_STRING, get_type, "its format"),
    STREAM_GET("path", FIELD_STRING, get_path, "the path that was asked for"),
    STREAM_GET("description", FIELD_STRING, get_description, "which packets it sends, and to whom"),
    STREAM("packets", FIELD_UINT64, packets, "packets sent"),
    STREAM("size", FIELD_UINT64, bytes, "bytes sent"),
    STREAM_GET("max_packets", FIELD_UINT64, get_none, "packets after which it ends; 0: it does not"),
    STREAM_GET("max_size", FIELD_UINT64, get_none, "bytes after which it ends; 0: it does not"),
    STREAM("paused", FIELD_UINT8, paused, "1: it sends nothing now"),
    {.name = "norn.stream.drops", .type = FIELD_UINT64, .offset = offsetof(struct stream_record, drops), .description = "packets left out because the client was too slow"},
};

const struct record_type stream_record_type = RECORD_TYPE("packet stream", stream_fields);
// clang-format on
