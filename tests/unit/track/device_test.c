/* Devices of the store: identity, counting, order, limits, eviction under streams, queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "track/device.h"
#include "track/query.h"
#include "track/shift.h"
#include "util/hash.h"

static const struct store_limits roomy = {
    .devices = 100000, .ssids = 8, .probes = 8, .links = 8, .clients = 8, .histories = true};

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){
        {0x00, 0x13, 0x10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

static struct store *store_with(struct store_limits limits)
{
    struct store *store = store_new(&limits);
    assert_non_null(store);
    assert_int_equal(store_add_phy(store, "IEEE802.11", NULL), 0);
    return store;
}

static struct store *store_of(uint32_t devices)
{
    struct store_limits limits = roomy;
    limits.devices = devices;
    return store_with(limits);
}

static void hear_at(struct store *store, struct device *device, uint64_t time)
{
    struct device_packet packet = {
        .time = time, .server_now = time, .kind = DEVICE_PACKET_LLC, .sent = true};
    device_hear(store, device, &packet);
}

/* Makes devices `first` to `end`, the last left out, heard at `time` and their number. */
static void hear_in_turn(struct store *store, uint32_t first, uint32_t end, uint64_t time)
{
    for (uint32_t i = first; i < end; i++)
        hear_at(store, device_get(store, 0, mac_of(i), time + i, NULL), time + i);
}

static void finds_what_it_made(void **state)
{
    struct store *store = store_with(roomy);
    bool made = false;
    struct device *device = device_get(store, 0, mac_of(1), 100, &made);
    assert_true(made);
    made = false;
    assert_ptr_equal(device_get(store, 0, mac_of(1), 101, &made), device);
    assert_false(made);
    assert_ptr_equal(device_find(store, 0, mac_of(1)), device);
    assert_null(device_find(store, 0, mac_of(2)));
    assert_null(device_find(store, 1, mac_of(1)));
    assert_int_equal(store->phys[0].devices, 1);
    store_free(store);
}

static void finds_all_while_the_index_grows(void **state)
{
    struct store *store = store_with(roomy);
    for (uint32_t i = 0; i < 60000; i++) {
        assert_non_null(device_get(store, 0, mac_of(i), 100, NULL));
        assert_non_null(device_find(store, 0, mac_of(i / 2)));
    }
    for (uint32_t i = 0; i < 60000; i++)
        assert_int_equal(device_find(store, 0, mac_of(i))->id, i);
    assert_int_equal(store->device_count, 60000);
    store_free(store);
}

static void keeps_the_limit_exactly_and_drops_the_oldest(void **state)
{
    struct store *store = store_of(10);
    hear_in_turn(store, 0, 10, 100);
    hear_at(store, device_find(store, 0, mac_of(0)), 200); /* not the oldest any more */
    hear_in_turn(store, 10, 15, 200);
    device_bury(store);
    assert_int_equal(store->device_count, 10);
    assert_int_equal(store->evicted, 5);
    assert_non_null(device_find(store, 0, mac_of(0)));
    for (uint32_t i = 1; i < 6; i++)
        assert_null(device_find(store, 0, mac_of(i)));
    assert_non_null(device_find(store, 0, mac_of(6)));
    assert_int_equal(store->graveyard_count, 0);
    store_free(store);
}

/* The order is moved along only now and then: who was heard since is spared all the same. */
static void spares_those_heard_a_moment_ago(void **state)
{
    struct store *store = store_of(3);
    for (uint32_t i = 0; i < 3; i++)
        hear_at(store, device_get(store, 0, mac_of(i), 100, NULL), 100);
    hear_at(store, device_find(store, 0, mac_of(0)), 101);
    hear_at(store, device_find(store, 0, mac_of(1)), 102);
    hear_at(store, device_get(store, 0, mac_of(3), 103, NULL), 103);
    assert_null(device_find(store, 0, mac_of(2)));
    hear_at(store, device_find(store, 0, mac_of(3)), 104);
    hear_at(store, device_get(store, 0, mac_of(4), 104, NULL), 104);
    assert_null(device_find(store, 0, mac_of(0)));
    assert_int_equal(store->device_count, 3);
    store_free(store);
}

static void keeps_the_order_when_the_clock_is_set(void **state)
{
    struct store *store = store_of(3);
    hear_in_turn(store, 0, 3, 100);
    shift_store(store, 5000, 5000);
    hear_at(store, device_find(store, 0, mac_of(0)), 5103);
    hear_at(store, device_get(store, 0, mac_of(3), 5104, NULL), 5104);
    assert_null(device_find(store, 0, mac_of(1)));
    assert_non_null(device_find(store, 0, mac_of(0)));
    store_free(store);
}

