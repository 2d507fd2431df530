/* Regex pairs and search terms over a device made by hand: any pair, any value the path reaches,
 * texts only. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/dot11_fields.h"
#include "serve/list/list_filter.h"

/* A device that beacons one network and answers for another. */
struct scene {
    struct pool pool;
    struct intern strings;
    struct dot11_ssid first, second;
    struct dot11_device dot11;
    struct device device;
    struct view view;
};

static void set_scene(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    intern_init(&scene->strings, &scene->pool);
    scene->first.ssid = intern_ref(&scene->strings, "linksys", 7);
    scene->second.ssid = intern_ref(&scene->strings, "barfoo", 6);
    scene->first.next = &scene->second;
    scene->dot11.device = &scene->device;
    scene->dot11.advertised = &scene->first;
    scene->device.dot11 = &scene->dot11;
    scene->device.mac = (struct macaddr){{0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}};
    scene->device.packets = 42;
    scene->device.manufacturer = intern_ref(&scene->strings, "Maker", 5);
}

static struct pattern_budget budget;

static bool keeps(struct scene *scene, const char *path, const char *pattern)
{
    struct buffer why = {0};
    struct command_pair pairs[] = {
        {"kismet.device.base.name", "never", strlen("kismet.device.base.name"), 5},
        {path, pattern, strlen(path), strlen(pattern)},
    };
    struct list_filter *filter = list_filter_new(&device_type, &budget);
    assert_non_null(filter);
    assert_int_equal(list_filter_match(filter, pairs, 2, &why), 0);
    list_filter_begin(filter);
    bool kept = list_filter_keeps(filter, &scene->device, &scene->view);
    list_filter_free(filter);
    buffer_done(&why);
    return kept;
}

static const char ssids[] = "dot11.device/dot11.device.advertised_ssid_map/"
                            "dot11.advertisedssid.ssid";

static void test_paths_and_kinds(void **state)
{
    static struct scene scene;
    set_scene(&scene);
    assert_true(keeps(&scene, "kismet.device.base.manuf", "^Mak"));
    assert_false(keeps(&scene, "kismet.device.base.manuf", "^mak"));
    assert_true(keeps(&scene, "kismet.device.base.macaddr", "^AA:BB:"));
    assert_true(keeps(&scene, ssids, "^linksys$"));
    assert_true(keeps(&scene, ssids, "foo$"));
    assert_false(keeps(&scene, ssids, "^foo"));
    assert_false(keeps(&scene, "kismet.device.base.packets.total", "42"));
    assert_false(keeps(&scene, "kismet.device.base.nothing", ""));
    assert_false(keeps(&scene, "dot11.device", ""));
    intern_done(&scene.strings);
    pool_done(&scene.pool);
}

static void test_faults(void **state)
{
    struct buffer why = {0};
    struct command_pair pair = {"kismet.device.base.name", "ab(", 23, 3};
    struct list_filter *filter = list_filter_new(&device_type, &budget);
    assert_int_equal(list_filter_match(filter, &pair, 1, &why), -EINVAL);
    buffer_add_byte(&why, '\0');
    assert_non_null(strstr((const char *)why.data, "offset 3"));
    list_filter_free(filter);
    buffer_done(&why);
}

/* Whether the term is found in any of four paths: a name, an address, names in a list, a number. */
static bool finds(struct scene *scene, const char *term)
{
    static const struct field_request paths[] = {
        {.path = "kismet.device.base.manuf"},
        {.path = "kismet.device.base.macaddr"},
        {.path = ssids},
        {.path = "kismet.device.base.packets.total"},
        {.path = "kismet.device.base.nothing"},
    };
    struct list_filter *filter = list_filter_new(&device_type, &budget);
    assert_int_equal(list_filter_search(filter, term, paths, 5), 0);
    list_filter_begin(filter);
    bool found = list_filter_keeps(filter, &scene->device, &scene->view);
    assert_int_equal(list_filter_keeps(filter, &scene->device, &scene->view), found);
    list_filter_free(filter);
    return found;
}

static void test_search(void **state)
{
    static const struct {
        const char *term;
        bool found;
    } cases[] = {
        {"maker", true},
        {"AKE", true},
        {"makers", false},
        {"LINK", true},
        {"foo", true},
        {"42", false},
        {"aa:bb", true},
        {"B:CC", true},
        {"aabb", true},
        {"BbCcD", true},
        {"abbc", false},
        {"ddeeff", true},
        {"ddeef0", false},
        {"aabbcg", false},
        {"aabbccddeeff", true},
        {"aabbccddeeff0", false},
        {"a", true},
        {"zz", false},
        {"AA:BB:CC:DD:EE:FF", true},
    };
    static struct scene scene;
    set_scene(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(finds(&scene, cases[i].term), cases[i].found);
    intern_done(&scene.strings);
    pool_done(&scene.pool);
}

/* Texts that are made for each record lie in the same place every time. */
static void test_search_of_computed_texts(void **state)
{
    static const struct field_request path = {.path = "kismet.device.base.commonname"};
    static struct scene scene;
    struct device other = {.mac = {{0x11, 0x22, 0x33, 0x44, 0x55, 0x66}}};
    set_scene(&scene);
    struct list_filter *filter = list_filter_new(&device_type, &budget);
    assert_int_equal(list_filter_search(filter, "33:44", &path, 1), 0);
    list_filter_begin(filter);
    assert_false(list_filter_keeps(filter, &scene.device, &scene.view));
    assert_true(list_filter_keeps(filter, &other, &scene.view));
    assert_false(list_filter_keeps(filter, &scene.device, &scene.view));
    list_filter_free(filter);
    intern_done(&scene.strings);
    pool_done(&scene.pool);
}

static void test_search_and_pattern_both_have_to_match(void **state)
{
    static const struct field_request path = {.path = "kismet.device.base.manuf"};
    static const char *const patterns[] = {"^AA", "^BB"};
    static struct scene scene;
    set_scene(&scene);
    for (int i = 0; i < 2; i++) {
        struct command_pair pair = {"kismet.device.base.macaddr", patterns[i], 26, 3};
        struct buffer why = {0};
        struct list_filter *filter = list_filter_new(&device_type, &budget);
        assert_int_equal(list_filter_search(filter, "maker", &path, 1), 0);
        assert_int_equal(list_filter_match(filter, &pair, 1, &why), 0);
        list_filter_begin(filter);
        assert_int_equal(list_filter_keeps(filter, &scene.device, &scene.view), i == 0);
        list_filter_free(filter);
        buffer_done(&why);
    }
    intern_done(&scene.strings);
    pool_done(&scene.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_and_kinds),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_search_of_computed_texts),
        cmocka_unit_test(test_search_and_pattern_both_have_to_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
