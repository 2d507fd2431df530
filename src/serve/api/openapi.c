/* The OpenAPI document: its paths, and what their operations share, under components. See
 * openapi.h. Of the endings of a path only .json is written out; x-norn-formats names the others.
 */
#include "serve/api/openapi.h"

#include <stdbool.h>
#include <string.h>

#include "schema/document.h"
#include "schema/field_schema.h"
#include "serve/api/openapi_operation.h"

/* The rows of one path and kind, from `first` on: its methods may stand in several. */
static void put_path(struct emitter *emitter, const struct route *const *routes,
                     const struct route *first, const char *more)
{
    struct buffer path = {0};
    unsigned done = 0;
    buffer_printf(&path, "%s%s%s", first->path, route_ending(first), more);
    const char *text = buffer_string(&path);
    if (text)
        document_begin(emitter, text);
    for (; text && *routes; routes++) {
        for (const struct route *row = *routes; row->path; row++) {
            if (strcmp(row->path, first->path) != 0 || row->kind != first->kind)
                continue;
            unsigned left = row->methods & ~done;
            if (left & (METHOD_GET | METHOD_WEBSOCKET))
                openapi_operation_write(emitter, row, "get", text, *more);
            if (left & METHOD_POST)
                openapi_operation_write(emitter, row, "post", text, *more);
            done |= row->methods;
        }
    }
    if (text)
        document_end(emitter);
    emitter->buffer->failed |= !text;
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
    document_begin(emitter, "paths");
    for (const struct route *const *list = routes; *list; list++)
        for (const struct route *row = *list; row->path; row++) {
            if (is_repeated(routes, row))
                continue;
            put_path(emitter, routes, row, "");
            if (row->kind == ROUTE_TREE)
                put_path(emitter, routes, row, "/{path}");
        }
    document_end(emitter);
}

/* A body of form fields, each a text. */
static void put_form(struct emitter *emitter, const char *const *fields)
{
    document_begin(emitter, "application/x-www-form-urlencoded");
    document_begin(emitter, "schema");
    document_text(emitter, "type", "object");
    document_begin(emitter, "properties");
    for (; *fields; fields++)
        document_map(emitter, *fields, "type", "string");
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
}

static void put_bodies(struct emitter *emitter)
{
    document_begin(emitter, "requestBodies");
    document_begin(emitter, "command");
    document_text(
        emitter, "description",
        "A dictionary, as JSON, or in a form field json, or as base64 of msgpack in a form "
        "field msgpack.");
    document_begin(emitter, "content");
    document_begin(emitter, "application/json");
    document_map(emitter, "schema", "$ref", "#/components/schemas/command");
    document_end(emitter);
    put_form(emitter, (const char *const[]){"json", "msgpack", NULL});
    document_end(emitter);
    document_end(emitter);
    document_begin(emitter, "form");
    document_begin(emitter, "content");
    put_form(emitter, (const char *const[]){"username", "password", NULL});
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
}

/* The dictionary that reads and commands take: of its members the field list is common to all. */
static void put_command(struct emitter *emitter)
{
    document_begin(emitter, "command");
    document_text(emitter, "type", "object");
    document_begin(emitter, "properties");
    document_begin(emitter, "fields");
    document_text(emitter, "type", "array");
    document_text(emitter, "description",
                  "The fields wanted: a path each, or a path and a new name.");
    document_begin(emitter, "items");
    document_list(emitter, "anyOf");
    document_item(emitter);
    document_text(emitter, "type", "string");
    document_end(emitter);
    document_item(emitter);
    document_text(emitter, "type", "array");
    document_map(emitter, "items", "type", "string");
    document_end(emitter);
    document_list_end(emitter);
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
}

static void put_login(struct emitter *emitter, const char *name, const char *type,
                      const char *first, const char *first_value, const char *cookie)
{
    document_begin(emitter, name);
    document_text(emitter, "type", type);
    document_text(emitter, first, first_value);
    if (cookie)
        document_text(emitter, "name", cookie);
    document_end(emitter);
}

static void put_components(struct emitter *emitter)
{
    document_begin(emitter, "components");
    document_begin(emitter, "securitySchemes");
    put_login(emitter, "basic", "http", "scheme", "basic", NULL);
    put_login(emitter, "bearer", "http", "scheme", "bearer", NULL);
    put_login(emitter, "cookie", "apiKey", "in", "cookie", "KISMET");
    document_end(emitter);
    document_begin(emitter, "parameters");
    document_begin(emitter, "json");
    document_text(emitter, "name", "json");
    document_text(emitter, "in", "query");
    document_text(emitter, "description", "The command of a read, as JSON: a field list, say.");
    document_map(emitter, "schema", "type", "string");
    document_end(emitter);
    document_end(emitter);
    put_bodies(emitter);
    document_begin(emitter, "responses");
    document_begin(emitter, "refusal");
    document_text(
        emitter, "description",
        "A line that says what is wrong: 400 a question that makes no sense, 401 a login is "
        "needed, 404 there is no such thing, 405 not by this method, 413 too long a body, "
        "503 busy.");
    document_begin(emitter, "content");
    document_begin(emitter, "text/plain");
    document_map(emitter, "schema", "type", "string");
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
    document_end(emitter);
    document_begin(emitter, "schemas");
    put_command(emitter);
    field_schema_all(emitter);
    document_end(emitter);
    document_end(emitter);
}

void openapi_write(const struct route *const *routes, struct buffer *buffer)
{
    struct emitter emitter = {.buffer = buffer, .format = FORMAT_JSON};
    emit_map_begin(&emitter, FIELD_RECORD, 0);
    document_text(&emitter, "openapi", "3.1.0");
    document_begin(&emitter, "info");
    document_text(&emitter, "title", "norn");
    document_text(&emitter, "version", NORN_VERSION);
    document_text(
        &emitter, "description",
        "The web API of norn, a wireless monitor. Where a path ends in .json, the formats "
        "listed beside it answer under their own endings.");
    document_end(&emitter);
    put_paths(&emitter, routes);
    put_components(&emitter);
    emit_map_end(&emitter);
}
