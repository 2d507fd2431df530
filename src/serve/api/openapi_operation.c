/* Operations of the OpenAPI document. See openapi_operation.h. */
#include "serve/api/openapi_operation.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "schema/document.h"
#include "serve/api/openapi_answer.h"
#include "serve/login/role.h"

enum { NAME = 64, ID = 192 };

struct placeholder {
    const char *name, *meaning;
};

static const struct placeholder placeholders[];
static const size_t placeholder_count;

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
    document_list(emitter, "parameters");
    while (next_placeholder(&path, name, &meaning)) {
        document_item(emitter);
        document_text(emitter, "name", name);
        document_text(emitter, "in", "path");
        document_true(emitter, "required");
        document_text(emitter, "description", meaning);
        document_map(emitter, "schema", "type", "string");
        document_end(emitter);
    }
    if (takes_command) {
        document_item(emitter);
        document_text(emitter, "$ref", "#/components/parameters/json");
        document_end(emitter);
    }
    document_list_end(emitter);
}

/* Who may call: nobody needs a login for an open row; the names of the roles for the others. */
static void put_security(struct emitter *emitter, unsigned roles)
{
    static const char *const ways[] = {"basic", "cookie", "bearer"};
    struct buffer names = {0};
    document_list(emitter, "security");
    for (size_t i = 0; !(roles & ROLE_OPEN) && i < sizeof ways / sizeof *ways; i++) {
        document_item(emitter);
        document_list(emitter, ways[i]);
        document_list_end(emitter);
        document_end(emitter);
    }
    document_list_end(emitter);
    if (roles & ROLE_OPEN)
        return;
    role_print(roles | ROLE_ADMIN, &names);
    document_buffer(emitter, "x-norn-roles", &names);
}

/* The name of an operation: the method and the path with every other byte an underscore. */
static void put_operation_name(struct emitter *emitter, const char *method, const char *path)
{
    char name[ID];
    int length = snprintf(name, sizeof name, "%s%s", method, path);
    for (int i = 0; i < length && i < ID - 1; i++)
        if (!isalnum((unsigned char)name[i]))
            name[i] = '_';
    document_text(emitter, "operationId", name);
}

void openapi_operation_write(struct emitter *emitter, const struct route *route, const char *method,
                             const char *path, bool is_part)
{
    static const char *const formats[] = {"json",   "prettyjson", "tjson", "ekjson",
                                          "itjson", "msgpack",    NULL};
    bool is_data = route->kind == ROUTE_DATA || route->kind == ROUTE_TREE;
    bool is_post = strcmp(method, "post") == 0;
    size_t segment = strcspn(route->path + 1, "/.");
    document_begin(emitter, method);
    put_operation_name(emitter, method, path);
    document_text(emitter, "summary", route->doc);
    document_list(emitter, "tags");
    emit_element(emitter);
    emit_text(emitter, segment ? route->path + 1 : "page", segment ? segment : 4);
    document_list_end(emitter);
    put_parameters(emitter, path, is_data && !is_post);
    if (is_post)
        document_map(emitter, "requestBody", "$ref",
                     route->body == BODY_FORM ? "#/components/requestBodies/form"
                                              : "#/components/requestBodies/command");
    put_security(emitter, route->roles);
    if (is_data)
        document_texts(emitter, "x-norn-formats", formats);
    openapi_answer_write(emitter, route, is_part);
    document_end(emitter);
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
