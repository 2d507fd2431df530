/* Handshakes: which key messages are kept and which make room, PMKIDs, the beacon that goes with
 * them, and that nothing is kept where the option says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "air.h"
#include "track/device.h"

enum { PMKID_DATA = 22 };

static const char pmkid_data[PMKID_DATA + 1] = "\xdd\x14\x00\x0f\xac\x04PMKIDPMKIDPMKID!";
static const char zero_pmkid_data[PMKID_DATA + 1] =
    "\xdd\x14\x00\x0f\xac\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

static const struct dot11_device *access_point(const struct air *air)
{
    const struct device *device = device_find(air->store, 0, ap);
    return device ? device_dot11(device) : NULL;
}

/* The body of key message 1 to 4 with this key data, behind the header that was begun. */
static void send_key_body(struct air *air, int message, uint8_t replay, const char *data,
                          size_t length)
{
    static const uint16_t information[] = {0x008a, 0x010a, 0x13ca, 0x030a};
    uint8_t head[] = {0xaa,
                      0xaa,
                      3,
                      0,
                      0,
                      0,
                      0x88,
                      0x8e,
                      2,
                      3,
                      0,
                      (uint8_t)(95 + length),
                      2,
                      (uint8_t)(information[message - 1] >> 8),
                      (uint8_t)information[message - 1],
                      0,
                      16};
    uint8_t rest[8 + 32 + 32 + 16 + 2] = {[7] = replay};
    memset(rest + 8, message < 4 ? message : 0, 32);
    rest[sizeof rest - 1] = (uint8_t)length;
    add(air, (const char *)head, sizeof head);
    add(air, (const char *)rest, sizeof rest);
    add(air, data, length);
    send_frame(air);
    air->seconds++;
}

/* Key message 1 to 4 with this key data, the access point's from an address of its wired side. */
static void send_key_of(struct air *air, int message, uint8_t replay, const char *data,
                        size_t length, struct macaddr own)
{
    if (message & 1)
        begin(air, 0x08, 0x02, client, ap, own);
    else
        begin(air, 0x08, 0x01, ap, client, own);
    send_key_body(air, message, replay, data, length);
}

static void send_key(struct air *air, int message, uint8_t replay, const char *data, size_t length)
{
    send_key_of(air, message, replay, data, length, ap);
}

static void send_beacon(struct air *air, uint8_t control, uint8_t capability, const char *ssid,
                        const char *more, size_t more_length)
{
    const char fixed[12] = {1, 0, 0, 0, 0, 0, 0, 0, 100, 0, (char)capability, 0};
    begin(air, control, 0, control == 0x50 ? client : everyone, ap, ap);
    add(air, fixed, sizeof fixed);
    add_element(air, 0, ssid, strlen(ssid));
    add_element(air, 1, "\x82\x84\x8b\x96", 4);
    if (more_length)
        add_element(air, 221, more, more_length);
    send_frame(air);
    air->seconds++;
}

static unsigned count_message(const struct dot11_handshake *handshake, uint8_t message)
{
    unsigned count = 0;
    for (const struct dot11_key_record *key = handshake->keys; key; key = key->next)
        count += key->message == message;
    return count;
}

static void test_a_flood_of_one_message_leaves_the_others(void **state)
{
    struct air air = air_new(roomy);
    for (int message = 1; message <= 4; message++)
        send_key(&air, message, 1, message == 2 ? "RSN" : "", message == 2 ? 3 : 0);
    for (uint8_t replay = 10; replay < 110; replay++)
        send_key(&air, 1, replay, "", 0);
    const struct dot11_handshake *handshake = access_point(&air)->handshakes;
    assert_int_equal(handshake->count, DOT11_KEYS_MAX);
    assert_int_equal(count_message(handshake, 1), DOT11_KEYS_MAX - 3);
    for (uint8_t message = 2; message <= 4; message++)
        assert_int_equal(count_message(handshake, message), 1);
    const struct dot11_key_record *last = handshake->keys;
    while (last->next)
        last = last->next;
    assert_int_equal(last->replay_counter, 109);
    air_free(&air);
}

