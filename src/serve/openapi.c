/* The OpenAPI document. See openapi.h. What all operations share stands once, under components.
 * Of the suffixes of a path only .json is written out; x-norn-formats names the others. */
#include "serve/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "schema/field_schema.h"
#include "serve/role.h"
#include "serve/route_answers.h"

enum { NAME = 64, ID = 192 };

struct placeholder {
    const char *name, *meaning;
};

static const struct placeholder placeholders[];
static const size_t placeholder_count;

static void put_text(struct emitter *emitter, const char *name, const char *text)
{
    field_schema_text(emitter, name, text);
}

static void begin(struct emitter *emitter, const char *name)
{
    field_schema_begin(emitter, name);
}

static void end(struct emitter *emitter)
{
    emit_map_end(emitter);
}

static void begin_list(struct emitter *emitter, const char *name)
{
    emit_name(emitter, name, strlen(name));
    emit_array_begin(emitter, 0);
}

static void begin_item(struct emitter *emitter)
{
    emit_element(emitter);
    emit_map_begin(emitter, FIELD_RECORD, 0);
}

static void put_item(struct emitter *emitter, const char *text)
{
    emit_element(emitter);
    emit_text(emitter, text, strlen(text));
}

/* A map of one text: {"type": "string"}, {"$ref": "..."}. */
static void put_map(struct emitter *emitter, const char *name, const char *key, const char *text)
{
    begin(emitter, name);
    put_text(emitter, key, text);
    end(emitter);
}

/* Schemas of answers */

static void put_array(struct emitter *emitter, const struct record_type *type)
{
    put_text(emitter, "type", "array");
    begin(emitter, "items");
    if (type)
        field_schema_reference(emitter, type);
    else
        put_text(emitter, "type", "string");
    end(emitter);
}

/* A list that is the member `name` of a dictionary, beside whole numbers. */
static void put_wrapped(struct emitter *emitter, const char *name, const struct record_type *type,
                        const char *const *numbers)
{
    put_text(emitter, "type", "object");
    begin(emitter, "properties");
    begin(emitter, name);
    put_array(emitter, type);
    end(emitter);
    for (; *numbers; numbers++)
        put_map(emitter, *numbers, "type", "integer");
    end(emitter);
}

/* The list alone, or in a dictionary. */
static void put_alternatives(struct emitter *emitter, const struct route_answer *answer)
{
    static const char *const page[] = {"last_page",    "last_row",        "total_row", "draw",
                                       "recordsTotal", "recordsFiltered", NULL};
    static const char *const since[] = {"kismet.devicelist.timestamp", "kismet.devicelist.refresh",
                                        NULL};
    bool is_view = answer->shape == ANSWER_VIEW;
    begin_list(emitter, "anyOf");
    begin_item(emitter);
    put_array(emitter, answer->type);
    end(emitter);
    begin_item(emitter);
    put_wrapped(emitter, is_view ? "data" : "kismet.device.list", answer->type,
                is_view ? page : since);
    end(emitter);
    emit_array_end(emitter);
}

static void put_schema(struct emitter *emitter, const struct route_answer *answer)
{
    static const char *const nothing[] = {NULL};
    begin(emitter, "schema");
    switch (answer->shape) {
    case ANSWER_RECORD: field_schema_reference(emitter, answer->type); break;
    case ANSWER_TEXTS:
    case ANSWER_LIST: put_array(emitter, answer->type); break;
    case ANSWER_MAP:
        put_text(emitter, "type", "object");
        begin(emitter, "additionalProperties");
        field_schema_reference(emitter, answer->type);
        end(emitter);
        break;
    case ANSWER_TABLE: put_wrapped(emitter, "aaData", answer->type, nothing); break;
    case ANSWER_VIEW:
    case ANSWER_SINCE: put_alternatives(emitter, answer); break;
    }
    end(emitter);
}