static void survives_a_limit_of_one(void **state)
{
    struct store *store = store_of(1);
    for (uint32_t i = 0; i < 100; i++) {
        struct device *first = device_get(store, 0, mac_of(i), i, NULL);
        struct device *second = device_get(store, 0, mac_of(i + 1), i, NULL);
        hear_at(store, first, i); /* gone by now: must do no harm */
        hear_at(store, second, i);
        device_bury(store);
        assert_int_equal(store->device_count, 1);
    }
    store_free(store);
}

static void keeps_evicted_devices_for_streams(void **state)
{
    struct store *store = store_of(2);
    struct device *first = device_get(store, 0, mac_of(1), 1, NULL);
    uint32_t id = first->id;
    int stream = store_stream_begin(store);
    assert_true(stream >= 0);
    device_get(store, 0, mac_of(2), 2, NULL);
    device_get(store, 0, mac_of(3), 3, NULL);
    device_bury(store);
    assert_null(device_find(store, 0, mac_of(1)));
    assert_ptr_equal(store_device(store, id), first);
    assert_false(store_stream_cut(store, stream));
    store_stream_end(store, stream);
    device_bury(store);
    assert_null(store_device(store, id));
    store_free(store);
}

static void cuts_streams_that_hold_too_many(void **state)
{
    struct store *store = store_of(4);
    int stream = store_stream_begin(store);
    for (uint32_t i = 0; i < 9000; i++) {
        device_get(store, 0, mac_of(i), i, NULL);
        device_bury(store);
    }
    assert_true(store_stream_cut(store, stream));
    assert_in_range(store->graveyard_count, 0, 4097);
    store_stream_end(store, stream);
    store_free(store);
}

static void expires_by_the_clock_of_the_source(void **state)
{
    struct store_limits limits = roomy;
    limits.timeout = 60;
    struct store *store = store_with(limits);
    hear_at(store, device_get(store, 0, mac_of(1), 1000, NULL), 1000);
    hear_at(store, device_get(store, 0, mac_of(2), 1050, NULL), 1050);
    store->source_clocks[0] = 1061; /* a file's packet time; the server's clock is far on */
    assert_int_equal(device_expire(store, 99999999), 1);
    device_bury(store);
    assert_null(device_find(store, 0, mac_of(1)));
    assert_non_null(device_find(store, 0, mac_of(2)));
    store_free(store);
}

static void query_takes_changes_of_the_same_second(void **state)
{
    struct store *store = store_with(roomy);
    struct query_result result;
    for (uint32_t i = 0; i < 2000; i++)
        hear_at(store, device_get(store, 0, mac_of(i), i, NULL), i);
    struct query query = {.phy = -1, .has_since = true, .since = 1990};
    assert_int_equal(query_run(store, &query, &result), 0);
    assert_int_equal(result.count, 10);
    assert_int_equal(query_next(&result, 0), 1990);
    query_remove(&result, 1990);
    query_remove(&result, 1990);
    assert_int_equal(result.count, 9);
    assert_int_equal(query_next(&result, 0), 1991);
    assert_int_equal(query_next(&result, 2000), STORE_NONE);
    query_done(&result);
    query = (struct query){.phy = -1, .has_mac = true, .mask = ~0ull << 16};
    query.mac = macaddr_u64(mac_of(77));
    assert_int_equal(query_run(store, &query, &result), 0);
    assert_int_equal(result.count, 1);
    assert_int_equal(query_next(&result, 0), 77);
    query_done(&result);
    store_free(store);
}

/* Every id that a query's bitmap has, found one by one in pieces; none twice. */
static void expect_scanned(const struct store *store, const struct query *query)
{
    struct query_result result;
    uint32_t found = 0;
    assert_int_equal(query_run(store, query, &result), 0);
    for (uint32_t end = 128, at = 0; at < store->slot_count; end += 128) {
        uint32_t id = query_scan(store, query, at, end);
        for (; id != STORE_NONE; id = query_scan(store, query, at, end), found++) {
            assert_true(id >= at && id < end);
            assert_int_equal(query_next(&result, at), id);
            at = id + 1;
        }
        at = end;
    }
    assert_int_equal(found, result.count);
    query_done(&result);
}

static void a_query_is_scanned_in_pieces(void **state)
{
    struct store *store = store_with(roomy);
    for (uint32_t i = 0; i < 2000; i++)
        hear_at(store, device_get(store, 0, mac_of(i), i, NULL), i % 700);
    expect_scanned(store, &(struct query){.phy = -1});
    expect_scanned(store, &(struct query){.phy = 1});
    expect_scanned(store, &(struct query){.phy = -1, .has_since = true, .since = 690});
    struct query query = {.phy = -1, .has_mac = true, .mask = ~0xfull << 16};
    query.mac = macaddr_u64(mac_of(0x770));
    expect_scanned(store, &query);
    store_free(store);
}

