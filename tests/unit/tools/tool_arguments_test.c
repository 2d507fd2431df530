/* The flags of a capture tool: those of Kismet's tools, targets, positions, what does not go
 * together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool_arguments.h"

static const struct tool_type type = {
    .name = "norn_cap_test", .source_type = "test", .description = "Tests.", .usage = "THING"};

static char line_copy[512], text[8192];

static enum tool_arguments_result parse(const char *line, struct tool_arguments *arguments)
{
    char *argv[32] = {"norn_cap_test"};
    int argc = 1;
    struct buffer buffer = {0};
    snprintf(line_copy, sizeof line_copy, "%s", line);
    for (char *word = strtok(line_copy, " "); word && argc < 31; word = strtok(NULL, " "))
        argv[argc++] = word;
    enum tool_arguments_result result = tool_arguments_parse(argc, argv, &type, arguments, &buffer);
    snprintf(text, sizeof text, "%.*s", (int)buffer.length, (const char *)buffer.data);
    buffer_done(&buffer);
    return result;
}

static void free_secrets(struct tool_arguments *arguments)
{
    free((char *)arguments->target.password);
    free((char *)arguments->target.apikey);
}

static void test_started_by_a_server(void **state)
{
    struct tool_arguments arguments;
    assert_int_equal(parse("--in-fd=7 --out-fd=8", &arguments), TOOL_ARGUMENTS_RUN);
    assert_int_equal(arguments.in, 7);
    assert_int_equal(arguments.out, 8);
    assert_false(arguments.remote);
    assert_true(arguments.ping_timeout == 15);
}

static void test_to_a_server(void **state)
{
    struct tool_arguments arguments;
    unsetenv("TMPDIR");
    assert_int_equal(parse("--connect 192.0.2.1:3501 --tcp --source x:y=z --disable-retry "
                           "--daemonize --fixed-gps 47.5,-8.25,400 --gps-name van",
                           &arguments),
                     TOOL_ARGUMENTS_RUN);
    assert_string_equal(arguments.target.host, "192.0.2.1");
    assert_string_equal(arguments.target.port, "3501");
    assert_true(arguments.target.tcp && arguments.remote && arguments.no_retry);
    assert_true(arguments.daemonize);
    assert_true(arguments.position.longitude == -8.25 && arguments.position.altitude == 400);
    assert_int_equal(arguments.position.fix, 3);
    assert_int_equal(arguments.position.name.length, 3);
    assert_string_equal(arguments.spool, "/var/tmp");
    assert_int_equal(arguments.spool_bytes, 64 << 20);
    setenv("TMPDIR", "/here", 1);
    assert_int_equal(
        parse("--host [::1] --source x --spool-mb 0 --user me --password pw --apikey k",
              &arguments),
        TOOL_ARGUMENTS_RUN);
    assert_string_equal(arguments.target.host, "::1");
    assert_string_equal(arguments.target.port, "2501");
    assert_string_equal(arguments.target.password, "pw");
    assert_string_equal(arguments.spool, "/here");
    assert_int_equal(arguments.spool_bytes, 0);
    assert_null(strstr(line_copy + 30, "pw")); /* covered in argv */
    free_secrets(&arguments);
    assert_int_equal(parse("--connect box --tcp --source x", &arguments), TOOL_ARGUMENTS_RUN);
    assert_string_equal(arguments.target.port, "3501");
}

static void test_announced(void **state)
{
    struct tool_arguments arguments;
    assert_int_equal(parse("--autodetect --tcp --source x", &arguments), TOOL_ARGUMENTS_RUN);
    assert_true(arguments.announced && arguments.remote);
    assert_null(arguments.announced_uuid);
    assert_int_equal(parse("--autodetect=ABC --tcp --source x", &arguments), TOOL_ARGUMENTS_RUN);
    assert_string_equal(arguments.announced_uuid, "ABC");
}

static void test_faults(void **state)
{
    static const char *const cases[][2] = {
        {"", "--connect and --source"},
        {"--in-fd 3", "--out-fd"},
        {"--in-fd x --out-fd 4", "--in-fd takes the number"},
        {"--in-fd 3 --out-fd 4 --spool /tmp", "for --connect"},
        {"--connect a:b --source x", "HOST:PORT"},
        {"--connect a:0 --source x", "HOST:PORT"},
        {"--connect :1 --source x", "HOST:PORT"},
        {"--connect [::1 --source x", "HOST:PORT"},
        {"--connect [::1]x --source x", "HOST:PORT"},
        {"--connect a:1", "needs --source"},
        {"--connect a:1 --source x --endpoint y", "begins with /"},
        {"--connect a:1 --source x --tcp --ssl", "leave --tcp away"},
        {"--connect a:1 --source x --ssl-certificate f --tcp", "leave --tcp away"},
        {"--connect a:1 --source x --fixed-gps 1", "LATITUDE,LONGITUDE"},
        {"--connect a:1 --source x --fixed-gps 91,0", "LATITUDE,LONGITUDE"},
        {"--connect a:1 --source x --fixed-gps 1,2,3,4", "LATITUDE,LONGITUDE"},
        {"--connect a:1 --source x --fixed-gps 1,x", "LATITUDE,LONGITUDE"},
        {"--connect a:1 --source x --spool-mb 1", "4 to 65536"},
        {"--connect a:1 --source x --ping-timeout -1", "seconds"},
        {"--autodetect --source x", "--tcp"},
        {"--conect a:1", "did you mean --connect?"},
        {"word --list", "'word' is no flag"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_arguments arguments;
        assert_int_equal(parse(cases[i][0], &arguments), TOOL_ARGUMENTS_WRONG);
        if (!strstr(text, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], text);
    }
}

static void test_texts(void **state)
{
    struct tool_arguments arguments;
    assert_int_equal(parse("--help", &arguments), TOOL_ARGUMENTS_SHOWN);
    assert_non_null(strstr(text, "norn_cap_test --connect HOST:PORT --source THING"));
    assert_non_null(strstr(text, "--autodetect[=UUID]"));
    assert_null(strstr(text, "--ping-timeout"));
    assert_int_equal(parse("--version", &arguments), TOOL_ARGUMENTS_SHOWN);
    assert_memory_equal(text, "norn_cap_test ", 14);
    assert_int_equal(parse("--list", &arguments), TOOL_ARGUMENTS_RUN);
    assert_true(arguments.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_started_by_a_server),
        cmocka_unit_test(test_to_a_server),
        cmocka_unit_test(test_announced),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
