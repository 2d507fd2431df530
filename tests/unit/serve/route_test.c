/* Targets taken apart, and rows found for them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/api/routes.h"

static void nothing(struct request *request)
{
}

static const struct route rows[] = {
    {METHOD_GET, "/", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, nothing, "root"},
    {METHOD_GET, "/system/tracked_fields.html", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, nothing,
     "fields"},
    {METHOD_GET, "/devices/last-time/{time}/devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL,
     nothing, "since"},
    {METHOD_POST, "/devices/last-time/{time}/devices", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL,
     nothing, "since, by POST"},
    {METHOD_GET, "/devices/by-key/{key}/device", ROUTE_TREE, ROLE_READONLY, BODY_OPTIONAL, nothing,
     "one"},
    {METHOD_POST, "/packetsource/config/channel", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, nothing,
     "lock"},
    {METHOD_WEBSOCKET, "/views/{view}/monitor", ROUTE_WEBSOCKET, ROLE_READONLY, BODY_OPTIONAL,
     nothing, "watch"},
    {0},
};
static const struct route *const tables[] = {rows, NULL};

static struct route_match find(struct arena *arena, const char *path, unsigned method)
{
    struct target target;
    struct route_match match;
    assert_int_equal(target_parse(path, strlen(path), "/pre/fix", arena, &target), 0);
    route_find(tables, &target, method, &match);
    return match;
}

static void rows_are_found(void **state)
{
    static const struct {
        const char *path;
        unsigned method;
        const char *doc; /* NULL: not found */
        enum suffix suffix;
    } cases[] = {
        {"/", METHOD_GET, "root", SUFFIX_NONE},
        {"", METHOD_GET, "root", SUFFIX_NONE},
        {"/pre/fix/", METHOD_GET, "root", SUFFIX_NONE},
        {"/system/tracked_fields.html?x", METHOD_GET, "fields", SUFFIX_NONE},
        {"//system///tracked_fields.html", METHOD_GET, "fields", SUFFIX_NONE},
        {"http://h:1/system/tracked_fields.html", METHOD_GET, "fields", SUFFIX_NONE},
        {"/system/tracked_fields.htm", METHOD_GET, NULL, SUFFIX_NONE},
        {"/pre/fix/devices/last-time/-5/devices.ekjson", METHOD_GET, "since", SUFFIX_EKJSON},
        {"/devices/last-time/0/devices.msgpack", METHOD_POST, "since, by POST", SUFFIX_MSGPACK},
        {"/devices/last-time/0/devices", METHOD_GET, NULL, SUFFIX_NONE},
        {"/devices/last-time/0/devices.xml", METHOD_GET, NULL, SUFFIX_NONE},
        {"/devices/last-time/0/devices.cmd", METHOD_GET, NULL, SUFFIX_NONE},
        {"/devices/last-time/0/devices.json/x", METHOD_GET, NULL, SUFFIX_NONE},
        {"/devices/last-time/0", METHOD_GET, NULL, SUFFIX_NONE},
        {"/devices/by-key/K/device.json/a.b/c.json", METHOD_GET, "one", SUFFIX_JSON},
        {"/devices/by-key/K/device.json", METHOD_GET, "one", SUFFIX_JSON},
        {"/packetsource/config/channel.cmd", METHOD_POST, "lock", SUFFIX_CMD},
        {"/packetsource/config/channel.jcmd", METHOD_POST, "lock", SUFFIX_JCMD},
        {"/packetsource/config/channel.msgpack", METHOD_POST, NULL, SUFFIX_NONE},
        {"/packetsource/config/.cmd", METHOD_POST, NULL, SUFFIX_NONE},
        {"/views/all/monitor.ws", METHOD_GET | METHOD_WEBSOCKET, "watch", SUFFIX_WS},
        {"/views/all/monitor.json", METHOD_GET | METHOD_WEBSOCKET, NULL, SUFFIX_NONE},
        {"/views/all/monitor.ws", METHOD_POST, NULL, SUFFIX_NONE},
        {"/devices/last-time/0/devices.ws", METHOD_GET, NULL, SUFFIX_NONE},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_match match = find(&arena, cases[i].path, cases[i].method);
        if (!cases[i].doc) {
            assert_null(match.route);
            continue;
        }
        assert_non_null(match.route);
        assert_string_equal(match.route->doc, cases[i].doc);
        assert_int_equal(match.suffix, cases[i].suffix);
    }
    arena_done(&arena);
}

static void wrong_methods_are_told(void **state)
{
    struct arena arena = {0};
    struct route_match match = find(&arena, "/packetsource/config/channel.cmd", METHOD_GET);
    assert_null(match.route);
    assert_int_equal(match.methods, METHOD_POST);
    match = find(&arena, "/devices/last-time/0/devices.json", 0);
    assert_int_equal(match.methods, METHOD_GET | METHOD_POST);
    match = find(&arena, "/views/all/monitor.ws", METHOD_POST);
    assert_int_equal(match.methods, METHOD_WEBSOCKET);
    match = find(&arena, "/nothing", METHOD_GET);
    assert_int_equal(match.methods, 0);
    arena_done(&arena);
}

