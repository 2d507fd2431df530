/* The printed table: families together, answers and roles in words, rows for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/status_fields.h"
#include "serve/http/route_doc.h"

static void answer(struct request *request)
{
}

static const struct route first[] = {
    {METHOD_GET, "/", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, answer, "page"},
    {METHOD_GET | METHOD_POST, "/system/status", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, answer,
     "status", ANSWER_RECORD, &status_type},
    {METHOD_GET, "/system/names", ROUTE_DATA, ROLE_OPEN, BODY_OPTIONAL, answer, "names",
     ANSWER_TEXTS},
    {METHOD_GET, "/pcap/all_packets.pcapng", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, answer,
     "packets"},
    {0},
};
static const struct route second[] = {
    {METHOD_POST, "/gps/web/update", ROUTE_COMMAND, ROLE_WEBGPS, BODY_COMMAND, answer, "here"},
    {METHOD_WEBSOCKET, "/system/echo", ROUTE_WEBSOCKET, ROLE_ANY, BODY_OPTIONAL, answer, "echo"},
    {0},
};
static const struct route *const tables[] = {first, second, NULL};

static void families_stand_together(void **state)
{
    struct buffer buffer = {0};
    route_doc_markdown(tables, &buffer);
    buffer_add_byte(&buffer, '\0');
    const char *text = (const char *)buffer.data;
    const char *system = strstr(text, "### /system\n"), *pcap = strstr(text, "### /pcap\n");
    assert_non_null(strstr(text, "| `/` | GET | open | text | page |\n"));
    assert_non_null(system);
    assert_non_null(pcap);
    assert_null(strstr(system + 1, "### /system\n"));
    const char *status =
        strstr(text, "| `/system/status.json` | GET, POST | admin or readonly | "
                     "system status | status |\n"
                     "| `/system/names.json` | GET | open | list: text | names |\n"
                     "| `/system/echo.ws` | websocket | any | messages | echo |\n");
    assert_true(status > system && status < pcap);
    assert_non_null(
        strstr(pcap, "| `/pcap/all_packets.pcapng` | GET | admin or readonly | pcapng |"));
    assert_non_null(
        strstr(text, "| `/gps/web/update.cmd` | POST | admin or WEBGPS | text | here |"));
    buffer_done(&buffer);
}

static void rows_are_for_programs(void **state)
{
    struct buffer buffer = {0};
    route_doc_rows(tables, &buffer);
    buffer_add_byte(&buffer, '\0');
    assert_string_equal((const char *)buffer.data,
                        "GET\t/\topen\nGET, POST\t/system/status.json\tadmin or readonly\n"
                        "GET\t/system/names.json\topen\n"
                        "GET\t/pcap/all_packets.pcapng\tadmin or readonly\n"
                        "POST\t/gps/web/update.cmd\tadmin or WEBGPS\n"
                        "websocket\t/system/echo.ws\tany\n");
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_stand_together),
        cmocka_unit_test(rows_are_for_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
