/* Which packets tell where a device is: signals strong enough, fixes that can be; the place of the
 * strongest; clouds where they are asked for; nothing for who was never placed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/location_cloud.h"
#include "track/device_location.h"
#include "util/hash.h"

static struct store *store;
static struct device *device;

static void start(int8_t threshold, bool clouds)
{
    const struct macaddr mac = {{0, 0x13, 0x10, 0, 0, 1}};
    struct store_limits limits = {.devices = 10, .clouds = clouds, .location_signal = threshold};
    store = store_new(&limits);
    store_add_phy(store, "IEEE802.11", NULL);
    device = device_get(store, 0, mac, 1, NULL);
    assert_non_null(device);
}

static int end(void **state)
{
    store_free(store);
    return 0;
}

static uint64_t seconds;

/* One packet a second at that place: latitude, signal (0 none), sent by the device or not. */
static void hear(double latitude, int16_t signal, bool sent)
{
    struct location location = {.point = {8, latitude}, .fix = 2, .seconds = ++seconds};
    struct device_packet packet = {.time = seconds,
                                   .server_now = seconds,
                                   .sent = sent,
                                   .has_radio = sent,
                                   .signal_kind = signal ? SIGNAL_DBM : SIGNAL_NONE,
                                   .signal = signal,
                                   .location = &location};
    device_hear(store, device, &packet);
}

static void hear_without_place(int16_t signal)
{
    struct device_packet packet = {.time = ++seconds,
                                   .server_now = seconds,
                                   .sent = true,
                                   .has_radio = true,
                                   .signal_kind = SIGNAL_DBM,
                                   .signal = signal};
    device_hear(store, device, &packet);
}

static void costs_nothing_without_a_place(void **state)
{
    start(0, true);
    hear_without_place(-50);
    assert_null(device->location);
    assert_null(device->peak);
    assert_null(device->cloud);
    hear(0, -50, true); /* 0/8 is one */
    assert_non_null(device->location);
    end(NULL);
    start(0, false);
    struct location nowhere = {.fix = 3};
    struct device_packet packet = {.sent = true, .has_radio = true, .location = &nowhere};
    device_hear(store, device, &packet);
    assert_null(device->location);
}

static void the_peak_is_where_it_was_strongest_with_a_place(void **state)
{
    start(0, false);
    hear_without_place(-20); /* before there was a fix */
    hear(1, -70, true);
    hear(2, -40, true);
    hear(3, -60, true);
    hear(4, 0, true);
    hear(5, -10, false); /* somebody else's signal */
    assert_true(device->peak->point.latitude == 2);
    assert_int_equal(device->peak_signal, -40);
    assert_int_equal(device->signal.maximum_signal, -20);
    assert_true(device->location->last.point.latitude == 4);
}

static void weak_signals_are_left_out_when_the_option_says_so(void **state)
{
    start(-70, false);
    hear(1, -71, true);
    hear(2, 0, true);
    assert_null(device->location);
    hear(3, -70, true);
    assert_true(device->location->last.point.latitude == 3);
    hear(4, -90, true);
    assert_true(device->location->last.point.latitude == 3);
    assert_int_equal(device->packets, 4); /* from the location only */
}

static void whoever_only_receives_is_placed_once(void **state)
{
    start(0, false);
    hear(1, -50, false);
    hear(2, -50, false);
    assert_true(device->location->last.point.latitude == 1);
    assert_null(device->peak);
    hear(3, -50, true);
    assert_true(device->location->last.point.latitude == 3);
}

static void keeps_clouds_where_they_are_asked_for(void **state)
{
    start(0, true);
    for (int i = 1; i <= 150; i++)
        hear(i / 10.0, -50, true);
    assert_non_null(device->cloud);
    assert_int_equal(device->cloud->levels[0].count, 100);
    assert_int_equal(device->cloud->levels[1].count, 1);
    end(NULL);
    start(0, false);
    hear(1, -50, true);
    assert_null(device->cloud);
}

static void gives_everything_back(void **state)
{
    start(0, true);
    const struct macaddr other = {{0, 0x13, 0x10, 0, 0, 2}};
    size_t before = store->pool.bytes_used;
    device = device_get(store, 0, other, 1, NULL);
    for (int i = 1; i <= 300; i++)
        hear(i / 10.0, -50, true);
    device_location_free(store, device);
    device->location = NULL;
    device->peak = NULL;
    device->cloud = NULL;
    size_t kept = store->pool.bytes_used - before;
    assert_true(kept < 2048); /* the device itself and its history */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(costs_nothing_without_a_place, end),
        cmocka_unit_test_teardown(the_peak_is_where_it_was_strongest_with_a_place, end),
        cmocka_unit_test_teardown(weak_signals_are_left_out_when_the_option_says_so, end),
        cmocka_unit_test_teardown(whoever_only_receives_is_placed_once, end),
        cmocka_unit_test_teardown(keeps_clouds_where_they_are_asked_for, end),
        cmocka_unit_test_teardown(gives_everything_back, end),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
