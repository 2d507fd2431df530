/* Schemas of rows: each type of member, lists and maps of all sorts, references, old names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/field_schema.h"
#include "wire_json.h"

static struct buffer document;

static const char *whole_document(void)
{
    struct emitter emitter = {.buffer = &document, .format = FORMAT_JSON};
    emit_map_begin(&emitter, FIELD_RECORD, 0);
    field_schema_all(&emitter);
    emit_map_end(&emitter);
    const char *fault = wire_json_fault(&document, false);
    if (fault)
        fail_msg("%s", fault);
    buffer_add_byte(&document, '\0');
    assert_false(document.failed);
    return (const char *)document.data;
}

static void rows_become_schemas(void **state)
{
    static const char *const wanted[] = {
        "\"kismet.device.base.key\":{\"type\":\"string\",\"pattern\":\"^[0-9A-F]+_[0-9A-F]+$\"",
        "\"kismet.device.base.packets.total\":{\"type\":\"integer\",\"format\":\"uint64\","
        "\"minimum\":0",
        "\"kismet.common.location.geopoint\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},"
        "\"minItems\":2,\"maxItems\":2",
        "\"kismet.common.rrd.minute_vec\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}",
        "\"kismet.device.base.signal\":{\"$ref\":\"#/components/schemas/signal\"",
        "\"kismet.device.base.seenby\":{\"type\":\"array\",\"items\":{\"$ref\":"
        "\"#/components/schemas/sighting_by_a_source\"}",
        "\"kismet.device.base.tags\":{\"type\":\"object\",\"additionalProperties\":{\"type\":"
        "\"string\"}",
        "\"deprecated\":true",
        "\"x-norn-unit\":",
    };
    const char *text = whole_document();
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(text, wanted[i]))
            fail_msg("not there: %s", wanted[i]);
    buffer_done(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_schemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
