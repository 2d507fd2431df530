/* News of devices: what nobody wants is not kept; who reads late is told how much was missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "track/device.h"
#include "track/device_news.h"
#include "util/hash.h"

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){{0x00, 0x13, 0x10, 0, (uint8_t)(number >> 8), (uint8_t)number}};
}

static struct store *store_of(uint32_t devices)
{
    struct store_limits limits = {.devices = devices, .ssids = 8, .probes = 8};
    struct store *store = store_new(&limits);
    assert_non_null(store);
    assert_int_equal(store_add_phy(store, "IEEE802.11", NULL), 0);
    return store;
}

static void make(struct store *store, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++)
        assert_non_null(device_get(store, 0, mac_of(i), 100, NULL));
}

static void only_what_is_wanted_is_kept(void **state)
{
    struct store *store = store_of(100);
    struct store_news_item item;
    uint64_t next = 0, lost = 0;
    make(store, 0, 3);
    assert_false(device_news_take(store, &next, &lost, &item));
    device_news_want(store, 1u << STORE_NEWS_PROBED);
    make(store, 3, 6);
    assert_false(device_news_take(store, &next, &lost, &item));
    device_news_want(store, 1u << STORE_NEWS_DEVICE);
    make(store, 5, 8); /* 5 is known */
    for (uint32_t i = 6; i < 8; i++) {
        assert_true(device_news_take(store, &next, &lost, &item));
        assert_int_equal(item.kind, STORE_NEWS_DEVICE);
        assert_ptr_equal(device_news_device(store, &item), device_find(store, 0, mac_of(i)));
    }
    assert_false(device_news_take(store, &next, &lost, &item));
    assert_int_equal(lost, 0);
    store_free(store);
}

static void what_a_late_reader_missed_is_counted(void **state)
{
    struct store *store = store_of(2 * STORE_NEWS);
    struct store_news_item item;
    uint64_t next = 0, lost = 0, taken = 0;
    device_news_want(store, 1u << STORE_NEWS_DEVICE);
    make(store, 0, STORE_NEWS + 10);
    assert_true(device_news_take(store, &next, &lost, &item));
    assert_int_equal(lost, 10);
    assert_true(macaddr_equal(item.mac, mac_of(10)));
    for (taken = 1; device_news_take(store, &next, &lost, &item);)
        taken++;
    assert_int_equal(taken, STORE_NEWS);
    assert_int_equal(lost, 10);
    store_free(store);
}

static void a_device_that_went_is_not_found(void **state)
{
    struct store *store = store_of(2);
    struct store_news_item item;
    uint64_t next = 0, lost = 0;
    device_news_want(store, 1u << STORE_NEWS_DEVICE);
    make(store, 0, 3);
    assert_true(device_news_take(store, &next, &lost, &item));
    assert_null(device_news_device(store, &item));
    assert_true(device_news_take(store, &next, &lost, &item));
    assert_non_null(device_news_device(store, &item));
    assert_null(device_news_subject(device_news_device(store, &item), &item));
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_wanted_is_kept),
        cmocka_unit_test(what_a_late_reader_missed_is_counted),
        cmocka_unit_test(a_device_that_went_is_not_found),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