static void parts_are_decoded_once(void **state)
{
    struct arena arena = {0};
    struct target target;
    struct route_match match =
        find(&arena, "/devices/by-key/a%2Fb%2525/device.json/x%20y/", METHOD_GET);
    assert_string_equal(route_parameter(&match, "key")->text, "a/b%25");
    assert_null(route_parameter(&match, "ke"));
    assert_int_equal(match.rest, 4);
    static const char query[] = "/p?a=1+2&b=%26%3D&&c&=d&a=9";
    assert_int_equal(target_parse(query, strlen(query), "", &arena, &target), 0);
    const struct target_variable *variables = target.variables;
    size_t count = target.variable_count;
    assert_string_equal(target_find(variables, count, "a")->text, "1+2");
    assert_string_equal(target_find(variables, count, "b")->text, "&=");
    assert_string_equal(target_find(variables, count, "c")->text, "");
    assert_null(target_find(variables, count, "d"));
    arena_done(&arena);
}

static void bad_targets(void **state)
{
    static const char *const bad[] = {"/a%00b", "/a%", "/a%2", "/a%zz", "a/b", "*", "/a?b=%00"};
    struct arena arena = {0};
    struct target target;
    char deep[TARGET_VARIABLES + 8];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(target_parse(bad[i], strlen(bad[i]), "", &arena, &target), -EINVAL);
    for (size_t i = 0; i < sizeof deep; i++)
        deep[i] = i % 2 ? 'a' : '/';
    assert_int_equal(target_parse(deep, sizeof deep, "", &arena, &target), -E2BIG);
    memset(deep, '&', sizeof deep);
    memcpy(deep, "/?", 2);
    assert_int_equal(target_parse(deep, sizeof deep, "", &arena, &target), -E2BIG);
    arena_done(&arena);
}

static bool are_one_endpoint(const struct route *one, const struct route *other)
{
    return strcmp(one->path, other->path) == 0 && one->kind == other->kind;
}

/* Data says what it answers with; a type is of records only. */
static void answer_is_sound(const struct route *row)
{
    bool is_data = row->kind == ROUTE_DATA || row->kind == ROUTE_TREE;
    bool has_record = row->answer != ANSWER_NO_RECORD && row->answer != ANSWER_TEXTS;
    assert_true(row->answer || !is_data);
    assert_true(!row->answer || is_data || row->kind == ROUTE_COMMAND);
    assert_int_equal(row->type != NULL, has_record);
}

/* Every row of the program: a path that starts at the root, a handler, a sentence, a right set of
 * methods; commands by POST; no two rows alike, and those of one endpoint answer alike. */
static void table_is_sound(void **state)
{
    for (const struct route *const *table = routes; *table; table++) {
        for (const struct route *row = *table; row->path; row++) {
            size_t length = strlen(row->doc);
            assert_int_equal(row->path[0], '/');
            assert_non_null(row->handler);
            assert_true(row->methods && row->roles);
            assert_true(length > 10 && row->doc[length - 1] == '.');
            answer_is_sound(row);
            for (const struct route *other = row + 1; other->path; other++)
                assert_false(are_one_endpoint(row, other) &&
                             (row->methods & other->methods || row->answer != other->answer ||
                              row->type != other->type));
        }
    }
}

static void what_was_meant_is_found(void **state)
{
    static const struct {
        const char *path, *doc; /* NULL: nothing comes near */
    } cases[] = {
        {"/devices/last-time/0/devices", "since"},
        {"/devices/last-time/0/devices.xml", "since"},
        {"/devices/last-time/5.json", "since"},
        {"/devices/last_time/5/device.json", "since"},
        {"/device/by-key/1_1/device.json", "one"},
        {"/packetsource/config/chanel.cmd", "lock"},
        {"/packetsources/config.json", "lock"},
        {"/devices", NULL},
        {"/a/b", NULL},
        {"/", NULL},
        {"/packetsource/config/channel/more.cmd", NULL},
        {"/something/else/entirely.json", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct target target;
        assert_int_equal(target_parse(cases[i].path, strlen(cases[i].path), "", &arena, &target),
                         0);
        const struct route *nearest = route_nearest(tables, &target);
        assert_int_equal(nearest != NULL, cases[i].doc != NULL);
        if (nearest)
            assert_string_equal(nearest->doc, cases[i].doc);
        arena_done(&arena);
    }
    assert_string_equal(route_ending(&rows[0]), "");
    assert_string_equal(route_ending(&rows[4]), ".json");
    assert_string_equal(route_ending(&rows[5]), ".cmd");
    assert_string_equal(route_ending(&rows[6]), ".ws");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found),         cmocka_unit_test(wrong_methods_are_told),
        cmocka_unit_test(parts_are_decoded_once), cmocka_unit_test(bad_targets),
        cmocka_unit_test(table_is_sound),         cmocka_unit_test(what_was_meant_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
