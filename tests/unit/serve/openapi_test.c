/* The description of the API: one path for rows that share it, and answers for rows that exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/status_fields.h"
#include "serve/api/openapi.h"
#include "serve/http/route_answers.h"
#include "serve/http/routes.h"

static void answer(struct request *request)
{
}

static const struct route rows[] = {
    {METHOD_GET, "/system/status", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, answer, "read"},
    {METHOD_POST, "/system/status", ROUTE_DATA, ROLE_ADMIN, BODY_OPTIONAL, answer, "written"},
    {METHOD_GET, "/system/status", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, answer, "bare \"one\""},
    {METHOD_WEBSOCKET, "/a/{b}/c", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, answer, "socket"},
    {METHOD_GET, "/devices/by-key/{key}/device", ROUTE_TREE, ROLE_OPEN, BODY_OPTIONAL, answer, "t"},
    {METHOD_POST, "/gps/web/update", ROUTE_COMMAND, ROLE_WEBGPS, BODY_COMMAND, answer, "command"},
    {0},
};
static const struct route *const tables[] = {rows, NULL};

static size_t count(const char *text, const char *word)
{
    size_t found = 0;
    for (; (text = strstr(text, word)); text++)
        found++;
    return found;
}

static void paths_stand_once(void **state)
{
    struct buffer buffer = {0};
    openapi_write(tables, &buffer);
    buffer_add_byte(&buffer, '\0');
    const char *text = (const char *)buffer.data;
    assert_false(buffer.failed);
    assert_int_equal(count(text, "\"/system/status.json\":"), 1);
    assert_int_equal(count(text, "\"/system/status\":"), 1);
    assert_int_equal(count(text, "\"operationId\":\"get_system_status_json\""), 1);
    assert_int_equal(count(text, "\"operationId\":\"post_system_status_json\""), 1);
    assert_int_equal(count(text, "\"summary\":\"bare \\\"one\\\"\""), 1);
    assert_int_equal(count(text, "\"/devices/by-key/{key}/device.json/{path}\":"), 1);
    assert_int_equal(count(text, "\"/a/{b}/c.ws\":{\"get\":"), 1);
    assert_int_equal(count(text, "\"101\":"), 1);
    assert_int_equal(count(text, "\"x-norn-roles\":\"admin or WEBGPS\""), 1);
    assert_int_equal(count(text, "#/components/schemas/system_status\""), 2);
    buffer_done(&buffer);
}

static void no_memory_is_told(void **state)
{
    struct buffer buffer = {.ceiling = 4096};
    openapi_write(tables, &buffer);
    assert_true(buffer.failed);
    buffer_done(&buffer);
}

static const struct route *find_route(const char *path)
{
    for (const struct route *const *table = routes; *table; table++)
        for (const struct route *row = *table; row->path; row++)
            if (strcmp(row->path, path) == 0)
                return row;
    return NULL;
}

static void every_answer_is_of_a_route(void **state)
{
    for (size_t i = 0; i < route_answers_count; i++) {
        const struct route_answer *row = &route_answers[i];
        assert_non_null(find_route(row->path));
        assert_int_equal(!row->type, row->shape == ANSWER_TEXTS);
        assert_true(i == 0 || strcmp(route_answers[i - 1].path, row->path) < 0);
    }
    assert_ptr_equal(route_answers_find("/system/status")->type, &status_type);
    assert_null(route_answers_find("/system"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_stand_once),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(every_answer_is_of_a_route),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
