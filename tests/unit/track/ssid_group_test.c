/* SSIDs as records: who is listed under which, order, limit, eviction under streams, many members.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "track/device.h"
#include "track/ssid_group.h"
#include "util/hash.h"

static struct store *store_with(uint32_t ssids)
{
    struct store_limits limits = {.devices = 100000, .tracked_ssids = ssids};
    struct store *store = store_new(&limits);
    assert_non_null(store);
    store_add_phy(store, "IEEE802.11", NULL);
    return store;
}

static const struct device *device_of(struct store *store, uint32_t number)
{
    struct macaddr mac = {{2, 0, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
    return device_get(store, 0, mac, 100, NULL);
}

static void join_at(struct store *store, struct ssid_member *member, const char *ssid,
                    enum ssid_kind kind, uint32_t device, uint64_t time)
{
    struct device_packet packet = {.time = time, .server_now = time};
    const struct string *string = intern_ref(&store->strings, ssid, strlen(ssid));
    struct ssid_sighting sighting = {.ssid = string,
                                     .hash = hash_bytes(0, ssid, strlen(ssid)),
                                     .length = (uint32_t)strlen(ssid),
                                     .kind = kind,
                                     .device = device_of(store, device)};
    ssid_group_join(store, member, &sighting, &packet);
    intern_unref(&store->strings, string);
}

static bool hear_at(struct store *store, struct ssid_member *member, uint64_t time)
{
    struct device_packet packet = {.time = time, .server_now = time};
    return ssid_group_hear(store, member, &packet);
}

static const struct ssid_group *find(const struct store *store, const char *ssid)
{
    return ssid_group_find(store, ssid_group_hash_shown(hash_bytes(0, ssid, strlen(ssid))));
}

static void devices_are_listed_by_kind(void **state)
{
    struct store *store = store_with(10);
    struct ssid_member members[4] = {{.group = NULL}};
    join_at(store, &members[0], "linksys", SSID_ADVERTISED, 1, 100);
    join_at(store, &members[1], "linksys", SSID_PROBED, 2, 101);
    join_at(store, &members[2], "linksys", SSID_PROBED, 3, 102);
    join_at(store, &members[3], "other", SSID_RESPONDED, 1, 103);
    const struct ssid_group *group = find(store, "linksys");
    assert_non_null(group);
    assert_string_equal(group->ssid->text, "linksys");
    assert_int_equal(group->counts[SSID_ADVERTISED], 1);
    assert_int_equal(group->counts[SSID_RESPONDED], 0);
    assert_int_equal(group->counts[SSID_PROBED], 2);
    assert_ptr_equal(group->members[SSID_PROBED], &members[2]);
    assert_int_equal(group->first_time, 100);
    assert_int_equal(group->last_time, 102);
    assert_ptr_equal(ssid_group_get(store, group->id), group);
    assert_null(find(store, "linksy"));
    assert_null(ssid_group_get(store, 77));
    ssid_group_leave(&members[1]);
    ssid_group_leave(&members[1]);
    assert_int_equal(group->counts[SSID_PROBED], 1);
    assert_null(members[2].next);
    ssid_group_leave(&members[2]);
    assert_null(group->members[SSID_PROBED]);
    assert_ptr_equal(find(store, "linksys"), group); /* stays without devices */
    store_free(store);
}

static void times_only_grow_outwards(void **state)
{
    struct store *store = store_with(10);
    struct ssid_member member = {.group = NULL};
    join_at(store, &member, "linksys", SSID_ADVERTISED, 1, 100);
    const struct ssid_group *group = find(store, "linksys");
    assert_true(hear_at(store, &member, 90));
    assert_true(hear_at(store, &member, 95));
    assert_int_equal(group->first_time, 90);
    assert_int_equal(group->last_time, 100);
    store_free(store);
}

static void queries_go_by_the_servers_clock(void **state)
{
    struct store *store = store_with(10);
    struct ssid_member members[3] = {{.group = NULL}};
    struct query_result result;
    join_at(store, &members[0], "a", SSID_ADVERTISED, 1, 100);
    join_at(store, &members[1], "b", SSID_ADVERTISED, 1, 200);
    join_at(store, &members[2], "c", SSID_ADVERTISED, 1, 300);
    for (uint64_t since = 0, expected[] = {3, 2, 1, 0}, i = 0; i < 4; i++, since = i * 100 + 1) {
        struct query query = {.has_since = true, .since = since};
        assert_int_equal(ssid_group_query(store, &query, &result), 0);
        assert_int_equal(result.count, expected[i]);
        query_done(&result);
    }
    struct query all = {.phy = -1};
    assert_int_equal(ssid_group_query(store, &all, &result), 0);
    assert_int_equal(result.count, 3);
    query_done(&result);
    store_free(store);
}

static void the_longest_unheard_goes_first(void **state)
{
    struct store *store = store_with(3);
    struct ssid_member members[5] = {{.group = NULL}};
    join_at(store, &members[0], "a", SSID_ADVERTISED, 1, 100);
    join_at(store, &members[1], "b", SSID_ADVERTISED, 1, 101);
    join_at(store, &members[2], "c", SSID_ADVERTISED, 1, 102);
    assert_true(hear_at(store, &members[0], 103));
    join_at(store, &members[3], "d", SSID_ADVERTISED, 1, 104);
    assert_null(find(store, "b"));
    assert_non_null(find(store, "a"));
    assert_int_equal(store->ssids.count, 3);
    assert_false(hear_at(store, &members[1], 105)); /* it was thrown out: may come in again */
    join_at(store, &members[1], "b", SSID_ADVERTISED, 1, 105);
    assert_non_null(find(store, "b"));
    assert_null(find(store, "c"));
    device_bury(store);
    assert_null(members[2].group);
    assert_false(ssid_group_has_dead(store));
    store_free(store);
}

