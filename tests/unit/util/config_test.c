/* Configuration files: lines, includes, overrides, places, the login, and what a stock set of
 * Kismet's files brings. Each test writes its own files under a fresh directory. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/config.h"

static const struct option test_rows[] = {
    {"gps", OPTION_LIST, "", NULL, 0, 0, "Positions."},
    {"hidden", OPTION_BOOLEAN, "false", NULL, 0, 0, "Whether."},
    {"httpd_password", OPTION_TEXT, "", NULL, 0, 0, "Password."},
    {"httpd_port", OPTION_INTEGER, "2501", NULL, 0, 65535, "Port."},
    {"httpd_username", OPTION_TEXT, "", NULL, 0, 0, "User."},
    {"note", OPTION_TEXT, "", NULL, 0, 0, "Text."},
    {"source", OPTION_LIST, "", NULL, 0, 0, "Sources."},
};
static const struct option_table tables[] = {
    {"General", config_options, 6},
    {"Test", test_rows, sizeof test_rows / sizeof *test_rows},
    {NULL, NULL, 0},
};

/* One test's directory with home and etc in it, and what a load gave. */
struct bench {
    char root[64];
    char home[96];
    char etc[96];
    struct options *options;
    struct config *config;
    struct config_request request;
    struct buffer why;
    struct buffer warnings;
    int result;
};

static void on_warning(void *context, const char *text)
{
    struct bench *bench = context;
    buffer_printf(&bench->warnings, "%s\n", text);
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    snprintf(bench->root, sizeof bench->root, "/tmp/norn-config-XXXXXX");
    assert_non_null(mkdtemp(bench->root));
    snprintf(bench->home, sizeof bench->home, "%s/home", bench->root);
    snprintf(bench->etc, sizeof bench->etc, "%s/etc", bench->root);
    assert_int_equal(mkdir(bench->home, 0700), 0);
    assert_int_equal(mkdir(bench->etc, 0700), 0);
    bench->request = (struct config_request){.home = bench->home,
                                             .config_directory = bench->etc,
                                             .on_warning = on_warning,
                                             .context = bench};
    *state = bench;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    return remove(path);
}

static void forget(struct bench *bench)
{
    config_free(bench->config);
    options_free(bench->options);
    buffer_done(&bench->why);
    buffer_done(&bench->warnings);
    bench->config = NULL;
    bench->options = NULL;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    forget(bench);
    nftw(bench->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(bench);
    return 0;
}

/* Writes a file at a path below the bench's directory, making its directory. */
static void put(struct bench *bench, const char *name, const char *content)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", bench->root, name);
    *strrchr(path, '/') = '\0';
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s", bench->root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int load(struct bench *bench)
{
    forget(bench);
    bench->options = options_new(tables);
    bench->result = config_load(&bench->request, bench->options, &bench->config, &bench->why);
    assert_int_equal(bench->result != 0, bench->why.length != 0);
    buffer_add_byte(&bench->why, '\0');
    buffer_add_byte(&bench->warnings, '\0');
    return bench->result;
}

static void load_well(struct bench *bench)
{
    if (load(bench) != 0)
        fail_msg("%s", (const char *)bench->why.data);
}

static void assert_warned(struct bench *bench, const char *text)
{
    if (!strstr((const char *)bench->warnings.data, text))
        fail_msg("no warning '%s' in: %s", text, (const char *)bench->warnings.data);
}

static void assert_refused(struct bench *bench, const char *text)
{
    assert_int_equal(load(bench), -EINVAL);
    if (!strstr((const char *)bench->why.data, text))
        fail_msg("no error '%s' in: %s", text, (const char *)bench->why.data);
}

static void assert_text(struct bench *bench, const char *key, const char *value)
{
    assert_string_equal(options_text(bench->options, key), value);
}

static void assert_sources(struct bench *bench, const char *joined)
{
    char text[256] = "";
    for (size_t i = 0; i < options_count(bench->options, "source"); i++) {
        strcat(text, i ? " " : "");
        strcat(text, options_at(bench->options, "source", i));
    }
    assert_string_equal(text, joined);
}

static void test_lines(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf",
        "\xef\xbb\xbf# a comment\r\n"
        "  HTTPD_Port =  8080  \r\n"
        "\t# another\n"
        "httpd_port=9999\n"
        "note=a=b # kept, 'quotes' too\n"
        "source=one:name=x\nncsource=two\nSOURCE = three\n"
        "server_name=last line without an end");
    load_well(bench);
    assert_int_equal(options_integer(bench->options, "httpd_port"), 8080);
    assert_text(bench, "note", "a=b # kept, 'quotes' too");
    assert_sources(bench, "one:name=x two three");
    assert_text(bench, "server_name", "last line without an end");
    assert_string_equal((const char *)bench->warnings.data, "");
}