/* All four messages stand with one client, those of the access point as its own. */
static void assert_whole(const struct dot11_device *authenticator, struct macaddr supplicant)
{
    const struct dot11_handshake *handshake = authenticator->handshakes;
    assert_non_null(handshake);
    assert_null(handshake->next);
    assert_true(macaddr_equal(handshake->client, supplicant));
    assert_int_equal(handshake->count, 4);
    for (const struct dot11_key_record *key = handshake->keys; key; key = key->next)
        assert_int_equal(key->direction, key->message & 1 ? 1 : 2);
}

static void test_the_access_point_may_use_another_address(void **state)
{
    struct air air = air_new(roomy);
    for (int message = 1; message <= 4; message++)
        send_key_of(&air, message, 1, message == 2 ? "RSN" : "", message == 2 ? 3 : 0, wired);
    assert_whole(access_point(&air), client);
    air_free(&air);
}

/* On a bridge both DS bits are set, in an ad-hoc network none: the messages themselves tell. */
static void test_equals_are_told_apart_by_what_they_say(void **state)
{
    struct air air = air_new(roomy);
    for (int message = 1; message <= 4; message++) {
        bool is_ours = message & 1;
        begin(&air, 0x08, 0x03, is_ours ? client : ap, is_ours ? ap : client,
              is_ours ? client : ap);
        add(&air, (const char *)(is_ours ? &ap : &client), sizeof ap);
        send_key_body(&air, message, 1, message == 2 ? "RSN" : "", message == 2 ? 3 : 0);
    }
    assert_whole(access_point(&air), client);
    air_free(&air);
    air = air_new(roomy);
    for (int message = 1; message <= 4; message++) {
        begin(&air, 0x08, 0, message & 1 ? client : ap, message & 1 ? ap : client, wired);
        send_key_body(&air, message, 1, message == 2 ? "RSN" : "", message == 2 ? 3 : 0);
    }
    assert_whole(access_point(&air), client);
    air_free(&air);
}

static void test_a_pmkid_is_found(void **state)
{
    struct air air = air_new(roomy);
    send_key(&air, 1, 1, zero_pmkid_data, PMKID_DATA);
    assert_null(dot11_fields_find_pmkid(access_point(&air)));
    send_key(&air, 1, 2, pmkid_data, PMKID_DATA);
    send_key(&air, 1, 3, pmkid_data, PMKID_DATA);
    send_key(&air, 1, 4, "", 0);
    const struct dot11_key_record *key = dot11_fields_find_pmkid(access_point(&air));
    assert_non_null(key);
    assert_int_equal(key->replay_counter, 3);
    assert_memory_equal(key->pmkid, pmkid_data + 6, 16);
    assert_int_equal(key->frame.length, 24 + 8 + 99 + PMKID_DATA);
    air_free(&air);
}

static void test_the_beacon_with_the_name_is_kept(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, 0x11, "", NULL, 0);
    assert_int_equal(access_point(&air)->beacon->bytes[0], 0x80);
    send_beacon(&air, 0x50, 0x11, "cellar", NULL, 0);
    assert_int_equal(access_point(&air)->beacon->bytes[0], 0x50);
    send_beacon(&air, 0x80, 0x11, "", "hidden again", 12);
    assert_int_equal(access_point(&air)->beacon->bytes[0], 0x50);
    send_beacon(&air, 0x80, 0x11, "cellar", NULL, 0);
    const struct dot11_kept_frame *beacon = access_point(&air)->beacon;
    assert_int_equal(beacon->bytes[0], 0x80);
    assert_memory_equal(beacon->bytes + 24 + 12 + 2, "cellar", 6);
    assert_int_equal(beacon->time_ns, 1003ull * 1000000000);
    send_beacon(&air, 0x50, 0x11, "cellar", "another", 7);
    assert_int_equal(access_point(&air)->beacon->bytes[0], 0x80);
    air_free(&air);
}

