/* What the 802.11 phy says is new: devices, networks beaconed, answered for and asked for, names
 * that become known, clients, key messages; each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "air.h"
#include "track/device.h"
#include "track/device_news.h"
#include "util/hash.h"

enum { EVERY = (1u << (STORE_NEWS_HANDSHAKE + 1)) - 1 };

struct scene {
    struct air air;
    uint64_t next, lost;
};

static struct scene set_up(void)
{
    struct scene scene = {.air = air_new(roomy)};
    device_news_want(scene.air.store, EVERY);
    return scene;
}

static void send_network(struct air *air, uint8_t control, const char *ssid, size_t length)
{
    begin(air, control, 0, everyone, ap, ap);
    add(air, "\1\2\3\4\5\6\7\x8\x64\0\x11\4", 12); /* timestamp, interval, ESS and privacy */
    add_element(air, 0, ssid, length);
    send_frame(air);
}

/* The next news are of that kind and device; of the network of that name where one is given. */
static void expect(struct scene *scene, enum store_news_kind kind, struct macaddr mac,
                   const char *name)
{
    struct store_news_item item;
    assert_true(device_news_take(scene->air.store, &scene->next, &scene->lost, &item));
    assert_int_equal(item.kind, kind);
    assert_true(macaddr_equal(item.mac, mac));
    const struct device *device = device_news_device(scene->air.store, &item);
    assert_non_null(device);
    const void *network = device_news_subject(device, &item);
    assert_int_equal(network != NULL, name || kind == STORE_NEWS_CLIENT);
    if (!name)
        return;
    const struct string *said = kind == STORE_NEWS_PROBED
                                    ? ((const struct dot11_probe *)network)->ssid
                                    : ((const struct dot11_ssid *)network)->ssid;
    assert_string_equal(string_text(said), name);
}

static void expect_nothing(struct scene *scene)
{
    struct store_news_item item;
    assert_false(device_news_take(scene->air.store, &scene->next, &scene->lost, &item));
    assert_int_equal(scene->lost, 0);
    air_free(&scene->air);
}

static void a_network_is_new_once(void **state)
{
    struct scene scene = set_up();
    for (int i = 0; i < 3; i++)
        send_network(&scene.air, 0x80, "linksys", 7);
    send_network(&scene.air, 0x80, "second", 6);
    expect(&scene, STORE_NEWS_DEVICE, ap, NULL);
    expect(&scene, STORE_NEWS_ADVERTISED, ap, "linksys");
    expect(&scene, STORE_NEWS_ADVERTISED, ap, "second");
    expect_nothing(&scene);
}

static void a_hidden_name_is_new_when_it_is_told(void **state)
{
    struct scene scene = set_up();
    send_network(&scene.air, 0x80, "\0\0\0\0\0\0", 6);
    expect(&scene, STORE_NEWS_DEVICE, ap, NULL);
    expect(&scene, STORE_NEWS_ADVERTISED, ap, "");
    send_network(&scene.air, 0x50, "secret", 6);
    expect(&scene, STORE_NEWS_ADVERTISED, ap, "secret");
    expect(&scene, STORE_NEWS_RESPONSE, ap, "secret");
    send_network(&scene.air, 0x80, "\0\0\0\0\0\0", 6);
    send_network(&scene.air, 0x50, "secret", 6);
    expect_nothing(&scene);
}

static void a_name_that_is_asked_for_is_new_once(void **state)
{
    struct scene scene = set_up();
    for (int i = 0; i < 2; i++) {
        begin(&scene.air, 0x40, 0, everyone, client, everyone);
        add_element(&scene.air, 0, "home", 4);
        send_frame(&scene.air);
    }
    expect(&scene, STORE_NEWS_DEVICE, client, NULL);
    expect(&scene, STORE_NEWS_PROBED, client, "home");
    expect_nothing(&scene);
}

static void a_client_is_new_once_for_each_access_point(void **state)
{
    static const struct macaddr other = {{0x00, 0x13, 0x10, 0, 0, 9}};
    struct scene scene = set_up();
    for (int i = 0; i < 4; i++) { /* to the distribution system, protected */
        begin(&scene.air, 0x08, 0x41, i % 2 ? other : ap, client, ap);
        add(&scene.air, "12345678payload", 15);
        send_frame(&scene.air);
    }
    unsigned clients = 0;
    struct store_news_item item;
    while (device_news_take(scene.air.store, &scene.next, &scene.lost, &item)) {
        const struct dot11_link *link =
            device_news_subject(device_news_device(scene.air.store, &item), &item);
        assert_int_equal(link != NULL, item.kind == STORE_NEWS_CLIENT);
        clients += link && macaddr_equal(link->bssid, clients ? other : ap) &&
                   macaddr_equal(item.mac, client);
    }
    assert_int_equal(clients, 2);
    expect_nothing(&scene);
}

static void a_key_message_is_news_of_the_access_point(void **state)
{
    struct scene scene = set_up();
    send_network(&scene.air, 0x80, "linksys", 7);
    begin(&scene.air, 0x08, 0x02, client, ap, ap); /* from the distribution system */
    add(&scene.air, "\xaa\xaa\3\0\0\0\x88\x8e\1\3\0\x5f", 12);
    add(&scene.air, "\2\0\x8a\0\x10\0\0\0\0\0\0\0\1", 13); /* the first of four */
    add(&scene.air, "0123456789abcdef0123456789abcdef", 32);
    add(&scene.air, (const char[50]){0}, 50);
    send_frame(&scene.air);
    expect(&scene, STORE_NEWS_DEVICE, ap, NULL);
    expect(&scene, STORE_NEWS_ADVERTISED, ap, "linksys");
    expect(&scene, STORE_NEWS_DEVICE, client, NULL);
    expect(&scene, STORE_NEWS_CLIENT, client, NULL);
    expect(&scene, STORE_NEWS_HANDSHAKE, ap, NULL);
    expect_nothing(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_is_new_once),
        cmocka_unit_test(a_hidden_name_is_new_when_it_is_told),
        cmocka_unit_test(a_name_that_is_asked_for_is_new_once),
        cmocka_unit_test(a_client_is_new_once_for_each_access_point),
        cmocka_unit_test(a_key_message_is_news_of_the_access_point),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