static void test_odd_lines(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf",
        "note=\nnote\nhttpd_port\n=x\nsource=\nhttpd_prot=1\nqqqqqqq=1\n"
        "q\x01\xff=1\n");
    load_well(bench);
    assert_warned(bench, "etc/norn.conf:1: note has no value");
    assert_warned(bench, "etc/norn.conf:3: httpd_port needs a value");
    assert_warned(bench, "etc/norn.conf:4: a value without a key");
    assert_warned(bench,
                  "etc/norn.conf:6: unknown option 'httpd_prot'; did you mean 'httpd_port'?");
    assert_warned(bench, "etc/norn.conf:7: unknown option 'qqqqqqq'\n");
    assert_warned(bench, "unknown option 'q\\001\\377'");
    assert_true(options_is_set(bench->options, "note"));
    assert_text(bench, "note", "");
    assert_sources(bench, "");
}

static void test_bad_values(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf", "httpd_port=banana\nhidden=perhaps\n");
    assert_refused(bench, "etc/norn.conf:1: httpd_port takes a whole number from 0 to 65535, not "
                          "'banana'\n");
    assert_non_null(strstr((const char *)bench->why.data, "etc/norn.conf:2: hidden takes true or"));
}

static void test_long_line(void **state)
{
    struct bench *bench = *state;
    char *text = malloc(9000);
    memcpy(text, "note=", 5);
    memset(text + 5, 'x', 8186);
    memcpy(text + 8191, "\nserver_name=n\n", 16);
    put(bench, "etc/norn.conf", text);
    load_well(bench);
    assert_int_equal(strlen(options_text(bench->options, "note")), 8186);
    assert_text(bench, "server_name", "n");
    memset(text + 8191, 'x', 1);
    memcpy(text + 8192, "\nserver_name=n\n", 16);
    put(bench, "etc/norn.conf", text);
    assert_refused(bench, "etc/norn.conf:1: the line is longer than 8191 bytes");
    free(text);
}

static void test_nul_byte(void **state)
{
    struct bench *bench = *state;
    char path[256];
    snprintf(path, sizeof path, "%s/norn.conf", bench->etc);
    FILE *file = fopen(path, "w");
    fwrite("note=a\nx\0y=1\n", 1, 13, file);
    fclose(file);
    assert_refused(bench, "norn.conf:2: the line holds a NUL byte");
}

static void test_includes(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf",
        "include=%E/a.conf\nsource=z\nopt_include=/none/at/all\n"
        "opt_include=%E/d/*.conf\nopt_include=~/mine.conf\n");
    put(bench, "etc/a.conf", "source=a\ninclude=d/b.conf\n");
    put(bench, "etc/d/b.conf", "source=b\n");
    put(bench, "etc/d/c.conf", "source=c\n");
    put(bench, "home/mine.conf", "source=m\n");
    load_well(bench);
    assert_sources(bench, "a b z c m"); /* b.conf counts once */
    assert_string_equal((const char *)bench->warnings.data, "");
    assert_int_equal(bench->config->file_count, 5);
    assert_true(strstr(bench->config->files[0].path, "etc/norn.conf") != NULL);
}

static void test_include_faults(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf", "note=x\ninclude=missing.conf\n");
    assert_refused(bench, "etc/norn.conf:2: cannot read ");
    assert_non_null(strstr((const char *)bench->why.data, "No such file"));
    put(bench, "etc/norn.conf", "include=other.conf\n");
    put(bench, "etc/other.conf", "include=norn.conf\n");
    assert_refused(bench, "etc/other.conf:1: cannot read ");
    assert_non_null(strstr((const char *)bench->why.data, "includes itself"));
    put(bench, "etc/other.conf", "include=d/../other.conf\n");
    put(bench, "etc/d/x", "");
    assert_refused(bench, "nested too deep");
    put(bench, "etc/norn.conf", "include=%E\n");
    assert_refused(bench, "Is a directory");
}