/* A request to join is all there is of some networks, and names those that hide. */
static void test_a_request_to_join_gives_the_name(void **state)
{
    static const char fixed[4] = {0x11, 0, 10, 0};
    struct air air = air_new(roomy);
    for (int named = 0; named < 2; named++) {
        begin(&air, 0x00, 0, ap, client, ap);
        add(&air, fixed, sizeof fixed);
        add_element(&air, 0, "cellar", named ? 6 : 0);
        send_frame(&air);
        assert_true(named == (access_point(&air)->request != NULL));
    }
    send_beacon(&air, 0x80, 0x11, "", NULL, 0);
    assert_non_null(access_point(&air)->request);
    send_beacon(&air, 0x50, 0x11, "cellar", NULL, 0);
    assert_null(access_point(&air)->request);
    air_free(&air);
}

static void test_a_long_beacon_is_cut(void **state)
{
    static char more[250];
    struct air air = air_new(roomy);
    const char fixed[12] = {1, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0x11, 0};
    begin(&air, 0x80, 0, everyone, ap, ap);
    add(&air, fixed, sizeof fixed);
    add_element(&air, 0, "long", 4);
    for (int i = 0; i < 3; i++)
        add_element(&air, 221, more, sizeof more);
    size_t length = air.frame.length;
    send_frame(&air);
    const struct dot11_kept_frame *beacon = access_point(&air)->beacon;
    assert_int_equal(beacon->length, DOT11_KEPT_FRAME_MAX);
    assert_int_equal(beacon->original_length, length);
    air_free(&air);
}

static void test_open_networks_need_no_beacon(void **state)
{
    struct air air = air_new(roomy);
    send_beacon(&air, 0x80, 0x01, "open", NULL, 0);
    assert_null(access_point(&air)->beacon);
    air_free(&air);
}

static void test_nothing_is_kept_where_it_is_not_wanted(void **state)
{
    struct store_limits limits = roomy;
    limits.key_messages = false;
    struct air air = air_new(limits);
    send_beacon(&air, 0x80, 0x11, "cellar", NULL, 0);
    send_key(&air, 1, 1, pmkid_data, PMKID_DATA);
    assert_null(access_point(&air)->beacon);
    assert_null(access_point(&air)->handshakes);
    air_free(&air);
}

static void test_all_of_it_is_given_back(void **state)
{
    struct store_limits limits = roomy;
    limits.devices = 2;
    struct air air = air_new(limits);
    for (uint8_t replay = 0; replay < 40; replay++)
        send_key(&air, 1, replay, pmkid_data, PMKID_DATA);
    send_beacon(&air, 0x80, 0x11, "cellar", NULL, 0);
    size_t used = air.store->pool.bytes_used;
    for (uint8_t number = 0; number < 8; number++) { /* others take their places */
        const struct macaddr other = {{0x02, 0, 0, 0, 0, number}};
        begin(&air, 0x48, 0x01, other, other, other);
        send_frame(&air);
        air.seconds += 100;
    }
    assert_null(access_point(&air));
    assert_true(air.store->pool.bytes_used + DOT11_KEYS_MAX * 200 < used);
    air_free(&air);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flood_of_one_message_leaves_the_others),
        cmocka_unit_test(test_the_access_point_may_use_another_address),
        cmocka_unit_test(test_equals_are_told_apart_by_what_they_say),
        cmocka_unit_test(test_a_pmkid_is_found),
        cmocka_unit_test(test_the_beacon_with_the_name_is_kept),
        cmocka_unit_test(test_a_request_to_join_gives_the_name),
        cmocka_unit_test(test_a_long_beacon_is_cut),
        cmocka_unit_test(test_open_networks_need_no_beacon),
        cmocka_unit_test(test_nothing_is_kept_where_it_is_not_wanted),
        cmocka_unit_test(test_all_of_it_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