/* What a 200 carries. */
static void put_content(struct emitter *emitter, const struct route *route, bool is_part)
{
    const struct route_answer *answer = route_answers_find(route->path);
    if (route->kind == ROUTE_PLAIN) /* a page, a capture: its own kind */
        return;
    begin(emitter, "content");
    if (answer || is_part) {
        begin(emitter, "application/json");
        if (!is_part)
            put_schema(emitter, answer);
    } else {
        begin(emitter, "text/plain");
        put_map(emitter, "schema", "type", "string");
    }
    end(emitter);
    end(emitter);
}

/* Operations */

static void put_responses(struct emitter *emitter, const struct route *route, bool is_part)
{
    bool is_websocket = route->methods & METHOD_WEBSOCKET;
    begin(emitter, "responses");
    begin(emitter, is_websocket ? "101" : "200");
    put_text(emitter, "description", is_websocket ? "The websocket is open." : "It is done.");
    if (!is_websocket)
        put_content(emitter, route, is_part);
    end(emitter);
    put_map(emitter, "default", "$ref", "#/components/responses/refusal");
    end(emitter);
}

/* The next placeholder of a path and its meaning; false at the end. */
static bool next_placeholder(const char **path, char ret_name[NAME], const char **ret_meaning)
{
    const char *open = strchr(*path, '{');
    size_t length = open ? strcspn(open + 1, "}") : 0;
    if (!open || length >= NAME)
        return false;
    memcpy(ret_name, open + 1, length);
    ret_name[length] = '\0';
    *path = open + 1 + length;
    *ret_meaning = "What the path asks about.";
    for (size_t i = 0; i < placeholder_count; i++)
        if (strcmp(placeholders[i].name, ret_name) == 0)
            *ret_meaning = placeholders[i].meaning;
    return true;
}

static void put_parameters(struct emitter *emitter, const char *path, bool takes_command)
{
    char name[NAME];
    const char *meaning;
    begin_list(emitter, "parameters");
    while (next_placeholder(&path, name, &meaning)) {
        begin_item(emitter);
        put_text(emitter, "name", name);
        put_text(emitter, "in", "path");
        emit_name(emitter, "required", 8);
        emit_value(emitter, &(struct value){.type = FIELD_BOOLEAN, .natural = 1});
        put_text(emitter, "description", meaning);
        put_map(emitter, "schema", "type", "string");
        end(emitter);
    }
    if (takes_command) {
        begin_item(emitter);
        put_text(emitter, "$ref", "#/components/parameters/json");
        end(emitter);
    }
    emit_array_end(emitter);
}

/* Who may call: nobody needs a login for an open row; the names of the roles for the others. */
static void put_security(struct emitter *emitter, unsigned roles)
{
    static const char *const ways[] = {"basic", "cookie", "bearer"};
    struct buffer names = {0};
    begin_list(emitter, "security");
    for (size_t i = 0; !(roles & ROLE_OPEN) && i < sizeof ways / sizeof *ways; i++) {
        begin_item(emitter);
        begin_list(emitter, ways[i]);
        emit_array_end(emitter);
        end(emitter);
    }
    emit_array_end(emitter);
    if (roles & ROLE_OPEN)
        return;
    role_print(roles | ROLE_ADMIN, &names);
    emit_name(emitter, "x-norn-roles", 12);
    emit_text(emitter, (const char *)names.data, names.length);
    emitter->buffer->failed |= names.failed;
    buffer_done(&names);
}

static void put_formats(struct emitter *emitter)
{
    static const char *const formats[] = {"json",   "prettyjson", "tjson",
                                          "ekjson", "itjson",     "msgpack"};
    begin_list(emitter, "x-norn-formats");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        put_item(emitter, formats[i]);
    emit_array_end(emitter);
}

/* The name of an operation: the method and the path with every other byte an underscore. */
static void put_operation_name(struct emitter *emitter, const char *method, const char *path)
{
    char name[ID];
    int length = snprintf(name, sizeof name, "%s%s", method, path);
    for (int i = 0; i < length && i < ID - 1; i++)
        if (!isalnum((unsigned char)name[i]))
            name[i] = '_';
    put_text(emitter, "operationId", name);
}