static void test_overrides(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf",
        "opt_override=%E/site.conf\nopt_override=%E/none.conf\n"
        "source=a\nsource=b\nnote=first\ngps=g1\n");
    put(bench, "etc/site.conf", "source=c\nsource+=d\ngps+=g2\nnote=second\n");
    load_well(bench);
    assert_sources(bench, "c d");
    assert_int_equal(options_count(bench->options, "gps"), 2);
    assert_text(bench, "note", "second");
    put(bench, "etc/kismet_wardrive.conf", "note=third\nsource+=e\n");
    put(bench, "etc/extra.conf", "source+=f\n");
    char path[256];
    snprintf(path, sizeof path, "%s/extra.conf", bench->etc);
    const char *overrides[] = {"wardrive", path};
    bench->request.overrides = overrides;
    bench->request.override_count = 2;
    load_well(bench);
    assert_sources(bench, "c d e f");
    assert_text(bench, "note", "third");
    overrides[0] = "nowhere";
    assert_refused(bench, "--override nowhere: neither norn_nowhere.conf nor");
    overrides[0] = "/no/such.conf";
    assert_refused(bench, "cannot read /no/such.conf");
}

static void test_command_line(void **state)
{
    struct bench *bench = *state;
    const char *settings[] = {"httpd_port=1", "HTTPD_PORT = 2", "gps=g2", "kis_log_packets=x"};
    const char *sources[] = {"cli1", "cli2"};
    put(bench, "etc/kismet.conf", "httpd_port=80\nsource=a\ngps=g1\n");
    bench->request.settings = settings;
    bench->request.setting_count = 4;
    load_well(bench);
    assert_int_equal(options_integer(bench->options, "httpd_port"), 2);
    assert_int_equal(options_count(bench->options, "gps"), 2);
    assert_sources(bench, "a");
    bench->request.sources = sources;
    bench->request.source_count = 2;
    load_well(bench);
    assert_sources(bench, "cli1 cli2");
    settings[0] = "httpd_prot=1";
    assert_refused(bench, "--set httpd_prot: unknown option; did you mean 'httpd_port'?");
    settings[0] = "httpd_port=x";
    assert_refused(bench, "--set httpd_port: httpd_port takes a whole number");
    settings[0] = "httpd_port";
    assert_refused(bench, "--set takes KEY=VALUE");
}

static void test_config_file(void **state)
{
    struct bench *bench = *state;
    char path[256];
    put(bench, "etc/norn.conf", "note=not read\n");
    put(bench, "mine/x.conf", "source=mine\ninclude=y.conf\n");
    put(bench, "mine/y.conf", "source=%E\n");
    snprintf(path, sizeof path, "%s/mine/x.conf", bench->root);
    bench->request.config_file = path;
    load_well(bench);
    assert_sources(bench, "mine %E");
    assert_text(bench, "note", "");
    bench->request.config_file = "/no/such/file.conf";
    assert_refused(bench, "cannot read /no/such/file.conf: No such file");
}

static void test_order_of_files(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf", "note=norn\nsource=n\n");
    put(bench, "etc/kismet.conf", "note=kismet\nsource=k\nhttpd_port=81\n");
    put(bench, "etc/kismet_httpd.conf", "httpd_port=82\n");
    put(bench, "home/norn.conf", "server_name=mine\nsource+=u\n");
    load_well(bench);
    assert_text(bench, "note", "norn");
    assert_text(bench, "server_name", "mine");
    assert_sources(bench, "n k u");
    assert_int_equal(options_integer(bench->options, "httpd_port"), 81);
    put(bench, "home/norn.conf", "note=user\n");
    load_well(bench);
    assert_text(bench, "note", "user");
}

static void test_home(void **state)
{
    struct bench *bench = *state;
    char norn[128];
    put(bench, "etc/norn.conf", "");
    load_well(bench);
    assert_string_equal(bench->config->home, bench->home);
    assert_string_equal(bench->config->user_home, bench->home);
    put(bench, "home/.kismet/kismet_httpd.conf", "httpd_username=k\nhttpd_password=old\n");
    load_well(bench);
    snprintf(norn, sizeof norn, "%s/.norn", bench->home);
    assert_string_equal(bench->config->home, norn);
    assert_text(bench, "httpd_username", "k"); /* ~/.norn has none */
    put(bench, "home/.norn/norn.conf", "note=mine\n");
    load_well(bench);
    assert_text(bench, "httpd_username", "k");
    assert_text(bench, "note", "mine");
    put(bench, "home/.norn/kismet_httpd.conf", "httpd_username=n\nhttpd_password=new\n");
    load_well(bench);
    assert_text(bench, "httpd_username", "n");
    bench->request.home = NULL;
    setenv("HOME", bench->home, 1);
    load_well(bench);
    assert_string_equal(bench->config->home, norn);
}