static void query_narrows_to_a_window(void **state)
{
    struct query_result result;
    for (uint32_t start = 0; start < 320; start += 7)
        for (uint32_t length = 0; length < 320; length += 31) {
            assert_int_equal(query_none(1000, &result), 0);
            for (uint32_t i = 0; i < 300; i++)
                query_add(&result, i * 3);
            query_add(&result, 0);
            query_narrow(&result, start, length);
            uint32_t left = start < 300 ? 300 - start : 0, id = 0;
            uint32_t count = length && length < left ? length : left;
            assert_int_equal(result.count, count);
            for (uint32_t i = 0; i < count; i++, id++) {
                id = query_next(&result, id);
                assert_int_equal(id, (start + i) * 3);
            }
            assert_int_equal(query_next(&result, id), STORE_NONE);
            query_done(&result);
        }
}

static void query_tells_sources_apart(void **state)
{
    struct store *store = store_with(roomy);
    struct query_result result;
    for (uint32_t i = 0; i < 100; i++)
        for (uint16_t source = 0; source < 3; source++) {
            struct device *device = device_get(store, 0, mac_of(i), i, NULL);
            struct device_packet packet = {.time = i, .server_now = i, .source = source};
            if (i % (source + 2u) == 0)
                device_hear(store, device, &packet);
        }
    for (uint16_t source = 0; source < 3; source++) {
        struct query query = {.phy = -1, .sources = store_source_bit(source)};
        assert_int_equal(query_run(store, &query, &result), 0);
        assert_int_equal(result.count, (99 / (source + 2)) + 1);
        query_done(&result);
    }
    struct query either = {.phy = -1, .sources = store_source_bit(0) | store_source_bit(1)};
    assert_int_equal(query_run(store, &either, &result), 0);
    assert_int_equal(result.count, 50 + 34 - 17);
    query_done(&result);
    store_free(store);
}

static void a_slot_used_again_was_heard_by_nobody(void **state)
{
    struct store *store = store_of(1);
    struct query_result result;
    struct query query = {.phy = -1, .sources = store_source_bit(5)};
    struct device_packet packet = {.time = 1, .server_now = 1, .source = 5};
    device_hear(store, device_get(store, 0, mac_of(1), 1, NULL), &packet);
    device_get(store, 0, mac_of(2), 2, NULL);
    device_bury(store);
    device_get(store, 0, mac_of(3), 3, NULL);
    assert_int_equal(query_run(store, &query, &result), 0);
    assert_int_equal(result.count, 0);
    query_done(&result);
    store_free(store);
}

static void counts_one_seenby_a_source_and_each_frequency(void **state)
{
    struct store *store = store_with(roomy);
    struct device *device = device_get(store, 0, mac_of(1), 1, NULL);
    for (uint16_t i = 0; i < 12; i++) {
        struct device_packet packet = {.time = 10 + i,
                                       .server_now = 10,
                                       .source = i % 3,
                                       .frequency = 2412000 + 5000u * (i % 4),
                                       .kind = DEVICE_PACKET_DATA,
                                       .received = true,
                                       .data_bytes = 100};
        device_hear(store, device, &packet);
    }
    int sources = 0;
    for (struct seenby *at = device->seenby; at; at = at->next, sources++)
        assert_int_equal(at->packets, 4);
    assert_int_equal(sources, 3);
    assert_int_equal(device->frequency_count, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(device->frequencies[i].packets, 3);
    assert_int_equal(device->data_bytes, 1200);
    assert_int_equal(device->packets_received, 12);
    assert_int_equal(device->last_time, 21);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_it_made),
        cmocka_unit_test(finds_all_while_the_index_grows),
        cmocka_unit_test(keeps_the_limit_exactly_and_drops_the_oldest),
        cmocka_unit_test(spares_those_heard_a_moment_ago),
        cmocka_unit_test(keeps_the_order_when_the_clock_is_set),
        cmocka_unit_test(survives_a_limit_of_one),
        cmocka_unit_test(keeps_evicted_devices_for_streams),
        cmocka_unit_test(cuts_streams_that_hold_too_many),
        cmocka_unit_test(expires_by_the_clock_of_the_source),
        cmocka_unit_test(query_takes_changes_of_the_same_second),
        cmocka_unit_test(a_query_is_scanned_in_pieces),
        cmocka_unit_test(query_narrows_to_a_window),
        cmocka_unit_test(query_tells_sources_apart),
        cmocka_unit_test(a_slot_used_again_was_heard_by_nobody),
        cmocka_unit_test(counts_one_seenby_a_source_and_each_frequency),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
