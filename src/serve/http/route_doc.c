/* The table of endpoints in words. See route_doc.h. */
#include "serve/http/route_doc.h"

#include <stdbool.h>
#include <string.h>

#include "schema/record.h"
#include "serve/login/role.h"

static const char *methods_text(unsigned methods)
{
    bool get = methods & METHOD_GET, post = methods & METHOD_POST;
    if (methods & METHOD_WEBSOCKET)
        return "websocket";
    return get && post ? "GET, POST" : get ? "GET" : "POST";
}

static void add_roles(unsigned roles, struct buffer *buffer)
{
    if (roles & ROLE_OPEN)
        buffer_add_text(buffer, "open");
    else if (roles & ROLE_ANY)
        buffer_add_text(buffer, "any");
    else
        role_print(roles | ROLE_ADMIN, buffer);
}

/* What the row answers with: records by their types, else by its kind. */
static void add_answer(const struct route *route, struct buffer *buffer)
{
    static const char *const shapes[] = {
        [ANSWER_RECORD] = "",          [ANSWER_LIST] = "list: ", [ANSWER_MAP] = "map: ",
        [ANSWER_TABLE] = "table: ",    [ANSWER_VIEW] = "view: ", [ANSWER_SINCE] = "since: ",
        [ANSWER_TEXTS] = "list: text",
    };
    const char *ending = strrchr(route->path, '.');
    if (route->kind == ROUTE_PLAIN)
        buffer_add_text(buffer, ending ? ending + 1 : "text");
    else if (route->answer)
        buffer_printf(buffer, "%s%s", shapes[route->answer], route->type ? route->type->name : "");
    else
        buffer_add_text(buffer, route->kind == ROUTE_WEBSOCKET ? "messages" : "text");
}

/* The first segment of a path, without what follows a dot; its length. */
static size_t family_of(const struct route *route)
{
    return strcspn(route->path + 1, "/.");
}

static bool same_family(const struct route *one, const struct route *other)
{
    size_t length = family_of(one);
    return length == family_of(other) && memcmp(one->path, other->path, length + 1) == 0;
}

static void print_markdown(const struct route *route, struct buffer *buffer)
{
    buffer_printf(buffer, "| `%s%s%s` | %s | ", route->path, route_ending(route),
                  route->kind == ROUTE_TREE ? "[/path]" : "", methods_text(route->methods));
    add_roles(route->roles, buffer);
    buffer_add_text(buffer, " | ");
    add_answer(route, buffer);
    buffer_printf(buffer, " | %s |\n", route->doc);
}

/* The rows of a family, when `first` is the first of them. */
static void print_family(const struct route *const *routes, const struct route *first,
                         struct buffer *buffer)
{
    bool has_begun = false;
    for (; *routes; routes++) {
        for (const struct route *row = *routes; row->path; row++) {
            if (!same_family(row, first))
                continue;
            if (!has_begun && row != first)
                return; /* it has been printed */
            if (!has_begun)
                buffer_printf(buffer,
                              "\n### /%.*s\n\n| endpoint | methods | who | answer | what it does "
                              "|\n|---|---|---|---|---|\n",
                              (int)family_of(first), first->path + 1);
            has_begun = true;
            print_markdown(row, buffer);
        }
    }
}

void route_doc_markdown(const struct route *const *routes, struct buffer *buffer)
{
    for (const struct route *const *list = routes; *list; list++)
        for (const struct route *row = *list; row->path; row++)
            print_family(routes, row, buffer);
}

void route_doc_rows(const struct route *const *routes, struct buffer *buffer)
{
    for (; *routes; routes++) {
        for (const struct route *route = *routes; route->path; route++) {
            buffer_printf(buffer, "%s\t%s%s\t", methods_text(route->methods), route->path,
                          route_ending(route));
            add_roles(route->roles, buffer);
            buffer_add_byte(buffer, '\n');
        }
    }
}