static void test_configdir(void **state)
{
    struct bench *bench = *state;
    char text[256], norn[128];
    bench->request.home = NULL;
    setenv("HOME", bench->home, 1);
    put(bench, "etc/norn.conf", "configdir=%h/.kismet/\n");
    load_well(bench);
    snprintf(norn, sizeof norn, "%s/.norn", bench->home);
    assert_string_equal(bench->config->home, norn);
    put(bench, "etc/norn.conf", "configdir=%h/else/\n");
    put(bench, "home/else/norn.conf", "note=found\n");
    load_well(bench);
    snprintf(text, sizeof text, "%s/else", bench->home);
    assert_string_equal(bench->config->home, text);
    assert_text(bench, "note", "found");
    bench->request.home = bench->home;
    load_well(bench);
    assert_string_not_equal(bench->config->home, text);
}

static void test_expand(void **state)
{
    struct bench *bench = *state;
    struct buffer path = {0};
    char wanted[512];
    put(bench, "etc/norn.conf", "");
    bench->request.data_directory = "/data/";
    load_well(bench);
    config_expand(bench->config, "~/a %h %E %S %x %% 5%", &path);
    buffer_add_byte(&path, '\0');
    snprintf(wanted, sizeof wanted, "%s/a %s %s /data %%x %%%% 5%%", bench->home, bench->home,
             bench->etc);
    assert_string_equal((const char *)path.data, wanted);
    path.length = 0;
    config_expand(bench->config, "~other a~ %B", &path);
    assert_memory_equal(path.data, "~other a~ /", 11);
    buffer_done(&path);
    const char *const *readable = bench->config->readable;
    assert_string_equal(readable[0], bench->etc);
    assert_string_equal(readable[1], "/data");
    assert_non_null(strstr(readable[2], "norn.conf"));
    assert_null(readable[3]);
}

static void assert_login(struct bench *bench, const char *name, const char *password, bool global)
{
    struct config_login login;
    struct buffer why = {0};
    for (int again = 0; again < 2; again++) {
        int result = again ? config_login_again(bench->config, &bench->request, &login, &why)
                           : config_login_find(bench->config, bench->options, &login, &why);
        assert_int_equal(result, 0);
        assert_string_equal(login.username, name);
        assert_string_equal(login.password, password);
        assert_int_equal(login.global, global);
    }
}

static void test_login(void **state)
{
    struct bench *bench = *state;
    struct config_login login;
    struct buffer why = {0};
    put(bench, "etc/norn.conf", "");
    load_well(bench);
    assert_int_equal(config_login_find(bench->config, bench->options, &login, &why), -ENOENT);
    assert_int_equal(config_login_again(bench->config, &bench->request, &login, &why), -ENOENT);
    put(bench, "home/kismet_httpd.conf", "httpd_username=user\nhttpd_password=$y$hash=x\n");
    assert_int_equal(config_login_again(bench->config, &bench->request, &login, &why), 0);
    assert_false(login.global);
    load_well(bench);
    assert_login(bench, "user", "$y$hash=x", false);
    put(bench, "etc/kismet_httpd.conf", "httpd_username=boss\nhttpd_password=b\n");
    assert_int_equal(config_login_again(bench->config, &bench->request, &login, &why), 0);
    assert_string_equal(login.username, "boss");
    load_well(bench);
    assert_login(bench, "boss", "b", true);
    const char *settings[] = {"httpd_username=cli", "httpd_password=c"};
    bench->request.settings = settings;
    bench->request.setting_count = 2;
    load_well(bench);
    assert_login(bench, "cli", "c", true);
}

static void test_login_by_override(void **state)
{
    struct bench *bench = *state;
    const char *overrides[] = {"site"};
    put(bench, "etc/norn.conf", "httpd_username=a\nhttpd_password=b\n");
    put(bench, "etc/kismet_site.conf", "httpd_password=c\n");
    put(bench, "home/kismet_httpd.conf", "httpd_username=user\nhttpd_password=p\n");
    bench->request.overrides = overrides;
    bench->request.override_count = 1;
    load_well(bench);
    assert_login(bench, "a", "c", true);
    put(bench, "etc/norn.conf", "");
    put(bench, "etc/kismet_site.conf", "httpd_username=o\nhttpd_password=c\n");
    load_well(bench);
    assert_login(bench, "o", "c", true);
}

static void test_half_login(void **state)
{
    struct bench *bench = *state;
    struct config_login login;
    struct buffer why = {0};
    put(bench, "etc/norn.conf", "");
    put(bench, "home/kismet_httpd.conf", "httpd_username=user\n");
    load_well(bench);
    assert_warned(bench, "httpd_username is set but httpd_password is not");
    assert_int_equal(config_login_find(bench->config, bench->options, &login, &why), -EINVAL);
    assert_int_equal(config_login_again(bench->config, &bench->request, &login, &why), -EINVAL);
    buffer_done(&why);
    put(bench, "etc/kismet_httpd.conf", "httpd_password=x\n");
    assert_refused(bench, "httpd_password is set but httpd_username is not");
}

