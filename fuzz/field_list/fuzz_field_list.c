/* Fuzzes field lists and paths as clients send them, and text as it comes off the air. Input: lines
 * of "path" or "path=name", made into a list over the schema tests' sample type; the whole input is
 * also the text of a member. Output of every format must be valid, and both kinds of msgpack must
 * hold what JSON holds. */
#include <stdlib.h>

#include "../../tests/unit/schema/sample_record.h"
#include "../../tests/unit/schema/wire_msgpack.h"
#include "../require.h"
#include "schema/projection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 64 };

static struct view view;

static void require_valid(const char *fault)
{
    require(!fault, fault);
}

/* Writes the record in every format and judges it. */
static void check_formats(const struct projection *projection, const struct sample *sample)
{
    struct buffer json = {0}, other = {0}, printed = {0};
    struct emitter emitter = {.buffer = &json, .format = FORMAT_JSON};
    emit_record(&emitter, &sample_type, projection, sample, &view);
    require_valid(wire_json_fault(&json, false));
    for (int format = FORMAT_PRETTY; format <= FORMAT_MSGPACK_TYPED; format++) {
        bool typed = format == FORMAT_MSGPACK_TYPED;
        other.length = printed.length = 0;
        emitter = (struct emitter){.buffer = &other, .format = (enum format)format};
        emit_record(&emitter, &sample_type, projection, sample, &view);
        if (format < FORMAT_MSGPACK) {
            require_valid(wire_json_fault(&other, format == FORMAT_PRETTY));
            continue;
        }
        require_valid(wire_msgpack_print(&other, typed, &printed));
        require(printed.length == json.length && !memcmp(printed.data, json.data, json.length),
                "msgpack holds other values than JSON");
    }
    require(view.scratch_used == 0 && emitter.depth == 0, "not back where it began");
    buffer_done(&json);
    buffer_done(&other);
    buffer_done(&printed);
}

static bool no_value(void *context, const struct value *value)
{
    value_text(value, context);
    return false;
}

static void check_path(const char *text, size_t length, const struct sample *sample)
{
    struct buffer buffer = {0}, texts = {0};
    struct path path;
    struct value value;
    if (path_parse(&sample_type, text, length, &path) == 0) {
        struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
        const struct path_form form = {0};
        if (path_emit(&path, &form, &emitter, sample, &view) == 0)
            require_valid(wire_json_fault(&buffer, false));
        else
            require(!buffer.length, "a path that found nothing wrote");
        path_any(&path, sample, &view, no_value, &texts);
        path_value(&path, sample, &view, &value);
        require(value_compare(&value, &value) == 0, "a value is not equal to itself");
    }
    buffer_done(&buffer);
    buffer_done(&texts);
}

/* Cuts the text into entries; returns how many. */
static size_t split(char *text, struct field_request *requests)
{
    size_t count = 0;
    for (char *line = text, *next; line && count < LINES; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (!next && !*line)
            break;
        char *equals = strchr(line, '=');
        if (equals)
            *equals++ = 0;
        requests[count++] = (struct field_request){line, equals};
    }
    requests[count++] = (struct field_request){"sample.name", NULL}; /* holds the whole input */
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct field_request requests[LINES + 1];
    struct sample sample, inner;
    struct buffer why = {0};
    struct string *name = sample_string(data, size);
    char *text = strndup((const char *)data, size);
    sample_fill(&sample, name);
    inner = sample;
    sample.again = &inner;
    require(text, "no memory");
    size_t count = split(text, requests);
    struct projection *projection = projection_new(&sample_type, requests, count, &why);
    require(projection || why.length, "refused without saying why");
    if (projection)
        check_formats(projection, &sample);
    for (size_t i = 0; i < count; i++)
        check_path(requests[i].path, strlen(requests[i].path), &sample);
    projection_free(projection);
    buffer_done(&why);
    free(text);
    free(name);
    return 0;
}
