/* Watched addresses: masks, appearing, falling silent, changes of the list, limits, eviction. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "track/device.h"
#include "util/hash.h"

enum { EVERY = WATCH_FOUND | WATCH_LOST, CHANGES = 64 };

#define WHOLE UINT64_MAX

struct change {
    struct macaddr mac;
    enum watch_kind kind;
    uint64_t silence, packet_time; /* packet_time 0: by no packet */
};

struct world {
    struct store *store;
    struct change changes[CHANGES];
    unsigned count;
};

static void on_change(void *context, struct device *device, enum watch_kind kind,
                      uint64_t silence_s, const struct device_packet *packet)
{
    struct world *world = context;
    assert_true(world->count < CHANGES);
    world->changes[world->count++] =
        (struct change){device->mac, kind, silence_s, packet ? packet->time : 0};
}

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){
        {0x00, 0x13, 0x10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

static void set_up(struct world *world, uint32_t devices)
{
    struct store_limits limits = {.devices = devices, .ssids = 8, .probes = 8};
    *world = (struct world){.store = store_new(&limits)};
    assert_int_equal(store_add_phy(world->store, "IEEE802.11", NULL), 0);
    world->store->watch.found_s = 60;
    world->store->watch.lost_s = 60;
    world->store->watch.on_change = on_change;
    world->store->watch.context = world;
}

static void hear(struct world *world, uint32_t number, uint64_t time)
{
    struct device_packet packet = {.time = time, .server_now = time, .sent = true};
    world->store->server_now = time;
    device_hear(world->store, device_get(world->store, 0, mac_of(number), time, NULL), &packet);
}

static void tick(struct world *world, uint64_t time)
{
    world->store->server_now = time;
    watch_tick(world->store);
}

static void expect(struct world *world, unsigned index, uint32_t number, enum watch_kind kind,
                   uint64_t silence)
{
    assert_true(index < world->count);
    const struct macaddr mac = mac_of(number);
    assert_memory_equal(&world->changes[index].mac, &mac, 6);
    assert_int_equal(world->changes[index].kind, kind);
    assert_int_equal(world->changes[index].silence, silence);
}

static void addresses_are_found_under_their_masks(void **state)
{
    struct world world;
    struct watch *watch;
    set_up(&world, 10);
    watch = &world.store->watch;
    assert_int_equal(watch_find(watch, mac_of(1)), 0);
    watch_add(world.store, mac_of(1), WHOLE, WATCH_FOUND);
    watch_add(world.store, mac_of(0x10000), 0xffffffff00000000, WATCH_LOST);
    watch_add(world.store, mac_of(3), WHOLE, WATCH_LOST);
    assert_int_equal(watch_find(watch, mac_of(1)), WATCH_FOUND);
    assert_int_equal(watch_find(watch, mac_of(2)), 0);
    assert_int_equal(watch_find(watch, mac_of(3)), WATCH_LOST);
    assert_int_equal(watch_find(watch, mac_of(0x1ffff)), WATCH_LOST);
    assert_int_equal(watch_find(watch, mac_of(0x20000)), 0);
    watch_add(world.store, mac_of(0x15555), WHOLE, WATCH_FOUND);
    assert_int_equal(watch_find(watch, mac_of(0x15555)), EVERY);
    watch_add(world.store, mac_of(0), 0, WATCH_FOUND); /* everybody */
    assert_int_equal(watch_find(watch, mac_of(2)), WATCH_FOUND);
    assert_int_equal(watch_find(watch, mac_of(0x1ffff)), EVERY);
    watch_remove(world.store, mac_of(0), 0, WATCH_FOUND);
    watch_remove(world.store, mac_of(1), WHOLE, WATCH_LOST); /* was not watched for that */
    assert_int_equal(watch_find(watch, mac_of(1)), WATCH_FOUND);
    watch_remove(world.store, mac_of(1), WHOLE, EVERY);
    watch_remove(world.store, mac_of(77), WHOLE, EVERY);
    assert_int_equal(watch_find(watch, mac_of(1)), 0);
    assert_int_equal(watch->addresses.count, 3);
    store_free(world.store);
}

static void the_list_has_a_limit(void **state)
{
    struct world world;
    set_up(&world, 10);
    for (uint32_t i = 0; i < WATCH_ADDRESSES; i++)
        assert_int_equal(watch_add(world.store, mac_of(i * 7919 % 65536), WHOLE, EVERY), 0);
    assert_int_equal(world.store->watch.addresses.count, WATCH_ADDRESSES);
    assert_int_equal(watch_add(world.store, mac_of(1 << 20), WHOLE, EVERY), -ENOSPC);
    assert_int_equal(watch_add(world.store, mac_of(7919), WHOLE, EVERY), 0); /* there already */
    for (uint32_t i = 0; i < WATCH_ADDRESSES; i++)
        assert_int_equal(watch_find(&world.store->watch, mac_of(i * 7919 % 65536)), EVERY);
    store_free(world.store);
}

static void a_device_appears_once_until_it_was_silent(void **state)
{
    struct world world;
    set_up(&world, 10);
    watch_add(world.store, mac_of(1), WHOLE, WATCH_FOUND);
    hear(&world, 1, 1000);
    hear(&world, 2, 1000);
    hear(&world, 1, 1060); /* not longer than the silence */
    assert_int_equal(world.count, 1);
    expect(&world, 0, 1, WATCH_FOUND, 0);
    assert_int_equal(world.changes[0].packet_time, 1000);
    hear(&world, 1, 1121);
    assert_int_equal(world.count, 2);
    expect(&world, 1, 1, WATCH_FOUND, 61);
    hear(&world, 1, 900); /* late packets are no news */
    tick(&world, 5000);
    assert_int_equal(world.count, 2);
    store_free(world.store);
}

static void a_device_is_lost_once(void **state)
{
    struct world world;
    set_up(&world, 10);
    watch_add(world.store, mac_of(1), WHOLE, WATCH_LOST);
    hear(&world, 1, 1000);
    hear(&world, 2, 1000);
    tick(&world, 1060);
    assert_int_equal(world.count, 0);
    tick(&world, 1061);
    tick(&world, 2000);
    assert_int_equal(world.count, 1);
    expect(&world, 0, 1, WATCH_LOST, 61);
    assert_int_equal(world.changes[0].packet_time, 0);
    hear(&world, 1, 3000);
    tick(&world, 3061);
    assert_int_equal(world.count, 2);
    store_free(world.store);
}

static void a_silence_nobody_looked_at_is_told_before_the_return(void **state)
{
    struct world world;
    set_up(&world, 10);
    watch_add(world.store, mac_of(1), WHOLE, EVERY);
    for (int i = 0; i < 5; i++)
        hear(&world, 1, 1000 + 100 * (uint64_t)i);
    assert_int_equal(world.count, 9);
    for (unsigned i = 1; i < 9; i += 2) {
        expect(&world, i, 1, WATCH_LOST, 100);
        expect(&world, i + 1, 1, WATCH_FOUND, 100);
    }
    assert_int_equal(world.store->watch.awaited_count, 1);
    store_free(world.store);
}

static void a_list_that_changes_holds_from_the_next_packet(void **state)
{
    struct world world;
    set_up(&world, 10);
    hear(&world, 1, 1000);
    watch_add(world.store, mac_of(1), WHOLE, EVERY);
    hear(&world, 1, 1001); /* neither new nor silent */
    assert_int_equal(world.count, 0);
    assert_int_equal(world.store->watch.awaited_count, 1);
    watch_remove(world.store, mac_of(1), WHOLE, WATCH_LOST);
    tick(&world, 2000); /* nobody wants to know any more */
    assert_int_equal(world.count, 0);
    assert_int_equal(world.store->watch.awaited_count, 0);
    hear(&world, 1, 2000);
    assert_int_equal(world.count, 1);
    expect(&world, 0, 1, WATCH_FOUND, 999);
    store_free(world.store);
}

static void file_sources_have_their_own_clock(void **state)
{
    struct world world;
    set_up(&world, 10);
    watch_add(world.store, mac_of(1), WHOLE, WATCH_LOST);
    world.store->source_clocks[0] = 1000;
    hear(&world, 1, 1000);
    tick(&world, 1700000000); /* the server's clock is not the file's */
    assert_int_equal(world.count, 0);
    world.store->source_clocks[0] = 1061;
    tick(&world, 1700000000);
    assert_int_equal(world.count, 1);
    store_free(world.store);
}

static void a_device_that_is_dropped_is_lost(void **state)
{
    struct world world;
    set_up(&world, 3);
    watch_add(world.store, mac_of(0), 0xffffffffff000000, WATCH_LOST);
    for (uint32_t i = 0; i < 20; i++)
        hear(&world, i, 1000 + i);
    assert_int_equal(world.count, 17);
    expect(&world, 0, 0, WATCH_LOST, 3); /* when the fourth came */
    assert_int_equal(world.store->watch.awaited_count, 3);
    device_bury(world.store);
    tick(&world, 5000);
    assert_int_equal(world.count, 20);
    assert_int_equal(world.store->watch.awaited_count, 0);
    store_free(world.store);
}

static void more_than_can_be_awaited_are_counted(void **state)
{
    struct world world;
    set_up(&world, 100000);
    world.store->watch.on_change = NULL;
    watch_add(world.store, mac_of(0), 0, WATCH_LOST);
    for (uint32_t i = 0; i < WATCH_AWAITED + 5; i++)
        hear(&world, i, 1000);
    assert_int_equal(world.store->watch.awaited_count, WATCH_AWAITED);
    assert_int_equal(world.store->watch.unawaited, 5);
    tick(&world, 1061);
    assert_int_equal(world.store->watch.awaited_count, 0);
    hear(&world, WATCH_AWAITED + 1, 1061);
    assert_int_equal(world.store->watch.awaited_count, 1);
    store_free(world.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_found_under_their_masks),
        cmocka_unit_test(the_list_has_a_limit),
        cmocka_unit_test(a_device_appears_once_until_it_was_silent),
        cmocka_unit_test(a_device_is_lost_once),
        cmocka_unit_test(a_silence_nobody_looked_at_is_told_before_the_return),
        cmocka_unit_test(a_list_that_changes_holds_from_the_next_packet),
        cmocka_unit_test(file_sources_have_their_own_clock),
        cmocka_unit_test(a_device_that_is_dropped_is_lost),
        cmocka_unit_test(more_than_can_be_awaited_are_counted),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
