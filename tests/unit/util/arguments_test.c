/* The command line: every flag, wrong ones with help, the texts made from the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "util/arguments.h"

enum { WORDS_MAX = 32 };

static char text[4096];

/* Parses words separated by one space; the text shown or complained about is in `text`. */
static enum arguments_result parse(const char *line, struct arguments *arguments)
{
    static char copy[512];
    char *argv[WORDS_MAX + 1] = {"norn"};
    int argc = 1;
    struct buffer buffer = {0};
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word && argc < WORDS_MAX; word = strtok(NULL, " "))
        argv[argc++] = word;
    enum arguments_result result = arguments_parse(argc, argv, arguments, &buffer);
    snprintf(text, sizeof text, "%.*s", (int)buffer.length, (const char *)buffer.data);
    buffer_done(&buffer);
    return result;
}

static void test_nothing(void **state)
{
    struct arguments arguments;
    assert_int_equal(parse("", &arguments), ARGUMENTS_RUN);
    assert_int_equal(arguments.sources.count, 0);
    assert_false(arguments.demo);
    assert_string_equal(text, "");
    arguments_done(&arguments);
}

static void test_all(void **state)
{
    struct arguments arguments;
    assert_int_equal(parse("-c wlan0 --capture-source=a.pcap:realtime=true -f x.conf "
                           "--set server_name=roof --port 8080 --bind :: --set a=b=c --homedir h "
                           "--confdir c --override o1 --override o2 --datadir d --demo -n -s "
                           "--daemonize --exit-at-end --list-options",
                           &arguments),
                     ARGUMENTS_RUN);
    assert_int_equal(arguments.sources.count, 2);
    assert_string_equal(arguments.sources.items[0], "wlan0");
    assert_string_equal(arguments.sources.items[1], "a.pcap:realtime=true");
    assert_string_equal(arguments.config_file, "x.conf");
    assert_int_equal(arguments.settings.count, 4);
    assert_string_equal(arguments.settings.items[0], "server_name=roof");
    assert_string_equal(arguments.settings.items[1], "httpd_port=8080");
    assert_string_equal(arguments.settings.items[2], "httpd_bind_address=::");
    assert_string_equal(arguments.settings.items[3], "a=b=c");
    assert_string_equal(arguments.home_directory, "h");
    assert_string_equal(arguments.config_directory, "c");
    assert_string_equal(arguments.data_directory, "d");
    assert_int_equal(arguments.overrides.count, 2);
    assert_string_equal(arguments.overrides.items[1], "o2");
    assert_true(arguments.demo && arguments.no_logging && arguments.silent && arguments.daemonize &&
                arguments.exit_at_end && arguments.list_options);
    arguments_done(&arguments);
    assert_null(arguments.sources.items);
}

static void test_replay(void **state)
{
    struct arguments arguments;
    assert_int_equal(parse("--replay a.pcap", &arguments), ARGUMENTS_RUN);
    assert_int_equal(arguments.dump, ARGUMENTS_DUMP_JSON);
    arguments_done(&arguments);
    assert_int_equal(parse("--replay - --dump msgpack", &arguments), ARGUMENTS_RUN);
    assert_int_equal(arguments.dump, ARGUMENTS_DUMP_MSGPACK);
    assert_string_equal(arguments.replay, "-");
    arguments_done(&arguments);
    assert_int_equal(parse("--dump json", &arguments), ARGUMENTS_WRONG);
    arguments_done(&arguments);
}

static void test_from_kismet(void **state)
{
    struct arguments arguments;
    assert_int_equal(parse("-T kismet,pcapng -t Title -p /tmp --no-line-wrap --no-ncurses "
                           "--no-ncurses-wrapper --no-console-wrapper --debug --no-plugins "
                           "--disable-plugins --log-types x --log-title x --log-prefix x "
                           "--device-timeout=60",
                           &arguments),
                     ARGUMENTS_RUN);
    assert_int_equal(arguments.settings.count, 1);
    assert_string_equal(arguments.settings.items[0], "tracker_device_timeout=60");
    assert_string_equal(text, "");
    arguments_done(&arguments);
}

static void test_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"--prot 80", "unknown flag --prot; did you mean --port?"},
        {"--homdir=/x", "unknown flag --homdir; did you mean --homedir?"},
        {"--zzzzzzzzzz", "unknown flag --zzzzzzzzzz (norn"},
        {"-z", "unknown flag -z"},
        {"-nz", "unknown flag -z"},
        {"-c", "-c needs a value"},
        {"--port", "--port needs a value"},
        {"--demo=1", "--demo takes no value"},
        {"--port banana", "--port takes a number"},
        {"--port 70000", "--port takes a number"},
        {"--port -1", "--port takes a number"},
        {"--set nothing", "--set takes KEY=VALUE"},
        {"--set =x", "--set takes KEY=VALUE"},
        {"--dump xml --replay x", "--dump takes json or msgpack"},
        {"file.pcap", "norn -c file.pcap"},
        {"file.pcap --zzzzzzzzz", "unknown flag --zzzzzzzzz"},
        {"--device-timeout x", "--device-timeout takes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arguments arguments;
        assert_int_equal(parse(cases[i][0], &arguments), ARGUMENTS_WRONG);
        if (!strstr(text, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], text);
        assert_non_null(strchr(text, '\n'));
        arguments_done(&arguments);
    }
}

static void test_texts(void **state)
{
    struct arguments arguments;
    assert_int_equal(parse("--port 80 -h", &arguments), ARGUMENTS_SHOWN);
    arguments_done(&arguments);
    static const char *const flags[] = {"-c, --capture-source DEF",
                                        "-f, --config-file FILE",
                                        "--set KEY=VALUE",
                                        "--port PORT",
                                        "--bind ADDRESS",
                                        "--homedir DIR",
                                        "--confdir DIR",
                                        "--override NAME",
                                        "--demo",
                                        "-n, --no-logging",
                                        "-s, --silent",
                                        "--daemonize",
                                        "--exit-at-end",
                                        "--replay FILE",
                                        "--dump FORMAT",
                                        "--list-options",
                                        "-h, --help",
                                        "-v, --version",
                                        "-T, --log-types"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strstr(text, flags[i]))
            fail_msg("--help does not list %s", flags[i]);
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 100);
    assert_int_equal(parse("-v", &arguments), ARGUMENTS_SHOWN);
    assert_int_equal(strncmp(text, "norn ", 5), 0);
    arguments_done(&arguments);
    struct buffer manual = {0};
    arguments_print_manual(&manual);
    buffer_add_byte(&manual, '\0');
    assert_non_null(strstr((const char *)manual.data, ".It Fl c , Fl Fl capture-source Ar DEF\n"));
    buffer_done(&manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing), cmocka_unit_test(test_all),
        cmocka_unit_test(test_replay),  cmocka_unit_test(test_from_kismet),
        cmocka_unit_test(test_wrong),   cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
