/* The description of the API: one path for rows that share it, and answers of records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/device_fields.h"
#include "schema/status_fields.h"
#include "serve/api/openapi.h"

static void answer(struct request *request)
{
}

// clang-format off
static const struct route rows[] = {
    {METHOD_GET, "/system/status", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, answer, "read", ANSWER_RECORD, &status_type},
    {METHOD_POST, "/system/status", ROUTE_DATA, ROLE_ADMIN, BODY_OPTIONAL, answer, "written", ANSWER_RECORD, &status_type},
    {METHOD_GET, "/system/status", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, answer, "bare \"one\""},
    {METHOD_WEBSOCKET, "/a/{b}/c", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, answer, "socket"},
    {METHOD_GET, "/devices/by-key/{key}/device", ROUTE_TREE, ROLE_OPEN, BODY_OPTIONAL, answer, "t", ANSWER_RECORD, &device_type},
    {METHOD_GET, "/texts", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, answer, "texts", ANSWER_TEXTS},
    {METHOD_POST, "/gps/web/update", ROUTE_COMMAND, ROLE_WEBGPS, BODY_COMMAND, answer, "command"},
    {0},
};
// clang-format on
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
    assert_int_equal(count(text, "\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"),
                     1);
    buffer_done(&buffer);
}

static void no_memory_is_told(void **state)
{
    struct buffer buffer = {.ceiling = 4096};
    openapi_write(tables, &buffer);
    assert_true(buffer.failed);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_stand_once),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