static void put_operation(struct emitter *emitter, const struct route *route, const char *method,
                          const char *path, bool is_part)
{
    bool is_data = route->kind == ROUTE_DATA || route->kind == ROUTE_TREE;
    bool is_post = strcmp(method, "post") == 0;
    size_t segment = strcspn(route->path + 1, "/.");
    begin(emitter, method);
    put_operation_name(emitter, method, path);
    put_text(emitter, "summary", route->doc);
    begin_list(emitter, "tags");
    emit_element(emitter);
    emit_text(emitter, segment ? route->path + 1 : "page", segment ? segment : 4);
    emit_array_end(emitter);
    put_parameters(emitter, path, is_data && !is_post);
    if (is_post)
        put_map(emitter, "requestBody", "$ref",
                route->body == BODY_FORM ? "#/components/requestBodies/form"
                                         : "#/components/requestBodies/command");
    put_security(emitter, route->roles);
    if (is_data)
        put_formats(emitter);
    put_responses(emitter, route, is_part);
    end(emitter);
}

/* The rows of one path and kind, from `first` on: its methods may stand in several. */
static void put_path(struct emitter *emitter, const struct route *const *routes,
                     const struct route *first, const char *more)
{
    struct buffer path = {0};
    unsigned done = 0;
    buffer_printf(&path, "%s%s%s", first->path, route_ending(first), more);
    buffer_add_byte(&path, '\0');
    if (path.failed)
        emitter->buffer->failed = true;
    else
        begin(emitter, (const char *)path.data);
    for (; *routes && !path.failed; routes++) {
        for (const struct route *row = *routes; row->path; row++) {
            if (strcmp(row->path, first->path) != 0 || row->kind != first->kind)
                continue;
            unsigned left = row->methods & ~done;
            if (left & (METHOD_GET | METHOD_WEBSOCKET))
                put_operation(emitter, row, "get", (const char *)path.data, *more);
            if (left & METHOD_POST)
                put_operation(emitter, row, "post", (const char *)path.data, *more);
            done |= row->methods;
        }
    }
    if (!path.failed)
        end(emitter);
    buffer_done(&path);
}

/* True when an earlier row has the path and kind of this one. */
static bool is_repeated(const struct route *const *routes, const struct route *route)
{
    for (; *routes; routes++)
        for (const struct route *row = *routes; row->path; row++) {
            if (row == route)
                return false;
            if (strcmp(row->path, route->path) == 0 && row->kind == route->kind)
                return true;
        }
    return false;
}

static void put_paths(struct emitter *emitter, const struct route *const *routes)
{
    begin(emitter, "paths");
    for (const struct route *const *list = routes; *list; list++)
        for (const struct route *row = *list; row->path; row++) {
            if (is_repeated(routes, row))
                continue;
            put_path(emitter, routes, row, "");
            if (row->kind == ROUTE_TREE)
                put_path(emitter, routes, row, "/{path}");
        }
    end(emitter);
}

/* Components */

/* A body of form fields, each a text. */
static void put_form(struct emitter *emitter, const char *const *fields)
{
    begin(emitter, "application/x-www-form-urlencoded");
    begin(emitter, "schema");
    put_text(emitter, "type", "object");
    begin(emitter, "properties");
    for (; *fields; fields++)
        put_map(emitter, *fields, "type", "string");
    end(emitter);
    end(emitter);
    end(emitter);
}

static void put_bodies(struct emitter *emitter)
{
    begin(emitter, "requestBodies");
    begin(emitter, "command");
    put_text(emitter, "description",
             "A dictionary, as JSON, or in a form field json, or as base64 of msgpack in a form "
             "field msgpack.");
    begin(emitter, "content");
    begin(emitter, "application/json");
    put_map(emitter, "schema", "$ref", "#/components/schemas/command");
    end(emitter);
    put_form(emitter, (const char *const[]){"json", "msgpack", NULL});
    end(emitter);
    end(emitter);
    begin(emitter, "form");
    begin(emitter, "content");
    put_form(emitter, (const char *const[]){"username", "password", NULL});
    end(emitter);
    end(emitter);
    end(emitter);
}

