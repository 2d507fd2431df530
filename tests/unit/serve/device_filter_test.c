/* Regex pairs over a device made by hand: any pair, any value the path reaches, texts only. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/dot11_fields.h"
#include "serve/device_filter.h"

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

static bool keeps(struct scene *scene, const char *path, const char *pattern)
{
    struct buffer why = {0};
    struct command_pair pairs[] = {
        {"kismet.device.base.name", "never", strlen("kismet.device.base.name"), 5},
        {path, pattern, strlen(path), strlen(pattern)},
    };
    struct device_filter *filter = device_filter_new(pairs, 2, &why);
    assert_non_null(filter);
    bool kept = device_filter_keeps(filter, &scene->device, &scene->view);
    device_filter_free(filter);
    buffer_done(&why);
    return kept;
}

static void test_paths_and_kinds(void **state)
{
    static struct scene scene;
    static const char ssids[] = "dot11.device/dot11.device.advertised_ssid_map/"
                                "dot11.advertisedssid.ssid";
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
    struct command_pair pair = {"kismet.device.base.name", "(", 23, 1};
    errno = 0;
    assert_null(device_filter_new(&pair, 1, &why));
    assert_int_equal(errno, EINVAL);
    assert_true(why.length > 0);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_and_kinds),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