static void evicted_ones_are_kept_for_streams(void **state)
{
    struct store *store = store_with(1);
    struct ssid_member members[2] = {{.group = NULL}};
    join_at(store, &members[0], "a", SSID_ADVERTISED, 1, 100);
    const struct ssid_group *first = find(store, "a");
    int stream = store_stream_begin(store);
    join_at(store, &members[1], "b", SSID_ADVERTISED, 1, 101);
    device_bury(store);
    assert_ptr_equal(ssid_group_get(store, 0), first);
    assert_string_equal(first->ssid->text, "a");
    assert_ptr_equal(members[0].group, first);
    store_stream_end(store, stream);
    device_bury(store);
    assert_null(ssid_group_get(store, 0));
    assert_null(members[0].group);
    store_free(store);
}

/* Nothing is made while every id is taken by SSIDs that a stream may name. */
static void a_stream_that_lasts_bounds_what_is_kept(void **state)
{
    struct store *store = store_with(8);
    static struct ssid_member members[1000];
    char ssid[16];
    memset(members, 0, sizeof members);
    int stream = store_stream_begin(store);
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(ssid, sizeof ssid, "net %u", i);
        join_at(store, &members[i], ssid, SSID_ADVERTISED, 1, 100 + i);
        device_bury(store);
    }
    assert_int_equal(store->ssids.slot_count, store->ssids.capacity);
    assert_int_equal(store->ssids.count, 8);
    assert_null(members[999].group);
    store_stream_end(store, stream);
    for (uint32_t i = 0; i < 100; i++)
        device_bury(store);
    assert_false(ssid_group_has_dead(store));
    join_at(store, &members[999], "net 999", SSID_ADVERTISED, 1, 2000);
    assert_non_null(find(store, "net 999"));
    for (uint32_t i = 0; i < 1000; i++)
        ssid_group_leave(&members[i]);
    store_free(store);
}

static void an_ssid_with_many_members_is_taken_apart_in_steps(void **state)
{
    enum { MEMBERS = 3000 };
    struct store *store = store_with(1);
    static struct ssid_member members[MEMBERS], other;
    memset(members, 0, sizeof members);
    for (uint32_t i = 0; i < MEMBERS; i++)
        join_at(store, &members[i], "crowded", SSID_PROBED, i, 100);
    join_at(store, &other, "next", SSID_ADVERTISED, 1, 101);
    unsigned steps = 0;
    for (; ssid_group_has_dead(store); steps++)
        device_bury(store);
    assert_in_range(steps, MEMBERS / 256, MEMBERS / 256 + 2);
    for (uint32_t i = 0; i < MEMBERS; i++)
        assert_null(members[i].group);
    store_free(store);
}

static void without_a_limit_nothing_is_kept(void **state)
{
    struct store *store = store_with(0);
    struct ssid_member member = {.group = NULL};
    struct query query = {.phy = -1};
    struct query_result result;
    join_at(store, &member, "a", SSID_ADVERTISED, 1, 100);
    assert_null(member.group);
    assert_null(find(store, "a"));
    assert_int_equal(ssid_group_query(store, &query, &result), 0);
    assert_int_equal(result.count, 0);
    query_done(&result);
    store_free(store);
}

/* Against a model: a thousand names come and go in random order. */
static void finds_all_while_names_come_and_go(void **state)
{
    enum { NAMES = 1000, LIMIT = 300, STEPS = 20000 };
    struct store *store = store_with(LIMIT);
    static struct ssid_member members[NAMES];
    static uint64_t heard[NAMES];
    char ssid[16];
    memset(members, 0, sizeof members);
    memset(heard, 0, sizeof heard);
    srand(5);
    for (uint64_t time = 1; time <= STEPS; time++) {
        int name = rand() % NAMES;
        snprintf(ssid, sizeof ssid, "net %d", name);
        heard[name] = time;
        if (!hear_at(store, &members[name], time))
            join_at(store, &members[name], ssid, SSID_ADVERTISED, 1, time);
        if (time % 7 == 0)
            device_bury(store);
    }
    unsigned found = 0;
    for (int name = 0; name < NAMES; name++) {
        unsigned newer = 0;
        for (int other = 0; other < NAMES; other++)
            newer += heard[other] > heard[name];
        snprintf(ssid, sizeof ssid, "net %d", name);
        const struct ssid_group *group = find(store, ssid);
        assert_int_equal(group != NULL, newer < LIMIT);
        found += group != NULL;
        if (group)
            assert_int_equal(group->last_time, heard[name]);
    }
    assert_int_equal(found, LIMIT);
    assert_int_equal(store->ssids.count, LIMIT);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_are_listed_by_kind),
        cmocka_unit_test(times_only_grow_outwards),
        cmocka_unit_test(queries_go_by_the_servers_clock),
        cmocka_unit_test(the_longest_unheard_goes_first),
        cmocka_unit_test(evicted_ones_are_kept_for_streams),
        cmocka_unit_test(a_stream_that_lasts_bounds_what_is_kept),
        cmocka_unit_test(an_ssid_with_many_members_is_taken_apart_in_steps),
        cmocka_unit_test(without_a_limit_nothing_is_kept),
        cmocka_unit_test(finds_all_while_names_come_and_go),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