/* The dictionary that reads and commands take: of its members the field list is common to all. */
static void put_command(struct emitter *emitter)
{
    begin(emitter, "command");
    put_text(emitter, "type", "object");
    begin(emitter, "properties");
    begin(emitter, "fields");
    put_text(emitter, "type", "array");
    put_text(emitter, "description", "The fields wanted: a path each, or a path and a new name.");
    begin(emitter, "items");
    begin_list(emitter, "anyOf");
    begin_item(emitter);
    put_text(emitter, "type", "string");
    end(emitter);
    begin_item(emitter);
    put_array(emitter, NULL);
    end(emitter);
    emit_array_end(emitter);
    end(emitter);
    end(emitter);
    end(emitter);
    end(emitter);
}

static void put_login(struct emitter *emitter, const char *name, const char *type,
                      const char *first, const char *first_value, const char *cookie)
{
    begin(emitter, name);
    put_text(emitter, "type", type);
    put_text(emitter, first, first_value);
    if (cookie)
        put_text(emitter, "name", cookie);
    end(emitter);
}

static void put_components(struct emitter *emitter)
{
    begin(emitter, "components");
    begin(emitter, "securitySchemes");
    put_login(emitter, "basic", "http", "scheme", "basic", NULL);
    put_login(emitter, "bearer", "http", "scheme", "bearer", NULL);
    put_login(emitter, "cookie", "apiKey", "in", "cookie", "KISMET");
    end(emitter);
    begin(emitter, "parameters");
    begin(emitter, "json");
    put_text(emitter, "name", "json");
    put_text(emitter, "in", "query");
    put_text(emitter, "description", "The command of a read, as JSON: a field list, say.");
    put_map(emitter, "schema", "type", "string");
    end(emitter);
    end(emitter);
    put_bodies(emitter);
    begin(emitter, "responses");
    begin(emitter, "refusal");
    put_text(emitter, "description",
             "A line that says what is wrong: 400 a question that makes no sense, 401 a login is "
             "needed, 404 there is no such thing, 405 not by this method, 413 too long a body, "
             "503 busy.");
    begin(emitter, "content");
    begin(emitter, "text/plain");
    put_map(emitter, "schema", "type", "string");
    end(emitter);
    end(emitter);
    end(emitter);
    end(emitter);
    begin(emitter, "schemas");
    put_command(emitter);
    field_schema_all(emitter);
    end(emitter);
    end(emitter);
}

void openapi_write(const struct route *const *routes, struct buffer *buffer)
{
    struct emitter emitter = {.buffer = buffer, .format = FORMAT_JSON};
    emit_map_begin(&emitter, FIELD_RECORD, 0);
    put_text(&emitter, "openapi", "3.1.0");
    begin(&emitter, "info");
    put_text(&emitter, "title", "norn");
    put_text(&emitter, "version", NORN_VERSION);
    put_text(&emitter, "description",
             "The web API of norn, a wireless monitor. Where a path ends in .json, the formats "
             "listed beside it answer under their own endings.");
    end(&emitter);
    put_paths(&emitter, routes);
    put_components(&emitter);
    emit_map_end(&emitter);
}

static const struct placeholder placeholders[] = {
    {"hash", "The hash that the record holds."},
    {"id", "The number of a stream."},
    {"key", "The key of a device: kismet.device.base.key."},
    {"mac", "An address, with a mask after a slash (encoded) if need be."},
    {"name", "A name."},
    {"path", "Names of fields, with slashes between."},
    {"time", "Seconds since 1970; a negative number is that long before now."},
    {"type", "found, lost or both."},
    {"uuid", "A UUID."},
    {"view", "The name of a view; see /devices/views/all_views.json."},
};
static const size_t placeholder_count = sizeof placeholders / sizeof *placeholders;