/* One directory for both: what a test harness or a container does. The login stays the user's. */
static void test_same_directory(void **state)
{
    struct bench *bench = *state;
    put(bench, "home/norn.conf", "source=a\n");
    put(bench, "home/kismet_httpd.conf", "httpd_username=u\nhttpd_password=p\n");
    bench->request.config_directory = bench->home;
    load_well(bench);
    assert_sources(bench, "a");
    assert_login(bench, "u", "p", false);
}

/* With -f and no --confdir only the login comes from the configuration directory. */
static void test_login_beside_file(void **state)
{
    struct bench *bench = *state;
    char path[256];
    put(bench, "etc/kismet_httpd.conf", "httpd_username=s\nhttpd_password=p\nhttpd_port=9\n");
    put(bench, "mine.conf", "note=x\n");
    snprintf(path, sizeof path, "%s/mine.conf", bench->root);
    bench->request.config_file = path;
    bench->request.config_directory = NULL;
    setenv("KISMET_CONF", bench->etc, 1);
    load_well(bench);
    unsetenv("KISMET_CONF");
    assert_login(bench, "s", "p", true);
    assert_int_equal(options_integer(bench->options, "httpd_port"), 2501);
    assert_text(bench, "note", "x");
}

static void test_stock_keys(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/kismet.conf",
        "include=%E/kismet_more.conf\nopt_override=%E/kismet_package.conf\n"
        "server_announce=false\nserver_announce_port=2501\nsource_launch_group=8\n"
        "tcp_buffer_kb=512\ngps=gpsd:host=localhost\nouifile=%S/kismet/manuf.gz\n"
        "wepkey=00:DE:AD:C0:DE:00,FEEDFACEDEADBEEF01020304050607080900\nallowkeytransmit=true\n"
        "configdir=%h/.kismet/\nhttpd_user_home=%h/.kismet/httpd/\n");
    put(bench, "etc/kismet_more.conf",
        "prelude_alerts=127.0.0.1\nkis_log_packets=true\n"
        "dot11_process_phy=false\ntracker_device_presize=1000\n"
        "log_types=kismet\nlog_config_present=true\n");
    load_well(bench);
    assert_string_equal((const char *)bench->warnings.data, "");
    assert_true(bench->config->ignored_count >= 12);
    assert_int_equal(options_count(bench->options, "gps"), 1);
    assert_non_null(config_ignored_reason("kis_log_packets"));
    assert_null(config_ignored_reason("no_such_key"));
    assert_null(config_ignored_reason("alerts"));
}

static void test_missing_directory(void **state)
{
    struct bench *bench = *state;
    load_well(bench);
    assert_warned(bench, "no norn.conf, kismet.conf or kismet_httpd.conf in ");
}

static void test_many_warnings(void **state)
{
    struct bench *bench = *state;
    struct buffer text = {0};
    for (int i = 0; i < 5000; i++)
        buffer_printf(&text, "wrongkey%d=1\n", i);
    buffer_add_byte(&text, '\0');
    put(bench, "etc/norn.conf", (const char *)text.data);
    buffer_done(&text);
    load_well(bench);
    size_t count = 0;
    for (const char *at = (const char *)bench->warnings.data; (at = strchr(at, '\n')); at++)
        count++;
    assert_int_equal(count, 101);
    assert_warned(bench, "left out");
}

static int refuse(void *context, const char *path)
{
    return -EACCES;
}

static void test_open_callback(void **state)
{
    struct bench *bench = *state;
    put(bench, "etc/norn.conf", "note=x\n");
    bench->request.open_read = refuse;
    load_well(bench);
    assert_warned(bench, "etc/norn.conf: Permission denied");
    assert_text(bench, "note", "");
}

#define bench_test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(test_lines),
        bench_test(test_odd_lines),
        bench_test(test_bad_values),
        bench_test(test_long_line),
        bench_test(test_nul_byte),
        bench_test(test_includes),
        bench_test(test_include_faults),
        bench_test(test_overrides),
        bench_test(test_command_line),
        bench_test(test_config_file),
        bench_test(test_order_of_files),
        bench_test(test_home),
        bench_test(test_configdir),
        bench_test(test_expand),
        bench_test(test_login),
        bench_test(test_login_by_override),
        bench_test(test_half_login),
        bench_test(test_same_directory),
        bench_test(test_login_beside_file),
        bench_test(test_stock_keys),
        bench_test(test_missing_directory),
        bench_test(test_many_warnings),
        bench_test(test_open_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
