/* Looking ahead: what is found is the device of the very address and phy, new and evicted ones are
 * not, and packets past the first ones wait for their turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "phy/lookahead.h"
#include "track/device.h"
#include "track/index.h"

enum { FIRST_ID = 1, DEVICES = 3 };

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){{0x00, 0x13, 0x10, 0, (uint8_t)(number >> 8), (uint8_t)number}};
}

/* The transmitter and the receiver of these packets follow each other. */
static uint32_t ends_of(const struct packet *packet, struct macaddr ret_ends[PACKET_ENDS])
{
    uint32_t number = packet->told.source;
    ret_ends[0] = mac_of(number);
    ret_ends[1] = mac_of(number + 1);
    return 2;
}

static const struct phy_type seen = {.name = "seen", .ends = ends_of};
static const struct phy_type unseen = {.name = "unseen"};
static struct phy phys[] = {
    {.type = &seen, .number = 0}, {.type = &seen, .number = 1}, {.type = &unseen, .number = 0}};

static struct packet packet_of(struct phy *phy, uint16_t number)
{
    struct packet packet = {.phy = phy, .told.source = number, .verdict = PACKET_GOOD};
    lookahead_note(&packet);
    return packet;
}

/* A store with room for DEVICES, which are numbered from FIRST_ID. */
static struct store *store_of_devices(void)
{
    const struct store_limits limits = {.devices = DEVICES};
    struct store *store = store_new(&limits);
    assert_non_null(store);
    for (uint32_t i = 0; i < DEVICES; i++)
        assert_non_null(device_get(store, 0, mac_of(FIRST_ID + i), 100, NULL));
    return store;
}

static void finds_both_ends(void **state)
{
    struct store *store = store_of_devices();
    struct packet packet = packet_of(&phys[0], FIRST_ID);
    assert_null(lookahead_find(&packet, mac_of(FIRST_ID))); /* not before it has looked */
    lookahead_run(store, &packet, 1);
    for (uint32_t i = FIRST_ID; i < FIRST_ID + 2; i++)
        assert_ptr_equal(lookahead_find(&packet, mac_of(i)), device_find(store, 0, mac_of(i)));
    assert_null(lookahead_find(&packet, mac_of(FIRST_ID + 2))); /* no end of it */
    store_free(store);
}

static void finds_nothing_where_nothing_is(void **state)
{
    struct store *store = store_of_devices();
    struct packet packets[] = {packet_of(&phys[0], FIRST_ID + DEVICES),
                               packet_of(&phys[1], FIRST_ID), packet_of(&phys[2], FIRST_ID)};
    struct packet malformed = {.verdict = PACKET_UNSUPPORTED};
    lookahead_note(&malformed);
    lookahead_run(store, packets, 3);
    lookahead_run(store, &malformed, 1);
    assert_null(lookahead_find(&packets[0], mac_of(FIRST_ID + DEVICES)));
    assert_null(lookahead_find(&packets[1], mac_of(FIRST_ID)));
    assert_null(lookahead_find(&packets[2], mac_of(FIRST_ID)));
    assert_null(lookahead_find(&malformed, mac_of(FIRST_ID)));
    store_free(store);
}

/* Two addresses may have one hash: the device that stands there is another's. */
static void tells_keys_with_one_hash_apart(void **state)
{
    struct store *store = store_of_devices();
    struct packet packet = packet_of(&phys[0], FIRST_ID);
    packet.ends[0].hash = index_hash(0, mac_of(FIRST_ID + 2));
    lookahead_run(store, &packet, 1);
    assert_non_null(packet.ends[0].device);
    assert_null(lookahead_find(&packet, mac_of(FIRST_ID)));
    packet = packet_of(&phys[1], FIRST_ID);
    packet.ends[0].hash = index_hash(0, mac_of(FIRST_ID));
    lookahead_run(store, &packet, 1);
    assert_non_null(packet.ends[0].device);
    assert_null(lookahead_find(&packet, mac_of(FIRST_ID)));
    store_free(store);
}

/* An earlier packet of the group may have put it out for a new device. */
static void evicted_devices_are_gone(void **state)
{
    struct store *store = store_of_devices();
    struct packet packet = packet_of(&phys[0], FIRST_ID);
    lookahead_run(store, &packet, 1);
    assert_non_null(device_get(store, 0, mac_of(FIRST_ID + DEVICES), 101, NULL));
    assert_null(device_find(store, 0, mac_of(FIRST_ID)));
    assert_null(lookahead_find(&packet, mac_of(FIRST_ID)));
    assert_non_null(lookahead_find(&packet, mac_of(FIRST_ID + 1)));
    store_free(store);
}

static void looks_so_far_and_no_farther(void **state)
{
    struct store *store = store_of_devices();
    struct packet packets[LOOKAHEAD_PACKETS + 1];
    for (int i = 0; i <= LOOKAHEAD_PACKETS; i++)
        packets[i] = packet_of(&phys[0], FIRST_ID);
    lookahead_run(store, packets, LOOKAHEAD_PACKETS + 1);
    assert_non_null(lookahead_find(&packets[LOOKAHEAD_PACKETS - 1], mac_of(FIRST_ID)));
    assert_null(lookahead_find(&packets[LOOKAHEAD_PACKETS], mac_of(FIRST_ID)));
    store_free(store);
}

/* Steps that a phy was asked for, by the number of the packet, which wants as many. */
static unsigned asked[PHY_PREFETCH_STEPS + 3];

static bool wants_next(const struct packet *packet, const struct device *device, unsigned step)
{
    uint16_t number = packet->told.source;
    if (!macaddr_equal(device->mac, mac_of(number)))
        return false; /* the other end */
    assert_int_equal(asked[number], step);
    return ++asked[number] < number;
}

static void asks_for_as_many_steps_as_are_wanted(void **state)
{
    enum { NUMBERS = PHY_PREFETCH_STEPS + 2 };
    static const struct phy_type stepping = {
        .name = "stepping", .ends = ends_of, .prefetch = wants_next};
    const struct store_limits limits = {.devices = NUMBERS};
    struct phy phy = {.type = &stepping};
    struct store *store = store_new(&limits);
    struct packet packets[NUMBERS];
    for (uint16_t i = 0; i < NUMBERS; i++) {
        assert_non_null(device_get(store, 0, mac_of(1u + i), 100, NULL));
        packets[i] = packet_of(&phy, (uint16_t)(1 + i));
    }
    lookahead_run(store, packets, NUMBERS);
    for (unsigned number = 1; number <= NUMBERS; number++)
        assert_int_equal(asked[number], number < PHY_PREFETCH_STEPS ? number : PHY_PREFETCH_STEPS);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_both_ends),
        cmocka_unit_test(finds_nothing_where_nothing_is),
        cmocka_unit_test(tells_keys_with_one_hash_apart),
        cmocka_unit_test(evicted_devices_are_gone),
        cmocka_unit_test(looks_so_far_and_no_farther),
        cmocka_unit_test(asks_for_as_many_steps_as_are_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
