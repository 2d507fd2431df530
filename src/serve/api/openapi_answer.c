/* Answers in the OpenAPI document. See openapi_answer.h. */
#include "serve/api/openapi_answer.h"

#include "schema/document.h"
#include "schema/field_schema.h"

static void put_array(struct emitter *emitter, const struct record_type *type)
{
    document_text(emitter, "type", "array");
    document_begin(emitter, "items");
    if (type)
        field_schema_reference(emitter, type);
    else
        document_text(emitter, "type", "string");
    document_end(emitter);
}

/* A list that is the member `name` of a dictionary, beside whole numbers. */
static void put_wrapped(struct emitter *emitter, const char *name, const struct record_type *type,
                        const char *const *numbers)
{
    document_text(emitter, "type", "object");
    document_begin(emitter, "properties");
    document_begin(emitter, name);
    put_array(emitter, type);
    document_end(emitter);
    for (; *numbers; numbers++)
        document_map(emitter, *numbers, "type", "integer");
    document_end(emitter);
}

/* The list alone, or in a dictionary. */
static void put_alternatives(struct emitter *emitter, const struct route *route)
{
    static const char *const page[] = {"last_page",    "last_row",        "total_row", "draw",
                                       "recordsTotal", "recordsFiltered", NULL};
    static const char *const since[] = {"kismet.devicelist.timestamp", "kismet.devicelist.refresh",
                                        NULL};
    bool is_view = route->answer == ANSWER_VIEW;
    document_list(emitter, "anyOf");
    document_item(emitter);
    put_array(emitter, route->type);
    document_end(emitter);
    document_item(emitter);
    put_wrapped(emitter, is_view ? "data" : "kismet.device.list", route->type,
                is_view ? page : since);
    document_end(emitter);
    document_list_end(emitter);
}

static void put_schema(struct emitter *emitter, const struct route *route)
{
    static const char *const nothing[] = {NULL};
    document_begin(emitter, "schema");
    switch (route->answer) {
    case ANSWER_NO_RECORD: break;
    case ANSWER_RECORD: field_schema_reference(emitter, route->type); break;
    case ANSWER_TEXTS:
    case ANSWER_LIST: put_array(emitter, route->type); break;
    case ANSWER_MAP:
        document_text(emitter, "type", "object");
        document_begin(emitter, "additionalProperties");
        field_schema_reference(emitter, route->type);
        document_end(emitter);
        break;
    case ANSWER_TABLE: put_wrapped(emitter, "aaData", route->type, nothing); break;
    case ANSWER_VIEW:
    case ANSWER_SINCE: put_alternatives(emitter, route); break;
    }
    document_end(emitter);
}

/* What a 200 carries. */
static void put_content(struct emitter *emitter, const struct route *route, bool is_part)
{
    if (route->kind == ROUTE_PLAIN) /* a page, a capture: its own kind */
        return;
    document_begin(emitter, "content");
    if (route->answer) {
        document_begin(emitter, "application/json");
        if (!is_part)
            put_schema(emitter, route);
    } else {
        document_begin(emitter, "text/plain");
        document_map(emitter, "schema", "type", "string");
    }
    document_end(emitter);
    document_end(emitter);
}

void openapi_answer_write(struct emitter *emitter, const struct route *route, bool is_part)
{
    bool is_websocket = route->methods & METHOD_WEBSOCKET;
    document_begin(emitter, "responses");
    document_begin(emitter, is_websocket ? "101" : "200");
    document_text(emitter, "description", is_websocket ? "The websocket is open." : "It is done.");
    if (!is_websocket)
        put_content(emitter, route, is_part);
    document_end(emitter);
    document_map(emitter, "default", "$ref", "#/components/responses/refusal");
    document_end(emitter);
}
